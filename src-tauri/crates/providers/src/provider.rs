//! What every server must be able to answer.

use crate::{
    Call, CallSecrets, CreatePlan, KeySpec, Link, NewKey, OwnRights, Performed, ProbeSession,
    ProviderError, Refusal, Tried,
};
use async_trait::async_trait;
use domain::{
    Capabilities, Column, Identity, ListedKey, Resource, RightsGrid, Secret, ServerFacts,
    TlsMinimum,
};

/// A provider as data.
#[derive(Debug)]
pub struct About {
    /// The word in the database.
    pub id: &'static str,
    /// Its name as it spells itself.
    pub name: &'static str,
    /// The columns of its rights grid, all that it may ever have, in order: (action, title).
    pub columns: &'static [(&'static str, &'static str)],
    /// The route of its key list, as errors name it.
    pub key_list: &'static str,
    /// The oldest TLS to speak when nobody chose.
    pub tls_minimum: TlsMinimum,
    /// What the credential is called that a deployment is added with, for example "admin key".
    pub credential: &'static str,
    /// Where a person finds that credential, one sentence.
    pub credential_found: &'static str,
    /// What an address looks like.
    pub url_example: &'static str,
    /// What a secret begins with that Keystead makes up for this server.
    pub secret_prefix: &'static str,
    /// Names of variables under which applications keep a key of this server, the usual one first.
    pub variables: &'static [&'static str],
    /// The provider's own advice for whoever receives a key, a sentence each.
    pub advice: &'static [&'static str],
    /// Requests that the checks of a whole rotation take, about.
    pub proof_requests: u32,
    /// How long a session outlives a change of its key's rights, in ms.
    pub session_life: i64,
}

impl About {
    /// The columns among `actions`, in the provider's order.
    pub fn columns_of(&self, actions: &[String]) -> Vec<Column> {
        let wanted = self
            .columns
            .iter()
            .filter(|(action, _)| actions.iter().any(|a| a == action));
        wanted
            .map(|(action, title)| Column {
                action: (*action).into(),
                title: (*title).into(),
            })
            .collect()
    }
}

/// How cells of a column may be edited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EditableColumn {
    /// A rule of "these fields only" can be set.
    pub only: bool,
    /// A rule of "all but these" can be set.
    pub except: bool,
}

