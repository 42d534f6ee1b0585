//! THE TABLE: everything that a window may ask for. Dispatch, effects and the screen's types come from it.

mod deployments;
mod keys;
mod links;
mod operations;
mod rights;
mod rotations;
mod settings;
mod state;
mod sync;
mod typescript;
mod vault;

use crate::{App, Code, Failure, rotation};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use settings::Settings;
use std::sync::Arc;

pub use typescript::typescript;

/// What a command may do, and by which of the shell's doors it comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Changes nothing and asks no server.
    Read,
    /// May change something here or ask a server.
    Write,
    /// Hands out a secret.
    Reveal,
}

impl Effect {
    /// The word in the screen's types and in the shell's door.
    pub fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Reveal => "reveal",
        }
    }
}

macro_rules! commands {
    ($($effect:ident $name:ident($request:ty) -> $response:ty = $body:path;)*) => {
        /// Every command with its effect.
        pub const COMMANDS: &[(&str, Effect)] = &[$((stringify!($name), Effect::$effect)),*];

        /// Runs a command that came by the door `effect`.
        ///
        /// # Errors
        /// [`Code::UnknownCommand`] by the wrong door too; [`Code::VaultLocked`]; [`Code::BadRequest`]; else the command's own.
        pub async fn dispatch(app: &Arc<App>, effect: Effect, name: &str, request: Value) -> Result<Value, Failure> {
            if app.doors.are_shut() && !WHILE_LOCKED.contains(&name) && COMMANDS.contains(&(name, effect)) {
                return Err(Failure::new(Code::VaultLocked));
            }
            match name {
                $(stringify!($name) if effect == Effect::$effect => {
                    let request: $request = read(request)?;
                    // On the heap, so that whoever waits for any command does not carry the largest of them.
                    let response: $response = Box::pin($body(app, request)).await?;
                    write(&response)
                })*
                _ => Err(Failure::new(Code::UnknownCommand).with("name", known_name(name))),
            }
        }

        fn collect(types: &mut typescript::Types) {
            $(types.command::<$request, $response>(stringify!($name), Effect::$effect);)*
        }
    };
}

