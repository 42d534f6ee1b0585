//! Grants as a grid (§4.3).

use super::wire::{Grant, GrantObject, KvGrant, Names};
use domain::{Cell, FieldRule, RightsRow};
use serde_json::{Map, Value, json};

/// The kind of row that a collection is.
pub(super) const COLLECTION: &str = "collection";
/// The kind of row that a key-value prefix is.
pub(super) const KV_PREFIX: &str = "KV prefix";

/// What of one grant the grid cannot show, to be kept with the key.
pub(super) type Leftover = Map<String, Value>;

/// A collection's row for these actions.
pub(super) fn row(collection: String, grant: Grant, actions: &[String]) -> (RightsRow, Leftover) {
    let (object, others) = match grant {
        Grant::Object(object) => (object, Vec::new()),
        Grant::Actions(words) => from_words(words.0),
    };
    let mut leftover = object.others;
    if !others.is_empty() {
        leftover.insert("other_actions".into(), json!(others));
    }
    let names = |list: Option<Names>| list.map(|names| names.0);
    let reading = FieldRule {
        only: names(object.select_fields),
        except: names(object.exclude_fields),
    };
    let writing = FieldRule {
        only: names(object.writable_fields),
        except: None,
    };
    // A rule of an action that is off has no cell to show it in.
    for (on, name, list) in [
        (object.read, "select_fields", &reading.only),
        (object.read, "exclude_fields", &reading.except),
        (object.write, "writable_fields", &writing.only),
    ] {
        if let (false, Some(list)) = (on, list) {
            leftover.insert(name.into(), json!(list));
        }
    }
    let cell = |action: &String| match action.as_str() {
        "read" => ruled(object.read, &reading),
        "write" => ruled(object.write, &writing),
        "delete" => object.delete.map_or_else(
            || Cell::Inherited {
                from: "write".into(),
            },
            plain,
        ),
        "admin" => plain(object.admin.unwrap_or(false)),
        _ => Cell::None,
    };
    let cells = actions.iter().map(cell).collect();
    (
        RightsRow {
            kind: COLLECTION.into(),
            resource: collection,
            cells,
        },
        leftover,
    )
}

/// What is left over of a grant speaks of rights: an action that nobody knows, or a member that is switched on.
pub(super) fn names_more(leftover: &Leftover) -> bool {
    leftover.contains_key("other_actions") || leftover.values().any(|value| *value == json!(true))
}

/// A prefix's row for these actions.
pub(super) fn kv_row(grant: KvGrant, actions: &[String]) -> RightsRow {
    let cell = |action: &String| match action.as_str() {
        "read" => plain(grant.read),
        "write" => plain(grant.write),
        _ => Cell::None,
    };
    RightsRow {
        cells: actions.iter().map(cell).collect(),
        kind: KV_PREFIX.into(),
        resource: grant.prefix,
    }
}

/// Which of the four actions the grants of a deployment speak of (C5, C6).
pub(super) fn actions_in<'a>(grants: impl Iterator<Item = &'a Grant>) -> Vec<String> {
    let (mut delete, mut admin) = (false, false);
    for grant in grants {
        match grant {
            Grant::Object(object) => {
                delete |= object.delete.is_some();
                admin |= object.admin.is_some();
            }
            Grant::Actions(words) => {
                delete |= words.0.iter().any(|word| word == "delete");
                admin |= words.0.iter().any(|word| word == "admin");
            }
        }
    }
    let present = [
        ("read", true),
        ("write", true),
        ("delete", delete),
        ("admin", admin),
    ];
    present
        .into_iter()
        .filter(|(_, there)| *there)
        .map(|(action, _)| action.to_owned())
        .collect()
}

/// §3: what a collection or prefix may be called.
pub(super) fn is_name(name: &str) -> bool {
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
                | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
    };
    !matches!(name, "" | "." | "..") && !name.chars().any(hidden)
}

fn from_words(words: Vec<String>) -> (GrantObject, Vec<String>) {
    let has = |word: &str| words.iter().any(|w| w == word);
    let object = GrantObject {
        read: has("read"),
        write: has("write"),
        delete: Some(has("delete")),
        admin: Some(has("admin")),
        ..GrantObject::default()
    };
    let known = ["read", "write", "delete", "admin"];
    let others = words
        .into_iter()
        .filter(|word| !known.contains(&word.as_str()))
        .collect();
    (object, others)
}

fn ruled(on: bool, rule: &FieldRule) -> Cell {
    match (on, rule.is_open()) {
        (false, _) => Cell::None,
        (true, true) => Cell::All,
        (true, false) => Cell::Fields { rule: rule.clone() },
    }
}

fn plain(on: bool) -> Cell {
    if on { Cell::All } else { Cell::None }
}
