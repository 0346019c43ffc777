//! This browser's storage, and this tab's. It may be switched off or full: then nothing is kept, and nothing else suffers.

use hubbub_protocol::MemberId;
use leptos::prelude::window;
use web_sys::Storage;

/// What is stored under a key.
pub(crate) fn read(key: &str) -> Option<String> {
    storage()?.get_item(key).ok()?
}

/// What this tab has stored under a key, and no other tab sees.
pub(crate) fn read_in_tab(key: &str) -> Option<String> {
    tab_storage()?.get_item(key).ok()?
}

/// Stores under a key for this tab alone.
pub(crate) fn write_in_tab(key: &str, value: &str) {
    if let Some(storage) = tab_storage() {
        let _ = storage.set_item(key, value);
    }
}

/// Stores under a key.
pub(crate) fn write(key: &str, value: &str) {
    if let Some(storage) = storage() {
        // Full: what can't be kept is still on the screen.
        let _ = storage.set_item(key, value);
    }
}

/// Forgets a key.
pub(crate) fn remove(key: &str) {
    if let Some(storage) = storage() {
        // Removing never fails once the storage is there.
        let _ = storage.remove_item(key);
    }
}

/// The rest of every key that begins so, in order.
pub(crate) fn rests_of_keys(prefix: &str) -> Vec<String> {
    let Some(storage) = storage() else { return Vec::new() };
    let n_keys = storage.length().unwrap_or(0);
    let keys = (0..n_keys).filter_map(|i| storage.key(i).ok()?);
    let mut rests = Vec::new();
    for rest in keys.filter_map(|key| key.strip_prefix(prefix).map(str::to_owned)) {
        let place = rests.partition_point(|other| *other < rest);
        rests.insert(place, rest);
    }
    rests
}

/// Forgets what begins so for a member other than this one: who has left is a guest that never comes back.
pub(crate) fn forget_others(prefix: &str, member: MemberId) {
    let own = format!("{member}.");
    for rest in rests_of_keys(prefix).iter().filter(|rest| !rest.starts_with(&own)) {
        remove(&format!("{prefix}{rest}"));
    }
}

fn storage() -> Option<Storage> {
    window().local_storage().ok()?
}

fn tab_storage() -> Option<Storage> {
    window().session_storage().ok()?
}
