//! One timer that can be moved. Called by `driver`, which knows what it wakes for.

use std::cell::Cell;
use std::time::Duration;

use hubbub_protocol::UnixMillis;
use leptos::prelude::*;

use super::clock;

/// The timer, and when it is due.
#[derive(Default)]
pub(super) struct Alarm(Cell<Option<(UnixMillis, TimeoutHandle)>>);

impl Alarm {
    /// Sets it to a moment, or to none. A timer that is set to that moment already is left alone.
    pub(super) fn set(&self, due: Option<UnixMillis>, ring: impl FnOnce() + 'static) {
        match (self.0.take(), due) {
            (Some((at, timer)), Some(due)) if at == due => return self.0.set(Some((at, timer))),
            (Some((_, timer)), _) => timer.clear(),
            (None, _) => {}
        }
        let Some(due) = due else { return };
        let wait = Duration::from_millis(due.0.saturating_sub(clock::now().0));
        if let Ok(timer) = set_timeout_with_handle(ring, wait) {
            self.0.set(Some((due, timer)));
        }
    }

    /// It has rung.
    pub(super) fn rang(&self) {
        self.0.take();
    }
}
