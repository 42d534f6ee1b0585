//! The system's keyring, for real: a GNOME Keyring on a message bus of its own. `cargo test` needs no
//! wrapper: each proof runs itself again inside such a session.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a proof stops at the first surprise"
)]

mod absent;
mod hung;
mod present;
mod spilled;
