//! The feed of a connection: the changes and hints after its cursors, for every room that it follows. A transport reads the
//! feed and nothing else of the hub. A feed knows no transport.

use std::sync::Arc;

use hubbub_protocol::{Cursor, Member, RoomId, Seq};
use smallvec::SmallVec;

use super::catch_up::{CaughtUp, catch_up, up_to_date};
use super::recent::Found;
use super::room::Room;
use super::subscriber::{Loan, Position, Positions, Subscriber};
use super::{Admission, Closing, Frame, FrameWriter, Hub};
use crate::chat::Membership;
use crate::store::StoreError;

/// One connection's view of the rooms that it follows. Dropping it leaves them all.
pub struct Feed {
    hub: Arc<Hub>,
    admission: Admission,
    /// Empty while they are lent.
    positions: Positions,
    /// The rooms of the positions, in the same order.
    rooms: SmallVec<[Arc<Room>; 1]>,
    global_hints_seen: u64,
}

impl Feed {
    /// Creates the feed of a connection, which follows no room yet.
    #[must_use]
    pub fn new(hub: Arc<Hub>, admission: Admission) -> Self {
        let global_hints_seen = hub.next_global_hint();
        Self { hub, admission, positions: Positions::new(), rooms: SmallVec::new(), global_hints_seen }
    }

    /// Returns the member whose connection it is.
    #[must_use]
    pub fn member(&self) -> &Member {
        self.admission.member()
    }

    /// Returns how many rooms it follows.
    #[must_use]
    pub fn n_rooms(&self) -> usize {
        self.rooms.len()
    }

    /// Follows a room from a cursor on, and adds the frames with which the client must begin to `frames`. A room that is
    /// followed already is followed anew from the cursor.
    ///
    /// It subscribes first and reads the store then, in this order: what is published in between is there twice, and
    /// [`Feed::take`] skips what the cursor includes. In the other order it would be missing.
    ///
    /// If the future is dropped, the room is not followed.
    ///
    /// # Errors
    /// The store's; the room is not followed then.
    pub async fn follow(
        &mut self,
        membership: &Membership,
        after: Option<Cursor>,
        frames: &mut Vec<Frame>,
    ) -> Result<(), StoreError> {
        let id = membership.room();
        self.unfollow(id);
        let entered = EnteredRoom::new(&self.hub, &self.admission, membership);
        let caught_up = self.catch_up(&entered, id, after).await?;
        frames.extend(caught_up.frames);
        let (room, position) = entered.into_parts(caught_up.cursor);
        room.learn_head(caught_up.cursor);
        // A list that grows by itself would have capacity for four at once.
        self.positions.reserve_exact(1);
        self.rooms.reserve_exact(1);
        self.positions.push(position);
        self.rooms.push(room);
        // Something may have been published before the cursor was known.
        self.notify();
        Ok(())
    }

    /// Follows a room no longer.
    pub fn unfollow(&mut self, room: RoomId) {
        if let Some(i) = self.positions.iter().position(|position| position.room == room) {
            self.positions.swap_remove(i);
            self.rooms.swap_remove(i);
            self.hub.leave(room, self.admission.number(), self.admission.member());
        }
    }

    /// Follows no room any longer.
    pub fn unfollow_all(&mut self) {
        self.reclaim();
        self.rooms.clear();
        for position in self.positions.drain(..) {
            self.hub.leave(position.room, self.admission.number(), self.admission.member());
        }
    }

    /// Adds what the client has not been sent yet to `frames`, about [`READ_BYTES`] a room. If there is more, the feed is
    /// notified. Adds nothing if the client is up to date.
    ///
    /// Not cancel safe: changes that are being read from the store are lost with the future, and the feed has a gap.
    ///
    /// # Errors
    /// The store's, if the client needs changes that are no longer among the recent ones.
    ///
    /// [`READ_BYTES`]: super::room::READ_BYTES
    pub async fn take(&mut self, frames: &mut Vec<Frame>) -> Result<(), StoreError> {
        self.hub.read_global_hints(&mut self.global_hints_seen, frames);
        for (room, position) in self.rooms.iter().zip(&mut self.positions) {
            match room.take(position, frames) {
                Found::All => {}
                Found::More => self.admission.subscriber().notifier.notify(),
                Found::TooOld => {
                    let after = Cursor { epoch: self.hub.store.epoch(), seq: position.cursor };
                    // On the heap, so that an idle connection's task has no space set aside for it.
                    let reader = self.admission.member().id;
                    let caught_up = Box::pin(catch_up(&*self.hub.store, position.room, reader, Some(after))).await?;
                    frames.extend(caught_up.frames);
                    position.cursor = caught_up.cursor;
                    self.admission.subscriber().notifier.notify();
                }
            }
        }
        Ok(())
    }

