//! What a person wants is what the server then says: grids are edited at random, the planned calls are applied to
//! a model of the server, and its list is read again.

mod model;
mod worlds;

use super::{super::listing, plan, rights};
use crate::{
    Call,
    ekodb::{ABOUT, dialect, record::records},
};
use domain::{Cell, ListedKey, RightsGrid, RightsRow, ServerFacts};
use model::{Bug, Model};
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use serde_json::{Map, Value, json};
use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};
use worlds::{Case, Edit, TARGET, cases};

/// What a grid lets a key do, by action: free of how "nothing" is written down, of cells that follow another, and of
/// columns that no grant speaks of any more.
type Meaning = BTreeMap<(String, String), BTreeMap<String, Cell>>;

const LISTS: [(&str, &[&str]); 2] = [
    ("read", &["select_fields", "exclude_fields"]),
    ("write", &["writable_fields"]),
];

fn listed(model: &Model) -> Vec<ListedKey> {
    listing::keys(records(&model.list()).unwrap(), &ABOUT)
}

fn meaning(grid: &RightsGrid) -> Meaning {
    let allowed = |row: &RightsRow| {
        let columns = grid.columns.iter().map(|column| column.action.clone());
        let cells = columns.zip(row.cells.iter().cloned());
        cells
            .filter(|(_, cell)| !matches!(cell, Cell::None | Cell::Inherited { .. }))
            .collect::<BTreeMap<_, _>>()
    };
    let rows = grid
        .rows
        .iter()
        .map(|row| ((row.kind.clone(), row.resource.clone()), allowed(row)));
    rows.filter(|(_, cells)| !cells.is_empty()).collect()
}

/// The grid after the person's edits.
fn edited(base: &RightsGrid, edits: &[Edit]) -> RightsGrid {
    let mut grid = base.clone();
    let at = |action: &str| {
        grid.columns
            .iter()
            .position(|column| column.action == action)
    };
    let (read, write, delete) = (at("read").unwrap(), at("write").unwrap(), at("delete"));
    let width = grid.columns.len();
    for edit in edits {
        let found = grid
            .rows
            .iter()
            .position(|row| row.kind == edit.kind && row.resource == edit.resource);
        if edit.dropped {
            // Where deleting is a right of its own, it cannot be taken away.
            grid.rows.retain(|row| {
                (&row.kind, &row.resource) != (&edit.kind, &edit.resource)
                    || delete.is_some_and(|delete| row.cells[delete] == Cell::All)
            });
            continue;
        }
        let at = found.unwrap_or_else(|| {
            grid.rows.push(RightsRow {
                kind: edit.kind.clone(),
                resource: edit.resource.clone(),
                cells: base
                    .row(&edit.kind, &edit.resource)
                    .map_or_else(|| vec![Cell::None; width], |row| row.cells.clone()),
            });
            grid.rows.len() - 1
        });
        for (column, cell) in [(read, &edit.read), (write, &edit.write)] {
            if let Some(cell) = cell {
                grid.rows[at].cells[column] = cell.clone();
            }
        }
    }
    grid
}

/// Edits one key of the case's server by the calls that the adapter plans.
fn check(case: &Case, bug: Option<Bug>) -> Result<(), TestCaseError> {
    let facts = ServerFacts {
        dialect: Some(
            if case.modern {
                dialect::MODERN
            } else {
                dialect::LEGACY
            }
            .to_owned(),
        ),
        ..ServerFacts::default()
    };
    let mut model = Model::new(&case.records, case.put_clears, bug);
    let before = listed(&model);
    let (identity, base) = (&before[TARGET].identity, &before[TARGET].rights);
    prop_assert_eq!(plan(&facts, identity, base, base), Ok(vec![]));

    let desired = edited(base, &case.edits);
    let calls = plan(&facts, identity, base, &desired).map_err(|why| fail(&why.0))?;
    let (was, wanted) = (meaning(base), meaning(&desired));
    let resources = was.keys().chain(wanted.keys()).collect::<BTreeSet<_>>();
    let changed = resources
        .into_iter()
        .filter(|name| was.get(*name) != wanted.get(*name))
        .cloned()
        .collect::<BTreeSet<_>>();
    prop_assert_eq!(calls.len(), changed.len(), "one call for each changed row");
    let read = stored_and_read(&calls);
    prop_assert_eq!(&read, &calls, "a call outlives the journal");
    for call in &read {
        model.apply(call, TARGET).map_err(|why| fail(&why))?;
    }

    let after = listed(&model);
    prop_assert_eq!(meaning(&after[TARGET].rights), wanted);
    let left = model::grants(&model.records[TARGET]);
    let left = |name: &String| left.contains_key(name);
    prop_assert_eq!(
        unknown(&after[TARGET], left),
        unknown(&before[TARGET], left)
    );
    for (at, record) in case.records.iter().enumerate() {
        if at == TARGET {
            untouched(
                &case.records[at],
                &model.records[at],
                base,
                &desired,
                &changed,
            )?;
        } else {
            prop_assert_eq!(&model.records[at], record);
        }
    }
    Ok(())
}

