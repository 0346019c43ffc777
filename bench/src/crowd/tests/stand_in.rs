//! A stand-in for Hubbub over WebSocket: one room in memory. It blocks a thread for each connection.

use std::io::{BufReader, Read, Write};
use std::net::{SocketAddrV4, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};

use hubbub_protocol::{
    Change, ClientFrame, Epoch, Member, MemberId, MessageId, OpId, Operation, Page, PageReason, Reaction, RoomId,
    RoomInfo, RoomState, Seq, ServerFrame, Slug, UnixMillis, What, codec,
};

use super::listening::{listen, request};
use crate::frame::{self, Opcode};

const ROOM: RoomId = RoomId(7);
/// Where the log stands at the start.
const HEAD: Seq = Seq(0);
/// The change that is swapped or altered.
pub(super) const ODD_CHANGE: Seq = Seq(5);
/// The listener for which it is, in order of arrival, which is not the order in which a crowd counts its connections.
const ODD_LISTENER: usize = 6;

/// How the stand-in treats its listeners.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Manners {
    Good,
    SwapsForOne,
    ChangesForOne,
}

pub(super) struct StandIn {
    manners: Manners,
    head: Seq,
    /// The connections in the room, in order of arrival.
    listeners: Vec<Arc<TcpStream>>,
    withheld: Option<Change>,
}

impl StandIn {
    pub(super) fn start(manners: Manners) -> SocketAddrV4 {
        let room = Arc::new(Mutex::new(Self { manners, head: HEAD, listeners: Vec::new(), withheld: None }));
        listen(move |stream| serve(stream, &room))
    }

    fn store(&mut self, op: OpId, what: Operation) -> Seq {
        self.head = self.head.next();
        let change = change(self.head, op, what);
        for (i, listener) in self.listeners.iter().enumerate() {
            if i != ODD_LISTENER || self.manners == Manners::Good {
                send(listener, &ServerFrame::Changes { room: ROOM, changes: vec![change.clone()] });
            }
        }
        if self.manners != Manners::Good {
            self.tell_the_odd_one(change);
        }
        self.head
    }

    fn tell_the_odd_one(&mut self, mut change: Change) {
        let listener = Arc::clone(&self.listeners[ODD_LISTENER]);
        let tell = |change| send(&listener, &ServerFrame::Changes { room: ROOM, changes: vec![change] });
        if change.seq == ODD_CHANGE && self.manners == Manners::SwapsForOne {
            self.withheld = Some(change);
            return;
        }
        if change.seq == ODD_CHANGE {
            match &mut change.what {
                What::Posted { body, .. } | What::Edited { body } => body.push('!'),
                What::Reacted { on, .. } => *on = false,
                other => panic!("a crowd does not ask for {other:?}"),
            }
        }
        tell(change);
        if let Some(withheld) = self.withheld.take() {
            tell(withheld);
        }
    }
}

fn lock(room: &Mutex<StandIn>) -> MutexGuard<'_, StandIn> {
    room.lock().expect("no thread panics while it holds the room")
}

/// One connection: requests, until one of them is an upgrade.
fn serve(stream: TcpStream, room: &Mutex<StandIn>) -> Option<()> {
    let stream = Arc::new(stream);
    let mut reader = BufReader::new(&*stream);
    loop {
        let (first, _) = request(&mut reader)?;
        if first.starts_with("GET /ws ") {
            (&*stream).write_all(b"HTTP/1.1 101 Switching Protocols\r\n\r\n").ok()?;
            return converse(&mut reader, &stream, room);
        }
        let answer = "HTTP/1.1 303 See Other\r\nset-cookie: hubbub_session=abc; HttpOnly\r\ncontent-length: 0\r\n\r\n";
        (&*stream).write_all(answer.as_bytes()).ok()?;
    }
}

fn converse(reader: &mut impl Read, stream: &Arc<TcpStream>, room: &Mutex<StandIn>) -> Option<()> {
    let (mut bytes, mut more) = (Vec::new(), [0; 4_096]);
    loop {
        while let Some(frame) = frame::parse(&bytes).expect("a frame") {
            frame::apply_mask(frame.mask.expect("clients mask"), &mut bytes[frame.start..frame.end]);
            let text = str::from_utf8(&bytes[frame.start..frame.end]).expect("UTF-8");
            answer(codec::decode_client(text).expect("a client's frame"), stream, room);
            bytes.drain(..frame.end);
        }
        let n = reader.read(&mut more).ok().filter(|n| *n > 0)?;
        bytes.extend_from_slice(&more[..n]);
    }
}

fn answer(frame: ClientFrame, stream: &Arc<TcpStream>, room: &Mutex<StandIn>) {
    let mut room = lock(room);
    match frame {
        ClientFrame::Hello { rooms } => {
            let you = Member { id: MemberId(1), name: "Kira".to_owned() };
            let (name, slug) = ("Lobby".to_owned(), Slug::from_name("Lobby"));
            let lobby = RoomInfo { id: ROOM, slug, name, topic: String::new() };
            send(stream, &ServerFrame::Welcome { you, rooms: vec![lobby] });
            if !rooms.is_empty() {
                send(stream, &empty_page(ROOM, room.head));
                room.listeners.push(Arc::clone(stream));
            }
        }
        ClientFrame::Operation { on, op, what } => {
            let seq = room.store(op, what);
            send(stream, &ServerFrame::Ack { on, op, seq, at: UnixMillis(1) });
        }
        other => panic!("a crowd does not send {other:?}"),
    }
}

fn send(mut stream: &TcpStream, frame: &ServerFrame) {
    let mut bytes = Vec::new();
    frame::write_plain(Opcode::Text, codec::encode_server(frame).as_bytes(), &mut bytes);
    // A crowd that has dispersed is not told any more.
    let _ = stream.write_all(&bytes);
}

/// The change that an operation makes. Every reaction is the first one of its message.
pub(super) fn change(seq: Seq, op: OpId, what: Operation) -> Change {
    let (message, what) = match what {
        Operation::Post { body, .. } => (MessageId::from(op), What::Posted { body, reply_to: None }),
        Operation::Edit { message, body } => (message, What::Edited { body }),
        Operation::React { message, emoji, on } => {
            let reactions = vec![Reaction { emoji: emoji.clone(), name: "a name".to_owned(), count: 1 }];
            (message, What::Reacted { emoji, on, reactions })
        }
        other => panic!("a crowd does not send {other:?}"),
    };
    let by = Member { id: MemberId(1), name: "Kira".to_owned() };
    Change { seq, at: UnixMillis(1), by, targets: vec![message], what }
}

/// The first page of a room whose messages nobody asks for.
pub(super) fn empty_page(room: RoomId, as_of: Seq) -> ServerFrame {
    let state = RoomState {
        rev: Seq(0),
        name: "Lobby".to_owned(),
        topic: String::new(),
        made_by: None,
        made_at: UnixMillis(1),
        pins: Vec::new(),
    };
    let page = Page { as_of, ..Page::default() };
    ServerFrame::Page { room, reason: PageReason::First, epoch: Epoch(1), state, page }
}
