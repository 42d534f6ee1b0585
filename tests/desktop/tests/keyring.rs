//! A fresh profile in the real window, with a real GNOME Keyring: the vault is set up while the keyring hangs for a
//! while, a deployment is added, a right is edited, the console is locked and opened again.
//!
//! A driver's session is bound to the page that it began with, and WebKit lets one context of a program be driven: the
//! window that a lock opens afresh is out of its reach. There a person at the screen goes on, whose key press unlocks,
//! and what came of it is seen in the program's processes and its connections.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a proof stops at the first surprise, and waits by the real clock"
)]

use desktop_tests::{
    Console, Daemon, Home, Person, RETURN, SampleServers, connections_to, is_inside, is_running,
    web_processes,
};
use fantoccini::Locator;
use serde_json::{Value, json};
use std::{
    io::Write,
    time::{Duration, Instant},
};

/// How long anything may take on a busy machine before the test gives up.
const PATIENCE: Duration = Duration::from_mins(1);

/// Counts frames of the page and answers of the core: 120 frames, and 20 answers to two commands each. The longest
/// time between two frames is told in ms, and whether the page still waits for the keyring after all of that.
const FRAMES: &str = r#"
    const [hold, done] = arguments;
    const frames = [];
    let answers = 0;
    const invoke = (name) => window.__TAURI_INTERNALS__.invoke("call_read", { name, args: {} });
    const ask = async () => {
        for (let turn = 0; turn < 20; turn += 1) {
            await invoke("app_state");
            await invoke("deployments_list");
            answers += 2;
        }
    };
    void ask();
    const frame = (now) => {
        frames.push(now);
        if (frames.length === 60 && hold > 0) {
            const until = performance.now() + hold;
            while (performance.now() < until);
        }
        if (frames.length < 120 || answers < 40) return requestAnimationFrame(frame);
        const gaps = frames.slice(1).map((at, before) => at - frames[before]);
        const waiting = document.body.innerText.includes("Waiting for the keyring");
        done({ frames: frames.length, answers, gap: Math.max(...gaps), waiting });
    };
    requestAnimationFrame(frame);
"#;

async fn button(console: &Console, words: &str) {
    let button = format!("//button[not(@disabled)][starts-with(normalize-space(.), '{words}')]");
    console.click(Locator::XPath(&button)).await;
}

async fn choose(console: &Console, words: &str) {
    let label = format!("//label[normalize-space()='{words}']");
    console.click(Locator::XPath(&label)).await;
}

/// `hold`: for how long the page itself stands still in between, ms.
async fn frames(console: &Console, hold: u32) -> Value {
    let measured = console.page.execute_async(FRAMES, vec![json!(hold)]).await;
    measured.unwrap()
}

/// Says a figure where it is heard although the test passes.
fn say(words: &str) {
    let mut out = std::io::stderr().lock();
    out.write_all(format!("{words}\n").as_bytes()).unwrap();
}

