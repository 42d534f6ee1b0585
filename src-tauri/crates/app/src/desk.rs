//! What only a desktop can do.

use crate::Failure;
use async_trait::async_trait;
use domain::Secret;
use std::path::PathBuf;

/// The desktop around the core. The shell does it for real, tests record it.
#[async_trait]
pub trait Desk: Send + Sync + 'static {
    /// Ends this program and starts it again with the sample profile.
    ///
    /// # Errors
    /// [`crate::Code::SamplesFailed`] when it cannot be started; this program goes on then.
    async fn open_samples(&self) -> Result<(), Failure>;

    /// The text on the clipboard; `None` where there is none.
    ///
    /// # Errors
    /// [`crate::Code::ClipboardUnreadable`].
    async fn clipboard_text(&self) -> Result<Option<Secret>, Failure>;

    /// Lays a text on the clipboard, kept out of its history where the desktop can.
    ///
    /// # Errors
    /// [`crate::Code::ClipboardUnwritable`].
    async fn lay_on_clipboard(&self, text: &Secret) -> Result<(), Failure>;

    /// Lets the person pick a file to write into, new or not; `None` when they changed their mind. `name` is offered.
    ///
    /// # Errors
    /// [`crate::Code::DialogUnavailable`].
    async fn pick_file(&self, name: &str) -> Result<Option<PathBuf>, Failure>;

    /// Destroys the window with the process that drew it, and opens a fresh one.
    async fn renew_window(&self);

    /// Empties the clipboard if it still holds this text, blanks around it aside. Whether it did.
    async fn clear_clipboard_of(&self, text: &Secret) -> bool;
}
