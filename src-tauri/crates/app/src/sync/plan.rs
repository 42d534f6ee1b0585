//! What a complete list changes. Pure.

use domain::{KeyId, ListedKey};
use std::collections::HashMap;
use store::keys::{KnownKey, digest};

/// What to store after one complete list.
#[derive(Debug, PartialEq)]
pub(crate) struct Plan {
    /// Keys to write: new, changed, or back. `None` = a new local id.
    pub(crate) put: Vec<(Option<KeyId>, ListedKey)>,
    /// Keys that were there and are no more.
    pub(crate) gone: Vec<KeyId>,
}

/// The list contradicts itself and says nothing about which keys exist.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Contradiction;

/// Compares what is stored with a complete list. A listed key is the stored one with the same remote id,
/// else the one with the same fingerprint, else – where neither side has any – one with the same label and
/// age. So a server that begins to give ids does not turn every key into "gone and new".
///
/// # Errors
/// [`Contradiction`]: one id stands for two keys.
pub(crate) fn plan(known: &[KnownKey], listed: Vec<ListedKey>) -> Result<Plan, Contradiction> {
    let mut free: HashMap<KeyId, &KnownKey> = known.iter().map(|key| (key.id, key)).collect();
    let mut matched: Vec<Option<KeyId>> = vec![None; listed.len()];

    let by_id = index(known, |key| key.identity.remote_id.clone());
    let mut seen = std::collections::HashSet::new();
    for (slot, key) in matched.iter_mut().zip(&listed) {
        let Some(remote_id) = &key.identity.remote_id else {
            continue;
        };
        if !seen.insert(remote_id.clone()) {
            return Err(Contradiction);
        }
        *slot = take(&mut free, by_id.get(remote_id));
    }
    let by_fingerprint = index(known, |key| key.identity.fingerprint.clone());
    for (slot, key) in matched
        .iter_mut()
        .zip(&listed)
        .filter(|(slot, _)| slot.is_none())
    {
        let Some(candidates) = key
            .identity
            .fingerprint
            .as_ref()
            .and_then(|print| by_fingerprint.get(print))
        else {
            continue;
        };
        // The same secret under another id is another key, unless one side has no id at all.
        let same = |id: &&KeyId| {
            free.get(*id)
                .is_some_and(|k| k.identity.remote_id.is_none() || key.identity.remote_id.is_none())
        };
        let found = candidates.iter().find(same).copied();
        *slot = found.inspect(|id| {
            free.remove(id);
        });
    }
    let by_looks = index(known, |key| {
        key.identity
            .is_weak()
            .then(|| (key.label.clone(), key.created_at))
    });
    for (slot, key) in matched
        .iter_mut()
        .zip(&listed)
        .filter(|(slot, _)| slot.is_none())
    {
        if key.identity.is_weak() {
            *slot = take(
                &mut free,
                by_looks.get(&(key.label.clone(), key.created_at)),
            );
        }
    }

    let stored: HashMap<KeyId, &KnownKey> = known.iter().map(|key| (key.id, key)).collect();
    let differs = |(id, key): &(Option<KeyId>, ListedKey)| {
        let same = id
            .and_then(|id| stored.get(&id))
            .filter(|k| !k.is_gone && digest(key).is_ok_and(|digest| k.digest == digest));
        same.is_none()
    };
    let put = matched.into_iter().zip(listed).filter(differs).collect();
    let mut gone: Vec<KeyId> = free
        .into_values()
        .filter(|key| !key.is_gone)
        .map(|key| key.id)
        .collect();
    gone.sort_unstable();
    Ok(Plan { put, gone })
}

fn index<K: std::hash::Hash + Eq>(
    known: &[KnownKey],
    of: impl Fn(&KnownKey) -> Option<K>,
) -> HashMap<K, Vec<KeyId>> {
    let mut index: HashMap<K, Vec<KeyId>> = HashMap::new();
    // Keys that are still there come first, so that one that is gone is revived only when no other fits.
    for gone in [false, true] {
        for key in known.iter().filter(|key| key.is_gone == gone) {
            if let Some(name) = of(key) {
                index.entry(name).or_default().push(key.id);
            }
        }
    }
    index
}

