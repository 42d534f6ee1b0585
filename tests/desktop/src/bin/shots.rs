//! Pictures of the real window for people to look at: three sizes, both themes.
//!
//! `shots FOLDER` writes `NAME-WIDTHxHEIGHT-THEME.png` into it.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a tool for whoever works on the screen"
)]

use desktop_tests::{Console, Home, kill, matching};
use serde_json::json;
use std::path::{Path, PathBuf};

const SIZES: [(u32, u32); 3] = [(960, 600), (1280, 800), (1920, 1080)];

#[tokio::main]
async fn main() {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap());
    std::fs::create_dir_all(&folder).unwrap();
    let home = Home::new();
    let console = Console::open(&home, "sample").await;
    console.wait_for_text("41 keys").await;
    console.resize(1280, 800).await;
    console.press_text("/").await;
    console.press_text("billing").await;
    console
        .wait_for(
            "the filter",
            "document.querySelectorAll('main [data-row]').length === 3",
        )
        .await;
    click(&console, "main [data-row][aria-label*=\"shop-eu\"]").await;
    console.wait_for_text("Fingerprint").await;
    filter(&console, "").await;
    console
        .wait_for(
            "all keys",
            "document.querySelectorAll('main [data-row]').length > 12",
        )
        .await;
    for theme in ["light", "dark"] {
        set_theme(&console, theme).await;
        for (width, height) in SIZES {
            console.resize(width, height).await;
            save(&console, &folder, &format!("keys-{width}x{height}-{theme}")).await;
        }
        console.resize(1280, 800).await;
        filter(&console, "env:production ").await;
        save(&console, &folder, &format!("production-1280x800-{theme}")).await;
        filter(&console, "").await;
        console.press_text("?").await;
        save(&console, &folder, &format!("shortcuts-1280x800-{theme}")).await;
        console.press_text("\u{e00c}").await;
        dialogs(&console, &home, &folder, theme).await;
    }
    for server in matching(&["sample-servers", &home.folder().display().to_string()]) {
        kill(server);
    }
    console.press_text("r").await;
    console
        .wait_for_text("3 deployments are not up to date")
        .await;
    set_theme(&console, "light").await;
    save(&console, &folder, "offline-1280x800-light").await;
    console.close().await;

    // Held for as long as the program runs: its data goes with it.
    let home = Home::new();
    let console = Console::open(&home, "default").await;
    console.wait_for_text("sample servers").await;
    console.resize(1280, 800).await;
    for theme in ["light", "dark"] {
        set_theme(&console, theme).await;
        save(&console, &folder, &format!("first-run-1280x800-{theme}")).await;
    }
    console.close().await;
}

/// Adding a deployment, from a half-filled form to a test that warns, and removing one.
async fn dialogs(console: &Console, home: &Home, folder: &Path, theme: &str) {
    let list = home.folder().join("keystead/sample/servers/servers.json");
    let list: serde_json::Value = serde_json::from_slice(&std::fs::read(list).unwrap()).unwrap();
    let text = |name: &str| list["servers"][0][name].as_str().unwrap().to_owned();
    let fill = |selector: &str, value: &str| {
        format!(
            "const box = document.querySelector({}); box.value = {}; \
            box.dispatchEvent(new Event('input', {{ bubbles: true }})); \
            box.dispatchEvent(new Event('change', {{ bubbles: true }}));",
            json!(selector),
            json!(value)
        )
    };
    let name = |kind: &str| format!("link-{kind}-1280x800-{theme}");
    click(console, "nav .foot button").await;
    console.wait_for_text("Add a deployment").await;
    save(console, folder, &name("empty")).await;
    for (selector, value) in [
        ("#link-name", "shop-eu-2"),
        ("#link-url", text("url").as_str()),
        ("dialog input[type=password]", text("credential").as_str()),
    ] {
        console
            .page
            .execute(&fill(selector, value), vec![])
            .await
            .unwrap();
    }
    console.wait_for_text("SHA-256").await;
    click(console, "dialog .radios label").await;
    let tester = "dialog .foot .push button";
    click(console, tester).await;
    console.wait_for_text("could not prove who it is").await;
    save(console, folder, &name("failed")).await;
    click(console, "dialog .fold").await;
    click(console, "dialog .fold + .inside label:nth-of-type(2)").await;
    let pem = fill("dialog textarea", &text("ca"));
    console.page.execute(&pem, vec![]).await.unwrap();
    click(console, tester).await;
    console.wait_for_text("has the same address").await;
    save(console, folder, &name("tested")).await;
    click(console, "dialog .fold").await;
    console.resize(960, 600).await;
    save(console, folder, &format!("link-tested-960x600-{theme}")).await;
    console.resize(1280, 800).await;
    console.press_text("\u{e00c}").await;
    let hover = "document.querySelector('nav .row .more button').focus()";
    console.page.execute(hover, vec![]).await.unwrap();
    save(console, folder, &name("sidebar")).await;
    click(console, "nav .row .more button").await;
    console.wait_for_text("The saved one stays").await;
    save(console, folder, &name("edit")).await;
    click(console, "dialog .foot button").await;
    console.wait_for_text("What stays").await;
    save(console, folder, &name("remove")).await;
    console.press_text("\u{e00c}").await;
}

async fn click(console: &Console, selector: &str) {
    console
        .page
        .find(fantoccini::Locator::Css(selector))
        .await
        .unwrap()
        .click()
        .await
        .unwrap();
}

/// Puts this into the search field, over what is there.
async fn filter(console: &Console, text: &str) {
    let set = format!(
        "document.querySelectorAll('[role=search] button.token').forEach(chip => chip.click()); \
        const box = document.querySelector('[role=search] input'); box.value = {}; \
        box.dispatchEvent(new Event('input', {{ bubbles: true }})); box.blur();",
        json!(text)
    );
    console.page.execute(&set, vec![]).await.unwrap();
}

async fn set_theme(console: &Console, theme: &str) {
    let set = format!("document.documentElement.dataset.theme = {}", json!(theme));
    console.page.execute(&set, vec![]).await.unwrap();
}

async fn save(console: &Console, folder: &Path, name: &str) {
    let file = folder.join(format!("{name}.png"));
    std::fs::write(&file, console.picture().await).unwrap();
    println!("{}", file.display());
}
