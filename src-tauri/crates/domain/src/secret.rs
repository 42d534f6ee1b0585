//! Secrets, and what may be shown of them.

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, Serialize, de};
use sha2::{Digest, Sha256};
use std::fmt;

/// A secret value. It cannot be copied, printed, compared by accident or serialised, and is wiped
/// when dropped.
///
/// ```
/// let secret: domain::Secret = serde_json::from_str("\"eko_prod_demo\"")?;
/// assert_eq!(format!("{secret:?}"), "Secret([redacted])");
/// # Ok::<(), serde_json::Error>(())
/// ```
/// ```compile_fail
/// let secret = domain::Secret::new("x".to_owned());
/// let copy = secret.clone();
/// ```
/// ```compile_fail
/// let text = serde_json::to_string(&domain::Secret::new("x".to_owned()));
/// ```
/// ```compile_fail
/// let text: &str = &domain::Secret::new("x".to_owned());
/// ```
/// ```compile_fail
/// println!("{}", domain::Secret::new("x".to_owned()));
/// ```
pub struct Secret(SecretString);

impl Secret {
    /// Takes the value over; the given string's memory is wiped with the secret.
    pub fn new(value: String) -> Self {
        Self(SecretString::from(value))
    }

    /// The value itself. Every line that calls this says why: `// EXPOSE: …`.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// What may be kept and shown in the value's place.
    pub fn fingerprint(&self) -> Fingerprint {
        // EXPOSE: hashed at once; only the digest leaves.
        Fingerprint(sha256(self.expose().as_bytes()))
    }

    /// The part that may be shown: the fixed beginning up to the second underscore and at most 4
    /// characters, never more than a third.
    pub fn prefix(&self) -> Option<String> {
        // EXPOSE: only the server's fixed prefix and at most 4 characters leave.
        let value = self.expose();
        let fixed = value.match_indices('_').nth(1).map_or(0, |(at, _)| at + 1);
        let fixed = if fixed <= 12 { fixed } else { 0 };
        let shown = (fixed + 4).min(value.chars().count() / 3);
        let prefix: String = value.chars().take(shown).collect();
        (!prefix.is_empty() && prefix.is_ascii()).then_some(prefix)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret([redacted])")
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl de::Visitor<'_> for Text {
            type Value = Secret;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Secret, E> {
                Ok(Secret::new(text.to_owned()))
            }
            fn visit_string<E: de::Error>(self, text: String) -> Result<Secret, E> {
                Ok(Secret::new(text))
            }
        }
        deserializer.deserialize_string(Text)
    }
}

/// SHA-256 of a random secret, in lower-case hex. Never made of a password that a person chose.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(pub String);

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({})", self.0)
    }
}

/// What a sealed row holds; part of the data that its seal is bound to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretKind {
    /// The credential that Keystead logs in with.
    Credential,
    /// The value of a key that Keystead made.
    NewKey,
    /// The value of a key that is being replaced or revoked, kept until its death is proved.
    OldKey,
}

impl SecretKind {
    /// The word in the database and in the seal.
    pub fn word(self) -> &'static str {
        match self {
            Self::Credential => "credential",
            Self::NewKey => "new_key",
            Self::OldKey => "old_key",
        }
    }
}

/// A secret at rest: opaque to everything but the vault.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed {
    /// Version of the sealing scheme.
    pub version: u8,
    /// 24 random bytes.
    pub nonce: Vec<u8>,
    /// Ciphertext and tag.
    pub ciphertext: Vec<u8>,
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Sealed(v{}, {} bytes)",
            self.version,
            self.ciphertext.len()
        )
    }
}

/// SHA-256.
pub fn sha256_of(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// SHA-256 in lower-case hex.
pub fn sha256(bytes: &[u8]) -> String {
    let hash = sha256_of(bytes);
    let mut text = String::with_capacity(2 * hash.len());
    for half in hash.iter().flat_map(|byte| [byte >> 4, byte & 15]) {
        text.push(char::from(if half < 10 {
            b'0' + half
        } else {
            b'a' + half - 10
        }));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprint_is_sha256_in_hex() {
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(Secret::new("abc".into()).fingerprint().0, abc);
    }
}
