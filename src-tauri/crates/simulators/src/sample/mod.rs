//! The sample servers: three made-up shop deployments on loopback, for trying Keystead without a real server.
//! Each speaks another dialect of ekoDB.

mod collections;
mod line;
mod shop_dev;
mod shop_eu;
mod shop_stg;

use std::io;
use std::path::Path;

use serde_json::json;

use crate::clock::Clock;
use crate::disk;
use crate::ekodb::{self, Dialect, Options, World};
use crate::server::Server;
use line::Line;

/// Hours in days, for the tables of keys.
const DAY: i64 = 24;

/// The running sample servers.
pub struct Samples {
    /// In the order of `servers.json`.
    pub servers: Vec<Sample>,
}

/// One running sample server.
pub struct Sample {
    /// Which provider it fakes: `ekodb`.
    pub provider: &'static str,
    /// `shop-eu`, `shop-stg`, `shop-dev`.
    pub name: &'static str,
    /// `production`, `staging`, `development`.
    pub environment: &'static str,
    /// The server.
    pub server: Server,
}

impl Samples {
    /// Ends all of them and frees their ports; their state stays in the folder.
    pub async fn stop(self) {
        for sample in self.servers {
            sample.server.stop().await;
        }
    }
}

/// Starts the sample servers and writes `folder/servers.json` (0600, replaced as a whole): provider, name, environment,
/// URL, CA and an admin key of each. State, CAs and ports live below `folder` (0700): a later call finds the same
/// servers, each in the dialect written here whatever it spoke before; one whose port is taken moves to a free one.
///
/// # Errors
/// Whatever the folder or the network gave; `NotFound` when a kept deployment has no admin key left.
pub async fn serve(folder: &Path) -> io::Result<Samples> {
    serve_at(folder, None).await
}

/// The same with every server's clock stopped at `frozen` (Unix milliseconds), where that is given.
///
/// # Errors
/// As [`serve`].
pub async fn serve_at(folder: &Path, frozen: Option<i64>) -> io::Result<Samples> {
    disk::make_private_folder(folder)?;
    let now_ms = Clock::new(frozen).now_ms();
    let mut servers = Vec::new();
    let mut listed = Vec::new();
    for shop in &SHOPS {
        let options = Options {
            folder: Some(folder.join(shop.name)),
            now_ms: frozen,
            key_prefix: shop.key_prefix.to_owned(),
            requests_per_minute: Some(shop.requests_per_minute),
            keep_last_admin: true,
            ..Options::of(shop.dialect)
        };
        let server = ekodb::start(options, shop.world(now_ms)).await?;
        let world = server.control().world();
        let admin = world
            .keys
            .iter()
            .find(|key| key.is_admin)
            .ok_or(io::ErrorKind::NotFound)?;
        listed.push(json!({
            "provider": "ekodb",
            "name": shop.name,
            "environment": shop.environment,
            "url": server.url(),
            "ca": server.ca_pem(),
            "credential": admin.key,
        }));
        servers.push(Sample {
            provider: "ekodb",
            name: shop.name,
            environment: shop.environment,
            server,
        });
    }
    let text = serde_json::to_vec_pretty(&json!({ "servers": listed }))?;
    disk::write_private(&folder.join("servers.json"), &text)?;
    Ok(Samples { servers })
}

struct Shop {
    name: &'static str,
    environment: &'static str,
    dialect: Dialect,
    key_prefix: &'static str,
    /// A tier of `ekodb.md` 7.
    requests_per_minute: u32,
    keys: &'static [Line],
    /// How many of the shared collections exist here.
    collections: usize,
}

const SHOPS: [Shop; 3] = [
    Shop {
        name: "shop-eu",
        environment: "production",
        dialect: Dialect::Modern,
        key_prefix: "eko_prod_",
        requests_per_minute: 1000,
        keys: shop_eu::KEYS,
        collections: 24,
    },
    Shop {
        name: "shop-stg",
        environment: "staging",
        dialect: Dialect::Legacy,
        key_prefix: "eko_stg_",
        requests_per_minute: 500,
        keys: shop_stg::KEYS,
        collections: 19,
    },
    Shop {
        name: "shop-dev",
        environment: "development",
        dialect: Dialect::DocsA,
        key_prefix: "eko_dev_",
        requests_per_minute: 250,
        keys: shop_dev::KEYS,
        collections: 13,
    },
];

impl Shop {
    /// The deployment at its first start; every secret and id is random.
    fn world(&self, now_ms: i64) -> World {
        let mut keys: Vec<_> = self
            .keys
            .iter()
            .map(|line| line.key(now_ms, self.key_prefix))
            .collect();
        keys.sort_by_key(|key| key.created_at);
        World {
            keys,
            collections: collections::collections(self.collections, now_ms),
            ..World::default()
        }
    }
}
