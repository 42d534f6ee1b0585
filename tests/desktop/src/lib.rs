//! The real window, driven by WebKitWebDriver on a display of its own.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::missing_panics_doc,
    clippy::disallowed_methods,
    reason = "a proof stops at the first surprise, and waits by the real clock"
)]

mod console;
mod processes;

pub use console::{Console, Home, program};
pub use processes::{command_lines, kill, matching};
