//! Where a tab's request is left for the task that owns its connection, which answers it without hyper: nothing of
//! hyper's then stays in memory while the request waits. `polls` leaves it here, `ordinary` finds it.

use std::future::pending;
use std::sync::{Arc, Mutex};

use crate::http::answer::{Afterwards, Answer};
use crate::http::polls::Asked;

/// See the module. One a connection, in the extensions of its requests.
#[derive(Clone, Default)]
pub(in crate::http) struct Handover(Arc<Mutex<Option<Turn>>>);

/// A tab's request, to be answered before the connection's next is read.
pub(in crate::http) struct Turn {
    /// What it asks for, or what it is answered instead.
    pub(in crate::http) asked: Result<Asked, Answer>,
    pub(in crate::http) afterwards: Afterwards,
}

impl Handover {
    /// Leaves it, and waits to be dropped together with hyper's side of the connection.
    pub(in crate::http) async fn leave(&self, turn: Turn) -> ! {
        *self.0.lock().expect("no holder of this lock panics") = Some(turn);
        pending().await
    }

    /// What was left.
    pub(in crate::http) fn take(&self) -> Option<Turn> {
        self.0.lock().expect("no holder of this lock panics").take()
    }
}
