//! The client's side of the upgrade from HTTP to WebSocket (RFC 6455, section 4), as bytes. Crowds and introductions use it. It
//! doesn't check the accept key, since the servers are known.

use std::net::SocketAddrV4;

use anyhow::{Result, bail};

use crate::session::Session;

/// Writes the request as a browser sends it from a page of the same server. The floor reads the group out of the path.
pub(crate) fn request(server: SocketAddrV4, session: Option<&Session>, group: u32) -> String {
    let path = if group == 0 { "/ws".to_owned() } else { format!("/ws?group={group}") };
    let mut request = format!(
        "GET {path} HTTP/1.1\r\nHost: {server}\r\nOrigin: http://{server}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    );
    if let Some(session) = session {
        request.push_str(&format!("Sec-WebSocket-Protocol: hubbub.v1\r\nCookie: {}\r\n", session.cookie));
    }
    request.push_str("\r\n");
    request
}

/// Returns where the response ends, or None while it is incomplete.
///
/// # Errors
/// When the server refuses the upgrade, with the first line of its response.
pub(crate) fn end_of_response(bytes: &[u8]) -> Result<Option<usize>> {
    let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else { return Ok(None) };
    if !bytes.starts_with(b"HTTP/1.1 101") {
        let first = bytes.split(|byte| *byte == b'\r').next().unwrap_or_default();
        bail!("the upgrade was refused: {}", String::from_utf8_lossy(first));
    }
    Ok(Some(end + 4))
}
