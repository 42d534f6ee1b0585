//! The straight way, the guard condition by condition, and what is refused.

mod guarding;
mod ways_out;

use super::*;
use crate::{
    Code,
    rotation::plan::{NewKey, OldKey, Purpose},
};
use domain::{CheckKind, Column, Fingerprint, KeyId, Mark, RightsGrid, SecretId, UnixMs, Verdict};
use providers::{Call, Method};

const T: UnixMs = UnixMs(1_000_000_000);

fn print(n: u8) -> Fingerprint {
    Fingerprint(format!("{n:064x}"))
}

fn identity(n: u8) -> Identity {
    Identity {
        remote_id: None,
        fingerprint: Some(print(n)),
    }
}

fn grid() -> RightsGrid {
    RightsGrid {
        columns: vec![Column {
            action: "read".into(),
            title: "read".into(),
        }],
        rows: vec![],
        admin: false,
    }
}

pub(super) fn plan(purpose: Purpose) -> Plan {
    let old = OldKey {
        key: KeyId::at(T),
        identity: identity(1),
        label: "billing".into(),
        prefix: None,
        created_at: None,
        admin: false,
        rights: grid(),
        secret: None,
        confirmation: "billing".into(),
    };
    let new = NewKey {
        key: KeyId::at(T),
        label: "billing ~g2".into(),
        description: String::new(),
        rights: grid(),
        given: grid(),
        chosen: false,
    };
    Plan {
        purpose,
        emergency: false,
        old: (purpose != Purpose::Create).then_some(old),
        new: (purpose != Purpose::Revoke).then_some(new),
        pause_why_not: None,
        soak: 0,
        session_life: 0,
    }
}

fn call() -> Call {
    Call {
        method: Method::Delete,
        path: vec![],
        body: None,
        endpoint: String::new(),
        kind: String::new(),
        resource: String::new(),
    }
}

fn attempt(n: u8) -> Attempt {
    Attempt {
        marker: format!("ks:{n}"),
        chosen: None,
    }
}

fn creating(n: u8) -> Event {
    Event::Creating {
        attempt: attempt(n),
        call: call(),
    }
}

fn answered(answer: CreateAnswer) -> Event {
    Event::CreateAnswered { answer }
}

fn created() -> CreateAnswer {
    CreateAnswer::Created {
        sealed: Sealed {
            row: SecretId::at(T),
            fingerprint: print(2),
            prefix: None,
        },
        identity: identity(2),
        honoured: None,
        lags: false,
        found: false,
    }
}

fn refusal(again: bool, without_choice: bool) -> CreateAnswer {
    CreateAnswer::Refused {
        failure: Failure::new(Code::RequestRefused),
        until: None,
        again,
        without_choice,
    }
}

fn steps(steps: Steps) -> [Event; 2] {
    let plan = crate::operations::EditPlan {
        identity: identity(if steps == Steps::Equip { 2 } else { 1 }),
        base: grid(),
        desired: grid(),
        changes: vec![],
        calls: vec![],
    };
    let step = crate::operations::EditEvent::ReadBack { stored: grid() };
    [Event::StepsBegun { steps, plan }, Event::Step { step }]
}

fn check(kind: CheckKind, verdict: Verdict) -> Check {
    Check {
        kind,
        verdict,
        mark: Mark::Shown,
        seen: String::new(),
        at: T,
    }
}

fn verified_but(broken: Option<(CheckKind, Verdict)>) -> Event {
    let verdict = |kind| match broken {
        Some((other, verdict)) if other == kind => verdict,
        Some(_) | None => Verdict::Passed,
    };
    Event::Checked {
        round: Round::New,
        checks: step::NEEDED
            .into_iter()
            .map(|kind| check(kind, verdict(kind)))
            .collect(),
        fingerprint: Some(print(2)),
    }
}

fn delivered() -> Event {
    Event::Delivered {
        delivery: Delivery::Clipboard,
        at: T,
    }
}

fn confirmed() -> Event {
    Event::Confirmed {
        by: "M. Example".into(),
        at: T,
    }
}

fn good() -> GuardFacts {
    GuardFacts {
        at: T,
        listed_at: T,
        old_listed: 1,
        new_listed: 1,
        old_unchanged: true,
        rights_contained: true,
        own_credential: false,
        generated: false,
        admin: false,
        other_admins: 1,
        addressable: true,
        typed: true,
        recognised: true,
        old_holds: true,
        missing: false,
    }
}

fn revoking(of: Which, facts: GuardFacts) -> Event {
    Event::Revoking {
        of,
        facts,
        checks: vec![check(CheckKind::OldWorks, Verdict::Passed)],
        call: call(),
    }
}

