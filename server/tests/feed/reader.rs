//! A reader of a feed, as a WebSocket is one: it lends the hub a writer while it waits, and takes frames when it is
//! notified. It checks that each change is the one after the last, and applies the changes to the messages that it holds.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use hubbub::chat::Membership;
use hubbub::hub::{Feed, Frame, FrameWriter, Unwritten, Written};
use hubbub_protocol::{Applied, Change, Cursor, Message, MessageId, RoomId, Seq, ServerFrame, codec};
use tokio::sync::Notify;
use tokio::time::timeout;

/// The room that each store begins with.
pub(crate) const LOBBY: RoomId = RoomId(1);
/// How long a test waits for what must happen.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct Reader {
    pub(crate) feed: Feed,
    membership: Membership,
    /// Frames that were received and not read yet.
    received: Arc<Mutex<Vec<Frame>>>,
    /// Notified when the hub writes to a lent writer.
    written: Arc<Notify>,
    /// The last change that was read. None before the first page.
    pub(crate) cursor: Option<Cursor>,
    /// The messages from the first page on, in their current state.
    messages: BTreeMap<MessageId, Message>,
}

impl Reader {
    pub(crate) fn new(feed: Feed, membership: Membership) -> Self {
        Self {
            feed,
            membership,
            received: Arc::default(),
            written: Arc::default(),
            cursor: None,
            messages: BTreeMap::new(),
        }
    }

    /// Lends the hub a writer that takes `capacity` frames.
    pub(crate) fn lend_writer(&mut self, capacity: usize) {
        self.reclaim_writer();
        let (received, written) = (Arc::clone(&self.received), Arc::clone(&self.written));
        let state = Mutex::new(WriterState { capacity, unwritten: Vec::new() });
        self.feed.lend(Arc::new(LimitedWriter { received, written, state }));
    }

    /// Takes the frames of the feed.
    pub(crate) async fn take(&mut self) {
        self.reclaim_writer();
        let mut frames = Vec::new();
        self.feed.take(&mut frames).await.expect("the store answers");
        self.receive(frames);
    }

    /// Follows the lobby from the cursor on.
    pub(crate) async fn follow(&mut self) {
        let mut frames = Vec::new();
        self.feed.follow(&self.membership, self.cursor, &mut frames).await.expect("the store answers");
        self.receive(frames);
    }

    /// Leaves the lobby, and follows it again.
    pub(crate) async fn rejoin(&mut self) {
        self.reclaim_writer();
        self.feed.unfollow(LOBBY);
        self.follow().await;
    }

    /// Waits until every change up to `head` was read.
    pub(crate) async fn read_up_to(&mut self, head: u64) {
        let reading = async {
            loop {
                self.lend_writer(usize::MAX);
                if self.cursor.is_some_and(|cursor| cursor.seq == Seq(head)) {
                    return;
                }
                tokio::select! {
                    () = self.feed.notified() => self.take().await,
                    () = self.written.notified() => {}
                }
            }
        };
        timeout(PATIENCE, reading).await.expect("a reader that waits is written to or notified");
        assert_eq!(self.cursor.map(|cursor| cursor.seq), Some(Seq(head)));
    }

    /// Takes the writer back. The frames that it could not write come before all later frames.
    fn reclaim_writer(&mut self) {
        let unwritten = self.feed.reclaim().map(|writer| writer.take_unwritten().frames);
        self.receive(unwritten.unwrap_or_default());
    }

    /// Reads the received frames, and `frames` after them.
    fn receive(&mut self, frames: Vec<Frame>) {
        let mut received = std::mem::take(&mut *self.received.lock().expect("no holder panics"));
        received.extend(frames);
        for frame in received {
            let text = std::str::from_utf8(frame.as_text()).expect("frames are text");
            self.read(codec::decode_server(text).expect("a frame"));
        }
    }

    fn read(&mut self, frame: ServerFrame) {
        match frame {
            ServerFrame::Page { epoch, page, .. } => {
                assert!(self.cursor.is_none(), "a reader that has a cursor is resumed");
                self.cursor = Some(Cursor { epoch, seq: page.as_of });
                self.messages.extend(page.messages.into_iter().map(|message| (message.id, message)));
            }
            ServerFrame::Rows { messages, .. } => {
                let cursor = self.cursor.expect("a page comes first");
                assert!(messages.iter().all(|message| message.rev > cursor.seq), "a row that did not change");
                self.messages.extend(messages.into_iter().map(|message| (message.id, message)));
            }
            ServerFrame::Resumed { to, .. } => {
                let cursor = self.cursor.as_mut().expect("a page comes first");
                assert!(cursor.seq <= to);
                cursor.seq = to;
            }
            ServerFrame::Changes { changes, .. } => {
                for change in changes {
                    self.apply(&change);
                }
            }
            _ => {}
        }
    }

    fn apply(&mut self, change: &Change) {
        let cursor = self.cursor.as_mut().expect("a page comes first");
        assert_eq!(change.seq, cursor.seq.next(), "each change comes once and in order");
        cursor.seq = change.seq;
        for target in &change.targets {
            if let Some(message) = self.messages.get_mut(target) {
                assert_eq!(message.apply(change), Applied::Changed);
            }
        }
        self.messages.extend(Message::added_by(change).map(|message| (message.id, message)));
    }

    /// Asserts that the reader holds the newest messages of these, each in its current state.
    pub(crate) fn holds(&self, stored: &[Message]) {
        let mut held: Vec<Message> = self.messages.values().cloned().collect();
        held.sort_by_key(|message| message.seq);
        assert_eq!(held, stored[stored.len() - held.len()..]);
    }
}

/// A writer that takes a number of frames and is full then, as a socket is.
struct LimitedWriter {
    received: Arc<Mutex<Vec<Frame>>>,
    written: Arc<Notify>,
    state: Mutex<WriterState>,
}

struct WriterState {
    /// How many more frames the writer takes.
    capacity: usize,
    unwritten: Vec<Frame>,
}

impl FrameWriter for LimitedWriter {
    fn write(&self, frames: &mut Vec<Frame>) -> Written {
        let WriterState { capacity, unwritten } = &mut *self.state.lock().expect("no holder panics");
        assert!(unwritten.is_empty(), "a writer that has unwritten frames is given no more");
        unwritten.append(frames);
        let n_written = unwritten.len().min(*capacity);
        *capacity -= n_written;
        self.received.lock().expect("no holder panics").extend(unwritten.drain(..n_written));
        self.written.notify_one();
        if unwritten.is_empty() { Written::All } else { Written::Some }
    }

    fn take_unwritten(&self) -> Unwritten {
        let frames = std::mem::take(&mut self.state.lock().expect("no holder panics").unwritten);
        Unwritten { frames, n_bytes_written: 0 }
    }
}
