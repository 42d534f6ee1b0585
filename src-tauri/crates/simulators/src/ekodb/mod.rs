//! A fake ekoDB server in its four dialects (`ekodb.md`; section 9 is its checklist).

mod data;
mod key;
mod keys;
mod limit;
mod modern;
mod older;
mod options;
mod record;
mod refusal;
mod rights;
mod route;
mod token;
mod wire;
mod world;

pub use data::{Collection, Field};
pub use key::Key;
pub use options::{
    CallerKey, Dialect, ErrorShape, ListGrants, ListSecret, MapEdit, Omitted, Options,
    RegisterAuth, RevokeRef,
};
pub use rights::{Grant, KvGrant};
pub use world::World;

use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex};

use tokio::net::TcpListener;

use crate::clock::Clock;
use crate::disk;
use crate::host::{Answer, Host, Provider, State};
use crate::journal::Journal;
use crate::request::Request;
use crate::server::{self, Server};
use crate::tls::Identity;
use limit::Limit;
use refusal::Refusal;

/// Starts a server on 127.0.0.1. With [`Options::folder`], a world kept there by an earlier run wins over `world`,
/// and CA, server key and (if it is free) port are the earlier ones; the options, dialect included, are always the given ones.
///
/// # Errors
/// Whatever binding, the folder or the certificates gave.
pub async fn start(options: Options, mut world: World) -> io::Result<Server> {
    if world.signing_key.is_empty() {
        world.signing_key = world::random_hex(32);
    }
    let folder = options.folder.as_deref();
    if let Some(folder) = folder {
        disk::make_private_folder(folder)?;
    }
    let host = Host {
        clock: Clock::new(options.now_ms),
        door: Mutex::default(),
        faults: Mutex::default(),
        journal: Mutex::new(Journal::default()),
        state: State::open(folder, world)?,
    };
    let identity = Identity::new(options.tls, folder)?;
    let listener = listen(options.port, folder).await?;
    let provider = Ekodb {
        limit: Limit::default(),
        options,
    };
    server::serve(listener, identity, Arc::new(host), Arc::new(provider))
}

/// A wanted port must be free; a remembered one gives way to any other.
async fn listen(wanted: u16, folder: Option<&Path>) -> io::Result<TcpListener> {
    let Some(folder) = folder else {
        return server::bind(wanted).await;
    };
    let file = folder.join("port");
    let remembered = disk::read_if_there(&file)?
        .and_then(|text| text.trim().parse().ok())
        .unwrap_or(0);
    let listener = match (
        wanted,
        server::bind(if wanted == 0 { remembered } else { wanted }).await,
    ) {
        (0, Err(_)) => server::bind(0).await?,
        (_, bound) => bound?,
    };
    disk::write_private(&file, listener.local_addr()?.port().to_string().as_bytes())?;
    Ok(listener)
}

struct Ekodb {
    options: Options,
    limit: Limit,
}

impl Provider<World> for Ekodb {
    fn answer(&self, host: &Host<World>, request: &Request) -> Answer {
        let counted = self
            .options
            .requests_per_minute
            .filter(|_| request.path != "/api/health");
        let budget = counted.map(|per_minute| self.limit.take(host.clock.now_ms(), per_minute));
        let outcome = match &budget {
            Some(budget) if budget.exceeded => Err(Refusal::new(429, "Rate limit exceeded")),
            Some(_) | None => self.route(host, request),
        };
        let mut answer = outcome.unwrap_or_else(|refusal| refusal.answer(self.options.error_shape));
        if let Some(budget) = budget {
            answer.headers.extend(budget.headers());
        }
        answer
    }

    fn caller(&self, host: &Host<World>, request: &Request) -> Option<String> {
        self.authenticated(host, request).ok().map(|key| key.id)
    }

    fn is_secret_segment(&self, before: &[String], segment: &str) -> bool {
        let is_reference = before.iter().eq(["api", "auth", "keys"]);
        is_reference && segment != "me" && !self.options.dialect.is_key_id(segment)
    }

    fn secrets(&self, world: &World) -> Vec<String> {
        world.keys.iter().map(|key| key.key.clone()).collect()
    }
}

impl Ekodb {
    /// Changes the world; the change is on disk before this returns.
    fn change<R>(
        host: &Host<World>,
        edit: impl FnOnce(&mut World) -> Result<R, Refusal>,
    ) -> Result<R, Refusal> {
        host.state
            .change(edit)
            .unwrap_or_else(|_| Err(Refusal::new(500, "Internal server error")))
    }
}
