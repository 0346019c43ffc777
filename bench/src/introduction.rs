//! A short first connection to a Hubbub server, which asks for a session's member and for the lobby. Called before a crowd
//! gathers. It blocks.

use std::io::{Read, Write};
use std::net::{SocketAddrV4, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result};
use hubbub_protocol::{ClientFrame, Member, RoomId, ServerFrame, codec};

use crate::frame::{self, Opcode};
use crate::handshake;
use crate::session::Session;

/// A server that takes longer than this to respond has failed.
const RESPONSE_WITHIN: Duration = Duration::from_secs(10);

/// The content of a server's `welcome`.
pub(crate) struct Introduction {
    pub(crate) you: Member,
    pub(crate) lobby: RoomId,
}

/// Connects, sends `hello`, and waits for `welcome`.
pub(crate) fn introduce(server: SocketAddrV4, session: &Session) -> Result<Introduction> {
    let mut stream = TcpStream::connect(server)?;
    stream.set_read_timeout(Some(RESPONSE_WITHIN))?;
    stream.write_all(handshake::request(server, Some(session)).as_bytes())?;
    let mut bytes = Vec::new();
    let end = loop {
        match handshake::end_of_response(&bytes)? {
            Some(end) => break end,
            None => read_more(&mut stream, &mut bytes)?,
        }
    };
    bytes.drain(..end);

    let mut hello = Vec::new();
    let frame = codec::encode_client(&ClientFrame::Hello { rooms: Vec::new() });
    frame::write_masked(Opcode::Text, frame.as_bytes(), &mut hello);
    stream.write_all(&hello)?;
    loop {
        let Some(frame) = frame::parse(&bytes)? else {
            read_more(&mut stream, &mut bytes)?;
            continue;
        };
        let text = String::from_utf8_lossy(&bytes[frame.start..frame.end]);
        if let Ok(ServerFrame::Welcome { you, rooms }) = codec::decode_server(&text) {
            let lobby = rooms.iter().find(|room| room.slug.as_str() == "lobby").context("there is no lobby")?.id;
            return Ok(Introduction { you, lobby });
        }
        bytes.drain(..frame.end);
    }
}

fn read_more(stream: &mut TcpStream, bytes: &mut Vec<u8>) -> Result<()> {
    let mut more = [0; 4_096];
    let n = stream.read(&mut more)?;
    anyhow::ensure!(n > 0, "the server closed the connection");
    bytes.extend_from_slice(&more[..n]);
    Ok(())
}
