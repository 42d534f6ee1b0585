//! What a key may do: grants, the actions they consist of, and edits of one grant.

pub(super) mod action;
pub(super) mod edit;
mod grant;

pub use grant::{Grant, KvGrant};
