//! The rights grid: resources × actions → cell. Written once for every provider.

mod change;

pub use change::{
    CellChange, Risk, RowChange, Tone, cell_changes, cells_under, columns_of_both, differences,
    is_sensitive, row_changes,
};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A column of the grid, in the adapter's order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Column {
    /// The action's word in the database.
    pub action: String,
    /// The heading, drawn verbatim.
    pub title: String,
}

/// A restriction to fields.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldRule {
    /// These fields only. An empty list means none at all; `None` means no such restriction.
    pub only: Option<Vec<String>>,
    /// All fields but these.
    pub except: Option<Vec<String>>,
}

impl FieldRule {
    /// The rule restricts nothing.
    pub fn is_open(&self) -> bool {
        self.only.is_none() && self.except.is_none()
    }
}

/// What a key may do with one resource by one action.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Cell {
    /// Nothing.
    None,
    /// Everything.
    All,
    /// Some fields.
    Fields {
        /// Which.
        rule: FieldRule,
    },
    /// Whatever that other column says.
    Inherited {
        /// The other action.
        from: String,
    },
    /// Not to be edited here.
    Locked {
        /// The reason.
        why: String,
    },
}

/// One resource of the grid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RightsRow {
    /// The adapter's word for its kind, for example "collection".
    pub kind: String,
    /// Its name on the server.
    pub resource: String,
    /// A cell for each of the grid's columns; shorter rows are read as `None` beyond their end.
    pub cells: Vec<Cell>,
}

/// What one key may do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RightsGrid {
    /// The columns this key's rights need.
    pub columns: Vec<Column>,
    /// The resources that are named, explicit "no access" included.
    pub rows: Vec<RightsRow>,
    /// The key may do everything, whatever the rows say.
    pub admin: bool,
}

/// A key's rights in one line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RightsSummary {
    /// The key may do everything.
    pub admin: bool,
    /// On how many resources each action is allowed, in column order, zeros left out.
    pub counts: Vec<ActionCount>,
    /// Resources under a field rule.
    #[ts(type = "number")]
    pub restricted: u32,
}

/// A key's rights counted, by column.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RightsCounts(
    /// On how many resources each column's action is allowed, wholly or in part.
    pub Vec<u32>,
    /// Resources under a field rule.
    pub u32,
);

/// How many resources an action is allowed on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ActionCount {
    /// The column's heading.
    pub action: String,
    /// Resources on which it is allowed, wholly or in part.
    #[ts(type = "number")]
    pub count: u32,
}

impl RightsGrid {
    /// The row of a resource, if the key names it.
    pub fn row(&self, kind: &str, resource: &str) -> Option<&RightsRow> {
        self.rows
            .iter()
            .find(|row| row.kind == kind && row.resource == resource)
    }

    /// The grid counted.
    pub fn counts(&self) -> RightsCounts {
        let allowed = |cell: &&Cell| matches!(cell, Cell::All | Cell::Fields { .. });
        let ruled = |cell: &Cell| matches!(cell, Cell::Fields { .. });
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let columns = 0..self.columns.len();
        let by_column = columns.map(|at| {
            let cells = self.rows.iter().filter_map(|row| row.cells.get(at));
            count(cells.filter(allowed).count())
        });
        let restricted = self.rows.iter().filter(|row| row.cells.iter().any(ruled));
        RightsCounts(by_column.collect(), count(restricted.count()))
    }
}

impl RightsCounts {
    /// What an admin weighs: more than any count comes to.
    pub const ADMIN_WEIGHT: u32 = u32::MAX;

    /// A figure to sort by: an admin's above all, then by allowed cells.
    pub fn weight(&self, admin: bool) -> u32 {
        if admin {
            Self::ADMIN_WEIGHT
        } else {
            self.0.iter().sum()
        }
    }

    /// In one line, under the headings of these columns.
    pub fn summary(&self, columns: &[Column], admin: bool) -> RightsSummary {
        let counts = columns.iter().zip(&self.0).filter(|(_, count)| **count > 0);
        let counts = counts.map(|(column, count)| ActionCount {
            action: column.title.clone(),
            count: *count,
        });
        RightsSummary {
            admin,
            counts: counts.collect(),
            restricted: self.1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(admin: bool, rows: Vec<Vec<Cell>>) -> RightsGrid {
        let column = |word: &str| Column {
            action: word.into(),
            title: word.into(),
        };
        let row = |(i, cells)| RightsRow {
            kind: "collection".into(),
            resource: format!("r{i}"),
            cells,
        };
        RightsGrid {
            columns: vec![column("read"), column("write")],
            rows: rows.into_iter().enumerate().map(row).collect(),
            admin,
        }
    }

    #[test]
    fn summary_counts_whole_and_partial_rights_and_leaves_zeros_out() {
        let some = Cell::Fields {
            rule: FieldRule {
                only: Some(vec!["id".into()]),
                except: None,
            },
        };
        let grid = grid(
            false,
            vec![
                vec![Cell::All, Cell::None],
                vec![some, Cell::None],
                vec![Cell::None],
            ],
        );
        let summary = grid.counts().summary(&grid.columns, grid.admin);
        assert_eq!(
            summary.counts,
            [ActionCount {
                action: "read".into(),
                count: 2
            }]
        );
        assert_eq!(summary.restricted, 1);
    }

    #[test]
    fn an_admin_weighs_more_than_any_scoped_key() {
        let scoped = grid(false, vec![vec![Cell::All, Cell::All]; 100]);
        assert!(grid(true, vec![]).counts().weight(true) > scoped.counts().weight(false));
    }
}
