//! Somebody else changes the same key at each moment of an edit. What the user is then told, and what the server
//! holds: theirs stays, or the user is told that it was there.
//!
//! What cannot be noticed, and why:
//! * `legacy` has no `before` in its answers. Keystead compares the list that it reads right before each call; who
//!   writes the same cell between that list and the call is overwritten, and the edit ends as done. Another cell of
//!   the same row survives there, and the reading back tells of it.
//! * Whoever writes after the reading back writes after the edit: it ends as done, and the next list shows theirs.
#![allow(clippy::unwrap_used, reason = "a proof stops at the first surprise")]

use app::Point;
use core_tests::Rig;
use serde_json::{Value, json};
use simulators::{
    Effect, Fault,
    ekodb::{Dialect, Grant, Options},
};
use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

type Grants = BTreeMap<String, Grant>;

/// The moments in order; `Begun`, four for each of the two calls, and the reading back.
const MOMENTS: [Point; 10] = [
    Point::Begun,
    Point::BeforeIntent,
    Point::AfterIntent,
    Point::AfterEffect,
    Point::AfterOutcome,
    Point::BeforeIntent,
    Point::AfterIntent,
    Point::AfterEffect,
    Point::AfterOutcome,
    Point::AfterReadBack,
];
const READ_BACK: usize = 9;

/// The resources of the two calls, in their order.
const CALLS: [&str; 2] = ["customers", "orders"];

/// What somebody else changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Theirs {
    /// The cell that this call changes.
    SameCell(usize),
    /// The other cell of its row.
    SameRow(usize),
    /// A resource that the edit does not touch.
    OtherRow,
}

const ALL: [Theirs; 5] = [
    Theirs::SameCell(0),
    Theirs::SameRow(0),
    Theirs::SameCell(1),
    Theirs::SameRow(1),
    Theirs::OtherRow,
];

impl Theirs {
    fn resource(self) -> &'static str {
        match self {
            Self::SameCell(call) | Self::SameRow(call) => CALLS[call],
            Self::OtherRow => "invoices",
        }
    }

    fn write(self, grants: &mut Grants) {
        let grant = grants.get_mut(self.resource()).unwrap();
        match self {
            Self::SameCell(_) => {
                grant.write = true;
                grant.writable_fields = Some(vec!["name".to_owned()]);
            }
            Self::SameRow(_) => grant.exclude_fields = Some(vec!["name".to_owned()]),
            Self::OtherRow => grant.write = false,
        }
    }

    /// It is what the server holds.
    fn is_in(self, grants: &Grants) -> bool {
        let mut with = grants.clone();
        self.write(&mut with);
        with == *grants
    }
}

/// What becomes of the edit, and of theirs.
#[derive(Debug, PartialEq, Eq)]
struct End {
    state: &'static str,
    /// What became of the two calls.
    steps: [&'static str; 2],
    theirs: Fate,
}

#[derive(Debug, PartialEq, Eq)]
enum Fate {
    /// The server holds it.
    Stays,
    /// The call went over it, the user is told, and undo brings it back.
    Undoable,
    /// The call went over it, and nobody can tell.
    Lost,
}

/// What has to come, from the order of things alone.
fn expected(dialect: Dialect, moment: usize, theirs: Theirs) -> End {
    let done = ["applied", "applied"];
    let end = |state, steps, theirs| End {
        state,
        steps,
        theirs,
    };
    let (call, same_cell) = match theirs {
        _ if moment == READ_BACK => return end("done", done, Fate::Stays),
        Theirs::OtherRow => return end("differs", done, Fate::Stays),
        Theirs::SameCell(call) => (call, true),
        Theirs::SameRow(call) => (call, false),
    };
    let (before_intent, after_effect) = (4 * call + 1, 4 * call + 3);
    let modern = dialect == Dialect::Modern;
    // The list that names the target is read before the intent.
    let listed = !modern && moment < before_intent;
    if moment >= after_effect {
        end("differs", done, Fate::Stays)
    } else if listed {
        let steps = [["waiting", "waiting"], ["applied", "waiting"]][call];
        end("stopped", steps, Fate::Stays)
    } else if modern {
        let steps = [["applied", "waiting"], ["applied", "applied"]][call];
        let fate = if same_cell {
            Fate::Undoable
        } else {
            Fate::Stays
        };
        end("stopped", steps, fate)
    } else if same_cell {
        end("done", done, Fate::Lost)
    } else {
        end("differs", done, Fate::Stays)
    }
}

/// A core and its server, with the billing key to be edited.
struct Scene {
    rig: Rig,
    key: Value,
    /// What the billing key had at first.
    grants: Grants,
}

impl Scene {
    async fn new(dialect: Dialect) -> Self {
        let rig = Rig::with(Options::of(dialect), |_| {}).await;
        rig.sync().await;
        let keys = rig.keys().await;
        let billing = keys.iter().find(|key| key["label"] == "billing-worker");
        let key = billing.unwrap()["id"].clone();
        let grants = rig.control.world().keys[1].grants.clone();
        Self { rig, key, grants }
    }

