//! The forms in which a text can lie about.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};

/// A way to write a text down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// As it is, in UTF-8.
    Raw,
    /// Base64 with `+` and `/`.
    Base64,
    /// Base64 with `-` and `_`.
    Base64Url,
    /// Hexadecimal, lower case.
    Hex,
    /// Hexadecimal, upper case.
    HexUpper,
    /// Percent-encoded where a path or a form needs it.
    Url,
    /// Percent-encoded throughout.
    Percent,
    /// The same with lower-case digits.
    PercentLower,
    /// As JSON and Rust's debug output write it: quotes and backslashes escaped.
    Json,
    /// As `\u` escapes throughout.
    JsonEscaped,
    /// The same with upper-case digits.
    JsonEscapedUpper,
    /// UTF-16, little end first.
    Utf16,
    /// UTF-16, big end first.
    Utf16Big,
}

impl Form {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::Raw,
        Self::Base64,
        Self::Base64Url,
        Self::Hex,
        Self::HexUpper,
        Self::Url,
        Self::Percent,
        Self::PercentLower,
        Self::Json,
        Self::JsonEscaped,
        Self::JsonEscapedUpper,
        Self::Utf16,
        Self::Utf16Big,
    ];

    /// The text in this form.
    pub fn write(self, text: &str) -> Vec<u8> {
        let bytes = text.bytes();
        let unreserved = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
        match self {
            Self::Raw => text.into(),
            Self::Base64 => STANDARD_NO_PAD.encode(text).into(),
            Self::Base64Url => URL_SAFE_NO_PAD.encode(text).into(),
            Self::Hex => each(bytes, |b| format!("{b:02x}")),
            Self::HexUpper => each(bytes, |b| format!("{b:02X}")),
            Self::Url => each(bytes, |b| {
                if unreserved(b) {
                    char::from(b).to_string()
                } else {
                    format!("%{b:02X}")
                }
            }),
            Self::Percent => each(bytes, |b| format!("%{b:02X}")),
            Self::PercentLower => each(bytes, |b| format!("%{b:02x}")),
            Self::Json => each(text.chars(), |c| match c {
                '"' | '\\' => format!("\\{c}"),
                c => c.to_string(),
            }),
            Self::JsonEscaped => each(text.encode_utf16(), |unit| format!("\\u{unit:04x}")),
            Self::JsonEscapedUpper => each(text.encode_utf16(), |unit| format!("\\u{unit:04X}")),
            Self::Utf16 => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            Self::Utf16Big => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        }
    }

    /// What anything that holds `piece` in this form contains. In Base64 that depends on how far into a group of
    /// three bytes the piece begins.
    pub(super) fn needles(self, piece: &str) -> Vec<Vec<u8>> {
        if !matches!(self, Self::Base64 | Self::Base64Url) {
            return vec![self.write(piece)];
        }
        let at = |lead: usize| {
            let written = self.write(&format!("{}{piece}", "\0".repeat(lead)));
            let (from, to) = ((lead * 8).div_ceil(6), (lead + piece.len()) * 8 / 6);
            written[from..to].to_vec()
        };
        (0..3).map(at).collect()
    }
}

fn each<T>(items: impl Iterator<Item = T>, write: impl Fn(T) -> String) -> Vec<u8> {
    items.map(write).collect::<String>().into_bytes()
}
