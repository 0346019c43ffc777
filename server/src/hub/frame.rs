//! A frame as it is written: encoded once, and shared by all connections that it is written to.

use bytes::Bytes;
use hubbub_protocol::{ServerFrame, codec};

/// JSON text of one [`ServerFrame`], behind the header that a WebSocket puts before it. A server's frames are not
/// masked (RFC 6455, section 5.3), so the header is the same for every connection, and one `send` writes the shared bytes
/// without a copy. Cloning shares the bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    bytes: Bytes,
    n_header_bytes: u8,
}

impl Frame {
    /// Returns the JSON text.
    #[must_use]
    pub fn as_text(&self) -> &[u8] {
        &self.bytes[usize::from(self.n_header_bytes)..]
    }

    /// Returns the length of the JSON text.
    pub(super) const fn n_text_bytes(&self) -> usize {
        self.bytes.len() - self.n_header_bytes as usize
    }

    /// Returns the header and the text, as a WebSocket carries them.
    #[must_use]
    pub fn as_websocket(&self) -> &[u8] {
        &self.bytes
    }
}

impl From<&ServerFrame> for Frame {
    fn from(frame: &ServerFrame) -> Self {
        Self::from(codec::encode_server(frame))
    }
}

impl From<String> for Frame {
    /// The text must come from the codec.
    fn from(text: String) -> Self {
        let mut buffer = [0; MAX_HEADER_BYTES];
        let header = websocket_header(text.len(), &mut buffer);
        let bytes = Bytes::from([header, text.as_bytes()].concat());
        Self { bytes, n_header_bytes: u8::try_from(header.len()).expect("a header has at most 10 bytes") }
    }
}

const MAX_HEADER_BYTES: usize = 10;
const FINAL_TEXT: u8 = 0x81;

/// The header of a final, unmasked text frame (RFC 6455, section 5.2).
fn websocket_header(n_bytes: usize, buffer: &mut [u8; MAX_HEADER_BYTES]) -> &[u8] {
    buffer[0] = FINAL_TEXT;
    match (u8::try_from(n_bytes), u16::try_from(n_bytes)) {
        (Ok(short), _) if short < 126 => {
            buffer[1] = short;
            &buffer[..2]
        }
        (_, Ok(medium)) => {
            buffer[1] = 126;
            buffer[2..4].copy_from_slice(&medium.to_be_bytes());
            &buffer[..4]
        }
        _ => {
            buffer[1] = 127;
            buffer[2..].copy_from_slice(&(n_bytes as u64).to_be_bytes());
            &buffer[..]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_uses_the_shortest_encoding_of_the_length() {
        let header = |n_bytes| websocket_header(n_bytes, &mut [0; MAX_HEADER_BYTES]).to_vec();
        assert_eq!(header(125), [0x81, 125]);
        assert_eq!(header(126), [0x81, 126, 0, 126]);
        assert_eq!(header(65_535), [0x81, 126, 255, 255]);
        assert_eq!(header(65_536), [0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0]);
    }

    #[test]
    fn a_websocket_frame_is_a_header_and_the_text() {
        let frame = Frame::from("{}".to_owned());
        assert_eq!(frame.as_text(), b"{}");
        assert_eq!(frame.as_websocket(), b"\x81\x02{}");
    }
}
