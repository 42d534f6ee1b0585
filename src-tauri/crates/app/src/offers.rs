//! Secrets on their way in: each lies in memory under a handle until it is used or too old (`data.md`).

use crate::{App, Code, Failure};
use domain::{OfferId, Secret, UnixMs, is_hidden};
use serde::Serialize;
use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use ts_rs::TS;

/// How long an offered secret is held.
const LIFE: Duration = Duration::from_mins(10);
/// The most that are held; the oldest makes room.
const MOST: usize = 16;
/// The longest credential, in bytes.
const LONGEST: usize = 4_096;
/// From this length on a credential is taken for a random one, whose fingerprint tells nothing.
const RANDOM_FROM: usize = 16;

/// What the screen gets in a secret's place.
#[derive(Debug, Serialize, TS)]
pub(crate) struct Offered {
    /// What later requests name it by; good once, for ten minutes.
    handle: String,
    /// The part of it that may be shown.
    prefix: Option<String>,
    /// SHA-256 of it, hex; `null` for one so short that a person may have chosen it.
    fingerprint: Option<String>,
    /// Whether the clipboard that it came from was emptied of it; `null` when it came another way.
    clipboard_cleared: Option<bool>,
}

/// Secrets that were offered and not used yet. In memory only; each is wiped with its entry.
#[derive(Default)]
pub(crate) struct Offers {
    held: Mutex<BTreeMap<OfferId, Offer>>,
    shut: AtomicBool,
}

struct Offer {
    secret: Arc<Secret>,
    until: UnixMs,
}

impl App {
    /// Takes a secret in, and wipes it ten minutes later if nobody used it.
    ///
    /// # Errors
    /// [`Code::CredentialUnusable`].
    pub(crate) fn offer(self: &Arc<Self>, secret: &Secret) -> Result<Offered, Failure> {
        let secret = checked(secret)?;
        let (prefix, fingerprint) = (secret.prefix(), fingerprint(&secret));
        let handle = self.offers.hold(secret, self.clock.now());
        let app = Arc::downgrade(self);
        tokio::spawn(async move {
            tokio::time::sleep(LIFE).await;
            if let Some(app) = app.upgrade() {
                drop(app.offers.alive(app.clock.now()));
            }
        });
        Ok(Offered {
            handle: handle.to_string(),
            prefix,
            fingerprint,
            clipboard_cleared: None,
        })
    }

    /// The same with what lies on the clipboard, which is emptied of it.
    ///
    /// # Errors
    /// [`Code::ClipboardEmpty`], [`Code::ClipboardUnreadable`], [`Code::CredentialUnusable`].
    pub(crate) async fn offer_clipboard(self: &Arc<Self>) -> Result<Offered, Failure> {
        let text = self.desk.clipboard_text().await?;
        let text = text.ok_or_else(|| Failure::new(Code::ClipboardEmpty))?;
        let offered = self.offer(&text)?;
        let secret = self.offers.look(&offered.handle, self.clock.now())?;
        let cleared = self.desk.clear_clipboard_of(&secret).await;
        Ok(Offered {
            clipboard_cleared: Some(cleared),
            ..offered
        })
    }
}

impl Offers {
    /// A secret to try something with; it stays held.
    ///
    /// # Errors
    /// [`Code::CredentialForgotten`].
    pub(crate) fn look(&self, handle: &str, now: UnixMs) -> Result<Arc<Secret>, Failure> {
        let held = self.alive(now);
        let offer = handle.parse().ok().and_then(|id: OfferId| held.get(&id));
        offer
            .map(|offer| Arc::clone(&offer.secret))
            .ok_or_else(forgotten)
    }

