//! What leads on where something stopped, and that journals of before still fold.

use super::*;
use crate::operations::{EditAnswer, EditEvent, EditPlan};
use domain::{Cell, RightsRow};

fn paused_checks(verdict: Verdict) -> Event {
    Event::Checked {
        round: Round::Paused,
        checks: vec![check(CheckKind::Powerless, verdict)],
        fingerprint: None,
    }
}

/// A pause of one call, begun.
fn one_call(steps: Steps) -> Event {
    let desired = RightsGrid {
        rows: vec![RightsRow {
            kind: "c".into(),
            resource: "orders".into(),
            cells: vec![Cell::All],
        }],
        ..grid()
    };
    let plan = EditPlan {
        identity: identity(1),
        base: grid(),
        changes: domain::row_changes(&grid(), &desired),
        desired,
        calls: vec![call()],
    };
    Event::StepsBegun { steps, plan }
}

fn step_of(step: EditEvent) -> Event {
    Event::Step { step }
}

fn until_adopted() -> Vec<Event> {
    let mut way = vec![creating(1), answered(created())];
    way.extend(steps(Steps::Equip));
    way.extend([verified_but(None), delivered(), confirmed()]);
    way
}

/// One whose pause was sent, never answered, and stopped.
fn pause_lost() -> Vec<Event> {
    let mut way = until_adopted();
    way.push(one_call(Steps::Pause));
    for _ in 0..3 {
        let applied = false;
        way.extend([
            step_of(EditEvent::Sending { call: 0 }),
            step_of(EditEvent::Interrupted { call: 0 }),
            step_of(EditEvent::Reconciled { call: 0, applied }),
        ]);
    }
    way
}

fn may(op: &Op, act: Act) -> bool {
    acts(op, T).contains(&act)
}

fn restore_failed() -> Event {
    Event::RestoreFailed {
        failure: Failure::new(Code::KeyGone),
    }
}

#[test]
fn a_pause_that_was_not_shown_is_looked_at_again_and_one_that_was_is_not() {
    let mut way = way_to_the_end();
    way.pop();
    assert!(may(&after(&way), Act::Again) && !may(&after(&way), Act::BeginSoak));
    way.push(paused_checks(Verdict::Failed));
    let stopped = after(&way);
    assert!(matches!(stopped.state, State::NeedsYou { .. }));
    way.push(Event::Resumed);
    assert_eq!(after(&way).state, State::Paused);
    assert!(after(&way).paused_checks.is_empty() && !may(&after(&way), Act::BeginSoak));
    way.push(paused_checks(Verdict::Passed));
    assert!(may(&after(&way), Act::BeginSoak));
    way.extend([
        verified_but(Some((CheckKind::Sealed, Verdict::Failed))),
        Event::Resumed,
    ]);
    assert!(after(&way).is_shown_paused());
}

#[test]
fn nothing_is_handed_over_or_relied_on_after_a_check_that_failed() {
    let failed = verified_but(Some((CheckKind::Authenticates, Verdict::Failed)));
    let never = [Act::Deliver, Act::Confirm, Act::Finish];
    let mut way = vec![creating(1), answered(created())];
    way.extend(steps(Steps::Equip));
    way.push(verified_but(None));
    for until in [vec![], vec![delivered()], vec![delivered(), confirmed()]] {
        for purpose in [Purpose::Create, Purpose::Rotate] {
            let begun = [way.clone(), until.clone()].concat();
            let Ok(before) = fold(purpose, &begun) else {
                continue;
            };
            assert!(may(&before, Act::Deliver));
            let op = before.step(failed.clone()).unwrap();
            let op = op.step(Event::Resumed).unwrap();
            assert!(!never.iter().any(|act| may(&op, *act)), "{:?}", op.state);
            assert!(may(&op, Act::Verify));
            let op = op.step(verified_but(None)).unwrap();
            assert!(may(&op, Act::Deliver), "{:?}", op.state);
        }
    }
}

#[test]
fn a_paused_key_is_not_left_before_its_rights_could_not_be_given_back() {
    let way = way_to_the_end();
    for op in [after(&way[..way.len() - 1]), after(&way)] {
        assert!(may(&op, Act::Restore) && !may(&op, Act::Abandon));
        let halted = Event::Halted {
            failure: Failure::new(Code::CheckFailed),
        };
        let stopped = op.clone().step(halted).unwrap();
        assert!(may(&stopped, Act::Restore) && !may(&stopped, Act::Abandon));
        for op in [op, stopped] {
            let failed = op.step(restore_failed()).unwrap();
            for act in [Act::Again, Act::Restore, Act::Abandon] {
                assert!(may(&failed, act), "{act:?}");
            }
            let begun = failed.step(steps(Steps::Restore)[0].clone()).unwrap();
            assert!(!begun.restore_failed && may(&begun, Act::Abandon));
            let restored = begun.step(steps(Steps::Restore)[1].clone()).unwrap();
            assert!(may(&restored, Act::Abandon) && !may(&restored, Act::Restore));
        }
    }
    assert_eq!(after(&until_adopted()).step(restore_failed()), Err(Refused));
}

