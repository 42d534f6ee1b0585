//! The key list as keys: grants become a grid, odd labels a notice.

use super::{
    record::{Record, withheld},
    rights,
};
use crate::{About, json::Object};
use domain::{Expiry, KeyKind, ListedKey, Notice, RightsGrid, UnixMs};
use serde_json::{Map, Value};
use std::collections::HashMap;

/// The keys of one deployment. They share their columns: `delete` and `admin` show for all or for none.
pub(super) fn keys(records: Vec<Record>, about: &About) -> Vec<ListedKey> {
    let grants = records
        .iter()
        .filter_map(|record| record.wire.collection_permissions.as_ref());
    let actions = rights::actions_in(grants.flat_map(|grants| grants.0.values()));
    records
        .into_iter()
        .map(|record| key(record, &actions, about))
        .collect()
}

fn key(record: Record, actions: &[String], about: &About) -> ListedKey {
    let Record {
        wire,
        identity,
        prefix,
        mut notices,
    } = record;
    let (label, cut) = kept_text(wire.label.as_ref());
    if cut {
        notices.push(Notice::LabelCut);
    }
    if label.trim().is_empty() {
        notices.push(Notice::LabelEmpty);
    } else if label.chars().any(is_hidden) {
        notices.push(Notice::LabelHiddenCharacters);
    }
    let is_admin = wire.is_admin.unwrap_or(false);
    let mut extras = wire.others;
    let mut leftovers = Map::new();
    let mut rows = Vec::new();
    for (collection, grant) in wire.collection_permissions.unwrap_or_default().0 {
        let (row, leftover) = rights::row(collection, grant, actions);
        if !leftover.is_empty() {
            leftovers.insert(
                row.resource.clone(),
                Value::Object(withheld(leftover, None)),
            );
        }
        rows.push(row);
    }
    let mut places = HashMap::new();
    for Object(grant) in wire.kv_permissions.unwrap_or_default() {
        let row = rights::kv_row(grant, actions);
        // Of a prefix that is named twice the later word counts, everywhere.
        let place = *places.entry(row.resource.clone()).or_insert(rows.len());
        match rows.get_mut(place) {
            Some(earlier) => *earlier = row,
            None => rows.push(row),
        }
    }
    if !leftovers.is_empty() {
        extras.insert("collection_permissions".into(), Value::Object(leftovers));
    }
    ListedKey {
        identity,
        prefix,
        label,
        description: kept_text(wire.description.as_ref()).0,
        kind: if is_admin {
            KeyKind::Admin
        } else {
            KeyKind::Scoped
        },
        created_at: wire.created_at.as_ref().and_then(moment),
        expires: Expiry::Unsupported,
        rights: RightsGrid {
            columns: about.columns_of(actions),
            rows,
            admin: is_admin,
        },
        extras,
        notices,
    }
}

fn kept_text(value: Option<&Value>) -> (String, bool) {
    let text = value.and_then(Value::as_str).unwrap_or_default();
    match text.char_indices().nth(ListedKey::LABEL_MAX) {
        Some((end, _)) => (text.get(..end).unwrap_or_default().to_owned(), true),
        None => (text.to_owned(), false),
    }
}

fn is_hidden(c: char) -> bool {
    !rights::is_name(c.encode_utf8(&mut [0; 4])) && !matches!(c, '.')
}

/// C14: RFC 3339, or a number of seconds or milliseconds, or nothing.
fn moment(value: &Value) -> Option<UnixMs> {
    if let Some(text) = value.as_str() {
        return chrono::DateTime::parse_from_rfc3339(text)
            .ok()
            .map(|at| UnixMs(at.timestamp_millis()));
    }
    let number = value.as_i64().filter(|number| *number > 0)?;
    // Seconds reach this figure in the year 5138, milliseconds did in 1973.
    Some(UnixMs(if number < 100_000_000_000 {
        number * 1_000
    } else {
        number
    }))
}

#[cfg(test)]
mod tests {
    use super::{super::record::records, *};
    use domain::{Cell, RemoteId};
    use serde_json::json;

    fn listed(items: &Value) -> Vec<ListedKey> {
        let about = &super::super::ABOUT;
        keys(records(items.to_string().as_bytes()).unwrap(), about)
    }

