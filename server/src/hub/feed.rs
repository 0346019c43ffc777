//! What a transport reads: "what comes after my number?", for every room that a connection follows. All transports
//! read this and nothing else; it knows none of them.

use std::sync::Arc;

use hubbub_protocol::{Cursor, Member, RoomId, Seq};
use smallvec::SmallVec;

use super::catch_up::catch_up;
use super::recent::Found;
use super::room::{Place, Room};
use super::seat::{Lent, Seat};
use super::{Admission, Closing, Frame, Hub, Outlet};
use crate::chat::Membership;
use crate::store::StoreError;

/// Bytes that one [`Feed::take`] gathers of a room at most, about: what a reader is behind beyond it comes with the next.
pub(super) const TAKE_BYTES: usize = 256 * 1024;

/// One connection's view of the rooms that it follows. Dropping it leaves them all.
pub struct Feed {
    hub: Arc<Hub>,
    admission: Admission,
    followed: AllFollowed,
    house_seen: u64,
}

/// Most readers follow one room, which is then kept where the rest of the reader is.
pub(super) type AllFollowed = SmallVec<[Followed; 1]>;

/// A room that a reader follows, and how far it has got.
pub(super) struct Followed {
    pub(super) id: RoomId,
    pub(super) place: Place,
    room: Arc<Room>,
}

impl Feed {
    pub(super) fn new(hub: Arc<Hub>, admission: Admission) -> Self {
        let house_seen = hub.house_next();
        Self { hub, admission, followed: AllFollowed::new(), house_seen }
    }

    /// Whose feed it is.
    #[must_use]
    pub fn member(&self) -> &Member {
        self.admission.member()
    }

    /// How many rooms it follows.
    #[must_use]
    pub fn n_rooms(&self) -> usize {
        self.followed.len()
    }

    /// Follows a room from a cursor on, and adds what the reader must be told first to `frames`. Following a room anew
    /// starts over from the cursor given.
    ///
    /// The order is the guarantee: it subscribes first and reads the log then, so that what is published between the
    /// two is there twice and not never, and [`Feed::take`] passes over what the cursor has.
    ///
    /// Dropping this leaves the room: it is followed only when it is known where the reader stands.
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
        let entered = Entered::into_room(&self.hub, &self.admission, membership);
        let caught_up = catch_up(&*self.hub.store, id, after).await?;
        frames.extend(caught_up.frames);
        // A list that grows would make room for four at once.
        self.followed.reserve_exact(1);
        self.followed.push(entered.stand_at(caught_up.cursor));
        // Something may have been published before the reader's cursor was known.
        self.admission.seat().bell.ring();
        Ok(())
    }

    /// Follows a room no longer.
    pub fn unfollow(&mut self, room: RoomId) {
        if let Some(i) = self.followed.iter().position(|followed| followed.id == room) {
            self.followed.swap_remove(i);
            self.hub.leave(room, self.admission.reader(), self.admission.member());
        }
    }

    /// Follows nothing any longer.
    pub fn unfollow_all(&mut self) {
        self.reclaim();
        for followed in self.followed.drain(..) {
            self.hub.leave(followed.id, self.admission.reader(), self.admission.member());
        }
    }

    /// Adds what the reader is behind to `frames`, about [`TAKE_BYTES`] a room: if there is more, the bell is rung, so
    /// that whoever listens comes back for it. Nothing is added to a reader that is up to date.
    ///
    /// Not cancel safe: what is being read from the store is lost with the future, and with it the feed's claim to be
    /// without holes.
    ///
    /// # Errors
    /// The store's, when the reader needs what is no longer at hand.
    pub async fn take(&mut self, frames: &mut Vec<Frame>) -> Result<(), StoreError> {
        self.hub.read_house(&mut self.house_seen, frames);
        for followed in &mut self.followed {
            match followed.room.take(&mut followed.place, frames, TAKE_BYTES) {
                Found::All => {}
                Found::More => self.admission.seat().bell.ring(),
                Found::TooOld => {
                    let after = Cursor { epoch: self.hub.store.epoch(), seq: followed.place.cursor };
                    // On the heap, so that a reader that keeps up has no room set aside for it.
                    let caught_up = Box::pin(catch_up(&*self.hub.store, followed.id, Some(after))).await?;
                    frames.extend(caught_up.frames);
                    followed.place.cursor = caught_up.cursor;
                    self.admission.seat().bell.ring();
                }
            }
        }
        Ok(())
    }

    /// Leaves the way out to the hub, which from now on writes to it what comes, until it is asked for again. The bell
    /// is still rung where that isn't enough. Until [`Feed::reclaim`] nothing else may be asked of the feed but to wait.
    pub fn lend(&mut self, outlet: Arc<dyn Outlet>) {
        let followed = std::mem::take(&mut self.followed);
        self.admission.seat().lend(Lent { followed, outlet, is_full: false });
    }

    /// Takes the way out back, if it was lent.
    pub fn reclaim(&mut self) -> Option<Arc<dyn Outlet>> {
        let Lent { followed, outlet, .. } = self.admission.seat().reclaim()?;
        self.followed = followed;
        Some(outlet)
    }

    /// Waits until there may be something to take. Cancel safe.
    pub async fn rung(&self) {
        self.admission.seat().bell.heard().await;
    }

    /// Waits until the connection must end. Cancel safe, and a ring that is for something else isn't lost on it.
    pub async fn told_to_close(&self) {
        self.admission.seat().bell.closed().await;
    }

    /// Hears the feed's bell, for a transport that waits without holding the feed.
    #[must_use]
    pub fn listener(&self) -> Listener {
        Listener(Arc::clone(self.admission.seat()))
    }

    /// The last event of a room that was given out; none of a room that is not followed.
    #[must_use]
    pub fn cursor(&self, room: RoomId) -> Option<Cursor> {
        let followed = self.followed.iter().find(|followed| followed.id == room)?;
        Some(Cursor { epoch: self.hub.store.epoch(), seq: followed.place.cursor })
    }

    /// Whether the connection must end, and why. It is rung when this changes.
    #[must_use]
    pub fn closing(&self) -> Option<Closing> {
        self.admission.seat().bell.closing()
    }
}

/// See [`Feed::listener`]. A bell has one listener at a time: whoever listens last is the one that is woken.
pub struct Listener(Arc<Seat>);

impl Listener {
    /// As [`Feed::rung`].
    pub async fn rung(&self) {
        self.0.bell.heard().await;
    }

    /// As [`Feed::closing`].
    #[must_use]
    pub fn closing(&self) -> Option<Closing> {
        self.0.bell.closing()
    }
}

/// A reader that has come into a room and doesn't know yet where it stands. If it never does, it leaves again.
struct Entered<'a> {
    hub: &'a Hub,
    admission: &'a Admission,
    id: RoomId,
    place: Option<(Arc<Room>, Place)>,
}

impl<'a> Entered<'a> {
    fn into_room(hub: &'a Hub, admission: &'a Admission, membership: &Membership) -> Self {
        let id = membership.room();
        let place = hub.enter(id, admission.reader(), admission.seat(), membership.member());
        Self { hub, admission, id, place: Some(place) }
    }

    fn stand_at(mut self, cursor: Seq) -> Followed {
        let (room, mut place) = self.place.take().expect("it is taken only here, and this can't be called again");
        place.cursor = cursor;
        Followed { id: self.id, place, room }
    }
}

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        if self.place.is_some() {
            self.hub.leave(self.id, self.admission.reader(), self.admission.member());
        }
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        self.unfollow_all();
    }
}
