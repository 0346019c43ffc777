//! Frames to JSON text and back. The only file that names the format; transports call it, nothing else does.

use thiserror::Error;

use crate::client_frame::ClientFrame;
use crate::ids::RoomId;
use crate::limits::{MAX_FRAME_BYTES, MAX_JSON_DEPTH};
use crate::model::Event;
use crate::refusal::Refusal;
use crate::server_frame::ServerFrame;

/// More than a page's frame has around its events.
const FRAME_OVERHEAD_BYTES: usize = 1024;

/// Why a text is not a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum DecodeError {
    /// Not JSON, or nested deeper than [`MAX_JSON_DEPTH`].
    #[error("not JSON")]
    NotJson,
    /// JSON, but not of the shape its type asks for.
    #[error("not of its type's shape")]
    BadFrame,
}

impl From<DecodeError> for Refusal {
    fn from(error: DecodeError) -> Self {
        match error {
            DecodeError::NotJson => Self::NotJson,
            DecodeError::BadFrame => Self::BadFrame,
        }
    }
}

/// Reads what a client says. A type that isn't known is [`ClientFrame::Unknown`].
///
/// # Errors
/// [`DecodeError`] when it is no frame.
pub fn decode_client(text: &str) -> Result<ClientFrame, DecodeError> {
    decode(text)
}

/// Reads what the server says. A type that isn't known is [`ServerFrame::Unknown`].
///
/// # Errors
/// [`DecodeError`] when it is no frame.
pub fn decode_server(text: &str) -> Result<ServerFrame, DecodeError> {
    decode(text)
}

/// Writes what a client says.
#[must_use]
pub fn encode_client(frame: &ClientFrame) -> String {
    encode(frame)
}

/// Writes what the server says.
#[must_use]
pub fn encode_server(frame: &ServerFrame) -> String {
    encode(frame)
}

/// An event's JSON, written once and shared by every frame that carries it.
#[must_use]
pub fn encode_event(event: &Event) -> String {
    encode(event)
}

/// A [`ServerFrame::Events`] from events that [`encode_event`] has written already.
#[must_use]
pub fn join_events<'a>(room: RoomId, events: impl IntoIterator<Item = &'a str>) -> String {
    let mut text = format!(r#"{{"type":"events","room":{room},"events":["#);
    for (i, event) in events.into_iter().enumerate() {
        if i > 0 {
            text.push(',');
        }
        text.push_str(event);
    }
    text.push_str("]}");
    text
}

/// The newest of the events whose page is sure to fit into one frame: at least the last one. A page that is cut short
/// at its older end is still a page, since what is missing is asked for like any other history.
#[must_use]
pub fn newest_that_fit(events: &[Event]) -> &[Event] {
    let mut n_bytes = 0;
    let fits = |event: &&Event| {
        n_bytes += encode_event(event).len() + 1;
        n_bytes <= MAX_FRAME_BYTES - FRAME_OVERHEAD_BYTES
    };
    let n_events = events.iter().rev().take_while(fits).count().max(1);
    &events[events.len().saturating_sub(n_events)..]
}

fn decode<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, DecodeError> {
    if is_too_deep(text) {
        return Err(DecodeError::NotJson);
    }
    serde_json::from_str(text).map_err(|error| match error.classify() {
        serde_json::error::Category::Data => DecodeError::BadFrame,
        _ => DecodeError::NotJson,
    })
}

fn encode<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("frames have string keys and no custom serializers that could fail")
}

fn is_too_deep(text: &str) -> bool {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => {
                depth += 1;
                if depth > MAX_JSON_DEPTH {
                    return true;
                }
            }
            b'}' | b']' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{MemberId, MessageId, Seq, UnixMillis};
    use crate::model::{Member, What};

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
        assert_eq!(
            decode_client(r#"{"type":"leave","room":1,"why":"tired"}"#),
            Ok(ClientFrame::Leave { room: RoomId(1) })
        );
        let event = r#"{"seq":1,"at":1,"by":{"id":1,"name":"Kira"},"what":{"type":"danced","tempo":120}}"#;
        let frame = decode_server(&join_events(RoomId(1), [event])).expect("an unknown event is still an event");
        assert!(matches!(frame, ServerFrame::Events { events, .. } if events[0].what == What::Unknown));
    }

    #[test]
    fn bad_text_says_whether_it_is_json_at_all() {
        for text in ["", "hi", "{", "NaN", "\u{0}"] {
            assert_eq!(decode_client(text), Err(DecodeError::NotJson), "{text:?}");
        }
        for text in [
            "[]",
            "{}",
            "null",
            r#"{"type":"leave"}"#,
            r#"{"type":"leave","room":-1}"#,
            r#"{"type":"leave","room":1e99}"#,
        ] {
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
}
