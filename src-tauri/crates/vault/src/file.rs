//! Small private files: 0600, no symbolic link, written durably.

use crate::VaultError;
use rustix::fs::OFlags;
use std::{
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind, Read, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};
use zeroize::Zeroizing;

/// Fills `bytes` from the start of a file.
///
/// # Errors
/// [`VaultError::KeyMissing`] when there is no file, [`VaultError::KeyUnreadable`] when it is shorter, a
/// symbolic link, or cannot be read.
pub(crate) fn read(path: &Path, bytes: &mut [u8]) -> Result<(), VaultError> {
    let open = OpenOptions::new()
        .read(true)
        .custom_flags(no_follow())
        .open(path);
    let mut file = open.map_err(|error| {
        if error.kind() == ErrorKind::NotFound {
            VaultError::KeyMissing
        } else {
            VaultError::KeyUnreadable
        }
    })?;
    file.read_exact(bytes)
        .map_err(|_| VaultError::KeyUnreadable)
}

/// Writes a file that must not exist, durably, in place.
pub(crate) fn create(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .custom_flags(no_follow())
        .open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Writes a file that must not exist, all or nothing: written beside its place, then moved, and read back.
/// The profile's lock is what keeps a second writer away.
///
/// # Errors
/// [`ErrorKind::AlreadyExists`] when something is there, else what the system said.
pub(crate) fn create_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if fs::symlink_metadata(path).is_ok() {
        return Err(ErrorKind::AlreadyExists.into());
    }
    let beside = path.with_extension("new");
    match fs::remove_file(&beside) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    create(&beside, bytes)?;
    fs::rename(&beside, path)?;
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;

    let mut back = Zeroizing::new(vec![0; bytes.len()]);
    match read(path, &mut back) {
        Ok(()) if *back == bytes => Ok(()),
        Ok(()) | Err(_) => Err(ErrorKind::InvalidData.into()),
    }
}

fn no_follow() -> i32 {
    OFlags::NOFOLLOW.bits().cast_signed()
}
