//! Errors as the screen gets them: a code and its parameters. The sentences are in `ui/src/text`.

use domain::Notice;
use providers::{Class, Fault, ProviderError, Timing, UrlRefused};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt};
use store::StoreError;
use ts_rs::TS;
use vault::{KeyError, KeyringError, PASSPHRASE_MIN, VaultError};

macro_rules! codes {
    ($($(#[$doc:meta])* $code:ident,)*) => {
        /// Every error and notice that the core can name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
        #[serde(rename_all = "snake_case")]
        pub enum Code { $($(#[$doc])* $code,)* }

        impl Code {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$code,)*];
        }
    };
}

codes! {
    /// A request that the core cannot read: `field`.
    BadRequest,
    /// No such command, or not by this door: `name`.
    UnknownCommand,
    /// Something that should not happen happened.
    Internal,
    /// Another Keystead has this profile open: `profile`.
    ProfileInUse,
    /// The profile's folder cannot be used: `folder`.
    DataFolderUnusable,
    /// The database is of a newer Keystead: `found`, `known`.
    DatabaseNewer,
    /// The database is damaged: `folder`.
    DatabaseDamaged,
    /// No room on the disk: `folder`.
    DiskFull,
    /// The audit log cannot be written, so nothing was sent.
    AuditUnwritable,
    /// There are sealed secrets and no data key.
    VaultKeyMissing,
    /// The data key does not open the sealed secrets.
    VaultKeyWrong,
    /// No such deployment.
    DeploymentUnknown,
    /// No such key.
    KeyUnknown,
    /// Not an address of a server: `reason`.
    UrlRefused,
    /// Plain http: `host`.
    PlainHttpRefused,
    /// A sample profile takes servers on this machine only: `host`.
    NotLoopback,
    /// The server could not prove who it is: `host`.
    CertificateRefused,
    /// No connection: `host`.
    HostUnreachable,
    /// No answer in time: `host`, `seconds`.
    TimedOut,
    /// The connection broke in the middle: `host`.
    ConnectionBroken,
    /// The server does not know the credential (any more): `host`.
    CredentialRefused,
    /// The credential may not manage keys: `host`.
    CredentialLacksRights,
    /// Too many requests: `host`, `seconds`.
    RateLimited,
    /// The server failed: `host`, `status`.
    ServerFailed,
    /// The server pointed elsewhere: `host`, `status`.
    RedirectRefused,
    /// The reply is no JSON: `host`, `path`.
    ReplyNotJson,
    /// The reply is compressed: `host`, `path`.
    ReplyEncoded,
    /// The reply is too large: `host`, `path`, `limit`.
    ReplyTooLarge,
    /// The reply cannot be read: `host`, `path`.
    ReplyMalformed,
    /// The server lacks what it must have: `host`, `path`, `status`.
    WrongServer,
    /// The server refused the request: `host`, `path`, `status`.
    RequestRefused,
    /// Notice on a key: its id is none.
    KeyIdUnusable,
    /// Notice on a key: nothing tells it apart.
    KeyUnidentified,
    /// Notice on a key: its label is cut: `limit`.
    LabelCut,
    /// Notice on a key: its label hides characters.
    LabelHiddenCharacters,
    /// Notice on a key: it has no label.
    LabelEmpty,
    /// The person stopped the synchronisation.
    SyncCancelled,
    /// The sample servers did not start.
    SamplesFailed,
    /// The key is no longer on the server.
    KeyGone,
    /// No such operation.
    OperationUnknown,
    /// The draft changes nothing, or there is none.
    NothingToSave,
    /// This key or server cannot be changed so: `reason`, a sentence.
    EditRefused,
    /// What was reviewed is not what would be sent now.
    PlanOutdated,
    /// Somebody else changed the same between review and call.
    ChangedMeanwhile,
    /// The program ended between a call and its answer.
    Interrupted,
    /// This profile has nowhere to seal a secret.
    NoVault,
    /// Not a name for a deployment: `reason`.
    NameRefused,
    /// Another deployment has that name: `name`.
    NameTaken,
    /// Not a credential: `reason`.
    CredentialUnusable,
    /// The offered credential is no longer held: used, forgotten or too old.
    CredentialForgotten,
    /// The saved credential does not go there: `host`.
    CredentialNeeded,
    /// There is no text on the clipboard.
    ClipboardEmpty,
    /// The clipboard cannot be read.
    ClipboardUnreadable,
    /// The own authority is no certificate in PEM form.
    AuthorityUnreadable,
    /// Warning of a link's test: another deployment has the same address: `name`.
    OriginKnown,
    /// The typed name does not confirm the removal: `name`.
    ConfirmationWrong,
    /// The vault is locked.
    VaultLocked,
    /// There is no system keyring, or it refuses.
    KeyringUnavailable,
    /// The system keyring is locked, and was not opened.
    KeyringLocked,
    /// The system keyring did not answer in time.
    KeyringSilent,
    /// What was asked for is not possible where the rotation stands.
    NotNow,
    /// Not a label or description for a key: `reason`.
    LabelRefused,
    /// A key was made, and its value is not to be had.
    ValueLost,
    /// The server answered with the value of another key.
    OtherKeyReturned,
    /// Two keys carry the marker of one attempt.
    MarkerTwice,
    /// Every attempt at making the key is used up.
    AttemptsSpent,
    /// A check failed: `check`.
    CheckFailed,
    /// The server stored other rights than were sent.
    StoredOtherwise,
    /// Conditions of revoking do not hold: `conditions`, their words.
    RevokeGuarded,
    /// The server does not have the key that it listed a moment ago.
    KeyMissing,
    /// The server said that the key is revoked, and it still lives.
    KeyStillAlive,
    /// The file cannot take the secret: `reason`.
    FileRefused,
    /// The secret cannot be laid on the clipboard.
    ClipboardUnwritable,
    /// No dialog for picking a file can be opened.
    DialogUnavailable,
    /// No such certificate.
    CertificateUnknown,
    /// The passphrase does not open the vault.
    PassphraseWrong,
    /// The new passphrase is too short: `minimum`.
    PassphraseTooShort,
}

/// What the screen gets instead of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Failure {
    /// Which.
    pub code: Code,
    /// What its sentence mentions. Never a secret, never foreign text.
    pub params: BTreeMap<String, String>,
}

impl Failure {
    /// A failure without parameters.
    pub fn new(code: Code) -> Self {
        Self {
            code,
            params: BTreeMap::new(),
        }
    }

    /// The same with a parameter.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl fmt::Display) -> Self {
        self.params.insert(name.to_owned(), value.to_string());
        self
    }

    /// A change that cannot be made, for this reason (the adapter's words).
    pub(crate) fn edit_refused(why: &str) -> Self {
        Self::new(Code::EditRefused).with("reason", why.trim_end_matches('.'))
    }

    /// What a server's error means for a person, given the host and the waits in force.
    pub(crate) fn of_provider(error: &ProviderError, host: &str, timing: &Timing) -> Self {
        let at_host = |code| Self::new(code).with("host", host);
        let at_path = |code| at_host(code).with("path", error.endpoint);
        match error.fault {
            Fault::Unreachable => at_host(Code::HostUnreachable),
            Fault::Certificate => at_host(Code::CertificateRefused),
            Fault::Broken => at_host(Code::ConnectionBroken),
            Fault::TimedOut => at_host(Code::TimedOut).with("seconds", timing.total.as_secs()),
            Fault::Redirect(status) => at_host(Code::RedirectRefused).with("status", status),
            Fault::NotJson => at_path(Code::ReplyNotJson),
            Fault::Encoded => at_path(Code::ReplyEncoded),
            Fault::TooLarge(limit) => at_path(Code::ReplyTooLarge).with("limit", size(limit)),
            Fault::Malformed => at_path(Code::ReplyMalformed),
            Fault::NotWitnessed => Self::new(Code::AuditUnwritable),
            Fault::Unsendable => Self::new(Code::BadRequest).with("field", "resource"),
            Fault::Status(status) => match error.class {
                Class::Unauthorized => at_host(Code::CredentialRefused),
                Class::Forbidden => at_host(Code::CredentialLacksRights),
                Class::RateLimited => {
                    at_host(Code::RateLimited).with("seconds", wait_of(error).as_secs())
                }
                Class::Unavailable => at_host(Code::ServerFailed).with("status", status),
                Class::NotFound => at_path(Code::WrongServer).with("status", status),
                Class::Conflict | Class::Invalid | Class::OutcomeUnknown | Class::Protocol => {
                    at_path(Code::RequestRefused).with("status", status)
                }
            },
        }
    }

    /// What an address's refusal means for a person.
    pub(crate) fn of_url(refused: UrlRefused, host: &str) -> Self {
        let reason = match refused {
            UrlRefused::PlainHttp => return Self::new(Code::PlainHttpRefused).with("host", host),
            UrlRefused::Unreadable => "it is not of the form https://host",
            UrlRefused::Scheme => "it does not begin with https://",
            UrlRefused::UserInfo => "it contains a user name or a password",
            UrlRefused::MoreThanOrigin => "it contains more than a host and a port",
        };
        Self::new(Code::UrlRefused).with("reason", reason)
    }

    /// What the store's error means for a person who keeps the profile in `folder`.
    pub(crate) fn of_store(error: StoreError, folder: &str) -> Self {
        let in_folder = |code| Self::new(code).with("folder", folder);
        match error {
            StoreError::Newer { found, known } => Self::new(Code::DatabaseNewer)
                .with("found", found)
                .with("known", known),
            StoreError::Damaged => in_folder(Code::DatabaseDamaged),
            StoreError::Unusable => in_folder(Code::DataFolderUnusable),
            StoreError::DiskFull => in_folder(Code::DiskFull),
            StoreError::Failed => Self::new(Code::Internal),
        }
    }
}

/// How long to keep away after a 429; a minute when the server did not say.
pub(crate) fn wait_of(error: &ProviderError) -> std::time::Duration {
    error
        .retry_after
        .unwrap_or(std::time::Duration::from_mins(1))
}

impl From<VaultError> for Failure {
    fn from(error: VaultError) -> Self {
        Self::new(match error {
            VaultError::KeyMissing => Code::VaultKeyMissing,
            VaultError::KeyUnreadable | VaultError::WrongKey => Code::VaultKeyWrong,
            VaultError::Locked => Code::VaultLocked,
            VaultError::NoRandomness => Code::Internal,
        })
    }
}

impl From<KeyError> for Failure {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::Vault(error) => error.into(),
            KeyError::Keyring(error) => Self::new(match error {
                KeyringError::NoKeyring | KeyringError::Refused | KeyringError::Taken => {
                    Code::KeyringUnavailable
                }
                KeyringError::Locked => Code::KeyringLocked,
                KeyringError::TimedOut | KeyringError::Cancelled => Code::KeyringSilent,
                KeyringError::Ambiguous | KeyringError::Damaged => Code::VaultKeyWrong,
            }),
            KeyError::WrongPassphrase => Self::new(Code::PassphraseWrong),
            KeyError::PassphraseTooShort => {
                Self::new(Code::PassphraseTooShort).with("minimum", PASSPHRASE_MIN)
            }
            KeyError::FileTaken => Self::new(Code::Internal),
        }
    }
}

impl From<Notice> for Failure {
    fn from(notice: Notice) -> Self {
        match notice {
            Notice::IdUnusable => Self::new(Code::KeyIdUnusable),
            Notice::Unidentified => Self::new(Code::KeyUnidentified),
            Notice::LabelCut => {
                Self::new(Code::LabelCut).with("limit", domain::ListedKey::LABEL_MAX)
            }
            Notice::LabelHiddenCharacters => Self::new(Code::LabelHiddenCharacters),
            Notice::LabelEmpty => Self::new(Code::LabelEmpty),
        }
    }
}

fn size(bytes: u64) -> String {
    if bytes >= 1 << 20 {
        format!("{} MiB", bytes >> 20)
    } else {
        format!("{} KiB", bytes >> 10)
    }
}
