//! What the conformance tests share: a fake server of known content, the official client and our own adapter before
//! it, and its journal as requests that can be compared.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a proof stops at the first surprise"
)]

mod beside;
mod ground;
mod official;
mod ours;
mod row;
mod sent;
mod tap;

pub use beside::{Difference, Pair, Scenario, Side, compare, hold_beside, stand_beside};
pub use ground::{ADMIN, ADMIN_ID, Ground, SLASHED, SLASHED_ID, TARGET, TARGET_ID};
pub use official::{Official, shown};
pub use ours::{CHOSEN, Grid, Ours, told};
pub use row::{Act, Row, Run, count, hold, judge, run, tell};
pub use sent::{Line, Sent, line};
pub use tap::Tap;

use std::future::Future;
use std::pin::Pin;

/// How a call ended: what the client made of the reply, or its own words for why not.
pub type Outcome = Result<serde_json::Value, String>;

/// A call under way.
pub type Turn<'a> = Pin<Box<dyn Future<Output = Outcome> + Send + 'a>>;
