//! The screen's types are the core's.
#![expect(
    clippy::disallowed_methods,
    reason = "`make types` asks through the environment"
)]

use std::path::Path;

#[test]
fn generated_types_are_up_to_date() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/src/ipc/generated/ipc.ts");
    let types = app::commands::typescript();
    if std::env::var_os("KEYSTEAD_WRITE_TYPES").is_some() {
        std::fs::write(&file, &types).unwrap();
    }
    let committed = std::fs::read_to_string(&file).unwrap();
    assert!(
        committed == types,
        "ui/src/ipc/generated/ipc.ts is stale: run `make types` and commit it"
    );
}