    /// A secret for good: nobody else gets it, unless it is given back.
    ///
    /// # Errors
    /// [`Code::CredentialForgotten`].
    pub(crate) fn take(&self, handle: &str, now: UnixMs) -> Result<Taken<'_>, Failure> {
        let id: OfferId = handle.parse().map_err(|_| forgotten())?;
        let offer = self.alive(now).remove(&id).ok_or_else(forgotten)?;
        Ok(Taken {
            offers: self,
            id,
            offer: Some(offer),
        })
    }

    /// Wipes one; whether it was there makes no difference.
    pub(crate) fn forget(&self, handle: &str) {
        if let Ok(id) = handle.parse::<OfferId>() {
            self.all().remove(&id);
        }
    }

    /// Wipes all.
    pub(crate) fn forget_all(&self) {
        self.all().clear();
    }

    /// Wipes all, and whatever a request under way still brings.
    pub(crate) fn shut(&self) {
        self.shut.store(true, Ordering::SeqCst);
        self.forget_all();
    }

    /// Holds again what is offered.
    pub(crate) fn reopen(&self) {
        self.shut.store(false, Ordering::SeqCst);
    }

    fn put(&self, held: &mut BTreeMap<OfferId, Offer>, id: OfferId, offer: Offer) {
        if !self.shut.load(Ordering::SeqCst) {
            held.insert(id, offer);
        }
    }

    fn hold(&self, secret: Secret, now: UnixMs) -> OfferId {
        let mut held = self.alive(now);
        if held.len() >= MOST {
            held.pop_first();
        }
        let id = OfferId::at(now);
        let life = i64::try_from(LIFE.as_millis()).unwrap_or(i64::MAX);
        let offer = Offer {
            secret: Arc::new(secret),
            until: now.plus(life),
        };
        self.put(&mut held, id, offer);
        id
    }

    /// Those that are young enough; the others are wiped.
    fn alive(&self, now: UnixMs) -> MutexGuard<'_, BTreeMap<OfferId, Offer>> {
        let mut held = self.all();
        held.retain(|_, offer| offer.until > now);
        held
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<OfferId, Offer>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A secret in use. Dropped without [`Taken::used`], it is offered again: what failed can be repeated.
pub(crate) struct Taken<'a> {
    offers: &'a Offers,
    id: OfferId,
    offer: Option<Offer>,
}

impl Taken<'_> {
    /// The secret.
    pub(crate) fn secret(&self) -> Result<Arc<Secret>, Failure> {
        let offer = self.offer.as_ref().ok_or_else(forgotten)?;
        Ok(Arc::clone(&offer.secret))
    }

    /// It served; the handle is dead.
    pub(crate) fn used(mut self) {
        self.offer = None;
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        if let Some(offer) = self.offer.take() {
            self.offers.put(&mut self.offers.all(), self.id, offer);
        }
    }
}

fn forgotten() -> Failure {
    Failure::new(Code::CredentialForgotten)
}

/// The secret without the line end that copying brings along.
fn checked(secret: &Secret) -> Result<Secret, Failure> {
    // EXPOSE: looked at for its length and for characters that no credential has.
    let text = secret.expose().trim();
    let reason = if text.is_empty() {
        "it is empty"
    } else if text.len() > LONGEST {
        "it is longer than 4,096 characters"
    } else if text.chars().any(|c| c.is_whitespace() || is_hidden(c)) {
        "it contains spaces, line breaks or characters that are not drawn"
    } else {
        return Ok(Secret::new(text.to_owned()));
    };
    Err(Failure::new(Code::CredentialUnusable).with("reason", reason))
}

fn fingerprint(secret: &Secret) -> Option<String> {
    // EXPOSE: looked at for its length only.
    let long = secret.expose().len() >= RANDOM_FROM;
    long.then(|| secret.fingerprint().0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMs = UnixMs(1_000);

    fn held(offers: &Offers) -> String {
        offers
            .hold(Secret::new("eko_prod_fake_0123456789".into()), NOW)
            .to_string()
    }

    #[test]
    fn a_handle_lives_ten_minutes_and_serves_once() {
        let offers = Offers::default();
        let handle = held(&offers);
        let last = NOW.plus(599_999);
        assert!(offers.look(&handle, last).is_ok());
        assert!(offers.look(&handle, NOW.plus(600_000)).is_err());
        assert!(offers.look(&handle, last).is_err(), "it is gone for good");
        let handle = held(&offers);
        let taken = offers.take(&handle, NOW).unwrap();
        assert!(offers.take(&handle, NOW).is_err(), "one at a time");
        drop(taken);
        offers.take(&handle, NOW).unwrap().used();
        assert!(offers.take(&handle, NOW).is_err(), "used up");
        assert!(offers.all().is_empty());
    }

    #[test]
    fn no_more_are_held_than_fit() {
        let offers = Offers::default();
        let first = held(&offers);
        for n in 1..=16 {
            offers.hold(Secret::new("fake".into()), NOW.plus(n));
        }
        assert_eq!(offers.all().len(), MOST);
        assert!(offers.look(&first, NOW).is_err());
    }

    #[test]
    fn what_is_no_credential_is_refused() {
        for text in [
            "",
            " \n",
            "two words",
            "a\u{202E}b",
            "a\nb",
            &"x".repeat(4_097),
        ] {
            assert!(checked(&Secret::new(text.to_owned())).is_err(), "{text:?}");
        }
        let kept = checked(&Secret::new(" eko_prod_fake\r\n".into())).unwrap();
        // EXPOSE: the proof that only the blanks around it are gone.
        assert_eq!(kept.expose(), "eko_prod_fake");
        assert_eq!(fingerprint(&Secret::new("hunter2".into())), None);
    }
}
