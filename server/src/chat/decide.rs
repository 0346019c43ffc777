//! Rule: what an operation changes, and why it may not. A pure function: the store loads the rows under the stream's lock,
//! calls it and writes the change. So the rules are the same for every store, and a race is decided by the order of commits.

use hubbub_protocol::limits::{MAX_PINS, MAX_REACTIONS};
use hubbub_protocol::{MemberId, Message, MessageId, Reaction, Refusal, ReplyTo, RoomState, What};

use crate::store::{Intent, Situation, Submitted};

/// Returns what the operation changes; None if everything is already as it asks for.
///
/// # Errors
/// - [`Refusal::NoSuchMessage`] if the room doesn't have the message that the operation names
/// - [`Refusal::Gone`] if that message is deleted
/// - [`Refusal::NotYours`] for an edit or a deletion of another member's message, and for a description of another
///   member's room
/// - [`Refusal::TooManyReactions`], [`Refusal::TooManyPins`], [`Refusal::RoomNameTaken`]
pub fn decide(submitted: &Submitted, situation: &Situation<'_>) -> Result<Option<What>, Refusal> {
    let Situation { room, target, has_reaction, is_name_taken } = *situation;
    match &submitted.intent {
        Intent::Post { body, reply_to } => {
            let reply_to = reply_to.map(|_| living(target).map(answered)).transpose()?;
            Ok(Some(What::Posted { body: body.as_str().to_owned(), reply_to }))
        }
        Intent::Edit { body, .. } => {
            let message = own(target, submitted.by)?;
            let is_same = message.body == body.as_str();
            Ok((!is_same).then(|| What::Edited { body: body.as_str().to_owned() }))
        }
        Intent::Delete { .. } => own(target, submitted.by).map(|_| Some(What::Deleted)),
        Intent::React { emoji, name, on, .. } => {
            let message = living(target)?;
            if has_reaction == *on {
                return Ok(None);
            }
            let reactions = if *on { with(message, emoji, name)? } else { without(message, emoji) };
            Ok(Some(What::Reacted { emoji: (*emoji).to_owned(), on: *on, reactions }))
        }
        Intent::Pin { on, .. } => {
            let message = living(target)?;
            if message.pinned == *on {
                return Ok(None);
            }
            Ok(Some(What::Pinned { on: *on, pins: pins(room, message.id, *on)? }))
        }
        Intent::Describe { name, topic } => {
            let made_by = room.made_by.as_ref().map(|member| member.id);
            if made_by != Some(submitted.by) {
                return Err(Refusal::NotYours);
            }
            let (name, topic) = (name.as_str(), topic.as_str());
            // Two rooms that were made before names were unique may share one. Both can still change their topics.
            if is_name_taken && room.name != name {
                return Err(Refusal::RoomNameTaken);
            }
            let is_same = room.name == name && room.topic == topic;
            Ok((!is_same).then(|| What::Described { name: name.to_owned(), topic: topic.to_owned() }))
        }
    }
}

/// Returns the message if it exists and is not deleted.
fn living(target: Option<&Message>) -> Result<&Message, Refusal> {
    let message = target.ok_or(Refusal::NoSuchMessage)?;
    if message.is_deleted() { Err(Refusal::Gone) } else { Ok(message) }
}

/// Returns the message if it is a text of this member and not deleted.
fn own(target: Option<&Message>, by: MemberId) -> Result<&Message, Refusal> {
    let message = target.ok_or(Refusal::NoSuchMessage)?;
    if message.by.id != by || !message.kind.is_text() {
        return Err(Refusal::NotYours);
    }
    living(target)
}

fn answered(message: &Message) -> ReplyTo {
    ReplyTo { message: message.id, replies: message.replies.saturating_add(1) }
}

fn with(message: &Message, emoji: &str, name: &str) -> Result<Vec<Reaction>, Refusal> {
    let mut reactions = message.reactions.clone();
    match message.reactions.iter().position(|reaction| reaction.emoji == emoji) {
        Some(place) => reactions[place].count = reactions[place].count.saturating_add(1),
        None if reactions.len() >= MAX_REACTIONS => {
            return Err(Refusal::TooManyReactions { max: bound(MAX_REACTIONS) });
        }
        None => reactions.push(Reaction { emoji: emoji.to_owned(), name: name.to_owned(), count: 1 }),
    }
    Ok(reactions)
}

fn without(message: &Message, emoji: &str) -> Vec<Reaction> {
    let mut reactions = message.reactions.clone();
    for reaction in reactions.iter_mut().filter(|reaction| reaction.emoji == emoji) {
        reaction.count = reaction.count.saturating_sub(1);
    }
    reactions.retain(|reaction| reaction.count > 0);
    reactions
}

fn pins(room: &RoomState, message: MessageId, on: bool) -> Result<Vec<MessageId>, Refusal> {
    let others = room.pins.iter().copied().filter(|pin| *pin != message);
    if !on {
        return Ok(others.collect());
    }
    if room.pins.len() >= MAX_PINS {
        return Err(Refusal::TooManyPins { max: bound(MAX_PINS) });
    }
    Ok(std::iter::once(message).chain(others).collect())
}

fn bound(max: usize) -> u32 {
    u32::try_from(max).unwrap_or(u32::MAX)
}

#[cfg(test)]
#[path = "decide/tests.rs"]
mod tests;
