//! What Keystead does. The only crate that sees two of its neighbours; the window, tests and whatever
//! comes next all go through [`commands::dispatch`].

mod app;
mod clipboard;
mod clock;
pub mod commands;
pub mod deployments;
mod desk;
mod error;
mod event;
mod home;
mod links;
mod offers;
mod operations;
mod profile;
mod rotation;
mod samples;
mod sync;
mod views;

pub use app::{App, Rhythm, Start};
pub use clock::SystemClock;
pub use desk::Desk;
pub use domain::Secret;
pub use error::{Code, Failure};
pub use event::{Area, Event, Events};
pub use home::VaultCare;
pub use operations::{Checkpoint, Point, Unwatched};
pub use profile::Profile;
pub use providers::Timing;
pub use samples::SampleServers;
pub use vault::{KeyringWait, PassphraseCost};
