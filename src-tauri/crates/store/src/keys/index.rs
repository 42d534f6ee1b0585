//! What the list of keys is searched and sorted by and what it shows, in memory: made when it is first asked for after a
//! change, and let go when nobody has asked for a while.

use crate::{
    Store, StoreError,
    keys::list::{Home, KeyFilter, ListRow, Said, SortBy},
};
use domain::{Column, Environment, KeyId};
use sqlx::SqliteConnection;
use std::{
    cmp::Reverse,
    collections::HashMap,
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
    /// What is searched and shown, key after key.
    text: String,
    homes: Vec<Home>,
    /// The columns that grids have, by their row in the file.
    columns: HashMap<i64, Vec<Column>>,
    /// How many of them the last complete lists had.
    pub(crate) present: i64,
}

/// A key.
#[derive(Debug)]
pub(crate) struct Entry {
    id: KeyId,
    /// Its deployment's place among the deployments.
    home: usize,
    /// Its columns' row in the file.
    grid: i64,
    text: Text,
    weight: i64,
    created_at: Option<i64>,
    expires: Option<i64>,
    gone_at: Option<i64>,
}

/// A key's part of the text: pieces one after the other.
#[derive(Clone, Copy, Debug)]
struct Text {
    begin: usize,
    /// Where each piece ends, from `begin`.
    ends: [u32; Text::PIECES],
}

impl Text {
    const PIECES: usize = 6;
    /// The label in lower case.
    const ORDER: usize = 0;
    /// What else is searched.
    const REST: usize = 1;
    const LABEL: usize = 2;
    const COUNTS: usize = 3;
    const EXPIRES: usize = 4;
    const NOTICES: usize = 5;

    /// Lays the pieces at the end of `text`.
    fn lay(text: &mut String, pieces: [&str; Self::PIECES]) -> Result<Self, StoreError> {
        let begin = text.len();
        let mut ends = [0; Self::PIECES];
        for (piece, end) in pieces.iter().zip(&mut ends) {
            text.push_str(piece);
            *end = u32::try_from(text.len() - begin).map_err(|_| StoreError::Failed)?;
        }
        Ok(Self { begin, ends })
    }

    /// From where the first of these pieces begins to where the last ends.
    fn of<'a>(&self, text: &'a str, first: usize, last: usize) -> &'a str {
        let end = |nth: usize| self.begin + self.ends.get(nth).map_or(0, |end| *end as usize);
        let begin = first.checked_sub(1).map_or(self.begin, end);
        text.get(begin..end(last)).unwrap_or_default()
    }

    fn piece<'a>(&self, text: &'a str, nth: usize) -> &'a str {
        self.of(text, nth, nth)
    }
}

/// How many keys are read at a time.
const READ_AT_ONCE: i64 = 2_000;

impl KeyIndex {
    async fn read(store: &Store) -> Result<Self, StoreError> {
        // One look at the file, whatever is committed meanwhile.
        let mut look = store.readers.begin().await?;
        let homes = homes(&mut look).await?;
        let columns = columns(&mut look).await?;
        let places = homes.iter().zip(0..);
        let places: HashMap<String, usize> =
            places.map(|(home, at)| (home.id.to_string(), at)).collect();
        let (mut keys, mut text, mut present) = (Vec::new(), String::new(), 0);
        let mut last = i64::MIN;
        loop {
            let rows = sqlx::query!(
                r#"SELECT rowid AS "row!: i64", id, deployment, grid, label, label_order, description, remote_id, prefix,
                    counts, weight, created_at, expires, expires_order, gone_at, notices
                FROM keys NOT INDEXED WHERE rowid > ? ORDER BY rowid LIMIT ?"#,
                last,
                READ_AT_ONCE
            );
            let rows = rows.fetch_all(&mut *look).await?;
            let Some(end) = rows.last() else { break };
            last = end.row;
            for row in rows {
                // No word has a line's end in it, so none is found across two of these.
                let rest = format!(
                    "\n{}\n{}\n{}",
                    row.description.to_lowercase(),
                    row.remote_id.as_deref().unwrap_or(""),
                    row.prefix.as_deref().unwrap_or("")
                );
                let pieces = [
                    &row.label_order,
                    &rest,
                    &row.label,
                    &row.counts,
                    row.expires.as_deref().unwrap_or(""),
                    row.notices.as_deref().unwrap_or(""),
                ];
                present += i64::from(row.gone_at.is_none());
                keys.push(Entry {
                    id: row.id.parse().map_err(|_| StoreError::Damaged)?,
                    home: *places.get(&row.deployment).ok_or(StoreError::Damaged)?,
                    grid: row.grid,
                    text: Text::lay(&mut text, pieces)?,
                    weight: row.weight,
                    created_at: row.created_at,
                    expires: row.expires_order,
                    gone_at: row.gone_at,
                });
            }
        }
        look.rollback().await?;
        let text = in_order(&mut keys, &text);
        Ok(Self {
            keys,
            text,
            homes,
            columns,
            present,
        })
    }

