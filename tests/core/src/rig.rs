//! A core and a server, both real, on scratch ground.

use crate::Watch;
use app::{
    App, Checkpoint, Code, Desk, Failure, KeyringWait, PassphraseCost, Profile, Rhythm, Start,
    Timing, VaultCare, deployments::NewLink,
};
use async_trait::async_trait;
use domain::{Clock, DeploymentId, Environment, LinkSpec, Secret, TlsMinimum, Trust, UnixMs};
use serde_json::{Value, json};
use simulators::{
    Control, Server, TlsMode,
    ekodb::{self, Collection, Grant, Key, Options, World},
};
use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, AtomicUsize, Ordering},
    },
    time::Duration,
};
use tempfile::TempDir;

/// Waits short enough for a test of what never comes.
pub const SHORT: Timing = Timing {
    connect: Duration::from_secs(5),
    read: Duration::from_millis(700),
    total: Duration::from_millis(1_500),
    retry_wait: Duration::from_millis(5),
    retries: 2,
};

/// A passphrase that costs nothing, and a keyring that is not waited for.
pub const CARE: VaultCare = VaultCare {
    keyring: KeyringWait {
        background: Duration::from_millis(700),
        interactive: Duration::from_millis(700),
    },
    passphrase: PassphraseCost {
        memory: 8,
        passes: 1,
        lanes: 1,
    },
};

/// The day on which all tests happen.
pub const TODAY: i64 = 1_795_305_600_000; // 2026-11-22T00:00:00Z
const DAY: i64 = 86_400_000;

/// A clock that stands until it is told to move.
#[derive(Debug)]
pub struct TestClock(AtomicI64);

impl TestClock {
    /// One that stands at this time, Unix milliseconds.
    pub fn at(ms: i64) -> Self {
        Self(AtomicI64::new(ms))
    }

    /// Moves it forward.
    pub fn advance(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> UnixMs {
        UnixMs(self.0.load(Ordering::SeqCst))
    }
}

/// A desktop that writes down what it was asked.
#[derive(Debug, Default)]
pub struct Record {
    /// How often the sample profile was to be opened.
    pub samples_opened: AtomicUsize,
    /// How often the window was destroyed and opened again.
    pub windows_renewed: AtomicUsize,
    /// What lies on the clipboard.
    pub clipboard: Mutex<Clipboard>,
    /// Held while laying a text on the clipboard is to take its time.
    pub laying: tokio::sync::Mutex<()>,
    /// How often a text was to be laid on the clipboard.
    pub lays: AtomicUsize,
    /// What a person picks in the next dialogs; `None` outside: there is no dialog.
    pub picks: Mutex<Option<Option<PathBuf>>>,
}

/// A clipboard in one of its states.
#[derive(Debug, Default)]
pub enum Clipboard {
    /// Nothing, or no text.
    #[default]
    Empty,
    /// A text.
    Text(String),
    /// The desktop does not hand it over.
    Broken,
}

#[async_trait]
impl Desk for Record {
    async fn open_samples(&self) -> Result<(), Failure> {
        self.samples_opened.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }

    async fn clipboard_text(&self) -> Result<Option<Secret>, Failure> {
        match &*self.clipboard.lock().unwrap() {
            Clipboard::Empty => Ok(None),
            Clipboard::Text(text) => Ok(Some(Secret::new(text.clone()))),
            Clipboard::Broken => Err(Failure::new(Code::ClipboardUnreadable)),
        }
    }

    async fn lay_on_clipboard(&self, text: &Secret) -> Result<(), Failure> {
        self.lays.fetch_add(1, Ordering::SeqCst);
        let _turn = self.laying.lock().await;
        let mut clipboard = self.clipboard.lock().unwrap();
        if matches!(*clipboard, Clipboard::Broken) {
            return Err(Failure::new(Code::ClipboardUnwritable));
        }
        // EXPOSE: what a real clipboard would hold.
        *clipboard = Clipboard::Text(text.expose().to_owned());
        Ok(())
    }

    async fn pick_file(&self, _: &str) -> Result<Option<PathBuf>, Failure> {
        self.picks
            .lock()
            .unwrap()
            .clone()
            .ok_or_else(|| Failure::new(Code::DialogUnavailable))
    }

    async fn renew_window(&self) {
        self.windows_renewed.fetch_add(1, Ordering::SeqCst);
    }

