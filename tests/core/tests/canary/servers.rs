//! Two servers full of canaries.

use core_tests::canary::Canary;
use serde_json::{Value, json};
use simulators::{
    Control, Effect, Fault, Server,
    ekodb::{self, Collection, Dialect, Grant, Key, Options, World},
};

/// The ways in.
pub(crate) const WAYS: [&str; 20] = [
    "typed and forgotten",
    "typed, tested and left",
    "typed and refused",
    "typed, awkward",
    "in a request that is malformed",
    "in an address",
    "from the clipboard and forgotten",
    "credential, typed",
    "credential, from the clipboard",
    "credential, changed",
    "passphrase",
    "wrong passphrase",
    "listed",
    "listed and echoed",
    "unknown member",
    "unknown member, deep",
    "unknown member of a grant",
    "listed by legacy",
    "edited by its value",
    "in the text of an error",
];

/// A server and its controls.
pub(crate) struct One {
    server: Server,
    control: Control,
}

impl One {
    /// The way to it, as the window would name it.
    pub(crate) fn link(&self) -> Value {
        json!({ "url": self.server.url(), "trust": { "kind": "own_ca", "pem": self.server.ca_pem() },
            "tls_minimum": "tls13", "allow_plain_loopback": false })
    }
}

/// Both of them.
pub(crate) struct Servers {
    pub(crate) modern: One,
    pub(crate) legacy: One,
}

/// Some day.
const THEN: i64 = 1_700_000_000_000;

impl Servers {
    pub(crate) async fn start(canaries: &[Canary]) -> Self {
        let secret = |name: &str| {
            let canary = canaries.iter().find(|canary| canary.name == name);
            canary.unwrap().value.clone()
        };
        let key = |label: &str, name: &str| {
            let mut key = Key::new(label, THEN).grant("orders", Grant::read());
            key.key = secret(name);
            key
        };
        let admin = |name: &str| Key {
            is_admin: true,
            ..key(name, name)
        };
        let mut echoed = key("listed and echoed", "listed and echoed");
        let own = secret("listed and echoed");
        let deep = json!([{ "session_token": secret("unknown member, deep") }]);
        let grant = json!({ "read": true, "write": false, "webhook_secret": secret("unknown member of a grant") });
        for (name, value) in [
            ("echo", json!(format!("was {own}, and is"))),
            ("refresh_token", json!(secret("unknown member"))),
            ("history", deep),
        ] {
            echoed.extra.insert(name.to_owned(), value);
        }
        let grants = json!({ "orders": grant });
        echoed
            .overrides
            .insert("collection_permissions".to_owned(), grants);
        let modern = vec![
            admin("credential, typed"),
            admin("credential, changed"),
            key("listed", "listed"),
            echoed,
        ];
        let legacy = vec![
            admin("credential, from the clipboard"),
            key("listed by legacy", "listed by legacy"),
            key("edited by its value", "edited by its value"),
        ];
        let servers = Self {
            modern: one(Dialect::Modern, modern).await,
            legacy: one(Dialect::Legacy, legacy).await,
        };
        let told = |status| Effect::Status {
            status,
            retry_after: None,
            body: Some(json!({ "error": secret("in the text of an error") }).to_string()),
        };
        let faults = [
            Fault::always("GET", "/api/schemas/", told(500)),
            Fault::on("PATCH", "/api/auth/keys/", told(400)),
        ];
        for fault in faults {
            servers.modern.control.fault(fault);
        }
        servers
    }

    /// The program did go every way.
    pub(crate) fn were_all_used(&self) {
        assert!(self.modern.control.requests("POST", "/api/auth/token") > 3);
        assert!(self.modern.control.requests("GET", "/api/schemas/") > 0);
        assert!(self.modern.control.requests("PATCH", "/api/auth/keys/") == 1);
        assert!(self.legacy.control.requests("PUT", "/api/auth/permissions") == 1);
        let written = self.legacy.control.world().keys[2].grants["orders"].write;
        assert!(written, "the edit by value was applied");
    }
}

async fn one(dialect: Dialect, keys: Vec<Key>) -> One {
    let fields = Collection::new("id:UUID!* email:String", THEN, 1);
    let world = World::default().collection("orders", fields);
    let world = keys.into_iter().fold(world, World::key);
    let server = ekodb::start(Options::of(dialect), world).await.unwrap();
    let control = server.control();
    One { server, control }
}
