//! The list of keys: searched, sorted, a page at a time.

use crate::{Store, StoreError};
use domain::{
    Column, DeploymentId, Environment, Expiry, KeyId, Notice, RightsCounts, RightsSummary, UnixMs,
};
use sqlx::{QueryBuilder, Row, Sqlite, sqlite::SqliteRow};

/// What a list sorts by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SortBy {
    /// Label, without regard to case.
    Name,
    /// The deployment's name, then label.
    Deployment,
    /// How much the key may do.
    Rights,
    /// How long ago the server made it; unknown ages last.
    Age,
    /// How soon it ends; keys without an end last.
    Expires,
}

/// Which keys, in which order.
#[derive(Clone, Debug)]
pub struct KeyFilter<'a> {
    /// Words that must all occur in label, description, id, prefix or the deployment's name.
    pub text: &'a str,
    /// Of this deployment only.
    pub deployment: Option<DeploymentId>,
    /// Of this environment only.
    pub environment: Option<Environment>,
}

impl KeyFilter<'_> {
    /// Whether keys of this deployment are meant.
    pub(crate) fn fits(&self, home: &Home) -> bool {
        self.deployment.is_none_or(|id| id == home.id)
            && self.environment.is_none_or(|kind| kind == home.environment)
    }

    fn is_everything(&self) -> bool {
        self.text.trim().is_empty() && self.deployment.is_none() && self.environment.is_none()
    }
}

/// A row of the list.
#[derive(Clone, Debug)]
pub struct ListRow {
    /// Local id.
    pub id: KeyId,
    /// The label.
    pub label: String,
    /// Whose key it is.
    pub deployment: DeploymentId,
    /// That deployment's name.
    pub deployment_name: String,
    /// That deployment's environment.
    pub environment: Environment,
    /// Its rights in one line.
    pub rights: RightsSummary,
    /// When the server made it.
    pub created_at: Option<UnixMs>,
    /// When it ends.
    pub expires: Expiry,
    /// The first complete list that no longer had it.
    pub gone_at: Option<UnixMs>,
    /// What a person should know about it.
    pub notices: Vec<Notice>,
}

/// A row as it is shown.
const SHOWN: &str =
    "SELECT k.id, k.label, k.deployment, d.name, d.environment, g.columns, k.counts, k.weight, k.created_at,
    k.expires, k.gone_at, k.notices FROM keys k JOIN deployments d ON d.id = k.deployment JOIN grid_columns g ON g.id = k.grid";

/// What was found.
#[derive(Clone, Debug)]
pub struct Found {
    /// A page of the keys that match.
    pub rows: Vec<ListRow>,
    /// How many match.
    pub total: i64,
    /// How many keys the last complete lists had, whatever is searched for.
    pub all: i64,
}

/// A page of the keys that match. All keys by their names lie in that order; anything else is found in memory.
///
/// # Errors
/// [`StoreError`].
pub async fn search(
    store: &Store,
    filter: &KeyFilter<'_>,
    sort: SortBy,
    descending: bool,
    offset: u32,
    limit: u32,
) -> Result<Found, StoreError> {
    if filter.is_everything() && sort == SortBy::Name {
        return by_name(store, descending, offset, limit).await;
    }
    let index = store.index.of(store).await?;
    let found = index.find(filter, sort, descending);
    let page = found.iter().skip(offset as usize).take(limit as usize);
    Ok(Found {
        rows: page.map(|key| index.show(key)).collect::<Result<_, _>>()?,
        total: i64::try_from(found.len()).unwrap_or(i64::MAX),
        all: index.present,
    })
}

/// One key as the list has it; `None` when there is no such.
///
/// # Errors
/// [`StoreError`].
pub async fn one(store: &Store, key: KeyId) -> Result<Option<ListRow>, StoreError> {
    let mut query = QueryBuilder::<Sqlite>::new(SHOWN);
    query.push(" WHERE k.id = ").push_bind(key.to_string());
    let row = query.build().fetch_optional(&store.readers).await?;
    row.as_ref().map(read).transpose()
}

async fn by_name(
    store: &Store,
    descending: bool,
    offset: u32,
    limit: u32,
) -> Result<Found, StoreError> {
    let mut query = QueryBuilder::<Sqlite>::new(SHOWN);
    query.push(if descending {
        " ORDER BY k.label_order DESC, k.rowid DESC LIMIT "
    } else {
        " ORDER BY k.label_order, k.rowid LIMIT "
    });
    query.push_bind(i64::from(limit));
    query.push(" OFFSET ").push_bind(i64::from(offset));
    let counts = sqlx::query!(
        r#"SELECT count(*) AS "total!: i64", count(*) FILTER (WHERE gone_at IS NULL) AS "present!: i64" FROM keys"#
    );
    let (rows, counts) = tokio::try_join!(
        query.build().fetch_all(&store.readers),
        counts.fetch_one(&store.readers)
    )?;
    Ok(Found {
        rows: rows.iter().map(read).collect::<Result<_, _>>()?,
        total: counts.total,
        all: counts.present,
    })
}

