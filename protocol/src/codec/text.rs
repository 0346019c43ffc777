//! Values as JSON text, in both directions: frames, and whatever else the app keeps or hands over as text.

use std::ops::Range;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::depth::is_too_deep;
use super::error::DecodeError;
use super::json;
use crate::change::Change;
use crate::client_frame::ClientFrame;
use crate::ids::RoomId;
use crate::server_frame::ServerFrame;

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

/// Returns the text of a change. It is encoded once and then shared by every frame that carries the change.
#[must_use]
pub fn encode_change(change: &Change) -> String {
    encode(change)
}

/// Returns the text of a [`ServerFrame::Changes`] whose changes [`encode_change`] has encoded, and the place of each change
/// in the text, in bytes.
#[must_use]
pub fn join_changes<'a>(room: RoomId, changes: impl IntoIterator<Item = &'a str>) -> (String, Vec<Range<usize>>) {
    let mut places = Vec::new();
    let mut text = format!(r#"{{"changes":{{"room":{room},"changes":["#);
    for (i, change) in changes.into_iter().enumerate() {
        if i > 0 {
            text.push(',');
        }
        places.push(text.len()..text.len() + change.len());
        text.push_str(change);
    }
    text.push_str("]}}");
    (text, places)
}
