//! For the benchmark only: what the page has painted, said on standard output.

use std::io::Write as _;

/// Puts into the window's title what two animation frames ago was there to be painted.
pub(crate) const SCRIPT: &str = include_str!("beacon.js");

/// Says the window's new title.
pub(crate) fn say(title: &str) {
    let mut out = std::io::stdout().lock();
    // With nobody listening there is nothing to measure.
    let _ = writeln!(out, "{title}").and_then(|()| out.flush());
}
