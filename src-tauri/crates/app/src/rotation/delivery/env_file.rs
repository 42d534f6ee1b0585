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
    let show = |fate, text: String| PreviewLine { fate, text };
    for line in before.split_inclusive('\n') {
        let bare = line.trim_end_matches(['\n', '\r']);
        let ending = line.get(bare.len()..).unwrap_or_default();
        match named(bare) {
            Some((head, name)) if name == variable => {
                lines.push(show(LineFate::Removed, masked(bare)));
                if is_set {
                    continue;
                }
                is_set = true;
                after.push_str(head);
                after.push_str(variable);
                after.push('=');
                after.push_str(&value);
                after.push_str(ending);
                lines.push(show(LineFate::Added, format!("{head}{variable}={MASK}")));
            }
            _ => {
                after.push_str(line);
                lines.push(show(LineFate::Kept, masked(bare)));
            }
        }
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

/// A line with only its name told. A comment may hold anything.
fn masked(line: &str) -> String {
    let trimmed = line.trim();
    if trimmed.is_empty() {
        String::new()
    } else if trimmed.starts_with('#') {
        "# …".to_owned()
    } else if let Some((head, name)) = named(line) {
        format!("{head}{name}={MASK}")
    } else {
        MASK.to_owned()
    }
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
