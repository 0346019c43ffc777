//! The checks of every engine after each step, and of the final state. A check that fails panics; the test adds the seed.

use std::collections::BTreeSet;

use hubbub_client::{Deletion, Entry, MessageState, MessageView};
use hubbub_protocol::{ClientFrame, MemberId, MessageId, Operation, RoomId, Seq, StreamId};

use super::person::{Person, Sent, Views};
use super::server::Server;
use super::simulation::{NO_ROOM, ROOMS, Simulation};
use super::stream::{Row, Stream, Version};

/// The timeline has the messages of the stream in order, and a gap wherever messages are missing. No message, pin or answer
/// is shown in a state that a change up to the cursor has replaced.
pub(crate) fn timeline_matches_stream(person: &Person, server: &Server, room: RoomId) {
    let timeline = person.timeline(room);
    let Some(cursor) = person.engine.cursor(room) else { return };
    let stream = &server.streams[&(cursor.epoch, room)];
    let mut ids = BTreeSet::new();
    let mut last = None;
    let mut is_after_gap = timeline.has_older();
    let mut is_in_outbox = false;
    for entry in timeline.entries() {
        let Entry::Message(view) = entry else {
            assert!(!is_in_outbox, "a gap is within the messages");
            is_after_gap = true;
            continue;
        };
        assert!(ids.insert(view.id), "{} is shown twice", view.body);
        match view.state {
            MessageState::Sent(seq) if seq <= cursor.seq && !is_in_outbox => {
                assert_is_current(person, &view, stream, cursor.seq);
                let place = stream.rows.iter().position(|row| row.id() == view.id).expect("it is stored");
                assert_eq!(stream.rows[place].seq(), seq);
                let expected = last.map_or(0, |last| last + 1);
                assert!(place >= expected, "{} is shown too late", view.body);
                assert!(is_after_gap || place == expected, "a hole before {} is not shown", view.body);
                last = Some(place);
                is_after_gap = false;
            }
            _ => {
                is_in_outbox = true;
                assert_is_own(person, room, &view);
            }
        }
    }
    let n_known = stream.rows.partition_point(|row| row.seq() <= cursor.seq);
    assert!(is_after_gap || last.map_or(0, |last| last + 1) == n_known, "the newest messages are shown");
    // A pinned post of the person is shown as pending until its ack is there, also after a page that lacks it.
    let is_known = |view: &&MessageView<'_>| matches!(view.state, MessageState::Sent(_));
    timeline.pins().iter().filter(is_known).for_each(|pin| assert_is_current(person, pin, stream, cursor.seq));
    thread_matches_stream(person, room, stream, cursor.seq);
}

/// The open thread has the first answers, or all of them.
fn thread_matches_stream(person: &Person, room: RoomId, stream: &Stream, cursor: Seq) {
    let Some(thread) = person.timeline(room).thread() else { return };
    let is_known = |view: &&MessageView<'_>| matches!(view.state, MessageState::Sent(seq) if seq <= cursor);
    let shown: Vec<MessageId> = thread.replies.iter().filter(is_known).map(|view| view.id).collect();
    let answers = stream.rows.iter().filter(|row| row.now().message.reply_to == Some(thread.parent_id));
    let answers: Vec<MessageId> = answers.filter(|row| row.seq() <= cursor).map(Row::id).collect();
    assert!(answers.starts_with(&shown), "the thread has a hole");
    assert!(thread.has_more || shown == answers, "the thread is not complete");
    let views = thread.parent.iter().chain(&thread.replies);
    views.filter(is_known).for_each(|view| assert_is_current(person, view, stream, cursor));
}

/// A cursor goes back only after a `reset`.
pub(crate) fn cursors_never_go_back(person: &mut Person, is_reset: bool) {
    for room in ROOMS {
        let Some(cursor) = person.engine.cursor(room) else {
            assert!(!person.cursors.contains_key(&room), "a cursor is never lost");
            continue;
        };
        if let Some(before) = person.cursors.insert(room, cursor) {
            let has_risen = cursor.epoch > before.epoch || cursor.epoch == before.epoch && cursor.seq >= before.seq;
            assert!(has_risen || is_reset, "the cursor went from {before:?} to {cursor:?}");
        }
    }
}