    /// A key as the list has it.
    pub(crate) fn show(&self, key: &Entry) -> Result<ListRow, StoreError> {
        let home = self.homes.get(key.home).ok_or(StoreError::Damaged)?;
        let columns = self.columns.get(&key.grid).ok_or(StoreError::Damaged)?;
        let piece = |nth| key.text.piece(&self.text, nth);
        let json = |nth| Some(piece(nth)).filter(|json| !json.is_empty());
        let said = Said {
            id: key.id,
            label: piece(Text::LABEL),
            counts: piece(Text::COUNTS),
            weight: key.weight,
            created_at: key.created_at,
            expires: json(Text::EXPIRES),
            gone_at: key.gone_at,
            notices: json(Text::NOTICES),
        };
        said.of(home.clone(), columns)
    }

    /// The keys that match, sorted.
    pub(crate) fn find(
        &self,
        filter: &KeyFilter<'_>,
        sort: SortBy,
        descending: bool,
    ) -> Vec<&Entry> {
        let words = filter.text.to_lowercase();
        let words: Vec<(&str, Vec<bool>)> = words
            .split_whitespace()
            .map(|word| {
                let named = self
                    .homes
                    .iter()
                    .map(|home| home.name.to_lowercase().contains(word));
                (word, named.collect())
            })
            .collect();
        let homes: Vec<bool> = self.homes.iter().map(|home| filter.fits(home)).collect();
        let is = |list: &[bool], at: usize| list.get(at).copied().unwrap_or(false);
        let fits = |key: &&Entry| {
            let text = || key.text.of(&self.text, Text::ORDER, Text::REST);
            let has =
                |(word, named): &(&str, Vec<bool>)| is(named, key.home) || text().contains(word);
            is(&homes, key.home) && words.iter().all(has)
        };
        let mut found: Vec<&Entry> = self.keys.iter().filter(fits).collect();
        self.sort(&mut found, sort, descending);
        found
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

/// Lays everything in the order of the labels; keys of one label as they lie in the file.
fn in_order(keys: &mut Vec<Entry>, text: &str) -> String {
    keys.sort_by(|a, b| {
        let label = |key: &Entry| key.text.piece(text, Text::ORDER);
        label(a).cmp(label(b))
    });
    let mut ordered = String::with_capacity(text.len());
    for key in keys.iter_mut() {
        let begin = ordered.len();
        ordered.push_str(key.text.of(text, Text::ORDER, Text::NOTICES));
        key.text.begin = begin;
    }
    keys.shrink_to_fit();
    ordered
}

/// Sorts by this, and leaves what is equal as it lies.
fn turned<'a, K: Ord>(found: &mut [&'a Entry], descending: bool, by: impl Fn(&'a Entry) -> K) {
    if descending {
        found.sort_by_key(|key| Reverse(by(key)));
    } else {
        found.sort_by_key(|key| by(key));
    }
}

async fn homes(look: &mut SqliteConnection) -> Result<Vec<Home>, StoreError> {
    let rows = sqlx::query!("SELECT id, name, environment FROM deployments");
    let rows = rows.fetch_all(look).await?.into_iter();
    let homes = rows.map(|row| {
        Ok(Home {
            id: row.id.parse().map_err(|_| StoreError::Damaged)?,
            environment: Environment::from_word(&row.environment).ok_or(StoreError::Damaged)?,
            name: row.name,
        })
    });
    homes.collect()
}

async fn columns(look: &mut SqliteConnection) -> Result<HashMap<i64, Vec<Column>>, StoreError> {
    let rows = sqlx::query!(r#"SELECT id AS "id!: i64", columns FROM grid_columns"#);
    let rows = rows.fetch_all(look).await?.into_iter();
    rows.map(|row| Ok((row.id, serde_json::from_str(&row.columns)?)))
        .collect()
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
