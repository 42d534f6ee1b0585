//! A profile's folder and the lock on it.

use crate::{Code, Failure};
use std::{
    fs::{self, DirBuilder, File},
    os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

/// A profile that this program, and no other, has open. The lock ends with the value or the process.
#[derive(Debug)]
pub struct Profile {
    name: String,
    folder: PathBuf,
    _lock: File,
}

impl Profile {
    /// The name of the profile that only ever meets sample servers.
    pub const SAMPLE: &str = "sample";

    /// Takes the profile `name` below `root`, making its folder when it is not there.
    ///
    /// # Errors
    /// [`Code::ProfileInUse`], [`Code::DataFolderUnusable`]; [`Code::BadRequest`] for a name that is not
    /// 1–40 letters, digits or `-`.
    pub fn take(root: &Path, name: &str) -> Result<Self, Failure> {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        if name.is_empty() || name.len() > 40 || !name.chars().all(is_plain) {
            return Err(Failure::new(Code::BadRequest).with("field", "profile"));
        }
        let folder = root.join(name);
        let unusable = || Failure::new(Code::DataFolderUnusable).with("folder", folder.display());
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&folder)
            .map_err(|_| unusable())?;
        let found = fs::symlink_metadata(&folder).map_err(|_| unusable())?;
        if !found.is_dir() || found.uid() != rustix::process::geteuid().as_raw() {
            return Err(unusable());
        }
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).map_err(|_| unusable())?;
        let mut options = fs::OpenOptions::new();
        let lock = options
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(folder.join("lock"));
        let lock = lock.map_err(|_| unusable())?;
        match lock.try_lock() {
            Ok(()) => Ok(Self {
                name: name.to_owned(),
                folder,
                _lock: lock,
            }),
            Err(fs::TryLockError::WouldBlock) => {
                Err(Failure::new(Code::ProfileInUse).with("profile", name))
            }
            Err(fs::TryLockError::Error(_)) => Err(unusable()),
        }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// It only ever meets sample servers.
    pub fn is_sample(&self) -> bool {
        self.name == Self::SAMPLE
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The folder in words.
    pub(crate) fn folder_text(&self) -> String {
        self.folder.display().to_string()
    }
}
