//! Changes to servers: planned as data, journalled before they are sent, read back afterwards.
//!
//! `machine` is pure: an operation is what folding its journal gives. `runner` owns effects: intent committed,
//! one call performed, outcome committed. `edit` leads from a draft to an operation.

mod draft;
mod edit;
mod machine;
mod runner;

pub(crate) use draft::{DraftRow, DraftState, open as open_draft, rebase, rows, save, undo};
pub(crate) use edit::{Conflict, apply, review};
pub(crate) use machine::{Outcome, State};
pub use runner::{Checkpoint, Point, Unwatched};
pub(crate) use runner::{find, resume_all};
