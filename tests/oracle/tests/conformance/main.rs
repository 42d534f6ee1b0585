//! `ekodb.md` §10: the official client against our fake server, and our adapter beside it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a proof stops at the first surprise"
)]

mod addresses;
mod agreement;
mod bytes;
mod calls;
mod grants;
mod lifecycle;
mod planted;
mod refusals;
mod sequences;
mod side_by_side;
mod troubles;
