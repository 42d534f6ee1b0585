//! THE SHELL: Tauri and nothing else.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod arguments;
#[cfg(feature = "beacon")]
mod beacon;
mod desk;
mod guard;
mod ipc;
mod linux;
mod logging;
mod running;
mod samples;
mod windows;

use arguments::Arguments;
use std::process::ExitCode;

fn main() -> ExitCode {
    guard::harden();
    logging::start();
    match Arguments::read() {
        Ok(Arguments::SampleServers { folder }) => samples::serve(&folder),
        Ok(Arguments::Window(options)) => {
            linux::renderer::settle();
            windows::run(options)
        }
        Err(sentence) => {
            tracing::error!("{sentence}");
            ExitCode::from(2)
        }
    }
}
