//! What turns one rights grid into another. Written once for every provider.

use crate::{Cell, Column, FieldRule, RightsGrid, RightsRow};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use ts_rs::TS;

/// One resource whose cells change. `None` = the key does not name it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowChange {
    /// The adapter's word for the resource's kind.
    pub kind: String,
    /// Its name.
    pub resource: String,
    /// The cells before, in the order of [`columns_of_both`].
    pub before: Option<Vec<Cell>>,
    /// The cells after.
    pub after: Option<Vec<Cell>>,
}

/// One cell that changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellChange {
    /// The adapter's word for the resource's kind.
    pub kind: String,
    /// Its name.
    pub resource: String,
    /// The column.
    pub column: Column,
    /// What the cell was.
    pub before: Cell,
    /// What it becomes.
    pub after: Cell,
}

/// The direction of a [`CellChange`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// Nothing before, something now.
    Added,
    /// Something before, nothing now.
    Removed,
    /// Fewer fields.
    Narrowed,
    /// More fields.
    Widened,
    /// Neither more nor less.
    Changed,
}

/// Why a [`CellChange`] deserves a second look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Risk {
    /// The key had no access to this resource at all.
    FirstAccess,
    /// The key may change things that it could not.
    GainsWrite,
    /// The key may delete things that it could not.
    GainsDelete,
    /// The key sees or changes fields that it could not.
    WidensFields,
    /// Fields named like secrets are among what it gains.
    SensitiveFields,
}

/// The columns of two grids, those of `second` first. Which columns a grid has follows from what its server's keys may do
/// at that moment, so the same place may mean another action in another grid.
pub fn columns_of_both(first: &[Column], second: &[Column]) -> Vec<Column> {
    let mut columns = second.to_vec();
    for column in first {
        if columns.iter().all(|known| known.action != column.action) {
            columns.push(column.clone());
        }
    }
    columns
}

/// A row's cells, from the columns where they stand to other ones.
pub fn cells_under(cells: &[Cell], own: &[Column], wanted: &[Column]) -> Vec<Cell> {
    let of = |column: &Column| cell(Some(cells), own, &column.action).clone();
    wanted.iter().map(of).collect()
}

/// The rows that differ, in the order of `desired`, then those that it drops. A row of nothing but
/// [`Cell::None`] equals no row.
pub fn row_changes(base: &RightsGrid, desired: &RightsGrid) -> Vec<RowChange> {
    let columns = columns_of_both(&base.columns, &desired.columns);
    let full = |grid: &RightsGrid, row: &RightsRow| {
        let row = grid.row(&row.kind, &row.resource)?;
        Some(cells_under(&row.cells, &grid.columns, &columns))
    };
    let mut changes = Vec::new();
    let dropped = base
        .rows
        .iter()
        .filter(|row| desired.row(&row.kind, &row.resource).is_none());
    for row in desired.rows.iter().chain(dropped) {
        let (before, after) = (full(base, row), full(desired, row));
        if meaning(before.as_deref()) != meaning(after.as_deref()) {
            let (kind, resource) = (row.kind.clone(), row.resource.clone());
            changes.push(RowChange {
                kind,
                resource,
                before,
                after,
            });
        }
    }
    changes
}

/// The cells that differ.
pub fn cell_changes(base: &RightsGrid, desired: &RightsGrid) -> Vec<CellChange> {
    let columns = columns_of_both(&base.columns, &desired.columns);
    let mut cells = Vec::new();
    for change in row_changes(base, desired) {
        let at = |row: &Option<Vec<Cell>>, i: usize| {
            row.as_ref()
                .and_then(|r| r.get(i))
                .cloned()
                .unwrap_or(Cell::None)
        };
        for (i, column) in columns.iter().enumerate() {
            let (before, after) = (at(&change.before, i), at(&change.after, i));
            // "As another column says" follows that column and is no change of its own.
            let follows =
                |cell: &Cell| matches!(cell, Cell::Inherited { .. } | Cell::Locked { .. });
            if before != after && !follows(&before) && !follows(&after) {
                let (kind, resource) = (change.kind.clone(), change.resource.clone());
                cells.push(CellChange {
                    kind,
                    resource,
                    column: column.clone(),
                    before,
                    after,
                });
            }
        }
    }
    cells
}

/// Whether two grids mean the same: the cells in which `stored` is not what was `wanted`.
pub fn differences(wanted: &RightsGrid, stored: &RightsGrid) -> Vec<CellChange> {
    cell_changes(wanted, stored)
}

impl RowChange {
    /// The same change to the row as somebody else has left it: the cells that change here become what they are
    /// to be, every other one stays theirs. `own` are this change's columns, `wanted` those of the outcome.
    pub fn onto(&self, own: &[Column], theirs: &RightsGrid, wanted: &[Column]) -> Vec<Cell> {
        let their_row = theirs.row(&self.kind, &self.resource);
        let their_row = their_row.map(|row| row.cells.as_slice());
        let merged = wanted.iter().map(|Column { action, .. }| {
            let before = cell(self.before.as_deref(), own, action);
            let after = cell(self.after.as_deref(), own, action);
            if before == after {
                cell(their_row, &theirs.columns, action)
            } else {
                after
            }
        });
        merged.cloned().collect()
    }
}

