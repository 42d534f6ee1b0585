//! Handing the new secret over: into a file of variables, by the clipboard, or by a person's own means.

mod env_file;
mod file;

use env_file::PreviewLine;

use super::{
    machine::{Act, Delivery, Event, acts},
    runner::{Work, find},
};
use crate::{App, Code, Failure};
use domain::{OperationId, Secret};
use serde::Serialize;
use std::{path::PathBuf, sync::Arc};
use ts_rs::TS;

/// What writing into a file would come to. Values are masked.
#[derive(Debug, Serialize, TS)]
pub(crate) struct EnvPreview {
    /// The file's path.
    path: String,
    /// It is there already; a copy of it will be kept beside it.
    exists: bool,
    /// Its lines, and what becomes of them.
    lines: Vec<PreviewLine>,
    /// A version control system would take the file.
    versioned: bool,
    /// Stands for exactly this content; given back to write it.
    content: String,
}

/// The new secret of an operation that may hand it over now.
async fn secret_of(app: &Arc<App>, id: OperationId) -> Result<Secret, Failure> {
    let (_, op) = find(app, id).await?;
    if !acts(&op, app.clock.now()).contains(&Act::Deliver) {
        return Err(Failure::new(Code::NotNow));
    }
    let (sealed, _) = op
        .sealed
        .clone()
        .ok_or_else(|| Failure::new(Code::NotNow))?;
    let work = Work::on(app, id).await?;
    work.open_new(&op, sealed.row).await
}

async fn note(app: &Arc<App>, id: OperationId, delivery: Delivery) -> Result<(), Failure> {
    let _alone = app.changing.lock().await;
    let work = Work::on(app, id).await?;
    let op = work.op();
    let at = app.clock.now();
    work.note(op, Event::Delivered { delivery, at }).await?;
    Ok(())
}

/// What writing the new secret into that file under that name would come to.
///
/// # Errors
/// [`Code::FileRefused`] with the reason; [`Code::NotNow`].
pub(crate) async fn preview_file(
    app: &Arc<App>,
    id: OperationId,
    path: PathBuf,
    variable: &str,
) -> Result<EnvPreview, Failure> {
    let secret = secret_of(app, id).await?;
    let variable = env_file::name_of(variable)?;
    let shown = path.display().to_string();
    let file = in_background(move || file::read(&path)).await?;
    let edit = env_file::edit(file.text(), &variable, &secret)?;
    Ok(EnvPreview {
        path: shown,
        exists: file.text.is_some(),
        lines: edit.lines,
        versioned: file.versioned,
        content: file.digest,
    })
}

/// Writes it: whole or not at all, readable for its owner only, with a copy of what was there.
///
/// # Errors
/// As for [`preview_file`]; [`Code::PlanOutdated`] when the file changed meanwhile.
pub(crate) async fn deliver_file(
    app: &Arc<App>,
    id: OperationId,
    path: PathBuf,
    variable: &str,
    content: &str,
) -> Result<(), Failure> {
    let secret = secret_of(app, id).await?;
    let variable = env_file::name_of(variable)?;
    let (name, stamp) = (path.display().to_string(), app.clock.now().0);
    let (content, named) = (content.to_owned(), variable.clone());
    let backup = in_background(move || {
        let file = file::read(&path)?;
        if file.digest != content {
            return Err(Failure::new(Code::PlanOutdated));
        }
        let edit = env_file::edit(file.text(), &named, &secret)?;
        file::replace(&path, file.text(), &edit.text, stamp)
    })
    .await?;
    let delivery = Delivery::EnvFile {
        path: name,
        variable,
        backup,
    };
    note(app, id, delivery).await
}

/// Lays it on the clipboard, from where it is taken again after a while if it is still there.
///
/// # Errors
/// [`Code::ClipboardUnwritable`]; [`Code::NotNow`].
pub(crate) async fn deliver_clipboard(app: &Arc<App>, id: OperationId) -> Result<(), Failure> {
    let secret = secret_of(app, id).await?;
    app.lay_on_clipboard(secret).await?;
    note(app, id, Delivery::Clipboard).await
}

/// A person was told, by means of their own.
///
/// # Errors
/// [`Code::NotNow`].
pub(crate) async fn deliver_person(
    app: &Arc<App>,
    id: OperationId,
    name: String,
) -> Result<(), Failure> {
    drop(secret_of(app, id).await?);
    let name = super::person::name_of(&name)?;
    note(app, id, Delivery::Person { name }).await
}

async fn in_background<T: Send + 'static>(
    act: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    tokio::task::spawn_blocking(act)
        .await
        .map_err(|_| Failure::new(Code::Internal))?
}
