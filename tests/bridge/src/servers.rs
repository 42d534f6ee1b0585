//! The servers that the core meets: the three samples, and what a test adds to them.

use serde::{Deserialize, Serialize};
use simulators::{
    Control, Server, TlsMode,
    ekodb::{self, Key, World},
    sample,
};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

/// All of them, by name.
pub(crate) struct Servers {
    folder: PathBuf,
    running: BTreeMap<String, Server>,
    controls: BTreeMap<String, Control>,
}

/// A server that a test wants beside the samples.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    #[serde(default)]
    tls: TlsMode,
}

/// How a server is reached, and with what.
#[derive(Debug, Serialize)]
pub(crate) struct Reached {
    url: String,
    ca: String,
    /// An admin key.
    admin: Option<String>,
    /// A key that may not list keys.
    reader: Option<String>,
}

impl Servers {
    /// Starts the samples, their clocks stopped at `now_ms`.
    pub(crate) async fn start(folder: &Path, now_ms: i64) -> Self {
        let mut servers = Self {
            folder: folder.to_owned(),
            running: BTreeMap::new(),
            controls: BTreeMap::new(),
        };
        servers.start_samples(now_ms).await;
        servers
    }

    /// Starts the samples again: with the same ports, certificates and content.
    pub(crate) async fn start_samples(&mut self, now_ms: i64) {
        let samples = sample::serve_at(&self.folder, Some(now_ms)).await.unwrap();
        for sample in samples.servers {
            self.take(sample.name, sample.server);
        }
    }

    /// Starts one more.
    pub(crate) async fn add(&mut self, name: &str, wanted: &Wanted, now_ms: i64) {
        const DAY: i64 = 86_400_000;
        let options = ekodb::Options {
            tls: wanted.tls,
            now_ms: Some(now_ms),
            ..ekodb::Options::default()
        };
        let (world, _) = World::with_admin(now_ms - 400 * DAY);
        let world = world.key(Key::new("reader", now_ms - 3 * DAY));
        let server = ekodb::start(options, world).await.unwrap();
        self.take(name, server);
    }

    /// Ends the server of that name, or all of them, and waits until they have ended.
    pub(crate) async fn stop(&mut self, name: Option<&str>) {
        let ending = match name {
            Some(name) => self.running.remove(name).into_iter().collect(),
            None => std::mem::take(&mut self.running)
                .into_values()
                .collect::<Vec<_>>(),
        };
        for server in ending {
            server.stop().await;
        }
    }

    pub(crate) fn reached(&self, name: &str) -> Option<Reached> {
        let (server, world) = (self.running.get(name)?, self.control(name)?.world());
        let secret = |admin: bool| {
            let key = world.keys.iter().find(|key| key.is_admin == admin);
            key.map(|key| key.key.clone())
        };
        Some(Reached {
            url: server.url(),
            ca: server.ca_pem(),
            admin: secret(true),
            reader: secret(false),
        })
    }

    pub(crate) fn control(&self, name: &str) -> Option<&Control> {
        self.controls.get(name)
    }

    /// Moves the clocks of all of them.
    pub(crate) fn advance(&self, ms: i64) {
        for control in self.controls.values() {
            control.advance(ms);
        }
    }

    fn take(&mut self, name: &str, server: Server) {
        self.controls.insert(name.to_owned(), server.control());
        self.running.insert(name.to_owned(), server);
    }
}