/// Of the posts of a room, and of the operations on one message, only the oldest pending one is sent. An operation on a
/// message that is not posted yet is not sent.
pub(crate) fn operation_is_the_oldest_of_its_lane(person: &Person, frame: &ClientFrame) {
    let ClientFrame::Operation { on: StreamId::Room(room), op, what } = frame else { return };
    let unsent = person.engine.unsent(*room);
    // A call that returns this frame may confirm the operation too: it is no longer unsent then.
    if unsent.iter().all(|unsent| unsent.op != *op) {
        return;
    }
    let mut pending = unsent.iter().filter(|unsent| unsent.refusal.is_none());
    let oldest = pending.clone().find(|unsent| lane(&unsent.what) == lane(what));
    assert!(oldest.is_some_and(|oldest| oldest.op == *op), "an operation overtakes another");
    let is_its_post =
        |op: MessageId, other: &Operation| matches!(other, Operation::Post { .. }) && lane(what).flatten() == Some(op);
    assert!(!pending.any(|unsent| is_its_post(unsent.op.into(), &unsent.what)), "it waits for its post");
}

fn lane(what: &Operation) -> Option<Option<MessageId>> {
    match what {
        Operation::Post { .. } => Some(None),
        Operation::Describe { .. } | Operation::Unknown => None,
        change => Some(change.target()),
    }
}

/// The views and the stored operations, which are updated by updates alone, equal the state of the engine.
pub(crate) fn views_match_engine(person: &Person) {
    for room in ROOMS {
        let empty = Views::default();
        let views = person.views.get(&room).unwrap_or(&empty);
        let now = Views::of(person.timeline(room));
        for (followed, now) in [(&views.entries, now.entries), (&views.pins, now.pins), (&views.thread, now.thread)] {
            assert_eq!(followed.len(), now.len(), "views that follow the updates have every entry");
            followed.iter().zip(now).for_each(|(followed, now)| assert_eq!(*followed, now, "views are up to date"));
        }
        let stored = person.stored.get(&room).map(Vec::as_slice).unwrap_or_default();
        assert_eq!(stored, person.engine.unsent(room), "what is unsent is stored");
    }
}

/// After all faults: everyone is connected, nothing is pending, every view equals its engine, everything that a person sees
/// is as the server has it, and every post that was not refused is stored once, in the order in which its author sent it.
pub(crate) fn final_state_is_correct(simulation: &Simulation) {
    for person in &simulation.people {
        assert_eq!(person.engine.connection(), hubbub_client::ConnectionState::Connected);
        assert!(person.engine.denied(NO_ROOM).is_some(), "a room that is not there was denied");
        views_match_engine(person);
        for room in ROOMS {
            let stream = simulation.server.stream(room);
            assert_eq!(person.timeline(room).head(), stream.head, "everyone is up to date");
            timeline_matches_stream(person, &simulation.server, room);
            everything_is_as_stored(person, stream, room);
            let unsent = person.engine.unsent(room);
            assert!(unsent.iter().all(|unsent| unsent.refusal.is_some()), "nothing waits");
            messages_are_stored_once(simulation, person, room);
            messages_are_in_order(simulation, person, room);
        }
    }
}

/// After all pages were loaded: the timeline has every message.
pub(crate) fn timelines_are_complete(simulation: &Simulation) {
    for person in &simulation.people {
        for room in ROOMS {
            let stream = simulation.server.stream(room);
            let stored: Vec<MessageId> = stream.rows.iter().map(Row::id).collect();
            let shown = person.timeline(room).entries().filter_map(|entry| match entry {
                Entry::Message(MessageView { id, state: MessageState::Sent(_), .. }) => Some(id),
                Entry::Message(_) => None,
                Entry::Gap(_) => panic!("no gap is left"),
            });
            assert_eq!(shown.collect::<Vec<_>>(), stored);
            everything_is_as_stored(person, stream, room);
        }
    }
}

/// Every message, quote, pin and answer that a person sees equals what the server has, with the person's own reactions.
fn everything_is_as_stored(person: &Person, stream: &Stream, room: RoomId) {
    let timeline = person.timeline(room);
    let entries = timeline.entries().filter_map(|entry| match entry {
        Entry::Message(view) => Some(view),
        Entry::Gap(_) => None,
    });
    let pins = timeline.pins();
    let thread = timeline.thread().into_iter().flat_map(|thread| thread.parent.into_iter().chain(thread.replies));
    for view in entries.chain(pins.iter().cloned()).chain(thread) {
        if !matches!(view.state, MessageState::Sent(_)) {
            continue;
        }
        let version = stream.row(view.id).expect("it is stored").now();
        assert!(is_same(&view, version, person.member.id), "{view:?} is not {:?}", version.message);
        if let Some(quoted) = view.reply_to {
            let quote = view.quote.unwrap_or_else(|| panic!("{quoted} is quoted by {view:?}"));
            let stored = &stream.row(quoted).expect("it is stored").now().message;
            assert_eq!((quote.body, quote.by), (stored.body.as_str(), &stored.by), "the quote is up to date");
            assert_eq!(matches!(quote.deletion, Deletion::Done { .. }), stored.is_deleted());
        }
    }
    assert_eq!(timeline.room_state(), Some(&stream.state));
    assert_eq!(pins.iter().map(|pin| pin.id).collect::<Vec<_>>(), stream.state.pins, "every pin is there");
}

