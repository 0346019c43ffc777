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

/// More than a page's frame has around its events, and a `welcome` around its rooms.
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

fn n_that_fit<'a, T: Serialize + 'a>(items: impl Iterator<Item = &'a T>) -> usize {
    let mut n_bytes = 0;
    let fits = |item: &&T| {
        n_bytes += encode(*item).len() + 1;
        n_bytes <= MAX_FRAME_BYTES - FRAME_OVERHEAD_BYTES
    };
    items.take_while(fits).count()
}
