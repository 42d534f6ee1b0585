//! A desktop session of one's own around a proof: display, message bus, folders.

use crate::display::Display;
use std::{
    env, fs,
    os::unix::fs::PermissionsExt,
    process::{Command, Stdio},
};

const INSIDE: &str = "KEYSTEAD_DESKTOP_SESSION";

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

/// True inside a session. Outside, runs the proof of this name again in one, and passes if that did.
pub fn is_inside(proof: &str) -> bool {
    if env::var_os(INSIDE).is_some() {
        return true;
    }
    let (home, display) = (tempfile::tempdir().unwrap(), Display::start());
    let mut command = Command::new("dbus-run-session");
    for (variable, name) in [
        ("XDG_DATA_HOME", "data"),
        ("XDG_RUNTIME_DIR", "run"),
        ("XDG_CONFIG_HOME", "config"),
        ("XDG_CACHE_HOME", "cache"),
    ] {
        let folder = home.path().join(name);
        fs::create_dir(&folder).unwrap();
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).unwrap();
        command.env(variable, folder);
    }
    let config = home.path().join("bus.conf");
    fs::write(&config, BARE_BUS).unwrap();
    for stray in [
        "WAYLAND_DISPLAY",
        "GNOME_KEYRING_CONTROL",
        "DBUS_SESSION_BUS_ADDRESS",
    ] {
        command.env_remove(stray);
    }
    let status = command
        .arg("--config-file")
        .arg(config)
        .arg("--")
        .arg(env::current_exe().unwrap())
        .args([proof, "--exact", "--nocapture"])
        .env(INSIDE, "1")
        .env("DISPLAY", &display.name)
        .env("GDK_BACKEND", "x11")
        .stdin(Stdio::null())
        .status()
        .expect("dbus-run-session: scripts/system-packages test brings it");
    assert!(status.success(), "inside the session: {status}");
    false
}