    async fn clear_clipboard_of(&self, text: &Secret) -> bool {
        let mut clipboard = self.clipboard.lock().unwrap();
        let unchanged =
            matches!(&*clipboard, Clipboard::Text(held) if held.trim() == text.expose());
        if unchanged {
            *clipboard = Clipboard::Empty;
        }
        unchanged
    }
}

/// A core on a scratch sample profile, with one server of known content.
pub struct Rig {
    /// The core.
    pub app: Arc<App>,
    /// Its clock.
    pub clock: Arc<TestClock>,
    /// Its desktop.
    pub desk: Arc<Record>,
    /// Steps in at the boundaries of an operation.
    pub watch: Arc<Watch>,
    /// The server; `None` once it was stopped.
    pub server: Option<Server>,
    /// The server's controls.
    pub control: Control,
    /// The secret that Keystead logs in with.
    pub admin: String,
    /// The deployment.
    pub deployment: DeploymentId,
    folder: TempDir,
}

impl Rig {
    /// With a server that works.
    pub async fn new() -> Self {
        Self::with(Options::default(), |_| {}).await
    }

    /// With a server of these options, its content changed by `edit`.
    pub async fn with(options: Options, edit: impl FnOnce(&mut World)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (mut world, admin) = world();
        edit(&mut world);
        let options = Options {
            now_ms: Some(TODAY),
            ..options
        };
        let server = ekodb::start(options, world).await.unwrap();
        let watch = Arc::new(Watch::default());
        let (app, clock, desk) =
            open(folder.path(), Arc::clone(&watch) as Arc<dyn Checkpoint>).await;
        let deployment = add(&app, &server, &admin).await.unwrap();
        let control = server.control();
        Self {
            app,
            clock,
            desk,
            watch,
            server: Some(server),
            control,
            admin,
            deployment,
            folder,
        }
    }

    /// With a server of this certificate.
    pub async fn with_tls(tls: TlsMode) -> Self {
        Self::with(
            Options {
                tls,
                ..Options::default()
            },
            |_| {},
        )
        .await
    }

    /// The folder above the profile's.
    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    /// The profile's database file.
    pub fn database(&self) -> PathBuf {
        self.root().join("sample/keystead.db")
    }

    /// Ends the core and starts another on the same profile.
    pub async fn restart(self) -> Self {
        self.restart_after(async |_| ()).await
    }

    /// Ends the core, lets `between` have the folder above the profile to itself, and starts another core.
    pub async fn restart_after(mut self, between: impl AsyncFnOnce(&Path)) -> Self {
        self.app.stop().await;
        let (now, folder) = (self.clock.now(), self.folder);
        drop(self.app);
        between(folder.path()).await;
        (self.app, self.clock, self.desk) = open(
            folder.path(),
            Arc::clone(&self.watch) as Arc<dyn Checkpoint>,
        )
        .await;
        self.clock.0.store(now.0, Ordering::SeqCst);
        Self { folder, ..self }
    }

    /// Runs a command as the window would, by the right door.
    pub async fn call(&self, name: &str, request: Value) -> Result<Value, Failure> {
        let effect = app::commands::COMMANDS
            .iter()
            .find(|(known, _)| *known == name)
            .unwrap()
            .1;
        app::commands::dispatch(&self.app, effect, name, request).await
    }

    /// The way to the server, as the window would name it.
    pub fn link(&self) -> Value {
        let (url, pem) = way_to(self.server.as_ref().unwrap());
        json!({ "url": url, "trust": { "kind": "own_ca", "pem": pem }, "tls_minimum": "tls13",
            "allow_plain_loopback": false })
    }

    /// Offers a secret as if it were typed; its handle.
    pub async fn offer(&self, secret: &str) -> Value {
        let offered = self.call("secret_offer", json!({ "secret": secret })).await;
        offered.unwrap()["handle"].clone()
    }

    /// Synchronises and waits for the end; the deployment as the sidebar then shows it.
    pub async fn sync(&self) -> Value {
        let id = self.deployment.to_string();
        self.call("sync_start", json!({ "deployment": id }))
            .await
            .unwrap();
        self.settled().await
    }

