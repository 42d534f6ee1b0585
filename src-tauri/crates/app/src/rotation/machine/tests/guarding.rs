//! The guard of the end, condition by condition.

use super::{
    super::guard::{GUARD, guard_of_gone, may_be_gone, unmet_of, unmet_of_gone},
    *,
};

/// For each condition: a rotation in which it alone does not hold.
fn broken(condition: Condition) -> (Op, GuardFacts) {
    let way = after(&way_to_the_end());
    let with = |change: fn(&mut GuardFacts)| {
        let mut facts = good();
        change(&mut facts);
        (way.clone(), facts)
    };
    let op = |change: fn(&mut Op)| {
        let mut op = way.clone();
        change(&mut op);
        (op, good())
    };
    let unproved = |op: &mut Op, kind: CheckKind| {
        for check in op.new_checks.iter_mut().filter(|check| check.kind == kind) {
            check.verdict = Verdict::NotProved;
        }
    };
    match condition {
        Condition::InPlace => op(|op| op.soak_until = Some(T.plus(1))),
        Condition::VerifiedAfterSealed => op(|op| {
            let seq = op.verified.as_ref().unwrap().seq;
            op.sealed.as_mut().unwrap().1 = seq;
        }),
        Condition::VerifiedFromStorage => {
            op(|op| op.verified.as_mut().unwrap().fingerprint = print(9))
        }
        Condition::NewKeyIdentified => {
            let mut op = way.clone();
            unproved(&mut op, CheckKind::Identified);
            (op, good())
        }
        Condition::NegativeControl => {
            let mut op = way.clone();
            unproved(&mut op, CheckKind::NegativeControl);
            (op, good())
        }
        Condition::FreshList => with(|facts| facts.listed_at = T.plus(-60_001)),
        Condition::RightsContained => with(|facts| facts.rights_contained = false),
        Condition::SwitchConfirmed => op(|op| op.confirmed = None),
        Condition::VerifiedLately => {
            op(|op| op.verified.as_mut().unwrap().at = T.plus(-24 * 3_600_000 - 1))
        }
        Condition::NotOwnCredential => with(|facts| facts.own_credential = true),
        Condition::NotGenerated => with(|facts| facts.generated = true),
        Condition::NotLastAdmin => with(|facts| (facts.admin, facts.other_admins) = (true, 0)),
        Condition::Addressable => with(|facts| facts.addressable = false),
        Condition::OldUnchanged => with(|facts| facts.old_unchanged = false),
        Condition::TypedConfirmation => with(|facts| facts.typed = false),
    }
}

#[test]
fn each_condition_of_the_guard_alone_keeps_the_old_key_alive() {
    assert_eq!(unmet(&after(&way_to_the_end()), &soaking(), &good()), []);
    for (condition, _) in GUARD {
        let (op, facts) = broken(condition);
        assert_eq!(unmet(&op, &op.state, &facts), [condition], "{condition:?}");
        let refused = op.clone().step(revoking(Which::Old, facts.clone()));
        assert_eq!(refused, Err(Refused), "{condition:?}");
        // Without it the same rotation would go through: nothing else stands in for it.
        let without: Vec<_> = GUARD
            .into_iter()
            .filter(|(other, _)| *other != condition)
            .collect();
        assert_eq!(
            unmet_of(&without, &op, &op.state, &facts),
            [],
            "{condition:?} removed"
        );
    }
}

fn soaking() -> State {
    State::Soaking { until: T }
}

#[test]
fn further_ways_to_break_a_condition() {
    let op = after(&way_to_the_end());
    let broken = |change: fn(&mut GuardFacts)| {
        let mut facts = good();
        change(&mut facts);
        unmet(&op, &op.state, &facts)
    };
    for change in [
        (|facts| facts.old_listed = 0) as fn(&mut GuardFacts),
        |facts| facts.old_listed = 2,
        |facts| facts.new_listed = 0,
        |facts| facts.listed_at = T.plus(1),
    ] {
        assert_eq!(broken(change), [Condition::FreshList]);
    }
    let mut failed = op.clone();
    failed.failed = Some(failed.seq);
    let facts = good();
    assert_eq!(
        unmet(&failed, &failed.state, &facts),
        [Condition::VerifiedLately],
        "a check failed since the switch was confirmed"
    );
    let mut early = op;
    early.confirmed = Some(("M. Example".into(), 1));
    assert_eq!(
        unmet(&early, &early.state, &facts),
        [Condition::SwitchConfirmed],
        "confirmed before anything was verified"
    );
}

