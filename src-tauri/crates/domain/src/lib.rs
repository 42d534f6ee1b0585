//! The words of Keystead: pure types and rules.
//!
//! No I/O, no async, no clock. Everything else in the workspace speaks in these types; this crate
//! knows none of the others.

mod capability;
mod deployment;
mod fact;
mod id;
mod key;
mod proof;
mod rights;
mod secret;
mod sync;
mod text;
mod time;

pub use capability::{Capabilities, Capability};
pub use deployment::{Environment, LinkSpec, ServerFacts, TlsMinimum, Trust};
pub use fact::{Fact, FactValue};
pub use id::{DeploymentId, KeyId, OfferId, OperationId, SecretId};
pub use key::{Expiry, Identity, KeyKind, ListedKey, Notice, RemoteId};
pub use proof::{Check, CheckKind, Grade, Mark, Verdict, grade};
pub use rights::{
    ActionCount, Cell, Column, FieldRule, RightsCounts, RightsGrid, RightsRow, RightsSummary,
};
pub use rights::{
    CellChange, Risk, RowChange, Tone, cell_changes, cells_under, columns_of_both, differences,
    is_sensitive, row_changes,
};
pub use secret::{Fingerprint, Sealed, Secret, SecretKind, sha256, sha256_of};
pub use sync::{Resource, ServerCopy};
pub use text::is_hidden;
pub use time::{Clock, UnixMs};
