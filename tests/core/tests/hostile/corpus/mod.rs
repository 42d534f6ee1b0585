//! The corpus: replies as data, each with its expected error beside it.

mod encoding;
mod framing;
mod header;
mod json;
mod list;
mod member;
mod own;
mod refusal;
mod size;
mod status;
mod waiting;

use crate::case::Case;

pub(crate) fn all() -> Vec<Case> {
    [
        status::cases(),
        framing::cases(),
        header::cases(),
        encoding::cases(),
        waiting::cases(),
        json::cases(),
        member::cases(),
        list::cases(),
        own::cases(),
        refusal::cases(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Replies of many megabytes, to be met one at a time.
pub(crate) use size::cases as vast;
