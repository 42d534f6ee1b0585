//! Proofs without a window. What they share is here: a core on a scratch profile, a stopped clock, a
//! sample server. The proofs are in `tests/`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a proof stops at the first surprise"
)]

pub mod canary;
pub mod drive;
pub mod keyring;
mod kill;
mod rig;
mod sentence;
mod watch;

pub use kill::Killer;
pub use rig::{
    CARE, Clipboard, Record, Rig, SHORT, TODAY, TestClock, alter, authority, journal, keys_query,
    open, sealed_rows,
};
pub use sentence::Sentences;
pub use watch::Watch;
