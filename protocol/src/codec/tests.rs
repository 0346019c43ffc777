//! What the codec promises beyond the golden samples.

use super::{DecodeError, decode_client, decode_server, encode_event, encode_server, join_events, newest_that_fit};
use crate::client_frame::ClientFrame;
use crate::ids::{MemberId, MessageId, RoomId, Seq, UnixMillis};
use crate::limits::{MAX_FRAME_BYTES, MAX_JSON_DEPTH};
use crate::model::{Event, Member, What};
use crate::server_frame::ServerFrame;

fn event(seq: u64) -> Event {
    Event {
        seq: Seq(seq),
        at: UnixMillis(1_760_000_000_000),
        by: Member { id: MemberId(3), name: "Kira \"K\"".to_owned() },
        what: What::Posted { id: MessageId::mint(UnixMillis(1), [7; 10]), body: "Hi\nhumans!".to_owned() },
    }
}

#[test]
fn joined_events_are_the_frame_that_encoding_at_once_gives() {
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

#[test]
fn what_is_new_to_this_build_is_skipped_and_not_fatal() {
    assert_eq!(decode_client(r#"{"type":"dance","tempo":{"bpm":120}}"#), Ok(ClientFrame::Unknown));
    assert_eq!(decode_server(r#"{"type":"dance"}"#), Ok(ServerFrame::Unknown));
    assert_eq!(decode_client(r#"{"type":"leave","room":1,"why":"tired"}"#), Ok(ClientFrame::Leave { room: RoomId(1) }));
    let event = r#"{"seq":1,"at":1,"by":{"id":1,"name":"Kira"},"what":{"type":"danced","tempo":120}}"#;
    let frame = decode_server(&join_events(RoomId(1), [event])).expect("an unknown event is still an event");
    assert!(matches!(frame, ServerFrame::Events { events, .. } if events[0].what == What::Unknown));
}

#[test]
fn bad_text_says_whether_it_is_json_at_all() {
    for text in ["", "hi", "{", "NaN", "\u{0}"] {
        assert_eq!(decode_client(text), Err(DecodeError::NotJson), "{text:?}");
    }
    for text in
        ["[]", "{}", "null", r#"{"type":"leave"}"#, r#"{"type":"leave","room":-1}"#, r#"{"type":"leave","room":1e99}"#]
    {
        assert_eq!(decode_client(text), Err(DecodeError::BadFrame), "{text:?}");
    }
}

#[test]
fn json_deeper_than_the_limit_is_refused_and_brackets_in_text_do_not_count() {
    let nested = |n: usize| format!(r#"{{"type":"ping","x":{}{}}}"#, "[".repeat(n), "]".repeat(n));
    assert_eq!(decode_client(&nested(MAX_JSON_DEPTH - 1)), Ok(ClientFrame::Ping));
    assert_eq!(decode_client(&nested(MAX_JSON_DEPTH)), Err(DecodeError::NotJson));
    assert_eq!(decode_client(&format!(r#"{{"type":"ping","x":"\"{}"}}"#, "[".repeat(99))), Ok(ClientFrame::Ping));
}
