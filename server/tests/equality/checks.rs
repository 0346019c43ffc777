//! Compares what an engine shows with what its member would read from the store now.

use std::collections::BTreeSet;

use hubbub_client::{Deletion, Entry, MessageState, MessageView};
use hubbub_protocol::{Answer, Message, MessageId, RoomId, ServerFrame, What};

use super::person::Person;
use super::world::{Stored, World};

/// If the tab's cursor equals the head and nothing is on its way, compares everything that the tab shows with the store.
/// Returns whether it did.
pub(crate) async fn equals_the_store_at_the_head(world: &World, person: &Person) -> bool {
    let Some(cursor) = person.engine.cursor(person.room) else { return false };
    let is_waiting = person.engine.unsent(person.room).iter().any(|unsent| unsent.refusal.is_none());
    if is_waiting || cursor.epoch != world.epoch() || cursor.seq != world.head(person.room).await {
        return false;
    }
    let stored = world.stored(person.room, person.member).await;
    every_message_is_current(person, &stored);
    ranges_are_complete(person, &stored);
    let timeline = person.timeline();
    if let Some(state) = timeline.room_state() {
        assert_eq!(
            (&state.name, &state.topic, &state.pins),
            (&stored.state.name, &stored.state.topic, &stored.state.pins)
        );
    }
    if let Some(thread) = timeline.thread() {
        let replies = stored.messages.iter().filter(|message| message.reply_to == Some(thread.parent_id));
        let replies: Vec<MessageId> = replies.map(|message| message.id).collect();
        let shown: Vec<MessageId> = thread.replies.iter().filter(is_sent).map(|view| view.id).collect();
        assert!(replies.starts_with(&shown), "the thread has a hole");
        assert!(thread.has_more || shown == replies, "the thread is complete");
    }
    true
}

/// Everything that was asked for has come: the timeline has every message, and each quote and pin.
pub(crate) fn is_complete(person: &Person, stored: &Stored) {
    let timeline = person.timeline();
    assert!(!timeline.has_older());
    let shown: Vec<MessageId> = timeline.entries().filter_map(sent).map(|view| view.id).collect();
    assert_eq!(shown, stored.messages.iter().map(|message| message.id).collect::<Vec<_>>());
    for view in timeline.entries().filter_map(sent) {
        assert_eq!(view.quote.map(|quote| quote.id), view.reply_to, "every quote has come");
    }
    let pins: Vec<MessageId> = timeline.pins().iter().map(|pin| pin.id).collect();
    assert_eq!(pins, stored.state.pins);
}

/// What the store keeps beside the messages says the same as the messages: replies, reactions, pins and earlier texts.
pub(crate) async fn messages_agree_with_what_is_beside_them(world: &World, room: RoomId, stored: &Stored) {
    for message in &stored.messages {
        let replies = stored.messages.iter().filter(|other| other.reply_to == Some(message.id)).count();
        assert_eq!(message.replies as usize, replies, "{message:?}");
        assert_eq!(message.pinned, stored.state.pins.contains(&message.id), "{message:?}");
        let (reactors, revisions) = world.details(room, message.id).await;
        let counted = message.reactions.iter().map(|reaction| (&reaction.emoji, reaction.count as usize));
        let listed = reactors.iter().map(|reactors| (&reactors.emoji, reactors.by.len()));
        assert_eq!(counted.collect::<Vec<_>>(), listed.collect::<Vec<_>>(), "{message:?}");
        assert_eq!(message.edited_at.is_some(), !revisions.is_empty(), "{message:?}");
        if message.is_deleted() {
            assert_eq!((message.body.as_str(), message.edited_at, message.pinned), ("", None, false), "{message:?}");
        }
    }
}

