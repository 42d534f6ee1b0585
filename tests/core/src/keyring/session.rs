//! A session of its own for each proof: message bus, folders, no screen.

#![allow(
    clippy::disallowed_methods,
    reason = "the environment tells a process which part of the proof it is"
)]

use std::env;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::Duration;

use vault::{DataKey, KeyError, Keyring, KeyringEntry, KeyringError, KeyringWait, Patience};

/// Longer than any proof takes: a call that ends by it never ended by itself.
pub const LONG: Duration = Duration::from_mins(10);
/// Long enough for a loaded machine to answer nothing.
pub const SHORT: Duration = Duration::from_millis(300);

const HOME: &str = "KEYSTEAD_PROOF_HOME";
const STEP: &str = "KEYSTEAD_PROOF_STEP";

/// No service starts by itself here: neither a second keyring nor a prompt.
const BARE_BUS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*"/>
    <allow receive_sender="*"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#;

/// What a proof finds around it.
#[derive(Clone, Copy)]
pub enum Around {
    /// A message bus on which nothing starts by itself.
    BareBus,
    /// No bus: this address in the environment, or none.
    NoBus(Option<&'static str>),
}

/// The inside of a session.
pub struct Session {
    proof: String,
    home: PathBuf,
    step: Option<String>,
}

impl Session {
    /// Runs the proof of this name again inside a session, and there `act`. `proof` is its full path, as
    /// the test runner lists it.
    pub fn hold(proof: &str, around: Around, act: impl FnOnce(&Session)) {
        match Self::inside(proof) {
            Some(session) => act(&session),
            None => drop(Self::heard(proof, around)),
        }
    }

    /// The session, where this process is inside one.
    pub fn inside(proof: &str) -> Option<Self> {
        Some(Self {
            home: PathBuf::from(env::var_os(HOME)?),
            proof: proof.to_owned(),
            step: env::var(STEP).ok(),
        })
    }

    /// Runs the proof of this name again inside a session; what it said there.
    pub fn heard(proof: &str, around: Around) -> String {
        let home = tempfile::tempdir().unwrap();
        for folder in ["data", "run", "config", "cache"] {
            let folder = home.path().join(folder);
            fs::create_dir(&folder).unwrap();
            fs::set_permissions(&folder, Permissions::from_mode(0o700)).unwrap();
        }
        let mut command = match around {
            Around::BareBus => {
                let config = home.path().join("bus.conf");
                fs::write(&config, BARE_BUS).unwrap();
                let mut command = Command::new("dbus-run-session");
                command.arg("--config-file").arg(config).arg("--");
                command.arg(env::current_exe().unwrap());
                command
            }
            Around::NoBus(_) => Command::new(env::current_exe().unwrap()),
        };
        for stray in ["DISPLAY", "WAYLAND_DISPLAY", "GNOME_KEYRING_CONTROL"] {
            command.env_remove(stray);
        }
        command.env_remove("DBUS_SESSION_BUS_ADDRESS");
        if let Around::NoBus(Some(address)) = around {
            command.env("DBUS_SESSION_BUS_ADDRESS", address);
        }
        command
            .args(only(proof))
            .env(HOME, home.path())
            .env("HOME", home.path())
            .env("XDG_DATA_HOME", home.path().join("data"))
            .env("XDG_RUNTIME_DIR", home.path().join("run"))
            .env("XDG_CONFIG_HOME", home.path().join("config"))
            .env("XDG_CACHE_HOME", home.path().join("cache"));
        let ran = command.output().expect(
            "dbus-run-session and gnome-keyring-daemon: scripts/system-packages test brings them",
        );
        let told = format!(
            "{}\n{}",
            String::from_utf8_lossy(&ran.stdout),
            String::from_utf8_lossy(&ran.stderr)
        );
        assert!(ran.status.success(), "inside the session:\n{told}");
        assert!(told.contains("1 passed"), "nothing ran inside:\n{told}");
        told
    }

    /// The session's folder.
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// The step that this process is, when [`Session::process`] started it.
    pub fn step(&self) -> Option<&str> {
        self.step.as_deref()
    }

    /// Runs the proof once more in a process of its own, as this step of it.
    pub fn process(&self, step: &str) -> Process {
        let child = Command::new(env::current_exe().unwrap())
            .args(only(&self.proof))
            .env(STEP, step)
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        Process(child)
    }
}

/// Another process of the session, ended with its owner.
pub struct Process(Child);

impl Process {
    /// How it ended, if it did within this time.
    pub fn ended_within(&mut self, limit: Duration) -> Option<ExitStatus> {
        let pause = Duration::from_millis(20);
        let mut left = limit;
        loop {
            if let Some(status) = self.0.try_wait().unwrap() {
                return Some(status);
            }
            left = left.checked_sub(pause)?;
            sleep(pause);
        }
    }

    /// Waits for its good end.
    pub fn succeeds(&mut self) {
        let status = self.ended_within(LONG).expect("an end");
        assert!(status.success(), "{status}");
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // One that has ended already is no error.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A runtime that one blocking call would stop.
pub fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}

/// A keyring whose deadlines no proof reaches.
pub fn patient() -> Keyring {
    Keyring::new(KeyringWait {
        background: LONG,
        interactive: LONG,
    })
}

/// An entry's name, told apart by its last digit.
pub fn entry(last: char) -> KeyringEntry {
    KeyringEntry::new(&format!("0192f3a4-5b6c-7d8e-9f01-23456789abc{last}")).unwrap()
}

/// A new key, as a worker would make it.
pub async fn create(keyring: &Keyring, entry: &KeyringEntry) -> Result<DataKey, KeyError> {
    DataKey::create_in_keyring(keyring, entry, Patience::Background).await
}

/// The key, as a worker would read it.
pub async fn read(keyring: &Keyring, entry: &KeyringEntry) -> Result<DataKey, KeyError> {
    DataKey::read_from_keyring(keyring, entry, Patience::Background).await
}

/// What the keyring said instead of giving a key.
pub fn refusal(result: Result<DataKey, KeyError>) -> KeyringError {
    match result {
        Err(KeyError::Keyring(error)) => error,
        other => panic!("not the keyring's refusal: {other:?}"),
    }
}

fn only(proof: &str) -> [&str; 3] {
    [proof, "--exact", "--nocapture"]
}
