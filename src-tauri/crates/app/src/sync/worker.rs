//! When to read, and what becomes of it.

use super::plan::plan;
use crate::{App, Code, Event, Failure, error::wait_of};
use domain::{DeploymentId, KeyId, ListedKey, ServerCopy, UnixMs};
use providers::{Link, Provider, ProviderError, registry};
use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use store::{StoreError, deployments::Deployment};
use tokio::sync::{Notify, Semaphore};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// Probe, keys, resources, storing.
const STEPS: u32 = 4;

/// One deployment that is being read.
struct Reading {
    cancel: CancellationToken,
    /// A change asked for it meanwhile: what is being read may be from before that.
    again: bool,
}

/// What became of a complete list.
enum Kept {
    /// It is stored, or whose list it was is there no more.
    Whole,
    /// It contradicts itself.
    Contradicting,
    /// Something was changed while it was read. Nothing of it is stored.
    Outdated,
}

/// The synchronisations under way.
pub(crate) struct Syncs {
    running: Mutex<HashMap<DeploymentId, Reading>>,
    tasks: TaskTracker,
    ending: CancellationToken,
    places: Arc<Semaphore>,
    ended: Notify,
    woken: Notify,
}

impl Syncs {
    pub(crate) fn new(parallel: usize) -> Self {
        Self {
            running: Mutex::default(),
            tasks: TaskTracker::new(),
            ending: CancellationToken::new(),
            places: Arc::new(Semaphore::new(parallel)),
            ended: Notify::new(),
            woken: Notify::new(),
        }
    }

    /// Reads all deployments now and again at every interval, each with its own small delay so that they
    /// do not go in step.
    pub(crate) fn keep_going(&self, app: &Arc<App>) {
        let (app, ending) = (Arc::clone(app), self.ending.clone());
        self.tasks.spawn(async move {
            let mut first = true;
            while !ending.is_cancelled() {
                match store::deployments::all(&app.store).await {
                    Ok(all) => all.iter().for_each(|d| app.syncs.start(&app, d, !first)),
                    Err(_) => app.tell(Event::Attention {
                        failure: Failure::new(Code::Internal),
                    }),
                }
                first = tokio::select! {
                    () = ending.cancelled() => false,
                    () = app.syncs.woken.notified() => true,
                    () = tokio::time::sleep(app.rhythm.sync_every) => false,
                };
            }
        });
    }

    /// Starts reading one deployment, unless that is already under way or the server asked to wait.
    pub(crate) fn start(&self, app: &Arc<App>, deployment: &Deployment, delayed: bool) {
        self.begin(app, deployment, delayed, false);
    }

    /// The same at once, after a change. Where it is under way, it is read once more: it may be from before.
    pub(crate) fn start_afresh(&self, app: &Arc<App>, deployment: &Deployment) {
        self.begin(app, deployment, false, true);
    }

    fn begin(&self, app: &Arc<App>, deployment: &Deployment, delayed: bool, again: bool) {
        let cancel = self.ending.child_token();
        if must_wait(app, deployment) || cancel.is_cancelled() {
            return;
        }
        {
            let mut running = self.held();
            // Asked for in here, so that whoever locks finds all that began before.
            if app.doors.are_shut() {
                return;
            }
            if let Some(reading) = running.get_mut(&deployment.id) {
                reading.again |= again;
                return;
            }
            let cancel = cancel.clone();
            let again = false;
            running.insert(deployment.id, Reading { cancel, again });
        }
        let (app, mut deployment, mut cancel) = (Arc::clone(app), deployment.clone(), cancel);
        self.tasks.spawn(async move {
            // The last byte of an id is random: 0 to 25.5 s.
            let own = deployment.id.bytes().last().copied().unwrap_or(0);
            let delay =
                std::time::Duration::from_millis(if delayed { u64::from(own) * 100 } else { 0 });
            tokio::select! { () = cancel.cancelled() => {}, () = tokio::time::sleep(delay) => {} }
            loop {
                app.progress(deployment.id, 0);
                if let Err(failure) = app.sync(&deployment, &cancel).await {
                    app.tell(Event::Attention { failure });
                }
                match app.once_more(deployment.id).await {
                    Some(next) => (deployment, cancel) = next,
                    None => break,
                }
            }
            app.syncs.ended.notify_waiters();
            app.progress(deployment.id, STEPS);
            // What was left open before can be found out now.
            crate::operations::resume_all(&app).await;
        });
    }

