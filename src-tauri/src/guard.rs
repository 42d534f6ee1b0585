//! What the process denies itself and others (`security.md`, Files).

use rustix::{
    fs::Mode,
    process::{Resource, Rlimit},
};

/// Files are ours alone, and no core dump carries memory out.
pub(crate) fn harden() {
    rustix::process::umask(Mode::RWXG | Mode::RWXO);
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    // Neither can be refused to a process that lowers its own limits.
    let _ = rustix::process::setrlimit(Resource::Core, none);
    // Whoever measures the memory of a process has to read of it.
    #[cfg(all(target_os = "linux", not(feature = "beacon")))]
    let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
}

/// Runs `end` once the process that started this one is gone.
pub(crate) fn follow_parent(end: impl FnOnce() + Send + 'static) {
    let parent = std::os::unix::process::parent_id();
    std::thread::spawn(move || {
        while std::os::unix::process::parent_id() == parent {
            std::thread::sleep(std::time::Duration::from_millis(500));
        }
        end();
    });
}
