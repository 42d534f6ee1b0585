//! The endpoints that read a reply.

/// One operation of the `Provider` trait, and which of its requests gets the hostile reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Reach,
    LogIn,
    ProbeRights,
    ProbeHealth,
    ListKeys,
    Locate,
    Resources,
    Fields,
    ChangeCollection,
    ChangePrefix,
    ChangeLegacy,
    Create,
    SignIn,
    OwnRights,
    OwnRightsOld,
    TryDenied,
    DeclaredRights,
}

impl Target {
    pub(crate) const ALL: [Self; 17] = [
        Self::Reach,
        Self::LogIn,
        Self::ProbeRights,
        Self::ProbeHealth,
        Self::ListKeys,
        Self::Locate,
        Self::Resources,
        Self::Fields,
        Self::ChangeCollection,
        Self::ChangePrefix,
        Self::ChangeLegacy,
        Self::Create,
        Self::SignIn,
        Self::OwnRights,
        Self::OwnRightsOld,
        Self::TryDenied,
        Self::DeclaredRights,
    ];

    /// The letter in a case's table. A change reads when it tells what was there before.
    pub(crate) fn letter(self) -> char {
        match self {
            Self::Reach => 'r',
            Self::LogIn | Self::SignIn => 't',
            Self::ProbeRights => 'p',
            Self::ProbeHealth => 'h',
            Self::ListKeys | Self::Locate => 'k',
            Self::Resources => 'c',
            Self::Fields => 'f',
            Self::ChangeCollection => 'm',
            Self::ChangePrefix => 'v',
            Self::ChangeLegacy | Self::TryDenied => '-',
            Self::Create => 'n',
            Self::OwnRights | Self::DeclaredRights => 'o',
            Self::OwnRightsOld => 'd',
        }
    }

    /// The request that gets the hostile reply: its line, and whether it carries a token.
    pub(crate) fn request(self) -> (String, bool) {
        let key = format!("/api/auth/keys/{}/permissions", crate::case::ID);
        match self {
            Self::Reach => ("GET /api/health".into(), false),
            Self::LogIn | Self::SignIn => ("POST /api/auth/token".into(), false),
            Self::ProbeRights | Self::OwnRights => {
                ("GET /api/auth/keys/me/permissions".into(), true)
            }
            Self::ProbeHealth => ("GET /api/health".into(), true),
            Self::ListKeys | Self::Locate | Self::TryDenied => ("GET /api/auth/keys".into(), true),
            Self::Resources => ("GET /api/collections?exclude_internal=true".into(), true),
            Self::Fields => ("GET /api/schemas/users".into(), true),
            Self::ChangeCollection => (format!("PATCH {key}/collections/users"), true),
            Self::ChangePrefix => (format!("DELETE {key}/kv/session%3A"), true),
            Self::ChangeLegacy => ("PUT /api/auth/permissions".into(), true),
            Self::Create => ("POST /api/auth/register".into(), true),
            Self::OwnRightsOld => ("GET /api/auth/permissions".into(), true),
            Self::DeclaredRights => (format!("GET {key}"), true),
        }
    }

    /// The route as an error names it.
    pub(crate) fn endpoint(self) -> &'static str {
        match self {
            Self::Reach | Self::ProbeHealth => "/api/health",
            Self::LogIn | Self::SignIn => "/api/auth/token",
            Self::ProbeRights | Self::OwnRights => "/api/auth/keys/me/permissions",
            Self::ListKeys | Self::Locate | Self::TryDenied => "/api/auth/keys",
            Self::Resources => "/api/collections",
            Self::Fields => "/api/schemas/{collection}",
            Self::ChangeCollection => "/api/auth/keys/{id}/permissions/collections/{name}",
            Self::ChangePrefix => "/api/auth/keys/{id}/permissions/kv/{prefix}",
            Self::ChangeLegacy | Self::OwnRightsOld => "/api/auth/permissions",
            Self::Create => "/api/auth/register",
            Self::DeclaredRights => "/api/auth/keys/{id}/permissions",
        }
    }

    /// The largest body that may be read here, in bytes (`security.md`).
    pub(crate) fn cap(self) -> u64 {
        match self {
            Self::ListKeys | Self::Locate | Self::TryDenied => 32 << 20,
            Self::ProbeRights
            | Self::Resources
            | Self::Fields
            | Self::OwnRights
            | Self::OwnRightsOld
            | Self::DeclaredRights => 8 << 20,
            Self::Reach
            | Self::LogIn
            | Self::ProbeHealth
            | Self::ChangeCollection
            | Self::ChangePrefix
            | Self::ChangeLegacy
            | Self::Create
            | Self::SignIn => 64 << 10,
        }
    }

    /// Sends something that changes the server.
    pub(crate) fn is_change(self) -> bool {
        matches!(
            self,
            Self::ChangeCollection | Self::ChangePrefix | Self::ChangeLegacy | Self::Create
        )
    }

    /// A change of a key that is there: its reply is worth telling, and no more is needed than its status.
    pub(crate) fn is_edit(self) -> bool {
        self.is_change() && self != Self::Create
    }

    /// Sends a log-in, which nobody repeats.
    pub(crate) fn is_log_in(self) -> bool {
        matches!(self, Self::LogIn | Self::SignIn)
    }

    /// Is asked again after a 401, with a fresh token of the administrator's.
    pub(crate) fn renews(self) -> bool {
        !self.is_change()
            && !self.is_log_in()
            && !matches!(
                self,
                Self::Reach
                    | Self::ProbeHealth
                    | Self::OwnRights
                    | Self::OwnRightsOld
                    | Self::TryDenied
            )
    }

    /// Asks as a key that is looked at would: what comes back is a verdict and no error.
    pub(crate) fn is_probe(self) -> bool {
        self.no().is_some() || self == Self::DeclaredRights
    }

    /// What means no here (`rotation.md`, the table of ekoDB): the probe's letter in a case's table, and the status.
    pub(crate) fn no(self) -> Option<(char, u16)> {
        match self {
            Self::SignIn => Some(('s', 401)),
            Self::OwnRights | Self::OwnRightsOld => Some(('o', 401)),
            Self::TryDenied => Some(('x', 403)),
            Self::Reach
            | Self::LogIn
            | Self::ProbeRights
            | Self::ProbeHealth
            | Self::ListKeys
            | Self::Locate
            | Self::Resources
            | Self::Fields
            | Self::ChangeCollection
            | Self::ChangePrefix
            | Self::ChangeLegacy
            | Self::Create
            | Self::DeclaredRights => None,
        }
    }
}