async fn until(what: &str, mut done: impl FnMut() -> bool) -> Duration {
    let began = Instant::now();
    while !done() {
        assert!(began.elapsed() < PATIENCE, "waited in vain for {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    began.elapsed()
}

async fn set_up_while_the_keyring_hangs(console: &Console, keyring: &Daemon) {
    button(console, "Add a deployment").await;
    console.wait_for_text("In the system keyring").await;
    let at_rest = frames(console, 0).await;
    keyring.stop();
    button(console, "Set up the vault").await;
    console.wait_for_text("Waiting for the keyring").await;
    let hung = frames(console, 0).await;
    assert_eq!(
        hung["waiting"], true,
        "all of it while the keyring hung: {hung}"
    );
    assert!(
        hung["frames"].as_u64() >= Some(120) && hung["answers"] == 40,
        "{hung}"
    );
    let gap = |measured: &Value| measured["gap"].as_f64().unwrap();
    say(&format!(
        "the keyring hangs: {} frames, {} answers; longest time between two frames {:.0} ms, before that {:.0} ms",
        hung["frames"],
        hung["answers"],
        gap(&hung),
        gap(&at_rest)
    ));
    let held = frames(console, 300).await;
    assert_eq!(held["waiting"], true);
    assert!(
        gap(&held) >= 300.0,
        "the measure sees a page that stands: {held}"
    );
    keyring.go_on();
    console.wait_for_text("The vault is set up").await;
}

async fn add(console: &Console, servers: &SampleServers) {
    button(console, "Add a deployment").await;
    console.type_into("#link-name", "shop").await;
    choose(console, "staging").await;
    console
        .type_into("#link-url", &servers.told("shop-eu", "url"))
        .await;
    let credential = servers.told("shop-eu", "credential");
    console
        .type_into("dialog input[type=password]", &credential)
        .await;
    console.press(fantoccini::key::Key::Tab).await;
    console.wait_for_text("SHA-256").await;
    console
        .click(Locator::XPath("//dialog//button[@aria-expanded='false']"))
        .await;
    choose(console, "Only this authority").await;
    let paste = format!(
        "const box = document.querySelector('dialog textarea'); box.value = {}; \
        box.dispatchEvent(new Event('input', {{ bubbles: true }}));",
        json!(servers.told("shop-eu", "ca"))
    );
    console.page.execute(&paste, vec![]).await.unwrap();
    button(console, "Add shop").await;
    console.wait_for_text("shop added").await;
}

/// The grant of the billing key on `orders`, as the server keeps it.
fn may_write(servers: &SampleServers) -> bool {
    let world = servers.state("shop-eu");
    let keys = world["keys"].as_array().unwrap();
    let billing = keys.iter().find(|key| key["label"] == "billing-worker");
    billing.unwrap()["grants"]["orders"]["write"] == true
}

async fn edit(console: &Console, servers: &SampleServers) {
    assert!(!may_write(servers));
    let row = "//main//*[@data-row][contains(@aria-label, 'billing-worker')]";
    console.click(Locator::XPath(row)).await;
    button(console, "Edit rights").await;
    let cell = "//*[@role='gridcell'][span[starts-with(normalize-space(.), 'orders, write')]]";
    console.click(Locator::XPath(cell)).await;
    console.press_text(" ").await;
    button(console, "Review").await;
    console
        .wait_for_text("/permissions/collections/orders")
        .await;
    button(console, "Save").await;
    let verified = "/verified/i.test(document.querySelector('dialog')?.innerText ?? '')";
    console.wait_for("the result", verified).await;
    assert!(may_write(servers));
    console.press(fantoccini::key::Key::Escape).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vault_in_the_keyring_is_set_up_locked_and_opened_again() {
    if !is_inside("a_vault_in_the_keyring_is_set_up_locked_and_opened_again") {
        return;
    }
    let (home, keyring) = (Home::new(), Daemon::unlocked());
    let servers = SampleServers::start(&home.folder().join("servers"));
    let url = servers.told("shop-eu", "url");
    let port = url
        .rsplit(':')
        .next()
        .unwrap()
        .trim_end_matches('/')
        .parse()
        .unwrap();
    let console = Console::open(&home, "default").await;
    let (program, person) = (console.process(), Person::sits());

    set_up_while_the_keyring_hangs(&console, &keyring).await;
    add(&console, &servers).await;
    edit(&console, &servers).await;

    // Hidden, the window keeps its process, and its page goes on answering.
    let (windows, drawing) = (person.sees(program), web_processes(program));
    let ([window], [web]) = (&windows[..], &drawing[..]) else {
        panic!("windows {windows:?}, drawn by {drawing:?}");
    };
    let (window, web) = (*window, *web);
    person.hides(window);
    until("the window to be hidden", || {
        person.sees(program).is_empty()
    })
    .await;
    assert_eq!(
        console
            .eval("document.body.innerText.includes('shop')")
            .await,
        json!(true)
    );
    assert_eq!(web_processes(program), [web]);
    person.shows(window);
    until("the window to be back", || person.sees(program) == [window]).await;

    console.press_text("r").await;
    until("a connection to the server", || connections_to(port) > 0).await;
    // The click's own answer would not outlive the page.
    let lock = "setTimeout(() => document.querySelector('.lock button').click(), 50);";
    console.page.execute(lock, vec![]).await.unwrap();
    let gone = until("the old window's process to end", || !is_running(web)).await;
    say(&format!(
        "locked: the old web process was gone after {} ms",
        gone.as_millis()
    ));
    until(
        "a fresh window",
        || matches!(person.sees(program)[..], [fresh] if fresh != window),
    )
    .await;
    assert!(is_running(program), "the core lives");
    // The window is on the screen before the process that draws it is found.
    until(
        "a fresh process that draws it",
        || matches!(web_processes(program)[..], [fresh] if fresh != web),
    )
    .await;
    let fresh = web_processes(program);
    assert_eq!(connections_to(port), 0, "every session is dropped");

    // Return on the button that has the focus unlocks; `r` reads from the server again.
    let began = Instant::now();
    while connections_to(port) == 0 {
        assert!(began.elapsed() < PATIENCE, "it cannot be unlocked");
        for window in person.sees(program) {
            person.presses(RETURN, window);
            tokio::time::sleep(Duration::from_millis(300)).await;
            person.presses(u32::from(b'r'), window);
        }
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    assert_eq!(web_processes(program), fresh, "in that same window");
    console.abandon().await;
}
