//! What a text may hide.

/// Not drawn, or not drawn as what it is: control and format characters (bidi, zero-width, tags), every
/// space but U+0020, private characters, and letters that look like nothing.
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || (c.is_whitespace() && c != ' ')
        || matches!(c,
            '\u{AD}' | '\u{34F}' | '\u{600}'..='\u{605}' | '\u{61C}' | '\u{6DD}' | '\u{70F}' | '\u{115F}'
            | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}'
            | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}'
            | '\u{E000}'..='\u{F8FF}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}'
            | '\u{FFF0}'..='\u{FFFF}' | '\u{E0000}'..='\u{10FFFF}')
}

#[cfg(test)]
mod tests {
    use super::is_hidden;

    #[test]
    fn what_cannot_be_seen_is_hidden() {
        for hidden in
            "\n\t\u{0}\u{A0}\u{202E}\u{200D}\u{2066}\u{3000}\u{3164}\u{FEFF}\u{E0041}\u{F0000}"
                .chars()
        {
            assert!(is_hidden(hidden), "U+{:04X}", hidden as u32);
        }
        for seen in "a Z-9.·é日本🔑".chars() {
            assert!(!is_hidden(seen), "{seen}");
        }
    }
}
