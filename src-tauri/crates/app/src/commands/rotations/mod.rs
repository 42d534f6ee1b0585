//! Making, replacing and ending keys.

mod rail;
mod views;
mod wish;

pub(crate) use views::{CertificateView, RotationRow, RotationView};
pub(crate) use wish::{CreateForm, CreateOn, RotationPlan, RotationWish};
pub(super) use wish::{create_open, rotation_plan};

use super::{operations::OperationRef, state::Empty};
use crate::{
    App, Code, Failure,
    rotation::{self, Ask, EnvPreview, Purpose, Which},
};
use domain::{OfferId, OperationId};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use ts_rs::TS;

/// Begins what was looked at.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct RotationBegin {
    wish: RotationWish,
    /// [`RotationPlan::plan`].
    plan: String,
}

/// One thing that a person does with a rotation under way.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct RotationAct {
    operation: String,
    act: PersonAct,
}

/// What it is, with what it takes.
#[derive(Debug, Deserialize, TS)]
#[serde(tag = "act", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum PersonAct {
    /// Go on, or ask the server again.
    Again,
    /// Prove the new key once more.
    Verify,
    /// The applications use the new secret, says this person.
    Confirm {
        /// Who.
        by: String,
    },
    /// Take that back.
    Withdraw,
    /// Take the old key's rights away, reversibly.
    Pause,
    /// Do not, for this reason.
    SkipPause {
        /// The reason.
        why: String,
    },
    /// Give them back.
    Restore,
    /// Begin the wait.
    BeginSoak,
    /// Cut it short.
    SkipSoak,
    /// All is done.
    Finish,
    /// Leave everything as it is.
    Abandon,
}

/// Ends a key for good.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct RotationRevoke {
    operation: String,
    of: RevokeTarget,
    /// What the person typed: [`RotationView::confirmation`].
    typed: String,
}

/// Which key.
#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RevokeTarget {
    /// The one that is replaced or revoked.
    Old,
    /// The new one: roll back.
    New,
    /// One that an attempt left behind.
    Orphan,
}

/// A file that a person picked.
#[derive(Debug, Serialize, TS)]
pub(crate) struct PickedFile {
    /// What later requests name it by; `null` when the person changed their mind.
    handle: Option<String>,
    /// Its path, to show.
    path: Option<String>,
}

/// A variable in a picked file.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct EnvTarget {
    operation: String,
    /// [`PickedFile::handle`].
    file: String,
    variable: String,
}

/// How the new secret is handed over.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct RotationDelivery {
    operation: String,
    to: DeliverTo,
}

/// Where to.
#[derive(Debug, Deserialize, TS)]
#[serde(tag = "to", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum DeliverTo {
    /// Into a picked file, as it was looked at.
    EnvFile {
        /// [`PickedFile::handle`].
        file: String,
        /// The variable's name.
        variable: String,
        /// [`EnvPreview`]'s content.
        content: String,
    },
    /// On the clipboard, for half a minute.
    Clipboard,
    /// A person was told.
    Person {
        /// Who.
        name: String,
    },
}

pub(super) async fn rotation_begin(
    app: &Arc<App>,
    request: RotationBegin,
) -> Result<OperationStarted, Failure> {
    let wish = wish::read(app, request.wish).await?;
    let id = rotation::begin(app, &wish, &request.plan).await?;
    Ok(OperationStarted {
        operation: id.to_string(),
    })
}

/// What was begun.
#[derive(Debug, Serialize, TS)]
pub(crate) struct OperationStarted {
    operation: String,
}

pub(super) async fn rotation_show(
    app: &Arc<App>,
    request: OperationRef,
) -> Result<RotationView, Failure> {
    views::show(app, id_of(&request.operation)?).await
}

/// The most that are listed.
const NEWEST: i64 = 200;

pub(super) async fn rotations_list(app: &Arc<App>, _: Empty) -> Result<Vec<RotationRow>, Failure> {
    let kinds = [Purpose::Create, Purpose::Rotate, Purpose::Revoke].map(Purpose::word);
    let newest = store::operations::newest(&app.store, kinds, NEWEST)
        .await
        .map_err(|error| app.in_words(error))?;
    let mut rows = Vec::new();
    for one in newest {
        rows.push(views::row(app, one.id).await?);
    }
    Ok(rows)
}

