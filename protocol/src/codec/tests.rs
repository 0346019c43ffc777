//! Tests of the codec that go beyond the golden samples.

use super::{
    DecodeError, decode, decode_client, decode_server, encode_event, encode_server, join_events, newest_that_fit,
};
use crate::client_frame::{ClientFrame, Interest};
use crate::ids::{Epoch, MemberId, MessageId, RoomId, Seq, UnixMillis};
use crate::limits::{MAX_FRAME_BYTES, MAX_JSON_DEPTH};
use crate::model::{Event, Member, What};
use crate::refusal::Refusal;
use crate::server_frame::{ServerFrame, SnapshotReason};

fn event(seq: u64) -> Event {
    Event {
        seq: Seq(seq),
        at: UnixMillis(1_760_000_000_000),
        by: Member { id: MemberId(3), name: "Kira \"K\"".to_owned() },
        what: What::Posted { id: MessageId::mint(UnixMillis(1), [7; 10]), body: "Hi\nhumans!".to_owned() },
    }
}

#[test]
fn joined_events_are_the_same_text_as_the_encoded_frame() {
    let events = vec![event(1), event(2)];
    let parts: Vec<String> = events.iter().map(encode_event).collect();
    let joined = join_events(RoomId(9), parts.iter().map(String::as_str));
    assert_eq!(joined, encode_server(&ServerFrame::Events { room: RoomId(9), events }));
}

#[test]
fn a_page_of_the_longest_messages_is_cut_to_a_frame_at_its_older_end() {
    let long = |seq| {
        let mut event = event(seq);
        event.what = What::Posted { id: MessageId::mint(UnixMillis(1), [7; 10]), body: "\u{1F600}".repeat(4_000) };
        event
    };
    let events: Vec<Event> = (1..=50).map(long).collect();
    let page = newest_that_fit(&events);
    assert_eq!(page.last().map(|event| event.seq), Some(Seq(50)));
    let frame = ServerFrame::History { room: RoomId(1), before: Seq(51), events: page.to_vec() };
    assert!(encode_server(&frame).len() <= MAX_FRAME_BYTES);
    assert_eq!(newest_that_fit(&[]), &[]);
}

/// A variant that this build doesn't know, in the two forms that serde writes.
const NEW_VARIANTS: [&str; 3] = [r#""dance""#, r#"{"dance":{"tempo":{"bpm":120}}}"#, r#"{"dance":[1]}"#];

#[test]
fn an_unknown_variant_is_skipped_at_every_level_and_in_both_forms() {
    for new in NEW_VARIANTS {
        assert_eq!(decode_client(new), Ok(ClientFrame::Unknown), "{new}");
        assert_eq!(decode_server(new), Ok(ServerFrame::Unknown), "{new}");

        let event = format!(r#"{{"seq":1,"at":1,"by":{{"id":1,"name":"Kira"}},"what":{new}}}"#);
        let events = decode_server(&join_events(RoomId(1), [event.as_str()]));
        assert!(matches!(events, Ok(ServerFrame::Events { events, .. }) if events[0].what == What::Unknown), "{new}");

        let snapshot = format!(r#"{{"snapshot":{{"room":1,"reason":{new},"epoch":1,"head":0,"events":[]}}}}"#);
        let reason = SnapshotReason::Unknown;
        let expected = ServerFrame::Snapshot { room: RoomId(1), reason, epoch: Epoch(1), head: Seq(0), events: vec![] };
        assert_eq!(decode_server(&snapshot), Ok(expected), "{new}");

        let denied = format!(r#"{{"denied":{{"room":1,"refusal":{new}}}}}"#);
        assert_eq!(decode_server(&denied), Ok(ServerFrame::Denied { room: RoomId(1), refusal: Refusal::Unknown }));
        let bye = format!(r#"{{"bye":{{"reconnect_after_ms":1,"refusal":{new}}}}}"#);
        let expected = ServerFrame::Bye { reconnect_after_ms: 1, refusal: Some(Refusal::Unknown) };
        assert_eq!(decode_server(&bye), Ok(expected));
    }
}

#[test]
fn a_variant_without_fields_may_get_some_in_a_newer_build() {
    for content in ["null", "{}", r#"{"sent_at":{"ms":7}}"#, "[1]", r#""x""#] {
        assert_eq!(decode_client(&format!(r#"{{"ping":{content}}}"#)), Ok(ClientFrame::Ping), "{content}");
        assert_eq!(decode_server(&format!(r#"{{"pong":{content}}}"#)), Ok(ServerFrame::Pong), "{content}");
        assert_eq!(decode(&format!(r#"{{"not_found":{content}}}"#)), Ok(Refusal::NotFound), "{content}");
        assert_eq!(decode(&format!(r#"{{"gap":{content}}}"#)), Ok(SnapshotReason::Gap), "{content}");
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
fn a_frame_with_a_message_id_in_another_form_is_refused() {
    let post = |id: &str| decode_client(&format!(r#"{{"post":{{"room":1,"id":"{id}","body":"Hi"}}}}"#));
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
