//! Values as JSON text, in both directions: frames, and whatever else the app keeps or hands over as text.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::depth::is_too_deep;
use super::error::DecodeError;
use super::json;
use crate::client_frame::ClientFrame;
use crate::ids::RoomId;
use crate::limits::MAX_FRAME_BYTES;
use crate::model::{Event, RoomInfo};
use crate::server_frame::ServerFrame;

/// More than the bytes of a page's frame without its events, and of a `welcome` without its rooms.
const FRAME_OVERHEAD_BYTES: usize = 1024;

/// Returns the JSON text of any value of a type that travels or is made of such types.
///
/// # Panics
/// If the type has maps with keys that are no texts, or a serializer of its own that fails. The types of this crate have
/// neither.
#[must_use]
pub fn encode<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("types that travel have string keys and no serializers of their own that fail")
}

/// Returns the value that [`encode`] has written. Fields that the type doesn't have are ignored.
///
/// # Errors
/// [`DecodeError::NotJson`] if the text is not JSON or too deep, [`DecodeError::BadFrame`] if it is not of the type's shape.
pub fn decode<T: DeserializeOwned>(text: &str) -> Result<T, DecodeError> {
    if is_too_deep(text) {
        return Err(DecodeError::NotJson);
    }
    json::parse(text)
}

/// Returns the frame in a text from a client. A frame of an unknown name is [`ClientFrame::Unknown`].
///
/// # Errors
/// [`DecodeError`] if the text is not a frame.
pub fn decode_client(text: &str) -> Result<ClientFrame, DecodeError> {
    decode(text)
}

/// Returns the frame in a text from the server. A frame of an unknown name is [`ServerFrame::Unknown`].
///
/// # Errors
/// [`DecodeError`] if the text is not a frame.
pub fn decode_server(text: &str) -> Result<ServerFrame, DecodeError> {
    decode(text)
}

/// Returns the text of a client's frame.
#[must_use]
pub fn encode_client(frame: &ClientFrame) -> String {
    encode(frame)
}

/// Returns the text of a server's frame.
#[must_use]
pub fn encode_server(frame: &ServerFrame) -> String {
    encode(frame)
}

/// Returns the text of an event. It is encoded once and then shared by every frame that carries the event.
#[must_use]
pub fn encode_event(event: &Event) -> String {
    encode(event)
}

/// Returns the text of a [`ServerFrame::Events`] whose events [`encode_event`] has encoded.
#[must_use]
pub fn join_events<'a>(room: RoomId, events: impl IntoIterator<Item = &'a str>) -> String {
    let mut text = format!(r#"{{"events":{{"room":{room},"events":["#);
    for (i, event) in events.into_iter().enumerate() {
        if i > 0 {
            text.push(',');
        }
        text.push_str(event);
    }
    text.push_str("]}}");
    text
}

/// Returns the newest events that fit into one frame, at least the last one. The client asks for the older events by
/// `history`.
#[must_use]
pub fn newest_that_fit(events: &[Event]) -> &[Event] {
    let n_events = n_that_fit(events.iter().rev()).max(1);
    &events[events.len().saturating_sub(n_events)..]
}

/// Returns how many of the rooms, counted from the first, fit into one `welcome`.
#[must_use]
pub fn n_rooms_that_fit(rooms: &[RoomInfo]) -> usize {
    n_that_fit(rooms.iter())
}

fn n_that_fit<'a, T: Serialize + 'a>(items: impl Iterator<Item = &'a T>) -> usize {
    let mut n_bytes = 0;
    let fits = |item: &&T| {
        n_bytes += encode(*item).len() + 1;
        n_bytes <= MAX_FRAME_BYTES - FRAME_OVERHEAD_BYTES
    };
    items.take_while(fits).count()
}
