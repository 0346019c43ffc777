//! Sets signals. Called by the rest of `state` and by the driver.

use leptos::prelude::*;

/// Sets a signal if its value differs, so that nothing is drawn again for the same value.
pub(crate) fn put<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    signal.try_maybe_update(|old| {
        let is_other = *old != value;
        if is_other {
            *old = value;
        }
        (is_other, ())
    });
}