impl CellChange {
    /// More, less, or neither.
    pub fn tone(&self) -> Tone {
        match (&self.before, &self.after) {
            (Cell::None, _) => Tone::Added,
            (_, Cell::None) => Tone::Removed,
            (Cell::All, _) => Tone::Narrowed,
            (_, Cell::All) => Tone::Widened,
            (Cell::Fields { rule: before }, Cell::Fields { rule: after }) => {
                match (gains(before, after), gains(after, before)) {
                    (true, false) => Tone::Widened,
                    (false, true) => Tone::Narrowed,
                    (true, true) | (false, false) => Tone::Changed,
                }
            }
            (Cell::Fields { .. } | Cell::Inherited { .. } | Cell::Locked { .. }, _) => {
                Tone::Changed
            }
        }
    }

    /// What deserves a second look. `whole` is the resource's row before; `fields` all its fields, where known.
    pub fn risks(&self, whole: Option<&[Cell]>, fields: &[String]) -> Vec<Risk> {
        let mut risks = BTreeSet::new();
        let tone = self.tone();
        if !matches!(tone, Tone::Added | Tone::Widened | Tone::Changed) {
            return Vec::new();
        }
        if whole.is_none_or(|cells| {
            cells
                .iter()
                .all(|cell| matches!(cell, Cell::None | Cell::Inherited { .. }))
        }) {
            risks.insert(Risk::FirstAccess);
        }
        if tone == Tone::Added && self.column.action == "write" {
            risks.insert(Risk::GainsWrite);
        }
        if tone == Tone::Added && self.column.action == "delete" {
            risks.insert(Risk::GainsDelete);
        }
        if matches!(tone, Tone::Widened | Tone::Changed) {
            risks.insert(Risk::WidensFields);
        }
        let gained = fields
            .iter()
            .filter(|field| allows(&self.after, field) && !allows(&self.before, field));
        if gained.into_iter().any(|field| is_sensitive(field)) {
            risks.insert(Risk::SensitiveFields);
        }
        risks.into_iter().collect()
    }
}

/// A field whose name speaks of something that few should see.
pub fn is_sensitive(field: &str) -> bool {
    let name = field.to_lowercase();
    [
        "password",
        "passwd",
        "secret",
        "token",
        "ssn",
        "iban",
        "card_number",
        "cvv",
        "api_key",
        "private_key",
    ]
    .iter()
    .any(|word| name.contains(word))
}

fn allows(cell: &Cell, field: &str) -> bool {
    match cell {
        Cell::All => true,
        Cell::Fields { rule } => {
            let named = |list: &Vec<String>| list.iter().any(|f| f == field);
            rule.only.as_ref().is_none_or(named) && !rule.except.as_ref().is_some_and(named)
        }
        Cell::None | Cell::Inherited { .. } | Cell::Locked { .. } => false,
    }
}

/// `after` may allow a field that `before` does not.
fn gains(before: &FieldRule, after: &FieldRule) -> bool {
    let named = before
        .only
        .iter()
        .chain(&before.except)
        .chain(&after.only)
        .chain(&after.except)
        .flatten();
    let unnamed = String::from("\u{0}");
    let (before, after) = (
        Cell::Fields {
            rule: before.clone(),
        },
        Cell::Fields {
            rule: after.clone(),
        },
    );
    named
        .chain([&unnamed])
        .any(|field| allows(&after, field) && !allows(&before, field))
}

/// What a row of these columns allows of an action.
fn cell<'a>(row: Option<&'a [Cell]>, columns: &[Column], action: &str) -> &'a Cell {
    let at = columns.iter().position(|column| column.action == action);
    let cell = row.zip(at).and_then(|(cells, at)| cells.get(at));
    cell.unwrap_or(&Cell::None)
}

