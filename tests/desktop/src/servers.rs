//! Sample servers that a test starts and ends, as the console would.

use crate::program;
use serde_json::Value;
use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

/// The three sample servers, ended with their owner.
pub struct SampleServers {
    process: Child,
    folder: PathBuf,
}

impl SampleServers {
    /// Starts them on this folder.
    pub fn start(folder: &Path) -> Self {
        fs::create_dir_all(folder).unwrap();
        let mut process = Command::new(program())
            .arg("sample-servers")
            .arg(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = String::new();
        BufReader::new(process.stdout.take().unwrap())
            .read_line(&mut said)
            .unwrap();
        assert_eq!(said, "ready\n");
        Self {
            process,
            folder: folder.to_owned(),
        }
    }

    /// One of them, as a person would be told: `name`, `url`, `ca`, `credential`.
    pub fn told(&self, name: &str, what: &str) -> String {
        let list = fs::read(self.folder.join("servers.json")).unwrap();
        let list: Value = serde_json::from_slice(&list).unwrap();
        let servers = list["servers"].as_array().unwrap();
        let server = servers.iter().find(|server| server["name"] == name);
        server.unwrap()[what].as_str().unwrap().to_owned()
    }

    /// What one of them holds.
    pub fn state(&self, name: &str) -> Value {
        let file = self.folder.join(name).join("state.json");
        serde_json::from_slice(&fs::read(file).unwrap()).unwrap()
    }
}

impl Drop for SampleServers {
    fn drop(&mut self) {
        // One that has ended already is no error.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
