//! Edits, deletions, reactions, replies, pins and descriptions over WebSockets: acked once they are stored, seen by everyone
//! in the room with the values of now, and refused with a reason that concerns that operation only.

use hubbub_protocol::{
    Change, Message, MessageId, OpId, Operation, Reaction, Refusal, ReplyTo, RoomState, Seq, ServerFrame, What,
};

use crate::support::server::TestServer;
use crate::support::socket::Socket;
use crate::support::{LOBBY, fresh_id, operation};

/// A server, and Kira and Jonas in the lobby, where Kira has posted "Hi".
struct Talk {
    server: TestServer,
    kira: Socket,
    jonas: Socket,
    hi: MessageId,
}

impl Talk {
    async fn begin() -> Self {
        let server = TestServer::start().await;
        let (kira, jonas) = (server.join("Kira").await, server.join("Jonas").await);
        let (mut kira, mut jonas) = (kira.in_lobby().await, jonas.in_lobby().await);
        let hi = fresh_id();
        kira.posts_to(LOBBY, hi, "Hi").await.expect("an ack");
        jonas.changes(LOBBY, 1).await;
        kira.changes(LOBBY, 1).await;
        Self { server, kira, jonas, hi }
    }

    /// Returns the next change, which both get.
    async fn change(&mut self) -> Change {
        let (at_kira, at_jonas) = (self.kira.changes(LOBBY, 1).await, self.jonas.changes(LOBBY, 1).await);
        assert_eq!(at_kira, at_jonas);
        at_kira.into_iter().next().expect("one change")
    }

    /// Returns Kira's message and the room's state, as a newcomer reads them.
    async fn now(&self) -> (Message, RoomState) {
        let newcomer = self.server.join(&format!("Newcomer {}", fresh_id())[..20]).await;
        let (_, page) = newcomer.following(LOBBY, None).await;
        let ServerFrame::Page { page, state, .. } = page else { panic!("{page:?}") };
        let message = page.messages.into_iter().find(|message| message.id == self.hi);
        (message.expect("the message is there"), state)
    }
}

fn edit(message: MessageId, body: &str) -> Operation {
    Operation::Edit { message, body: body.to_owned() }
}

fn react(message: MessageId, emoji: &str, on: bool) -> Operation {
    Operation::React { message, emoji: emoji.to_owned(), on }
}

fn reply(message: MessageId, body: &str) -> Operation {
    Operation::Post { body: body.to_owned(), reply_to: Some(message) }
}

#[tokio::test]
async fn an_edit_is_seen_by_everyone_and_the_newcomer_reads_the_new_text() {
    let mut talk = Talk::begin().await;
    assert_eq!(talk.kira.operates(edit(talk.hi, "  Hello \n")).await, Ok(Seq(2)));
    let change = talk.change().await;
    assert_eq!((change.targets.clone(), &change.what), (vec![talk.hi], &What::Edited { body: "Hello".to_owned() }));
    assert_eq!(change.by.name, "Kira");
    let (message, _) = talk.now().await;
    assert_eq!((message.body.as_str(), message.edited_at, message.rev), ("Hello", Some(change.at), Seq(2)));
    assert_eq!(talk.kira.operates(edit(talk.hi, "Hello")).await, Ok(Seq(2)), "the same text makes no change");
    talk.kira.is_heard().await;
    assert!(!talk.kira.has_changes_of(LOBBY));
}

#[tokio::test]
async fn a_deletion_leaves_a_message_without_text_and_beats_a_later_edit() {
    let mut talk = Talk::begin().await;
    talk.jonas.operates(react(talk.hi, "👍", true)).await.expect("an ack");
    talk.change().await;
    assert_eq!(talk.kira.operates(Operation::Delete { message: talk.hi }).await, Ok(Seq(3)));
    assert_eq!(talk.change().await.what, What::Deleted);
    let (message, _) = talk.now().await;
    assert_eq!((message.is_deleted(), message.body.as_str(), message.reactions), (true, "", vec![]));
    let gone = Err(Refusal::Gone);
    assert_eq!(talk.kira.operates(edit(talk.hi, "too late")).await, gone);
    assert_eq!(talk.jonas.operates(react(talk.hi, "👍", true)).await, gone);
    assert_eq!(talk.jonas.operates(reply(talk.hi, "what?")).await, gone);
    assert_eq!(talk.kira.operates(Operation::Delete { message: talk.hi }).await, gone);
}

