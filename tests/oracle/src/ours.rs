//! Keystead's own adapter.

use crate::{ADMIN, Outcome, TARGET};
use async_trait::async_trait;
use domain::{
    Cell, Clock, Column, Identity, LinkSpec, ListedKey, RightsGrid, RightsRow, Secret, ServerFacts,
    TlsMinimum, Trust, UnixMs,
};
use providers::{
    Call, CallSecrets, Class, KeySpec, Link, NotWitnessed, ProbeSession, Provider, ProviderError,
    Timing, Tried, Wanted, Witness, registry,
};
use serde_json::{Value, json};
use simulators::Control;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// The value that Keystead chooses for a key.
pub const CHOSEN: &str = "eko_ks_0123456789abcdefghijklmnopqrstuv";

/// A link to one server, and what the program would have kept of it in its database.
pub struct Ours {
    /// The connection.
    pub link: Link,
    /// ekoDB's adapter.
    pub provider: &'static dyn Provider,
    /// From [`Ours::prime`].
    kept: Mutex<Kept>,
}

#[derive(Clone, Default)]
struct Kept {
    facts: ServerFacts,
    keys: Vec<ListedKey>,
}

/// The clock of the server, so that both mean the same moment.
struct ServerTime(Control);

impl Clock for ServerTime {
    fn now(&self) -> UnixMs {
        UnixMs(self.0.now())
    }
}

struct Unwatched;

#[async_trait]
impl Witness for Unwatched {
    async fn logging_in(&self) -> Result<(), NotWitnessed> {
        Ok(())
    }
    async fn logged_in(&self, _outcome: Result<(), Class>) {}
}

/// As in production, but for the wait between two reads of a server that is busy.
const TIMING: Timing = Timing {
    retry_wait: Duration::from_millis(5),
    ..Timing::PRODUCTION
};

impl Ours {
    /// For the server at this address.
    pub fn at(url: &str, control: &Control) -> Self {
        let spec = LinkSpec {
            url: url.to_owned(),
            trust: Trust::System,
            tls_minimum: TlsMinimum::Tls13,
            allow_plain_loopback: true,
        };
        let clock = Arc::new(ServerTime(control.clone()));
        let credential = Secret::new(ADMIN.to_owned());
        let link = Link::new(&spec, credential, TIMING, clock, Arc::new(Unwatched));
        Self {
            link: link.unwrap(),
            provider: registry::find("ekodb").unwrap(),
            kept: Mutex::default(),
        }
    }

    /// Learns what the program knows before anything is changed: what the server is, and its keys.
    pub async fn prime(&self) {
        let facts = self.provider.probe(&self.link).await.unwrap();
        let keys = self.provider.list_keys(&self.link).await.unwrap();
        *self.kept.lock().unwrap() = Kept { facts, keys };
    }

    /// Plans and performs a change of the target's rights.
    ///
    /// # Errors
    /// The plan's or the server's refusal.
    pub async fn edit(&self, change: impl FnOnce(&mut Grid) + Send) -> Outcome {
        let Kept { facts, keys } = self.kept();
        let target = key_of(&keys, "web");
        let mut grid = Grid(target.rights.clone());
        change(&mut grid);
        let calls = self
            .provider
            .plan_rights(&facts, &target.identity, &target.rights, &grid.0);
        let mut before = Vec::new();
        for call in calls.map_err(|refusal| refusal.0)? {
            before.push(self.send(&call, TARGET, &target.rights.columns).await?);
        }
        Ok(Value::Array(before))
    }

    /// Makes a key that may read and write `users`. Tells whether its value came back.
    ///
    /// # Errors
    /// The plan's or the server's refusal.
    pub async fn create(&self, choose: bool) -> Outcome {
        let Kept { facts, keys } = self.kept();
        let mut grid = Grid(RightsGrid {
            rows: Vec::new(),
            ..key_of(&keys, "web").rights.clone()
        });
        for action in ["read", "write"] {
            grid.set("collection", "users", action, Cell::All);
        }
        let spec = KeySpec {
            label: "Web App Key".to_owned(),
            description: "web".to_owned(),
            rights: grid.0,
            choose,
        };
        let plan = self.provider.plan_create(&facts, &spec);
        let plan = plan.map_err(|refusal| refusal.0)?;
        let secrets = CallSecrets {
            chosen: Some(Secret::new(CHOSEN.to_owned())),
            target: None,
        };
        let made = self.provider.create(&self.link, &plan.call, &secrets).await;
        let made = made.map_err(|error| error.to_string())?;
        Ok(json!(made.secret.is_some()))
    }

    /// Ends a key for good.
    ///
    /// # Errors
    /// The plan's or the server's refusal.
    pub async fn revoke(&self, label: &str, secret: &str) -> Outcome {
        let keys = self.kept().keys;
        let call = self.provider.plan_revoke(&key_of(&keys, label).identity);
        let call = call.map_err(|refusal| refusal.0)?;
        self.send(&call, secret, &[]).await
    }

