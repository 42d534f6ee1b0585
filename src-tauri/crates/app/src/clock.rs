//! The real clock; the only place that asks the system for the time.

use domain::{Clock, UnixMs};
use std::time::{SystemTime, UNIX_EPOCH};

/// The system's wall clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one clock that the rule points to"
    )]
    fn now(&self) -> UnixMs {
        let millis = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_millis());
        UnixMs(i64::try_from(millis).unwrap_or(i64::MAX))
    }
}
