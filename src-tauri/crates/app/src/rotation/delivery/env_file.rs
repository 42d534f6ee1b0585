//! A file of variables, one `NAME=value` a line, and the one that changes. Pure.

use crate::{Code, Failure};
use domain::Secret;
use serde::Serialize;
use ts_rs::TS;
use zeroize::Zeroizing;

/// What becomes of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LineFate {
    /// It stays.
    Kept,
    /// It goes.
    Removed,
    /// It comes.
    Added,
}

/// A line as it is shown: never with a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub(crate) struct PreviewLine {
    pub(crate) fate: LineFate,
    pub(crate) text: String,
}

/// The file afterwards, and how it differs.
pub(super) struct Edit {
    pub(super) text: Zeroizing<String>,
    pub(super) lines: Vec<PreviewLine>,
}

const MASK: &str = "••••••••";

/// A variable's name as shells take it.
pub(super) fn name_of(text: &str) -> Result<String, Failure> {
    let text = text.trim();
    let fits = text.len() <= 100
        && text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if fits {
        Ok(text.to_owned())
    } else {
        Err(refused(
            "a variable's name has letters, digits and underscores, and begins with no digit",
        ))
    }
}

/// Sets the variable where the file has it, else at its end. Other lines stay byte for byte.
pub(super) fn edit(text: Option<&str>, variable: &str, secret: &Secret) -> Result<Edit, Failure> {
    // EXPOSE: it is written into the file that the person chose; the buffer is wiped.
    let value = quoted(secret.expose())?;
    let before = text.unwrap_or_default();
    let mut after = Zeroizing::new(String::with_capacity(
        before.len() + variable.len() + value.len() + 16,
    ));
    let mut lines = Vec::new();
    let mut is_set = false;
    // Below a quote that nothing closes, no line is surely a variable of its own.
    let mut doubtful = false;
    let show = |fate, text: String| PreviewLine { fate, text };
    let all: Vec<&str> = before.split_inclusive('\n').collect();
    let mut rest = all.as_slice();
    while let Some((line, below)) = rest.split_first() {
        let first = bare(line);
        let quote = opened(first);
        let closed = quote.map_or(Some(0), |quote| closing(quote, below));
        let (inside, below) = below.split_at(closed.unwrap_or(0));
        rest = below;
        match named(first) {
            Some((head, name)) if name == variable => {
                let gone = format!("{head}{name}={MASK}");
                lines.push(show(LineFate::Removed, gone.clone()));
                let covered = inside
                    .iter()
                    .map(|line| show(LineFate::Removed, hidden(line)));
                lines.extend(covered);
                if !is_set {
                    is_set = true;
                    after.push_str(head);
                    after.push_str(variable);
                    after.push('=');
                    after.push_str(&value);
                    let last = inside.last().unwrap_or(line);
                    after.push_str(last.get(bare(last).len()..).unwrap_or_default());
                    lines.push(show(LineFate::Added, gone));
                }
            }
            _ => {
                after.push_str(line);
                for line in inside {
                    after.push_str(line);
                }
                let text = if doubtful {
                    hidden(line)
                } else {
                    masked(first)
                };
                lines.push(show(LineFate::Kept, text));
                let covered = inside.iter().map(|line| show(LineFate::Kept, hidden(line)));
                lines.extend(covered);
            }
        }
        doubtful |= closed.is_none();
    }
    if !is_set {
        if !after.is_empty() && !after.ends_with('\n') {
            after.push('\n');
        }
        after.push_str(variable);
        after.push('=');
        after.push_str(&value);
        after.push('\n');
        lines.push(show(LineFate::Added, format!("{variable}={MASK}")));
    }
    Ok(Edit { text: after, lines })
}

/// What stands before the name (`export `), and the name.
fn named(line: &str) -> Option<(&str, &str)> {
    let (left, _) = line.split_once('=')?;
    let name = left.trim_start();
    let name = name.strip_prefix("export ").map_or(name, str::trim_start);
    let head = left.get(..left.len() - name.len())?;
    let fits = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    fits.then_some((head, name))
}

/// A line without its ending.
fn bare(line: &str) -> &str {
    line.trim_end_matches(['\n', '\r'])
}

