//! Handing the new secret over: into a file of variables, by the clipboard, or by a person's own means.

mod env_file;
mod file;

use env_file::PreviewLine;

use super::{
    machine::{Act, Delivery, Event, acts},
    runner::Work,
};
use crate::{App, Code, Failure};
use domain::{OperationId, Secret};
use serde::Serialize;
use serde_json::json;
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};
use store::audit::{self, AuditEntry};
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

/// The new secret of an operation that may hand it over now. It still may while `changing` is held, and no longer.
async fn ready(app: &Arc<App>, id: OperationId) -> Result<(Work<'_>, Secret), Failure> {
    let work = Work::on(app, id).await?;
    let op = work.op();
    if !acts(&op, app.clock.now()).contains(&Act::Deliver) {
        return Err(Failure::new(Code::NotNow));
    }
    let (sealed, _) = op
        .sealed
        .clone()
        .ok_or_else(|| Failure::new(Code::NotNow))?;
    let secret = work.open_new(&op, sealed.row).await?;
    Ok((work, secret))
}

async fn note(work: &Work<'_>, delivery: Delivery) -> Result<(), Failure> {
    let at = work.app.clock.now();
    let event = Event::Delivered { delivery, at };
    work.note(work.op(), event).await.map(|_| ())
}

/// Says in the audit log what is about to be written: if the program ends before it can write that it was, or nobody
/// may take it any more by then, this tells where the secret may lie, and where what was there before.
async fn announce(work: &Work<'_>, delivery: &Delivery) -> Result<(), Failure> {
    let facts = json!({ "delivery": delivery });
    let subject = work.id.to_string();
    let entry = AuditEntry {
        at: work.app.clock.now(),
        actor: "user",
        act: "key.deliver.write",
        subject: &subject,
        facts: &facts,
    };
    let write = async {
        let mut writer = work.app.store.write().await?;
        audit::append(&mut writer, &entry).await?;
        writer.commit().await
    };
    write.await.map_err(|error| work.app.in_words(error))
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
    let (_, secret) = ready(app, id).await?;
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
    let variable = env_file::name_of(variable)?;
    // Held until it is recorded: what ends the new key meanwhile would leave a dead one in the file.
    let _alone = app.turn().await?;
    let (work, secret) = ready(app, id).await?;
    let stamp = app.clock.now().0;
    let backup = file::backup_of(&path, stamp).display().to_string();
    let (shown, named) = (path.display().to_string(), variable.clone());
    let delivery = |is_there: bool| Delivery::EnvFile {
        path: shown.clone(),
        variable: named.clone(),
        backup: is_there.then(|| backup.clone()),
    };
    let looked_at = (path.clone(), content.to_owned());
    let found = in_background(move || unchanged(&looked_at.0, &looked_at.1)).await?;
    let is_there = found.text.is_some();
    drop(found);
    announce(&work, &delivery(is_there)).await?;
    let content = content.to_owned();
    let was_there = in_background(move || {
        let file = unchanged(&path, &content)?;
        let edit = env_file::edit(file.text(), &variable, &secret)?;
        file::replace(&path, file.text(), &edit.text, stamp)?;
        Ok(file.text.is_some())
    })
    .await?;
    note(&work, delivery(was_there)).await
}

/// The file, if it is still what was looked at.
fn unchanged(path: &Path, content: &str) -> Result<file::Found, Failure> {
    let file = file::read(path)?;
    if file.digest == content {
        Ok(file)
    } else {
        Err(Failure::new(Code::PlanOutdated))
    }
}

/// Lays it on the clipboard, from where it is taken again after a while if it is still there.
///
/// # Errors
/// [`Code::ClipboardUnwritable`]; [`Code::NotNow`], [`Code::VaultLocked`]: also when that came while the desktop took its
/// time. Nothing is left there then.
pub(crate) async fn deliver_clipboard(app: &Arc<App>, id: OperationId) -> Result<(), Failure> {
    let (work, secret) = ready(app, id).await?;
    announce(&work, &Delivery::Clipboard).await?;
    // A desktop may let it wait for ever, and locking waits for whoever holds `changing`.
    app.lay_on_clipboard(secret).await?;
    let recorded = async {
        let _alone = app.turn().await?;
        let (work, _) = ready(app, id).await?;
        note(&work, Delivery::Clipboard).await
    };
    let recorded = recorded.await;
    if recorded.is_err() {
        app.clear_clipboard().await;
    }
    recorded
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
    let name = super::person::name_of(&name)?;
    let _alone = app.turn().await?;
    let (work, _) = ready(app, id).await?;
    note(&work, Delivery::Person { name }).await
}

async fn in_background<T: Send + 'static>(
    act: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    tokio::task::spawn_blocking(act)
        .await
        .map_err(|_| Failure::new(Code::Internal))?
}
