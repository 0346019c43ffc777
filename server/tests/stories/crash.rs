//! Kills servers under load and cuts their power, and checks that no acked message is lost, duplicated or reordered.
//! The tests in `power_cut` show that the simulated disk loses all bytes that were not synced.

use std::collections::{HashMap, HashSet};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use hubbub_protocol::{ClientFrame, Cursor, Event, MemberId, MessageId, Refusal, Seq, ServerFrame, SnapshotReason};
use tokio::sync::{Notify, watch};
use tokio_tungstenite::tungstenite::Message;

use crate::support::binary::Binary;
use crate::support::disk::Disk;
use crate::support::history::History;
use crate::support::person::{Person, hello};
use crate::support::site::Site;
use crate::support::{LOBBY, fresh_id};

const SENDERS: usize = 4;
/// The maximum number of messages of one sender that are sent and not yet acked.
const IN_FLIGHT: usize = 16;
const SETTINGS: [&str; 2] = ["--posts-per-minute", "0"];

/// The state that the test shares with its senders and observers.
struct Stage {
    address: watch::Receiver<SocketAddr>,
    n_acks: AtomicUsize,
    acked: Notify,
    is_over: AtomicBool,
}

struct Sender {
    person: Person,
    said: Vec<MessageId>,
    acks: Vec<(MessageId, Seq)>,
}

impl Sender {
    /// Posts until the test is over and every message is acked. After each lost connection the sender connects again
    /// and repeats, in the same order, the messages that were not acked.
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
                    let id = self.said[n_said];
                    let post = ClientFrame::Post { room: LOBBY, id, body: format!("message {n_said}") };
                    if socket.try_say(Message::text(hubbub_protocol::codec::encode_client(&post))).await.is_err() {
                        break;
                    }
                    n_said += 1;
                }
                if n_acked == self.said.len() && stage.is_over.load(Ordering::SeqCst) {
                    return (member, self);
                }
                match socket.read().await {
                    Ok(ServerFrame::Ack { id, seq, .. }) => {
                        assert_eq!(id, self.said[n_acked], "a sender's acks come in the order of its posts");
                        self.acks.push((id, seq));
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
        socket.try_say(Message::text(hubbub_protocol::codec::encode_client(&hello))).await.ok()?;
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

/// Returns the events of the room from its first one to `until`. Opens a new connection after each crash.
async fn observe(person: Person, stage: Arc<Stage>, mut until: watch::Receiver<Option<Seq>>) -> Vec<Event> {
    let mut seen: Vec<Event> = Vec::new();
    let mut epoch = None;
    loop {
        let Some(person) = at_home(&person, &stage).await else { continue };
        let Ok(mut socket) = person.try_open(&[]).await else { continue };
        let after = epoch.map(|epoch| Cursor { epoch, seq: seen.last().map_or(Seq(0), |event| event.seq) });
        let greeting = hubbub_protocol::codec::encode_client(&hello(LOBBY, after));
        if socket.try_say(Message::text(greeting)).await.is_err() {
            continue;
        }
        loop {
            let is_done = |seen: &[Event]| until_reached(*until.borrow(), seen);
            if is_done(&seen) {
                return seen;
            }
            let frame = tokio::select! {
                frame = socket.read() => frame,
                _ = until.changed() => continue,
            };
            match frame {
                Ok(ServerFrame::Snapshot { reason: SnapshotReason::First, epoch: first, events, .. }) => {
                    epoch = Some(first);
                    seen = events;
                }
                Ok(ServerFrame::Snapshot { reason, .. }) => panic!("the crash made the cursor invalid: {reason:?}"),
                Ok(ServerFrame::Events { events, .. }) => seen.extend(events),
                Ok(_) => {}
                Err(_) => break,
            }
        }
    }
}

fn until_reached(until: Option<Seq>, seen: &[Event]) -> bool {
    until.is_some_and(|until| seen.last().is_some_and(|event| event.seq >= until))
}

/// Runs a server under load and crashes it `n` times, each time after `n_acks` more acks.
async fn crash_under_load(n: usize, n_acks: usize, start: impl AsyncFn() -> Binary, crash: impl Fn(Binary)) {
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
        let sender = Sender { person, said: Vec::new(), acks: Vec::new() };
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
    history.log = server.join("Judge").await.log_of_lobby().await;
    end.send_replace(history.log.last().map(|event| event.seq));
    for observer in observers {
        history.observed.push(observer.await.expect("no panic"));
    }
    assert!(history.acks.len() >= n * n_acks);
    assert_eq!(history.faults(), HashSet::new());
    let n_said: HashMap<_, _> = history.said.iter().map(|(member, said)| (member, said.len())).collect();
    assert_eq!(history.log.len(), n_said.values().sum::<usize>(), "the log contains every message that was sent");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_kills_under_load_lose_duplicate_and_reorder_no_message() {
    let data = tempfile::tempdir().expect("a folder");
    crash_under_load(10, 150, async || Binary::start(data.path(), &SETTINGS).await, Binary::kill).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_power_cuts_under_load_lose_duplicate_and_reorder_no_message() {
    let disk = Disk::new();
    let cut_power = |server: Binary| {
        server.kill();
        disk.cut_power();
    };
    crash_under_load(50, 40, async || Binary::start_on(&disk, &SETTINGS).await, cut_power).await;
}