pub(super) async fn rotation_act(app: &Arc<App>, request: RotationAct) -> Result<Empty, Failure> {
    let ask = match request.act {
        PersonAct::Again => Ask::Again,
        PersonAct::Verify => Ask::Verify,
        PersonAct::Confirm { by } => Ask::Confirm { by },
        PersonAct::Withdraw => Ask::Withdraw,
        PersonAct::Pause => Ask::Pause,
        PersonAct::SkipPause { why } => Ask::SkipPause { why },
        PersonAct::Restore => Ask::Restore,
        PersonAct::BeginSoak => Ask::BeginSoak,
        PersonAct::SkipSoak => Ask::SkipSoak,
        PersonAct::Finish => Ask::Finish,
        PersonAct::Abandon => Ask::Abandon,
    };
    rotation::act(app, id_of(&request.operation)?, ask).await?;
    Ok(Empty {})
}

pub(super) async fn rotation_revoke(
    app: &Arc<App>,
    request: RotationRevoke,
) -> Result<Empty, Failure> {
    let of = match request.of {
        RevokeTarget::Old => Which::Old,
        RevokeTarget::New => Which::New,
        RevokeTarget::Orphan => Which::Orphan,
    };
    rotation::revoke(app, id_of(&request.operation)?, of, &request.typed).await?;
    Ok(Empty {})
}

pub(super) async fn file_pick(app: &Arc<App>, _: Empty) -> Result<PickedFile, Failure> {
    let Some(path) = app.desk.pick_file(".env").await? else {
        return Ok(PickedFile {
            handle: None,
            path: None,
        });
    };
    let handle = OfferId::at(app.clock.now()).to_string();
    let shown = path.display().to_string();
    app.picked.hold(handle.clone(), path);
    Ok(PickedFile {
        handle: Some(handle),
        path: Some(shown),
    })
}

pub(super) async fn env_preview(app: &Arc<App>, request: EnvTarget) -> Result<EnvPreview, Failure> {
    let path = picked(app, &request.file)?;
    rotation::preview_file(app, id_of(&request.operation)?, path, &request.variable).await
}

pub(super) async fn rotation_deliver(
    app: &Arc<App>,
    request: RotationDelivery,
) -> Result<Empty, Failure> {
    let id = id_of(&request.operation)?;
    match request.to {
        DeliverTo::EnvFile {
            file,
            variable,
            content,
        } => {
            let path = picked(app, &file)?;
            rotation::deliver_file(app, id, path, &variable, &content).await?;
            app.picked.forget(&file);
        }
        DeliverTo::Clipboard => rotation::deliver_clipboard(app, id).await?,
        DeliverTo::Person { name } => rotation::deliver_person(app, id, name).await?,
    }
    Ok(Empty {})
}

pub(super) async fn certificate_show(
    app: &Arc<App>,
    request: OperationRef,
) -> Result<CertificateView, Failure> {
    views::certificate(app, id_of(&request.operation)?).await
}

/// Saves the certificate's JSON where the person wants it; `null` when they changed their mind.
pub(super) async fn certificate_save(
    app: &Arc<App>,
    request: OperationRef,
) -> Result<PickedFile, Failure> {
    let id = id_of(&request.operation)?;
    let body = views::certificate(app, id).await?.into_body();
    let name = format!("keystead-certificate-{id}.json");
    let Some(path) = app.desk.pick_file(&name).await? else {
        return Ok(PickedFile {
            handle: None,
            path: None,
        });
    };
    let shown = path.display().to_string();
    let written = tokio::task::spawn_blocking(move || std::fs::write(path, body));
    let failed = || Failure::new(Code::FileRefused).with("reason", "it cannot be written");
    written
        .await
        .map_err(|_| Failure::new(Code::Internal))?
        .map_err(|_| failed())?;
    Ok(PickedFile {
        handle: None,
        path: Some(shown),
    })
}

fn picked(app: &App, handle: &str) -> Result<std::path::PathBuf, Failure> {
    app.picked
        .of(handle)
        .ok_or_else(|| Failure::new(Code::BadRequest).with("field", "file"))
}

fn id_of(text: &str) -> Result<OperationId, Failure> {
    text.parse()
        .map_err(|_| Failure::new(Code::OperationUnknown))
}