fn dead() -> Event {
    let checks = [CheckKind::OldRefused, CheckKind::Absent];
    Event::Checked {
        round: Round::Death,
        checks: checks
            .into_iter()
            .map(|kind| check(kind, Verdict::Passed))
            .collect(),
        fingerprint: None,
    }
}

fn applied() -> Event {
    Event::RevokeAnswered {
        answer: RevokeAnswer::Applied,
    }
}

/// Everything up to the moment at which the old key may be ended.
pub(super) fn way_to_the_end() -> Vec<Event> {
    let mut way = vec![creating(1), answered(created())];
    way.extend(steps(Steps::Equip));
    way.extend([verified_but(None), delivered(), confirmed()]);
    way.extend(steps(Steps::Pause));
    way.push(Event::SoakBegun { until: T });
    way
}

fn fold(purpose: Purpose, events: &[Event]) -> Result<Op, Refused> {
    Op::fold(plan(purpose), events.to_vec())
}

fn after(events: &[Event]) -> Op {
    fold(Purpose::Rotate, events).unwrap()
}

#[test]
fn the_straight_way_passes_every_state_in_order() {
    let mut way = way_to_the_end();
    way.extend([revoking(Which::Old, good()), applied(), dead()]);
    let mut op = Op::new(plan(Purpose::Rotate));
    let mut words = vec![op.state.word()];
    for event in way {
        op = op.step(event).unwrap();
        if words.last() != Some(&op.state.word()) {
            words.push(op.state.word());
        }
    }
    assert_eq!(
        words,
        [
            "planned",
            "creating",
            "created",
            "equipping",
            "equipped",
            "verified",
            "delivered",
            "adopted",
            "pausing",
            "paused",
            "soaking",
            "revoking",
            "revoked",
            "closed"
        ]
    );
    assert!(op.is_closed() && op.death_checks.len() == 3);
}

#[test]
fn a_creation_ends_when_it_is_handed_over_and_a_revocation_needs_no_successor() {
    let mut way = vec![creating(1), answered(created())];
    way.extend(steps(Steps::Equip));
    way.extend([verified_but(None), delivered(), Event::Finished]);
    assert_eq!(fold(Purpose::Create, &way).unwrap().state, State::Closed);
    assert_eq!(
        fold(Purpose::Create, &[confirmed()]),
        Err(Refused),
        "there is nobody to switch"
    );
    let way = [revoking(Which::Old, good()), applied(), dead()];
    assert_eq!(fold(Purpose::Revoke, &way).unwrap().state, State::Closed);
    assert_eq!(fold(Purpose::Rotate, &way), Err(Refused));
}

#[test]
fn a_failed_check_stops_and_an_unproved_one_waits() {
    let mut way = vec![creating(1), answered(created())];
    way.extend(steps(Steps::Equip));
    let with = |broken| {
        let mut way = way.clone();
        way.push(verified_but(Some(broken)));
        after(&way).state
    };
    for kind in step::NEEDED {
        let State::NeedsYou { failure, back } = with((kind, Verdict::Failed)) else {
            panic!("{kind:?}");
        };
        assert_eq!((failure.code, *back), (Code::CheckFailed, State::Equipped));
        assert_eq!(with((kind, Verdict::NotProved)), State::Equipped);
    }
}

#[test]
fn a_create_of_unknown_outcome_is_sent_again_only_after_two_lists_a_minute_apart() {
    let unknown = answered(CreateAnswer::Unknown {
        failure: Failure::new(Code::TimedOut),
    });
    let mut way = vec![creating(1), unknown];
    assert_eq!(
        fold(Purpose::Rotate, &[way.clone(), vec![creating(1)]].concat()),
        Err(Refused),
        "not before it is known"
    );
    way.push(Event::NotListed { at: T });
    way.push(Event::NotListed { at: T.plus(59_999) });
    assert!(matches!(after(&way).state, State::CreateUnknown { .. }));
    way.push(Event::NotListed { at: T.plus(60_000) });
    let op = after(&way);
    assert_eq!((&op.state, op.renew), (&State::Planned, false));
    way.push(creating(1));
    assert_eq!(after(&way).attempts.len(), 1, "the same attempt again");
}

#[test]
fn refusals_allow_one_more_try_each_of_their_kind() {
    let mut way = vec![creating(1), answered(refusal(true, false))];
    assert_eq!(after(&way).state, State::Planned);
    way.extend([creating(1), answered(refusal(true, false))]);
    assert!(matches!(after(&way).state, State::CreateRefused { .. }));
    let mut way = vec![creating(1), answered(refusal(false, true))];
    let op = after(&way);
    assert!(op.unchosen && op.renew && op.state == State::Planned);
    way.extend([creating(2), answered(refusal(false, true))]);
    assert!(matches!(after(&way).state, State::CreateRefused { .. }));
}

