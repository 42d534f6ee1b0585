//! The real window, driven by WebKitWebDriver on a display of its own.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::missing_panics_doc,
    clippy::disallowed_methods,
    reason = "a proof stops at the first surprise, and waits by the real clock"
)]

mod console;
mod display;
/// The keyring of the proofs without a window; what those need beside it is not built here.
#[path = "../../core/src/keyring/daemon.rs"]
mod keyring;
mod processes;
mod servers;
mod session;

pub use console::{Console, Home, program};
pub use display::{Person, RETURN};
pub use keyring::Daemon;
pub use processes::{command_lines, connections_to, is_running, kill, matching, web_processes};
pub use servers::SampleServers;
pub use session::is_inside;
