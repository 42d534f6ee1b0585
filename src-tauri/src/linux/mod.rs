//! What WebKitGTK has to be told that other systems' views know of themselves.

pub(crate) mod drawing;
pub(crate) mod fonts;
pub(crate) mod renderer;
