//! What stands behind the doors: a core on scratch ground, its clock, its desktop, its servers.

use crate::servers::Servers;
use app::{App, Code, Desk, Failure, Profile, Rhythm, SampleServers, Start, Timing, Unwatched};
use core_tests::{CARE, Record, TODAY, TestClock};
use domain::Clock;
use rand::RngExt;
use std::{path::PathBuf, sync::Arc, time::Duration};
use tempfile::TempDir;
use tokio::sync::{Mutex, RwLock};

/// What it is started with.
pub(crate) struct Options {
    screen: PathBuf,
    profile: String,
    wait: Duration,
}

impl Options {
    /// The command line; stops with its own words where it cannot be read.
    pub(crate) fn from_arguments(mut arguments: impl Iterator<Item = String>) -> Self {
        let screen = arguments.next().expect("the folder of the screen").into();
        let mut options = Self {
            screen,
            profile: Profile::SAMPLE.to_owned(),
            wait: Duration::from_secs(30),
        };
        while let Some(name) = arguments.next() {
            let value = arguments.next().expect("a value after each name");
            match name.as_str() {
                "--profile" => options.profile = value,
                "--wait" => options.wait = Duration::from_millis(value.parse().unwrap()),
                _ => panic!("no such option: {name}"),
            }
        }
        options
    }
}

/// All of it.
pub(crate) struct Stage {
    pub(crate) screen: PathBuf,
    /// Host and port, as a request names them.
    pub(crate) host: String,
    pub(crate) token: String,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) desk: Arc<Record>,
    pub(crate) servers: Mutex<Servers>,
    /// None only while one core follows another.
    app: RwLock<Option<Arc<App>>>,
    ground: Ground,
}

/// What a core is started on, again and again.
struct Ground {
    folder: TempDir,
    profile: String,
    timing: Timing,
}

impl Stage {
    /// Starts everything, and adds the sample servers to the sample profile as the shell does.
    pub(crate) async fn open(options: Options, host: String) -> Self {
        let clock = Arc::new(TestClock::at(TODAY));
        let desk = Arc::new(Record::default());
        let ground = Ground {
            folder: tempfile::tempdir().unwrap(),
            profile: options.profile,
            timing: Timing {
                connect: options.wait,
                read: options.wait,
                total: options.wait * 2,
                retry_wait: Duration::from_millis(5),
                retries: 2,
            },
        };
        let folder = ground.folder.path().join("servers");
        let servers = Servers::start(&folder, TODAY).await;
        let app = ground.core(&clock, &desk).await.unwrap();
        if ground.profile == Profile::SAMPLE {
            let list = SampleServers::read(&folder.join("servers.json")).unwrap();
            list.add_to(&app).await.unwrap();
        }
        app.keep_in_sync();
        Self {
            screen: options.screen,
            host,
            token: token(),
            clock,
            desk,
            servers: Mutex::new(servers),
            app: RwLock::new(Some(app)),
            ground,
        }
    }

    /// The core.
    pub(crate) async fn app(&self) -> Arc<App> {
        Arc::clone(self.app.read().await.as_ref().unwrap())
    }

    /// Ends the core and starts another on the same ground, as quitting and starting the program does.
    pub(crate) async fn restart(&self) {
        let mut app = self.app.write().await;
        app.take().unwrap().stop().await;
        // Calls that are still under way hold the profile until they have failed.
        let next = loop {
            match self.ground.core(&self.clock, &self.desk).await {
                Ok(next) => break next,
                Err(failure) if failure.code == Code::ProfileInUse => {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
                Err(failure) => panic!("the core does not start again: {failure:?}"),
            }
        };
        next.keep_in_sync();
        *app = Some(next);
    }
}

impl Ground {
    async fn core(&self, clock: &Arc<TestClock>, desk: &Arc<Record>) -> Result<Arc<App>, Failure> {
        App::start(Start {
            profile: Profile::take(self.folder.path(), &self.profile)?,
            clock: Arc::clone(clock) as Arc<dyn Clock>,
            desk: Arc::clone(desk) as Arc<dyn Desk>,
            timing: self.timing.clone(),
            rhythm: Rhythm::PRODUCTION,
            vault: CARE,
            checkpoint: Arc::new(Unwatched),
        })
        .await
    }
}

/// 128 random bits.
fn token() -> String {
    format!("{:032x}", rand::rng().random::<u128>())
}