    #[test]
    fn a_record_of_every_dialect_is_read() {
        let id = "0123456789abcdef0123456789abcdef";
        let keys = listed(&json!([
            {"key": "eko_prod_abcdefghijklmnopqrstuvwxyz", "id": id, "label": "a", "is_admin": true,
             "collection_permissions": {}, "created_at": "2026-08-26T09:00:00Z"},
            {"key": "eko_prod_abc123...", "collection_permissions": {"users": ["read", "delete", "fly"]},
             "created_at": 1_700_000_000},
            {"api_key": "plainplainplainplainplain", "collection_permissions":
             {"users": {"read": true, "write": true, "select_fields": ["id"], "writable_fields": []},
              "old": {"read": false, "write": false, "select_fields": ["x"]}},
             "kv_permissions": [{"prefix": "session:", "read": true, "write": false}], "created_at": null},
        ]));
        assert_eq!(keys[0].identity.remote_id, Some(RemoteId(id.into())));
        assert_eq!(keys[0].prefix.as_deref(), Some("eko_prod_ab"));
        assert_eq!(keys[0].created_at, Some(UnixMs(1_787_734_800_000)));
        assert!(keys[1].identity.is_weak() && keys[1].notices.contains(&Notice::Unidentified));
        assert_eq!(
            keys[1]
                .rights
                .columns
                .iter()
                .map(|c| c.action.as_str())
                .collect::<Vec<_>>(),
            ["read", "write", "delete"]
        );
        assert_eq!(
            keys[1].rights.rows[0].cells,
            [Cell::All, Cell::None, Cell::All]
        );
        assert_eq!(
            keys[1].extras["collection_permissions"]["users"]["other_actions"],
            json!(["fly"])
        );
        assert_eq!(keys[1].created_at, Some(UnixMs(1_700_000_000_000)));
        let rows = &keys[2].rights.rows;
        assert_eq!(
            keys[2].extras["collection_permissions"]["old"]["select_fields"],
            json!(["x"])
        );
        assert_eq!(
            rows[1].cells[1],
            Cell::Fields {
                rule: domain::FieldRule {
                    only: Some(vec![]),
                    except: None
                }
            }
        );
        assert_eq!(
            rows[1].cells[2],
            Cell::Inherited {
                from: "write".into()
            }
        );
        assert_eq!(
            (rows[2].kind.as_str(), rows[2].resource.as_str()),
            (rights::KV_PREFIX, "session:")
        );
        assert_eq!(keys[2].created_at, None);
    }

    #[test]
    fn of_a_prefix_named_twice_the_later_word_counts() {
        let grant =
            |prefix: &str, read: bool| json!({"prefix": prefix, "read": read, "write": false});
        let keys = listed(&json!([{"key": "a",
            "kv_permissions": [grant("a:", true), grant("b:", false), grant("a:", false), grant("b:", true)]}]));
        let rows = keys[0].rights.rows.iter();
        let rows: Vec<_> = rows
            .map(|row| (row.resource.as_str(), &row.cells[0]))
            .collect();
        assert_eq!(rows, [("a:", &Cell::None), ("b:", &Cell::All)]);
    }

    #[test]
    fn unknown_members_are_kept_and_secrets_in_them_withheld() {
        let value = "eko_prod_abcdefghijklmnopqrstuvwxyz";
        let keys = listed(
            &json!([{"key": value, "ripple_warning": "Incomplete propagation", "echo": format!("x{value}"),
            "refresh_token": "abc", "deep": [{"note": value, "n": 1}]}]),
        );
        let extras = Value::Object(keys[0].extras.clone());
        assert_eq!(
            extras,
            json!({"ripple_warning": "Incomplete propagation", "echo": "[withheld]",
            "refresh_token": "[withheld]", "deep": [{"note": "[withheld]", "n": 1}]})
        );
        assert!(!format!("{keys:?}").contains("abcdefghijklm"));
    }

    #[test]
    fn odd_ids_and_labels_are_noticed() {
        for id in [
            json!("../keys/x"),
            json!(""),
            json!("0123456789ABCDEF0123456789ABCDEF"),
            json!(7),
            json!("?x"),
        ] {
            let keys = listed(&json!([{"key": "eko_prod_abcdefghijklmnop", "id": id}]));
            assert!(keys[0].notices.contains(&Notice::IdUnusable), "{id}");
            assert_eq!(keys[0].identity.remote_id, None);
        }
        let label = |label: Value| {
            listed(&json!([{"key": "eko_prod_abcdefghijklmnop", "label": label}])).remove(0)
        };
        assert!(
            label(json!("a\u{202E}b"))
                .notices
                .contains(&Notice::LabelHiddenCharacters)
        );
        assert!(label(json!("  ")).notices.contains(&Notice::LabelEmpty));
        assert!(label(Value::Null).notices.contains(&Notice::LabelEmpty));
        let long = label(json!("é".repeat(10_000)));
        assert!(long.notices.contains(&Notice::LabelCut));
        assert_eq!(long.label.chars().count(), ListedKey::LABEL_MAX);
        assert_eq!(label(json!("v1.2 billing")).notices, []);
    }

    #[test]
    fn what_is_no_list_is_refused() {
        for body in [
            "",
            "{}",
            "null",
            "[{}",
            "[{}]x",
            "[1]",
            r#"[{"key":1}]"#,
            r#"[{"is_admin":"yes"}]"#,
        ] {
            assert!(records(body.as_bytes()).is_err(), "{body}");
        }
    }
}
