//! Changes to servers: planned as data, journalled before they are sent, read back afterwards.
//!
//! `machine` is pure: an operation is what folding its journal gives. `runner` owns effects: intent committed,
//! one call performed, outcome committed. `edit` leads from a draft to an operation.

mod draft;
mod edit;
mod effects;
mod machine;
mod runner;

pub(crate) use draft::{DraftRow, DraftState, open as open_draft, rebase, rows, save, undo};
pub(crate) use draft::{open_operation, subject};
pub(crate) use edit::{Conflict, apply, review};
pub(crate) use effects::Reach;
pub(crate) use machine::{
    Answer as EditAnswer, EditPlan, Event as EditEvent, Op as EditOp, Outcome, Refused, State,
    State as EditState,
};
pub use runner::{Checkpoint, Point, Unwatched};
pub(crate) use runner::{EDIT, find, resume_all};
