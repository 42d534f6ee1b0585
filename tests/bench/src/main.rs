//! How fast Keystead is, each figure beside the least that it could be: the same machine, the same run, in turn. Says a
//! table, writes it as JSON, and fails where a limit is missed.
//!
//! `bench REPORT [NAME …]` measures the figures of those names, or all; `scripts/bench` gives it what it needs around it:
//! a display, a message bus, folders of its own.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a measurement stops at the first surprise, and takes the real clock"
)]

mod answers;
mod figure;
mod filter;
mod ground;
mod journal;
mod population;
mod report;
mod start;
mod sync;
mod window;

use figure::Figure;
use std::{path::Path, process::ExitCode};

#[tokio::main]
async fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let report = arguments.next().expect("where the report goes");
    let wanted: Vec<String> = arguments.collect();
    let is_wanted = |name: &str| wanted.is_empty() || wanted.iter().any(|one| one == name);
    let mut figures: Vec<Figure> = Vec::new();
    if is_wanted("journal") {
        figures.push(journal::figure().await);
    }
    if is_wanted("filter") {
        figures.extend(filter::figures().await);
    }
    if is_wanted("sync") {
        figures.extend(sync::figures().await);
    }
    if is_wanted("start") {
        figures.extend(start::figures().await);
    }
    figures.reverse();
    report::tell(&figures, Path::new(&report));
    if figures.iter().all(Figure::is_kept) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
