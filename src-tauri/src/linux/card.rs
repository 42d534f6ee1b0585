//! Whether there is a graphics card. Most virtual machines and remote desktops have none.

use std::{fs, path::Path};

/// Whether one can draw for this program.
pub(crate) fn is_there() -> bool {
    let mut nodes = fs::read_dir("/dev/dri").into_iter().flatten().flatten();
    nodes.any(|node| node.file_name().to_string_lossy().starts_with("renderD"))
        || Path::new("/proc/driver/nvidia").exists()
}
