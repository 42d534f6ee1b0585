//! Making, replacing and ending keys (`rotation.md`): one machine for all three, since a rotation strings the other
//! two together.
//!
//! `planning` leads from a wish to a plan, `machine` is pure, `runner` owns effects – intent committed, one call
//! performed, outcome committed – with `making`, `checking` and `ending` for what is sent, and `certificate` is what
//! stays.

mod certificate;
mod checking;
mod delivery;
mod ending;
mod gone;
mod label;
mod machine;
mod making;
mod memory;
mod person;
mod plan;
mod planning;
mod runner;

pub(crate) use certificate::{Seal, grade_of, seal_of};
pub(crate) use delivery::{
    EnvPreview, deliver_clipboard, deliver_file, deliver_person, preview_file,
};
pub(crate) use ending::confirmation_of_new;
pub(crate) use machine::{Act, Condition, Delivery, Op, State, Which, acts};
pub(crate) use memory::{Picked, Probes, Waits};
pub(crate) use person::{Ask, act, revoke};
pub(crate) use plan::{Purpose, snapshot_hash};
pub(crate) use planning::{Planned, Stage, Wish, begin, plan};
pub(crate) use runner::{find, run};

/// How far apart two complete lists without a key prove that it was not made, ms: the longer of a minute and twice
/// the time that a request may take.
const TWO_LISTS_APART: i64 = 60_000;