/// What a list says of a key's deployment.
#[derive(Clone, Debug)]
pub(crate) struct Home {
    pub(crate) id: DeploymentId,
    pub(crate) environment: Environment,
    pub(crate) name: String,
}

/// What a list says of a key itself, as it is stored.
pub(crate) struct Said<'a> {
    pub(crate) id: KeyId,
    pub(crate) label: &'a str,
    pub(crate) counts: &'a str,
    pub(crate) weight: i64,
    pub(crate) created_at: Option<i64>,
    pub(crate) expires: Option<&'a str>,
    pub(crate) gone_at: Option<i64>,
    pub(crate) notices: Option<&'a str>,
}

impl Said<'_> {
    /// The row of a key of this deployment, with these columns.
    pub(crate) fn of(self, home: Home, columns: &[Column]) -> Result<ListRow, StoreError> {
        let counts: RightsCounts = serde_json::from_str(self.counts)?;
        let is_admin = self.weight == i64::from(RightsCounts::ADMIN_WEIGHT);
        Ok(ListRow {
            id: self.id,
            label: self.label.to_owned(),
            deployment: home.id,
            deployment_name: home.name,
            environment: home.environment,
            rights: counts.summary(columns, is_admin),
            created_at: self.created_at.map(UnixMs),
            expires: (self.expires).map_or(Ok(Expiry::Unsupported), serde_json::from_str)?,
            gone_at: self.gone_at.map(UnixMs),
            notices: (self.notices).map_or(Ok(vec![]), serde_json::from_str)?,
        })
    }
}

