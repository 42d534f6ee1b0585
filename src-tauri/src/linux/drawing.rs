//! Drawing on Linux without a graphics card, as on most virtual machines and remote desktops.

/// Has this window drawn without OpenGL where no card would do it: in software that takes 80 MB and longer to start.
#[cfg(target_os = "linux")]
pub(crate) fn settle(window: &tauri::WebviewWindow) -> tauri::Result<()> {
    use webkit2gtk::{HardwareAccelerationPolicy, SettingsExt, WebViewExt};
    if has_card() {
        return Ok(());
    }
    window.with_webview(|view| {
        if let Some(settings) = view.inner().settings() {
            settings.set_hardware_acceleration_policy(HardwareAccelerationPolicy::Never);
        }
    })
}

#[cfg(target_os = "linux")]
fn has_card() -> bool {
    let mut nodes = std::fs::read_dir("/dev/dri")
        .into_iter()
        .flatten()
        .flatten();
    nodes.any(|node| node.file_name().to_string_lossy().starts_with("renderD"))
        || std::path::Path::new("/proc/driver/nvidia").exists()
}

/// Nothing to settle.
#[cfg(not(target_os = "linux"))]
pub(crate) fn settle(_: &tauri::WebviewWindow) -> tauri::Result<()> {
    Ok(())
}
