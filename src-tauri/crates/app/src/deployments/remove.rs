//! Taking a deployment out of the local copy. Its server is not asked and notices nothing.

use super::{at_rest, find, record};
use crate::{App, Code, Failure, links::host_of};
use domain::DeploymentId;
use serde_json::json;
use store::deployments;

/// Deletes a deployment with everything known of it and its sealed credential in one commit. The audit log
/// stays.
///
/// # Errors
/// [`Code::ConfirmationWrong`] unless `confirmation` is the deployment's name; [`Code::EditRefused`] while a change of one
/// of its keys is not finished, since what is known of it would go, or a change of any key is under way.
pub(crate) async fn remove(app: &App, id: DeploymentId, confirmation: &str) -> Result<(), Failure> {
    let gone = find(app, id).await?;
    if confirmation.trim() != gone.name.trim() {
        return Err(Failure::new(Code::ConfirmationWrong).with("name", gone.name));
    }
    // Held to the end: what begins meanwhile would be deleted with its call in flight.
    let _alone = at_rest(app, id).await?;
    app.syncs.cancel(Some(id));
    let facts = json!({
        "name": gone.name, "provider": gone.provider, "host": host_of(&gone.link), "keys": gone.keys,
    });
    let write = async {
        let mut writer = app.store.write().await?;
        store::secrets::delete_of_deployment(&mut writer, id).await?;
        deployments::delete(&mut writer, id).await?;
        record(app, &mut writer, id, "deployment.remove", &facts).await?;
        writer.commit().await
    };
    write.await.map_err(|error| app.in_words(error))?;
    app.links.forget(id).await;
    Ok(())
}