#[test]
fn an_emergency_skips_the_switch_and_the_wait_and_nothing_else() {
    let mut hurried = plan(Purpose::Rotate);
    hurried.emergency = true;
    let mut way = vec![creating(1), answered(created())];
    way.extend(steps(Steps::Equip));
    way.push(verified_but(None));
    let undelivered = Op::fold(hurried.clone(), way.clone()).unwrap();
    assert_eq!(
        unmet(&undelivered, &undelivered.state, &good()),
        [Condition::InPlace],
        "nobody has the new secret"
    );
    way.push(delivered());
    let op = Op::fold(hurried, way.clone()).unwrap();
    assert_eq!(unmet(&op, &op.state, &good()), []);
    let mut facts = good();
    facts.typed = false;
    assert_eq!(
        unmet(&op, &op.state, &facts),
        [Condition::TypedConfirmation]
    );
    // A check that failed before the new key was proved says nothing any more: there is no switch to confirm.
    let mut recovered = op;
    recovered.failed = Some(recovered.verified.as_ref().unwrap().seq - 1);
    assert_eq!(unmet(&recovered, &recovered.state, &good()), []);
    let calm = after(&way);
    assert_eq!(
        unmet(&calm, &calm.state, &good()),
        [Condition::InPlace, Condition::SwitchConfirmed]
    );
}

/// What the lists tell of an old key that is gone.
fn gone() -> GuardFacts {
    GuardFacts {
        old_listed: 0,
        old_unchanged: false,
        addressable: false,
        recognised: false,
        missing: true,
        ..good()
    }
}

fn found_gone(of: Which, facts: GuardFacts) -> Event {
    let checks = vec![check(CheckKind::OldWorks, Verdict::NotProved)];
    Event::Gone { of, facts, checks }
}

#[test]
fn each_condition_of_being_gone_alone_keeps_it_from_being_believed() {
    let op = after(&way_to_the_end());
    assert_eq!(unmet_of_gone(&op, &soaking(), &gone()), []);
    assert_eq!(guard_of_gone().len(), GUARD.len() - 2);
    for (condition, _) in guard_of_gone() {
        let (op, facts) = broken(condition);
        let facts = GuardFacts {
            old_listed: 0,
            missing: true,
            ..facts
        };
        let unmet = unmet_of_gone(&op, &op.state, &facts);
        assert_eq!(unmet, [condition], "{condition:?}");
        let refused = op.clone().step(found_gone(Which::Old, facts.clone()));
        assert_eq!(refused, Err(Refused), "{condition:?}");
        let without: Vec<_> = guard_of_gone()
            .into_iter()
            .filter(|(other, _)| *other != condition)
            .collect();
        let unmet = unmet_of(&without, &op, &op.state, &facts);
        assert_eq!(unmet, [], "{condition:?} removed");
    }
    for change in [
        (|facts| facts.missing = false) as fn(&mut GuardFacts),
        |facts| facts.old_listed = 1,
        |facts| facts.new_listed = 0,
    ] {
        let mut facts = gone();
        change(&mut facts);
        let unmet = unmet_of_gone(&op, &op.state, &facts);
        assert_eq!(unmet, [Condition::FreshList]);
    }
    let op = op.step(found_gone(Which::Old, gone())).unwrap();
    assert_eq!(op.state, State::Revoked { of: Which::Old });
    assert!(op.old_ended && op.found_gone);
    assert_eq!(op.step(dead()).unwrap().state, State::Closed);
}

#[test]
fn what_we_made_is_found_gone_only_where_it_may_be_ended_and_nothing_of_it_is_listed() {
    let mut way = vec![creating(1), answered(created())];
    way.extend(steps(Steps::Equip));
    way.push(verified_but(None));
    let op = after(&way);
    let facts = || GuardFacts {
        new_listed: 0,
        ..gone()
    };
    assert!(may_be_gone(&op, &op.state, Which::New, &facts()));
    let orphan = State::Orphan {
        failure: Failure::new(Code::ValueLost),
    };
    assert!(may_be_gone(&op, &orphan, Which::Orphan, &facts()));
    assert!(!may_be_gone(&op, &op.state, Which::Orphan, &facts()));
    assert!(!may_be_gone(&op, &orphan, Which::New, &facts()));
    for change in [
        (|facts| facts.missing = false) as fn(&mut GuardFacts),
        |facts| facts.new_listed = 1,
        |facts| facts.own_credential = true,
        |facts| facts.typed = false,
        |facts| facts.listed_at = T.plus(-60_001),
    ] {
        let mut facts = facts();
        change(&mut facts);
        assert!(!may_be_gone(&op, &op.state, Which::New, &facts));
        assert!(!may_be_gone(&op, &orphan, Which::Orphan, &facts));
    }
    let mut alone = facts();
    alone.old_holds = false;
    assert!(!may_be_gone(&op, &op.state, Which::New, &alone));
}