    /// This reading is over, unless it is asked for once more: then what stops the next one.
    fn end(&self, app: &App, deployment: DeploymentId) -> Option<CancellationToken> {
        let mut running = self.held();
        let reading = running.get_mut(&deployment)?;
        if reading.again && !app.doors.are_shut() {
            reading.again = false;
            reading.cancel = self.ending.child_token();
            return Some(reading.cancel.clone());
        }
        running.remove(&deployment);
        None
    }

    fn held(&self) -> MutexGuard<'_, HashMap<DeploymentId, Reading>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Stops reading this deployment, or all. What was stored stays.
    pub(crate) fn cancel(&self, deployment: Option<DeploymentId>) {
        let mut running = self.held();
        let chosen = running
            .iter_mut()
            .filter(|(id, _)| deployment.is_none_or(|wanted| wanted == **id));
        chosen.for_each(|(_, reading)| {
            reading.again = false;
            reading.cancel.cancel();
        });
    }

    /// Waits until nothing is being read.
    pub(crate) async fn idle(&self) {
        loop {
            let mut ended = std::pin::pin!(self.ended.notified());
            // Listens from here on, so that an end between the question and the wait counts.
            ended.as_mut().enable();
            if self.running().is_empty() {
                return;
            }
            ended.await;
        }
    }

    /// Reads everything now instead of at the next interval, where reading goes by itself.
    pub(crate) fn wake(&self) {
        self.woken.notify_waiters();
    }

    /// The deployments that are being read. To be asked before their rows: what is not among these has
    /// its outcome stored.
    pub(crate) fn running(&self) -> HashSet<DeploymentId> {
        self.held().keys().copied().collect()
    }

