//! Every provider, one line each.

use crate::{Provider, ekodb::Ekodb};

/// The servers that this build knows.
pub const PROVIDERS: &[&dyn Provider] = &[&Ekodb];

/// The provider of that id, as stored with a deployment.
pub fn find(id: &str) -> Option<&'static dyn Provider> {
    PROVIDERS
        .iter()
        .copied()
        .find(|provider| provider.about().id == id)
}
