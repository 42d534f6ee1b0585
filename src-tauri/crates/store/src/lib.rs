//! SQLite: the only place with SQL, one file per table group.
//!
//! One writer, many readers. A change is a [`Writer`]: it is committed whole or not at all, and only a
//! commit announces what changed.

pub mod audit;
pub mod deployments;
mod error;
pub mod grants;
pub mod keys;
pub mod meta;
mod open;
pub mod operations;
pub mod resources;
pub mod secrets;
mod writer;

pub use error::StoreError;
pub use open::Store;
pub use writer::{Area, Changed, Writer};
