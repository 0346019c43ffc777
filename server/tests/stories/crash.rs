//! Kills servers under load and cuts their power, and checks that no acked message is lost, duplicated or reordered.
//! The tests in `power_cut` show that the simulated disk loses all bytes that were not synced.

use std::collections::{HashMap, HashSet};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use hubbub_protocol::{
    ClientFrame, Cursor, MemberId, Message, MessageId, Operation, PageReason, Refusal, Seq, ServerFrame, codec,
};
use tokio::sync::{Notify, watch};
use tokio_tungstenite::tungstenite;

use crate::support::binary::Binary;
use crate::support::disk::Disk;
use crate::support::history::History;
use crate::support::person::{Person, hello};
use crate::support::site::Site;
use crate::support::{LOBBY, fresh_id, operation};

const SENDERS: usize = 4;
/// The maximum number of messages of one sender that are sent and not yet acked.
const IN_FLIGHT: usize = 16;
const SETTINGS: [&str; 4] = ["--posts-per-minute", "0", "--changes-per-minute", "0"];

/// The state that the test shares with its senders and observers.
struct Stage {
    address: watch::Receiver<SocketAddr>,
    n_acks: AtomicUsize,
    acked: Notify,
    is_over: AtomicBool,
}

/// Returns the nth operation of a sender, given the ids of all operations so far, this one included.
type NthOperation = fn(usize, &[MessageId]) -> Operation;

struct Sender {
    person: Person,
    nth_operation: NthOperation,
    /// The ids of the operations.
    said: Vec<MessageId>,
    acks: Vec<(MessageId, Seq)>,
}

impl Sender {
    /// Sends operations until the test is over and every operation is acked. After each lost connection the sender connects
    /// again and repeats, in the same order, the operations that were not acked.
    async fn run(mut self, stage: Arc<Stage>) -> (MemberId, Self) {
        let mut n_acked = 0;
        loop {
            let Some((mut socket, member)) = self.connect(&stage).await else { continue };
            let mut n_said = n_acked;
            loop {
                while n_said - n_acked < IN_FLIGHT
                    && (n_said < self.said.len() || !stage.is_over.load(Ordering::SeqCst))
                {
                    if n_said == self.said.len() {
                        self.said.push(fresh_id());
                    }
                    let what = (self.nth_operation)(n_said, &self.said[..=n_said]);
                    let frame = operation(LOBBY, self.said[n_said], what);
                    if socket.try_say(tungstenite::Message::text(codec::encode_client(&frame))).await.is_err() {
                        break;
                    }
                    n_said += 1;
                }
                if n_acked == self.said.len() && stage.is_over.load(Ordering::SeqCst) {
                    return (member, self);
                }
                match socket.read().await {
                    Ok(ServerFrame::Ack { op, seq, .. }) => {
                        assert_eq!(op, self.said[n_acked].into(), "a sender's acks come in the order of its posts");
                        self.acks.push((op.into(), seq));
                        n_acked += 1;
                        stage.n_acks.fetch_add(1, Ordering::SeqCst);
                        stage.acked.notify_one();
                    }
                    Ok(ServerFrame::Refused { refusal, .. }) => assert_eq!(refusal, Refusal::Busy),
                    Ok(_) => {}
                    Err(_) => break,
                }
            }
        }
    }

    async fn connect(&mut self, stage: &Stage) -> Option<(crate::support::socket::Socket, MemberId)> {
        let person = at_home(&self.person, stage).await?;
        let mut socket = person.try_open(&[]).await.ok()?;
        let hello = ClientFrame::Hello { rooms: Vec::new() };
        socket.try_say(tungstenite::Message::text(codec::encode_client(&hello))).await.ok()?;
        match socket.read().await.ok()? {
            ServerFrame::Welcome { you, .. } => Some((socket, you.id)),
            other => panic!("expected welcome, got {other:?}"),
        }
    }
}

