//! What a run costs this process in memory, and whether anything in it panicked.

use std::{
    fs,
    sync::atomic::{AtomicUsize, Ordering},
};

/// The most that may stay, in bytes (`security.md`, "The figures we are judged by").
pub(crate) const STAYING: u64 = 64 << 20;
/// The most that may be needed for a moment: one reply of 32 MiB, and what is read from it.
pub(crate) const PASSING: u64 = 256 << 20;

/// Resident memory at its start.
pub(crate) struct Meter(u64);

impl Meter {
    pub(crate) fn start() -> Self {
        Self(resident())
    }

    /// Bytes that are resident now and were not at the start.
    pub(crate) fn growth(&self) -> u64 {
        resident().saturating_sub(self.0)
    }

    /// Bytes by which the most that was ever resident exceeds the start.
    pub(crate) fn peak(&self) -> u64 {
        bytes_at("VmHWM:").saturating_sub(self.0)
    }
}

fn resident() -> u64 {
    bytes_at("VmRSS:")
}

fn bytes_at(name: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix(name))
        .unwrap();
    let kib: u64 = line.trim().trim_end_matches(" kB").parse().unwrap();
    kib << 10
}

static PANICS: AtomicUsize = AtomicUsize::new(0);

/// Counts every panic from now on, in tasks that nobody waits for too.
pub(crate) fn count_panics() {
    let told = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        PANICS.fetch_add(1, Ordering::SeqCst);
        told(panic);
    }));
}

pub(crate) fn panics() -> usize {
    PANICS.load(Ordering::SeqCst)
}
