//! Crowds at servers whose behaviour is known: the floor, and stand-ins for Hubbub, which can misbehave. Each runs in a thread
//! at a free port.

mod listening;
mod stand_in;
mod stand_in_polls;
mod stand_in_streams;

use std::net::{Ipv4Addr, SocketAddrV4, TcpListener};
use std::thread;
use std::time::{Duration, Instant};

use super::{Crowd, CrowdPlan, Mix, Release, Transport};
use crate::checker::Fault;
use crate::dialect::Dialect;
use crate::floor;
use crate::http::Http;
use crate::introduction::introduce;
use crate::session::{self, Session};

use stand_in::{Manners, ODD_CHANGE, StandIn};
use stand_in_polls::Answers;

fn floor_server() -> SocketAddrV4 {
    let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|listener| listener.local_addr());
    let address = SocketAddrV4::new(Ipv4Addr::LOCALHOST, free.expect("a free port").port());
    thread::spawn(move || floor::serve(address));
    let deadline = Instant::now() + Duration::from_secs(5);
    while Http::connect(address).is_err() {
        assert!(Instant::now() < deadline, "the floor did not listen");
        thread::yield_now();
    }
    address
}

fn plan(server: SocketAddrV4, dialect: Dialect, sessions: &[Session]) -> CrowdPlan<'_> {
    let (n_connections, at_once, n_engines_each, body_bytes) = (12, 5, 1, 100);
    let release = if dialect == Dialect::Relay { Release::AtDelivery } else { Release::AtAck };
    let transport = Transport::WebSocket;
    let mix = if dialect == Dialect::Relay { Mix::Posts } else { Mix::Operations };
    CrowdPlan {
        server,
        dialect,
        sessions,
        n_connections,
        at_once,
        n_engines_each,
        body_bytes,
        release,
        transport,
        mix,
        after: None,
        group: 0,
    }
}

/// Lets three senders post until there are this many messages.
fn post(crowd: &mut Crowd, n_messages: u64) {
    let mut free = vec![0, 1, 2];
    let deadline = Instant::now() + Duration::from_secs(10);
    while crowd.n_posted() < n_messages {
        assert!(Instant::now() < deadline, "only {} were posted", crowd.n_posted());
        for sender in free.drain(..) {
            crowd.post(sender, Instant::now()).expect("posted");
        }
        crowd.step(Duration::from_millis(10)).expect("stepped");
        crowd.take_free(&mut free);
    }
}

fn faults_at_stand_in(manners: Manners) -> Vec<Fault> {
    let server = StandIn::start(manners);
    let sessions = session::join(server, "Bench", 3).expect("joined");
    let room = introduce(server, &sessions[0]).expect("introduced").lobby;
    // A sync engine that finds a fault asks for a page, which a stand-in does not have.
    let n_engines_each = usize::from(manners == Manners::Good);
    let plan = CrowdPlan { n_engines_each, ..plan(server, Dialect::Hubbub { room }, &sessions) };
    let mut crowd = Crowd::gather(&plan).expect("gathered");
    post(&mut crowd, 30);
    crowd.finish().expect("finished")
}

#[test]
fn a_crowd_at_the_floor_gets_everything_and_measures_how_long_it_took() {
    let mut crowd = Crowd::gather(&plan(floor_server(), Dialect::Relay, &[])).expect("gathered");
    crowd.keep_latency();
    post(&mut crowd, 100);
    while !crowd.has_everything() {
        crowd.step(Duration::from_millis(10)).expect("stepped");
    }
    assert_eq!(crowd.n_deliveries(), crowd.n_posted() * 12);
    assert!(crowd.take_latency().quantile(0.5) > Duration::ZERO);
    assert_eq!(crowd.finish().expect("finished"), []);
}

#[test]
fn a_crowd_at_a_good_hubbub_finds_no_fault_and_neither_do_its_engines() {
    assert_eq!(faults_at_stand_in(Manners::Good), []);
}

#[test]
fn two_changes_that_one_receiver_gets_in_the_wrong_order_are_found() {
    let faults = faults_at_stand_in(Manners::SwapsForOne);
    assert!(matches!(faults[..], [Fault::Swapped { seq: ODD_CHANGE, .. }]), "{faults:?}");
}

#[test]
fn a_text_that_changes_on_its_way_to_one_receiver_is_found() {
    let faults = faults_at_stand_in(Manners::ChangesForOne);
    assert!(matches!(faults[..], [Fault::Foreign { seq: ODD_CHANGE, .. }]), "{faults:?}");
}

/// A crowd of long polls in which three connections have posted.
fn after_long_polls(server: SocketAddrV4, transport: Transport) -> Crowd {
    let dialect = Dialect::Hubbub { room: stand_in_polls::ROOM };
    let plan = CrowdPlan { transport, n_engines_each: 0, ..plan(server, dialect, &[]) };
    let mut crowd = Crowd::gather(&plan).expect("gathered");
    post(&mut crowd, 30);
    let deadline = Instant::now() + Duration::from_secs(10);
    while !crowd.has_everything() {
        assert!(Instant::now() < deadline, "a connection does not have everything");
        crowd.step(Duration::from_millis(10)).expect("stepped");
    }
    crowd
}

#[test]
fn a_crowd_that_polls_gets_everything_and_counts_its_requests() {
    let crowd = after_long_polls(stand_in_polls::start(Answers::Once), Transport::LongPolling);
    let (n_requests, n_bytes) = (crowd.n_requests(), crowd.n_bytes());
    // Twelve first polls and thirty posts. Each response to a poll but the last is followed by another poll.
    assert!(n_requests > 12 + 30, "{n_requests} requests");
    assert!(n_bytes > n_requests * 300, "{n_bytes} bytes");
    assert_eq!(crowd.finish().expect("finished"), []);
}

#[test]
fn a_crowd_over_http_2_gets_everything_and_leaves_a_stream_of_each_connection_for_posts() {
    let crowd = after_long_polls(stand_in_streams::start(), Transport::LongPollingHttp2);
    assert_eq!(crowd.n_polls_per_connection(), stand_in_streams::N_STREAMS - 1);
    let (n_requests, n_bytes) = (crowd.n_requests(), crowd.n_bytes());
    assert!(n_requests > 12 + 30, "{n_requests} requests");
    // HTTP/2 compresses headers that repeat. Bodies are sent as they are.
    assert!(n_bytes > n_requests * 100, "{n_bytes} bytes");
    assert_eq!(crowd.finish().expect("finished"), []);
}

#[test]
fn a_change_that_polls_bring_twice_is_found() {
    let crowd = after_long_polls(stand_in_polls::start(Answers::Again), Transport::LongPolling);
    let faults = crowd.finish().expect("finished");
    assert!(faults.iter().any(|fault| matches!(fault, Fault::Doubled { .. })), "{faults:?}");
}
