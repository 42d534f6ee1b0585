//! The server's own time, which a test can freeze and move.

use std::sync::{Arc, Mutex, PoisonError};

/// Unix time in milliseconds as one server sees it. Clones share the same time.
#[derive(Clone)]
pub struct Clock(Arc<Mutex<Reading>>);

enum Reading {
    System { ahead_ms: i64 },
    Frozen { at_ms: i64 },
}

impl Clock {
    /// A clock frozen at `now_ms`, or following the system clock when `None`.
    pub fn new(now_ms: Option<i64>) -> Self {
        let reading = match now_ms {
            Some(at_ms) => Reading::Frozen { at_ms },
            None => Reading::System { ahead_ms: 0 },
        };
        Self(Arc::new(Mutex::new(reading)))
    }

    /// Now, in Unix milliseconds.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the clock that everything else is given"
    )]
    pub fn now_ms(&self) -> i64 {
        match *self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            Reading::System { ahead_ms } => chrono::Utc::now().timestamp_millis() + ahead_ms,
            Reading::Frozen { at_ms } => at_ms,
        }
    }

    /// Freezes the clock at `now_ms` (Unix milliseconds).
    pub fn set(&self, now_ms: i64) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Reading::Frozen { at_ms: now_ms };
    }

    /// Moves the clock by `ms` (negative: back); a clock that follows the system goes on following it from there.
    pub fn advance(&self, ms: i64) {
        match &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            Reading::System { ahead_ms } => *ahead_ms += ms,
            Reading::Frozen { at_ms } => *at_ms += ms,
        }
    }
}
