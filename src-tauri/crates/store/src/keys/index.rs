//! What the list of keys is searched and sorted by, in memory: made when it is first asked for after a change, and let go
//! when nobody has asked for a while.

use crate::{
    Store, StoreError,
    keys::list::{KeyFilter, SortBy},
};
use domain::{DeploymentId, Environment};
use sqlx::SqliteConnection;
use std::{
    cmp::Reverse,
    collections::HashMap,
    ops::Range,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::sync::Mutex;

/// How long what nobody asks for is kept.
const IDLE: Duration = Duration::from_mins(1);

/// Where the index lies while there is one.
#[derive(Debug, Default)]
pub(crate) struct Place {
    index: Mutex<Option<(u64, Arc<KeyIndex>)>>,
    /// Counts the changes of keys, and of what their deployments are called.
    changes: AtomicU64,
    /// Counts the questions.
    asked: AtomicU64,
}

impl Place {
    /// Keys have changed, or what their deployments are called: what is known of them is from before.
    pub(crate) fn change(&self) {
        self.changes.fetch_add(1, Ordering::SeqCst);
    }

    /// The index of what is stored now.
    pub(crate) async fn of(self: &Arc<Self>, store: &Store) -> Result<Arc<KeyIndex>, StoreError> {
        let asked = self.asked.fetch_add(1, Ordering::SeqCst) + 1;
        let mut index = self.index.lock().await;
        // Asked for before it is read: a change in between makes the next question read it anew.
        let now = self.changes.load(Ordering::SeqCst);
        if let Some((of, known)) = &*index
            && *of == now
        {
            return Ok(Arc::clone(known));
        }
        // The old one goes first: two would be twice the memory.
        *index = None;
        let read = Arc::new(KeyIndex::read(store).await?);
        *index = Some((now, Arc::clone(&read)));
        drop(index);
        self.let_go_after(asked);
        Ok(read)
    }

    /// Lets the index go when nobody has asked for it for a while.
    fn let_go_after(self: &Arc<Self>, asked: u64) {
        let (place, mut seen) = (Arc::downgrade(self), Some(asked));
        tokio::spawn(async move {
            while let Some(asked) = seen {
                tokio::time::sleep(IDLE).await;
                let Some(place) = place.upgrade() else { return };
                seen = place.asked_since(asked).await;
            }
        });
    }

    /// How often was asked by now; `None` when nobody has asked since, and there is no index any more.
    async fn asked_since(&self, asked: u64) -> Option<u64> {
        let mut index = self.index.lock().await;
        let now = self.asked.load(Ordering::SeqCst);
        if now == asked {
            *index = None;
        }
        Some(now).filter(|now| *now != asked)
    }
}

/// Every key of the copy, in the order of the labels.
#[derive(Debug)]
pub(crate) struct KeyIndex {
    keys: Vec<Entry>,
    /// What is searched, key after key.
    text: String,
    homes: Vec<Home>,
    /// How many of them the last complete lists had.
    pub(crate) present: i64,
}

#[derive(Debug)]
struct Entry {
    /// Its row in the file.
    row: i64,
    /// Its deployment's place among the deployments.
    home: usize,
    /// Its part of the text.
    text: Range<usize>,
    /// How much of that part is the label, in bytes.
    label: usize,
    weight: i64,
    created_at: Option<i64>,
    expires: Option<i64>,
}

/// A deployment.
#[derive(Debug)]
struct Home {
    id: DeploymentId,
    environment: Environment,
    name: String,
    /// The name in lower case.
    searched: String,
}

/// How many keys are read at a time.
const READ_AT_ONCE: i64 = 2_000;

impl KeyIndex {
    async fn read(store: &Store) -> Result<Self, StoreError> {
        // One look at the file, whatever is committed meanwhile.
        let mut look = store.readers.begin().await?;
        let homes = homes(&mut look).await?;
        let places = homes.iter().zip(0..);
        let places: HashMap<String, usize> =
            places.map(|(home, at)| (home.id.to_string(), at)).collect();
        let (mut keys, mut text, mut present) = (Vec::new(), String::new(), 0);
        let mut last = i64::MIN;
        loop {
            let rows = sqlx::query!(
                r#"SELECT rowid AS "row!: i64", deployment, label_order, description, remote_id, prefix, weight,
                    created_at, expires_order, gone_at
                FROM keys NOT INDEXED WHERE rowid > ? ORDER BY rowid LIMIT ?"#,
                last,
                READ_AT_ONCE
            );
            let rows = rows.fetch_all(&mut *look).await?;
            let Some(end) = rows.last() else { break };
            last = end.row;
            for row in rows {
                let begin = text.len();
                text.push_str(&row.label_order);
                let label = text.len();
                // No word has a line's end in it, so none is found across two of these.
                for part in [
                    &row.description.to_lowercase(),
                    row.remote_id.as_deref().unwrap_or(""),
                    row.prefix.as_deref().unwrap_or(""),
                ] {
                    text.push('\n');
                    text.push_str(part);
                }
                present += i64::from(row.gone_at.is_none());
                keys.push(Entry {
                    row: row.row,
                    home: *places.get(&row.deployment).ok_or(StoreError::Damaged)?,
                    text: begin..text.len(),
                    label: label - begin,
                    weight: row.weight,
                    created_at: row.created_at,
                    expires: row.expires_order,
                });
            }
        }
        look.rollback().await?;
        Ok(Self::sorted(keys, &text, homes, present))
    }

    /// Lays everything in the order of the labels; keys of one label as they lie in the file.
    fn sorted(mut keys: Vec<Entry>, text: &str, homes: Vec<Home>, present: i64) -> Self {
        let of = |range: Range<usize>| text.get(range).unwrap_or_default();
        let label = |key: &Entry| of(key.text.start..key.text.start + key.label);
        keys.sort_by(|a, b| label(a).cmp(label(b)));
        let mut ordered = String::with_capacity(text.len());
        for key in &mut keys {
            let begin = ordered.len();
            ordered.push_str(of(key.text.clone()));
            key.text = begin..ordered.len();
        }
        keys.shrink_to_fit();
        Self {
            keys,
            text: ordered,
            homes,
            present,
        }
    }

    /// The rows of the keys that match, sorted.
    pub(crate) fn find(&self, filter: &KeyFilter<'_>, sort: SortBy, descending: bool) -> Vec<i64> {
        let words = filter.text.to_lowercase();
        let words: Vec<(&str, Vec<bool>)> = words
            .split_whitespace()
            .map(|word| {
                let named = self.homes.iter().map(|home| home.searched.contains(word));
                (word, named.collect())
            })
            .collect();
        let homes: Vec<bool> = self.homes.iter().map(|home| home.fits(filter)).collect();
        let is = |list: &[bool], at: usize| list.get(at).copied().unwrap_or(false);
        let fits = |key: &&Entry| {
            let text = || self.text.get(key.text.clone()).unwrap_or_default();
            let has =
                |(word, named): &(&str, Vec<bool>)| is(named, key.home) || text().contains(word);
            is(&homes, key.home) && words.iter().all(has)
        };
        let mut found: Vec<&Entry> = self.keys.iter().filter(fits).collect();
        self.sort(&mut found, sort, descending);
        found.into_iter().map(|key| key.row).collect()
    }

    /// By name they lie already; that is also the order of keys which are equal otherwise.
    fn sort(&self, found: &mut [&Entry], sort: SortBy, descending: bool) {
        match sort {
            SortBy::Name if descending => found.reverse(),
            SortBy::Name => {}
            SortBy::Deployment => turned(found, descending, |key| {
                self.homes.get(key.home).map(|home| home.name.as_str())
            }),
            SortBy::Rights => turned(found, descending, |key| key.weight),
            // The youngest first, and what has no time last either way.
            SortBy::Age => {
                turned(found, !descending, |key| key.created_at);
                found.sort_by_key(|key| key.created_at.is_none());
            }
            SortBy::Expires => {
                turned(found, descending, |key| key.expires);
                found.sort_by_key(|key| key.expires.is_none());
            }
        }
    }
}

/// Sorts by this, and leaves what is equal as it lies.
fn turned<'a, K: Ord>(found: &mut [&'a Entry], descending: bool, by: impl Fn(&'a Entry) -> K) {
    if descending {
        found.sort_by_key(|key| Reverse(by(key)));
    } else {
        found.sort_by_key(|key| by(key));
    }
}

