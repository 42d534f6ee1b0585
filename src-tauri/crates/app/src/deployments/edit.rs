//! Changing a deployment.

use super::{at_rest, check_address, find, name, provider_of, record};
use crate::{
    App, Code, Failure,
    links::{Exam, examine, is_same_server, saved_credential},
};
use domain::{DeploymentId, Environment, LinkSpec, Sealed, Secret, SecretId, SecretKind};
use providers::Link;
use serde_json::json;
use std::sync::Arc;
use store::deployments::{self, Deployment};

/// A deployment as it is to be.
pub(crate) struct Edit {
    pub(crate) id: DeploymentId,
    pub(crate) name: String,
    pub(crate) environment: Environment,
    pub(crate) link: LinkSpec,
    /// A new credential; `None` keeps the saved one.
    pub(crate) credential: Option<Arc<Secret>>,
}

/// Changes a deployment in one commit. A changed link or credential is tested first; the name and the
/// environment change without a server.
///
/// # Errors
/// [`Code::CredentialNeeded`] when the link would carry the saved credential to another server, or to one
/// that proves itself otherwise; [`Code::EditRefused`] when it would lead there while a change of a key is
/// unfinished; what the first failing step of the test says; a name that is refused or
/// taken. Nothing has changed then.
pub(crate) async fn edit(app: &Arc<App>, edit: Edit) -> Result<(), Failure> {
    let before = find(app, edit.id).await?;
    let name = name::checked(&edit.name)?;
    let host = check_address(app, &edit.link)?.host();
    let elsewhere = !is_same_server(&before.link, &edit.link);
    if elsewhere {
        // Asked before anything goes to the other server, and again for the commit.
        drop(at_rest(app, edit.id).await?);
        if edit.credential.is_none() {
            return Err(Failure::new(Code::CredentialNeeded).with("host", host));
        }
    }
    let moved = before.link != edit.link || edit.credential.is_some();
    let tested = if moved {
        Some(tested(app, &before, &edit).await?)
    } else {
        None
    };
    let sealed = edit
        .credential
        .as_ref()
        .map(|credential| seal(app, edit.id, credential))
        .transpose()?;
    let facts = json!({
        "name": name, "environment": edit.environment.word(), "host": host,
        "credential_replaced": sealed.is_some(),
    });

    // What is unfinished would go on at the other server, with the secrets of this one.
    let _alone = if elsewhere {
        Some(at_rest(app, edit.id).await?)
    } else {
        None
    };
    let in_words = |error| app.in_words(error);
    let mut writer = app.store.write().await.map_err(in_words)?;
    name::free(app, &mut writer, name, Some(edit.id)).await?;
    let still = deployments::link_now(&mut writer, edit.id).await;
    if still.map_err(in_words)? != Some(before.link.clone()) {
        return Err(Failure::new(Code::DeploymentUnknown));
    }
    let write = async {
        deployments::set_name(&mut writer, edit.id, name, edit.environment).await?;
        deployments::set_link(&mut writer, edit.id, &edit.link).await?;
        if let Some((row, sealed)) = &sealed {
            let (kind, owner) = (SecretKind::Credential, edit.id.to_string());
            store::secrets::insert(&mut writer, *row, kind, &owner, sealed).await?;
            deployments::set_credential(&mut writer, edit.id, *row).await?;
            store::secrets::delete(&mut writer, before.credential).await?;
        }
        record(app, &mut writer, edit.id, "deployment.edit", &facts).await?;
        writer.commit().await
    };
    write.await.map_err(in_words)?;

    if let Some(link) = tested {
        let row = sealed.map_or(before.credential, |(row, _)| row);
        app.syncs.cancel(Some(edit.id));
        app.links.keep(app, edit.id, edit.link, row, link).await;
        app.syncs.start_afresh(app, &find(app, edit.id).await?);
    }
    Ok(())
}

async fn tested(app: &App, before: &Deployment, edit: &Edit) -> Result<Arc<Link>, Failure> {
    let credential = match &edit.credential {
        Some(credential) => Arc::clone(credential),
        None => Arc::new(saved_credential(app, before).await?),
    };
    let exam = Exam {
        provider: provider_of(&before.provider)?,
        link: &edit.link,
        credential: Some(credential),
        deployment: Some(edit.id),
        subject: Some(edit.id),
    };
    let (report, link) = examine(app, exam).await;
    link.ok_or_else(|| {
        let failure = report.failure();
        failure.unwrap_or_else(|| Failure::new(Code::Internal))
    })
}

fn seal(
    app: &App,
    owner: DeploymentId,
    credential: &Secret,
) -> Result<(SecretId, Sealed), Failure> {
    let row = SecretId::at(app.clock.now());
    let kind = SecretKind::Credential;
    let sealed = app.vault()?.seal(kind, owner.bytes(), row, credential)?;
    Ok((row, sealed))
}