fn take(free: &mut HashMap<KeyId, &KnownKey>, candidates: Option<&Vec<KeyId>>) -> Option<KeyId> {
    let id = *candidates?.iter().find(|id| free.contains_key(id))?;
    free.remove(&id);
    Some(id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Expiry, Fingerprint, Identity, KeyKind, RemoteId, RightsGrid, UnixMs};

    fn listed(id: Option<&str>, print: Option<&str>, label: &str) -> ListedKey {
        ListedKey {
            identity: Identity {
                remote_id: id.map(|id| RemoteId(id.into())),
                fingerprint: print.map(|print| Fingerprint(print.into())),
            },
            prefix: None,
            label: label.into(),
            description: String::new(),
            kind: KeyKind::Scoped,
            created_at: Some(UnixMs(5)),
            expires: Expiry::Unsupported,
            rights: RightsGrid::default(),
            extras: serde_json::Map::new(),
            notices: vec![],
        }
    }

    fn known(n: i64, key: &ListedKey) -> KnownKey {
        KnownKey {
            id: KeyId::at(UnixMs(n)),
            identity: key.identity.clone(),
            label: key.label.clone(),
            created_at: key.created_at,
            digest: digest(key).unwrap().to_vec(),
            is_gone: false,
        }
    }

    #[test]
    fn an_equal_list_changes_nothing() {
        let keys = [
            listed(Some("a"), Some("f"), "x"),
            listed(None, Some("g"), "y"),
            listed(None, None, "z"),
        ];
        let stored: Vec<_> = keys
            .iter()
            .enumerate()
            .map(|(n, key)| known(i64::try_from(n).unwrap(), key))
            .collect();
        assert_eq!(
            plan(&stored, keys.to_vec()),
            Ok(Plan {
                put: vec![],
                gone: vec![]
            })
        );
    }

    #[test]
    fn new_changed_gone_and_back() {
        let (a, b) = (listed(Some("a"), None, "a"), listed(Some("b"), None, "b"));
        let mut lost = known(3, &b);
        lost.is_gone = true;
        let stored = [
            known(1, &a),
            known(2, &listed(Some("c"), None, "c")),
            lost.clone(),
        ];
        let renamed = listed(Some("a"), None, "a2");
        let fresh = listed(Some("d"), None, "d");
        let result = plan(&stored, vec![renamed.clone(), b.clone(), fresh.clone()]).unwrap();
        assert_eq!(
            result.put,
            vec![
                (Some(stored[0].id), renamed),
                (Some(lost.id), b),
                (None, fresh)
            ]
        );
        assert_eq!(result.gone, vec![stored[1].id]);
    }

    #[test]
    fn a_server_that_begins_to_give_ids_keeps_its_keys() {
        let before = known(1, &listed(None, Some("f"), "x"));
        let after = listed(Some("a"), Some("f"), "x");
        let result = plan(std::slice::from_ref(&before), vec![after.clone()]);
        assert_eq!(
            result,
            Ok(Plan {
                put: vec![(Some(before.id), after)],
                gone: vec![]
            })
        );
    }

    #[test]
    fn the_same_secret_under_two_ids_is_two_keys() {
        let stored = known(1, &listed(Some("a"), Some("f"), "x"));
        let result = plan(
            std::slice::from_ref(&stored),
            vec![listed(Some("b"), Some("f"), "x")],
        )
        .unwrap();
        assert_eq!((result.put[0].0, result.gone), (None, vec![stored.id]));
    }

    #[test]
    fn one_id_for_two_keys_is_a_contradiction() {
        assert_eq!(
            plan(
                &[],
                vec![listed(Some("a"), None, "x"), listed(Some("a"), None, "y")]
            ),
            Err(Contradiction)
        );
    }
}