commands! {
    Read  app_state(state::Empty) -> state::AppState = state::app_state;
    Read  deployments_list(state::Empty) -> Vec<crate::views::DeploymentView> = state::deployments_list;
    Read  keys_list(keys::KeysQuery) -> keys::KeyPage = keys::keys_list;
    Read  key_show(keys::KeyRef) -> keys::KeyDetail = keys::key_show;
    Read  key_rights(keys::RightsQuery) -> keys::RightsPage = keys::key_rights;
    Write resource_fields(sync::ResourceRef) -> sync::ResourceFields = sync::resource_fields;
    Write sync_start(sync::SyncRequest) -> state::Empty = sync::sync_start;
    Write sync_cancel(sync::SyncRequest) -> state::Empty = sync::sync_cancel;
    Write settings_save(Settings) -> Settings = settings::settings_save;
    Read  draft_open(keys::KeyRef) -> rights::DraftView = rights::draft_open;
    Read  draft_rows(rights::DraftRowsQuery) -> rights::DraftRows = rights::draft_rows;
    Write draft_save(rights::DraftSave) -> rights::DraftView = rights::draft_save;
    Write draft_rebase(keys::KeyRef) -> rights::DraftView = rights::draft_rebase;
    Read  rights_review(keys::KeyRef) -> operations::Review = operations::rights_review;
    Write rights_apply(operations::ApplyRequest) -> operations::Applied = operations::rights_apply;
    Read  operation_show(operations::OperationRef) -> operations::OperationView = operations::operation_show;
    Read  operations_open(state::Empty) -> Vec<operations::OperationView> = operations::operations_open;
    Write operation_undo(operations::OperationRef) -> rights::DraftView = operations::operation_undo;
    Read  create_open(rotations::CreateOn) -> rotations::CreateForm = rotations::create_open;
    Write rotation_plan(rotations::RotationWish) -> rotations::RotationPlan = rotations::rotation_plan;
    Write rotation_begin(rotations::RotationBegin) -> rotations::OperationStarted = rotations::rotation_begin;
    Read  rotation_show(operations::OperationRef) -> rotations::RotationView = rotations::rotation_show;
    Read  rotations_list(state::Empty) -> Vec<rotations::RotationRow> = rotations::rotations_list;
    Write rotation_act(rotations::RotationAct) -> state::Empty = rotations::rotation_act;
    Write rotation_revoke(rotations::RotationRevoke) -> state::Empty = rotations::rotation_revoke;
    Write file_pick(state::Empty) -> rotations::PickedFile = rotations::file_pick;
    Write env_preview(rotations::EnvTarget) -> rotation::EnvPreview = rotations::env_preview;
    Write rotation_deliver(rotations::RotationDelivery) -> state::Empty = rotations::rotation_deliver;
    Read  certificate_show(operations::OperationRef) -> rotations::CertificateView = rotations::certificate_show;
    Write certificate_save(operations::OperationRef) -> rotations::PickedFile = rotations::certificate_save;
    Write vault_setup(vault::VaultKey) -> state::Empty = vault::vault_setup;
    Write vault_unlock(vault::VaultKey) -> state::Empty = vault::vault_unlock;
    Write vault_lock(state::Empty) -> state::Empty = vault::vault_lock;
    Write samples_open(state::Empty) -> state::Empty = state::samples_open;
    Read  providers_list(state::Empty) -> Vec<links::ProviderChoice> = links::providers_list;
    Write secret_offer(links::SecretInput) -> crate::offers::Offered = links::secret_offer;
    Write secret_from_clipboard(state::Empty) -> crate::offers::Offered = links::secret_from_clipboard;
    Write secret_forget(links::SecretHandle) -> state::Empty = links::secret_forget;
    Write link_test(links::LinkTest) -> crate::links::LinkReport = links::link_test;
    Read  deployment_link(deployments::DeploymentRef) -> deployments::DeploymentLinkView = deployments::deployment_link;
    Write deployment_add(deployments::DeploymentNew) -> deployments::DeploymentAdded = deployments::deployment_add;
    Write deployment_edit(deployments::DeploymentEdit) -> state::Empty = deployments::deployment_edit;
    Read  deployment_remove_preview(deployments::DeploymentRef) -> deployments::RemovePreview = deployments::deployment_remove_preview;
    Write deployment_remove(deployments::DeploymentRemove) -> state::Empty = deployments::deployment_remove;
}

/// What answers while the vault is locked.
const WHILE_LOCKED: [&str; 3] = ["app_state", "settings_save", "vault_unlock"];

/// The most rows of any page.
const PAGE_MAX: u32 = 200;

fn read<T: DeserializeOwned>(request: Value) -> Result<T, Failure> {
    // Only the path of the trouble is passed on: the parser's text quotes values.
    serde_path_to_error::deserialize(request).map_err(|error| {
        // A member that no request has is named by whoever sent it: that name is as little known as a value.
        let foreign = error.inner().to_string().starts_with("unknown field");
        let mut path: Vec<String> = error.path().iter().map(ToString::to_string).collect();
        path.truncate(path.len() - usize::from(foreign && !path.is_empty()));
        let known = if path.is_empty() {
            "request".to_owned()
        } else {
            path.join(".")
        };
        Failure::new(Code::BadRequest).with("field", printable(&known))
    })
}

fn write<T: Serialize>(response: &T) -> Result<Value, Failure> {
    serde_json::to_value(response).map_err(|_| Failure::new(Code::Internal))
}

fn known_name(name: &str) -> String {
    let known = COMMANDS.iter().any(|(known, _)| *known == name);
    if known {
        name.to_owned()
    } else {
        printable(name)
    }
}

/// At most 40 plain characters of a text that the window sent.
fn printable(text: &str) -> String {
    text.chars()
        .filter(char::is_ascii_graphic)
        .take(40)
        .collect()
}

fn page_limit(limit: u32) -> Result<u32, Failure> {
    if (1..=PAGE_MAX).contains(&limit) {
        Ok(limit)
    } else {
        Err(Failure::new(Code::BadRequest).with("field", "limit"))
    }
}
