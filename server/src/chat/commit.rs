//! Group commit: the posts that wait while one commit runs are committed together by the next one. One thread writes, so
//! that the order of commits, of seqs and of publishing is the same.
//!
//! The thread has a runtime of its own: a commit is several steps one after the other, and on the shared runtime each step
//! would wait for the tasks of a thousand readers.

use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use hubbub_protocol::{Event, Refusal, RoomId, Seq, UnixMillis};
use tokio::runtime;
use tokio::sync::{mpsc, oneshot, watch};

use super::refusal_of;
use crate::bus::{Bus, Notice};
use crate::store::{AppendError, Appended, Draft, Store, StoreError};

/// The most posts that wait for a commit. A further post is refused as `busy`. With the longest bodies, they take 64 MiB.
const QUEUED_POSTS: usize = 4_096;
/// The most posts of one commit. A larger commit is hardly faster, and its first post waits longer.
const POSTS_PER_COMMIT: usize = 512;

/// The proof that a message is on the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ack {
    /// The message's seq in the room's log.
    pub seq: Seq,
    /// When the server received it, by the server's clock.
    pub at: UnixMillis,
}

type Outcome = Result<Ack, Refusal>;

struct Waiting {
    draft: Draft,
    reply: oneshot::Sender<Outcome>,
}

/// The queue of the commit thread.
pub(super) struct Committer {
    queue: Mutex<Option<mpsc::Sender<Waiting>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
    broken: watch::Receiver<Option<String>>,
}

impl Committer {
    pub(super) fn start(store: Arc<dyn Store>, bus: Arc<dyn Bus>) -> Self {
        let (sender, receiver) = mpsc::channel(QUEUED_POSTS);
        let (broken_sender, broken) = watch::channel(None);
        let runtime = runtime::Builder::new_current_thread().enable_time().build();
        let runtime = runtime.expect("a runtime that only keeps time takes nothing that could be missing");
        let thread = thread::Builder::new()
            .name("commit".to_owned())
            .spawn(move || runtime.block_on(run(receiver, store, bus, broken_sender)))
            .expect("a process that is only starting may have one more thread");
        Self { queue: Mutex::new(Some(sender)), thread: Mutex::new(Some(thread)), broken }
    }

    /// Appends a draft to the queue.
    pub(super) fn enqueue(&self, draft: Draft) -> Result<oneshot::Receiver<Outcome>, Refusal> {
        let (reply, receiver) = oneshot::channel();
        let queue = self.queue.lock().expect("no holder of this lock panics");
        let queue = queue.as_ref().ok_or(Refusal::Busy)?;
        queue.try_send(Waiting { draft, reply }).map_err(|_| Refusal::Busy)?;
        Ok(receiver)
    }

    pub(super) async fn broken(&self) -> String {
        let mut broken = self.broken.clone();
        // Cloned before the match: the guard can't be held across an await.
        let why = broken.wait_for(Option::is_some).await.map(|why| why.clone());
        match why {
            Ok(why) => why.unwrap_or_default(),
            // The thread has ended without a failure.
            Err(_) => std::future::pending().await,
        }
    }

    pub(super) async fn finish(&self) {
        self.queue.lock().expect("no holder of this lock panics").take();
        // The thread holds the sender for as long as it runs. A blocking wait could not be given up, and a commit that
        // never ends would keep the process from ending.
        let mut broken = self.broken.clone();
        while broken.changed().await.is_ok() {}
        let thread = self.thread.lock().expect("no holder of this lock panics").take();
        if let Some(thread) = thread {
            // The panic hook has reported a panic of the thread.
            let _ = thread.join();
        }
    }
}

async fn run(
    mut queue: mpsc::Receiver<Waiting>,
    store: Arc<dyn Store>,
    bus: Arc<dyn Bus>,
    broken: watch::Sender<Option<String>>,
) {
    let mut batch = Vec::new();
    while queue.recv_many(&mut batch, POSTS_PER_COMMIT).await > 0 {
        let (drafts, replies): (Vec<_>, Vec<_>) = batch.drain(..).map(|waiting| (waiting.draft, waiting.reply)).unzip();
        let rooms: Vec<RoomId> = drafts.iter().map(|draft| draft.room).collect();
        match store.append(drafts).await {
            Ok(appended) => {
                let outcomes: Vec<Outcome> = appended.iter().map(outcome_of).collect();
                publish(&*bus, &rooms, appended).await;
                reply(replies, outcomes);
            }
            Err(error) => {
                let refusal = refusal_of(&error);
                reply(replies, std::iter::repeat_n(Err(refusal), rooms.len()));
                if let StoreError::Broken(why) = error {
                    broken.send_replace(Some(why));
                    return;
                }
            }
        }
    }
}

fn outcome_of(appended: &Result<Appended, AppendError>) -> Outcome {
    match appended {
        Ok(Appended::Now(event)) => Ok(Ack { seq: event.seq, at: event.at }),
        Ok(Appended::Before { seq, at }) => Ok(Ack { seq: *seq, at: *at }),
        Err(AppendError::NoSuchRoom) => Err(Refusal::NotFound),
        Err(AppendError::Conflict) => Err(Refusal::Conflict),
        Err(AppendError::Failed) => Err(Refusal::Internal),
    }
}

/// Publishes one notice a room.
async fn publish(bus: &dyn Bus, rooms: &[RoomId], appended: Vec<Result<Appended, AppendError>>) {
    let mut by_room: Vec<(RoomId, Vec<Event>)> = Vec::new();
    for (&room, appended) in rooms.iter().zip(appended) {
        let Ok(Appended::Now(event)) = appended else { continue };
        match by_room.iter_mut().find(|(known, _)| *known == room) {
            Some((_, events)) => events.push(event),
            None => by_room.push((room, vec![event])),
        }
    }
    for (room, events) in by_room {
        bus.publish(Notice::Committed { room, events }).await;
    }
}

fn reply(replies: Vec<oneshot::Sender<Outcome>>, outcomes: impl IntoIterator<Item = Outcome>) {
    for (reply, outcome) in replies.into_iter().zip(outcomes) {
        // Sending fails if the connection has ended. The message is stored nevertheless.
        let _ = reply.send(outcome);
    }
}
