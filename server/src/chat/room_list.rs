//! The rooms as they were read last, and their text: connections that come back at once need one query and one encoding
//! together, and not one each.
//! Called by `rooms`, `membership` and `commit`.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use hubbub_protocol::codec::WelcomeRooms;
use hubbub_protocol::{RoomId, RoomInfo};
use tokio::time::Instant;

use crate::store::{Store, StoreError};

/// How long a list is used. A change on this node ends that at once; of a change on another node, a notice may get lost.
const USED_FOR: Duration = Duration::from_secs(1);

/// All rooms at one time.
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
    /// Held while the list is read, so that those who come meanwhile wait for it instead of reading it as well.
    reading: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct State {
    newest: Option<(Instant, Arc<ListedRooms>)>,
    /// How many changes there were. A list that was read before the last one is not kept.
    n_changes: u64,
}

impl RoomList {
    /// Returns every room.
    ///
    /// # Errors
    /// Only the store's.
    pub(super) async fn all(&self, store: &dyn Store) -> Result<Arc<ListedRooms>, StoreError> {
        if let Some(listed) = self.recent() {
            return Ok(listed);
        }
        let _reading = self.reading.lock().await;
        let (recent, n_changes) = (self.recent(), self.state().n_changes);
        if let Some(listed) = recent {
            return Ok(listed);
        }
        let at = Instant::now();
        let rooms = store.rooms().await?;
        let listed = Arc::new(ListedRooms { welcome: WelcomeRooms::new(&rooms), rooms });
        let mut state = self.state();
        if state.n_changes == n_changes {
            state.newest = Some((at, Arc::clone(&listed)));
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
