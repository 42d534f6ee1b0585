//! Declares the four doors of the core to Tauri; without this, every window could call every command.

fn main() {
    let manifest = tauri_build::AppManifest::new().commands(&[
        "call_read",
        "call_write",
        "call_reveal",
        "subscribe",
    ]);
    if let Err(error) =
        tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest))
    {
        println!("cargo:error={error:#}");
    }
}
