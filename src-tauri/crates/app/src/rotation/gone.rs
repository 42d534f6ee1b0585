//! A key that was to be ended and is gone already: nothing is sent for it, and its absence is what is proved.

use super::{
    ending::{is_ours, refused, target_of},
    machine::{Event, GuardFacts, Op, Which, unmet_of_gone},
    runner::Work,
};
use crate::{Failure, operations::Point};
use domain::{Check, Identity, ListedKey};
use providers::{Located, Tried, Wanted};

impl Work<'_> {
    /// `first` is a complete list without the key. One list may come from a replica that lags, so another one is read;
    /// and a secret that still works outweighs both.
    pub(super) async fn find_gone(
        &self,
        op: Op,
        of: Which,
        typed: &str,
        checks: Vec<Check>,
        first: &Located,
    ) -> Result<Op, Failure> {
        let target = target_of(&op, of)?;
        let is_refused = self.is_refused(&op, of).await?;
        self.pass(Point::BeforeIntent);
        let second = self.reach.locate(self.app, Wanted::Key(&target)).await?;
        let listed_at = self.app.clock.now();
        let lacks = |located: &Located| {
            let mut keys = located.keys.iter();
            keys.all(|key| is_another(key, &target) && (of == Which::Old || !is_ours(&op, key)))
        };
        let facts = GuardFacts {
            missing: is_refused && lacks(first) && lacks(&second),
            ..self.facts(&op, of, typed, &second, listed_at)?
        };
        if of == Which::Old {
            let unmet = unmet_of_gone(&op, &op.state, &facts);
            if !unmet.is_empty() {
                return Err(refused(&unmet, &op));
            }
        }
        // What is ours and may not be taken for gone is refused by the machine itself.
        self.note(op, Event::Gone { of, facts, checks }).await
    }

    /// The value of the key, where it is at hand, is refused.
    async fn is_refused(&self, op: &Op, of: Which) -> Result<bool, Failure> {
        let secret = match of {
            Which::Old => self.old_secret(op).await?,
            Which::New => match &op.sealed {
                Some((sealed, _)) => Some(self.open_new(op, sealed.row).await?),
                None => None,
            },
            Which::Orphan => None,
        };
        let Some(secret) = secret else {
            return Ok(true);
        };
        match self.reach.provider.sign_in(&self.reach.link, &secret).await {
            Tried::Accepted { .. } => Ok(false),
            Tried::Refused { .. } => Ok(true),
            Tried::Unclear { error, .. } => Err(self.reach.in_words(self.app, &error)),
        }
    }
}

/// This key is certainly not that one: both have an id, or both a value, and none that they have is the same.
fn is_another(key: &ListedKey, target: &Identity) -> bool {
    let ids = key
        .identity
        .remote_id
        .as_ref()
        .zip(target.remote_id.as_ref());
    let values = key
        .identity
        .fingerprint
        .as_ref()
        .zip(target.fingerprint.as_ref());
    (ids.is_some() || values.is_some())
        && ids.is_none_or(|(one, other)| one != other)
        && values.is_none_or(|(one, other)| one != other)
}
