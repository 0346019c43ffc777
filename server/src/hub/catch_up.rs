//! Reads the events between a cursor and the head from the store, for a `join` and for a connection that is behind the
//! recent log.

use hubbub_protocol::limits::{HISTORY_PAGE_EVENTS, MAX_RESUME_EVENTS};
use hubbub_protocol::{Cursor, RoomId, Seq, ServerFrame, SnapshotReason, codec};

use super::Frame;
use super::frame::{EncodedEvent, pack};
use crate::store::{Store, StoreError};

/// The frames that bring a client to `cursor`.
pub(super) struct CaughtUp {
    pub(super) frames: Vec<Frame>,
    pub(super) cursor: Seq,
}

/// Returns everything after `after`; or the newest page if there is no `after`, if it is too far behind, or if it is not in
/// this log.
pub(super) async fn catch_up(store: &dyn Store, room: RoomId, after: Option<Cursor>) -> Result<CaughtUp, StoreError> {
    let head = store.head(room).await?.unwrap_or_default();
    match after {
        None => snapshot(store, room, SnapshotReason::First).await,
        Some(after) if after.epoch != store.epoch() || after.seq > head => {
            snapshot(store, room, SnapshotReason::Reset).await
        }
        Some(after) if head.0 - after.seq.0 > MAX_RESUME_EVENTS => snapshot(store, room, SnapshotReason::Gap).await,
        Some(after) => resume(store, room, after.seq, head).await,
    }
}

async fn snapshot(store: &dyn Store, room: RoomId, reason: SnapshotReason) -> Result<CaughtUp, StoreError> {
    let events = store.events_before(room, Seq(u64::MAX), HISTORY_PAGE_EVENTS).await?;
    let events = codec::newest_that_fit(&events).to_vec();
    let cursor = events.last().map(|event| event.seq).unwrap_or_default();
    let frame = ServerFrame::Snapshot { room, reason, epoch: store.epoch(), head: cursor, events };
    Ok(CaughtUp { frames: vec![Frame::from(&frame)], cursor })
}

async fn resume(store: &dyn Store, room: RoomId, after: Seq, head: Seq) -> Result<CaughtUp, StoreError> {
    let mut frames = vec![Frame::from(&ServerFrame::Resumed { room, head })];
    let events = match head.0 - after.0 {
        0 => Vec::new(),
        // A resume is within this bound, so one read returns all events up to `head`.
        _ => store.events_after(room, after, usize::try_from(MAX_RESUME_EVENTS).unwrap_or(usize::MAX)).await?,
    };
    let cursor = events.last().map_or(after, |event| event.seq);
    let encoded: Vec<EncodedEvent> = events.iter().map(EncodedEvent::from).collect();
    frames.extend(pack(room, &encoded).into_iter().map(|packed| packed.frame));
    Ok(CaughtUp { frames, cursor })
}