#[tokio::test]
async fn reactions_are_counted_and_taken_back() {
    let mut talk = Talk::begin().await;
    let reacted = |change: Change| match change.what {
        What::Reacted { emoji, on, reactions } => {
            let counts: Vec<_> = reactions.into_iter().map(|Reaction { emoji, count, .. }| (emoji, count)).collect();
            (emoji, on, counts)
        }
        other => panic!("{other:?}"),
    };
    let thumb = "👍".to_owned();
    talk.kira.operates(react(talk.hi, "👍", true)).await.expect("an ack");
    assert_eq!(reacted(talk.change().await), (thumb.clone(), true, vec![(thumb.clone(), 1)]));
    talk.jonas.operates(react(talk.hi, "👍", true)).await.expect("an ack");
    assert_eq!(reacted(talk.change().await), (thumb.clone(), true, vec![(thumb.clone(), 2)]));
    talk.kira.operates(react(talk.hi, "👍", false)).await.expect("an ack");
    assert_eq!(reacted(talk.change().await), (thumb.clone(), false, vec![(thumb.clone(), 1)]));
    assert_eq!(talk.kira.operates(react(talk.hi, "👍", false)).await, Ok(Seq(4)), "it is taken back already");
    assert_eq!(talk.now().await.0.reactions, [Reaction { emoji: thumb, name: "thumbs up".to_owned(), count: 1 }]);
}

#[tokio::test]
async fn a_reply_names_its_parent_and_counts_for_it() {
    let mut talk = Talk::begin().await;
    assert_eq!(talk.jonas.operates(reply(talk.hi, "Hi Kira")).await, Ok(Seq(2)));
    let change = talk.change().await;
    let reply_to = Some(ReplyTo { message: talk.hi, replies: 1 });
    assert_eq!(change.what, What::Posted { body: "Hi Kira".to_owned(), reply_to });
    assert_eq!(change.targets[1], talk.hi);
    let (parent, _) = talk.now().await;
    assert_eq!((parent.replies, parent.rev), (1, Seq(2)));
}

#[tokio::test]
async fn anybody_pins_and_unpins() {
    let mut talk = Talk::begin().await;
    let pin = |on| Operation::Pin { message: talk.hi, on };
    talk.jonas.operates(pin(true)).await.expect("an ack");
    let (pinned, unpinned) = (pin(true), pin(false));
    assert_eq!(talk.change().await.what, What::Pinned { on: true, pins: vec![talk.hi] });
    let (message, state) = talk.now().await;
    assert_eq!((message.pinned, state.pins, state.rev), (true, vec![talk.hi], Seq(2)));
    assert_eq!(talk.kira.operates(pinned).await, Ok(Seq(2)), "it is pinned already");
    talk.kira.operates(unpinned).await.expect("an ack");
    assert_eq!(talk.change().await.what, What::Pinned { on: false, pins: vec![] });
}

#[tokio::test]
async fn who_made_a_room_describes_it_and_every_list_of_rooms_shows_it() {
    let server = TestServer::start().await;
    let (kira, jonas) = (server.join("Kira").await, server.join("Jonas").await);
    let tea = kira.creates("Tea").await.id;
    let (mut at_kira, mut at_jonas) = (kira.in_lobby().await, jonas.in_lobby().await);
    let describe = |name: &str, topic: &str| Operation::Describe { name: name.to_owned(), topic: topic.to_owned() };

    assert_eq!(at_jonas.operates_as(tea, fresh_id(), describe("Mine", "")).await, Err(Refusal::NotYours));
    assert_eq!(at_kira.operates_as(tea, fresh_id(), describe(" Coffee ", "No tea")).await, Ok(Seq(1)));

    let told = at_jonas.find("the room's new name", |frame| match frame {
        ServerFrame::RoomAdded { room } if room.id == tea => Some((room.name.clone(), room.topic.clone())),
        _ => None,
    });
    assert_eq!(told.await, ("Coffee".to_owned(), "No tea".to_owned()));
    let ServerFrame::Page { state, page, .. } = at_jonas.join(tea, None).await else { panic!("expected a page") };
    assert_eq!((state.name.as_str(), state.topic.as_str(), state.rev), ("Coffee", "No tea", Seq(1)));
    assert_eq!((page.messages.len(), page.messages[0].kind.is_text()), (1, false), "a line says it");
    assert_eq!(jonas.rooms().await[1].name, "Coffee");
}

