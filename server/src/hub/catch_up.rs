//! Reads what changed between a cursor and the head from the store, for a `join` and for a connection that is behind the
//! recent changes.

use hubbub_protocol::codec::{KeptEnd, fit_page, n_messages_that_fit};
use hubbub_protocol::limits::MAX_RESUME_ROWS;
use hubbub_protocol::{Cursor, MemberId, Message, MessageId, OwnReactions, PageReason, RoomId, Seq, ServerFrame};

use super::Frame;
use crate::store::{ChangedRows, PageQuery, RoomPage, Store, StoreError};

/// The frames that bring a client to `cursor`.
pub(super) struct CaughtUp {
    pub(super) frames: Vec<Frame>,
    pub(super) cursor: Seq,
}

/// Returns the frames for a client that has everything.
pub(super) fn up_to_date(room: RoomId, head: Seq) -> CaughtUp {
    CaughtUp {
        frames: vec![Frame::from(&ServerFrame::Resumed { room, after: head, to: head, n_rows: 0, state: None })],
        cursor: head,
    }
}

/// Returns every row that changed after `after`; or the newest page if there is no `after`, if more rows changed than a
/// resume sends, or if `after` belongs to another life of the store.
pub(super) async fn catch_up(
    store: &dyn Store,
    room: RoomId,
    reader: MemberId,
    after: Option<Cursor>,
) -> Result<CaughtUp, StoreError> {
    let Some(after) = after else { return newest_page(store, room, reader, PageReason::First).await };
    if after.epoch != store.epoch() {
        return newest_page(store, room, reader, PageReason::Reset).await;
    }
    match store.changed_after(room, reader, after.seq, MAX_RESUME_ROWS).await? {
        Some(ChangedRows { head, .. }) if after.seq > head => newest_page(store, room, reader, PageReason::Reset).await,
        Some(ChangedRows { head, state, messages: Some(messages), mine }) => {
            let (after, to) = (after.seq, head);
            let n_rows = u32::try_from(messages.len()).unwrap_or(u32::MAX);
            let mut frames = rows(room, after, to, messages, &mine);
            frames.push(Frame::from(&ServerFrame::Resumed { room, after, to, n_rows, state }));
            Ok(CaughtUp { frames, cursor: head })
        }
        Some(ChangedRows { messages: None, .. }) | None => newest_page(store, room, reader, PageReason::Gap).await,
    }
}

async fn newest_page(
    store: &dyn Store,
    room: RoomId,
    reader: MemberId,
    reason: PageReason,
) -> Result<CaughtUp, StoreError> {
    let epoch = store.epoch();
    // A membership is proof that the room exists, and rooms are never removed.
    let missing = || StoreError::Failed(format!("room {room} has vanished").into());
    let RoomPage { state, mut page } = store.page(room, reader, PageQuery::Newest).await?.ok_or_else(missing)?;
    fit_page(&mut page, KeptEnd::Newest);
    let cursor = page.as_of;
    let frame = ServerFrame::Page { room, reason, epoch, state, page };
    Ok(CaughtUp { frames: vec![Frame::from(&frame)], cursor })
}

/// Packs rows into few frames.
fn rows(room: RoomId, after: Seq, to: Seq, mut messages: Vec<Message>, mine: &[OwnReactions]) -> Vec<Frame> {
    let mut frames = Vec::new();
    while !messages.is_empty() {
        let later = messages.split_off(n_messages_that_fit(&messages, mine));
        let mine = own(&messages, mine);
        frames.push(Frame::from(&ServerFrame::Rows { room, after, to, messages, mine }));
        messages = later;
    }
    frames
}

fn own(messages: &[Message], mine: &[OwnReactions]) -> Vec<OwnReactions> {
    let is_here = |id: MessageId| messages.iter().any(|message| message.id == id);
    mine.iter().filter(|own| is_here(own.message)).cloned().collect()
}
