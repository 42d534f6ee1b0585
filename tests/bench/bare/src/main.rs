//! A window with nothing in it, of the same size and kind as Keystead's, with the same beacon, as Tauri opens it: what a
//! start costs before anything of ours begins.

#[path = "../../../../src-tauri/src/beacon.rs"]
mod beacon;
#[cfg(target_os = "linux")]
#[path = "../../../../src-tauri/src/linux/card.rs"]
mod card;

use tauri::{WebviewWindow, WebviewWindowBuilder};

fn main() -> tauri::Result<()> {
    tauri::Builder::default()
        .setup(|app| {
            let config = app.config().app.windows.first().ok_or("no window")?;
            let window = WebviewWindowBuilder::from_config(app, config)?
                .initialization_script(beacon::SCRIPT)
                .on_document_title_changed(|_, title| beacon::say(&title))
                .build()?;
            lighten(&window)?;
            Ok(())
        })
        .run(tauri::generate_context!())
}

/// Has the window drawn without OpenGL where there is no card, so that Keystead is held against the lighter of the two.
#[cfg(target_os = "linux")]
fn lighten(window: &WebviewWindow) -> tauri::Result<()> {
    use webkit2gtk::{HardwareAccelerationPolicy, SettingsExt, WebViewExt};
    if card::is_there() {
        return Ok(());
    }
    window.with_webview(|view| {
        if let Some(settings) = view.inner().settings() {
            settings.set_hardware_acceleration_policy(HardwareAccelerationPolicy::Never);
        }
    })
}

/// Nothing to lighten.
#[cfg(not(target_os = "linux"))]
fn lighten(_: &WebviewWindow) -> tauri::Result<()> {
    Ok(())
}
