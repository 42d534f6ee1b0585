//! The rate limit: a fixed one-minute window (`ekodb.md` 7).

use std::sync::Mutex;

use crate::host::held;

const WINDOW_MS: i64 = 60_000;

/// Requests used in the current window.
#[derive(Default)]
pub(super) struct Limit(Mutex<Window>);

#[derive(Default)]
struct Window {
    number: i64,
    used: u32,
}

/// What the window looks like after one more request.
pub(super) struct Budget {
    pub(super) exceeded: bool,
    per_minute: u32,
    remaining: u32,
    reset_s: i64,
    wait_s: i64,
}

impl Limit {
    pub(super) fn take(&self, now_ms: i64, per_minute: u32) -> Budget {
        let mut window = held(&self.0);
        let number = now_ms.div_euclid(WINDOW_MS);
        if window.number != number {
            *window = Window { number, used: 0 };
        }
        let exceeded = window.used >= per_minute;
        window.used = window.used.saturating_add(1).min(per_minute);
        let reset_ms = (number + 1) * WINDOW_MS;
        Budget {
            exceeded,
            per_minute,
            remaining: per_minute - window.used,
            reset_s: reset_ms / 1000,
            wait_s: (reset_ms - now_ms + 999) / 1000,
        }
    }
}

impl Budget {
    /// The three headers of every reply, and `Retry-After` with a 429.
    pub(super) fn headers(&self) -> Vec<(&'static str, String)> {
        let mut headers = vec![
            ("x-ratelimit-limit", self.per_minute.to_string()),
            ("x-ratelimit-remaining", self.remaining.to_string()),
            ("x-ratelimit-reset", self.reset_s.to_string()),
        ];
        if self.exceeded {
            headers.push(("retry-after", self.wait_s.to_string()));
        }
        headers
    }
}