#[test]
fn a_restore_that_stops_half_way_can_be_tried_again_or_left() {
    let refused = EditAnswer::Refused {
        failure: Failure::new(Code::RequestRefused),
        again: false,
    };
    let mut way = way_to_the_end();
    way.extend([
        one_call(Steps::Restore),
        step_of(EditEvent::Sending { call: 0 }),
    ]);
    let mut answered = way.clone();
    answered.push(step_of(EditEvent::Answered {
        call: 0,
        answer: refused,
    }));
    way.push(Event::Halted {
        failure: Failure::new(Code::KeyGone),
    });
    for stopped in [after(&answered), after(&way)] {
        for act in [Act::Again, Act::Restore, Act::Abandon] {
            assert!(may(&stopped, act), "{act:?} in {:?}", stopped.state);
        }
    }
}

#[test]
fn a_pause_that_may_still_arrive_can_be_taken_back() {
    let stopped = after(&pause_lost());
    assert!(matches!(&stopped.state, State::NeedsYou { back, .. } if **back == State::Adopted));
    let adopted = stopped.clone().step(Event::Resumed).unwrap();
    for op in [stopped, adopted] {
        assert!(!op.is_paused && op.may_be_paused());
        assert!(may(&op, Act::Restore) && !may(&op, Act::Abandon));
        let mut op = op;
        for event in steps(Steps::Restore) {
            op = op.step(event).unwrap();
        }
        assert_eq!((&op.state, op.may_be_paused()), (&State::Adopted, false));
        assert!(may(&op, Act::Abandon));
    }
    // While it is not known what became of it, too.
    let way = pause_lost();
    let open = after(&way[..way.len() - 1]);
    assert!(open.state == State::Pausing && may(&open, Act::Restore));
}

#[test]
fn a_pause_that_the_server_refused_was_never_one() {
    let refused = EditAnswer::Refused {
        failure: Failure::new(Code::RequestRefused),
        again: false,
    };
    let mut way = until_adopted();
    way.extend([
        one_call(Steps::Pause),
        step_of(EditEvent::Sending { call: 0 }),
        step_of(EditEvent::Answered {
            call: 0,
            answer: refused,
        }),
    ]);
    let op = after(&way);
    assert!(!op.may_be_paused() && may(&op, Act::Abandon) && !may(&op, Act::Restore));
}

#[test]
fn a_death_that_the_list_disproves_leads_back_to_where_it_was_asked_for() {
    let mut way = way_to_the_end();
    let alive = Event::Checked {
        round: Round::Death,
        checks: vec![check(CheckKind::Absent, Verdict::Failed)],
        fingerprint: None,
    };
    way.extend([revoking(Which::Old, good()), applied(), alive]);
    let stopped = after(&way);
    assert!(may(&stopped, Act::Again) && !may(&stopped, Act::Revoke));
    let found = |listed| Event::RevokeFound { listed };
    let gone = stopped.clone().step(found(false)).unwrap();
    assert_eq!(gone.step(dead()).unwrap().state, State::Closed);
    let there = stopped.step(found(true)).unwrap();
    assert_eq!(there.state, State::Soaking { until: T });
    assert!(may(&there, Act::Revoke) && may(&there, Act::Restore) && !there.old_ended);
    let again = there.step(revoking(Which::Old, good())).unwrap();
    let again = again.step(applied()).unwrap().step(dead()).unwrap();
    assert_eq!(again.state, State::Closed);
}

#[test]
fn journals_of_before_still_fold() {
    // A failed death was asked about again by resuming.
    let alive = Event::Checked {
        round: Round::Death,
        checks: vec![check(CheckKind::Absent, Verdict::Failed)],
        fingerprint: None,
    };
    let mut way = way_to_the_end();
    way.extend([
        revoking(Which::Old, good()),
        applied(),
        alive,
        Event::Resumed,
        dead(),
    ]);
    assert_eq!(after(&way).state, State::Closed);
    // After a pause without an answer the switch could be taken back, and the new key with it.
    let mut way = pause_lost();
    way.extend([Event::Resumed, Event::Withdrawn]);
    let delivered_again = after(&way);
    assert_eq!(delivered_again.state, State::Delivered);
    assert!(may(&delivered_again, Act::RollBack));
    way.extend([revoking(Which::New, good()), applied(), dead()]);
    assert_eq!(after(&way).state, State::RolledBack);
    // A paused key could be left, a failed pause waved through, a dead key handed over.
    let mut way = way_to_the_end();
    way.push(Event::Abandoned);
    assert_eq!(after(&way).state, State::Abandoned);
    let mut way = way_to_the_end();
    let soak = way.pop().unwrap();
    way.extend([paused_checks(Verdict::Failed), Event::Resumed, soak]);
    assert_eq!(after(&way).state, State::Soaking { until: T });
    let mut way = vec![creating(1), answered(created())];
    way.extend(steps(Steps::Equip));
    let failed = verified_but(Some((CheckKind::Authenticates, Verdict::Failed)));
    way.extend([
        verified_but(None),
        failed,
        Event::Resumed,
        delivered(),
        Event::Finished,
    ]);
    assert_eq!(fold(Purpose::Create, &way).unwrap().state, State::Closed);
    // What the guard was told did not speak of keys that are gone.
    let mut facts = serde_json::to_value(good()).unwrap();
    facts.as_object_mut().unwrap().remove("missing");
    assert_eq!(serde_json::from_value::<GuardFacts>(facts).unwrap(), good());
}
