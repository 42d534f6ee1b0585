//! Faults of this machine: files, locks, keys, disks.

use crate::{Case, case};
use app::{App, Code, Failure, Profile, Rhythm, SampleServers, Start, SystemClock};
use core_tests::{CARE, Record, Rig, SHORT};
use serde_json::json;
use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
};

pub(crate) fn cases() -> Vec<Case> {
    vec![
        case("a second start", Code::ProfileInUse, second_start()),
        case(
            "a folder that cannot be",
            Code::DataFolderUnusable,
            unusable_folder(),
        ),
        case(
            "a database that is a link",
            Code::DataFolderUnusable,
            linked_database(),
        ),
        case(
            "a database of a newer Keystead",
            Code::DatabaseNewer,
            newer(),
        ),
        case(
            "a database that is garbage",
            Code::DatabaseDamaged,
            damaged(),
        ),
        case("a full disk", Code::DiskFull, full_disk()),
        case(
            "an audit log that takes nothing",
            Code::AuditUnwritable,
            no_audit(),
        ),
        case("a lost data key", Code::VaultKeyMissing, lost_key()),
        case("another data key", Code::VaultKeyWrong, other_key()),
        case(
            "a provider that this build does not know",
            Code::Internal,
            unknown_provider(),
        ),
        case(
            "sample servers that do not start",
            Code::SamplesFailed,
            no_samples(),
        ),
    ]
}

async fn start(root: &Path) -> Result<Arc<App>, Failure> {
    let start = Start {
        profile: Profile::take(root, Profile::SAMPLE)?,
        clock: Arc::new(SystemClock),
        desk: Arc::new(Record::default()),
        timing: SHORT,
        rhythm: Rhythm::PRODUCTION,
        vault: CARE,
        checkpoint: Arc::new(app::Unwatched),
    };
    App::start(start).await
}

async fn failure(root: &Path) -> Vec<Failure> {
    vec![start(root).await.err().unwrap()]
}

/// A profile that was used once: its root, and its database file.
async fn used() -> (tempfile::TempDir, PathBuf) {
    let root = tempfile::tempdir().unwrap();
    let app = start(root.path()).await.unwrap();
    app.stop().await;
    let file = root.path().join("sample/keystead.db");
    (root, file)
}

async fn sql(file: &Path, statement: &'static str) {
    let mut database = SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(file))
        .await
        .unwrap();
    sqlx::query(statement).execute(&mut database).await.unwrap();
    database.close().await.unwrap();
}

async fn second_start() -> Vec<Failure> {
    let rig = Rig::new().await;
    let failures = failure(rig.root()).await;
    assert_eq!(rig.sync().await["keys"], 3, "the first goes on");
    failures
}

async fn unusable_folder() -> Vec<Failure> {
    let root = tempfile::tempdir().unwrap();
    let file = root.path().join("file");
    fs::write(&file, "in the way").unwrap();
    let failures = failure(&file).await;
    assert_eq!(fs::read_to_string(&file).unwrap(), "in the way");
    failures
}

async fn linked_database() -> Vec<Failure> {
    let (root, file) = used().await;
    let elsewhere = root.path().join("elsewhere");
    fs::rename(&file, &elsewhere).unwrap();
    std::os::unix::fs::symlink(&elsewhere, &file).unwrap();
    failure(root.path()).await
}

async fn newer() -> Vec<Failure> {
    let (root, file) = used().await;
    sql(
        &file,
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
        VALUES (20991231, 'later', 1, x'00', 0)",
    )
    .await;
    let before = fs::read(&file).unwrap();
    let failures = failure(root.path()).await;
    assert_eq!(
        fs::read(&file).unwrap(),
        before,
        "the file is left as it was"
    );
    failures
}

async fn damaged() -> Vec<Failure> {
    let (root, file) = used().await;
    fs::write(
        &file,
        "no database at all, but long enough to be looked at as one ".repeat(100),
    )
    .unwrap();
    let before = fs::read(&file).unwrap();
    let failures = failure(root.path()).await;
    assert_eq!(fs::read(&file).unwrap(), before, "the bytes are kept");
    failures
}

/// The program on a file system of its own with no room: this test, started again in a mount namespace.
async fn full_disk() -> Vec<Failure> {
    let root = tempfile::tempdir().unwrap();
    let script = r#"mount -t tmpfs -o size=64k keystead "$1" || exit 1
        "$2" local::full_disk_child --exact --nocapture; ended=$?
        umount "$1"; exit $ended"#;
    let mut child = Command::new("unshare");
    // Root needs no user namespace, and inside a changed root gets none. There the root is no mount either, so
    // that its propagation cannot be changed: hence the unmounting above.
    let is_root = std::os::unix::fs::MetadataExt::uid(&fs::metadata("/proc/self").unwrap()) == 0;
    if is_root {
        child.args(["--propagation", "unchanged"]);
    } else {
        child.args(["--user", "--map-root-user"]);
    }
    child
        .args(["--mount", "sh", "-c", script, "sh"])
        .arg(root.path());
    child
        .arg(std::env::current_exe().unwrap())
        .env(CHILD, root.path());
    let output = tokio::task::spawn_blocking(move || child.output().unwrap())
        .await
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let line = said.lines().find_map(|line| line.strip_prefix(CHILD));
    let line = line.unwrap_or_else(|| panic!("{said}{}", String::from_utf8_lossy(&output.stderr)));
    vec![serde_json::from_str(line).unwrap()]
}

const CHILD: &str = "KEYSTEAD_FULL_DISK";

/// The other half of [`full_disk`]; alone it has nothing to do.
#[tokio::test(flavor = "multi_thread")]
#[allow(
    clippy::disallowed_methods,
    reason = "how a test tells itself that it is the child"
)]
async fn full_disk_child() {
    if let Some(root) = std::env::var_os(CHILD) {
        let failure = start(Path::new(&root)).await.err().unwrap();
        println!("{CHILD}{}", serde_json::to_string(&failure).unwrap());
    }
}

async fn no_audit() -> Vec<Failure> {
    let rig = Rig::new().await;
    sql(
        &rig.database(),
        "CREATE TRIGGER no_room BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no'); END",
    )
    .await;
    let view = rig.sync().await;
    assert_eq!(
        rig.control.requests("POST", "/api/auth/token"),
        0,
        "nothing was sent"
    );
    vec![serde_json::from_value(view["failure"].clone()).unwrap()]
}

async fn lost_key() -> Vec<Failure> {
    let (root, file) = used().await;
    fs::remove_file(file.with_file_name("data.key")).unwrap();
    let failures = failure(root.path()).await;
    assert!(
        !file.with_file_name("data.key").exists(),
        "no new key takes its place"
    );
    failures
}

async fn other_key() -> Vec<Failure> {
    let (root, file) = used().await;
    fs::write(file.with_file_name("data.key"), [7; 32]).unwrap();
    failure(root.path()).await
}

async fn unknown_provider() -> Vec<Failure> {
    let rig = Rig::new().await;
    sql(
        &rig.database(),
        "UPDATE deployments SET provider = 'nonesuch'",
    )
    .await;
    let view = rig.sync().await;
    vec![serde_json::from_value(view["failure"].clone()).unwrap()]
}

async fn no_samples() -> Vec<Failure> {
    let rig = Rig::new().await;
    let file = rig.root().join("servers.json");
    let missing = SampleServers::read(&file).unwrap_err();
    fs::write(
        &file,
        json!({ "servers": [{ "credential": "eko_prod_planted" }] }).to_string(),
    )
    .unwrap();
    vec![missing, SampleServers::read(&file).unwrap_err()]
}
