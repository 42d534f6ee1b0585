//! The log: standard error, our own words. Libraries that print what travels are held at WARN.

use tracing_subscriber::{EnvFilter, filter::LevelFilter};

/// Starts logging at INFO, or as `RUST_LOG` says for our own crates.
pub(crate) fn start() {
    let asked = EnvFilter::builder()
        .with_default_directive(LevelFilter::INFO.into())
        .from_env_lossy();
    let held = [
        "hyper",
        "hyper_util",
        "h2",
        "rustls",
        "reqwest",
        "sqlx",
        "tao",
        "wry",
        "tauri",
    ];
    let filter = held
        .iter()
        .filter_map(|name| format!("{name}=warn").parse().ok())
        .fold(asked, EnvFilter::add_directive);
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_target(false)
        .init();
}
