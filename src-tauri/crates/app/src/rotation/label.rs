//! What a successor is called, and what a person types to end a key (`data.md`, "The successor's label").

use domain::{Identity, ListedKey, is_hidden};

/// Begins the part of a label that counts generations.
const GENERATION: &str = " ~g";
/// Begins a marker in a description.
const MARKER: &str = "ks:";
/// The longest label that is typed whole, in characters.
const TYPED_MAX: usize = 40;

/// The label of the next generation, and its number; `label` without a number is generation `known` (1 at first).
pub(crate) fn successor(label: &str, known: i64) -> (String, i64) {
    let (stem, generation) = match label.rsplit_once(GENERATION) {
        Some((stem, number)) => match number.parse::<i64>() {
            Ok(generation) if generation > 0 && !stem.is_empty() => (stem, generation.max(known)),
            Ok(_) | Err(_) => (label, known),
        },
        None => (label, known),
    };
    let next = generation.saturating_add(1);
    let suffix = format!("{GENERATION}{next}");
    let room = ListedKey::LABEL_MAX.saturating_sub(suffix.chars().count());
    let stem: String = stem.chars().take(room).collect();
    (format!("{stem}{suffix}"), next)
}

/// A description without the marker of an earlier attempt.
pub(crate) fn without_marker(description: &str) -> String {
    let words = description.split(' ').filter(|word| !is_marker(word));
    words.collect::<Vec<_>>().join(" ").trim().to_owned()
}

/// A description with this marker.
pub(crate) fn with_marker(description: &str, marker: &str) -> String {
    let text = without_marker(description);
    let room = ListedKey::LABEL_MAX.saturating_sub(marker.chars().count() + 1);
    let text: String = text.chars().take(room).collect();
    format!("{text} {marker}").trim_start().to_owned()
}

/// The marker of an attempt.
pub(crate) fn marker(attempt: impl std::fmt::Display) -> String {
    let id: String = attempt
        .to_string()
        .chars()
        .filter(char::is_ascii_hexdigit)
        .collect();
    format!("{MARKER}{id}")
}

fn is_marker(word: &str) -> bool {
    word.strip_prefix(MARKER)
        .is_some_and(|id| id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// What is typed to end a key: its label where that is short, printable and nobody else's, else the beginning of its
/// fingerprint or id. `None` when nothing tells it apart.
pub(crate) fn confirmation(key: &ListedKey, all: &[ListedKey]) -> Option<String> {
    let alone = all.iter().filter(|other| other.label == key.label).count() == 1;
    confirmation_of(&key.label, alone, &key.identity)
}

/// The same for a key of that label and identity; `alone`: no other key has the label.
pub(crate) fn confirmation_of(label: &str, alone: bool, identity: &Identity) -> Option<String> {
    let length = label.chars().count();
    let plain = !label.chars().any(|c| c.is_control() || is_hidden(c));
    if (1..=TYPED_MAX).contains(&length) && plain && alone && label.trim() == label {
        return Some(label.to_owned());
    }
    let by_value = identity.fingerprint.as_ref().map(|print| print.0.as_str());
    let by_id = identity.remote_id.as_ref().map(|id| id.0.as_str());
    Some(by_value.or(by_id)?.chars().take(6).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generations_are_counted_and_never_appended_twice() {
        assert_eq!(successor("billing", 1), ("billing ~g2".to_owned(), 2));
        assert_eq!(successor("billing ~g2", 1), ("billing ~g3".to_owned(), 3));
        assert_eq!(successor("billing ~g2", 7), ("billing ~g8".to_owned(), 8));
        assert_eq!(
            successor("billing ~gx", 1),
            ("billing ~gx ~g2".to_owned(), 2)
        );
        assert_eq!(successor(" ~g4", 1).0, " ~g4 ~g2");
        assert_eq!(
            successor(&"é".repeat(512), 1).0.chars().count(),
            ListedKey::LABEL_MAX
        );
    }

    #[test]
    fn a_marker_is_replaced() {
        let (first, second) = (marker("0".repeat(32)), marker("f".repeat(32)));
        let text = with_marker("Writes invoices", &first);
        assert_eq!(text, format!("Writes invoices {first}"));
        assert_eq!(
            with_marker(&text, &second),
            format!("Writes invoices {second}")
        );
        assert_eq!(without_marker(&text), "Writes invoices");
        assert_eq!(with_marker("", &first), first);
        assert_eq!(without_marker("ks:short stays"), "ks:short stays");
    }
}
