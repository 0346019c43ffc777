//! Reads and writes WebSocket frames (RFC 6455, section 5.2) as bytes. The crowd reads a server's frames and writes masked ones,
//! and the floor the other way round. It knows no sockets.

/// The masking key of the generator. Masking protects proxies, and there are none here. A constant key costs the server as
/// much as a random one.
const MASK: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];

const FINAL: u8 = 0x80;
const MASKED: u8 = 0x80;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Opcode {
    Text = 1,
    Close = 8,
    Ping = 9,
    Pong = 10,
}

/// A complete frame at the start of some bytes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) opcode: Opcode,
    pub(crate) mask: Option<[u8; 4]>,
    /// Where the payload starts.
    pub(crate) start: usize,
    /// Where the payload and the frame end.
    pub(crate) end: usize,
}

/// The bytes start with a frame that no measured server sends.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("a WebSocket frame that no chat sends (first byte {0:#04x})")]
pub(crate) struct UnexpectedFrame(u8);

/// Parses the frame that `bytes` start with. Returns None while the frame is incomplete.
pub(crate) fn parse(bytes: &[u8]) -> Result<Option<Frame>, UnexpectedFrame> {
    let [first, second, ..] = *bytes else { return Ok(None) };
    let opcode = match first {
        0x81 => Opcode::Text,
        0x88 => Opcode::Close,
        0x89 => Opcode::Ping,
        0x8a => Opcode::Pong,
        other => return Err(UnexpectedFrame(other)),
    };
    let (length, mut start) = match second & !MASKED {
        126 => match bytes.get(2..4) {
            Some(&[a, b]) => (usize::from(u16::from_be_bytes([a, b])), 4),
            _ => return Ok(None),
        },
        127 => match bytes.get(2..10).and_then(|long| <[u8; 8]>::try_from(long).ok()) {
            Some(long) => (usize::try_from(u64::from_be_bytes(long)).unwrap_or(usize::MAX), 10),
            None => return Ok(None),
        },
        short => (usize::from(short), 2),
    };
    let mut mask = None;
    if second & MASKED != 0 {
        let Some(&[a, b, c, d]) = bytes.get(start..start + 4) else { return Ok(None) };
        mask = Some([a, b, c, d]);
        start += 4;
    }
    let end = start.saturating_add(length);
    Ok((end <= bytes.len()).then_some(Frame { opcode, mask, start, end }))
}

/// Appends a frame as a client sends it.
pub(crate) fn write_masked(opcode: Opcode, payload: &[u8], out: &mut Vec<u8>) {
    write_head(opcode, payload.len(), MASKED, out);
    out.extend_from_slice(&MASK);
    let start = out.len();
    out.extend_from_slice(payload);
    apply_mask(MASK, &mut out[start..]);
}

/// Appends a frame as a server sends it.
pub(crate) fn write_plain(opcode: Opcode, payload: &[u8], out: &mut Vec<u8>) {
    write_head(opcode, payload.len(), 0, out);
    out.extend_from_slice(payload);
}

/// Masks or unmasks in place.
pub(crate) fn apply_mask(mask: [u8; 4], payload: &mut [u8]) {
    for (byte, key) in payload.iter_mut().zip(mask.iter().cycle()) {
        *byte ^= key;
    }
}

fn write_head(opcode: Opcode, length: usize, masked: u8, out: &mut Vec<u8>) {
    out.push(FINAL | opcode as u8);
    if let Ok(short @ 0..=125) = u8::try_from(length) {
        out.push(masked | short);
    } else if let Ok(middle) = u16::try_from(length) {
        out.push(masked | 126);
        out.extend_from_slice(&middle.to_be_bytes());
    } else {
        out.push(masked | 127);
        out.extend_from_slice(&(length as u64).to_be_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_of_any_length_is_read_back_masked_or_not_and_never_before_it_is_whole() {
        for length in [0, 1, 125, 126, 65_535, 65_536] {
            let payload = vec![b'x'; length];
            for masked in [MASKED, 0] {
                let mut bytes = Vec::new();
                if masked == MASKED {
                    write_masked(Opcode::Text, &payload, &mut bytes);
                } else {
                    write_plain(Opcode::Text, &payload, &mut bytes);
                }
                for cut in [0, 1, 2, 5, bytes.len() - 1] {
                    if cut < bytes.len() {
                        assert_eq!(parse(&bytes[..cut]), Ok(None), "{length} cut at {cut}");
                    }
                }
                let frame = parse(&bytes).expect("valid").expect("whole");
                assert_eq!(frame.end, bytes.len());
                if let Some(mask) = frame.mask {
                    apply_mask(mask, &mut bytes[frame.start..frame.end]);
                }
                assert_eq!(bytes[frame.start..frame.end], payload);
            }
        }
    }

    #[test]
    fn a_fragment_or_a_binary_frame_is_named_instead_of_being_skipped() {
        assert_eq!(parse(&[0x01, 0]), Err(UnexpectedFrame(0x01)));
        assert_eq!(parse(&[0x82, 0]), Err(UnexpectedFrame(0x82)));
    }
}