/// The calls as the journal gives them back.
fn stored_and_read(calls: &[Call]) -> Vec<Call> {
    serde_json::from_str(&serde_json::to_string(calls).unwrap()).unwrap()
}

fn fail(why: &str) -> TestCaseError {
    TestCaseError::fail(why.to_owned())
}

/// The extras that no edit of rights may change. Lists that wait for their action to be allowed may; what was known
/// of a grant goes with it.
fn unknown(key: &ListedKey, left: impl Fn(&String) -> bool) -> Value {
    let mut extras = key.extras.clone();
    if let Some(Value::Object(grants)) = extras.get_mut("collection_permissions") {
        for grant in grants.values_mut() {
            let grant = grant.as_object_mut().unwrap();
            grant.retain(|name, _| {
                LISTS
                    .iter()
                    .all(|(_, lists)| !lists.contains(&name.as_str()))
            });
        }
        grants.retain(|name, grant| {
            left(name) && grant.as_object().is_some_and(|grant| !grant.is_empty())
        });
        if grants.is_empty() {
            extras.remove("collection_permissions");
        }
    }
    Value::Object(extras)
}

/// Compares the server's own record, member by member: whatever was not edited is as it was, be it left out, null,
/// an empty list or a list.
fn untouched(
    before: &Value,
    after: &Value,
    base: &RightsGrid,
    desired: &RightsGrid,
    changed: &BTreeSet<(String, String)>,
) -> Result<(), TestCaseError> {
    let rest = |record: &Value| {
        let mut record = record.as_object().unwrap().clone();
        record.retain(|name, _| {
            !["collection_permissions", "kv_permissions"].contains(&name.as_str())
        });
        record
    };
    prop_assert_eq!(rest(before), rest(after));
    for (kind, before, after) in [
        (
            rights::COLLECTION,
            model::grants(before),
            model::grants(after),
        ),
        (
            rights::KV_PREFIX,
            model::prefixes(before),
            model::prefixes(after),
        ),
    ] {
        for (resource, grant) in &before {
            let name = (kind.to_owned(), resource.clone());
            let Some(now) = after.get(resource) else {
                prop_assert!(changed.contains(&name), "{} has gone", resource);
                continue;
            };
            if !changed.contains(&name) {
                prop_assert_eq!(now, grant, "{} was not edited", resource);
                continue;
            }
            prop_assert_eq!(others(now), others(grant), "{}: unknown members", resource);
            for (at, column) in base.columns.iter().enumerate() {
                let cell = |grid: &RightsGrid| {
                    grid.row(kind, resource)
                        .map_or(Cell::None, |row| row.cells[at].clone())
                };
                let Some((action, lists)) =
                    LISTS.iter().find(|(action, _)| *action == column.action)
                else {
                    continue;
                };
                if cell(base) == cell(desired) {
                    prop_assert_eq!(on(now, action), on(grant, action));
                    for list in *lists {
                        prop_assert_eq!(
                            now.get(*list),
                            grant.get(*list),
                            "{} of {}",
                            list,
                            resource
                        );
                    }
                }
            }
        }
    }
    Ok(())
}

fn others(grant: &Map<String, Value>) -> Map<String, Value> {
    let mut others = grant.clone();
    others.retain(|name, _| {
        LISTS
            .iter()
            .all(|(action, lists)| name != action && !lists.contains(&name.as_str()))
    });
    others
}

fn on(grant: &Map<String, Value>, action: &str) -> bool {
    grant.get(action) == Some(&json!(true))
}

/// `shrinks`: how long to look for a simpler case of what was found.
fn runner(cases: u32, shrinks: u32) -> TestRunner {
    let config = Config {
        cases,
        max_shrink_iters: shrinks,
        failure_persistence: None,
        ..Config::default()
    };
    TestRunner::new(config)
}

#[test]
fn the_server_then_says_what_was_wanted_and_nothing_else_changed() {
    runner(1_000, 5_000)
        .run(&cases(), |case| check(&case, None))
        .unwrap();
}

/// The same with a server that does one thing wrong: each is found, so the test above can find it.
#[test]
fn a_server_that_does_otherwise_is_caught() {
    for bug in Bug::ALL {
        let found = runner(3_000, 0).run(&cases(), |case| check(&case, Some(bug)));
        assert!(found.is_err(), "{bug:?} was not noticed");
    }
}

/// The random cases contain what the property speaks of, so that it is not true of nothing.
#[test]
fn the_cases_hold_each_form_of_each_list() {
    let seen = RefCell::new(BTreeSet::new());
    let look = |case: Case| {
        for grant in model::grants(&case.records[TARGET]).values() {
            for list in LISTS.iter().flat_map(|(_, lists)| *lists) {
                let form = match grant.get(*list) {
                    None => "left out",
                    Some(Value::Array(fields)) if fields.is_empty() => "empty",
                    Some(Value::Array(_)) => "fields",
                    Some(_) => "null",
                };
                seen.borrow_mut().insert((*list, form));
            }
        }
        Ok(())
    };
    runner(200, 0).run(&cases(), look).unwrap();
    assert_eq!(seen.borrow().len(), 12, "{seen:?}");
}
