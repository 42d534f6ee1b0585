//! Error replies (`ekodb.md` 6).

use serde_json::json;

use super::options::ErrorShape;
use super::rights::action::Action;
use crate::host::Answer;

/// A request the server does not fulfil: status and text.
#[derive(Debug)]
pub(super) struct Refusal {
    status: u16,
    text: String,
}

impl Refusal {
    pub(super) fn new(status: u16, text: impl Into<String>) -> Self {
        Self {
            status,
            text: text.into(),
        }
    }

    /// Missing, garbled, expired token, or one of a revoked key.
    pub(super) fn token() -> Self {
        Self::new(401, "Invalid or expired token")
    }

    /// A key value that names no live key.
    pub(super) fn key() -> Self {
        Self::new(401, "API key not found or revoked")
    }

    /// No live key of this id, or of this value where a value is what names it.
    pub(super) fn no_key() -> Self {
        Self::new(404, "API key not found")
    }

    /// A non-admin on an admin route.
    pub(super) fn admin_only() -> Self {
        Self::new(403, "Admin access required")
    }

    /// No grant for this action.
    pub(super) fn no_permission(action: Action, collection: &str) -> Self {
        let action = action.name();
        Self::new(
            403,
            format!("No {action} permission for collection {collection}"),
        )
    }

    /// No such route.
    pub(super) fn route() -> Self {
        Self::new(404, "Not found")
    }

    /// The route is there, the method is not.
    pub(super) fn method() -> Self {
        Self::new(405, "Method not allowed")
    }

    pub(super) fn answer(self, shape: ErrorShape) -> Answer {
        let body = match shape {
            ErrorShape::Error => Some(json!({ "error": self.text })),
            ErrorShape::CodeMessage => Some(json!({ "code": self.status, "message": self.text })),
            ErrorShape::Empty => None,
        };
        Answer {
            status: self.status,
            headers: Vec::new(),
            body,
        }
    }
}
