//! Keys as a large deployment has them.

use simulators::ekodb::{Collection, Grant, Key, World};

const DAY: i64 = 86_400_000;
/// When the last of them was made: 2026-11-22.
const TODAY: i64 = 1_795_305_600_000;
const USES: [&str; 12] = [
    "billing-worker",
    "search-ro",
    "checkout-api",
    "export-nightly",
    "mobile-app",
    "report-builder",
    "mailer",
    "inventory-sync",
    "support-desk",
    "fraud-check",
    "etl-loader",
    "feature-flags",
];
const COLLECTIONS: [&str; 9] = [
    "orders",
    "customers",
    "invoices",
    "products",
    "payments",
    "sessions",
    "events",
    "audit_trail",
    "coupons",
];

/// A deployment of `count` keys, the one that Keystead logs in with among them, and that one's secret. Each other key
/// has rights on three collections, every fourth under field rules, every fifth on a key-value prefix too.
pub(crate) fn world(count: usize) -> (World, String) {
    let (mut world, admin) = World::with_admin(TODAY - 900 * DAY);
    for name in COLLECTIONS {
        let fields = Collection::new("id:UUID!* email:String total:Float", TODAY - 900 * DAY, 3);
        world = world.collection(name, fields);
    }
    for n in 1..count {
        world.keys.push(key(n));
    }
    (world, admin)
}

fn key(n: usize) -> Key {
    let of = |names: &[&'static str], n: usize| *names.get(n % names.len()).unwrap();
    let (used, age) = (of(&USES, n), i64::try_from(n % 800).unwrap());
    let ruled = Grant::read_write()
        .select(&["id", "email", "total"])
        .writable(&["total"]);
    let key = Key::new(&format!("{used}-{n:05}"), TODAY - age * DAY)
        .description(&format!(
            "Used by {used}, team {}, host {:x}",
            n % 37,
            n * 7919
        ))
        .grant(of(&COLLECTIONS, n), Grant::read())
        .grant(of(&COLLECTIONS, n + 1), Grant::read_write())
        .grant(
            of(&COLLECTIONS, n + 2),
            if n.is_multiple_of(4) {
                ruled
            } else {
                Grant::read()
            },
        );
    if n.is_multiple_of(5) {
        key.kv(&format!("{used}:"), true, false)
    } else {
        key
    }
}