    /// Waits until nothing is under way; the deployment as the sidebar then shows it.
    pub async fn settled(&self) -> Value {
        loop {
            let view = self.deployment_view().await;
            if view["syncing"] == json!(false) {
                return view;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// The deployment as the sidebar shows it.
    pub async fn deployment_view(&self) -> Value {
        self.call("deployments_list", json!({})).await.unwrap()[0].clone()
    }

    /// The first 200 keys by name.
    pub async fn keys(&self) -> Vec<Value> {
        let page = self.call("keys_list", keys_query("")).await.unwrap();
        page["rows"].as_array().unwrap().clone()
    }

    /// Everything that the screen can learn of keys, rights and resources, for comparing.
    pub async fn picture(&self) -> Value {
        let mut keys = Vec::new();
        for row in self.keys().await {
            let key = row["id"].clone();
            let shown = self.call("key_show", json!({ "key": key })).await.unwrap();
            let request = json!({ "key": key, "text": "", "offset": 0, "limit": 200 });
            keys.push(json!([
                shown,
                self.call("key_rights", request).await.unwrap()
            ]));
        }
        json!(keys)
    }
}

/// A request for the first page of keys that contain `text`.
pub fn keys_query(text: &str) -> Value {
    json!({ "text": text, "deployment": null, "environment": null, "sort": "name", "descending": false,
        "offset": 0, "limit": 200 })
}

/// A core on the sample profile below `root`, on the day of all tests.
pub async fn open(
    root: &Path,
    checkpoint: Arc<dyn Checkpoint>,
) -> (Arc<App>, Arc<TestClock>, Arc<Record>) {
    let clock = Arc::new(TestClock::at(TODAY));
    let desk = Arc::new(Record::default());
    let start = Start {
        profile: Profile::take(root, Profile::SAMPLE).unwrap(),
        clock: Arc::clone(&clock) as Arc<dyn Clock>,
        desk: Arc::clone(&desk) as Arc<dyn Desk>,
        timing: SHORT,
        rhythm: Rhythm {
            proof_waits: [Duration::from_millis(5); 3],
            ..Rhythm::PRODUCTION
        },
        vault: CARE,
        checkpoint,
    };
    (App::start(start).await.unwrap(), clock, desk)
}

/// Address and authority of a server.
fn way_to(server: &Server) -> (String, String) {
    // A server without TLS is asked for by https all the same.
    let url = server.url().replace("http://", "https://");
    let pem = if server.ca_pem().is_empty() {
        authority()
    } else {
        server.ca_pem()
    };
    (url, pem)
}

/// Adds `server` under the name `shop`.
async fn add(app: &App, server: &Server, credential: &str) -> Result<DeploymentId, Failure> {
    let (url, pem) = way_to(server);
    let link = LinkSpec {
        url,
        trust: Trust::OwnCa { pem },
        tls_minimum: TlsMinimum::Tls13,
        allow_plain_loopback: false,
    };
    let new = NewLink {
        name: "shop".to_owned(),
        environment: Environment::Production,
        provider: "ekodb".to_owned(),
        link,
        credential: Secret::new(credential.to_owned()),
    };
    app::deployments::add(app, new).await
}

/// An authority that signed nothing.
pub fn authority() -> String {
    let key = rcgen::KeyPair::generate().unwrap();
    rcgen::CertificateParams::new(vec!["nobody".to_owned()])
        .unwrap()
        .self_signed(&key)
        .unwrap()
        .pem()
}

fn world() -> (World, String) {
    let (world, admin) = World::with_admin(TODAY - 400 * DAY);
    let billing = Key::new("billing-worker", TODAY - 88 * DAY)
        .description("Writes invoices")
        .grant("orders", Grant::read())
        .grant(
            "customers",
            Grant::read_write()
                .select(&["id", "email"])
                .writable(&["email"]),
        )
        .grant("invoices", Grant::read_write())
        .grant("attic", Grant::none())
        .kv("session:", true, false);
    let search = Key::new("search-ro", TODAY - 301 * DAY).grant("products", Grant::read());
    let world = ["orders", "customers", "invoices", "products"]
        .into_iter()
        .fold(world, |world, name| {
            world.collection(
                name,
                Collection::new("id:UUID!* email:String name:String", TODAY - 400 * DAY, 3),
            )
        });
    (world.key(billing).key(search), admin)
}

/// Lets another program change the database.
pub async fn alter(database: &Path, sql: &str) {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(database);
    let mut database = <sqlx::SqliteConnection as sqlx::Connection>::connect_with(&options)
        .await
        .unwrap();
    for statement in sql.split(';').map(str::trim).filter(|one| !one.is_empty()) {
        let statement = sqlx::AssertSqlSafe(statement.to_owned());
        sqlx::query(statement).execute(&mut database).await.unwrap();
    }
}

/// Every event of every operation's journal, in order.
pub async fn journal(database: &Path) -> Vec<Value> {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(database);
    let mut database = <sqlx::SqliteConnection as sqlx::Connection>::connect_with(&options)
        .await
        .unwrap();
    let events: Vec<String> = sqlx::query_scalar("SELECT event FROM journal ORDER BY seq")
        .fetch_all(&mut database)
        .await
        .unwrap();
    let events = events
        .iter()
        .map(|event| serde_json::from_str(event).unwrap());
    events.collect()
}

/// How many sealed rows the database has.
pub async fn sealed_rows(database: &Path) -> i64 {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(database);
    let mut database = <sqlx::SqliteConnection as sqlx::Connection>::connect_with(&options)
        .await
        .unwrap();
    sqlx::query_scalar("SELECT count(*) FROM secrets")
        .fetch_one(&mut database)
        .await
        .unwrap()
}