fn messages_are_stored_once(simulation: &Simulation, person: &Person, room: RoomId) {
    let unsent = person.engine.unsent(room);
    for sent in person.sent.iter().filter(|sent| sent.room == room) {
        let n_stored = simulation.server.stream(room).rows.iter().filter(|row| row.id() == sent.id).count();
        // If the network repeats a post, one copy may be refused and the other stored.
        let is_refused = unsent.iter().any(|unsent| unsent.op == sent.id.into());
        let may_be_missing = is_refused || sent.is_discarded || simulation.lost.contains(&sent.id);
        assert!(n_stored == 1 || n_stored == 0 && may_be_missing, "{} is stored {n_stored} times", sent.body);
    }
}

fn messages_are_in_order(simulation: &Simulation, person: &Person, room: RoomId) {
    let stored = simulation.server.stream(room).rows.iter().map(Row::id);
    // A message that a restored backup lacks is sent again in its place by the client that has it.
    let is_ordered = |sent: &&Sent| !sent.was_refused;
    let own = stored.filter_map(|id| person.sent.iter().filter(is_ordered).find(|sent| sent.id == id));
    let own: Vec<&Sent> = own.collect();
    for pair in own.windows(2) {
        assert!(pair[0].number < pair[1].number, "{} overtook {}", pair[0].body, pair[1].body);
    }
}

/// A message is shown in the state that it had at the cursor or later. The operations of the person themselves are shown
/// before the server has carried them out, so messages that the person has changed are left to the check at the end.
fn assert_is_current(person: &Person, view: &MessageView<'_>, stream: &Stream, cursor: Seq) {
    if person.changed.contains(&view.id) {
        return;
    }
    let Some(row) = stream.row(view.id) else { return };
    // After a change of an unknown kind, the client has to ask for the message, and may apply later changes before.
    if row.0.iter().any(|version| version.is_unknown) {
        return;
    }
    let from = row.0.partition_point(|version| version.message.rev <= cursor).saturating_sub(1);
    let is_current = row.0[from..].iter().any(|version| is_same(view, version, person.member.id));
    assert!(is_current, "{view:?} is outdated at {cursor}: {:?}", row.now().message);
}

fn is_same(view: &MessageView<'_>, version: &Version, reader: MemberId) -> bool {
    let message = &version.message;
    let deletion = message.deleted_at.map_or(Deletion::None, |at| Deletion::Done { at });
    let mine = version.mine(reader);
    let reactions = view.reactions.iter().zip(&message.reactions).all(|(shown, stored)| {
        let is_same = (shown.emoji, shown.name, shown.count) == (&stored.emoji, &stored.name, stored.count);
        is_same && shown.is_own == mine.contains(&stored.emoji)
    });
    reactions
        && view.reactions.len() == message.reactions.len()
        && (view.by, view.at, view.kind) == (&message.by, message.at, &message.kind)
        && (view.body, view.reply_to, view.replies) == (&message.body, message.reply_to, message.replies)
        && (view.edited_at, view.deletion, view.pinned) == (message.edited_at, deletion, message.pinned)
}

fn assert_is_own(person: &Person, room: RoomId, view: &MessageView<'_>) {
    let sent = person.sent.iter().find(|sent| sent.id == view.id);
    assert!(sent.is_some_and(|sent| sent.room == room), "nothing is shown that was not sent");
    assert_eq!(view.by, &person.member);
}

pub(crate) fn nothing_is_left_to_load(simulation: &Simulation) -> bool {
    let mut timelines = simulation.people.iter().flat_map(|person| ROOMS.into_iter().map(|room| person.timeline(room)));
    timelines.all(|timeline| !timeline.has_older() && timeline.entries().all(|entry| !matches!(entry, Entry::Gap(_))))
}