/// Returns the person with the current address of the server. If the server is down, waits for its next address and
/// returns None.
async fn at_home(person: &Person, stage: &Stage) -> Option<Person> {
    let mut address = stage.address.clone();
    let now = *address.borrow_and_update();
    if tokio::net::TcpStream::connect(now).await.is_err() {
        // The result is ignored: the test keeps the other end of the channel until it ends.
        let _ =
            tokio::time::timeout(crate::support::PATIENCE, address.changed()).await.expect("the server starts again");
        return None;
    }
    Some(Person { site: Site { address: now }, ..person.clone() })
}

/// Returns the messages of the room in their state at `until`. Opens a new connection after each crash.
async fn observe(person: Person, stage: Arc<Stage>, mut until: watch::Receiver<Option<Seq>>) -> Vec<Message> {
    let mut seen: Vec<Message> = Vec::new();
    let mut cursor: Option<Cursor> = None;
    loop {
        let Some(person) = at_home(&person, &stage).await else { continue };
        let Ok(mut socket) = person.try_open(&[]).await else { continue };
        let greeting = codec::encode_client(&hello(LOBBY, cursor));
        if socket.try_say(tungstenite::Message::text(greeting)).await.is_err() {
            continue;
        }
        loop {
            if until.borrow().is_some_and(|until| cursor.is_some_and(|cursor| cursor.seq >= until)) {
                return seen;
            }
            let frame = tokio::select! {
                frame = socket.read() => frame,
                _ = until.changed() => continue,
            };
            match frame {
                Ok(ServerFrame::Page { reason: PageReason::First, epoch, page, .. }) => {
                    cursor = Some(Cursor { epoch, seq: page.as_of });
                    seen = page.messages;
                }
                Ok(ServerFrame::Page { reason, .. }) => panic!("the crash made the cursor invalid: {reason:?}"),
                Ok(ServerFrame::Rows { messages, .. }) => {
                    for row in messages {
                        match seen.iter_mut().find(|known| known.id == row.id) {
                            Some(known) => *known = row,
                            None => seen.push(row),
                        }
                    }
                }
                Ok(ServerFrame::Resumed { to, .. }) => move_to(&mut cursor, to),
                Ok(ServerFrame::Changes { changes, .. }) => {
                    for change in changes {
                        assert_eq!(Some(change.seq.previous()), cursor.map(|cursor| cursor.seq), "a gap");
                        for message in &mut seen {
                            message.apply(&change);
                        }
                        seen.extend(Message::added_by(&change));
                        move_to(&mut cursor, change.seq);
                    }
                }
                Ok(_) => {}
                Err(_) => break,
            }
        }
    }
}

fn move_to(cursor: &mut Option<Cursor>, seq: Seq) {
    cursor.as_mut().expect("a page comes first").seq = seq;
}

/// Runs a server under load and crashes it `n` times, each time after `n_acks` more acks. The observers' messages are in
/// order of seq.
async fn crash_under_load(
    n: usize,
    n_acks: usize,
    nth_operation: NthOperation,
    start: impl AsyncFn() -> Binary,
    crash: impl Fn(Binary),
) -> (History, Binary) {
    let mut server = start().await;
    let (address_sender, address) = watch::channel(server.address);
    let stage =
        Arc::new(Stage { address, n_acks: AtomicUsize::new(0), acked: Notify::new(), is_over: AtomicBool::new(false) });
    let (end, until) = watch::channel(None);
    let mut observers = Vec::new();
    for name in ["Ada", "Bob"] {
        observers.push(tokio::spawn(observe(server.join(name).await, Arc::clone(&stage), until.clone())));
    }
    let mut senders = Vec::new();
    for n in 0..SENDERS {
        let person = server.join(&format!("Sender {n}")).await;
        let sender = Sender { person, nth_operation, said: Vec::new(), acks: Vec::new() };
        senders.push(tokio::spawn(sender.run(Arc::clone(&stage))));
    }

    for nth in 1..=n {
        while stage.n_acks.load(Ordering::SeqCst) < nth * n_acks {
            stage.acked.notified().await;
        }
        crash(server);
        server = start().await;
        address_sender.send_replace(server.address);
    }
    stage.is_over.store(true, Ordering::SeqCst);

    let mut history = History::default();
    for sender in senders {
        let (member, sender) = sender.await.expect("no panic");
        history.said.insert(member, sender.said);
        history.acks.extend(sender.acks);
    }
    history.log = server.join("Judge").await.messages_of_lobby().await;
    end.send_replace(history.log.iter().map(|message| message.rev).max());
    for observer in observers {
        let mut observed = observer.await.expect("no panic");
        observed.sort_by_key(|message| message.seq);
        history.observed.push(observed);
    }
    assert!(history.acks.len() >= n * n_acks);
    (history, server)
}