    /// Lends the connection's writer to the hub, which writes to it what is published until [`Feed::reclaim`]. The feed is
    /// still notified where the hub can't write. Until then only waiting is allowed.
    pub fn lend(&mut self, writer: Arc<dyn FrameWriter>) {
        let positions = std::mem::take(&mut self.positions);
        self.admission.subscriber().lend(Loan { positions, writer, is_full: false });
    }

    /// Takes the writer back, if it was lent.
    pub fn reclaim(&mut self) -> Option<Arc<dyn FrameWriter>> {
        let Loan { positions, writer, .. } = self.admission.subscriber().reclaim()?;
        self.positions = positions;
        Some(writer)
    }

    /// Waits until there may be something to take. Cancel safe.
    pub async fn notified(&self) {
        self.admission.subscriber().notifier.notified().await;
    }

    /// Waits until the connection must end, and leaves notifications to [`Feed::notified`]. Cancel safe.
    pub async fn closed(&self) {
        self.admission.subscriber().notifier.closed().await;
    }

    /// Returns a listener to the feed's notifications, for a transport that waits without holding the feed.
    #[must_use]
    pub fn listener(&self) -> Listener {
        Listener(Arc::clone(self.admission.subscriber()))
    }

    /// Returns the last change of a room that was given out; None if the room is not followed.
    #[must_use]
    pub fn cursor(&self, room: RoomId) -> Option<Cursor> {
        let position = self.positions.iter().find(|position| position.room == room)?;
        Some(Cursor { epoch: self.hub.store.epoch(), seq: position.cursor })
    }

    /// Returns why the connection must end; None if it needn't. The feed is notified when this changes.
    #[must_use]
    pub fn closing(&self) -> Option<Closing> {
        self.admission.subscriber().notifier.closing()
    }

    /// Returns the frames with which the client begins. A cursor at the head needs no query.
    async fn catch_up(
        &self,
        entered: &EnteredRoom<'_>,
        id: RoomId,
        after: Option<Cursor>,
    ) -> Result<CaughtUp, StoreError> {
        let store = &*self.hub.store;
        match (after, entered.head()) {
            (Some(after), Some(head)) if after == (Cursor { epoch: store.epoch(), seq: head }) => {
                Ok(up_to_date(id, head))
            }
            _ => catch_up(store, id, self.admission.member().id, after).await,
        }
    }

    fn notify(&self) {
        self.admission.subscriber().notifier.notify();
    }
}

/// Waits for the notifications of a [`Feed`]. Only one task may wait at a time: the one that began last is woken.
pub struct Listener(Arc<Subscriber>);

impl Listener {
    /// As [`Feed::notified`].
    pub async fn notified(&self) {
        self.0.notifier.notified().await;
    }

    /// As [`Feed::closing`].
    #[must_use]
    pub fn closing(&self) -> Option<Closing> {
        self.0.notifier.closing()
    }
}

/// A subscription to a room whose cursor is not known yet. Dropping it leaves the room.
struct EnteredRoom<'a> {
    hub: &'a Hub,
    admission: &'a Admission,
    id: RoomId,
    entered: Option<(Arc<Room>, Position)>,
}

impl<'a> EnteredRoom<'a> {
    fn new(hub: &'a Hub, admission: &'a Admission, membership: &Membership) -> Self {
        let id = membership.room();
        let entered = hub.enter(id, admission.number(), admission.subscriber(), membership.member());
        Self { hub, admission, id, entered: Some(entered) }
    }

    /// Returns the head of the room's stream, as far as the hub knows it.
    fn head(&self) -> Option<Seq> {
        self.entered.as_ref().and_then(|(room, _)| room.head())
    }

    fn into_parts(mut self, cursor: Seq) -> (Arc<Room>, Position) {
        let (room, position) = self.entered.take().expect("only this takes it, and this consumes self");
        (room, Position { cursor, ..position })
    }
}

impl Drop for EnteredRoom<'_> {
    fn drop(&mut self) {
        if self.entered.is_some() {
            self.hub.leave(self.id, self.admission.number(), self.admission.member());
        }
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        self.unfollow_all();
    }
}