    fn held(&self) -> Grants {
        self.rig.control.world().keys[1].grants.clone()
    }

    /// Back to the beginning, with the edit drafted.
    async fn again(&self) {
        self.rig.watch.at_each(|_| ());
        let first = self.grants.clone();
        self.rig.control.edit(|world| world.keys[1].grants = first);
        self.rig.control.clear_faults();
        self.rig.sync().await;
        let all = json!({ "state": "all" });
        let read = json!({ "state": "fields", "only": ["id", "email"], "except": null });
        let row = |resource, read: &Value| json!({ "kind": "collection", "resource": resource, "cells": [read, all] });
        let changes = json!([row(CALLS[0], &read), row(CALLS[1], &all)]);
        let request = json!({ "key": self.key, "changes": changes });
        self.rig.call("draft_save", request).await.unwrap();
    }

    /// Lets somebody else write at that moment.
    fn at(&self, moment: usize, theirs: Theirs) -> Arc<AtomicUsize> {
        let (control, passed) = (self.rig.control.clone(), Arc::new(AtomicUsize::new(0)));
        let count = Arc::clone(&passed);
        self.rig.watch.at_each(move |point| {
            let now = count.fetch_add(1, Ordering::SeqCst);
            assert_eq!(
                MOMENTS.get(now).copied(),
                Some(point),
                "the order of moments"
            );
            if now == moment {
                control.edit(|world| theirs.write(&mut world.keys[1].grants));
            }
        });
        passed
    }