#[tokio::test]
async fn an_operation_that_can_not_be_carried_out_is_refused_with_its_reason_and_disturbs_nothing() {
    let mut talk = Talk::begin().await;
    let nowhere = fresh_id();
    let too_long = "a".repeat(4_001);
    for (by_jonas, what, refusal) in [
        (false, edit(nowhere, "x"), Refusal::NoSuchMessage),
        (false, Operation::Delete { message: nowhere }, Refusal::NoSuchMessage),
        (false, react(nowhere, "👍", true), Refusal::NoSuchMessage),
        (false, Operation::Pin { message: nowhere, on: true }, Refusal::NoSuchMessage),
        (false, reply(nowhere, "x"), Refusal::NoSuchMessage),
        (true, edit(talk.hi, "x"), Refusal::NotYours),
        (true, Operation::Delete { message: talk.hi }, Refusal::NotYours),
        (false, edit(talk.hi, " \n "), Refusal::Empty),
        (false, edit(talk.hi, &too_long), Refusal::TooLong { max: 4_000 }),
        (false, edit(talk.hi, "ding\u{7}"), Refusal::ForbiddenCharacter),
        (true, react(talk.hi, "", true), Refusal::NotAnEmoji),
        (true, react(talk.hi, "x", true), Refusal::NotAnEmoji),
        (true, react(talk.hi, "👍👍", true), Refusal::NotAnEmoji),
        (true, react(talk.hi, ":thumbsup:", true), Refusal::NotAnEmoji),
        (true, react(talk.hi, &"👍".repeat(10_000), true), Refusal::NotAnEmoji),
        (false, Operation::Describe { name: "Mine".to_owned(), topic: String::new() }, Refusal::NotYours),
        (false, Operation::Describe { name: " ".to_owned(), topic: String::new() }, Refusal::Empty),
    ] {
        let by = if by_jonas { &mut talk.jonas } else { &mut talk.kira };
        assert_eq!(by.operates(what.clone()).await, Err(refusal), "{what:.80?}");
    }
    assert_eq!(talk.kira.posts("undisturbed").await, Seq(2));
    assert_eq!(talk.change().await.seq, Seq(2));
}

#[tokio::test]
async fn an_unknown_operation_or_stream_is_refused_for_that_operation_only() {
    let mut talk = Talk::begin().await;
    let (one, other) = (OpId::from(fresh_id()), OpId::from(fresh_id()));
    for text in [
        format!(r#"{{"operation":{{"on":{{"room":1}},"op":"{one}","what":{{"dance":{{"bpm":120}}}}}}}}"#),
        format!(r#"{{"operation":{{"on":{{"house":1}},"op":"{other}","what":{{"post":{{"body":"x"}}}}}}}}"#),
    ] {
        talk.kira.say_text(&text).await;
    }
    assert_eq!(talk.kira.outcome(one).await, Err(Refusal::UnknownType));
    assert_eq!(talk.kira.outcome(other).await, Err(Refusal::UnknownType));
    // The same id may be used for an operation that is known.
    assert_eq!(talk.kira.operates_as(LOBBY, one, edit(talk.hi, "Hello")).await, Ok(Seq(2)));
}

#[tokio::test]
async fn each_operation_that_is_sent_twice_has_one_effect_and_one_ack() {
    let mut talk = Talk::begin().await;
    let operations = [
        reply(talk.hi, "an answer"),
        edit(talk.hi, "Hello"),
        react(talk.hi, "👍", true),
        Operation::Pin { message: talk.hi, on: true },
        Operation::Delete { message: talk.hi },
    ];
    let mut ops = Vec::new();
    for what in operations {
        let op = OpId::from(fresh_id());
        talk.kira.say(&operation(LOBBY, op, what.clone())).await;
        talk.kira.say(&operation(LOBBY, op, what.clone())).await;
        ops.push((op, what));
    }
    for (i, (op, what)) in ops.into_iter().enumerate() {
        let seq = Ok(Seq(i as u64 + 2));
        assert_eq!((talk.kira.outcome(op).await, talk.kira.outcome(op).await), (seq.clone(), seq.clone()));
        assert_eq!(talk.kira.operates_as(LOBBY, op, what).await, seq, "also later");
        assert_eq!(talk.jonas.operates_as(LOBBY, op, react(talk.hi, "🎉", true)).await, Err(Refusal::Conflict));
    }
    assert_eq!(talk.jonas.changes(LOBBY, 5).await.len(), 5);
    assert_eq!(talk.kira.posts("next").await, Seq(7));
}
