//! What a deployment holds: health, collections with their schemas, a few records.

mod collection;
mod records;
mod schemas;

pub use collection::{Collection, Field};
