//! A display of one's own, and hands on its keys: what a driver cannot reach, a person at the screen can.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};
use x11rb::{
    connection::Connection,
    protocol::{
        xproto::{
            AtomEnum, ConnectionExt as _, InputFocus, KEY_PRESS_EVENT, KEY_RELEASE_EVENT, MapState,
            Window,
        },
        xtest::ConnectionExt as _,
    },
    rust_connection::RustConnection,
    wrapper::ConnectionExt as _,
};

/// A virtual display, ended with its owner.
pub(crate) struct Display {
    server: Child,
    /// Its name, for `DISPLAY`.
    pub(crate) name: String,
}

impl Display {
    /// Starts one.
    pub(crate) fn start() -> Self {
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1920x1200x24"])
            .args(["-nolisten", "tcp", "-noreset"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb: scripts/system-packages test brings it");
        let mut number = String::new();
        BufReader::new(server.stdout.take().unwrap())
            .read_line(&mut number)
            .unwrap();
        let name = format!(":{}", number.trim());
        Self { server, name }
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        // One that has ended already is no error.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// The Return key.
pub const RETURN: u32 = 0xff0d;

/// A person in front of the display of this process.
pub struct Person {
    screen: RustConnection,
    root: Window,
}

impl Person {
    /// Sits down.
    pub fn sits() -> Self {
        let (screen, at) = x11rb::connect(None).unwrap();
        let root = screen.setup().roots[at].root;
        Self { screen, root }
    }

    /// The windows of a process that are on the screen.
    pub fn sees(&self, process: u32) -> Vec<Window> {
        let pid = self.screen.intern_atom(false, b"_NET_WM_PID").unwrap();
        let pid = pid.reply().unwrap().atom;
        let tree = self.screen.query_tree(self.root).unwrap().reply().unwrap();
        let is_theirs = |window: &Window| {
            let asked = self
                .screen
                .get_property(false, *window, pid, AtomEnum::CARDINAL, 0, 1);
            // A window may go between the two looks.
            let property = asked.unwrap().reply().ok();
            let owner = property.and_then(|property| property.value32()?.next());
            let state = self.screen.get_window_attributes(*window).unwrap().reply();
            owner == Some(process) && state.is_ok_and(|one| one.map_state == MapState::VIEWABLE)
        };
        tree.children.into_iter().filter(is_theirs).collect()
    }

    /// Takes a window off the screen.
    pub fn hides(&self, window: Window) {
        self.screen.unmap_window(window).unwrap();
        self.screen.sync().unwrap();
    }

    /// Puts it back.
    pub fn shows(&self, window: Window) {
        self.screen.map_window(window).unwrap();
        self.screen.sync().unwrap();
    }

    /// Presses a key in a window. A window that is going takes none.
    pub fn presses(&self, key: u32, window: Window) {
        let setup = self.screen.setup();
        let (first, last) = (setup.min_keycode, setup.max_keycode);
        let map = self.screen.get_keyboard_mapping(first, last - first + 1);
        let map = map.unwrap().reply().unwrap();
        let per = usize::from(map.keysyms_per_keycode);
        let at = map.keysyms.chunks(per).position(|one| one[0] == key);
        let code = first + u8::try_from(at.expect("a key of the keyboard")).unwrap();
        let focus = self
            .screen
            .set_input_focus(InputFocus::PARENT, window, x11rb::CURRENT_TIME);
        if focus.unwrap().check().is_err() {
            return;
        }
        for event in [KEY_PRESS_EVENT, KEY_RELEASE_EVENT] {
            let sent = self
                .screen
                .xtest_fake_input(event, code, 0, self.root, 0, 0, 0);
            sent.unwrap().check().unwrap();
        }
    }
}
