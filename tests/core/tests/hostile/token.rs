//! Tokens, good and bad, made by hand: the libraries refuse to make the bad ones.

/// The moment at which every case happens, in seconds since 1970.
pub(crate) const NOW: i64 = 1_795_305_600;

/// A token that lives for a day.
pub(crate) fn good() -> String {
    with_claims(&format!("{{\"exp\":{}}}", NOW + 86_400))
}

/// A token with this text for claims.
pub(crate) fn with_claims(claims: &str) -> String {
    let header = base64url(br#"{"alg":"HS256","typ":"JWT"}"#);
    format!(
        "{header}.{}.{}",
        base64url(claims.as_bytes()),
        base64url(&[7; 32])
    )
}

/// Base64 for URLs, without padding (RFC 4648 §5).
pub(crate) fn base64url(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let bits = group.iter().enumerate().fold(0_u32, |bits, (at, byte)| {
            bits | u32::from(*byte) << (16 - 8 * at)
        });
        for at in 0..=group.len() {
            text.push(char::from(LETTERS[(bits >> (18 - 6 * at)) as usize & 63]));
        }
    }
    text
}
