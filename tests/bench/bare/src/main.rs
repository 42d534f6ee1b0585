//! A window with nothing in it, of the same size and kind as Keystead's, with the same beacon, drawn the same way: what a
//! start costs before anything of ours begins.

#[path = "../../../../src-tauri/src/beacon.rs"]
mod beacon;
#[path = "../../../../src-tauri/src/linux/drawing.rs"]
mod drawing;

use tauri::WebviewWindowBuilder;

fn main() -> tauri::Result<()> {
    tauri::Builder::default()
        .setup(|app| {
            let config = app.config().app.windows.first().ok_or("no window")?;
            let window = WebviewWindowBuilder::from_config(app, config)?
                .initialization_script(beacon::SCRIPT)
                .on_document_title_changed(|_, title| beacon::say(&title))
                .build()?;
            drawing::settle(&window)?;
            Ok(())
        })
        .run(tauri::generate_context!())
}
