//! The program: a core on a profile of its own, everything that it says written down, logs at TRACE.

use app::{
    App, Events, Profile, Rhythm, Start, SystemClock,
    commands::{COMMANDS, dispatch},
};
use core_tests::{CARE, Clipboard, Record, SHORT};
use serde_json::{Value, json};
use std::{
    fs::File,
    io::{Read, Write},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use tracing::level_filters::LevelFilter;

/// What is in the log if the log is what it should be: one line by each of the two ways, and one of each library
/// that could tell what travels.
pub(crate) const LOGGED: [&str; 7] = [
    "beacon-by-tracing",
    "beacon-by-log",
    "rustls",
    "hyper_util",
    "reqwest",
    "sqlx",
    "TRACE",
];

/// The names of the deployments; they are no secret.
pub(crate) const NAMES: [&str; 2] = ["beacon-modern", "beacon-legacy"];

/// The other half of the proof. Alone it has nothing to do.
#[tokio::test(flavor = "multi_thread")]
async fn the_program() {
    if std::env::var_os(crate::PROGRAM).is_none() {
        return;
    }
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).unwrap();
    let task: Value = serde_json::from_str(&line).unwrap();
    let root = PathBuf::from(task["root"].as_str().unwrap());
    let told = root.join("told");
    log_everything(&told.join("log"));
    let run = Run::start(&root.join("profiles"), &told, task).await;
    run.vault_and_offers().await;
    run.deployments().await;
    run.reads().await;
    run.edits().await;
    run.lock().await;
    run.say("events", &json!("the end"));
    std::fs::write(told.join("done"), "").unwrap();
    let wait = || std::io::stdin().read_to_end(&mut Vec::new()).unwrap();
    tokio::task::spawn_blocking(wait).await.unwrap();
    run.app.stop().await;
}

fn log_everything(file: &Path) {
    struct Log(Arc<File>);
    impl log::Log for Log {
        fn enabled(&self, _: &log::Metadata<'_>) -> bool {
            true
        }
        fn log(&self, line: &log::Record<'_>) {
            let (level, target) = (line.level(), line.target());
            writeln!(&*self.0, "{level} {target}: {}", line.args()).unwrap();
        }
        fn flush(&self) {}
    }
    let file = Arc::new(File::create(file).unwrap());
    log::set_logger(Box::leak(Box::new(Log(Arc::clone(&file))))).unwrap();
    log::set_max_level(log::LevelFilter::Trace);
    tracing_subscriber::fmt()
        .with_max_level(LevelFilter::TRACE)
        .with_writer(file)
        .init();
    tracing::trace!("beacon-by-tracing");
    log::trace!("beacon-by-log");
}

struct Run {
    app: Arc<App>,
    desk: Arc<Record>,
    told: PathBuf,
    task: Value,
}

impl Run {
    async fn start(profiles: &Path, told: &Path, task: Value) -> Self {
        let desk = Arc::new(Record::default());
        let start = Start {
            profile: Profile::take(profiles, "default").unwrap(),
            clock: Arc::new(SystemClock),
            desk: Arc::clone(&desk) as Arc<dyn app::Desk>,
            timing: SHORT,
            rhythm: Rhythm::PRODUCTION,
            vault: CARE,
            checkpoint: Arc::new(app::Unwatched),
        };
        let run = Self {
            app: App::start(start).await.unwrap(),
            desk,
            told: told.to_owned(),
            task,
        };
        let (mut events, file) = (Events::of(&run.app), told.join("events"));
        tokio::spawn(async move {
            while let Some(bundle) = events.next().await {
                append(&file, &json!(bundle));
            }
        });
        run
    }

    fn say(&self, file: &str, what: &Value) {
        append(&self.told.join(file), what);
    }

    fn secret(&self, name: &str) -> &str {
        self.task["secrets"][name].as_str().unwrap()
    }

    /// Runs a command as the window would; its reply, `null` for a refusal.
    async fn call(&self, name: &str, request: Value) -> Value {
        let (_, effect) = COMMANDS.iter().find(|(known, _)| *known == name).unwrap();
        let (reply, value) = match dispatch(&self.app, *effect, name, request).await {
            Ok(value) => (value.clone(), value),
            // As the window gets it, and as a log would.
            Err(failure) => (json!([failure, format!("{failure:?}")]), Value::Null),
        };
        self.say("replies", &json!({ name: reply }));
        value
    }

    async fn offer(&self, name: &str) -> Value {
        let request = json!({ "secret": self.secret(name) });
        self.call("secret_offer", request).await["handle"].clone()
    }

    async fn copied(&self, name: &str) -> Value {
        *self.desk.clipboard.lock().unwrap() = Clipboard::Text(self.secret(name).to_owned());
        self.call("secret_from_clipboard", json!({})).await["handle"].clone()
    }

    async fn test(&self, link: &Value, credential: Value) -> Value {
        let request = json!({ "provider": "ekodb", "link": link, "credential": credential, "deployment": null });
        self.call("link_test", request).await
    }