    /// Reviews and applies the draft; the operation at its end.
    async fn apply(&self) -> Value {
        let request = json!({ "key": self.key });
        let plan = self.rig.call("rights_review", request).await.unwrap()["plan"].clone();
        let request = json!({ "key": self.key, "plan": plan });
        let applied = self.rig.call("rights_apply", request).await.unwrap();
        assert_eq!(applied["kind"], "started", "{applied}");
        loop {
            let request = json!({ "operation": applied["operation"] });
            let view = self.rig.call("operation_show", request).await.unwrap();
            if ["done", "differs", "stopped"].contains(&view["state"].as_str().unwrap()) {
                self.rig.settled().await;
                return view;
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    async fn undo(&self, operation: &Value) {
        self.rig.watch.at_each(|_| ());
        let request = json!({ "operation": operation["id"] });
        self.rig.call("operation_undo", request).await.unwrap();
        assert_eq!(self.apply().await["state"], "done");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_overwritten_without_a_word_but_where_the_server_gives_no_sign() {
    for dialect in [Dialect::Modern, Dialect::Legacy] {
        let scene = Scene::new(dialect).await;
        for (moment, theirs) in (0..MOMENTS.len()).flat_map(|at| ALL.map(|theirs| (at, theirs))) {
            let case = format!(
                "{dialect:?}, {theirs:?} at moment {moment}, {:?}",
                MOMENTS[moment]
            );
            scene.again().await;
            let passed = scene.at(moment, theirs);
            let view = scene.apply().await;
            assert!(
                passed.load(Ordering::SeqCst) > moment,
                "{case}: nobody wrote"
            );
            let stayed = theirs.is_in(&scene.held());
            let expected = expected(dialect, moment, theirs);
            let step = |at: usize| view["steps"][at]["outcome"].as_str().unwrap();
            assert_eq!(
                (view["state"].as_str().unwrap(), [step(0), step(1)]),
                (expected.state, expected.steps),
                "{case}: {view:#}"
            );
            assert_eq!(stayed, expected.theirs == Fate::Stays, "{case}");
            match expected.state {
                "stopped" => assert_eq!(view["failure"]["code"], "changed_meanwhile", "{case}"),
                "differs" => {
                    let cells = view["differences"].as_array().unwrap();
                    assert!(
                        cells
                            .iter()
                            .all(|cell| cell["resource"] == theirs.resource()),
                        "{case}: {cells:#?}"
                    );
                    assert!(!cells.is_empty(), "{case}");
                }
                _ => assert_eq!(view["failure"], Value::Null, "{case}"),
            }
            if expected.theirs == Fate::Undoable {
                scene.undo(&view).await;
                assert!(
                    theirs.is_in(&scene.held()),
                    "{case}: undo brings theirs back"
                );
            }
        }
    }
}

/// The control: alone, the same edit is done, and the same harness sees each of its moments.
#[tokio::test(flavor = "multi_thread")]
async fn without_a_second_writer_the_edit_is_done() {
    for dialect in [Dialect::Modern, Dialect::Legacy] {
        let scene = Scene::new(dialect).await;
        scene.again().await;
        let passed = scene.at(usize::MAX, Theirs::OtherRow);
        assert_eq!(scene.apply().await["state"], "done");
        assert_eq!(passed.load(Ordering::SeqCst), MOMENTS.len(), "{dialect:?}");
        assert_ne!(scene.held(), scene.grants);
        assert!(ALL.iter().all(|theirs| !theirs.is_in(&scene.held())));
    }
}

/// What came after the reading back is in the next list.
#[tokio::test(flavor = "multi_thread")]
async fn who_writes_after_the_edit_is_seen_by_the_next_list() {
    for dialect in [Dialect::Modern, Dialect::Legacy] {
        let scene = Scene::new(dialect).await;
        for theirs in ALL {
            scene.again().await;
            scene.at(READ_BACK, theirs);
            assert_eq!(scene.apply().await["state"], "done");
            let before = scene.rig.picture().await;
            scene.rig.sync().await;
            assert_ne!(scene.rig.picture().await, before, "{dialect:?} {theirs:?}");
        }
    }
}

/// A lost answer and a second writer together: what the server holds is neither, and nothing is sent again.
#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_beside_a_second_writer_stops_the_edit() {
    for (dialect, method, path) in [
        (Dialect::Modern, "PATCH", "/api/auth/keys/"),
        (Dialect::Legacy, "PUT", "/api/auth/permissions"),
    ] {
        let scene = Scene::new(dialect).await;
        for effect in [Effect::AppliedThenLost, Effect::Reset] {
            for theirs in [Theirs::SameCell(0), Theirs::SameRow(0)] {
                scene.again().await;
                scene.at(3, theirs);
                scene
                    .rig
                    .control
                    .fault(Fault::on(method, path, effect.clone()));
                scene.rig.control.clear_journal();
                let view = scene.apply().await;
                let case = format!("{dialect:?} {effect:?} {theirs:?}");
                assert_eq!(
                    (&view["state"], &view["failure"]["code"]),
                    (&json!("stopped"), &json!("changed_meanwhile")),
                    "{case}: {view:#}"
                );
                assert!(theirs.is_in(&scene.held()), "{case}");
                assert_eq!(scene.rig.control.requests(method, path), 1, "{case}");
            }
        }
    }
}
