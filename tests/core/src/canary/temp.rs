//! A folder for temporary files in which none stays unnoticed, however short its life.

use rustix::fs::inotify::{self, CreateFlags, ReadFlags, WatchFlags};
use std::{mem::MaybeUninit, os::fd::OwnedFd, path::Path};

/// Takes down every file that is made in a folder.
pub struct Temp {
    watch: OwnedFd,
}

impl Temp {
    /// From now on.
    pub fn watch(folder: &Path) -> Self {
        let watch = inotify::init(CreateFlags::NONBLOCK | CreateFlags::CLOEXEC).unwrap();
        let made = WatchFlags::CREATE | WatchFlags::MOVED_TO;
        inotify::add_watch(&watch, folder, made).unwrap();
        Self { watch }
    }

    /// The names of the files made since the start or the last time.
    pub fn made(&self) -> Vec<String> {
        let mut buffer = [MaybeUninit::uninit(); 8 * 1024];
        let mut events = inotify::Reader::new(&self.watch, &mut buffer);
        let mut names = Vec::new();
        // It ends with "nothing more at present".
        while let Ok(event) = events.next() {
            assert!(!event.events().contains(ReadFlags::QUEUE_OVERFLOW));
            names.extend(
                event
                    .file_name()
                    .map(|name| name.to_string_lossy().into_owned()),
            );
        }
        names
    }
}
