//! A person's tab that asks over plain HTTP, and keeps its numbers as a client does: what it has applied it asks beyond.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use hubbub_protocol::{ClientFrame, Cursor, Event, Interest, RoomId, Seq, ServerFrame, codec};
use uuid::Uuid;

use super::LOBBY;
use super::http::{HttpResponse, Request, UnderWay};
use super::person::Person;
use super::site::Site;

/// Longer than any test waits for what must come.
pub(crate) const LONG: u64 = 60;
/// A tab that polls asks so.
pub(crate) const NOT: u64 = 0;

#[derive(Clone, Debug)]
pub(crate) struct Tab {
    person: Person,
    pub(crate) id: Uuid,
    /// It was welcomed, so that its asks are no longer the first.
    is_open: bool,
    /// How far each room is known.
    pub(crate) cursors: BTreeMap<RoomId, Option<Cursor>>,
    /// The events of every room, each as it was applied: once, in order.
    pub(crate) applied: Vec<(RoomId, Event)>,
}

impl Tab {
    /// A tab that nobody has heard of yet, and that will ask for the lobby.
    pub(crate) fn of(person: &Person) -> Self {
        let cursors = BTreeMap::from([(LOBBY, None)]);
        Self { person: person.clone(), id: fresh_name(), is_open: false, cursors, applied: Vec::new() }
    }

    /// Gives its connection up for another, at the server that is there now; what it has applied it keeps.
    pub(crate) fn reconnects(&mut self, site: Site) {
        self.person.site = site;
        self.id = fresh_name();
        self.is_open = false;
    }

    /// The server that it asks has been restarted, and it doesn't know.
    pub(crate) fn is_moved(&mut self, site: Site) {
        self.person.site = site;
    }

    /// A tab that follows the lobby, which has been read.
    pub(crate) async fn in_lobby(person: &Person) -> Self {
        let mut tab = Self::of(person);
        tab.ask(NOT).await;
        tab
    }

    /// Asks, and applies the answer.
    pub(crate) async fn ask(&mut self, wait: u64) -> Vec<ServerFrame> {
        let answer = self.asking(wait).send().await;
        self.apply(&answer)
    }

    /// Asks until the events are there that make `n` in all, which it answers by their bodies.
    pub(crate) async fn reads(&mut self, n: usize) -> Vec<&str> {
        while self.applied.len() < n {
            self.ask(LONG).await;
        }
        self.applied.iter().map(|(_, event)| super::bodies(std::slice::from_ref(event))[0]).collect()
    }

    /// Asks, and leaves the answer to be read. The server has heard the question when this is done.
    pub(crate) async fn waits(&self) -> UnderWay {
        let under_way = self.asking(LONG).begin().await;
        assert_eq!(self.say(&ClientFrame::Ping).await, [ServerFrame::Pong]);
        under_way
    }

    pub(crate) fn asking(&self, wait: u64) -> Request {
        self.request(&self.ask_path(wait)).text(&self.hello())
    }

    pub(crate) fn ask_path(&self, wait: u64) -> String {
        let open = if self.is_open { "" } else { "&open=true" };
        format!("/ask?tab={}&wait={wait}{open}", self.id)
    }

    /// What it asks: where it is in each room.
    pub(crate) fn hello(&self) -> String {
        let rooms = self.cursors.iter().map(|(room, after)| Interest { room: *room, after: *after }).collect();
        codec::encode_client(&ClientFrame::Hello { rooms })
    }

    pub(crate) async fn say(&self, frame: &ClientFrame) -> Vec<ServerFrame> {
        let answer = self.saying(&codec::encode_client(frame)).send().await;
        frames(&answer)
    }

    pub(crate) fn saying(&self, text: &str) -> Request {
        self.request(&format!("/say?tab={}", self.id)).text(text)
    }

    pub(crate) fn request(&self, path: &str) -> Request {
        let request = Request::new(self.person.site.address, "POST", path);
        request.header("cookie", &self.person.cookie).header("origin", &self.person.site.origin())
    }

    /// Posts to the lobby and waits for the ack.
    pub(crate) async fn posts(&self, body: &str) -> Seq {
        let id = super::fresh_id();
        match &self.say(&ClientFrame::Post { room: LOBBY, id, body: body.to_owned() }).await[..] {
            [ServerFrame::Ack { id: acked, seq, .. }] if *acked == id => *seq,
            answer => panic!("no ack: {answer:?}"),
        }
    }

    /// Takes an answer's events in as the protocol says: the next is applied, what was applied is passed over, and
    /// anything further on is a hole.
    pub(crate) fn apply(&mut self, answer: &HttpResponse) -> Vec<ServerFrame> {
        let frames = frames(answer);
        for frame in &frames {
            match frame {
                ServerFrame::Welcome { .. } => self.is_open = true,
                ServerFrame::Snapshot { room, epoch, head, events, .. } => {
                    let known = self.cursors.insert(*room, Some(Cursor { epoch: *epoch, seq: *head })).flatten();
                    let fresh = events.iter().filter(|event| known.is_none_or(|known| event.seq > known.seq));
                    self.applied.extend(fresh.map(|event| (*room, event.clone())));
                }
                ServerFrame::Events { room, events } => self.go_on(*room, events),
                _ => {}
            }
        }
        frames
    }

    fn go_on(&mut self, room: RoomId, events: &[Event]) {
        let cursor = self.cursors.get_mut(&room).and_then(Option::as_mut).expect("a place to go on from");
        for event in events {
            if event.seq <= cursor.seq {
                continue;
            }
            assert_eq!(event.seq, Seq(cursor.seq.0 + 1), "a hole");
            cursor.seq = event.seq;
            self.applied.push((room, event.clone()));
        }
    }
}

fn fresh_name() -> Uuid {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let random = [NEXT.fetch_add(1, Ordering::Relaxed).to_be_bytes(), [7; 8]].concat();
    uuid::Builder::from_random_bytes(random.try_into().expect("16 bytes")).into_uuid()
}

/// The frames of an answer that was not refused.
pub(crate) fn frames(answer: &HttpResponse) -> Vec<ServerFrame> {
    match answer.status {
        204 => assert_eq!(answer.body, "", "{answer:?}"),
        200 => {
            assert_eq!(answer.header("content-type"), "application/x-ndjson");
            assert!(answer.body.ends_with('\n'), "{answer:?}");
        }
        _ => panic!("refused: {answer:?}"),
    }
    assert_eq!(answer.header("cache-control"), "no-store");
    answer.body.lines().map(super::frame_of).collect()
}
