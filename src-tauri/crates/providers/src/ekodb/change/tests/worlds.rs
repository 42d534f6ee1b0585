//! Random servers, and random edits of one of their keys.

use super::rights;
use domain::{Cell, FieldRule};
use proptest::{collection::vec, option, prelude::*, sample::select};
use serde_json::{Map, Value, json};

/// The key that is edited; there is one before and one after it.
pub(super) const TARGET: usize = 1;

/// A server and what a person wants of its key.
#[derive(Clone, Debug)]
pub(super) struct Case {
    /// The dialect: `modern`, or else `legacy`.
    pub(super) modern: bool,
    pub(super) put_clears: bool,
    pub(super) records: Vec<Value>,
    pub(super) edits: Vec<Edit>,
}

/// One row of the grid, changed.
#[derive(Clone, Debug)]
pub(super) struct Edit {
    pub(super) kind: String,
    pub(super) resource: String,
    /// The row goes.
    pub(super) dropped: bool,
    pub(super) read: Option<Cell>,
    pub(super) write: Option<Cell>,
}

/// Some of these are in the grants, some are new; one name may be a collection and a prefix.
const NAMES: [&str; 8] = [
    "orders",
    "users",
    "tenant:a/users",
    "a b",
    "größe",
    "session:",
    "x%2Fy",
    "..b",
];
const FIELDS: [&str; 6] = ["id", "email", "a,b", "ssn", "größe", "*"];

pub(super) fn cases() -> impl Strategy<Value = Case> {
    // A record that says `delete` or `admin` anywhere gives every key those columns.
    (any::<bool>(), any::<bool>(), prop::bool::weighted(0.2)).prop_flat_map(
        |(modern, put_clears, more_columns)| {
            let records = (
                record(0, modern, more_columns),
                record(1, modern, more_columns),
                record(2, modern, more_columns),
            );
            let edits = vec(edit(modern), 0..6);
            (records, edits).prop_map(move |((a, b, c), edits)| Case {
                modern,
                put_clears,
                records: vec![a, b, c],
                edits,
            })
        },
    )
}

fn record(at: usize, modern: bool, more_columns: bool) -> impl Strategy<Value = Value> {
    let grants = prop::collection::btree_map(select(&NAMES[..]), grant(more_columns), 0..6);
    let kv = if modern {
        option::weighted(0.7, option::weighted(0.8, prefixes())).boxed()
    } else {
        Just(None).boxed()
    };
    (grants, kv, extras()).prop_map(move |(grants, kv, extras)| {
        let mut record = extras;
        record.insert(
            "key".into(),
            json!(format!("eko_prod_{at}bcdefghijklmnopqrstuvwxyz")),
        );
        if modern {
            record.insert("id".into(), json!(format!("{at:032x}")));
        }
        record.insert("label".into(), json!(format!("key {at}")));
        record.insert("collection_permissions".into(), json!(grants));
        if let Some(kv) = kv {
            record.insert("kv_permissions".into(), json!(kv));
        }
        Value::Object(record)
    })
}

fn grant(more_columns: bool) -> impl Strategy<Value = Value> {
    let on = || option::weighted(0.9, any::<bool>());
    let more = if more_columns {
        option::weighted(0.3, any::<bool>()).boxed()
    } else {
        Just(None).boxed()
    };
    (on(), on(), list(), list(), list(), more, extras()).prop_map(
        |(read, write, selected, excluded, writable, delete, extras)| {
            let mut grant = extras;
            for (action, on) in [("read", read), ("write", write), ("delete", delete)] {
                if let Some(on) = on {
                    grant.insert(action.into(), json!(on));
                }
            }
            for (name, list) in [
                ("select_fields", selected),
                ("exclude_fields", excluded),
                ("writable_fields", writable),
            ] {
                if let Some(list) = list {
                    grant.insert(name.into(), list);
                }
            }
            Value::Object(grant)
        },
    )
}

/// Left out, null, empty or some fields.
fn list() -> impl Strategy<Value = Option<Value>> {
    prop_oneof![
        Just(None),
        Just(Some(Value::Null)),
        Just(Some(json!([]))),
        fields().prop_map(|fields| Some(json!(fields))),
    ]
}

fn prefixes() -> impl Strategy<Value = Vec<Value>> {
    let grant = (any::<bool>(), any::<bool>(), extras());
    prop::collection::btree_map(select(&NAMES[..]), grant, 0..4).prop_map(|grants| {
        let grant =
            |(prefix, (read, write, mut extras)): (&str, (bool, bool, Map<String, Value>))| {
                extras.insert("prefix".into(), json!(prefix));
                extras.insert("read".into(), json!(read));
                extras.insert("write".into(), json!(write));
                Value::Object(extras)
            };
        grants.into_iter().map(grant).collect()
    })
}

/// Members that nobody knows yet, of any shape.
fn extras() -> impl Strategy<Value = Map<String, Value>> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[ -~äß\u{202E}]{0,8}".prop_map(Value::from),
    ];
    let value = leaf.prop_recursive(2, 6, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(Value::from),
            members(inner).prop_map(Value::Object),
        ]
    });
    members(value)
}

fn members(value: impl Strategy<Value = Value>) -> impl Strategy<Value = Map<String, Value>> {
    let name = select(&["notes", "owner", "ttl_s", "row_filter", "größe", "$ref"][..]);
    prop::collection::btree_map(name.prop_map(str::to_owned), value, 0..3)
        .prop_map(|members| members.into_iter().collect())
}

fn fields() -> impl Strategy<Value = Vec<String>> {
    vec(select(&FIELDS[..]).prop_map(str::to_owned), 1..4)
}

fn edit(modern: bool) -> BoxedStrategy<Edit> {
    let rule = |only, except| Cell::Fields {
        rule: FieldRule { only, except },
    };
    let some = || prop_oneof![Just(vec![]), fields()];
    let plain = || prop_oneof![Just(Cell::None), Just(Cell::All)];
    let read = prop_oneof![
        plain(),
        some().prop_map(move |only| rule(Some(only), None)),
        some().prop_map(move |except| rule(None, Some(except))),
        (some(), some()).prop_map(move |(only, except)| rule(Some(only), Some(except))),
    ];
    let write = prop_oneof![plain(), some().prop_map(move |only| rule(Some(only), None))];
    let name = || select(&NAMES[..]).prop_map(str::to_owned);
    let dropped = || prop::bool::weighted(0.2);
    let with = |kind: &'static str| {
        move |(resource, dropped, read, write)| Edit {
            kind: kind.to_owned(),
            resource,
            dropped,
            read,
            write,
        }
    };
    let collection =
        (name(), dropped(), option::of(read), option::of(write)).prop_map(with(rights::COLLECTION));
    if !modern {
        return collection.boxed();
    }
    let prefix = (name(), dropped(), option::of(plain()), option::of(plain()))
        .prop_map(with(rights::KV_PREFIX));
    prop_oneof![3 => collection, 1 => prefix].boxed()
}
