//! The controls: four faults of a careless program, each brought about for real, each caught by its own rule alone.

use crate::{
    begin,
    evidence::{Evidence, Rule},
    rig, to_the_end,
};
use app::Point;
use async_trait::async_trait;
use core_tests::{Rig, SHORT, TestClock, drive};
use domain::{Clock, Identity, LinkSpec, RemoteId, RightsGrid, Secret, TlsMinimum, Trust};
use providers::{CallSecrets, Class, KeySpec, Link, NotWitnessed, Provider, Witness, registry};
use serde_json::{Value, json};
use simulators::ekodb::Dialect;
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

struct Nobody;

#[async_trait]
impl Witness for Nobody {
    async fn logging_in(&self) -> Result<(), NotWitnessed> {
        Ok(())
    }
    async fn logged_in(&self, _: Result<(), Class>) {}
}

/// A way to the same server that goes past the journal.
struct Careless {
    link: Link,
    provider: &'static dyn Provider,
    facts: domain::ServerFacts,
}

impl Careless {
    async fn to(url: Value, pem: Value, admin: String, clock: Arc<TestClock>) -> Self {
        let text = |value: Value| value.as_str().unwrap().to_owned();
        let spec = LinkSpec {
            url: text(url),
            trust: Trust::OwnCa { pem: text(pem) },
            tls_minimum: TlsMinimum::Tls13,
            allow_plain_loopback: false,
        };
        let clock: Arc<dyn Clock> = clock;
        let link = Link::new(&spec, Secret::new(admin), SHORT, clock, Arc::new(Nobody)).unwrap();
        let provider = registry::find("ekodb").unwrap();
        let facts = provider.probe(&link).await.unwrap();
        Self {
            link,
            provider,
            facts,
        }
    }

    async fn create(&self, marker: &str) {
        let spec = KeySpec {
            label: "worker ~g2".into(),
            description: format!("Works {marker}"),
            rights: RightsGrid::default(),
            choose: false,
        };
        let call = self.provider.plan_create(&self.facts, &spec).unwrap().call;
        let made = self
            .provider
            .create(&self.link, &call, &CallSecrets::default())
            .await;
        made.unwrap();
    }

    async fn end(&self, id: &str) {
        let identity = Identity {
            remote_id: Some(RemoteId(id.to_owned())),
            fingerprint: None,
        };
        let call = self.provider.plan_revoke(&identity).unwrap();
        let done = self
            .provider
            .perform(&self.link, &call, &CallSecrets::default(), &[])
            .await;
        done.unwrap();
    }

    async fn list(&self) {
        self.provider.list_keys(&self.link).await.unwrap();
    }
}

#[derive(Clone, Copy, Debug)]
enum Carelessness {
    EffectBeforeCommit,
    RepeatedCreate,
    EarlyRevoke,
    SkippedReRead,
}

/// Does something at the boundary `when` says, once, in the middle of a rotation, and waits for it.
fn plant(rig: &Rig, what: Carelessness) {
    let link = rig.link();
    let (url, pem) = (link["url"].clone(), link["trust"]["pem"].clone());
    let (admin, clock) = (rig.admin.clone(), Arc::clone(&rig.clock));
    let (control, database) = (rig.control.clone(), rig.database());
    let done = AtomicBool::new(false);
    rig.watch.at_each(move |point| {
        let world = control.world();
        let made = world
            .keys
            .iter()
            .any(|key| key.label.as_deref() == Some("worker ~g2"));
        let old = world
            .keys
            .iter()
            .find(|key| key.label.as_deref() == Some("worker"));
        let Some(old) = old.map(|key| (key.id.clone(), key.kv.is_empty())) else {
            return;
        };
        let now = match what {
            Carelessness::EffectBeforeCommit => point == Point::BeforeIntent && !made,
            Carelessness::RepeatedCreate => point == Point::AfterEffect && made,
            Carelessness::EarlyRevoke => point == Point::AfterOutcome && made,
            // The pause of a modern server ends with its KV grant: the last change of all.
            Carelessness::SkippedReRead => point == Point::AfterOutcome && old.1,
        };
        if !now || done.swap(true, Ordering::SeqCst) {
            return;
        }
        let (url, pem) = (url.clone(), pem.clone());
        let (admin, clock, database) = (admin.clone(), Arc::clone(&clock), database.clone());
        // The runner waits here: what is done is done between its commit and its effect.
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let careless = Careless::to(url, pem, admin, clock).await;
                match what {
                    Carelessness::EffectBeforeCommit => {
                        careless.create(&format!("ks:{}", "0".repeat(32))).await;
                    }
                    Carelessness::RepeatedCreate => {
                        let events = core_tests::journal(&database).await;
                        let marker = events
                            .iter()
                            .find_map(|event| event["attempt"]["marker"].as_str());
                        careless.create(marker.unwrap()).await;
                    }
                    Carelessness::EarlyRevoke => {
                        careless.list().await;
                        careless.end(&old.0).await;
                    }
                    Carelessness::SkippedReRead => careless.end(&old.0).await,
                }
            });
        });
        thread.join().unwrap();
    });
}

async fn evidence_of(what: Option<Carelessness>) -> Vec<Rule> {
    let rig = rig(Dialect::Modern).await;
    if let Some(what) = what {
        plant(&rig, what);
    }
    let operation = begin(&rig).await;
    if what.is_some() {
        // However it ends: the traces are there.
        drive::drive(&rig.app, &rig.clock, &operation, "paused").await;
    } else {
        assert_eq!(to_the_end(&rig, &operation).await["state"], json!("closed"));
    }
    Evidence::of(&rig).await.broken()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn each_carelessness_is_caught_by_its_own_rule_alone() {
    assert_eq!(evidence_of(None).await, []);
    for (what, rule) in [
        (Carelessness::EffectBeforeCommit, Rule::Announced),
        (Carelessness::RepeatedCreate, Rule::OnceMade),
        (Carelessness::EarlyRevoke, Rule::NotEarly),
        (Carelessness::SkippedReRead, Rule::ReadAgain),
    ] {
        assert_eq!(Box::pin(evidence_of(Some(what))).await, [rule], "{what:?}");
    }
}
