//! One key of a sample deployment, written as one line.

use crate::ekodb::{Grant, Key};

/// A key as the tables write it.
pub(super) struct Line {
    /// Hours before the first start.
    pub(super) age_h: i64,
    pub(super) label: &'static str,
    /// Empty = none.
    pub(super) description: &'static str,
    /// `admin`, or words such as `orders:rw`, `carts:rwd` (`d` deletes, in `docs-a`), `carts:-` (no access),
    /// `customers:rw?id,email!ssn=phone`: `?` only these are returned, `!` these never, `=` only these are writable;
    /// a mark with nothing after it is `[]`.
    pub(super) grants: &'static str,
    /// Words such as `session:=rw`.
    pub(super) kv: &'static str,
}

/// A line in one expression.
pub(super) const fn line(
    age_h: i64,
    label: &'static str,
    description: &'static str,
    grants: &'static str,
    kv: &'static str,
) -> Line {
    Line {
        age_h,
        label,
        description,
        grants,
        kv,
    }
}

impl Line {
    pub(super) fn key(&self, now_ms: i64, prefix: &str) -> Key {
        // Nobody makes keys on the full hour.
        let odd_ms = i64::from(self.label.bytes().map(u32::from).sum::<u32>()) * 1_337;
        let mut key = Key::new(self.label, now_ms - self.age_h * 3_600_000 - odd_ms).prefix(prefix);
        key.description = (!self.description.is_empty()).then(|| self.description.to_owned());
        key.is_admin = self.grants == "admin";
        for (name, rights) in self
            .grants
            .split_whitespace()
            .filter_map(|word| word.split_once(':'))
        {
            key = key.grant(name, grant(rights));
        }
        for (prefix, rights) in self
            .kv
            .split_whitespace()
            .filter_map(|word| word.rsplit_once('='))
        {
            key = key.kv(prefix, rights.contains('r'), rights.contains('w'));
        }
        key
    }
}

fn grant(text: &str) -> Grant {
    const MARKS: [char; 3] = ['?', '!', '='];
    let rights = text.split(MARKS).next().unwrap_or_default();
    let list = |mark: char| {
        let (_, after) = text.split_once(mark)?;
        let fields = after.split(MARKS).next().unwrap_or_default();
        Some(
            fields
                .split(',')
                .filter(|field| !field.is_empty())
                .map(str::to_owned)
                .collect(),
        )
    };
    Grant {
        read: rights.contains('r'),
        write: rights.contains('w'),
        delete: rights.contains('d'),
        admin: false,
        select_fields: list('?'),
        exclude_fields: list('!'),
        writable_fields: list('='),
    }
}

#[cfg(test)]
mod tests {
    use super::grant;
    use crate::ekodb::Grant;

    #[test]
    fn a_grant_reads_as_written() {
        assert_eq!(
            grant("rw?id,email!ssn=phone"),
            Grant::read_write()
                .select(&["id", "email"])
                .exclude(&["ssn"])
                .writable(&["phone"])
        );
        assert_eq!(grant("rw="), Grant::read_write().writable(&[]));
        assert_eq!(grant("rwd"), Grant::read_write().and_delete());
        assert_eq!(grant("-"), Grant::none());
    }
}
