//! What proves a step of a rotation, and how well (`rotation.md`, "Probing without side effects").

use crate::UnixMs;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What was tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CheckKind {
    /// The vault gives back the secret that was received.
    Sealed,
    /// The server takes the new secret.
    Authenticates,
    /// What answers to it is the new key, and no other.
    Identified,
    /// The rights that the server declares for it equal the snapshot.
    RightsEqual,
    /// The rights that it sees itself equal the snapshot.
    OwnRights,
    /// What it may not do is refused.
    Denied,
    /// A random secret is refused.
    NegativeControl,
    /// A paused key's secret sees no rights any more.
    Powerless,
    /// The old secret still worked just before; without that its refusal proves nothing.
    OldWorks,
    /// The old secret is refused.
    OldRefused,
    /// A session of the old key, begun before and not yet ended, is refused.
    OldSessionRefused,
    /// The old key is absent from a complete list.
    Absent,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// As it must be.
    Passed,
    /// Not as it must be: the rotation stops.
    Failed,
    /// The answer says neither, or nobody could be asked. Named, never counted.
    NotProved,
}

/// How it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// Answered to the secret itself.
    Shown,
    /// Told to the administrator.
    Declared,
    /// A person says so.
    Attested,
}

/// One check with its evidence.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Check {
    /// What was tried.
    pub kind: CheckKind,
    /// What came of it.
    pub verdict: Verdict,
    /// How it is known.
    pub mark: Mark,
    /// What was seen, in our words: a request and its status, or figures. Never a secret.
    pub seen: String,
    /// When.
    pub at: UnixMs,
}

/// How well a rotation, a creation or a revocation is proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
pub enum Grade {
    /// Shown by the secrets themselves.
    A,
    /// The old key is absent from the list; its secret was not at hand.
    B,
    /// Something needed rests on a person's word.
    C,
}

/// The grade that these checks add up to. `new`: checks of the new key; `old`: checks of the old key's death;
/// either is `None` where there is no such key. A failed check has no grade.
pub fn grade(new: Option<&[Check]>, old: Option<&[Check]>) -> Option<Grade> {
    let all = || new.into_iter().chain(old).flatten();
    if all().any(|check| check.verdict == Verdict::Failed) {
        return None;
    }
    let is = |checks: &[Check], kind: CheckKind, marks: &[Mark]| {
        checks.iter().any(|check| {
            check.kind == kind && check.verdict == Verdict::Passed && marks.contains(&check.mark)
        })
    };
    let born = new.map_or(Grade::A, |checks| {
        let shown = is(checks, CheckKind::Authenticates, &[Mark::Shown])
            && is(
                checks,
                CheckKind::Identified,
                &[Mark::Shown, Mark::Declared],
            )
            && is(
                checks,
                CheckKind::RightsEqual,
                &[Mark::Shown, Mark::Declared],
            );
        if shown { Grade::A } else { Grade::C }
    });
    let dead = old.map_or(Grade::A, |checks| {
        let absent = is(checks, CheckKind::Absent, &[Mark::Declared, Mark::Shown]);
        let refused = is(checks, CheckKind::OldWorks, &[Mark::Shown])
            && is(checks, CheckKind::OldRefused, &[Mark::Shown]);
        match (absent, refused) {
            (true, true) => Grade::A,
            (true, false) => Grade::B,
            (false, _) => Grade::C,
        }
    });
    Some(born.max(dead))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(kind: CheckKind, verdict: Verdict, mark: Mark) -> Check {
        Check {
            kind,
            verdict,
            mark,
            seen: String::new(),
            at: UnixMs(0),
        }
    }

    #[test]
    fn a_grade_is_as_good_as_its_weakest_part() {
        let passed = |kind, mark| check(kind, Verdict::Passed, mark);
        let new = [
            passed(CheckKind::Authenticates, Mark::Shown),
            passed(CheckKind::Identified, Mark::Declared),
            passed(CheckKind::RightsEqual, Mark::Declared),
        ];
        let absent = passed(CheckKind::Absent, Mark::Declared);
        let works = passed(CheckKind::OldWorks, Mark::Shown);
        let refused = passed(CheckKind::OldRefused, Mark::Shown);
        let dead = [absent.clone(), works.clone(), refused.clone()];
        assert_eq!(grade(Some(&new), Some(&dead)), Some(Grade::A));
        assert_eq!(
            grade(Some(&new), Some(std::slice::from_ref(&absent))),
            Some(Grade::B)
        );
        assert_eq!(
            grade(Some(&new), Some(&[absent, refused.clone()])),
            Some(Grade::B),
            "a refusal counts only if the secret worked before"
        );
        assert_eq!(grade(Some(&new), Some(&[works, refused])), Some(Grade::C));
        assert_eq!(grade(Some(&new[1..]), Some(&dead)), Some(Grade::C));
        assert_eq!(grade(None, Some(&dead)), Some(Grade::A));
        assert_eq!(grade(Some(&new), None), Some(Grade::A));
        let failed = check(CheckKind::Denied, Verdict::Failed, Mark::Shown);
        assert_eq!(grade(Some(&[failed]), Some(&dead)), None);
    }
}
