//! The people, rooms and messages of the golden samples. David and Kira talk in the lobby; its changes have the seqs 41 to 48.

use hubbub_protocol::{
    Change, Cursor, Epoch, Interest, Member, MemberId, Message, MessageId, MessageKind, OpId, Reaction, ReplyTo,
    RoomId, RoomInfo, RoomState, Seq, Slug, StreamId, UnixMillis, What,
};

pub(crate) const LOBBY: RoomId = RoomId(1);
pub(crate) const TEA: RoomId = RoomId(2);
pub(crate) const EPOCH: Epoch = Epoch(187_649_984_473_770);
pub(crate) const RESTORED_EPOCH: Epoch = Epoch(65_970_697_666_577);

pub(crate) const GOOD_MORNING: &str = "0199c8a5-3a10-7c55-9e0f-2b4d6f8a1c3e";
pub(crate) const HI_HUMANS: &str = "0199c8a5-4c80-7a3b-8d21-5f0e6b9a7c42";
pub(crate) const HI_KIRA: &str = "0199c8a5-6008-7b17-8a60-d3c2b1a09f8e";
pub(crate) const TEA_AT_FOUR: &str = "0199c8a5-9cf8-7d42-b1e7-4a5c6d7e8f90";
/// The id of an operation that posts nothing.
pub(crate) const AN_OPERATION: &str = "0199c8a5-7b60-7e91-9c3d-6f7081a2b3c4";

pub(crate) const THUMBS_UP: &str = "👍";

/// When the change was made.
pub(crate) fn at(seq: u64) -> UnixMillis {
    UnixMillis(1_759_999_836_000 + seq * 4_000)
}

pub(crate) fn kira() -> Member {
    Member { id: MemberId(3), name: "Kira".to_owned() }
}

pub(crate) fn david() -> Member {
    Member { id: MemberId(2), name: "David".to_owned() }
}

pub(crate) fn lobby() -> RoomInfo {
    let topic = "Where everyone starts: come in and say hello".to_owned();
    RoomInfo { id: LOBBY, slug: Slug::from_name("Lobby"), name: "Lobby".to_owned(), topic }
}

pub(crate) fn tea() -> RoomInfo {
    let name = "Tea & biscuits";
    RoomInfo { id: TEA, slug: Slug::from_name(name), name: name.to_owned(), topic: String::new() }
}

pub(crate) fn id(text: &str) -> MessageId {
    text.parse().expect("a message id")
}

pub(crate) fn op(text: &str) -> OpId {
    text.parse().expect("an operation's id")
}

pub(crate) fn on_lobby() -> StreamId {
    StreamId::Room(LOBBY)
}

pub(crate) fn interest(room: RoomId, after: Option<u64>) -> Interest {
    Interest { room, after: after.map(|seq| Cursor { epoch: EPOCH, seq: Seq(seq) }) }
}

/// A message that nobody has changed.
pub(crate) fn message(seq: u64, by: Member, message: &str, body: &str) -> Message {
    Message {
        id: id(message),
        seq: Seq(seq),
        rev: Seq(seq),
        at: at(seq),
        by,
        kind: MessageKind::Text,
        body: body.to_owned(),
        reply_to: None,
        replies: 0,
        edited_at: None,
        deleted_at: None,
        pinned: false,
        reactions: vec![],
    }
}

pub(crate) fn good_morning() -> Message {
    message(41, david(), GOOD_MORNING, "Good morning.")
}

/// Kira's message after an answer, an edit, a reaction and a pin.
pub(crate) fn hi_humans() -> Message {
    Message {
        rev: Seq(46),
        replies: 1,
        edited_at: Some(at(44)),
        pinned: true,
        reactions: thumbs_up(),
        ..message(42, kira(), HI_HUMANS, "Hi humans! ☕")
    }
}

/// David's answer, which he deleted.
pub(crate) fn hi_kira() -> Message {
    let reply_to = Some(id(HI_HUMANS));
    Message { rev: Seq(48), reply_to, deleted_at: Some(at(48)), ..message(43, david(), HI_KIRA, "") }
}

/// The line that says that the room has another topic.
pub(crate) fn tea_at_four() -> Message {
    let kind = MessageKind::Described { name: "Lobby".to_owned(), topic: "Tea at four".to_owned() };
    Message { kind, ..message(47, david(), TEA_AT_FOUR, "") }
}

pub(crate) fn thumbs_up() -> Vec<Reaction> {
    vec![Reaction { emoji: THUMBS_UP.to_owned(), name: "thumbs up".to_owned(), count: 1 }]
}

pub(crate) fn lobby_state() -> RoomState {
    RoomState {
        rev: Seq(47),
        name: "Lobby".to_owned(),
        topic: "Tea at four".to_owned(),
        made_by: None,
        made_at: UnixMillis(1_759_990_000_000),
        pins: vec![id(HI_HUMANS)],
    }
}

pub(crate) fn tea_state() -> RoomState {
    RoomState {
        rev: Seq(0),
        name: "Tea & biscuits".to_owned(),
        topic: String::new(),
        made_by: Some(kira()),
        made_at: UnixMillis(1_759_999_000_000),
        pins: vec![],
    }
}

/// The changes 42 to 48, in order, each with the name that its sample's file ends in.
pub(crate) fn changes() -> Vec<(&'static str, Change)> {
    let reply_to = Some(ReplyTo { message: id(HI_HUMANS), replies: 1 });
    let (emoji, reactions) = (THUMBS_UP.to_owned(), thumbs_up());
    vec![
        ("", change(42, kira(), &[HI_HUMANS], What::Posted { body: "Hi humans!".to_owned(), reply_to: None })),
        ("_reply", change(43, david(), &[HI_KIRA, HI_HUMANS], What::Posted { body: "Hi Kira!".to_owned(), reply_to })),
        ("_edited", change(44, kira(), &[HI_HUMANS], What::Edited { body: "Hi humans! ☕".to_owned() })),
        ("_reacted", change(45, david(), &[HI_HUMANS], What::Reacted { emoji, on: true, reactions })),
        ("_pinned", change(46, david(), &[HI_HUMANS], What::Pinned { on: true, pins: vec![id(HI_HUMANS)] })),
        ("_described", {
            let what = What::Described { name: "Lobby".to_owned(), topic: "Tea at four".to_owned() };
            change(47, david(), &[TEA_AT_FOUR], what)
        }),
        ("_deleted", change(48, david(), &[HI_KIRA], What::Deleted)),
    ]
}

fn change(seq: u64, by: Member, targets: &[&str], what: What) -> Change {
    let targets = targets.iter().map(|target| id(target)).collect();
    Change { seq: Seq(seq), at: at(seq), by, targets, what }
}

#[test]
fn the_changes_of_the_samples_lead_to_their_messages() {
    let mut messages = vec![good_morning()];
    let mut state = RoomState { rev: Seq(40), topic: lobby().topic, pins: vec![], ..lobby_state() };
    for (_, change) in changes() {
        for message in &mut messages {
            message.apply(&change);
        }
        messages.extend(Message::added_by(&change));
        state.apply(&change);
    }
    assert_eq!(messages, [good_morning(), hi_humans(), hi_kira(), tea_at_four()]);
    assert_eq!(state, lobby_state());
}
