//! A secret on the clipboard: laid there by the core, taken from there again if it still lies there.

use crate::{App, Event, Failure};
use domain::{Secret, UnixMs};
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// How long a secret may lie there.
pub(crate) const LIFE: Duration = Duration::from_secs(30);

/// What lies on the clipboard by our doing.
#[derive(Default)]
pub(crate) struct Laid(Mutex<Option<(Arc<Secret>, UnixMs)>>);

impl Laid {
    /// Until when; `None` when nothing of ours lies there.
    pub(crate) fn until(&self) -> Option<UnixMs> {
        self.held().as_ref().map(|(_, until)| *until)
    }

    fn held(&self) -> MutexGuard<'_, Option<(Arc<Secret>, UnixMs)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl App {
    /// Lays a secret on the clipboard, and takes it away after [`LIFE`].
    ///
    /// # Errors
    /// [`crate::Code::ClipboardUnwritable`].
    pub(crate) async fn lay_on_clipboard(self: &Arc<Self>, secret: Secret) -> Result<(), Failure> {
        self.desk.lay_on_clipboard(&secret).await?;
        let (secret, life) = (
            Arc::new(secret),
            i64::try_from(LIFE.as_millis()).unwrap_or(0),
        );
        *self.laid.held() = Some((Arc::clone(&secret), self.clock.now().plus(life)));
        let app = Arc::downgrade(self);
        tokio::spawn(async move {
            tokio::time::sleep(LIFE).await;
            let Some(app) = app.upgrade() else { return };
            let ours = app
                .laid
                .held()
                .as_ref()
                .is_some_and(|(held, _)| Arc::ptr_eq(held, &secret));
            if ours {
                app.clear_clipboard().await;
            }
        });
        Ok(())
    }

    /// Takes our secret from the clipboard if it still lies there, and says what came of it.
    pub(crate) async fn clear_clipboard(&self) {
        let laid = self.laid.held().take();
        if let Some((secret, _)) = laid {
            let cleared = self.desk.clear_clipboard_of(&secret).await;
            self.tell(Event::Clipboard { cleared });
        }
    }
}
