//! What WebKitGTK has to be told that other systems' views know of themselves.

#[cfg(target_os = "linux")]
mod card;
pub(crate) mod fonts;
pub(crate) mod renderer;
