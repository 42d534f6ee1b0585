//! What the screen is told without asking. Never rows, never secrets.

use crate::{App, Failure};
use serde::Serialize;
use std::{collections::BTreeMap, sync::Arc, time::Duration};
use tokio::sync::broadcast;
use ts_rs::TS;

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Event {
    /// Something was committed; whoever shows that area asks again.
    Changed {
        /// What changed.
        area: Area,
        /// Grows with every commit since the program started.
        #[ts(type = "number")]
        revision: u64,
    },
    /// Long work moved on; with `done` equal to `total` it has ended, well or not.
    Progress {
        /// What kind of work: `sync`.
        task: String,
        /// For which deployment.
        deployment: String,
        /// Steps behind it.
        done: u32,
        /// All its steps.
        total: u32,
    },
    /// Something wants to be seen.
    Attention {
        /// What.
        failure: Failure,
    },
    /// The vault is locked.
    Locked,
    /// A secret that we laid on the clipboard had its time.
    Clipboard {
        /// It was taken away; else something else lay there already, or the desktop refused.
        cleared: bool,
    },
}

/// A part of the data that screens look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Area {
    /// Deployments and their freshness.
    Deployments,
    /// Keys and their rights.
    Keys,
    /// Resources and their fields.
    Resources,
    /// Settings.
    Settings,
    /// Drafts of edits.
    Drafts,
    /// Operations and their steps.
    Operations,
}

impl Area {
    /// All of them.
    const ALL: [Self; 6] = [
        Self::Deployments,
        Self::Keys,
        Self::Resources,
        Self::Settings,
        Self::Drafts,
        Self::Operations,
    ];
}

impl From<store::Area> for Area {
    fn from(area: store::Area) -> Self {
        match area {
            store::Area::Deployments => Self::Deployments,
            store::Area::Keys => Self::Keys,
            store::Area::Resources => Self::Resources,
            store::Area::Settings => Self::Settings,
            store::Area::Drafts => Self::Drafts,
            store::Area::Operations => Self::Operations,
        }
    }
}

/// At most four bundles a second reach a window.
const BUNDLE: Duration = Duration::from_millis(250);

/// A window's stream of events, coalesced: of one area the newest revision, of one work the newest step.
pub struct Events {
    changes: broadcast::Receiver<store::Changed>,
    others: broadcast::Receiver<Event>,
}

impl Events {
    /// Everything from now on.
    pub fn of(app: &Arc<App>) -> Self {
        Self {
            changes: app.store.changes(),
            others: app.events.subscribe(),
        }
    }

    /// The next bundle; waits for one. `None` when the core has ended.
    pub async fn next(&mut self) -> Option<Vec<Event>> {
        let mut bundle = Bundle::default();
        self.one(&mut bundle).await?;
        let full = tokio::time::sleep(BUNDLE);
        tokio::pin!(full);
        loop {
            tokio::select! {
                () = &mut full => return Some(bundle.into_events()),
                more = self.one(&mut bundle) => if more.is_none() { return Some(bundle.into_events()) },
            }
        }
    }

    async fn one(&mut self, bundle: &mut Bundle) -> Option<()> {
        use broadcast::error::RecvError::{Closed, Lagged};
        tokio::select! {
            change = self.changes.recv() => match change {
                Ok(change) => bundle.changed(change.area.into(), change.revision),
                // Some were missed: every area is taken to have changed.
                Err(Lagged(missed)) => bundle.everything_changed(missed),
                Err(Closed) => return None,
            },
            other = self.others.recv() => match other {
                Ok(event) => bundle.take(event),
                Err(Lagged(missed)) => bundle.everything_changed(missed),
                Err(Closed) => return None,
            },
        }
        Some(())
    }
}

#[derive(Default)]
struct Bundle {
    changed: BTreeMap<Area, u64>,
    progress: BTreeMap<(String, String), (u32, u32)>,
    rest: Vec<Event>,
}

impl Bundle {
    fn changed(&mut self, area: Area, revision: u64) {
        let newest = self.changed.entry(area).or_default();
        *newest = revision.max(*newest);
    }

    fn everything_changed(&mut self, missed: u64) {
        for area in Area::ALL {
            let newest = self
                .changed
                .values()
                .copied()
                .max()
                .unwrap_or(0)
                .saturating_add(missed);
            self.changed(area, newest);
        }
    }

    fn take(&mut self, event: Event) {
        match event {
            Event::Changed { area, revision } => self.changed(area, revision),
            Event::Progress {
                task,
                deployment,
                done,
                total,
            } => {
                self.progress.insert((task, deployment), (done, total));
            }
            Event::Attention { .. } | Event::Locked | Event::Clipboard { .. } => {
                self.rest.push(event);
            }
        }
    }

    fn into_events(self) -> Vec<Event> {
        let progress = self
            .progress
            .into_iter()
            .map(|((task, deployment), (done, total))| Event::Progress {
                task,
                deployment,
                done,
                total,
            });
        let changed = self
            .changed
            .into_iter()
            .map(|(area, revision)| Event::Changed { area, revision });
        progress.chain(changed).chain(self.rest).collect()
    }
}
