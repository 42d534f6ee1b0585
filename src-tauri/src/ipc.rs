//! The four doors. Each admits the commands of its own effect and no others.

use crate::running::Core;
use app::{
    Event, Events, Failure,
    commands::{Effect, dispatch},
};
use serde_json::Value;
use tauri::{State, ipc::Channel};

/// Reads that ask no server.
#[tauri::command]
pub(crate) async fn call_read(
    core: State<'_, Core>,
    name: String,
    args: Value,
) -> Result<Value, Failure> {
    dispatch(&core.app().await?, Effect::Read, &name, args).await
}

/// Changes here, and questions to servers.
#[tauri::command]
pub(crate) async fn call_write(
    core: State<'_, Core>,
    name: String,
    args: Value,
) -> Result<Value, Failure> {
    dispatch(&core.app().await?, Effect::Write, &name, args).await
}

/// Secrets.
#[tauri::command]
pub(crate) async fn call_reveal(
    core: State<'_, Core>,
    name: String,
    args: Value,
) -> Result<Value, Failure> {
    dispatch(&core.app().await?, Effect::Reveal, &name, args).await
}

/// Sends events to the window for as long as it lives.
#[tauri::command]
pub(crate) async fn subscribe(
    core: State<'_, Core>,
    channel: Channel<Event>,
) -> Result<(), Failure> {
    let mut events = Events::of(&core.app().await?);
    tauri::async_runtime::spawn(async move {
        while let Some(bundle) = events.next().await {
            if bundle.into_iter().any(|event| channel.send(event).is_err()) {
                break;
            }
        }
    });
    Ok(())
}
