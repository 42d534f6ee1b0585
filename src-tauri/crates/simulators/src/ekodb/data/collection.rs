//! One collection: its declared fields and a few records (`ekodb.md` 4.6).

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::ekodb::refusal::Refusal;

/// One collection. Without fields it has no schema, as ekoDB allows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Collection {
    /// Declared fields by name.
    pub fields: BTreeMap<String, Field>,
    /// Left out of the list by `exclude_internal=true`.
    pub internal: bool,
    /// Unix milliseconds.
    pub created_at: i64,
    /// Records, each with a text `id`.
    #[serde(default)]
    pub rows: Vec<Map<String, Value>>,
}

/// One declared field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// Case-sensitive: `String`, `Integer`, `UUID`, … (`ekodb.md` 4.6).
    pub field_type: String,
    /// Must be present.
    pub required: bool,
    /// No two records share a value.
    pub unique: bool,
}

/// The types a real server accepts, case-sensitive (`ekodb.md` 4.6).
const FIELD_TYPES: [&str; 16] = [
    "String", "Integer", "Float", "Boolean", "DateTime", "UUID", "Array", "Object", "Decimal",
    "Bytes", "Null", "Number", "Set", "Vector", "Binary", "Duration",
];

impl Collection {
    /// A collection from a line such as `id:UUID!* email:String! phone:String` – `!` required, `*` unique – with
    /// `rows` made-up records. `created_at` is Unix milliseconds.
    pub fn new(line: &str, created_at: i64, rows: usize) -> Self {
        let fields = line.split_whitespace().map(|word| {
            let (name, kind) = word.split_once(':').unwrap_or((word, "String"));
            let field = Field {
                field_type: kind.trim_end_matches(['!', '*']).to_owned(),
                required: kind.contains('!'),
                unique: kind.contains('*'),
            };
            (name.to_owned(), field)
        });
        let fields: BTreeMap<_, _> = fields.collect();
        let rows = (1..=rows)
            .map(|number| example(&fields, number, created_at))
            .collect();
        Self {
            fields,
            internal: false,
            created_at,
            rows,
        }
    }

    /// A collection of the server's own, such as `audit__ek0_shop`.
    pub fn internal(created_at: i64) -> Self {
        Self {
            internal: true,
            created_at,
            ..Self::default()
        }
    }

    /// The schema as E17 shows it.
    pub(in crate::ekodb) fn schema(&self) -> Value {
        let fields: Map<String, Value> = self
            .fields
            .iter()
            .map(|(name, field)| (name.clone(), field.json()))
            .collect();
        let at = DateTime::from_timestamp_millis(self.created_at).unwrap_or_default();
        let at = at.to_rfc3339_opts(SecondsFormat::Nanos, true);
        json!({
            "fields": fields,
            "version": 1,
            "created_at": at,
            "last_modified": at,
            "bypass_ripple": true,
            "primary_key_alias": "id",
        })
    }

    /// The collection a schema body declares (E19).
    pub(in crate::ekodb) fn declared(schema: &Value, created_at: i64) -> Result<Self, Refusal> {
        let mut fields = BTreeMap::new();
        for (name, field) in schema
            .get("fields")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            let field_type = field
                .get("field_type")
                .and_then(Value::as_str)
                .unwrap_or_default();
            if !FIELD_TYPES.contains(&field_type) {
                let known = FIELD_TYPES.join(", ");
                let text = format!("Invalid field type: '{field_type}' - must be one of: {known}");
                return Err(Refusal::new(400, text));
            }
            let flag = |member: &str| field.get(member).and_then(Value::as_bool).unwrap_or(false);
            let declared = Field {
                field_type: field_type.to_owned(),
                required: flag("required"),
                unique: flag("unique"),
            };
            fields.insert(name.clone(), declared);
        }
        Ok(Self {
            fields,
            created_at,
            ..Self::default()
        })
    }
}

impl Field {
    fn json(&self) -> Value {
        json!({
            "field_type": self.field_type,
            "default": null,
            "unique": self.unique,
            "required": self.required,
            "enums": [],
            "max": null,
            "min": null,
            "regex": null,
        })
    }
}

fn example(fields: &BTreeMap<String, Field>, number: usize, created_at: i64) -> Map<String, Value> {
    let mut row: Map<String, Value> = fields
        .iter()
        .map(|(name, field)| (name.clone(), value(name, field, number, created_at)))
        .collect();
    row.insert("id".to_owned(), json!(format!("{number:032x}")));
    row
}

fn value(name: &str, field: &Field, number: usize, created_at: i64) -> Value {
    match field.field_type.as_str() {
        "Integer" | "Number" | "Duration" => json!(number * 7),
        "Float" => json!(f64::from(u32::try_from(number).unwrap_or(u32::MAX)) * 1.25),
        "Decimal" => json!(format!("{}.90", number * 12)),
        "Boolean" => json!(number.is_multiple_of(2)),
        "DateTime" => json!(crate::ekodb::key::rfc3339(created_at)),
        "UUID" => json!(format!("00000000-0000-4000-8000-{number:012x}")),
        "Array" | "Set" | "Vector" => json!([]),
        "Object" => json!({}),
        "Null" => Value::Null,
        _ if name.contains("email") => json!(format!("person{number}@example.com")),
        _ => json!(format!("{name} {number}")),
    }
}
