//! Reading and replacing the file that a person picked.

use super::env_file::refused;
use crate::Failure;
use domain::sha256;
use ignore::{Match, gitignore::GitignoreBuilder};
use rustix::{fs::OFlags, io::Errno};
use std::{
    fs::{File, OpenOptions},
    io::{ErrorKind, Read, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};
use zeroize::Zeroizing;

/// The largest file of variables, in bytes.
const SIZE_MAX: u64 = 1 << 20;

/// Between the name of a file and the stamp, in the name of what is about to take its place.
const FRESH: &str = ".keystead-";

/// A file as it is.
pub(super) struct Found {
    /// `None` when it is not there.
    pub(super) text: Option<Zeroizing<String>>,
    /// SHA-256 of its content.
    pub(super) digest: String,
    /// A version control system would take it, or the copy that is kept of it.
    pub(super) versioned: bool,
}

impl Found {
    /// The text; `None` when there is no file.
    pub(super) fn text(&self) -> Option<&str> {
        self.text.as_ref().map(|text| text.as_str())
    }
}

fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    // What is no file, such as a pipe, would be waited for until somebody opens its other end.
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let flags = i32::try_from(flags.bits()).unwrap_or(0);
    options.mode(0o600).custom_flags(flags);
    options
}

/// What is there. A link is not followed.
pub(super) fn read(path: &Path) -> Result<Found, Failure> {
    let versioned = is_versioned(path);
    let copied = || is_versioned(&backup_of(path, 0));
    let file = match options().read(true).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Ok(Found {
                text: None,
                digest: sha256(b""),
                versioned,
            });
        }
        Err(error) if error.raw_os_error() == Some(Errno::LOOP.raw_os_error()) => {
            return Err(refused("it is a link; choose the file that it leads to"));
        }
        Err(_) => return Err(refused("it cannot be read")),
    };
    let meta = file.metadata().map_err(|_| refused("it cannot be read"))?;
    if !meta.is_file() {
        return Err(refused("it is no ordinary file"));
    }
    if meta.len() > SIZE_MAX {
        return Err(refused("it is larger than 1 MiB"));
    }
    let mut text = Zeroizing::new(String::with_capacity(
        usize::try_from(meta.len()).unwrap_or(0) + 1,
    ));
    file.take(SIZE_MAX)
        .read_to_string(&mut text)
        .map_err(|_| refused("it is no text"))?;
    Ok(Found {
        digest: sha256(text.as_bytes()),
        text: Some(text),
        versioned: versioned || copied(),
    })
}

/// Puts `after` in the place of what is there, which is kept as [`backup_of`] says.
pub(super) fn replace(
    path: &Path,
    before: Option<&str>,
    after: &str,
    stamp: i64,
) -> Result<(), Failure> {
    let failed = |_| refused("it cannot be written");
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let name = path
        .file_name()
        .and_then(|name| name.to_str())
        .ok_or_else(|| refused("its name cannot be written"))?;
    sweep(folder);
    let backup = match before {
        Some(before) => {
            let backup = backup_of(path, stamp);
            write_new(&backup, |file| file.write_all(before.as_bytes())).map_err(failed)?;
            Some(backup)
        }
        None => None,
    };
    let fresh = folder.join(format!(".{name}{FRESH}{stamp}"));
    let written = write_new(&fresh, |file| file.write_all(after.as_bytes()))
        .and_then(|()| std::fs::rename(&fresh, path));
    if written.is_err() {
        // Nothing was replaced: neither half stays behind.
        let _ = std::fs::remove_file(&fresh);
        if let Some(backup) = &backup {
            let _ = std::fs::remove_file(backup);
        }
    }
    written.map_err(failed)?;
    // The rename is durable once its folder is. The new file has taken its place either way.
    if let Err(error) = File::open(folder).and_then(|folder| folder.sync_all()) {
        tracing::warn!(kind = ?error.kind(), "a folder was not synced after a file in it was replaced");
    }
    Ok(())
}

/// Where what was in this file is kept.
pub(super) fn backup_of(path: &Path, stamp: i64) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".bak-{stamp}"));
    path.with_file_name(name)
}

