//! This browser's local storage. It may be switched off or full: then nothing is kept, and nothing else suffers.

use leptos::prelude::window;
use web_sys::Storage;

/// What is stored under a key.
pub(crate) fn read(key: &str) -> Option<String> {
    storage()?.get_item(key).ok()?
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
    let mut rests: Vec<String> = keys.filter_map(|key| key.strip_prefix(prefix).map(str::to_owned)).collect();
    rests.sort_unstable();
    rests
}

fn storage() -> Option<Storage> {
    window().local_storage().ok()?
}
