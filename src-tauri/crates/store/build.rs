//! Applies `migrations/` to a scratch database and points `sqlx::query!` at it, so that every query of
//! this crate is checked against the schema while it compiles.

use sqlx::{
    Connection, SqliteConnection,
    migrate::{MigrateError, Migrator},
};
use std::path::Path;

#[expect(
    clippy::disallowed_methods,
    reason = "a build script gets its folder from the environment only"
)]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-changed=migrations");
    let scratch = Path::new(&std::env::var("OUT_DIR")?).join("scratch.db");
    match std::fs::remove_file(&scratch) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
        Ok(()) | Err(_) => {}
    }
    let url = format!("sqlite://{}?mode=rwc", scratch.display());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(migrate(&url))?;
    println!("cargo:rustc-env=DATABASE_URL={url}");
    Ok(())
}

async fn migrate(url: &str) -> Result<(), MigrateError> {
    let mut scratch = SqliteConnection::connect(url).await?;
    Migrator::new(Path::new("migrations"))
        .await?
        .run(&mut scratch)
        .await?;
    scratch.close().await?;
    Ok(())
}
