//! A console under a driver.

use crate::processes::{children, command_lines, is_running};
use fantoccini::{Client, ClientBuilder, Locator, key::Key, wd::Capabilities};
use serde_json::{Value, json};
use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::Stdio,
    time::{Duration, Instant},
};
use tempfile::TempDir;
use tokio::process::{Child, Command};

/// How long anything may take on a busy machine before the test gives up.
const PATIENCE: Duration = Duration::from_mins(1);

/// Where the console's data lies; outlives a console.
pub struct Home {
    folder: TempDir,
}

impl Home {
    /// An empty one.
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// The folder that stands for the person's data folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

/// The console in its real window.
pub struct Console {
    /// The driver's end of it.
    pub page: Client,
    driver: Child,
}

impl Console {
    /// Starts the program on a profile below `home` and waits until it has painted what it knows.
    pub async fn open(home: &Home, profile: &str) -> Self {
        let console = Self::start(home, profile).await;
        console
            .wait_for(
                "the first data",
                "document.documentElement.dataset.ready === 'true'",
            )
            .await;
        console
    }

    /// Starts the program and does not wait for anything to show.
    pub async fn start(home: &Home, profile: &str) -> Self {
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let driver = Command::new("WebKitWebDriver")
            .args(["--host=127.0.0.1", &format!("--port={port}")])
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .env("XDG_DATA_HOME", home.folder())
            .env("XDG_CACHE_HOME", home.folder().join("cache"))
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("WebKitWebDriver is installed");
        let options = json!({ "binary": program(), "args": ["--profile", profile] });
        let mut wanted = Capabilities::new();
        wanted.insert("webkitgtk:browserOptions".to_owned(), options);
        let began = Instant::now();
        let page = loop {
            let mut connect = ClientBuilder::new(connector());
            match connect
                .capabilities(wanted.clone())
                .connect(&format!("http://127.0.0.1:{port}"))
                .await
            {
                Ok(page) => break page,
                Err(error) if began.elapsed() > PATIENCE => panic!("no session: {error}"),
                Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
            }
        };
        Self { page, driver }
    }

    /// The program's process.
    pub fn process(&self) -> u32 {
        let drivers = self.driver.id().into_iter().flat_map(children);
        let mut programs = drivers.filter(|id| {
            let lines = command_lines();
            let name = program().display().to_string();
            lines
                .iter()
                .any(|(other, line)| other == id && line.starts_with(&name))
        });
        programs.next().expect("the console runs")
    }

    /// The value of an expression in the page.
    pub async fn eval(&self, expression: &str) -> Value {
        self.page
            .execute(&format!("return ({expression});"), vec![])
            .await
            .unwrap()
    }

    /// Waits until an expression in the page is true.
    pub async fn wait_for(&self, what: &str, expression: &str) {
        let began = Instant::now();
        while self.eval(expression).await != json!(true) {
            if began.elapsed() > PATIENCE {
                let page = self.eval("document.body.innerText").await;
                panic!(
                    "waited in vain for {what} ({expression}); the page says:\n{}",
                    page.as_str().unwrap_or("")
                );
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Waits until the page's text contains this.
    pub async fn wait_for_text(&self, text: &str) {
        let expression = format!("document.body.innerText.includes({})", json!(text));
        self.wait_for(text, &expression).await;
    }

    /// The rows of the key list that are drawn, top to bottom, each as the sentence that it reads as.
    pub async fn rows(&self) -> Vec<String> {
        let rows = "[...document.querySelectorAll('main [role=grid] [data-row]')]";
        let sentences = format!(
            "{rows}.sort((a, b) => a.getAttribute('aria-rowindex') - b.getAttribute('aria-rowindex'))\
            .map(row => row.getAttribute('aria-label'))"
        );
        serde_json::from_value(self.eval(&sentences).await).unwrap()
    }

    /// Clicks on the element once it is there. The page may draw it anew between the two looks, and is then
    /// asked again.
    pub async fn click(&self, place: Locator<'_>) {
        let began = Instant::now();
        loop {
            let clicked = match self.page.find(place).await {
                Ok(element) => element.click().await,
                Err(missing) => Err(missing),
            };
            match clicked {
                Ok(()) => return,
                Err(error) if began.elapsed() > PATIENCE => {
                    panic!("cannot click {place:?}: {error}")
                }
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    }

    /// Types into the element of that selector.
    pub async fn type_into(&self, selector: &str, text: &str) {
        self.page
            .find(Locator::Css(selector))
            .await
            .unwrap()
            .send_keys(text)
            .await
            .unwrap();
    }

    /// Presses one key wherever the focus is.
    pub async fn press(&self, key: Key) {
        self.press_text(&String::from(char::from(key))).await;
    }

    /// Presses a character key wherever the focus is. An element that was drawn anew meanwhile took no key.
    pub async fn press_text(&self, text: &str) {
        let began = Instant::now();
        loop {
            let pressed = match self.page.active_element().await {
                Ok(element) => element.send_keys(text).await,
                Err(missing) => Err(missing),
            };
            match pressed {
                Ok(()) => return,
                Err(error) if began.elapsed() > PATIENCE => {
                    panic!("cannot press {text:?}: {error}")
                }
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    }

    /// Gives the window's content this size, px.
    pub async fn resize(&self, width: u32, height: u32) {
        self.page.set_window_size(width, height).await.unwrap();
        let expression = format!("innerWidth === {width} && innerHeight === {height}");
        self.wait_for("the new size", &expression).await;
    }

    /// A picture of the window, PNG.
    pub async fn picture(&self) -> Vec<u8> {
        // Two frames, so that what was just changed is painted.
        let painted = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))";
        self.page
            .execute_async(&format!("{painted}.then(arguments[0]);"), vec![])
            .await
            .unwrap();
        // The driver takes the next frame, and where nothing moves there is none: something that nobody sees does.
        let script = "window.drawing = setInterval(() => document.body.toggleAttribute('data-drawn'), 50);
            document.adoptedStyleSheets = [new CSSStyleSheet()];
            document.adoptedStyleSheets[0].replaceSync('[data-drawn] { outline: 1px solid transparent }');";
        self.page.execute(script, vec![]).await.unwrap();
        let picture = self.page.screenshot().await.unwrap();
        let stop = "clearInterval(window.drawing); document.adoptedStyleSheets = [];";
        self.page.execute(stop, vec![]).await.unwrap();
        picture
    }

    /// Ends the session. The driver ends the console then, but answers before it has: it is given the time.
    pub async fn close(mut self) {
        let console = self
            .driver
            .id()
            .into_iter()
            .flat_map(children)
            .collect::<Vec<_>>();
        self.page.close().await.unwrap();
        let began = Instant::now();
        while console.iter().any(|id| is_running(*id)) {
            assert!(
                began.elapsed() < PATIENCE,
                "the driver does not end the console"
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        self.driver.kill().await.unwrap();
    }
}

impl Console {
    /// Ends a console whose page the driver has lost, and the driver.
    pub async fn abandon(mut self) {
        let console = self.process();
        crate::processes::kill(console);
        self.driver.kill().await.unwrap();
    }
}

/// The program beside this test's own folder.
pub fn program() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let folder = test
        .ancestors()
        .find(|folder| folder.join("keystead").is_file());
    folder
        .expect("build the keystead package with --features driver first")
        .join("keystead")
}

fn connector() -> hyper_util::client::legacy::connect::HttpConnector {
    hyper_util::client::legacy::connect::HttpConnector::new()
}
