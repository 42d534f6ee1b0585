//! The connection doctor: one step after the other, each with what it found or why it failed.

use super::{
    connect, host_of,
    report::{LinkReport, LinkStep, Place, StepDetail, StepName, StepState, step},
};
use crate::{App, Code, Event, Failure, deployments::check_address};
use domain::{DeploymentId, LinkSpec, Secret};
use providers::{BaseUrl, Fault, Link, Provider, ProviderError, look_up};
use std::sync::Arc;

/// A link to be tested.
pub(crate) struct Exam<'a> {
    /// The kind of server that it should lead to.
    pub(crate) provider: &'static dyn Provider,
    /// Where and how.
    pub(crate) link: &'a LinkSpec,
    /// What to log in with; `None` fails that step.
    pub(crate) credential: Option<Arc<Secret>>,
    /// Whose link it is to be, when it is not a new one.
    pub(crate) deployment: Option<DeploymentId>,
    /// What the audit log says of its log-ins: a local id, or `None` for the host.
    pub(crate) subject: Option<DeploymentId>,
}

/// The most addresses of a name that are told.
const PLACES: usize = 4;

/// Tests a link and tells how far it came. With it, where all went well, the open link. Stores nothing but
/// the audit rows of its log-in.
pub(crate) async fn examine(app: &App, exam: Exam<'_>) -> (LinkReport, Option<Arc<Link>>) {
    let mut steps = Steps {
        app,
        list: Vec::new(),
    };
    let link = steps.walk(&exam).await;
    let known = if steps
        .list
        .first()
        .is_some_and(|first| first.failure.is_none())
    {
        Some(origin_known(app, &exam).await)
    } else {
        None
    };
    let mut list = steps.list;
    for name in StepName::ALL.into_iter().skip(list.len()) {
        list.push(match (name, &known) {
            (StepName::Known, Some(Ok(None))) => step(name, StepState::Ok, None, None),
            (StepName::Known, Some(Ok(Some(other)))) => {
                step(name, StepState::Warning, None, Some(other.clone()))
            }
            (StepName::Known, Some(Err(failure))) => {
                step(name, StepState::Failed, None, Some(failure.clone()))
            }
            _ => step(name, StepState::Skipped, None, None),
        });
    }
    let ok = !list.iter().any(|step| step.state == StepState::Failed);
    let report = LinkReport { ok, steps: list };
    (report, link.ok().filter(|_| ok))
}

/// Whether a link leads to the same server, proved in the same way: only then may a saved credential follow.
pub(crate) fn is_same_server(a: &LinkSpec, b: &LinkSpec) -> bool {
    a.trust == b.trust && origin(a).is_some() && origin(a) == origin(b)
}

struct Failed;

struct Steps<'a> {
    app: &'a App,
    list: Vec<LinkStep>,
}

impl Steps<'_> {
    async fn walk(&mut self, exam: &Exam<'_>) -> Result<Arc<Link>, Failed> {
        let app = self.app;
        self.take(StepName::Address, address(app, exam.link).await)?;
        let link = self.take(StepName::Connection, connection(app, exam).await)?;
        let words = |error| Failure::of_provider(&error, &link.host(), &app.timing);
        let taken = match exam.credential {
            Some(_) => exam.provider.log_in(&link).await.map_err(words),
            None => Err(Failure::new(Code::CredentialNeeded).with("host", link.host())),
        };
        self.take(StepName::LogIn, taken.map(|()| ((), None)))?;
        let keys = exam.provider.list_keys(&link).await.map_err(words);
        let count = |keys: Vec<_>| StepDetail::Keys { count: keys.len() };
        self.take(StepName::ListKeys, keys.map(|keys| ((), Some(count(keys)))))?;
        let facts = exam.provider.probe(&link).await.map_err(words);
        let facts = facts.map(|facts| StepDetail::Server { facts: facts.shown });
        self.take(StepName::Server, facts.map(|facts| ((), Some(facts))))?;
        Ok(link)
    }

    fn take<T>(&mut self, name: StepName, found: Found<T>) -> Result<T, Failed> {
        let (outcome, state, detail, failure) = match found {
            Ok((value, detail)) => (Ok(value), StepState::Ok, detail, None),
            Err(failure) => (Err(Failed), StepState::Failed, None, Some(failure)),
        };
        self.list.push(step(name, state, detail, failure));
        self.app.tell(Event::Progress {
            task: "link".to_owned(),
            deployment: String::new(),
            done: u32::try_from(self.list.len()).unwrap_or(u32::MAX),
            total: u32::try_from(StepName::ALL.len()).unwrap_or(u32::MAX),
        });
        outcome
    }
}

type Found<T> = Result<(T, Option<StepDetail>), Failure>;

async fn address(app: &App, link: &LinkSpec) -> Found<()> {
    let base = check_address(app, link)?;
    let wait = app.timing.connect;
    let found = look_up(&base, wait).await.map_err(|fault| {
        let code = if fault == Fault::TimedOut {
            Code::TimedOut
        } else {
            Code::HostUnreachable
        };
        Failure::new(code)
            .with("host", base.host())
            .with("seconds", wait.as_secs())
    })?;
    let places = found.into_iter().take(PLACES).map(Place::of);
    let detail = StepDetail::Address {
        host: base.host(),
        international: base.is_international(),
        places: places.collect(),
    };
    Ok(((), Some(detail)))
}

async fn connection(app: &App, exam: &Exam<'_>) -> Found<Arc<Link>> {
    let host = host_of(exam.link);
    let subject = exam.subject.map_or(host, |id| id.to_string());
    // Without a credential the server is reached all the same; nothing is sent as one.
    let nothing = || Arc::new(Secret::new(String::new()));
    let credential = exam.credential.clone().unwrap_or_else(nothing);
    let link = connect(app, exam.link, credential, subject)?;
    let words = |error: ProviderError| Failure::of_provider(&error, &link.host(), &app.timing);
    exam.provider.reach(&link).await.map_err(words)?;
    let encrypted = !origin(exam.link).is_some_and(|base| base.is_plain());
    Ok((link, Some(StepDetail::Connection { encrypted })))
}

/// The warning that another deployment has this address.
async fn origin_known(app: &App, exam: &Exam<'_>) -> Result<Option<Failure>, Failure> {
    let all = store::deployments::all(&app.store)
        .await
        .map_err(|error| app.in_words(error))?;
    let own = origin(exam.link);
    let other = all
        .into_iter()
        .find(|other| Some(other.id) != exam.deployment && origin(&other.link) == own);
    Ok(other.map(|other| Failure::new(Code::OriginKnown).with("name", other.name)))
}

fn origin(link: &LinkSpec) -> Option<BaseUrl> {
    BaseUrl::parse(&link.url, link.allow_plain_loopback).ok()
}
