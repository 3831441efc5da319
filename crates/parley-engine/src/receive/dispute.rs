//! That endpoints contradict each other, kept from run to run until it is settled: whoever was against
//! what is held says the same by now, is outweighed, or was removed by a person. It judges nothing.

use parley_store::{Store, StoreError};
use serde_json::{Value, json};

const KEY: &str = "disputed";

/// How often in a row endpoints may differ before it is said: a branch may just be changing.
pub(crate) const PATIENCE: u64 = 3;

/// Keeps who is against what is held, once more, or for certain. Whoever was against it before still
/// is. How often it was so far.
pub(crate) fn keep(
    store: &mut Store,
    against: &[String],
    certain: bool,
) -> Result<u64, StoreError> {
    let mut all = dissent(store)?;
    all.extend(against.iter().cloned());
    all.sort_unstable();
    all.dedup();
    let times = times(store)?.saturating_add(1);
    let times = if certain { times.max(PATIENCE) } else { times };
    write(store, &all, times)?;
    Ok(times)
}

/// Who is still against it: those were, but for these.
pub(crate) fn still_against(store: &Store, for_it: &[String]) -> Result<Vec<String>, StoreError> {
    let mut against = dissent(store)?;
    against.retain(|url| !for_it.contains(url));
    Ok(against)
}

/// Nobody else is against it any more.
pub(crate) fn only(store: &mut Store, against: &[String]) -> Result<(), StoreError> {
    if dissent(store)?.len() > against.len() {
        let times = times(store)?;
        write(store, against, times)?;
    }
    Ok(())
}

fn write(store: &mut Store, against: &[String], times: u64) -> Result<(), StoreError> {
    let text = json!({ "against": against, "times": times }).to_string();
    store.set(KEY, &text)
}

/// It is settled.
pub(crate) fn forget(store: &mut Store) -> Result<(), StoreError> {
    if kept(store)?.is_some() {
        store.unset(KEY)?;
    }
    Ok(())
}

/// Whether endpoints contradict each other, and not only because a branch is changing.
pub(crate) fn is_said(store: &Store) -> Result<bool, StoreError> {
    Ok(times(store)? >= PATIENCE)
}

fn times(store: &Store) -> Result<u64, StoreError> {
    let kept = kept(store)?;
    let times = kept.and_then(|kept| kept.get("times")?.as_u64());
    Ok(times.unwrap_or(0))
}

/// Whether anybody was against what is held when last asked.
pub(crate) fn is_any(store: &Store) -> Result<bool, StoreError> {
    Ok(kept(store)?.is_some())
}

/// The endpoints that were against what is held when last asked, and are still in the list.
fn dissent(store: &Store) -> Result<Vec<String>, StoreError> {
    let kept = kept(store)?;
    let against = kept
        .as_ref()
        .and_then(|kept| kept.get("against")?.as_array());
    let listed = store.endpoints()?;
    let urls = against.into_iter().flatten().filter_map(Value::as_str);
    let urls = urls.filter(|url| listed.iter().any(|row| row.url == *url));
    Ok(urls.map(str::to_owned).collect())
}

/// Whether one of them was not found to lie: it may be right.
pub(crate) fn is_open(store: &Store) -> Result<bool, StoreError> {
    let against = dissent(store)?;
    let listed = store.endpoints()?;
    let honest = |url: &String| {
        let row = listed.iter().find(|row| row.url == *url);
        row.is_some_and(|row| row.demoted.is_none())
    };
    Ok(against.iter().any(honest))
}

fn kept(store: &Store) -> Result<Option<Value>, StoreError> {
    let text = store.setting(KEY)?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}