#[test]
fn a_rollback_is_possible_until_the_switch_is_confirmed() {
    let mut way = vec![creating(1), answered(created())];
    way.extend(steps(Steps::Equip));
    way.extend([verified_but(None), delivered()]);
    let roll = [revoking(Which::New, good()), applied(), dead()];
    let op = after(&[way.clone(), roll.to_vec()].concat());
    assert_eq!(op.state, State::RolledBack);
    assert!(!op.old_ended);
    way.push(confirmed());
    assert_eq!(
        fold(Purpose::Rotate, &[way.clone(), roll.to_vec()].concat()),
        Err(Refused)
    );
    way.push(Event::Withdrawn);
    assert_eq!(
        after(&[way, roll.to_vec()].concat()).state,
        State::RolledBack
    );
}

#[test]
fn a_missing_key_is_an_alarm_and_a_lost_answer_is_found_out() {
    let mut way = way_to_the_end();
    way.push(revoking(Which::Old, good()));
    let with = |event: Event| after(&[way.clone(), vec![event]].concat());
    let alarm = with(Event::RevokeAnswered {
        answer: RevokeAnswer::Missing {
            failure: Failure::new(Code::KeyMissing),
        },
    });
    assert!(matches!(alarm.state, State::NeedsYou { .. }));
    let unknown = with(Event::RevokeInterrupted);
    let gone = unknown.clone().step(Event::RevokeFound { listed: false });
    assert_eq!(gone.unwrap().state, State::Revoked { of: Which::Old });
    let there = unknown.step(Event::RevokeFound { listed: true }).unwrap();
    let State::NeedsYou { back, .. } = there.state else {
        panic!("asked again");
    };
    assert!(matches!(*back, State::Soaking { .. }) && !there.old_ended);
}

#[test]
fn pausing_and_restoring_lead_back_to_where_it_was() {
    let mut way = way_to_the_end();
    way.extend(steps(Steps::Restore));
    let op = after(&way);
    assert_eq!((&op.state, op.is_paused), (&State::Adopted, false));
}

#[test]
fn what_may_be_done_is_what_the_machine_takes() {
    let op = after(&way_to_the_end());
    assert!(acts(&op, T).contains(&Act::Revoke));
    assert!(!acts(&op, T.plus(-1)).contains(&Act::Revoke));
    assert!(acts(&op, T.plus(-1)).contains(&Act::SkipSoak));
    assert_eq!(acts(&Op::new(plan(Purpose::Revoke)), T)[0], Act::Revoke);
}

#[test]
fn whatever_has_begun_can_be_left_and_an_unpaused_wait_taken_back() {
    let mut way = way_to_the_end();
    way.push(revoking(Which::Old, good()));
    way.push(Event::RevokeInterrupted);
    let unknown = after(&way);
    assert!(acts(&unknown, T).contains(&Act::Abandon));
    assert_eq!(
        unknown.step(Event::Abandoned).unwrap().state,
        State::Abandoned
    );

    let mut way = vec![creating(1), answered(created())];
    way.extend(steps(Steps::Equip));
    way.extend([verified_but(None), delivered(), confirmed()]);
    way.push(Event::PauseSkipped {
        why: "in use".into(),
    });
    way.push(Event::SoakBegun { until: T });
    let soaking = after(&way);
    assert!(acts(&soaking, T).contains(&Act::Withdraw));
    let back = soaking.step(Event::Withdrawn).unwrap();
    assert_eq!((&back.state, &back.confirmed), (&State::Delivered, &None));
    assert!(!acts(&after(&way_to_the_end()), T).contains(&Act::Withdraw));
}

#[test]
fn what_we_made_is_ended_only_where_the_list_says_that_it_is_ours_and_the_old_key_lives() {
    let mut way = vec![creating(1), answered(created())];
    way.extend(steps(Steps::Equip));
    way.push(verified_but(None));
    let op = after(&way);
    let broken = [
        (|facts| facts.recognised = false) as fn(&mut GuardFacts),
        |facts| facts.old_holds = false,
        |facts| facts.admin = true,
        |facts| facts.own_credential = true,
        |facts| facts.new_listed = 2,
        |facts| facts.typed = false,
    ];
    for change in broken {
        let mut facts = good();
        change(&mut facts);
        assert_eq!(op.clone().step(revoking(Which::New, facts)), Err(Refused));
    }
    assert!(op.step(revoking(Which::New, good())).is_ok());
}

#[test]
fn a_second_pause_is_looked_at_again() {
    let mut way = way_to_the_end();
    way.pop();
    way.push(Event::Checked {
        round: Round::Paused,
        checks: vec![check(CheckKind::Powerless, Verdict::Passed)],
        fingerprint: None,
    });
    assert!(!after(&way).paused_checks.is_empty());
    way.extend(steps(Steps::Restore));
    assert!(after(&way).paused_checks.is_empty());
}
