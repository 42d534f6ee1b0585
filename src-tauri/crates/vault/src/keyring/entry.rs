//! What an entry may be called, and what it may hold.

use std::fmt;

/// The name of an entry: a UUID, which tells a reader of the keyring nothing about what it opens.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct KeyringEntry(String);

impl KeyringEntry {
    /// The name, if it is a UUID in lower case with hyphens.
    pub fn new(uuid: &str) -> Option<Self> {
        let fits = |(at, byte): (usize, u8)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
        };
        let is_uuid = uuid.len() == 36 && uuid.bytes().enumerate().all(fits);
        is_uuid.then(|| Self(uuid.to_owned()))
    }

    /// The name as it is written in the keyring.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for KeyringEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyringEntry({})", self.0)
    }
}

/// `^[A-Za-z0-9_-]{1,1200}$`: more than one line can cost GNOME Keyring all it holds, other characters trip
/// KWallet, and Windows has room for 1,280.
pub(crate) fn is_one_line(value: &str) -> bool {
    (1..=1_200).contains(&value.len())
        && value
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_uuid_is_a_name() {
        let uuid = "0192f3a4-5b6c-7d8e-9f01-23456789abcd";
        assert_eq!(KeyringEntry::new(uuid).unwrap().as_str(), uuid);
        for other in [
            "",
            "https://db.example.org",
            "0192F3A4-5B6C-7D8E-9F01-23456789ABCD",
            "0192f3a45b6c7d8e9f0123456789abcd",
            "0192f3a4-5b6c-7d8e-9f01-23456789abcd ",
            "0192f3a4-5b6c-7d8e-9f01-23456789abc\n",
            "0192f3a4-5b6c-7d8e-9f01-23456789abcé",
        ] {
            assert!(KeyringEntry::new(other).is_none(), "{other:?}");
        }
    }
}