/// The quote that the value on this line opens and does not close.
fn opened(line: &str) -> Option<char> {
    if line.trim_start().starts_with('#') {
        return None;
    }
    let (_, value) = line.split_once('=')?;
    let value = value.trim_start();
    let quote = value.chars().next().filter(|c| "'\"`".contains(*c))?;
    let inside = value.get(1..)?;
    after_quote(quote, inside).is_none().then_some(quote)
}

/// How many of these lines the open value goes on for; `None` when nothing closes it as the end of a value.
fn closing(quote: char, below: &[&str]) -> Option<usize> {
    let ends = below.iter().map(|line| after_quote(quote, bare(line)));
    let (at, tail) = ends.enumerate().find_map(|(at, tail)| Some((at, tail?)))?;
    let tail = tail.trim_start();
    (tail.is_empty() || tail.starts_with('#')).then_some(at + 1)
}

/// What follows the first such quote. Only between double quotes is there a way to write one that does not count.
fn after_quote(quote: char, text: &str) -> Option<&str> {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        if escaped {
            escaped = false;
        } else if c == '\\' && quote == '"' {
            escaped = true;
        } else if c == quote {
            return text.get(at + 1..);
        }
    }
    None
}

/// A line of which nothing is told.
fn hidden(line: &str) -> String {
    let is_blank = line.trim().is_empty();
    if is_blank {
        String::new()
    } else {
        MASK.to_owned()
    }
}

/// A line with only its name told. A comment may hold anything.
fn masked(line: &str) -> String {
    if line.trim_start().starts_with('#') {
        return "# …".to_owned();
    }
    let value = line.split_once('=').map_or("", |(_, value)| value);
    match named(line) {
        Some((head, name)) if is_telling(name, value) => format!("{head}{name}={MASK}"),
        Some(_) | None => hidden(line),
    }
}

/// Whether this is surely a name: a line of a value that is coded in base64 or base32 looks like one, with its
/// padding for the sign. Such lines mix upper and lower case, or come in groups of four with nothing after them.
fn is_telling(name: &str, value: &str) -> bool {
    let has = |test: fn(&char) -> bool| name.chars().any(|c| test(&c));
    let mixed = has(char::is_ascii_uppercase) && has(char::is_ascii_lowercase);
    let length = name.len() + 1;
    let padded = value.starts_with('=')
        || value.trim().is_empty()
            && !name.contains('_')
            && (length.is_multiple_of(4) || length > 16);
    name_of(name).is_ok() && !mixed && !padded
}

fn quoted(value: &str) -> Result<Zeroizing<String>, Failure> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./+=:@%,".contains(c);
    if value.chars().all(plain) {
        Ok(Zeroizing::new(value.to_owned()))
    } else if value.contains(['\n', '\r', '\'', '\0']) {
        Err(refused("the value cannot be written as one line"))
    } else {
        Ok(Zeroizing::new(format!("'{value}'")))
    }
}

