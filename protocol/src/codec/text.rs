//! Frames as JSON text, both ways.

use thiserror::Error;

use super::json::FromJson;
use super::value;
use crate::client_frame::ClientFrame;
use crate::ids::RoomId;
use crate::limits::{MAX_FRAME_BYTES, MAX_JSON_DEPTH};
use crate::model::{Event, RoomInfo};
use crate::refusal::Refusal;
use crate::server_frame::ServerFrame;

/// More than a page's frame has around its events, and a `welcome` around its rooms.
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
    let n_events = n_that_fit(events.iter().rev()).max(1);
    &events[events.len().saturating_sub(n_events)..]
}

/// How many of the rooms, from the first on, are sure to fit into one `welcome`.
#[must_use]
pub fn n_rooms_that_fit(rooms: &[RoomInfo]) -> usize {
    n_that_fit(rooms.iter())
}

fn n_that_fit<'a, T: serde::Serialize + 'a>(items: impl Iterator<Item = &'a T>) -> usize {
    let mut n_bytes = 0;
    let fits = |item: &&T| {
        n_bytes += encode(*item).len() + 1;
        n_bytes <= MAX_FRAME_BYTES - FRAME_OVERHEAD_BYTES
    };
    items.take_while(fits).count()
}

/// By way of a value, and not by serde's derive: an internally tagged enum is read there through a buffer of its own,
/// compiled once more for every type in it, which came to a sixth of the WebAssembly.
fn decode<T: FromJson>(text: &str) -> Result<T, DecodeError> {
    if is_too_deep(text) {
        return Err(DecodeError::NotJson);
    }
    let value = value::parse(text).ok_or(DecodeError::NotJson)?;
    T::from_json(&value).ok_or(DecodeError::BadFrame)
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
