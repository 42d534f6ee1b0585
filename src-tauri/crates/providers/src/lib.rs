//! The servers: one folder each behind one trait, and the only HTTP client of the program.
//!
//! A provider is a stateless value; the connection ([`Link`]) comes in. To add one: a folder beside
//! `ekodb/` with the same file names, and one line in [`registry`].

mod address;
mod base_url;
mod call;
mod ekodb;
mod error;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzzing;
mod http;
mod json;
mod link;
mod proof;
mod provider;
pub mod registry;
mod tls;

pub use address::{AddressClass, look_up};
pub use base_url::{BaseUrl, UrlRefused};
pub use call::{Call, CallSecrets, Method, Part, Performed, Refusal, Slot};
pub use error::{Class, Fault, ProviderError};
pub use http::Timing;
pub use link::{Link, NotWitnessed, Witness};
pub use proof::{CreatePlan, KeySpec, NewKey, OwnRights, ProbeSession, Tried};
pub use provider::{About, EditableColumn, Located, Provider, Wanted};
