//! localStorage and sessionStorage. Storage may be switched off or full: then nothing is stored, and no call fails.

use hubbub_protocol::MemberId;
use leptos::prelude::window;
use web_sys::Storage;

/// The value of a key in localStorage.
pub(crate) fn read(key: &str) -> Option<String> {
    storage()?.get_item(key).ok()?
}

/// The value of a key in sessionStorage, which belongs to this tab.
pub(crate) fn read_in_tab(key: &str) -> Option<String> {
    tab_storage()?.get_item(key).ok()?
}

/// Stores a value in sessionStorage.
pub(crate) fn write_in_tab(key: &str, value: &str) {
    if let Some(storage) = tab_storage() {
        let _ = storage.set_item(key, value);
    }
}

/// Stores a value in localStorage.
pub(crate) fn write(key: &str, value: &str) {
    if let Some(storage) = storage() {
        // Fails when the storage is full. The value is still on the screen.
        let _ = storage.set_item(key, value);
    }
}

/// Removes a key from localStorage.
pub(crate) fn remove(key: &str) {
    if let Some(storage) = storage() {
        // Removing fails only without storage.
        let _ = storage.remove_item(key);
    }
}

/// Every key in localStorage with a prefix, without the prefix, in order.
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

/// Removes every key with a prefix that belongs to a member other than this one. A guest who has left never returns.
pub(crate) fn forget_others(prefix: &str, member: MemberId) {
    let own = format!("{member}.");
    for rest in rests_of_keys(prefix).iter().filter(|rest| !rest.starts_with(&own)) {
        remove(&format!("{prefix}{rest}"));
    }
}

/// Moves every key with a prefix to another prefix.
pub(crate) fn rename(from: &str, to: &str) {
    for rest in rests_of_keys(from) {
        let key = format!("{from}{rest}");
        if let Some(value) = read(&key) {
            write(&format!("{to}{rest}"), &value);
            remove(&key);
        }
    }
}

fn storage() -> Option<Storage> {
    window().local_storage().ok()?
}

fn tab_storage() -> Option<Storage> {
    window().session_storage().ok()?
}
