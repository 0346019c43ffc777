//! A stand-in for Hubbub over HTTP/1.1: one room in memory, long polls, and posts by requests. It blocks a thread for each
//! connection.

use std::io::{BufReader, Write};
use std::net::{SocketAddrV4, TcpStream};
use std::sync::{Arc, Condvar, Mutex};

use hubbub_protocol::{Change, ClientFrame, Cursor, RoomId, Seq, ServerFrame, UnixMillis, codec};

use super::listening::{listen, request};
use super::stand_in::{change, empty_page};

pub(super) const ROOM: RoomId = RoomId(7);

/// Whether a response begins with the next change, or repeats the last one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Answers {
    Once,
    Again,
}

/// The room, for either version of HTTP.
pub(super) struct Room {
    answers: Answers,
    log: Mutex<Vec<Change>>,
    more: Condvar,
}

pub(super) fn start(answers: Answers) -> SocketAddrV4 {
    let room = Room::new(answers);
    listen(move |stream| serve(stream, &room))
}

fn serve(stream: TcpStream, room: &Room) -> Option<()> {
    let mut reader = BufReader::new(&stream);
    // Polls come over one connection and posts over another.
    let mut is_open = false;
    loop {
        let (first, body) = request(&mut reader)?;
        let frame = frame_of(&body);
        let is_poll = matches!(frame, ClientFrame::Hello { .. });
        assert_eq!(
            is_poll && !is_open,
            first.contains("&open=true"),
            "the first poll opens the tab, and no other does"
        );
        is_open |= is_poll;
        let lines = codec::encode_server(&room.answer(frame)) + "\n";
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", lines.len());
        // In two parts, as a network may deliver it.
        (&stream).write_all(head.as_bytes()).ok()?;
        (&stream).write_all(lines.as_bytes()).ok()?;
    }
}

pub(super) fn frame_of(body: &[u8]) -> ClientFrame {
    codec::decode_client(str::from_utf8(body).expect("UTF-8")).expect("a client's frame")
}

impl Room {
    pub(super) fn new(answers: Answers) -> Arc<Self> {
        Arc::new(Self { answers, log: Mutex::default(), more: Condvar::new() })
    }

    /// Answers a frame. A poll waits here until there is a change.
    pub(super) fn answer(&self, frame: ClientFrame) -> ServerFrame {
        let mut log = self.log.lock().expect("no thread panics while it holds the log");
        match frame {
            ClientFrame::Hello { rooms } => match rooms[0].after {
                None => empty_page(ROOM, Seq(log.len() as u64)),
                Some(Cursor { seq, .. }) => {
                    let log = self.more.wait_while(log, |log| log.len() as u64 <= seq.0).expect("no thread panics");
                    let first = if self.answers == Answers::Again { seq.0.saturating_sub(1) } else { seq.0 };
                    let place = usize::try_from(first).expect("a small number");
                    ServerFrame::Changes { room: ROOM, changes: log[place..].to_vec() }
                }
            },
            ClientFrame::Operation { on, op, what } => {
                let seq = Seq(log.len() as u64 + 1);
                log.push(change(seq, op, what));
                self.more.notify_all();
                ServerFrame::Ack { on, op, seq, at: UnixMillis(1) }
            }
            other => panic!("a crowd does not send {other:?}"),
        }
    }
}
