//! A key rotated in the real window: planned, made, proved, handed over, paused; the program killed half-way, and the
//! rest after a restart, to the certificate.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a proof stops at the first surprise"
)]

use desktop_tests::{Console, Home};
use fantoccini::{Locator, key::Key};
use serde_json::{Value, json};
use std::path::PathBuf;

/// Presses the first enabled button whose words begin so.
async fn press_button(console: &Console, words: &str) {
    let button = format!("//button[not(@disabled)][starts-with(normalize-space(.), '{words}')]");
    console.click(Locator::XPath(&button)).await;
}

/// The page as it stands, in both themes.
async fn picture(console: &Console, name: &str) {
    let Some(folder) = std::env::var_os("KEYSTEAD_PICTURES") else {
        return;
    };
    for theme in ["light", "dark"] {
        let set = format!("document.documentElement.dataset.theme = {}", json!(theme));
        console.page.execute(&set, vec![]).await.unwrap();
        let file = PathBuf::from(&folder).join(format!("{name}-{theme}.png"));
        std::fs::write(file, console.picture().await).unwrap();
    }
}

/// Labels of the keys that the sample server of production has.
fn labels(home: &Home) -> Vec<String> {
    let file = home
        .folder()
        .join("keystead/sample/servers/shop-eu/state.json");
    let world: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    let keys = world["keys"].as_array().unwrap();
    keys.iter()
        .filter_map(|key| key["label"].as_str())
        .map(str::to_owned)
        .collect()
}

async fn type_here(console: &Console, text: &str) {
    console.press_text(text).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_rotated_across_a_kill_to_its_certificate() {
    let home = Home::new();
    let console = Console::open(&home, "sample").await;
    console.resize(1280, 800).await;
    console.wait_for_text("41 keys").await;
    console.press_text("/").await;
    console
        .type_into("[role=search] input", "billing env:production ")
        .await;
    console
        .wait_for(
            "one key",
            "document.querySelectorAll('main [data-row]').length === 1",
        )
        .await;
    console.click(Locator::Css("main [data-row]")).await;
    console
        .wait_for(
            "its panel",
            "document.querySelector('#panel')?.getAttribute('aria-busy') !== 'true' \
            && document.querySelector('#panel')?.innerText.includes('shop-eu')",
        )
        .await;
    press_button(&console, "Rotate").await;
    console.wait_for_text("What cannot be undone").await;
    picture(&console, "1-plan").await;
    press_button(&console, "Begin the rotation").await;
    console.wait_for_text("A random secret is refused").await;
    picture(&console, "2-verify").await;
    press_button(&console, "Continue to Deliver").await;
    console.wait_for_text("Note it").await;
    picture(&console, "3-deliver").await;
    assert_eq!(
        labels(&home)
            .iter()
            .filter(|label| label.starts_with("billing-worker"))
            .count(),
        2
    );

    console.click(Locator::Css("#told-person")).await;
    type_here(&console, "M. Example").await;
    press_button(&console, "Note it").await;
    press_button(&console, "Continue to Adopt").await;
    console
        .wait_for(
            "who confirms",
            "document.querySelector('#adopt-by') !== null",
        )
        .await;
    console.click(Locator::Css("#adopt-by")).await;
    type_here(&console, "M. Example").await;
    picture(&console, "4-adopt").await;
    press_button(&console, "Confirm the switch").await;
    console.wait_for_text("Pause the old key").await;
    press_button(&console, "Pause the old key").await;
    console.wait_for_text("The old key is paused").await;
    picture(&console, "5-paused").await;

    // As rude as it gets: kill -9 of the program.
    console.abandon().await;

    let console = Console::open(&home, "sample").await;
    console.resize(1280, 800).await;
    press_button(&console, "Rotations").await;
    console.wait_for_text("billing-worker").await;
    picture(&console, "6-rotations").await;
    console.click(Locator::Css("main [data-row]")).await;
    console.wait_for_text("The old key is paused").await;
    press_button(&console, "Begin the wait").await;
    console.wait_for_text("Cut the wait short").await;
    picture(&console, "7-soak").await;
    press_button(&console, "Cut the wait short").await;
    press_button(&console, "Cut it short").await;
    console.wait_for_text("Revoke the old key").await;
    press_button(&console, "Revoke billing-worker").await;
    console
        .wait_for(
            "the dialog",
            "document.querySelector('#end-confirmation') !== null",
        )
        .await;
    console.click(Locator::Css("#end-confirmation")).await;
    type_here(&console, "billing-worker").await;
    picture(&console, "8-revoke").await;
    press_button(&console, "Revoke billing-worker for good").await;
    console.wait_for_text("Show the certificate").await;
    picture(&console, "9-proof").await;
    press_button(&console, "Show the certificate").await;
    console.wait_for_text("Old key proved dead").await;
    picture(&console, "10-certificate").await;
    let left: Vec<String> = labels(&home)
        .into_iter()
        .filter(|label| label.starts_with("billing-worker"))
        .collect();
    assert_eq!(left, ["billing-worker ~g2"]);
    console.press(Key::Escape).await;
    assert_eq!(
        console
            .eval("document.documentElement.dataset.policyViolations")
            .await,
        json!("0")
    );
    console.close().await;
}
