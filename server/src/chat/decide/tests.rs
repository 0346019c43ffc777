//! Tests of each rule and each refusal, on rows that are made here. The stores' contract tests check the effects.

use hubbub_protocol::text::{Body, RoomName, Topic};
use hubbub_protocol::{Member, MessageKind, OpId, RoomId, Seq, UnixMillis};

use super::*;

const KIRA: MemberId = MemberId(1);
const JONAS: MemberId = MemberId(2);

fn op(n: u64) -> OpId {
    OpId::mint(UnixMillis(n), [0; 10])
}

fn member(id: MemberId) -> Member {
    Member { id, name: "Kira".to_owned() }
}

/// A message of Kira's.
fn message() -> Message {
    Message {
        id: op(1).into(),
        seq: Seq(1),
        rev: Seq(1),
        at: UnixMillis(0),
        by: member(KIRA),
        kind: MessageKind::Text,
        body: "Hi".to_owned(),
        reply_to: None,
        replies: 0,
        edited_at: None,
        deleted_at: None,
        pinned: false,
        reactions: Vec::new(),
    }
}

fn deleted() -> Message {
    Message { body: String::new(), deleted_at: Some(UnixMillis(1)), ..message() }
}

fn described() -> Message {
    let kind = MessageKind::Described { name: "Tea".to_owned(), topic: String::new() };
    Message { body: String::new(), kind, ..message() }
}

/// A room of Kira's.
fn room() -> RoomState {
    RoomState {
        rev: Seq(0),
        name: "Tea".to_owned(),
        topic: "Earl Grey".to_owned(),
        made_by: Some(member(KIRA)),
        made_at: UnixMillis(0),
        pins: Vec::new(),
    }
}

fn body(text: &str) -> Body {
    Body::parse(text).expect("a body")
}

fn reply() -> Intent {
    Intent::Post { body: body("answer"), reply_to: Some(op(1).into()) }
}

fn edit(text: &str) -> Intent {
    Intent::Edit { message: op(1).into(), body: body(text) }
}

fn delete() -> Intent {
    Intent::Delete { message: op(1).into() }
}

fn react(on: bool) -> Intent {
    Intent::React { message: op(1).into(), emoji: "👍", name: "thumbs up", on }
}

fn pin(on: bool) -> Intent {
    Intent::Pin { message: op(1).into(), on }
}

fn describe(name: &str, topic: &str) -> Intent {
    let name = RoomName::parse(name).expect("a name");
    Intent::Describe { name, topic: Topic::parse(topic).expect("a topic") }
}

fn decided(
    by: MemberId,
    intent: Intent,
    room: &RoomState,
    target: Option<&Message>,
    has_reaction: bool,
) -> Result<Option<What>, Refusal> {
    let submitted = Submitted { room: RoomId(1), op: op(9), by, at: UnixMillis(9), intent };
    decide(&submitted, &Situation { room, target, has_reaction, is_name_taken: false })
}

/// What Kira's operation on a message does.
fn by_kira(intent: Intent, target: Option<&Message>) -> Result<Option<What>, Refusal> {
    decided(KIRA, intent, &room(), target, false)
}

#[test]
fn an_operation_on_a_message_that_is_not_there_is_refused() {
    for intent in [reply(), edit("x"), delete(), react(true), react(false), pin(true), pin(false)] {
        assert_eq!(by_kira(intent.clone(), None), Err(Refusal::NoSuchMessage), "{intent:?}");
    }
}

#[test]
fn an_operation_on_a_deleted_message_is_refused() {
    for intent in [reply(), edit("x"), delete(), react(true), react(false), pin(true), pin(false)] {
        assert_eq!(by_kira(intent.clone(), Some(&deleted())), Err(Refusal::Gone), "{intent:?}");
    }
}

#[test]
fn only_the_author_edits_and_deletes_a_message_and_nobody_a_line_of_the_room() {
    for intent in [edit("x"), delete()] {
        assert_eq!(decided(JONAS, intent.clone(), &room(), Some(&message()), false), Err(Refusal::NotYours));
        let of_a_deleted_one = decided(JONAS, intent.clone(), &room(), Some(&deleted()), false);
        assert_eq!(of_a_deleted_one, Err(Refusal::NotYours), "nobody learns of a deletion by it");
        assert_eq!(by_kira(intent, Some(&described())), Err(Refusal::NotYours));
    }
    for intent in [reply(), react(true), pin(true)] {
        assert!(matches!(decided(JONAS, intent, &room(), Some(&message()), false), Ok(Some(_))), "anybody may");
    }
}

#[test]
fn a_post_and_a_reply_carry_their_text_and_the_new_number_of_replies() {
    let post = Intent::Post { body: body("Hi"), reply_to: None };
    assert_eq!(by_kira(post, None), Ok(Some(What::Posted { body: "Hi".to_owned(), reply_to: None })));
    let parent = Message { replies: 2, ..message() };
    let reply_to = Some(ReplyTo { message: op(1).into(), replies: 3 });
    assert_eq!(by_kira(reply(), Some(&parent)), Ok(Some(What::Posted { body: "answer".to_owned(), reply_to })));
}