    async fn vault_and_offers(&self) {
        let passphrase = json!({ "passphrase": { "secret": self.secret("passphrase") } });
        self.call("vault_setup", passphrase).await;
        let modern = &self.task["modern"];
        for handle in [
            self.offer("typed and forgotten").await,
            self.copied("from the clipboard and forgotten").await,
        ] {
            self.call("secret_forget", json!({ "handle": handle }))
                .await;
        }
        for name in ["typed, tested and left", "typed, awkward"] {
            let handle = self.offer(name).await;
            assert_eq!(self.test(modern, handle).await["ok"], false);
        }
        let handle = self.offer("typed and refused").await;
        assert_eq!(self.add("refused", modern, &handle).await, Value::Null);
        let malformed = self.secret("in a request that is malformed");
        for request in [
            json!({ "secret": malformed, "more": malformed }),
            json!({ "secret": [malformed] }),
            json!({ malformed: malformed }),
        ] {
            assert_eq!(self.call("secret_offer", request).await, Value::Null);
        }
        let mut address = modern.clone();
        let with = format!("https://user:{}@", self.secret("in an address"));
        address["url"] = json!(modern["url"].as_str().unwrap().replace("https://", &with));
        self.test(&address, Value::Null).await;
        self.add("address", &address, &Value::Null).await;
    }

    async fn add(&self, name: &str, link: &Value, credential: &Value) -> Value {
        let request = json!({ "name": name, "environment": "staging", "provider": "ekodb", "link": link,
            "credential": credential });
        self.call("deployment_add", request).await["deployment"].clone()
    }

    async fn deployments(&self) {
        let (modern, legacy) = (&self.task["modern"], &self.task["legacy"]);
        let handle = self.offer("credential, typed").await;
        assert_eq!(self.test(modern, handle.clone()).await["ok"], true);
        let first = self.add(NAMES[0], modern, &handle).await;
        let handle = self.copied("credential, from the clipboard").await;
        assert!(self.add(NAMES[1], legacy, &handle).await.is_string());
        self.settled().await;
        let handle = self.offer("credential, changed").await;
        let edit = json!({ "deployment": first, "name": NAMES[0], "environment": "test", "link": modern,
            "credential": handle });
        assert_eq!(self.call("deployment_edit", edit).await, json!({}));
        self.call("sync_start", json!({ "deployment": null })).await;
        self.settled().await;
    }

    async fn settled(&self) {
        loop {
            let all = self.call("deployments_list", json!({})).await;
            let resting = |one: &Value| one["syncing"] == json!(false);
            if all.as_array().unwrap().iter().all(resting) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn keys(&self) -> Vec<Value> {
        let page = self.call("keys_list", core_tests::keys_query("")).await;
        page["rows"].as_array().unwrap().clone()
    }

    async fn reads(&self) {
        for name in ["app_state", "providers_list", "operations_open"] {
            self.call(name, json!({})).await;
        }
        let keys = self.keys().await;
        assert_eq!(keys.len(), 7, "{keys:#?}");
        for key in keys {
            let one = json!({ "key": key["id"] });
            self.call("key_show", one.clone()).await;
            let page = json!({ "key": key["id"], "text": "", "offset": 0, "limit": 200 });
            self.call("key_rights", page).await;
            self.call("draft_open", one).await;
            let page = json!({ "key": key["id"], "offset": 0, "limit": 200 });
            self.call("draft_rows", page).await;
            let deployment = json!({ "deployment": key["deployment"] });
            self.call("deployment_link", deployment.clone()).await;
            self.call("deployment_remove_preview", deployment).await;
            let orders = json!({ "deployment": key["deployment"], "resource": "orders" });
            self.call("resource_fields", orders).await;
        }
    }

    async fn edits(&self) {
        for label in ["edited by its value", "listed and echoed"] {
            let keys = self.keys().await;
            let key = keys.iter().find(|key| key["label"] == label).unwrap()["id"].clone();
            let all = json!({ "state": "all" });
            let row = json!({ "kind": "collection", "resource": "orders", "cells": [all, all] });
            let one = json!({ "key": key });
            let changes = json!({ "key": key, "changes": [row] });
            self.call("draft_save", changes).await;
            let plan = self.call("rights_review", one.clone()).await["plan"].clone();
            let apply = json!({ "key": key, "plan": plan });
            let started = self.call("rights_apply", apply).await;
            let operation = json!({ "operation": started["operation"] });
            loop {
                let view = self.call("operation_show", operation.clone()).await;
                if ["done", "differs", "stopped"].contains(&view["state"].as_str().unwrap()) {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            self.settled().await;
            self.call("operation_undo", operation).await;
            let empty = json!({ "key": key, "changes": [] });
            self.call("draft_save", empty).await;
        }
    }

    async fn lock(&self) {
        self.call("vault_lock", json!({})).await;
        self.call("app_state", json!({})).await;
        for name in ["wrong passphrase", "passphrase"] {
            let typed = json!({ "passphrase": { "secret": self.secret(name) } });
            self.call("vault_unlock", typed).await;
        }
        self.settled().await;
        // Events come in bundles, a while after what they tell of.
        let events = self.told.join("events");
        while !std::fs::read_to_string(&events).is_ok_and(|told| told.contains("locked")) {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    }
}

fn append(file: &Path, what: &Value) {
    let mut options = std::fs::OpenOptions::new();
    let mut file = options.create(true).append(true).open(file).unwrap();
    writeln!(file, "{what}").unwrap();
}
