//! Tests of the codec that go beyond the golden samples.

mod fit;

use super::{DecodeError, decode, decode_client, decode_server, encode_change, encode_server, join_changes};
use crate::apply::Applied;
use crate::change::{Change, What};
use crate::client_frame::{ClientFrame, Interest};
use crate::ids::{MemberId, MessageId, OpId, RoomId, Seq, UnixMillis};
use crate::limits::MAX_JSON_DEPTH;
use crate::message::{Message, MessageKind};
use crate::model::{Member, StreamId};
use crate::operation::Operation;
use crate::query::{Answer, Query};
use crate::refusal::Refusal;
use crate::server_frame::{PageReason, ServerFrame};

fn id(n: u8) -> MessageId {
    MessageId::mint(UnixMillis(1), [n; 10])
}

fn change(seq: u64) -> Change {
    Change {
        seq: Seq(seq),
        at: UnixMillis(1_760_000_000_000),
        by: Member { id: MemberId(3), name: "Kira \"K\"".to_owned() },
        targets: vec![id(7)],
        what: What::Posted { body: "Hi\nhumans!".to_owned(), reply_to: None },
    }
}

#[test]
fn joined_changes_are_the_same_text_as_the_encoded_frame() {
    let changes = vec![change(1), change(2)];
    let parts: Vec<String> = changes.iter().map(encode_change).collect();
    let (joined, places) = join_changes(RoomId(9), parts.iter().map(String::as_str));
    assert_eq!(places.into_iter().map(|place| &joined[place]).collect::<Vec<_>>(), parts);
    assert_eq!(joined, encode_server(&ServerFrame::Changes { room: RoomId(9), changes }));
}