#[test]
fn an_edit_to_the_same_text_changes_nothing() {
    assert_eq!(by_kira(edit("Hi"), Some(&message())), Ok(None));
    assert_eq!(by_kira(edit("Hello"), Some(&message())), Ok(Some(What::Edited { body: "Hello".to_owned() })));
    assert_eq!(by_kira(delete(), Some(&message())), Ok(Some(What::Deleted)));
}

fn reaction(emoji: &str, count: u32) -> Reaction {
    Reaction { emoji: emoji.to_owned(), name: "thumbs up".to_owned(), count }
}

#[test]
fn a_reaction_is_counted_and_the_last_one_taken_back_leaves_the_list() {
    let reacted = |target: &Message, on: bool, has: bool| match decided(KIRA, react(on), &room(), Some(target), has) {
        Ok(Some(What::Reacted { reactions, .. })) => Some(reactions),
        Ok(None) => None,
        other => panic!("{other:?}"),
    };
    let two = Message { reactions: vec![reaction("🎉", 4), reaction("👍", 1)], ..message() };
    assert_eq!(reacted(&message(), true, false), Some(vec![reaction("👍", 1)]));
    assert_eq!(reacted(&two, true, false), Some(vec![reaction("🎉", 4), reaction("👍", 2)]));
    assert_eq!(reacted(&two, false, true), Some(vec![reaction("🎉", 4)]));
    assert_eq!(reacted(&two, true, true), None, "the member has it");
    assert_eq!(reacted(&two, false, false), None, "the member doesn't have it");
}

#[test]
fn a_21st_emoji_is_refused_and_one_of_the_20_is_not() {
    let full = |others: usize| -> Message {
        let mut reactions: Vec<Reaction> = (0..others).map(|n| reaction(&n.to_string(), 1)).collect();
        reactions.truncate(MAX_REACTIONS);
        Message { reactions, ..message() }
    };
    assert_eq!(by_kira(react(true), Some(&full(20))), Err(Refusal::TooManyReactions { max: 20 }));
    let mut with_it = full(19);
    with_it.reactions.push(reaction("👍", 1));
    assert!(matches!(by_kira(react(true), Some(&with_it)), Ok(Some(_))));
    assert!(matches!(by_kira(react(true), Some(&full(19))), Ok(Some(_))));
}

#[test]
fn the_last_pin_comes_first_and_a_51st_is_refused() {
    let others: Vec<MessageId> = (100..150).map(|n| op(n).into()).collect();
    let with = |pins: &[MessageId]| RoomState { pins: pins.to_vec(), ..room() };
    let pinned = |intent: Intent, room: &RoomState, target: &Message| decided(JONAS, intent, room, Some(target), false);

    assert_eq!(pinned(pin(true), &with(&others), &message()), Err(Refusal::TooManyPins { max: 50 }));
    let pins = [&[message().id], &others[..49]].concat();
    let expected = Ok(Some(What::Pinned { on: true, pins: pins.clone() }));
    assert_eq!(pinned(pin(true), &with(&others[..49]), &message()), expected);
    let is_pinned = Message { pinned: true, ..message() };
    assert_eq!(pinned(pin(true), &with(&pins), &is_pinned), Ok(None));
    assert_eq!(pinned(pin(false), &with(&[]), &message()), Ok(None));
    let expected = Ok(Some(What::Pinned { on: false, pins: others[..49].to_vec() }));
    assert_eq!(pinned(pin(false), &with(&pins), &is_pinned), expected);
}

#[test]
fn only_who_made_a_room_describes_it() {
    let by = |by: MemberId, room: &RoomState| decided(by, describe("Coffee", ""), room, None, false);
    let changed = What::Described { name: "Coffee".to_owned(), topic: String::new() };
    assert_eq!(by(KIRA, &room()), Ok(Some(changed)));
    assert_eq!(by(JONAS, &room()), Err(Refusal::NotYours));
    assert_eq!(by(KIRA, &RoomState { made_by: None, ..room() }), Err(Refusal::NotYours), "the lobby");
    assert_eq!(decided(KIRA, describe("Tea", "Earl Grey"), &room(), None, false), Ok(None));
}

#[test]
fn a_room_is_not_given_the_name_of_another() {
    let room = room();
    let situation = Situation { room: &room, target: None, has_reaction: false, is_name_taken: true };
    let submitted = |by| Submitted { room: RoomId(1), op: op(9), by, at: UnixMillis(9), intent: describe("Lobby", "") };
    assert_eq!(decide(&submitted(KIRA), &situation), Err(Refusal::RoomNameTaken));
    assert_eq!(decide(&submitted(JONAS), &situation), Err(Refusal::NotYours));
}

#[test]
fn a_room_that_shares_its_name_with_another_can_change_its_topic() {
    let room = room();
    let situation = Situation { room: &room, target: None, has_reaction: false, is_name_taken: true };
    let intent = describe(&room.name, "Green");
    let submitted = Submitted { room: RoomId(1), op: op(9), by: KIRA, at: UnixMillis(9), intent };
    let changed = What::Described { name: room.name.clone(), topic: "Green".to_owned() };
    assert_eq!(decide(&submitted, &situation), Ok(Some(changed)));
}