/// What a row comes to: `None` for no access, however it is written down.
fn meaning(row: Option<&[Cell]>) -> Option<&[Cell]> {
    row.filter(|cells| {
        cells
            .iter()
            .any(|cell| matches!(cell, Cell::All | Cell::Fields { .. } | Cell::Locked { .. }))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(rows: &[(&str, [Cell; 2])]) -> RightsGrid {
        let column = |word: &str| Column {
            action: word.into(),
            title: word.into(),
        };
        let row = |(name, cells): &(&str, [Cell; 2])| RightsRow {
            kind: "collection".into(),
            resource: (*name).into(),
            cells: cells.to_vec(),
        };
        RightsGrid {
            columns: vec![column("read"), column("write")],
            rows: rows.iter().map(row).collect(),
            admin: false,
        }
    }

    fn only(fields: &[&str]) -> Cell {
        Cell::Fields {
            rule: FieldRule {
                only: Some(fields.iter().map(ToString::to_string).collect()),
                except: None,
            },
        }
    }

    #[test]
    fn nothing_and_no_row_are_the_same() {
        let (explicit, absent) = (grid(&[("a", [Cell::None, Cell::None])]), grid(&[]));
        assert_eq!(row_changes(&explicit, &absent), []);
        assert_eq!(row_changes(&absent, &explicit), []);
    }

    #[test]
    fn changes_carry_tone_and_risk() {
        let base = grid(&[
            ("a", [Cell::All, Cell::None]),
            ("b", [only(&["id"]), Cell::None]),
            ("c", [Cell::All, Cell::All]),
        ]);
        let desired = grid(&[
            ("a", [only(&["id"]), Cell::All]),
            ("b", [only(&["id", "password_hash"]), Cell::None]),
            ("d", [Cell::All, Cell::None]),
        ]);
        let fields = ["id".to_owned(), "password_hash".to_owned()];
        let seen: Vec<_> = cell_changes(&base, &desired)
            .iter()
            .map(|change| {
                let whole = base
                    .row(&change.kind, &change.resource)
                    .map(|row| row.cells.as_slice());
                (
                    change.resource.clone(),
                    change.column.action.clone(),
                    change.tone(),
                    change.risks(whole, &fields),
                )
            })
            .collect();
        let expect = |resource: &str, action: &str, tone, risks: &[Risk]| {
            (resource.into(), action.into(), tone, risks.to_vec())
        };
        assert_eq!(
            seen,
            [
                expect("a", "read", Tone::Narrowed, &[]),
                expect(
                    "a",
                    "write",
                    Tone::Added,
                    &[Risk::GainsWrite, Risk::SensitiveFields]
                ),
                expect(
                    "b",
                    "read",
                    Tone::Widened,
                    &[Risk::WidensFields, Risk::SensitiveFields]
                ),
                expect(
                    "d",
                    "read",
                    Tone::Added,
                    &[Risk::FirstAccess, Risk::SensitiveFields]
                ),
                expect("c", "read", Tone::Removed, &[]),
                expect("c", "write", Tone::Removed, &[]),
            ]
        );
    }

    #[test]
    fn grids_are_compared_by_what_their_columns_mean_not_by_where_they_stand() {
        let of = |actions: &[&str], cells: &[Cell]| RightsGrid {
            columns: actions
                .iter()
                .map(|action| Column {
                    action: (*action).into(),
                    title: (*action).into(),
                })
                .collect(),
            rows: vec![RightsRow {
                kind: "collection".into(),
                resource: "a".into(),
                cells: cells.into(),
            }],
            admin: false,
        };
        let (all, none) = (Cell::All, Cell::None);
        let wide = of(
            &["read", "write", "delete", "admin"],
            &[all.clone(), all.clone(), none.clone(), all.clone()],
        );
        let narrow = of(
            &["read", "write", "admin"],
            &[all.clone(), all.clone(), all.clone()],
        );
        assert_eq!(differences(&wide, &narrow), []);
        assert_eq!(differences(&narrow, &wide), []);
        // Only the place is the same.
        let other = of(
            &["read", "write", "delete"],
            &[all.clone(), all.clone(), all.clone()],
        );
        let found = differences(&narrow, &other);
        let told: Vec<_> = found
            .iter()
            .map(|cell| (cell.column.action.as_str(), cell.tone()))
            .collect();
        assert_eq!(told, [("delete", Tone::Added), ("admin", Tone::Removed)]);
        // A change keeps its meaning on a grid with other columns.
        let less = of(
            &["read", "write", "admin"],
            &[all.clone(), none, all.clone()],
        );
        let change = &row_changes(&narrow, &less)[0];
        let wanted = columns_of_both(&narrow.columns, &wide.columns);
        let merged = change.onto(&narrow.columns, &wide, &wanted);
        assert_eq!(merged, [all.clone(), Cell::None, Cell::None, all]);
    }

    #[test]
    fn a_change_upon_another_leaves_the_cells_it_does_not_change() {
        let base = grid(&[("a", [Cell::All, Cell::None])]);
        let desired = grid(&[
            ("a", [Cell::All, Cell::All]),
            ("b", [Cell::All, Cell::None]),
        ]);
        let theirs = grid(&[("a", [Cell::None, Cell::None])]);
        let merged: Vec<_> = row_changes(&base, &desired)
            .iter()
            .map(|change| change.onto(&theirs.columns, &theirs, &theirs.columns))
            .collect();
        assert_eq!(
            merged,
            [[Cell::None, Cell::All], [Cell::All, Cell::None]],
            "what they took away stays away"
        );
        let dropped = row_changes(&base, &grid(&[]));
        assert_eq!(
            dropped[0].onto(&base.columns, &base, &base.columns),
            [Cell::None, Cell::None]
        );
    }

    #[test]
    fn an_empty_list_is_a_rule_and_not_the_absence_of_one() {
        assert_eq!(
            cell_changes(
                &grid(&[("a", [only(&[]), Cell::None])]),
                &grid(&[("a", [Cell::All, Cell::None])])
            )
            .len(),
            1
        );
    }
}
