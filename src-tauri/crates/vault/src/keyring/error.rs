//! What a keyring says, in our own words.

use std::fmt;

/// Why the keyring did not do it. Holds no bytes of anything: the library's own errors carry the value they
/// could not read, and are dropped where they arise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyringError {
    /// There is no keyring on this system, or none that answers to us.
    NoKeyring,
    /// The keyring is locked, and the prompt was dismissed or could not be shown.
    Locked,
    /// No answer in time. What was asked for may still happen.
    TimedOut,
    /// The user stopped waiting. What was asked for may still happen.
    Cancelled,
    /// More than one entry has this name: which one is ours cannot be told.
    Ambiguous,
    /// The entry holds something that we did not write.
    Damaged,
    /// There is an entry of this name already; it was left as it is.
    Taken,
    /// The keyring refused, or an earlier write to the same entry has not ended yet.
    Refused,
}

impl fmt::Display for KeyringError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoKeyring => "there is no keyring",
            Self::Locked => "the keyring is locked",
            Self::TimedOut => "the keyring did not answer in time",
            Self::Cancelled => "waiting for the keyring was cancelled",
            Self::Ambiguous => "the keyring has more than one entry of this name",
            Self::Damaged => "the keyring's entry is damaged",
            Self::Taken => "the keyring has an entry of this name already",
            Self::Refused => "the keyring refused",
        })
    }
}

impl std::error::Error for KeyringError {}
