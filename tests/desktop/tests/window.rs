//! The real window: it starts, shows what was synchronised over HTTPS, and leaves nothing behind.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a proof stops at the first surprise"
)]

use desktop_tests::{Console, Home, kill, matching};
use fantoccini::{Locator, key::Key};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// The console's processes of this home: the console itself and its sample servers.
fn processes(home: &Home) -> Vec<u32> {
    matching(&[
        "keystead",
        "sample-servers",
        &home.folder().display().to_string(),
    ])
}

async fn until_gone(what: &str, alive: impl Fn() -> bool) {
    let began = Instant::now();
    while alive() {
        assert!(
            began.elapsed() < Duration::from_secs(20),
            "{what} still runs"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_of_https_servers_are_listed_filtered_and_shown() {
    let home = Home::new();
    let console = Console::open(&home, "sample").await;
    let list = std::fs::read(home.folder().join("keystead/sample/servers/servers.json")).unwrap();
    let list: Value = serde_json::from_slice(&list).unwrap();
    for server in list["servers"].as_array().unwrap() {
        assert!(
            server["url"]
                .as_str()
                .unwrap()
                .starts_with("https://127.0.0.1:")
        );
    }
    console.wait_for_text("41 keys").await;
    console.wait_for_text("3 deployments").await;
    let rows = console.rows().await;
    assert!(rows.len() > 10, "{rows:#?}");
    assert!(rows[0].contains("billing-worker"), "by name: {}", rows[0]);

    console.press_text("/").await;
    console.press_text("erp").await;
    console
        .wait_for(
            "the filter",
            "document.querySelectorAll('main [data-row]').length === 3",
        )
        .await;
    assert!(
        console
            .rows()
            .await
            .iter()
            .all(|row| row.contains("erp-sync"))
    );
    console.type_into("input", " shop-stg").await;
    console
        .wait_for(
            "the filter",
            "document.querySelectorAll('main [data-row]').length === 1",
        )
        .await;

    console.click(Locator::Css("main [data-row]")).await;
    console
        .wait_for(
            "the side panel",
            "document.querySelector('aside h2, [aria-label] h2')?.innerText === 'erp-sync'",
        )
        .await;
    console.wait_for_text("Fingerprint").await;
    console.wait_for_text("ekoDB keys do not expire").await;
    console
        .click(Locator::XPath(
            "//*[@role='tab'][starts-with(normalize-space(.), 'Limits')]",
        ))
        .await;
    console
        .wait_for_text("ekoDB does not restrict referers")
        .await;
    console.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_content_policy_refuses_nothing_of_ours_and_a_planted_style() {
    let home = Home::new();
    let console = Console::open(&home, "sample").await;
    console.wait_for_text("41 keys").await;
    for key in ["?", "\u{e00c}", "/", "\u{e00c}"] {
        console.press_text(key).await;
    }
    let violations = "document.documentElement.dataset.policyViolations";
    assert_eq!(console.eval(violations).await, json!("0"));
    let font = "getComputedStyle(document.documentElement).getPropertyValue('--sans').trim()";
    let font = console.eval(font).await;
    let font = font.as_str().unwrap();
    assert!(
        font.starts_with('"') && font.ends_with("\", system-ui, sans-serif"),
        "the desktop's own font is named first, not {font}"
    );
    let frozen = "Object.isFrozen(Object.prototype)";
    assert_eq!(console.eval(frozen).await, json!(true));
    assert_eq!(console.eval("'__TAURI__' in window").await, json!(false));
    let plant = "const box = document.createElement('div'); box.innerHTML = '<p style=\"color:red\">planted</p>'; \
        document.body.append(box);";
    console.page.execute(plant, vec![]).await.unwrap();
    console
        .wait_for(
            "the planted style to be counted",
            &format!("{violations} === '1'"),
        )
        .await;
    console.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_its_servers_the_window_shows_the_copy_and_its_age() {
    let home = Home::new();
    let console = Console::open(&home, "sample").await;
    console.wait_for_text("41 keys").await;
    let before = console.rows().await;
    for server in processes(&home) {
        kill(server);
    }
    console
        .page
        .find(Locator::Css("main header button, main button"))
        .await
        .unwrap();
    console.press(Key::Escape).await;
    console.press_text("r").await;
    console.wait_for_text("not up to date").await;
    // The line above the list takes room: fewer rows may be drawn than before.
    assert_eq!(console.rows().await[..10], before[..10], "the list stays");
    console.close().await;

    let console = Console::open(&home, "sample").await;
    console.wait_for_text("41 keys").await;
    console.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_outlives_the_window_however_it_ends() {
    let home = Home::new();
    let console = Console::open(&home, "sample").await;
    assert_eq!(
        processes(&home).len(),
        1,
        "the sample servers are a process of their own"
    );
    console.close().await;
    until_gone("the sample servers", || !processes(&home).is_empty()).await;

    let console = Console::open(&home, "sample").await;
    let window = console.eval("1").await;
    assert_eq!(window, json!(1));
    let servers = processes(&home);
    assert_eq!(servers.len(), 1);
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", servers[0])).unwrap();
    let parent = stat
        .rsplit(") ")
        .next()
        .unwrap()
        .split(' ')
        .nth(1)
        .unwrap()
        .parse()
        .unwrap();
    kill(parent);
    until_gone("the sample servers", || !processes(&home).is_empty()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_window_ends_with_the_process_that_started_it_when_asked_to() {
    let home = Home::new();
    // What `make run` is to the console: a parent that may be killed.
    let script = "\"$1\" --profile sample --with-parent & echo $!; wait";
    let mut parent = std::process::Command::new("sh")
        .args(["-c", script, "sh"])
        .arg(desktop_tests::program())
        .env("XDG_DATA_HOME", home.folder())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let said = parent.stdout.take().unwrap();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(said), &mut line).unwrap();
    let console = format!("/proc/{}", line.trim());
    until_gone("the start", || processes(&home).is_empty()).await;
    assert!(std::path::Path::new(&console).exists());
    parent.kill().unwrap();
    parent.wait().unwrap();
    until_gone("the console", || std::path::Path::new(&console).exists()).await;
    until_gone("the sample servers", || !processes(&home).is_empty()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_start_says_that_the_profile_is_open() {
    let home = Home::new();
    let first = Console::open(&home, "sample").await;
    let second = Console::start(&home, "sample").await;
    second.wait_for_text("is already open").await;
    second.close().await;
    first.wait_for_text("41 keys").await;
    first.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_profile_explains_itself() {
    let home = Home::new();
    let console = Console::open(&home, "default").await;
    console.wait_for_text("sample servers").await;
    assert_eq!(
        processes(&home),
        Vec::<u32>::new(),
        "no servers without being asked"
    );
    console.close().await;
}
