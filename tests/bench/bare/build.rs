//! What every Tauri program needs built.

fn main() {
    tauri_build::build();
}
