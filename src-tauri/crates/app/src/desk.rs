//! What only a desktop can do.

use crate::Failure;
use async_trait::async_trait;

/// The desktop around the core. The shell does it for real, tests record it.
#[async_trait]
pub trait Desk: Send + Sync + 'static {
    /// Ends this program and starts it again with the sample profile.
    ///
    /// # Errors
    /// [`crate::Code::SamplesFailed`] when it cannot be started; this program goes on then.
    async fn open_samples(&self) -> Result<(), Failure>;
}
