//! The list of rooms as it was last read, with its encoded text: connections that come back at the same time cause one query
//! and one encoding. Called by `rooms`, `membership` and `commit`.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use hubbub_protocol::codec::WelcomeRooms;
use hubbub_protocol::{RoomId, RoomInfo};
use tokio::time::Instant;

use crate::store::{Store, StoreError};

/// How long a list is used. A change on this node ends that at once; of a change on another node, a notice may get lost.
const USED_FOR: Duration = Duration::from_secs(1);

/// Every room, as of one query.
pub struct ListedRooms {
    /// Oldest first.
    pub rooms: Vec<RoomInfo>,
    /// The rooms, encoded for `welcome`.
    pub welcome: WelcomeRooms,
}

/// The list of all rooms, shared by the rules that need it.
#[derive(Default)]
pub(super) struct RoomList {
    state: Mutex<State>,
    /// Held while the list is read, so that callers that arrive during the read wait for it and don't read as well.
    reading: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct State {
    newest: Option<(Instant, Arc<ListedRooms>)>,
    /// How many changes there were. A list that was read before the last one is not kept.
    n_changes: u64,
    /// How many reads failed. Callers that waited for one fail as well: a read each would keep the last one waiting long.
    n_failures: u64,
}

impl RoomList {
    /// Returns every room. Waits for the read of another caller, if there is one.
    ///
    /// # Errors
    /// Only the store's, and [`StoreError::Busy`] if the other caller's read failed.
    pub(super) async fn all(&self, store: &dyn Store) -> Result<Arc<ListedRooms>, StoreError> {
        if let Some(listed) = self.recent() {
            return Ok(listed);
        }
        let n_failures = self.state().n_failures;
        let _reading = self.reading.lock().await;
        if let Some(listed) = self.recent() {
            return Ok(listed);
        }
        if self.state().n_failures != n_failures {
            return Err(StoreError::Busy);
        }
        let n_changes = self.state().n_changes;
        let rooms = store.rooms().await.inspect_err(|_| self.state().n_failures += 1)?;
        let listed = Arc::new(ListedRooms { welcome: WelcomeRooms::new(&rooms), rooms });
        let mut state = self.state();
        if state.n_changes == n_changes {
            state.newest = Some((Instant::now(), Arc::clone(&listed)));
        }
        Ok(listed)
    }

    /// Returns whether there is a room, by a query unless the list has it.
    ///
    /// # Errors
    /// Only the store's.
    pub(super) async fn has(&self, store: &dyn Store, id: RoomId) -> Result<bool, StoreError> {
        let is_listed = self.recent().is_some_and(|listed| listed.rooms.iter().any(|room| room.id == id));
        Ok(is_listed || store.room(id).await?.is_some())
    }

    /// Records that a room was created, or has another name or topic. Call it after the commit.
    pub(super) fn changed(&self) {
        let mut state = self.state();
        state.n_changes += 1;
        state.newest = None;
    }

    fn recent(&self) -> Option<Arc<ListedRooms>> {
        let state = self.state();
        let (at, listed) = state.newest.as_ref()?;
        (at.elapsed() < USED_FOR).then(|| Arc::clone(listed))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no holder of this lock panics")
    }
}
