//! Odd keys in a good list: the list is taken, and the key says what is odd about it.

use crate::{Case, case};
use app::{Code, Failure};
use core_tests::Rig;
use serde_json::{Value, json};
use simulators::ekodb::{ListSecret, Options, World};

pub(crate) fn cases() -> Vec<Case> {
    let long = "é".repeat(10_000);
    vec![
        case(
            "an id that is a path",
            Code::KeyIdUnusable,
            one(|world| set(world, "id", "../keys/x")),
        ),
        case(
            "an empty id",
            Code::KeyIdUnusable,
            one(|world| set(world, "id", "")),
        ),
        case(
            "an id in upper case",
            Code::KeyIdUnusable,
            one(|world| set(world, "id", "0123456789ABCDEF0123456789ABCDEF")),
        ),
        case(
            "no id and a masked value",
            Code::KeyUnidentified,
            unidentified(),
        ),
        case(
            "a label of 10,000 characters",
            Code::LabelCut,
            one(move |world| set(world, "label", &long)),
        ),
        case(
            "a label that reads backwards",
            Code::LabelHiddenCharacters,
            one(|world| set(world, "label", "a\u{202E}b")),
        ),
        case(
            "a label with a zero-width joiner",
            Code::LabelHiddenCharacters,
            one(|world| set(world, "label", "a\u{200D}b")),
        ),
        case(
            "a label with an escape sequence",
            Code::LabelHiddenCharacters,
            one(|world| set(world, "label", "\u{1b}[31m")),
        ),
        case(
            "an empty label",
            Code::LabelEmpty,
            one(|world| set(world, "label", "")),
        ),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_label_of_html_is_kept_as_text_and_noticed_by_nobody() {
    let hostile = "<img src=x onerror=alert(1)>{@html}";
    let rig = Rig::with(Options::default(), |world| set(world, "label", hostile)).await;
    assert_eq!(rig.sync().await["failure"], Value::Null);
    let key = rig
        .keys()
        .await
        .into_iter()
        .find(|key| key["label"] == hostile)
        .unwrap();
    assert_eq!(key["notices"], json!([]));
}

fn set(world: &mut World, member: &str, value: &str) {
    world.keys[1]
        .overrides
        .insert(member.to_owned(), json!(value));
}

/// The one notice of the one odd key.
async fn one(edit: impl FnOnce(&mut World) + 'static) -> Vec<Failure> {
    let rig = Rig::with(Options::default(), edit).await;
    noticed(&rig).await
}

async fn unidentified() -> Vec<Failure> {
    let options = Options {
        list_secret: ListSecret::Masked,
        ..Options::default()
    };
    let rig = Rig::with(options, |world| world.keys[1].hidden.push("id".to_owned())).await;
    let first = noticed(&rig).await;
    assert_eq!(
        noticed(&rig).await,
        first,
        "a second list finds the same key again"
    );
    assert_eq!(rig.keys().await.len(), 3);
    first
}

async fn noticed(rig: &Rig) -> Vec<Failure> {
    let view = rig.sync().await;
    assert_eq!(
        view["failure"],
        Value::Null,
        "one odd key does not spoil the list"
    );
    assert_eq!(view["keys"], 3);
    let notices = rig
        .keys()
        .await
        .into_iter()
        .map(|key| key["notices"].clone());
    notices
        .flat_map(|notices| serde_json::from_value::<Vec<Failure>>(notices).unwrap())
        .collect()
}
