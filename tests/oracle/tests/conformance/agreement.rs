//! What both make of the same list: the same keys, and of every grant the same rights.

use domain::{Cell, FieldRule, ListedKey};
use ekodb_client::admin::{ApiKey, CollectionPermissions};
use oracle::{Ground, Official, Ours, tell};
use simulators::ekodb::Dialect::{DocsA, DocsS, Legacy, Modern};
use simulators::ekodb::{Grant, Key, ListGrants, Options, World};

/// Grants of every form.
fn varied(world: &mut World) {
    let key = Key::new("varied", 0)
        .grant("nothing", Grant::none())
        .grant("read", Grant::read())
        .grant("write", Grant::new(false, true))
        .grant("both", Grant::read_write())
        .grant("selected", Grant::read().select(&["id", "name"]))
        .grant("none selected", Grant::read().select(&[]))
        .grant("excluded", Grant::read_write().exclude(&["ssn"]))
        .grant(
            "selected and excluded",
            Grant::read().select(&["a", "b"]).exclude(&["b"]),
        )
        .grant("writable", Grant::read_write().writable(&["email"]))
        .grant("none writable", Grant::new(false, true).writable(&[]))
        .grant(
            "lists of what is off",
            Grant::none().select(&["a"]).writable(&["b"]),
        )
        .kv("session:", true, false)
        .kv("cache:", false, true);
    world.keys.push(key);
}

fn cells(grant: &CollectionPermissions) -> [Cell; 2] {
    let ruled = |on: bool, only: &Option<Vec<String>>, except: &Option<Vec<String>>| {
        let rule = FieldRule {
            only: only.clone(),
            except: except.clone(),
        };
        match (on, &rule) {
            (false, _) => Cell::None,
            (
                true,
                FieldRule {
                    only: None,
                    except: None,
                },
            ) => Cell::All,
            (true, _) => Cell::Fields { rule },
        }
    };
    [
        ruled(grant.read, &grant.select_fields, &grant.exclude_fields),
        ruled(grant.write, &grant.writable_fields, &None),
    ]
}

fn plain(on: bool) -> Cell {
    if on { Cell::All } else { Cell::None }
}

type Right = (String, String, [Cell; 2]);

fn official(key: &ApiKey) -> Vec<Right> {
    let grants = key.collection_permissions.iter();
    let grants = grants.map(|(name, grant)| ("collection".to_owned(), name.clone(), cells(grant)));
    let prefixes = key.kv_permissions.iter().flatten().map(|grant| {
        let prefix = grant.prefix.clone().unwrap_or_default();
        let cells = [plain(grant.read), plain(grant.write)];
        ("KV prefix".to_owned(), prefix, cells)
    });
    sorted(grants.chain(prefixes))
}

fn keystead(key: &ListedKey) -> Vec<Right> {
    let columns = &key.rights.columns;
    let at = |action: &str| columns.iter().position(|column| column.action == action);
    let (read, write) = (at("read").unwrap(), at("write").unwrap());
    sorted(key.rights.rows.iter().map(|row| {
        let cells = [read, write].map(|at| row.cells.get(at).cloned().unwrap());
        (row.kind.clone(), row.resource.clone(), cells)
    }))
}

fn sorted(rights: impl Iterator<Item = Right>) -> Vec<Right> {
    let mut rights: Vec<Right> = rights.collect();
    rights.sort_by(|one, two| (&one.0, &one.1).cmp(&(&two.0, &two.1)));
    rights
}

/// Everything but the rights that tells a key.
fn told(theirs: &ApiKey, mine: &ListedKey) -> [(String, String); 3] {
    let id = mine.identity.remote_id.as_ref();
    [
        (theirs.label.clone().unwrap_or_default(), mine.label.clone()),
        (
            theirs.description.clone().unwrap_or_default(),
            mine.description.clone(),
        ),
        (
            format!("{} {:?}", theirs.is_admin, theirs.id),
            format!("{} {:?}", mine.rights.admin, id.map(|id| &id.0)),
        ),
    ]
}

fn alike(theirs: &ApiKey, mine: &ListedKey) -> bool {
    let told = told(theirs, mine).iter().all(|(one, two)| one == two);
    told && official(theirs) == keystead(mine)
}

#[tokio::test]
async fn both_read_the_same_rights() {
    let mut grants = 0;
    for dialect in [Modern, Legacy, DocsA, DocsS] {
        for list_grants in [ListGrants::Plain, ListGrants::Extended, ListGrants::Arrays] {
            let options = Options {
                list_grants,
                ..Options::of(dialect)
            };
            let ground = Ground::start(options, varied).await;
            let url = ground.server.url();
            let theirs = Official::at(&url).admin.list_api_keys().await.unwrap();
            let ours = Ours::at(&url, &ground.control);
            let mine = ours.provider.list_keys(&ours.link).await.unwrap();
            let of = format!("{dialect:?} {list_grants:?}");
            assert_eq!(theirs.len(), mine.len(), "{of}");
            for (theirs, mine) in theirs.iter().zip(&mine) {
                assert!(alike(theirs, mine), "{of}: {}", mine.label);
                grants += mine.rights.rows.len();
                misread(theirs, mine);
            }
        }
    }
    assert!(grants > 100, "{grants}");
    tell("alike", grants, "grants that both read");
}

/// The control: a right read otherwise is seen, whichever it is.
fn misread(theirs: &ApiKey, mine: &ListedKey) {
    for at in 0..mine.rights.rows.len() {
        let mut other = mine.clone();
        let row = other.rights.rows.get_mut(at).unwrap();
        let cell = row.cells.first_mut().unwrap();
        *cell = plain(*cell != Cell::All);
        assert!(!alike(theirs, &other), "{}: right {at}", mine.label);
    }
}
