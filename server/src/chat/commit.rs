//! Group commit: the operations that wait while one commit runs are committed together by the next one. One thread writes, so
//! that the order of commits, of seqs and of publishing is the same.
//!
//! The thread has a runtime of its own: a commit is several steps one after the other, and on the shared runtime each step
//! would wait for the tasks of a thousand readers.

use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use hubbub_protocol::{Change, Refusal, RoomId, Seq, UnixMillis, What};
use tokio::runtime;
use tokio::sync::{mpsc, oneshot, watch};

use super::decide::decide;
use super::refusal_of;
use super::room_list::RoomList;
use crate::bus::{Bus, Notice};
use crate::store::{Committed, OperationError, Store, StoreError, Submitted};

/// The most operations that wait for a commit. A further one is refused as `busy`. With the longest bodies, they take 64 MiB.
const QUEUED_OPERATIONS: usize = 4_096;
/// The most operations of one commit. A larger commit is hardly faster, and its first operation waits longer.
const OPERATIONS_PER_COMMIT: usize = 512;

/// How often the connections may run before a commit begins. The bound keeps the first operation of a batch from waiting while
/// other cores add operations without end.
const MOST_YIELDS: usize = 8;

/// The proof that an operation is on the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ack {
    /// The seq of its change; the head of the stream if it changed nothing.
    pub seq: Seq,
    /// When the server received it, by the server's clock.
    pub at: UnixMillis,
}

type Outcome = Result<Ack, Refusal>;

struct Waiting {
    submitted: Submitted,
    reply: oneshot::Sender<Outcome>,
}

/// The queue of the commit thread.
pub(super) struct Committer {
    queue: Mutex<Option<mpsc::Sender<Waiting>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
    broken: watch::Receiver<Option<String>>,
}

impl Committer {
    pub(super) fn start(store: Arc<dyn Store>, bus: Arc<dyn Bus>, rooms: Arc<RoomList>) -> Self {
        let (sender, receiver) = mpsc::channel(QUEUED_OPERATIONS);
        let (broken_sender, broken) = watch::channel(None);
        let runtime = runtime::Builder::new_current_thread().enable_time().build();
        let runtime = runtime.expect("a runtime that only keeps time takes nothing that could be missing");
        let thread = thread::Builder::new()
            .name("commit".to_owned())
            .spawn(move || runtime.block_on(run(receiver, store, bus, rooms, broken_sender)))
            .expect("a process that is only starting may have one more thread");
        Self { queue: Mutex::new(Some(sender)), thread: Mutex::new(Some(thread)), broken }
    }

    /// Appends an operation to the queue.
    pub(super) fn enqueue(&self, submitted: Submitted) -> Result<oneshot::Receiver<Outcome>, Refusal> {
        let (reply, receiver) = oneshot::channel();
        let queue = self.queue.lock().expect("no holder of this lock panics");
        let queue = queue.as_ref().ok_or(Refusal::Busy)?;
        queue.try_send(Waiting { submitted, reply }).map_err(|_| Refusal::Busy)?;
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
    room_list: Arc<RoomList>,
    broken: watch::Sender<Option<String>>,
) {
    let mut batch = Vec::new();
    while gather(&mut queue, &mut batch).await {
        let (submitted, replies): (Vec<_>, Vec<_>) =
            batch.drain(..).map(|waiting| (waiting.submitted, waiting.reply)).unzip();
        let rooms: Vec<RoomId> = submitted.iter().map(|submitted| submitted.room).collect();
        match store.commit(submitted, decide).await {
            Ok(committed) => {
                let outcomes: Vec<Outcome> = committed.iter().map(outcome_of).collect();
                publish(&*store, &*bus, &room_list, &rooms, committed).await;
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

/// Takes the operations that wait, at least one. False once the queue is closed and empty.
///
/// On a machine with one core, the first operation would be committed alone, while the connections that have more to add
/// wait for the core. So they run first, as long as they add operations. If they have none, this costs a system call.
async fn gather(queue: &mut mpsc::Receiver<Waiting>, batch: &mut Vec<Waiting>) -> bool {
    if queue.recv_many(batch, OPERATIONS_PER_COMMIT).await == 0 {
        return false;
    }
    for _ in 0..MOST_YIELDS {
        thread::yield_now();
        let n_before = batch.len();
        while batch.len() < OPERATIONS_PER_COMMIT
            && let Ok(waiting) = queue.try_recv()
        {
            batch.push(waiting);
        }
        if batch.len() == n_before {
            break;
        }
    }
    true
}

fn outcome_of(committed: &Result<Committed, OperationError>) -> Outcome {
    match committed {
        Ok(Committed::Now(change)) => Ok(Ack { seq: change.seq, at: change.at }),
        Ok(Committed::Unchanged { seq, at } | Committed::Before { seq, at }) => Ok(Ack { seq: *seq, at: *at }),
        Err(OperationError::NoSuchRoom) => Err(Refusal::NotFound),
        Err(OperationError::Conflict) => Err(Refusal::Conflict),
        Err(OperationError::Refused(refusal)) => Err(refusal.clone()),
        Err(OperationError::NoSuchMember) => Err(Refusal::Internal),
    }
}

/// Publishes one notice a room, and the new name of each room that has one.
async fn publish(
    store: &dyn Store,
    bus: &dyn Bus,
    room_list: &RoomList,
    rooms: &[RoomId],
    committed: Vec<Result<Committed, OperationError>>,
) {
    let mut by_room: Vec<(RoomId, Vec<Change>)> = Vec::new();
    for (&room, committed) in rooms.iter().zip(committed) {
        let Ok(Committed::Now(change)) = committed else { continue };
        match by_room.iter_mut().find(|(known, _)| *known == room) {
            Some((_, changes)) => changes.push(change),
            None => by_room.push((room, vec![change])),
        }
    }
    for (room, changes) in by_room {
        let is_described = changes.iter().any(|change| matches!(change.what, What::Described { .. }));
        if is_described {
            room_list.changed();
        }
        bus.publish(Notice::Committed { room, changes }).await;
        if is_described && let Ok(Some(room)) = store.room(room).await {
            bus.publish(Notice::RoomChanged(room)).await;
        }
    }
}

fn reply(replies: Vec<oneshot::Sender<Outcome>>, outcomes: impl IntoIterator<Item = Outcome>) {
    for (reply, outcome) in replies.into_iter().zip(outcomes) {
        // Sending fails if the connection has ended. The operation is stored nevertheless.
        let _ = reply.send(outcome);
    }
}
