//! How the window looks.

use crate::{App, Code, Failure};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use ts_rs::TS;

/// What a person chose for the window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    /// Light, dark, or what the system says.
    theme: Theme,
    /// Width of the side panel, px.
    #[ts(type = "number")]
    panel_width: u32,
    /// The side panel is open.
    panel_open: bool,
}

/// The colours of the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Theme {
    /// What the system says.
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

const NAME: &str = "window";

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: Theme::System,
            panel_width: 400,
            panel_open: true,
        }
    }
}

pub(super) async fn load(app: &App) -> Result<Settings, Failure> {
    let stored = store::meta::setting(&app.store, NAME)
        .await
        .map_err(|error| app.in_words(error))?;
    Ok(stored.unwrap_or_default())
}

pub(super) async fn settings_save(app: &Arc<App>, settings: Settings) -> Result<Settings, Failure> {
    if !(280..=1_200).contains(&settings.panel_width) {
        return Err(Failure::new(Code::BadRequest).with("field", "panel_width"));
    }
    let write = async {
        let mut writer = app.store.write().await?;
        store::meta::set_setting(&mut writer, NAME, &settings).await?;
        writer.commit().await
    };
    write.await.map_err(|error| app.in_words(error))?;
    Ok(settings)
}