/// Removes what a program that was ended before the rename left in this folder: it holds a secret.
fn sweep(folder: &Path) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if is_file && entry.file_name().to_str().is_some_and(is_left_over) {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

fn is_left_over(name: &str) -> bool {
    let named = name
        .strip_prefix('.')
        .and_then(|name| name.rsplit_once(FRESH));
    named.is_some_and(|(name, stamp)| {
        !name.is_empty() && !stamp.is_empty() && stamp.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// Makes a file that was not there: whole, or not at all.
fn write_new(
    path: &Path,
    write: impl FnOnce(&mut File) -> std::io::Result<()>,
) -> std::io::Result<()> {
    let mut file = options().write(true).create_new(true).open(path)?;
    let written = write(&mut file).and_then(|()| file.sync_all());
    if written.is_err() {
        let _ = std::fs::remove_file(path);
    }
    written
}

/// What marks a working copy; those that heed ignore files first.
const MARKS: [&str; 4] = [".git", ".jj", ".hg", ".svn"];

/// Whether a folder above is a working copy whose ignore files do not name this file.
fn is_versioned(path: &Path) -> bool {
    let above = || path.ancestors().skip(1);
    let marked = |folder: &Path| MARKS.iter().position(|mark| folder.join(mark).exists());
    let Some((top, mark)) = above().find_map(|folder| Some((folder, marked(folder)?))) else {
        return false;
    };
    if mark > 1 {
        return true;
    }
    let inside = above().take_while(|folder| folder.starts_with(top));
    let files = inside.map(|folder| (folder, folder.join(".gitignore")));
    let files = files.chain([(top, top.join(".git/info/exclude"))]);
    // The one nearest to the file that says anything decides.
    let mut said = files.filter_map(|(folder, file)| says(folder, &file, path));
    !said.next().unwrap_or(false)
}

/// Whether the lines of an ignore file that count from `folder` on leave `path` out; `None` where none is about it.
fn says(folder: &Path, file: &Path, path: &Path) -> Option<bool> {
    let mut lines = GitignoreBuilder::new(folder);
    // What cannot be read says nothing.
    lines.add(file);
    match lines.build().ok()?.matched_path_or_any_parents(path, false) {
        Match::None => None,
        Match::Ignore(_) => Some(true),
        Match::Whitelist(_) => Some(false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::{PermissionsExt, symlink};

    #[test]
    fn it_is_replaced_whole_with_a_copy_and_for_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(".env");
        replace(&path, None, "A=1\n", 7).unwrap();
        let found = read(&path).unwrap();
        assert_eq!(found.text.as_ref().unwrap().as_str(), "A=1\n");
        replace(&path, found.text(), "A=2\n", 8).unwrap();
        let backup = backup_of(&path, 8);
        assert_eq!(std::fs::read_to_string(&backup).unwrap(), "A=1\n");
        for file in [&path, &backup] {
            let mode = std::fs::metadata(file).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        assert_eq!(
            std::fs::read_dir(folder.path()).unwrap().count(),
            2,
            "nothing else stays behind"
        );
    }

    #[test]
    fn what_a_kill_before_the_rename_left_goes_with_the_next_one() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let others = [
            ".env.keystead-",
            ".env.keystead-7a",
            "env.keystead-7",
            ".keystead-7",
            ".env.bak-7",
        ];
        for name in others
            .iter()
            .chain(&["..env.keystead-7", ".prod.env.keystead-8"])
        {
            std::fs::write(at(name), "A=1\n").unwrap();
        }
        symlink(at(".env.bak-7"), at("..env.keystead-9")).unwrap();
        std::fs::create_dir(at("..env.keystead-10")).unwrap();
        replace(&at(".env"), None, "A=2\n", 11).unwrap();
        let entries = std::fs::read_dir(folder.path()).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut left: Vec<_> = names.collect();
        left.sort();
        let mut expected = [
            &others[..],
            &[".env", "..env.keystead-9", "..env.keystead-10"],
        ]
        .concat();
        expected.sort_unstable();
        assert_eq!(left, expected);
    }

    #[test]
    fn a_link_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("real"), folder.path().join("link"));
        std::fs::write(&file, "A=1").unwrap();
        symlink(&file, &link).unwrap();
        assert_eq!(
            read(&link).map(|_| ()).unwrap_err().code,
            crate::Code::FileRefused
        );
    }

    #[test]
    fn a_pipe_is_not_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join(".env");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.unwrap().success());
        // On a thread of its own, which an open that waits would never leave.
        let (said, hear) = std::sync::mpsc::channel();
        std::thread::spawn(move || said.send(read(&pipe).map(|_| ())).unwrap());
        let refusal = hear.recv_timeout(std::time::Duration::from_mins(1));
        assert_eq!(refusal.unwrap().unwrap_err().code, crate::Code::FileRefused);
    }

    #[test]
    fn what_cannot_be_written_whole_leaves_no_half_and_takes_nothing_away() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(".env.bak-7");
        let full = || std::io::Error::from(ErrorKind::StorageFull);
        let half = |file: &mut File| file.write_all(b"A=").and_then(|()| Err(full()));
        assert!(write_new(&path, half).is_err());
        assert!(!path.exists());
        std::fs::write(&path, "of somebody else\n").unwrap();
        assert!(write_new(&path, half).is_err());
        assert_eq!(
            std::fs::read_to_string(&path).unwrap(),
            "of somebody else\n"
        );
    }

    #[test]
    fn a_working_copy_that_would_take_it_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("app");
        std::fs::create_dir_all(&inner).unwrap();
        let path = inner.join(".env");
        assert!(!read(&path).unwrap().versioned);
        std::fs::create_dir(folder.path().join(".git")).unwrap();
        assert!(read(&path).unwrap().versioned);
        std::fs::write(inner.join(".gitignore"), "target\n/.env\n").unwrap();
        assert!(!read(&path).unwrap().versioned);
        std::fs::write(&path, "A=1\n").unwrap();
        assert!(
            read(&path).unwrap().versioned,
            "the copy of what was there would be taken"
        );
        // What stands above, what stands beside it, and whether it would be taken.
        for (outer, beside, versioned) in [
            (".env*\n", "", false),
            (".env*\n!.env\n", "", true),
            ("*.env\n.env.bak-*\n", "", false),
            ("*.env\n", "", true),
            ("/.env*\n", "", true),
            ("/app/.env*\n", "", false),
            ("app/\n", "", false),
            (".env*\n", "!.env*\n", true),
            ("!.env*\n", ".env*\n", false),
        ] {
            std::fs::write(folder.path().join(".gitignore"), outer).unwrap();
            std::fs::write(inner.join(".gitignore"), beside).unwrap();
            assert_eq!(read(&path).unwrap().versioned, versioned, "{outer}{beside}");
        }
        std::fs::create_dir(inner.join(".hg")).unwrap();
        assert!(
            read(&path).unwrap().versioned,
            "these lines are another system's"
        );
    }
}