fn read(row: &SqliteRow) -> Result<ListRow, StoreError> {
    let text = |name| -> Result<&str, StoreError> { Ok(row.try_get(name)?) };
    let environment = Environment::from_word(text("environment")?).ok_or(StoreError::Damaged)?;
    let home = Home {
        id: (text("deployment")?.parse()).map_err(|_| StoreError::Damaged)?,
        environment,
        name: text("name")?.to_owned(),
    };
    let columns: Vec<Column> = serde_json::from_str(text("columns")?)?;
    let said = Said {
        id: text("id")?.parse().map_err(|_| StoreError::Damaged)?,
        label: text("label")?,
        counts: text("counts")?,
        weight: row.try_get("weight")?,
        created_at: row.try_get("created_at")?,
        expires: row.try_get("expires")?,
        gone_at: row.try_get("gone_at")?,
        notices: row.try_get("notices")?,
    };
    said.of(home, &columns)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{deployments, keys};
    use domain::{Identity, KeyKind, ListedKey, RightsGrid};
    use tempfile::TempDir;

    const ALL: [&str; 4] = ["Billing", "billing-2", "mailer", "search-all"];

    #[tokio::test]
    async fn what_is_found_is_of_now_and_in_the_order_of_the_whole_list() {
        let (_folder, store) = stocked().await;
        let whole = search(&store, &filter(""), SortBy::Name, false, 0, 9).await;
        let whole = whole.unwrap();
        assert_eq!(
            (labels(&whole), whole.total, whole.all),
            (ALL.to_vec(), 4, 4)
        );
        // Read from the file, and from memory.
        let searched = find(&store, "l", SortBy::Name, false).await;
        assert_eq!(format!("{:?}", searched.rows), format!("{:?}", whole.rows));
        let found = async |text| labels(&find(&store, text, SortBy::Name, false).await).join(" ");
        assert_eq!(found("l").await, ALL.join(" "));
        assert_eq!(found("SHOP bill").await, "Billing billing-2");
        assert_eq!(found("other").await, "mailer search-all");
        assert_eq!(found("billing other").await, "");
        assert_eq!(found("[").await, "", "what is shown only is not searched");
        let new = KeyId::at(UnixMs(9));
        put(&store, 1, new, &key("bill", None, Expiry::Never)).await;
        assert_eq!(found("bill").await, "bill Billing billing-2");
        assert_eq!(one(&store, new).await.unwrap().unwrap().label, "bill");
        let mut writer = store.write().await.unwrap();
        let named = deployments::set_name(&mut writer, home(2), "depot", Environment::Test);
        named.await.unwrap();
        writer.commit().await.unwrap();
        assert_eq!(
            (found("other").await, found("depot").await),
            (String::new(), "mailer search-all".into())
        );
        let mut writer = store.write().await.unwrap();
        deployments::delete(&mut writer, home(1)).await.unwrap();
        writer.commit().await.unwrap();
        assert_eq!(found("l").await, "mailer search-all");
        store.close().await;
    }

    #[tokio::test]
    async fn every_order_has_its_reverse_and_what_has_no_time_comes_last() {
        let (_folder, store) = stocked().await;
        for (sort, up, down) in [
            (SortBy::Name, [0, 1, 2, 3], [3, 2, 1, 0]),
            (SortBy::Deployment, [2, 3, 0, 1], [0, 1, 2, 3]),
            (SortBy::Rights, [0, 1, 2, 3], [3, 0, 1, 2]),
            (SortBy::Age, [1, 0, 3, 2], [3, 0, 1, 2]),
            (SortBy::Expires, [2, 0, 1, 3], [0, 2, 1, 3]),
        ] {
            for (descending, wanted) in [(false, up), (true, down)] {
                let found = find(&store, "l", sort, descending).await;
                assert_eq!(
                    labels(&found),
                    wanted.map(|at| ALL[at]),
                    "{sort:?} {descending}"
                );
            }
        }
        store.close().await;
    }

    #[tokio::test]
    async fn a_page_is_a_part_of_what_is_found() {
        let (_folder, store) = stocked().await;
        for text in ["", "l"] {
            for (descending, wanted) in [(false, "billing-2"), (true, "mailer")] {
                let page = search(&store, &filter(text), SortBy::Name, descending, 1, 1).await;
                let page = page.unwrap();
                assert_eq!((labels(&page), page.total), (vec![wanted], 4), "{text}");
            }
        }
        let beyond = search(&store, &filter("l"), SortBy::Name, false, 9, 1).await;
        assert_eq!(beyond.unwrap().total, 4);
        store.close().await;
    }

    /// Two deployments, `shop` and `other`, with two keys each.
    async fn stocked() -> (TempDir, Store) {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("keystead.db"))
            .await
            .unwrap();
        for (nth, name) in [(1, "shop"), (2, "other")] {
            let mut writer = store.write().await.unwrap();
            let id = home(nth).to_string();
            let row = sqlx::query(
                "INSERT INTO deployments (id, name, environment, provider, created_at) VALUES (?, ?, 'test', 'ekodb', 0)",
            );
            row.bind(id)
                .bind(name)
                .execute(writer.quietly())
                .await
                .unwrap();
            writer.commit().await.unwrap();
        }
        let until = |at| Expiry::At { at: UnixMs(at) };
        let mut admin = key(ALL[3], Some(10), Expiry::Never);
        admin.rights.admin = true;
        // In another order than that of their labels.
        for (nth, at, key) in [
            (2, 4, admin),
            (1, 3, key(ALL[1], Some(30), Expiry::Never)),
            (2, 2, key(ALL[2], None, until(10))),
            (1, 1, key(ALL[0], Some(20), until(30))),
        ] {
            put(&store, nth, KeyId::at(UnixMs(at)), &key).await;
        }
        (folder, store)
    }

    fn home(nth: i64) -> DeploymentId {
        format!("00000000-0000-7000-8000-00000000000{nth}")
            .parse()
            .unwrap()
    }

    fn key(label: &str, created_at: Option<i64>, expires: Expiry) -> ListedKey {
        ListedKey {
            identity: Identity {
                remote_id: Some(domain::RemoteId(format!("id of {}", label.len()))),
                fingerprint: None,
            },
            prefix: None,
            label: label.to_owned(),
            description: String::new(),
            kind: KeyKind::Scoped,
            created_at: created_at.map(UnixMs),
            expires,
            rights: RightsGrid::default(),
            extras: serde_json::Map::new(),
            notices: vec![],
        }
    }

    async fn put(store: &Store, nth: i64, id: KeyId, key: &ListedKey) {
        let mut writer = store.write().await.unwrap();
        keys::put(&mut writer, home(nth), id, key, UnixMs(0))
            .await
            .unwrap();
        writer.commit().await.unwrap();
    }

    fn filter(text: &str) -> KeyFilter<'_> {
        KeyFilter {
            text,
            deployment: None,
            environment: None,
        }
    }

    async fn find(store: &Store, text: &str, sort: SortBy, descending: bool) -> Found {
        search(store, &filter(text), sort, descending, 0, 9)
            .await
            .unwrap()
    }

    fn labels(found: &Found) -> Vec<&str> {
        found.rows.iter().map(|row| row.label.as_str()).collect()
    }
}