impl Home {
    fn fits(&self, filter: &KeyFilter<'_>) -> bool {
        filter.deployment.is_none_or(|id| id == self.id)
            && filter
                .environment
                .is_none_or(|kind| kind == self.environment)
    }
}

async fn homes(look: &mut SqliteConnection) -> Result<Vec<Home>, StoreError> {
    let rows = sqlx::query!("SELECT id, name, environment FROM deployments");
    let rows = rows.fetch_all(look).await?.into_iter();
    let homes = rows.map(|row| {
        Ok(Home {
            id: row.id.parse().map_err(|_| StoreError::Damaged)?,
            environment: Environment::from_word(&row.environment).ok_or(StoreError::Damaged)?,
            searched: row.name.to_lowercase(),
            name: row.name,
        })
    });
    homes.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_index_stays_while_somebody_asks_and_no_longer() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("keystead.db"))
            .await
            .unwrap();
        let first = store.index.of(&store).await.unwrap();
        let again = store.index.of(&store).await.unwrap();
        assert!(Arc::ptr_eq(&first, &again), "nothing has changed");
        assert_eq!(store.index.asked_since(1).await, Some(2));
        assert!(store.index.index.lock().await.is_some());
        assert_eq!(store.index.asked_since(2).await, None);
        assert!(store.index.index.lock().await.is_none());
        store.close().await;
    }
}
