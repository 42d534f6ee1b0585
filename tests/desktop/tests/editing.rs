//! A right changed by hand in the real window: edited, reviewed, applied to the sample server, verified, undone.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a proof stops at the first surprise"
)]

use desktop_tests::{Console, Home};
use fantoccini::{Locator, key::Key};
use serde_json::{Value, json};
use std::path::PathBuf;

/// What a screen reader says of the cell in that row and column of the grid; empty while there is none.
fn said(resource: &str, column: &str) -> String {
    let names = "[...document.querySelectorAll('[role=gridcell] > .sr')].map(name => name.textContent.trim())";
    format!("({names}.find(name => name.startsWith('{resource}, {column}')) ?? '')")
}

/// That cell itself.
fn cell(resource: &str, column: &str) -> String {
    format!("//*[@role='gridcell'][span[starts-with(normalize-space(.), '{resource}, {column}')]]")
}

async fn wait_for_cell(console: &Console, words: &str) {
    console
        .wait_for(
            words,
            &format!("{}.includes('{words}')", said("orders", "write")),
        )
        .await;
}

/// Presses the first enabled button whose words begin so.
async fn press_button(console: &Console, words: &str) {
    let button = format!("//button[not(@disabled)][starts-with(normalize-space(.), '{words}')]");
    console.click(Locator::XPath(&button)).await;
}

async fn picture(console: &Console, name: &str) {
    if let Some(folder) = std::env::var_os("KEYSTEAD_PICTURES") {
        std::fs::write(
            PathBuf::from(folder).join(format!("{name}.png")),
            console.picture().await,
        )
        .unwrap();
    }
}

/// The grant of production's billing key on `orders`, as the sample server keeps it.
fn grant(home: &Home) -> Value {
    let file = home
        .folder()
        .join("keystead/sample/servers/shop-eu/state.json");
    let world: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    let keys = world["keys"].as_array().unwrap();
    keys.iter()
        .find(|key| key["label"] == "billing-worker")
        .unwrap()["grants"]["orders"]
        .clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_right_is_changed_reviewed_verified_and_undone() {
    let home = Home::new();
    let console = Console::open(&home, "sample").await;
    console.resize(1280, 800).await;
    console.wait_for_text("41 keys").await;
    assert_eq!(
        (&grant(&home)["read"], &grant(&home)["write"]),
        (&json!(true), &json!(false))
    );
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
    // The panel is open already, on the first key of the list. Pressed at once after the click on the row, its
    // button means the key of that row or nothing, however long the panel takes to turn.
    console.click(Locator::Css("main [data-row]")).await;
    press_button(&console, "Edit rights").await;
    wait_for_cell(&console, "not allowed").await;
    let whose = console
        .eval("document.querySelector('main h1').parentElement.innerText")
        .await;
    assert!(whose.to_string().contains("shop-eu"), "{whose}");
    picture(&console, "1-grid").await;
    console
        .click(Locator::XPath(&cell("orders", "write")))
        .await;
    console.press_text(" ").await;
    wait_for_cell(&console, "was not allowed").await;
    picture(&console, "2-changed").await;

    press_button(&console, "Review").await;
    console
        .wait_for_text("/permissions/collections/orders")
        .await;
    picture(&console, "3-review").await;
    press_button(&console, "Save").await;
    console
        .wait_for(
            "the result",
            "/verified/i.test(document.querySelector('dialog')?.innerText ?? '')",
        )
        .await;
    picture(&console, "4-verified").await;
    assert_eq!(
        (&grant(&home)["read"], &grant(&home)["write"]),
        (&json!(true), &json!(true))
    );

    press_button(&console, "Undo").await;
    wait_for_cell(&console, "was allowed").await;
    press_button(&console, "Review").await;
    press_button(&console, "Save").await;
    console
        .wait_for(
            "the result",
            "/verified/i.test(document.querySelector('dialog')?.innerText ?? '')",
        )
        .await;
    assert_eq!(grant(&home)["write"], json!(false));
    console.press(Key::Escape).await;
    assert_eq!(
        console
            .eval("document.documentElement.dataset.policyViolations")
            .await,
        json!("0")
    );
    console.close().await;
}