fn every_message_is_current(person: &Person, stored: &Stored) {
    let timeline = person.timeline();
    for message in &stored.messages {
        let Some(view) = timeline.message(message.id) else { continue };
        is_current(&view, message, stored);
    }
    let thread = timeline.thread();
    let thread = thread.iter().flat_map(|thread| thread.parent.iter().chain(&thread.replies));
    let entries: Vec<_> = timeline.entries().filter_map(sent).collect();
    for view in entries.iter().chain(&timeline.pins()).chain(thread).filter(is_sent) {
        let message = stored.get(view.id).expect("a message that is shown is stored");
        is_current(view, message, stored);
    }
}

fn is_current(view: &MessageView<'_>, message: &Message, stored: &Stored) {
    let expected_deletion = message.deleted_at.map_or(Deletion::None, |at| Deletion::Done { at });
    assert_eq!(view.state, MessageState::Sent(message.seq), "{message:?}");
    assert_eq!((view.id, view.by, view.at, view.kind), (message.id, &message.by, message.at, &message.kind));
    assert_eq!((view.body, view.edited_at), (message.body.as_str(), message.edited_at), "{message:?}");
    assert_eq!((view.deletion, view.pinned), (expected_deletion, message.pinned), "{message:?}");
    assert_eq!((view.reply_to, view.replies), (message.reply_to, message.replies), "{message:?}");
    let shown: Vec<_> = view.reactions.iter().map(|it| (it.emoji, it.name, it.count, it.is_own)).collect();
    let expected = message.reactions.iter().map(|reaction| {
        let is_own = stored.is_own_reaction(message.id, &reaction.emoji);
        (reaction.emoji.as_str(), reaction.name.as_str(), reaction.count, is_own)
    });
    assert_eq!(shown, expected.collect::<Vec<_>>(), "{message:?}");
    if let Some(quote) = &view.quote {
        let quoted = stored.get(quote.id).expect("a quoted message is stored");
        let deletion = quoted.deleted_at.map_or(Deletion::None, |at| Deletion::Done { at });
        assert_eq!((quote.body, quote.deletion), (quoted.body.as_str(), deletion), "{quoted:?}");
    }
}

/// Between two messages without a gap between them, no message is missing; nor after the last one, nor before the first one
/// of a timeline that says so.
fn ranges_are_complete(person: &Person, stored: &Stored) {
    let timeline = person.timeline();
    let place = |id: MessageId| stored.messages.iter().position(|message| message.id == id).expect("it is stored");
    let mut next = if timeline.has_older() { None } else { Some(0) };
    for entry in timeline.entries() {
        match entry {
            Entry::Gap(_) => next = None,
            Entry::Message(view) if is_sent(&&view) => {
                let place = place(view.id);
                assert!(next.is_none_or(|next| next == place), "a message is missing before {}", view.body);
                next = Some(place + 1);
            }
            Entry::Message(_) => {}
        }
    }
    assert!(next.is_none_or(|next| next == stored.messages.len()), "the newest messages are missing");
}

fn sent(entry: Entry<'_>) -> Option<MessageView<'_>> {
    match entry {
        Entry::Message(view) if is_sent(&&view) => Some(view),
        Entry::Message(_) | Entry::Gap(_) => None,
    }
}

fn is_sent(view: &&MessageView<'_>) -> bool {
    matches!(view.state, MessageState::Sent(_))
}

/// No frame has a text that was erased or replaced before the frame was made.
pub(crate) fn has_no_outdated_text(frames: &[ServerFrame], outdated: &BTreeSet<String>) {
    let is_current = |body: &str| assert!(!outdated.contains(body), "{body:?} is outdated");
    for frame in frames {
        match frame {
            ServerFrame::Changes { changes, .. } => {
                for change in changes {
                    if let What::Posted { body, .. } | What::Edited { body } = &change.what {
                        is_current(body);
                    }
                }
            }
            ServerFrame::Rows { messages, .. } => messages.iter().for_each(|message| is_current(&message.body)),
            ServerFrame::Page { page, .. } | ServerFrame::Answer { answer: Answer::Page(page), .. } => {
                page.messages.iter().chain(&page.quoted).for_each(|message| is_current(&message.body));
            }
            _ => {}
        }
    }
}
