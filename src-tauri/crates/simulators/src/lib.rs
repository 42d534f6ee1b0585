//! The servers Keystead talks to, faked faithfully: stateful, over TLS 1.3 on loopback, with faults as data.
//!
//! Imports nothing of ours, so that a contract misread by an adapter cannot be misread the same way here.
//! A provider is one folder ([`ekodb`]); everything else in this crate is shared by all of them.

pub mod clock;
mod control;
mod disk;
pub mod ekodb;
mod exchange;
pub mod fault;
mod host;
pub mod journal;
mod reply;
mod request;
pub mod sample;
mod server;
pub mod tls;

pub use control::Control;
pub use fault::{Door, Effect, Fault};
pub use journal::Entry;
pub use server::Server;
pub use tls::TlsMode;