    /// Takes away everything that the target may do.
    ///
    /// # Errors
    /// The plan's or the server's refusal.
    pub async fn pause(&self) -> Outcome {
        let Kept { facts, keys } = self.kept();
        let target = key_of(&keys, "web");
        let plan = self
            .provider
            .plan_pause(&facts, &target.identity, &target.rights);
        let (_, calls) = plan.map_err(|refusal| refusal.0)?;
        for call in calls {
            self.send(&call, TARGET, &target.rights.columns).await?;
        }
        Ok(Value::Null)
    }

    /// Logs in with another key and asks what it may do.
    ///
    /// # Errors
    /// What was seen in place of an answer.
    pub async fn own_rights(&self, secret: &str) -> Outcome {
        let session = self.session(secret).await?;
        let facts = self.kept().facts;
        let own = self.provider.own_rights(&self.link, &facts, &session).await;
        Ok(json!(answered(own)?.rights))
    }

    /// Logs in with another key and tries to list all keys.
    ///
    /// # Errors
    /// What was seen in place of an answer.
    pub async fn denied(&self, secret: &str) -> Outcome {
        let session = self.session(secret).await?;
        let tried = self.provider.try_denied(&self.link, &session).await;
        answered(tried).map(|()| Value::Null)
    }

    /// What the server declares to the administrator of the target.
    ///
    /// # Errors
    /// What was seen in place of an answer.
    pub async fn declared(&self) -> Outcome {
        let Kept { facts, keys } = self.kept();
        let identity = &key_of(&keys, "web").identity;
        let declared = self.provider.declared_rights(&self.link, &facts, identity);
        match declared.await {
            Some(tried) => Ok(json!(answered(tried)?)),
            None => Err("only the list says".to_owned()),
        }
    }

    async fn session(&self, secret: &str) -> Result<ProbeSession, String> {
        let secret = Secret::new(secret.to_owned());
        answered(self.provider.sign_in(&self.link, &secret).await)
    }

    async fn send(&self, call: &Call, target: &str, columns: &[Column]) -> Outcome {
        let secrets = CallSecrets {
            target: call.needs_target().then(|| Secret::new(target.to_owned())),
            chosen: None,
        };
        let performed = self.provider.perform(&self.link, call, &secrets, columns);
        Ok(json!(performed.await.map_err(|error| error.to_string())?))
    }

    fn kept(&self) -> Kept {
        self.kept.lock().unwrap().clone()
    }

    /// Finds a key among all and tells its rights.
    ///
    /// # Errors
    /// The server's refusal.
    pub async fn rights_of(&self, label: &str) -> Outcome {
        let keys = self.kept().keys;
        let known = keys.iter().find(|key| key.label == label);
        let identity = known.map_or_else(Identity::default, |key| key.identity.clone());
        let located = self
            .provider
            .locate(&self.link, Wanted::Key(&identity))
            .await;
        let located = located.map_err(|error| error.to_string())?;
        Ok(located.key().map_or(Value::Null, |key| json!(key.rights)))
    }
}

fn key_of<'a>(keys: &'a [ListedKey], label: &str) -> &'a ListedKey {
    keys.iter().find(|key| key.label == label).unwrap()
}

/// What a probe gave, or what was seen in its place.
fn answered<T>(tried: Tried<T>) -> Result<T, String> {
    match tried {
        Tried::Accepted { value, .. } => Ok(value),
        Tried::Refused { seen } => Err(seen),
        Tried::Unclear { seen, error } => Err(format!("{seen}: {error}")),
    }
}

/// What the adapter made of a reply, or its words for why not.
///
/// # Errors
/// Those words.
pub fn told<T: serde::Serialize>(outcome: Result<T, ProviderError>) -> Outcome {
    match outcome {
        Ok(value) => serde_json::to_value(value).map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    }
}

/// A grid to be edited.
pub struct Grid(pub RightsGrid);

impl Grid {
    /// Sets a cell; a resource that was not named is added without other rights.
    pub fn set(&mut self, kind: &str, resource: &str, action: &str, cell: Cell) {
        let columns = &self.0.columns;
        let at = columns.iter().position(|column| column.action == action);
        let rows = &mut self.0.rows;
        let known = rows
            .iter()
            .position(|row| row.kind == kind && row.resource == resource);
        let row = known.unwrap_or_else(|| {
            rows.push(RightsRow {
                kind: kind.to_owned(),
                resource: resource.to_owned(),
                cells: vec![Cell::None; columns.len()],
            });
            rows.len() - 1
        });
        *rows
            .get_mut(row)
            .and_then(|row| row.cells.get_mut(at?))
            .unwrap() = cell;
    }

    /// Takes a resource away.
    pub fn remove(&mut self, kind: &str, resource: &str) {
        self.0
            .rows
            .retain(|row| row.kind != kind || row.resource != resource);
    }
}
