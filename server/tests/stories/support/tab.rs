//! A client that polls. It keeps a cursor for each room, as the browser's client does.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use hubbub_protocol::{Change, ClientFrame, Cursor, Interest, Message, Operation, RoomId, Seq, ServerFrame, codec};
use uuid::Uuid;

use super::http::{HttpResponse, PendingResponse, Request};
use super::person::Person;
use super::site::Site;
use super::{LOBBY, operation, post};

/// The seconds that a poll waits for changes: longer than a test waits for a response.
pub(crate) const LONG_WAIT: u64 = 60;
/// For a poll that doesn't wait for changes.
pub(crate) const NO_WAIT: u64 = 0;

#[derive(Clone, Debug)]
pub(crate) struct Tab {
    person: Person,
    pub(crate) id: Uuid,
    /// Whether a response had a `welcome`, so that the next poll is not the first.
    is_open: bool,
    /// The last change of each room that was applied.
    pub(crate) cursors: BTreeMap<RoomId, Option<Cursor>>,
    /// The messages of every room in their current state, in the order in which they came.
    pub(crate) applied: Vec<(RoomId, Message)>,
}

impl Tab {
    /// Returns a tab that will follow the lobby. The server doesn't know it before its first poll.
    pub(crate) fn of(person: &Person) -> Self {
        let cursors = BTreeMap::from([(LOBBY, None)]);
        Self { person: person.clone(), id: fresh_name(), is_open: false, cursors, applied: Vec::new() }
    }

    /// Makes it a new tab of a server, which keeps its cursors.
    pub(crate) fn reconnects(&mut self, site: Site) {
        self.person.site = site;
        self.id = fresh_name();
        self.is_open = false;
    }

    /// Makes it the same tab of another server, as when the server was restarted without the client noticing.
    pub(crate) fn is_moved(&mut self, site: Site) {
        self.person.site = site;
    }

    /// Returns a tab that has read the newest page of the lobby.
    pub(crate) async fn in_lobby(person: &Person) -> Self {
        let mut tab = Self::of(person);
        tab.poll(NO_WAIT).await;
        tab
    }

    /// Polls, and applies the response.
    pub(crate) async fn poll(&mut self, wait: u64) -> Vec<ServerFrame> {
        let answer = self.poll_request(wait).send().await;
        self.apply(&answer)
    }

    /// Polls until `n` messages have come in all. Returns their bodies.
    pub(crate) async fn reads(&mut self, n: usize) -> Vec<&str> {
        while self.applied.len() < n {
            self.poll(LONG_WAIT).await;
        }
        self.applied.iter().map(|(_, message)| message.body.as_str()).collect()
    }

    /// Begins a poll that waits. The server has received the poll when this returns, because it has answered a later
    /// request.
    pub(crate) async fn begin_poll(&self) -> PendingResponse {
        let under_way = self.poll_request(LONG_WAIT).begin().await;
        assert_eq!(self.say(&ClientFrame::Ping).await, [ServerFrame::Pong]);
        under_way
    }

    pub(crate) fn poll_request(&self, wait: u64) -> Request {
        self.request(&self.poll_path(wait)).text(&self.hello())
    }

    pub(crate) fn poll_path(&self, wait: u64) -> String {
        let open = if self.is_open { "" } else { "&open=true" };
        format!("/ask?tab={}&wait={wait}{open}", self.id)
    }

    /// Returns the body of a poll: a `hello` with the cursors.
    pub(crate) fn hello(&self) -> String {
        let rooms = self.cursors.iter().map(|(room, after)| Interest { room: *room, after: *after }).collect();
        codec::encode_client(&ClientFrame::Hello { rooms })
    }

    pub(crate) async fn say(&self, frame: &ClientFrame) -> Vec<ServerFrame> {
        let answer = self.say_request(&codec::encode_client(frame)).send().await;
        frames(&answer)
    }

    pub(crate) fn say_request(&self, text: &str) -> Request {
        self.request(&format!("/say?tab={}", self.id)).text(text)
    }

    pub(crate) fn request(&self, path: &str) -> Request {
        let request = Request::new(self.person.site.address, "POST", path);
        request.header("cookie", &self.person.cookie).header("origin", &self.person.site.origin())
    }

    /// Posts to the lobby and waits for the ack.
    pub(crate) async fn posts(&self, body: &str) -> Seq {
        let id = super::fresh_id();
        match &self.say(&post(LOBBY, id, body)).await[..] {
            [ServerFrame::Ack { op, seq, .. }] if *op == id.into() => *seq,
            answer => panic!("no ack: {answer:?}"),
        }
    }

    /// Carries out an operation in the lobby under a new id, and returns the one frame that responds.
    pub(crate) async fn operates(&self, what: Operation) -> ServerFrame {
        let mut frames = self.say(&operation(LOBBY, super::fresh_id(), what)).await;
        assert_eq!(frames.len(), 1, "{frames:?}");
        frames.remove(0)
    }

    /// Applies the frames of a response as the protocol says: skips a change that was applied before, and fails the test if
    /// a change is missing.
    pub(crate) fn apply(&mut self, answer: &HttpResponse) -> Vec<ServerFrame> {
        let frames = frames(answer);
        for frame in &frames {
            match frame {
                ServerFrame::Welcome { .. } => self.is_open = true,
                ServerFrame::Page { room, epoch, page, .. } => {
                    self.cursors.insert(*room, Some(Cursor { epoch: *epoch, seq: page.as_of }));
                    self.put(*room, &page.messages);
                }
                ServerFrame::Rows { room, messages, .. } => self.put(*room, messages),
                ServerFrame::Resumed { room, to, .. } => self.cursor(*room).seq = *to,
                ServerFrame::Changes { room, changes } => self.apply_changes(*room, changes),
                _ => {}
            }
        }
        frames
    }

    fn apply_changes(&mut self, room: RoomId, changes: &[Change]) {
        for change in changes {
            let cursor = self.cursor(room);
            if change.seq <= cursor.seq {
                continue;
            }
            assert_eq!(change.seq, Seq(cursor.seq.0 + 1), "a gap");
            cursor.seq = change.seq;
            for (_, message) in self.applied.iter_mut().filter(|(of, _)| *of == room) {
                message.apply(change);
            }
            self.applied.extend(Message::added_by(change).map(|message| (room, message)));
        }
    }

    /// Puts messages in their current state in the place of what the tab has of them.
    fn put(&mut self, room: RoomId, messages: &[Message]) {
        for message in messages {
            match self.applied.iter_mut().find(|(of, known)| *of == room && known.id == message.id) {
                Some((_, known)) => known.clone_from(message),
                None => self.applied.push((room, message.clone())),
            }
        }
    }

    fn cursor(&mut self, room: RoomId) -> &mut Cursor {
        self.cursors.get_mut(&room).and_then(Option::as_mut).expect("a page comes first")
    }
}

fn fresh_name() -> Uuid {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let random = [NEXT.fetch_add(1, Ordering::Relaxed).to_be_bytes(), [7; 8]].concat();
    uuid::Builder::from_random_bytes(random.try_into().expect("16 bytes")).into_uuid()
}

/// Decodes the frames of a response. Fails the test if the request was refused.
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