fn only_posts(n: usize, _: &[MessageId]) -> Operation {
    Operation::Post { body: format!("message {n}"), reply_to: None }
}

fn has_every_message_once(history: &History) {
    assert_eq!(history.faults(), HashSet::new());
    let n_said: HashMap<_, _> = history.said.iter().map(|(member, said)| (member, said.len())).collect();
    assert_eq!(history.log.len(), n_said.values().sum::<usize>(), "the log contains every message that was sent");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_kills_under_load_lose_duplicate_and_reorder_no_message() {
    let data = tempfile::tempdir().expect("a folder");
    let start = async || Binary::start(data.path(), &SETTINGS).await;
    let (history, _server) = crash_under_load(10, 150, only_posts, start, Binary::kill).await;
    has_every_message_once(&history);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_power_cuts_under_load_lose_duplicate_and_reorder_no_message() {
    let disk = Disk::new();
    let cut_power = |server: Binary| {
        server.kill();
        disk.cut_power();
    };
    let start = async || Binary::start_on(&disk, &SETTINGS).await;
    let (history, _server) = crash_under_load(50, 40, only_posts, start, cut_power).await;
    has_every_message_once(&history);
}

/// Posts, and changes each post in every way. Each operation changes something, so that it takes one seq.
fn mixed(n: usize, ids: &[MessageId]) -> Operation {
    let (step, message) = (n % 8, ids[n - n % 8]);
    let emoji = "🎉".to_owned();
    match step {
        0 => Operation::Post { body: format!("post {n}"), reply_to: None },
        1 => Operation::Edit { message, body: format!("edit {n}") },
        2 => Operation::React { message, emoji, on: true },
        3 => Operation::Post { body: format!("reply {n}"), reply_to: Some(message) },
        4 => Operation::React { message, emoji, on: false },
        5 => Operation::Pin { message, on: true },
        6 => Operation::Pin { message, on: false },
        _ => Operation::Delete { message },
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_kills_amid_every_operation_carry_out_each_operation_once() {
    let data = tempfile::tempdir().expect("a folder");
    let start = async || Binary::start(data.path(), &SETTINGS).await;
    let (history, server) = crash_under_load(10, 150, mixed, start, Binary::kill).await;

    let mut seqs: Vec<u64> = history.acks.iter().map(|(_, seq)| seq.0).collect();
    seqs.sort_unstable();
    assert_eq!(seqs, (1..=history.acks.len() as u64).collect::<Vec<_>>(), "each operation has one seq of its own");
    let (_, page) = server.join("Auditor").await.following(LOBBY, None).await;
    let ServerFrame::Page { page, .. } = page else { panic!("{page:?}") };
    assert_eq!(page.as_of.0, history.acks.len() as u64, "and none had an effect without an ack");
    for observed in &history.observed {
        assert_eq!(*observed, history.log, "everybody holds the final state");
    }
    let seq_of: HashMap<MessageId, Seq> = history.acks.iter().copied().collect();
    for said in history.said.values() {
        let seqs: Vec<Seq> = said.iter().map(|op| seq_of[op]).collect();
        assert!(seqs.is_sorted(), "the operations of a sender keep their order");
    }
}
