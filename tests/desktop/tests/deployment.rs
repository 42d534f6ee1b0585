//! The real window: a deployment is added, edited and removed through its dialogs, by a typed credential.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a proof stops at the first surprise"
)]

use desktop_tests::{Console, Home};
use fantoccini::{Locator, key::Key};
use serde_json::{Value, json};

/// The first sample server: its address, its authority, its admin key.
fn first_server(home: &Home) -> (String, String, String) {
    let list = std::fs::read(home.folder().join("keystead/sample/servers/servers.json")).unwrap();
    let list: Value = serde_json::from_slice(&list).unwrap();
    let text = |name: &str| list["servers"][0][name].as_str().unwrap().to_owned();
    (text("url"), text("ca"), text("credential"))
}

async fn click(console: &Console, xpath: &str) {
    console.click(Locator::XPath(xpath)).await;
}

async fn press_button(console: &Console, words: &str) {
    click(console, &format!("//button[normalize-space()='{words}']")).await;
}

async fn choose(console: &Console, words: &str) {
    click(console, &format!("//label[normalize-space()='{words}']")).await;
}

async fn gone(console: &Console) {
    let closed = "document.querySelector('dialog[open]') === null";
    console.wait_for("the dialog to close", closed).await;
}

/// The command of that name, through the palette.
async fn command(console: &Console, words: &str) {
    let button = "nav button.palette";
    console.click(Locator::Css(button)).await;
    console.type_into("dialog input", words).await;
    console.press(Key::Enter).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deployment_is_added_edited_and_removed() {
    let home = Home::new();
    let console = Console::open(&home, "sample").await;
    console.wait_for_text("41 keys").await;
    let (url, authority, credential) = first_server(&home);

    press_button(&console, "Add deployment").await;
    console.wait_for_text("Add a deployment").await;
    console.type_into("#link-name", "shop-two").await;
    choose(&console, "staging").await;
    console.type_into("#link-url", &url).await;
    console
        .type_into("dialog input[type=password]", &credential)
        .await;
    console.press(Key::Tab).await;
    console.wait_for_text("SHA-256").await;

    // By the system's authorities the sample server cannot prove who it is.
    press_button(&console, "Test connection").await;
    console.wait_for_text("could not prove who it is").await;
    click(&console, "//dialog//button[@aria-expanded='false']").await;
    choose(&console, "Only this authority").await;
    let paste = format!(
        "const box = document.querySelector('dialog textarea'); box.value = {}; \
        box.dispatchEvent(new Event('input', {{ bubbles: true }}));",
        json!(authority)
    );
    console.page.execute(&paste, vec![]).await.unwrap();
    press_button(&console, "Test connection").await;
    console
        .wait_for_text("encrypted, certificate trusted")
        .await;
    console.wait_for_text("has the same address").await;
    press_button(&console, "Add shop-two").await;
    gone(&console).await;
    console.wait_for_text("shop-two added").await;
    let rows = "document.querySelectorAll('main [data-row]').length > 5";
    console
        .wait_for("the keys of the new deployment", rows)
        .await;
    let sentences = console.rows().await;
    assert!(
        sentences.iter().all(|row| row.contains("on shop-two")),
        "{sentences:#?}"
    );
    let page = console.eval("document.documentElement.outerHTML").await;
    assert!(!page.as_str().unwrap().contains(&credential));
    let violations = "document.documentElement.dataset.policyViolations";
    assert_eq!(console.eval(violations).await, json!("0"));

    command(&console, "edit shop-two").await;
    console.wait_for_text("Edit shop-two").await;
    console.wait_for_text("The saved one stays.").await;
    console.type_into("#link-name", "-b").await;
    press_button(&console, "Save shop-two-b").await;
    gone(&console).await;
    console.wait_for_text("shop-two-b saved").await;

    command(&console, "remove shop-two-b").await;
    console.wait_for_text("What stays").await;
    console.type_into("#confirmation", "shop-two-b").await;
    press_button(&console, "Remove shop-two-b").await;
    gone(&console).await;
    console.wait_for_text("shop-two-b removed").await;
    console.wait_for_text("41 keys").await;
    let listed = "[...document.querySelectorAll('nav .nav-item')].some(one => one.innerText.includes('shop-two'))";
    assert_eq!(console.eval(listed).await, json!(false));
    console.close().await;

    let folder = home.folder().join("keystead/sample");
    let hidden = &credential.as_bytes()[16..25];
    for name in ["keystead.db", "keystead.db-wal"] {
        let bytes = std::fs::read(folder.join(name)).unwrap_or_default();
        let found = bytes.windows(hidden.len()).any(|window| window == hidden);
        assert!(!found, "{name} holds the credential");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn esc_closes_the_dialog_only_and_what_was_typed_is_there_again() {
    let home = Home::new();
    let console = Console::open(&home, "sample").await;
    console.wait_for_text("41 keys").await;
    press_button(&console, "Add deployment").await;
    console.type_into("#link-name", "half").await;
    console.press(Key::Escape).await;
    gone(&console).await;
    let focus = "document.activeElement.innerText.trim() === 'Add deployment'";
    console.wait_for("the focus to be back", focus).await;
    console.press(Key::Enter).await;
    let kept = "document.querySelector('#link-name')?.value === 'half'";
    console.wait_for("the name to be there", kept).await;
    console.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_credential_comes_from_the_clipboard_and_is_not_left_there() {
    let home = Home::new();
    let console = Console::open(&home, "sample").await;
    console.wait_for_text("41 keys").await;
    press_button(&console, "Add deployment").await;
    // Copied out of a field of the window's own, for want of another program.
    let copied = "eko_prod_copied_by_hand_0123456789";
    console.type_into("#link-url", copied).await;
    // Ctrl+A, Ctrl+C; then everything in it goes.
    console.type_into("#link-url", "\u{e009}ac\u{e000}").await;
    console.type_into("#link-url", "\u{e003}").await;
    press_button(&console, "Paste from clipboard").await;
    console.wait_for_text("SHA-256").await;
    console.wait_for_text("Clipboard cleared").await;
    let text = console.eval("document.body.innerText").await;
    assert!(text.as_str().unwrap().contains("eko_prod_co"));
    assert!(!text.as_str().unwrap().contains("copied_by_hand"));
    press_button(&console, "Replace").await;
    press_button(&console, "Paste from clipboard").await;
    console
        .wait_for_text("There is no text on the clipboard")
        .await;
    console.close().await;
}