/// Which key of a list is wanted.
#[derive(Clone, Copy, Debug)]
pub enum Wanted<'a> {
    /// The one of this identity.
    Key(&'a Identity),
    /// The one with this marker in its description.
    Marker(&'a str),
}

/// A key as the server has it at this moment.
#[derive(Debug)]
pub struct Located {
    /// All keys of the same complete list.
    pub keys: Vec<ListedKey>,
    /// Its place among them; `None` when it is not there, or not there exactly once.
    pub at: Option<usize>,
    /// How many of them it could be.
    pub count: usize,
    /// Its value, where the list shows it whole. For [`crate::Slot::Target`], and gone with this.
    pub secret: Option<Secret>,
}

impl Located {
    /// The key.
    pub fn key(&self) -> Option<&ListedKey> {
        self.at.and_then(|at| self.keys.get(at))
    }

    /// The key, without the others.
    pub fn into_key(mut self) -> Option<ListedKey> {
        let at = self.at.filter(|at| *at < self.keys.len())?;
        Some(self.keys.swap_remove(at))
    }
}

/// One kind of server. Operations read, except [`Provider::perform`]; logging in is a request of its own and
/// is witnessed (see [`crate::Witness`]).
#[async_trait]
pub trait Provider: Send + Sync {
    /// Name, columns, defaults.
    fn about(&self) -> &'static About;

    /// What a server with these facts can do, each with its reason where it cannot.
    fn capabilities(&self, facts: &ServerFacts) -> Capabilities;

    /// Whether a server answers there at all. Sends no credential.
    ///
    /// # Errors
    /// Any class.
    async fn reach(&self, link: &Link) -> Result<(), ProviderError>;

    /// Whether the server takes the credential; what it gave in return is kept with the link.
    ///
    /// # Errors
    /// Any class; `Unauthorized` when it does not.
    async fn log_in(&self, link: &Link) -> Result<(), ProviderError>;

    /// Learns what the server is. Requires a credential that may manage keys; promises facts that are
    /// true at the time they carry.
    ///
    /// # Errors
    /// Any class; nothing may be remembered of a probe that failed.
    async fn probe(&self, link: &Link) -> Result<ServerFacts, ProviderError>;

    /// All keys of the server: the complete list, or an error.
    ///
    /// # Errors
    /// Any class; `Protocol` when a single record cannot be read.
    async fn list_keys(&self, link: &Link) -> Result<Vec<ListedKey>, ProviderError>;

    /// All that rights can be given on, as the server lists it.
    ///
    /// # Errors
    /// Any class.
    async fn resources(&self, link: &Link) -> Result<Vec<Resource>, ProviderError>;

    /// The declared fields of one resource; empty when the server knows of none.
    ///
    /// # Errors
    /// Any class; `Invalid` for a name that the server's grammar forbids (nothing is sent then).
    async fn fields(&self, link: &Link, resource: &str) -> Result<Vec<String>, ProviderError>;

    /// Reads all keys and finds one among them.
    ///
    /// # Errors
    /// As for [`Provider::list_keys`].
    async fn locate(&self, link: &Link, wanted: Wanted<'_>) -> Result<Located, ProviderError>;

    /// How a column can be edited on a server with these facts, for a resource of this kind.
    ///
    /// # Errors
    /// The reason why it cannot.
    fn editable(
        &self,
        facts: &ServerFacts,
        kind: &str,
        action: &str,
    ) -> Result<EditableColumn, Refusal>;

    /// The calls that turn `base` into `desired`, in an order that may stop after any of them. Pure.
    ///
    /// # Errors
    /// The reason why this server or this key cannot be changed so; nothing is half planned.
    fn plan_rights(
        &self,
        facts: &ServerFacts,
        identity: &Identity,
        base: &RightsGrid,
        desired: &RightsGrid,
    ) -> Result<Vec<Call>, Refusal>;

    /// The call that makes a key, never with more than `spec` allows. Pure.
    ///
    /// # Errors
    /// The reason why this server cannot make such a key.
    fn plan_create(&self, facts: &ServerFacts, spec: &KeySpec) -> Result<CreatePlan, Refusal>;

    /// The grid of a paused key, and the calls that lead there from `base` and can be taken back. Pure.
    ///
    /// # Errors
    /// The reason why this server or this key cannot be paused.
    fn plan_pause(
        &self,
        facts: &ServerFacts,
        identity: &Identity,
        base: &RightsGrid,
    ) -> Result<(RightsGrid, Vec<Call>), Refusal>;

    /// The key has rights that no cell of its grid shows: a copy of the grid would not be a copy of the key. Pure.
    fn allows_more(&self, key: &ListedKey) -> bool;

    /// The call that ends a key for good. Pure.
    ///
    /// # Errors
    /// The reason why no call can name it.
    fn plan_revoke(&self, identity: &Identity) -> Result<Call, Refusal>;

    /// Makes a key: sends `call` exactly once.
    ///
    /// # Errors
    /// As for [`Provider::perform`]; `Conflict` when the chosen value is taken.
    async fn create(
        &self,
        link: &Link,
        call: &Call,
        secrets: &CallSecrets,
    ) -> Result<NewKey, ProviderError>;

    /// Whether the server takes this secret. The log-in is witnessed as every other.
    async fn sign_in(&self, link: &Link, secret: &Secret) -> Tried<ProbeSession>;

    /// What the secret behind this session is told of its rights.
    async fn own_rights(
        &self,
        link: &Link,
        facts: &ServerFacts,
        session: &ProbeSession,
    ) -> Tried<OwnRights>;

    /// Tries, with that session, a read that only an administrator may do. The body is dropped unread.
    async fn try_denied(&self, link: &Link, session: &ProbeSession) -> Tried<()>;

    /// What the server declares to the administrator of this one key; `None` where only the list does.
    async fn declared_rights(
        &self,
        link: &Link,
        facts: &ServerFacts,
        identity: &Identity,
    ) -> Option<Tried<RightsGrid>>;

    /// Sends one call, exactly once. `columns` say in which cells the reply is told.
    ///
    /// # Errors
    /// `OutcomeUnknown` when the call may have been applied; every other class means that it was not.
    async fn perform(
        &self,
        link: &Link,
        call: &Call,
        secrets: &CallSecrets,
        columns: &[Column],
    ) -> Result<Performed, ProviderError>;
}
