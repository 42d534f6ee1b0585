//! A real GNOME Keyring, which can be stopped in its tracks.

use std::fs;
use std::io::Write;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

/// The keyring of one session, ended with its owner.
pub struct Daemon(Child);

impl Daemon {
    /// With a login keyring that is open; it is made where there is none.
    pub fn unlocked() -> Self {
        Self::started(true)
    }

    /// With the keyrings it finds, all of them locked.
    pub fn locked() -> Self {
        Self::started(false)
    }

    fn started(unlock: bool) -> Self {
        let mut command = Command::new("gnome-keyring-daemon");
        command.args(["--foreground", "--components=secrets"]);
        if unlock {
            command.arg("--unlock");
        }
        let mut daemon = command
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .expect("gnome-keyring-daemon: scripts/system-packages test brings it");
        let mut password = daemon.stdin.take().unwrap();
        if unlock {
            password.write_all(b"test\n").unwrap();
        }
        drop(password);
        let daemon = Self(daemon);
        until("the keyring on the bus", is_on_bus);
        daemon
    }

    /// Stops it: it keeps its name and its connection, and answers nothing.
    pub fn stop(&self) {
        self.signal(Signal::STOP);
        let stat = format!("/proc/{}/stat", self.0.id());
        until("the keyring to stand still", || {
            let stat = fs::read_to_string(&stat).unwrap();
            stat.rsplit(')').next().unwrap().starts_with(" T ")
        });
    }

    /// Lets it go on, with all that was asked meanwhile.
    pub fn go_on(&self) {
        self.signal(Signal::CONT);
    }

    fn signal(&self, signal: Signal) {
        let pid = Pid::from_raw(self.0.id().cast_signed()).unwrap();
        kill_process(pid, signal).unwrap();
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // One that has ended already is no error.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn is_on_bus() -> bool {
    let asked = Command::new("dbus-send")
        .args(["--session", "--print-reply", "--dest=org.freedesktop.DBus"])
        .args(["/", "org.freedesktop.DBus.NameHasOwner"])
        .arg("string:org.freedesktop.secrets")
        .output()
        .unwrap();
    String::from_utf8_lossy(&asked.stdout).contains("boolean true")
}

fn until(what: &str, mut done: impl FnMut() -> bool) {
    for _ in 0..1_500 {
        if done() {
            return;
        }
        sleep(Duration::from_millis(20));
    }
    panic!("waited for {what}");
}
