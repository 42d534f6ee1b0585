//! The core behind loopback HTTP, for tests in a browser and for work on the screen: real servers (the
//! simulators), a scratch profile, a stopped clock, a recorded desktop. Nothing that ships knows it.
//!
//! `bridge FOLDER [--profile NAME] [--wait MS]` serves the screen built into FOLDER with
//! `VITE_TRANSPORT=http`, says its address and token as one line of JSON, and ends with its standard input.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a proof stops at the first surprise"
)]

mod calls;
mod controls;
mod door;
mod page;
mod servers;
mod stage;

use serde_json::json;
use stage::{Options, Stage};
use std::{
    io::{Read, Write},
    sync::Arc,
};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() {
    let options = Options::from_arguments(std::env::args().skip(1));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = listener.local_addr().unwrap().to_string();
    let stage = Arc::new(Stage::open(options, host.clone()).await);
    let said = json!({ "url": format!("http://{host}/"), "token": stage.token });
    let mut out = std::io::stdout();
    writeln!(out, "{said}").and_then(|()| out.flush()).unwrap();
    let routes = door::routes(&stage);
    tokio::select! {
        served = axum::serve(listener, routes) => served.unwrap(),
        // Nothing is ever written to it; it ends with whoever started this, however that ends.
        ended = tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new())) => {
            drop(ended);
        }
    }
    stage.app().await.stop().await;
}
