//! The server that every row begins with.

use simulators::ekodb::{self, Collection, Grant, Key, Options, World};
use simulators::{Control, Server, TlsMode};

/// The secret that both clients log in with, as in §10.3.
pub const ADMIN: &str = "admin-key";
/// Its id.
pub const ADMIN_ID: &str = "00000000000000000000000000000001";
/// The key that is read and edited, as in §10.3.
pub const TARGET: &str = "eko_prod_abc123";
/// Its id.
pub const TARGET_ID: &str = "0123456789abcdef0123456789abcdef";
/// A key whose value cannot stand in a path as it is, as in §10.3.
pub const SLASHED: &str = "eko_prod_abc/123";
/// Its id.
pub const SLASHED_ID: &str = "fedcba9876543210fedcba9876543210";

const CREATED: i64 = 1_795_305_600_000; // 2026-11-22T00:00:00Z

/// A running server, over plain HTTP on loopback.
pub struct Ground {
    /// It stops with this.
    pub server: Server,
    /// Its controls.
    pub control: Control,
}

impl Ground {
    /// A server of these options, its content changed by `edit`.
    pub async fn start(options: Options, edit: fn(&mut World)) -> Self {
        let mut world = world();
        edit(&mut world);
        let options = Options {
            tls: TlsMode::Plain,
            ..options
        };
        let server = ekodb::start(options, world).await.unwrap();
        let control = server.control();
        Self { server, control }
    }
}

fn world() -> World {
    let of = |label: &str, id: &str, key: &str| Key {
        id: id.to_owned(),
        key: key.to_owned(),
        ..Key::new(label, CREATED)
    };
    let target = of("web", TARGET_ID, TARGET)
        .description("The shop window")
        .grant("users", Grant::read_write().exclude(&["ssn"]))
        .grant("tenant:a/users", Grant::read())
        .kv("session:", true, false);
    let world = World {
        keys: vec![Key {
            is_admin: true,
            ..of("generated-admin", ADMIN_ID, ADMIN)
        }],
        ..World::default()
    };
    let fields = "id:UUID!* name:String email:String";
    world
        .key(target)
        .key(of("slashed", SLASHED_ID, SLASHED))
        .collection("users", Collection::new(fields, CREATED, 2))
        .collection("tenant:a/users", Collection::new("id:UUID!*", CREATED, 0))
        .collection("audit__ek0_testing", Collection::internal(CREATED))
}
