//! Local identifiers. They exist before the server has named a thing and never change.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

macro_rules! local_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A new id (UUID v7), ordered by `now` and random within a millisecond.
            pub fn at(now: crate::UnixMs) -> Self {
                let millis = u64::try_from(now.0).unwrap_or(0);
                let moment = uuid::Timestamp::from_unix(
                    uuid::NoContext, millis / 1_000, u32::try_from(millis % 1_000).unwrap_or(0) * 1_000_000);
                Self(Uuid::new_v7(moment))
            }

            /// The sixteen bytes, as used in a sealed row's additional data.
            pub fn bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    };
}

local_id!(
    /// A deployment: one server we manage.
    DeploymentId
);
local_id!(
    /// A key as we know it, whatever the server calls it.
    KeyId
);
local_id!(
    /// A sealed row in the vault's table.
    SecretId
);
local_id!(
    /// A journalled change to a server.
    OperationId
);
local_id!(
    /// A secret on its way in, held in memory for a short while.
    OfferId
);