pub(super) fn refused(reason: &str) -> Failure {
    Failure::new(Code::FileRefused).with("reason", reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(text: Option<&str>) -> (String, Vec<(LineFate, String)>) {
        let edit = edit(text, "EKODB_API_KEY", &Secret::new("eko_ks_fake".into())).unwrap();
        let lines = edit.lines.into_iter().map(|line| (line.fate, line.text));
        (edit.text.to_string(), lines.collect())
    }

    #[test]
    fn one_variable_changes_and_nothing_else() {
        let (text, lines) = after(Some(
            "# token abc\r\nOTHER=secret\nexport EKODB_API_KEY=old\nEKODB_API_KEY=older\nlast",
        ));
        assert_eq!(
            text,
            "# token abc\r\nOTHER=secret\nexport EKODB_API_KEY=eko_ks_fake\nlast"
        );
        let shown = [
            (LineFate::Kept, "# …"),
            (LineFate::Kept, "OTHER=••••••••"),
            (LineFate::Removed, "export EKODB_API_KEY=••••••••"),
            (LineFate::Added, "export EKODB_API_KEY=••••••••"),
            (LineFate::Removed, "EKODB_API_KEY=••••••••"),
            (LineFate::Kept, "••••••••"),
        ];
        let shown: Vec<_> = shown
            .into_iter()
            .map(|(fate, text)| (fate, text.to_owned()))
            .collect();
        assert_eq!(lines, shown);
    }

    /// What is told of each line that stays.
    fn kept(text: &str) -> Vec<String> {
        let (after, lines) = after(Some(text));
        assert!(after.starts_with(text), "{after}");
        let kept = lines.into_iter();
        let kept = kept.filter(|(fate, _)| *fate == LineFate::Kept);
        kept.map(|(_, text)| text).collect()
    }

    #[test]
    fn a_line_inside_a_value_is_no_variable() {
        for quote in ['"', '\'', '`'] {
            let text = format!(
                "A={quote}-----BEGIN\nQUJD=\nPART=x\n\nEKODB_API_KEY=in\n-----END{quote} # it\nB=1\n"
            );
            let shown = kept(&text);
            let expected = [
                &format!("A={MASK}"),
                MASK,
                MASK,
                "",
                MASK,
                MASK,
                &format!("B={MASK}"),
            ];
            assert_eq!(shown, expected);
        }
        let escaped = "A=\"one \\\"\nIN=2\"\nB=1\n";
        assert_eq!(
            kept(escaped),
            [&format!("A={MASK}"), MASK, &format!("B={MASK}")]
        );
        assert_eq!(
            kept("A=\"\" \nB=it's\nC=1\n"),
            ["A", "B", "C"].map(|name| format!("{name}={MASK}"))
        );
        // Nothing ends it: the lines below may be its own.
        for text in ["A='open\nB=1\n", "A=\"C:\\\"\nB=\"1\"\n"] {
            assert_eq!(kept(text), [&format!("A={MASK}"), MASK]);
        }
    }

    #[test]
    fn a_variable_goes_with_all_lines_of_its_value() {
        let (text, lines) = after(Some("A=1\nEKODB_API_KEY='old\nOLD=er\n'\r\nB=2\n"));
        assert_eq!(text, "A=1\nEKODB_API_KEY=eko_ks_fake\r\nB=2\n");
        let fates: Vec<_> = lines
            .iter()
            .map(|(fate, text)| (*fate, text.as_str()))
            .collect();
        let whole = format!("EKODB_API_KEY={MASK}");
        let expected = [
            (LineFate::Kept, "A=••••••••"),
            (LineFate::Removed, &whole),
            (LineFate::Removed, MASK),
            (LineFate::Removed, MASK),
            (LineFate::Added, &whole),
            (LineFate::Kept, "B=••••••••"),
        ];
        assert_eq!(fates, expected);
    }

    #[test]
    fn a_line_of_a_coded_value_is_not_told_for_a_name() {
        for line in [
            "q83vEjRWeJA=",
            "JBSWY3DPEHPK3PXP=",
            "QQ==",
            "MFRA====",
            "deadbeefdeadbee=",
            "1A=x",
        ] {
            assert_eq!(kept(&format!("{line}\n")), [MASK], "{line}");
        }
        for line in ["PORT_=", "EMPTY=", "DATABASE_URL_OLD=", "debug=1", "A=b=="] {
            let name = line.split('=').next().unwrap();
            assert_eq!(kept(&format!("{line}\n")), [format!("{name}={MASK}")]);
        }
    }

    #[test]
    fn a_new_variable_goes_to_the_end() {
        assert_eq!(after(None).0, "EKODB_API_KEY=eko_ks_fake\n");
        assert_eq!(after(Some("A=1")).0, "A=1\nEKODB_API_KEY=eko_ks_fake\n");
        assert_eq!(
            after(Some("EKODB_API_KEY_OLD=1\n")).0,
            "EKODB_API_KEY_OLD=1\nEKODB_API_KEY=eko_ks_fake\n"
        );
    }

    #[test]
    fn odd_names_and_values_are_refused_or_quoted() {
        for name in ["", "1A", "A B", "A=B", "Ä"] {
            assert!(name_of(name).is_err(), "{name:?}");
        }
        assert_eq!(*quoted("a b$c").unwrap(), "'a b$c'");
        assert!(quoted("a'b").is_err() && quoted("a\nb").is_err());
    }
}
