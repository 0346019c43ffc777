//! The rooms as they were read last: connections that come back at once need one query together, and not one or two each.
//! Called by `rooms`, `membership` and `commit`.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use hubbub_protocol::{RoomId, RoomInfo};
use tokio::time::Instant;

use crate::store::{Store, StoreError};

/// How long a list is used. A change on this node ends that at once; of a change on another node, a notice may get lost.
const USED_FOR: Duration = Duration::from_secs(1);

/// The list of all rooms, shared by the rules that need it.
#[derive(Default)]
pub(super) struct RoomList {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    newest: Option<ReadRooms>,
    /// How many changes there were. A list that was read before the last one is not kept.
    n_changes: u64,
}

struct ReadRooms {
    at: Instant,
    rooms: Arc<[RoomInfo]>,
}

impl RoomList {
    /// Returns every room, oldest first.
    ///
    /// # Errors
    /// Only the store's.
    pub(super) async fn all(&self, store: &dyn Store) -> Result<Arc<[RoomInfo]>, StoreError> {
        let (recent, n_changes) = (self.recent(), self.state().n_changes);
        if let Some(rooms) = recent {
            return Ok(rooms);
        }
        let at = Instant::now();
        let rooms: Arc<[RoomInfo]> = store.rooms().await?.into();
        let mut state = self.state();
        if state.n_changes == n_changes {
            state.newest = Some(ReadRooms { at, rooms: Arc::clone(&rooms) });
        }
        Ok(rooms)
    }

    /// Returns whether there is a room, by a query unless the list has it.
    ///
    /// # Errors
    /// Only the store's.
    pub(super) async fn has(&self, store: &dyn Store, id: RoomId) -> Result<bool, StoreError> {
        let is_listed = self.recent().is_some_and(|rooms| rooms.iter().any(|room| room.id == id));
        Ok(is_listed || store.room(id).await?.is_some())
    }

    /// Records that a room was created, or has another name or topic. Call it after the commit.
    pub(super) fn changed(&self) {
        let mut state = self.state();
        state.n_changes += 1;
        state.newest = None;
    }

    fn recent(&self) -> Option<Arc<[RoomInfo]>> {
        let state = self.state();
        let newest = state.newest.as_ref()?;
        (newest.at.elapsed() < USED_FOR).then(|| Arc::clone(&newest.rooms))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no holder of this lock panics")
    }
}