/// A variant that this build doesn't know, in the two forms that serde writes.
const NEW_VARIANTS: [&str; 3] = [r#""dance""#, r#"{"dance":{"tempo":{"bpm":120}}}"#, r#"{"dance":[1]}"#];

/// Decodes a text in which `NEW` stands for a variant that this build doesn't know.
fn decode_with<T: serde::de::DeserializeOwned>(text: &str, new: &str) -> T {
    decode(&text.replace("NEW", new)).unwrap_or_else(|error| panic!("{error}: {text} with {new}"))
}

#[test]
fn an_unknown_variant_is_skipped_at_every_level_and_in_both_forms() {
    for new in NEW_VARIANTS {
        assert_eq!(decode_with::<ClientFrame>("NEW", new), ClientFrame::Unknown);
        assert_eq!(decode_with::<ServerFrame>("NEW", new), ServerFrame::Unknown);
        assert_eq!(decode_with::<Operation>("NEW", new), Operation::Unknown);
        assert_eq!(decode_with::<StreamId>("NEW", new), StreamId::Unknown);
        assert_eq!(decode_with::<MessageKind>("NEW", new), MessageKind::Unknown);

        let op = OpId::from(id(7));
        let text = format!(r#"{{"operation":{{"on":NEW,"op":"{op}","what":NEW}}}}"#);
        let expected = ClientFrame::Operation { on: StreamId::Unknown, op, what: Operation::Unknown };
        assert_eq!(decode_with::<ClientFrame>(&text, new), expected);
        let query = decode_with(r#"{"query":{"room":1,"query":NEW}}"#, new);
        assert_eq!(ClientFrame::Query { room: RoomId(1), query: Query::Unknown }, query);

        let answer = decode_with(r#"{"answer":{"room":1,"query":NEW,"answer":NEW}}"#, new);
        let expected = ServerFrame::Answer { room: RoomId(1), query: Query::Unknown, answer: Answer::Unknown };
        assert_eq!(expected, answer);
        let page = r#"{"page":{"room":1,"reason":NEW,"epoch":1,"state":{"rev":0,"name":"Tea","topic":"","made_at":0},"page":{"as_of":0,"messages":[],"older":false}}}"#;
        let page = decode_with(page, new);
        assert!(matches!(page, ServerFrame::Page { reason: PageReason::Unknown, .. }), "{new}: {page:?}");

        let denied = decode_with(r#"{"denied":{"room":1,"refusal":NEW}}"#, new);
        assert_eq!(ServerFrame::Denied { room: RoomId(1), refusal: Refusal::Unknown }, denied);
        let bye = decode_with(r#"{"bye":{"reconnect_after_ms":1,"refusal":NEW}}"#, new);
        assert_eq!(ServerFrame::Bye { reconnect_after_ms: 1, refusal: Some(Refusal::Unknown) }, bye);
    }
}

#[test]
fn a_change_of_an_unknown_kind_keeps_its_seq_and_the_messages_to_ask_for() {
    let mut message = Message::added_by(&change(1)).expect("a post adds a message");
    let before = message.clone();
    let target = message.id;
    for new in NEW_VARIANTS {
        let text = format!(
            r#"{{"changes":{{"room":1,"by_node":2,"changes":[{{"seq":2,"at":1,"by":{{"id":1,"name":"Kira","pronouns":"she"}},"targets":["{target}"],"undo":true,"what":NEW}}]}}}}"#
        );
        let ServerFrame::Changes { changes, .. } = decode_with(&text, new) else { panic!("{text}") };
        let change = &changes[0];
        assert_eq!((change.seq, change.message(), &change.what), (Seq(2), Some(target), &What::Unknown), "{new}");
        assert_eq!(Message::added_by(change), None);
        assert_eq!(message.apply(change), Applied::Unknown);
        // The rev stays, so that the row that answers the question is newer and is taken.
        assert_eq!(message, before);
    }
}

#[test]
fn a_message_with_fields_of_a_newer_server_keeps_the_known_ones() {
    let text = format!(
        r#"{{"id":"{}","seq":1,"rev":9,"at":5,"by":{{"id":3,"name":"Kira"}},"kind":{{"poll":{{"options":["tea"]}}}},"body":"Hi","files":[{{"name":"a.png"}}],"reactions":[{{"emoji":"x","name":"x","count":1,"first_by":3}}]}}"#,
        id(7)
    );
    let message: Message = decode(&text).expect("a message");
    assert_eq!((message.rev, message.body.as_str(), &message.kind), (Seq(9), "Hi", &MessageKind::Unknown));
    assert_eq!(message.reactions.len(), 1);
}

#[test]
fn a_variant_without_fields_may_get_some_in_a_newer_build() {
    for content in ["null", "{}", r#"{"sent_at":{"ms":7}}"#, "[1]", r#""x""#] {
        assert_eq!(decode_client(&format!(r#"{{"ping":{content}}}"#)), Ok(ClientFrame::Ping), "{content}");
        assert_eq!(decode_server(&format!(r#"{{"pong":{content}}}"#)), Ok(ServerFrame::Pong), "{content}");
        assert_eq!(decode(&format!(r#"{{"not_found":{content}}}"#)), Ok(Refusal::NotFound), "{content}");
        assert_eq!(decode(&format!(r#"{{"gap":{content}}}"#)), Ok(PageReason::Gap), "{content}");
        assert_eq!(decode(&format!(r#"{{"deleted":{content}}}"#)), Ok(What::Deleted), "{content}");
    }
}

#[test]
fn unknown_fields_are_ignored_and_null_counts_as_missing() {
    let leave = Ok(ClientFrame::Leave { room: RoomId(1) });
    assert_eq!(decode_client(r#"{"leave":{"why":{"tired":true},"room":1}}"#), leave);
    let join = Ok(ClientFrame::Join(Interest { room: RoomId(1), after: None }));
    assert_eq!(decode_client(r#"{"join":{"room":1,"after":null}}"#), join);
    assert_eq!(decode_client(r#"{"leave":{"room":null}}"#), Err(DecodeError::BadFrame));
}

#[test]
fn bad_text_says_whether_it_is_json_at_all() {
    for text in ["", "hi", "{", "NaN", "\u{0}", r#"{"leave":{"room":NaN}}"#, r#"{"leave":{"room":-1}"#] {
        assert_eq!(decode_client(text), Err(DecodeError::NotJson), "{text:?}");
    }
    for text in [
        "[]",
        "{}",
        "null",
        "7",
        r#""leave""#,
        r#"{"leave":{}}"#,
        r#"{"leave":null}"#,
        r#"{"leave":7}"#,
        r#"{"leave":{"room":-1}}"#,
        r#"{"leave":{"room":1.5}}"#,
        r#"{"leave":{"room":1e99}}"#,
        r#"{"leave":{"room":18446744073709551616}}"#,
        r#"{"leave":{"room":"1"}}"#,
        r#"{"leave":{"room":1e999}}"#,
        r#"{"leave":[1,2]}"#,
        r#"{"leave":{"room":1},"ping":null}"#,
        r#"{"ping":null,"leave":{"room":1}}"#,
    ] {
        assert_eq!(decode_client(text), Err(DecodeError::BadFrame), "{text:?}");
    }
}

#[test]
fn a_frame_with_an_id_in_another_form_is_refused() {
    let post = |id: &str| {
        let frame = r#"{"operation":{"on":{"room":1},"op":"ID","what":{"post":{"body":"Hi","reply_to":"ID"}}}}"#;
        decode_client(&frame.replace("ID", id))
    };
    assert!(post("0199c8a5-4c80-7a3b-8d21-5f0e6b9a7c42").is_ok());
    for id in [
        "0199C8A5-4C80-7A3B-8D21-5F0E6B9A7C42",
        "0199c8a54c807a3b8d215f0e6b9a7c42",
        "{0199c8a5-4c80-7a3b-8d21-5f0e6b9a7c42}",
        "0199c8a5-4c80-4a3b-8d21-5f0e6b9a7c42",
    ] {
        assert_eq!(post(id), Err(DecodeError::BadFrame), "{id}");
    }
}

#[test]
fn json_deeper_than_the_limit_is_refused_and_brackets_in_text_do_not_count() {
    let nested = |n: usize| format!(r#"{{"ping":{}{}}}"#, "[".repeat(n), "]".repeat(n));
    assert_eq!(decode_client(&nested(MAX_JSON_DEPTH - 1)), Ok(ClientFrame::Ping));
    assert_eq!(decode_client(&nested(MAX_JSON_DEPTH)), Err(DecodeError::NotJson));
    assert_eq!(decode_client(&format!(r#"{{"ping":"\"{}"}}"#, "[".repeat(99))), Ok(ClientFrame::Ping));
}