    pub(crate) async fn stop(&self) {
        self.ending.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

impl App {
    /// What a change asked to be read once more, as it is led to now.
    async fn once_more(&self, id: DeploymentId) -> Option<(Deployment, CancellationToken)> {
        while let Some(cancel) = self.syncs.end(self, id) {
            if let Ok(Some(deployment)) = store::deployments::find(&self.store, id).await
                && !must_wait(self, &deployment)
            {
                return Some((deployment, cancel));
            }
        }
        None
    }

    /// Reads one deployment whole and stores it, or stores why not. All or nothing.
    ///
    /// # Errors
    /// Only what could not be stored; a server's failure is stored with its deployment.
    async fn sync(
        &self,
        deployment: &Deployment,
        cancel: &CancellationToken,
    ) -> Result<(), Failure> {
        let in_words = |error| self.in_words(error);
        loop {
            let before = store::operations::newest_event(&self.store, deployment.id).await;
            let before = before.map_err(in_words)?;
            let read = async {
                let _place = self.syncs.places.acquire().await;
                self.read(deployment).await
            };
            let outcome = tokio::select! {
                () = cancel.cancelled() => Err((Failure::new(Code::SyncCancelled), None)),
                outcome = read => outcome,
            };
            // Ended by quitting or by locking: that is nothing about the server.
            if outcome.is_err() && (self.syncs.ending.is_cancelled() || self.doors.are_shut()) {
                return Ok(());
            }
            let (failure, until) = match outcome {
                Ok(copy) => match self
                    .keep(deployment, copy, before)
                    .await
                    .map_err(in_words)?
                {
                    Kept::Whole => return Ok(()),
                    Kept::Contradicting => (contradicting(deployment), None),
                    Kept::Outdated => {
                        // Once that change rests, so that it is not read in vain again.
                        tokio::select! { () = cancel.cancelled() => {}, _ = self.changing.lock() => {} }
                        continue;
                    }
                },
                Err(failed) => failed,
            };
            let kept = self.keep_failure(deployment.id, &failure, until).await;
            return kept.map_err(in_words);
        }
    }

    async fn read(&self, deployment: &Deployment) -> Result<ServerCopy, (Failure, Option<UnixMs>)> {
        let provider =
            registry::find(&deployment.provider).ok_or((Failure::new(Code::Internal), None))?;
        let link = self
            .links
            .to(self, deployment)
            .await
            .map_err(|failure| (failure, None))?;
        self.read_all(provider, &link, deployment.id)
            .await
            .map_err(|error| {
                let limited =
                    error.class == providers::Class::RateLimited || error.retry_after.is_some();
                let wait = i64::try_from(wait_of(&error).as_millis()).unwrap_or(i64::MAX);
                let until = limited.then(|| self.clock.now().plus(wait));
                (
                    Failure::of_provider(&error, &link.host(), &self.timing),
                    until,
                )
            })
    }

    async fn read_all(
        &self,
        provider: &dyn Provider,
        link: &Link,
        deployment: DeploymentId,
    ) -> Result<ServerCopy, ProviderError> {
        let facts = provider.probe(link).await?;
        self.progress(deployment, 1);
        let keys = provider.list_keys(link).await?;
        self.progress(deployment, 2);
        let resources = provider.resources(link).await?;
        self.progress(deployment, 3);
        Ok(ServerCopy {
            facts,
            keys,
            resources,
        })
    }

    async fn keep(
        &self,
        deployment: &Deployment,
        copy: ServerCopy,
        before: i64,
    ) -> Result<Kept, StoreError> {
        let (id, now) = (deployment.id, self.clock.now());
        let mut writer = self.store.write().await?;
        // Removed, or led elsewhere, while it was being read.
        if store::deployments::link_now(&mut writer, id)
            .await?
            .as_ref()
            != Some(&deployment.link)
        {
            return Ok(Kept::Whole);
        }
        if store::operations::newest_event_now(&mut writer, id).await? != before {
            return Ok(Kept::Outdated);
        }
        let known = store::keys::known(&mut writer, id).await?;
        let Ok(plan) = plan(&known, copy.keys) else {
            return Ok(Kept::Contradicting);
        };
        let put = plan.put.iter();
        let mut put: Vec<(KeyId, &ListedKey)> = put
            .map(|(key, listed)| (key.unwrap_or_else(|| KeyId::at(now)), listed))
            .collect();
        // In the order in which they will lie in the file.
        put.sort_unstable_by_key(|(key, _)| *key);
        store::keys::put_all(&mut writer, id, &put, now).await?;
        for key in &plan.gone {
            store::keys::set_gone(&mut writer, *key, now).await?;
        }
        store::resources::replace(&mut writer, id, &copy.resources).await?;
        store::deployments::set_synced(&mut writer, id, &copy.facts, now).await?;
        writer.commit().await?;
        // Letting go of a long list takes a while that nobody has to wait for.
        tokio::task::spawn_blocking(move || drop(plan));
        Ok(Kept::Whole)
    }

    async fn keep_failure(
        &self,
        id: DeploymentId,
        failure: &Failure,
        until: Option<UnixMs>,
    ) -> Result<(), StoreError> {
        let failure = serde_json::to_value(failure)?;
        let mut writer = self.store.write().await?;
        store::deployments::set_failed(&mut writer, id, &failure, until).await?;
        writer.commit().await
    }

    fn progress(&self, deployment: DeploymentId, done: u32) {
        let deployment = deployment.to_string();
        self.tell(Event::Progress {
            task: "sync".to_owned(),
            deployment,
            done,
            total: STEPS,
        });
    }
}

/// The server asked to be left alone for a while.
fn must_wait(app: &App, deployment: &Deployment) -> bool {
    let until = deployment.not_before;
    until.is_some_and(|until| until > app.clock.now())
}

fn contradicting(deployment: &Deployment) -> Failure {
    let path =
        registry::find(&deployment.provider).map_or("", |provider| provider.about().key_list);
    Failure::new(Code::ReplyMalformed)
        .with("host", crate::links::host_of(&deployment.link))
        .with("path", path)
}
