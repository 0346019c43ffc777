//! A short first connection to a Hubbub server, which asks for a session's member, for the rooms, or for the place where a
//! room's stream is. Called before a crowd gathers. It blocks.

use std::io::{Read, Write};
use std::net::{SocketAddrV4, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result};
use hubbub_protocol::{ClientFrame, Cursor, Interest, Member, RoomId, RoomInfo, ServerFrame, codec};

use crate::frame::{self, Opcode};
use crate::handshake;
use crate::session::Session;

/// A server that takes longer than this to respond has failed.
const RESPONSE_WITHIN: Duration = Duration::from_secs(10);

/// The content of a server's `welcome`.
pub(crate) struct Introduction {
    pub(crate) you: Member,
    pub(crate) lobby: RoomId,
    /// All rooms, the lobby among them.
    pub(crate) rooms: Vec<RoomInfo>,
}

/// Connects, sends `hello`, and waits for `welcome`.
pub(crate) fn introduce(server: SocketAddrV4, session: &Session) -> Result<Introduction> {
    let mut conversation = Conversation::start(server, session, Vec::new())?;
    let (you, rooms) = conversation.wait_for(|frame| match frame {
        ServerFrame::Welcome { you, rooms } => Some((you, rooms)),
        _ => None,
    })?;
    let lobby = rooms.iter().find(|room| room.slug.as_str() == "lobby").context("there is no lobby")?.id;
    Ok(Introduction { you, lobby, rooms })
}

/// Returns the cursor of a client that has everything of a room.
pub(crate) fn head_of(server: SocketAddrV4, session: &Session, room: RoomId) -> Result<Cursor> {
    let mut conversation = Conversation::start(server, session, vec![Interest { room, after: None }])?;
    conversation.wait_for(|frame| match frame {
        ServerFrame::Page { epoch, page, .. } => Some(Cursor { epoch, seq: page.as_of }),
        _ => None,
    })
}

/// A connection that blocks.
pub(crate) struct Conversation {
    stream: TcpStream,
    bytes: Vec<u8>,
}

impl Conversation {
    /// Connects and sends `hello` with some rooms.
    pub(crate) fn start(server: SocketAddrV4, session: &Session, rooms: Vec<Interest>) -> Result<Self> {
        let mut stream = TcpStream::connect(server)?;
        stream.set_read_timeout(Some(RESPONSE_WITHIN))?;
        stream.set_nodelay(true)?;
        stream.write_all(handshake::request(server, Some(session), 0).as_bytes())?;
        let mut conversation = Self { stream, bytes: Vec::new() };
        let end = loop {
            match handshake::end_of_response(&conversation.bytes)? {
                Some(end) => break end,
                None => conversation.read_more()?,
            }
        };
        conversation.bytes.drain(..end);
        conversation.send(&ClientFrame::Hello { rooms })?;
        Ok(conversation)
    }

    pub(crate) fn send(&mut self, frame: &ClientFrame) -> Result<()> {
        let mut bytes = Vec::new();
        frame::write_masked(Opcode::Text, codec::encode_client(frame).as_bytes(), &mut bytes);
        Ok(self.stream.write_all(&bytes)?)
    }

    /// Skips frames until `pick` takes something of one.
    pub(crate) fn wait_for<T>(&mut self, pick: impl Fn(ServerFrame) -> Option<T>) -> Result<T> {
        loop {
            let Some(frame) = frame::parse(&self.bytes)? else {
                self.read_more()?;
                continue;
            };
            let text = String::from_utf8_lossy(&self.bytes[frame.start..frame.end]);
            let found = codec::decode_server(&text).ok().and_then(&pick);
            self.bytes.drain(..frame.end);
            if let Some(found) = found {
                return Ok(found);
            }
        }
    }

    fn read_more(&mut self) -> Result<()> {
        let mut more = [0; 4_096];
        let n = self.stream.read(&mut more)?;
        anyhow::ensure!(n > 0, "the server closed the connection");
        self.bytes.extend_from_slice(&more[..n]);
        Ok(())
    }
}
