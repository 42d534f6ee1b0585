//! The program's state at a glance.

use super::{settings::Settings, vault::VaultView};
use crate::{App, Failure, views::DeploymentView};
use domain::UnixMs;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use store::deployments::Deployment;
use ts_rs::TS;

/// Nothing to say.
#[derive(Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct Empty {}

/// What the window needs before anything else.
#[derive(Debug, Serialize, TS)]
pub(crate) struct AppState {
    /// The program's version.
    version: &'static str,
    /// The profile's name.
    profile: String,
    /// The sample profile: only servers on this machine, data key in a file.
    sample: bool,
    /// How the window looks.
    settings: Settings,
    /// Milliseconds since 1970, by the core's clock.
    #[ts(type = "number")]
    now: UnixMs,
    /// Why no deployment can be added here; `null` where one can.
    no_vault: Option<Failure>,
    /// Where its data key lives, and whether it is open.
    vault: VaultView,
}

pub(super) async fn app_state(app: &Arc<App>, _: Empty) -> Result<AppState, Failure> {
    Ok(AppState {
        version: env!("CARGO_PKG_VERSION"),
        profile: app.profile.name().to_owned(),
        sample: app.profile.is_sample(),
        settings: super::settings::load(app).await?,
        now: app.clock.now(),
        no_vault: app.vault().err(),
        vault: VaultView::of(app),
    })
}

pub(super) async fn deployments_list(
    app: &Arc<App>,
    _: Empty,
) -> Result<Vec<DeploymentView>, Failure> {
    let running = app.syncs.running();
    let all = store::deployments::all(&app.store)
        .await
        .map_err(|error| app.in_words(error))?;
    let view = |d: Deployment| {
        let syncing = running.contains(&d.id);
        DeploymentView::of(app, d, syncing)
    };
    Ok(all.into_iter().map(view).collect())
}

pub(super) async fn samples_open(app: &Arc<App>, _: Empty) -> Result<Empty, Failure> {
    app.desk.open_samples().await?;
    Ok(Empty {})
}
