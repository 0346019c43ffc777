//! The value behind each golden sample. The matches have no wildcard arm: a new variant doesn't compile until it has a
//! sample here, and then a file and a place in the document.

use hubbub_protocol::{
    ClientFrame, Cursor, Epoch, Event, Interest, Member, MemberId, MessageId, Refusal, RoomId, RoomInfo, Seq,
    ServerFrame, Slug, SnapshotReason, UnixMillis, What,
};

const LOBBY: RoomId = RoomId(1);
const TEA: RoomId = RoomId(2);
const EPOCH: Epoch = Epoch(187_649_984_473_770);
const RESTORED_EPOCH: Epoch = Epoch(65_970_697_666_577);

const GOOD_MORNING: &str = "0199c8a5-3a10-7c55-9e0f-2b4d6f8a1c3e";
const HI_HUMANS: &str = "0199c8a5-4c80-7a3b-8d21-5f0e6b9a7c42";

/// Every sample of a client's frame, by the name of its file.
pub(crate) fn client_samples() -> Vec<(String, ClientFrame)> {
    let after = |seq| Some(Cursor { epoch: EPOCH, seq: Seq(seq) });
    let samples = [
        (
            "",
            ClientFrame::Hello {
                rooms: vec![Interest { room: LOBBY, after: after(41) }, Interest { room: TEA, after: None }],
            },
        ),
        ("", ClientFrame::Join(Interest { room: RoomId(3), after: after(7) })),
        ("_first", ClientFrame::Join(Interest { room: RoomId(3), after: None })),
        ("", ClientFrame::Leave { room: RoomId(3) }),
        (
            "",
            ClientFrame::Post {
                room: LOBBY,
                id: id(HI_HUMANS),
                body: "Hi humans!\nIs \"anyone\" here? \\o/ ☕".to_owned(),
            },
        ),
        ("", ClientFrame::History { room: LOBBY, before: Seq(42) }),
        ("", ClientFrame::Typing { room: LOBBY }),
        ("", ClientFrame::Ping),
    ];
    samples.into_iter().map(|(case, frame)| (format!("client_{}{case}", client_type(&frame)), frame)).collect()
}

/// Every sample of a server's frame, by the name of its file.
pub(crate) fn server_samples() -> Vec<(String, ServerFrame)> {
    let good_morning = || posted(41, 1_760_000_000_000, david(), GOOD_MORNING, "Good morning.");
    let hi_humans = || posted(42, 1_760_000_004_000, kira(), HI_HUMANS, "Hi humans!");
    let snapshot = |reason, epoch, events: Vec<Event>| ServerFrame::Snapshot {
        room: if events.is_empty() { TEA } else { LOBBY },
        reason,
        epoch,
        head: events.last().map(|event| event.seq).unwrap_or_default(),
        events,
    };
    let missed = "0199c8b3-0b20-7d11-a5c4-9e8f7a6b5c4d";
    let afresh = "0199c8c0-c740-7e22-b6d5-0f1a2b3c4d5e";
    let hi_kira = "0199c8a5-4c9b-7b17-8a60-d3c2b1a09f8e";
    let samples = [
        ("", ServerFrame::Welcome { you: kira(), rooms: vec![lobby(), tea()] }),
        ("", ServerFrame::Resumed { room: LOBBY, head: Seq(42) }),
        ("", snapshot(SnapshotReason::First, EPOCH, vec![good_morning(), hi_humans()])),
        ("_empty", snapshot(SnapshotReason::First, EPOCH, vec![])),
        ("_gap", {
            let last = posted(900, 1_760_000_900_000, david(), missed, "You have missed a lot.");
            snapshot(SnapshotReason::Gap, EPOCH, vec![last])
        }),
        ("_reset", {
            let first = posted(1, 1_760_001_800_000, david(), afresh, "We start afresh.");
            snapshot(SnapshotReason::Reset, RESTORED_EPOCH, vec![first])
        }),
        (
            "",
            ServerFrame::Events {
                room: LOBBY,
                events: vec![hi_humans(), posted(43, 1_760_000_004_003, david(), hi_kira, "Hi Kira!")],
            },
        ),
        ("", ServerFrame::History { room: LOBBY, before: Seq(42), events: vec![good_morning()] }),
        ("", ServerFrame::Ack { room: LOBBY, id: id(HI_HUMANS), seq: Seq(42), at: UnixMillis(1_760_000_004_000) }),
        (
            "",
            ServerFrame::Refused {
                room: LOBBY,
                id: id(HI_HUMANS),
                refusal: Refusal::RateLimited { retry_after_ms: 600 },
            },
        ),
        ("", ServerFrame::Denied { room: RoomId(99), refusal: Refusal::NotFound }),
        ("", ServerFrame::Error { refusal: Refusal::UnknownType }),
        ("", ServerFrame::Present { room: LOBBY, count: 2, members: vec![david(), kira()] }),
        ("_too_many_to_list", ServerFrame::Present { room: LOBBY, count: 1_204, members: vec![] }),
        ("", ServerFrame::Typing { room: LOBBY, by: david() }),
        ("", ServerFrame::RoomAdded { room: tea() }),
        ("", ServerFrame::Bye { reconnect_after_ms: 4_210, refusal: None }),
        ("_signed_out", ServerFrame::Bye { reconnect_after_ms: 0, refusal: Some(Refusal::SignedOut) }),
        ("", ServerFrame::Pong),
    ];
    samples.into_iter().map(|(case, frame)| (format!("server_{}{case}", server_type(&frame)), frame)).collect()
}

/// Every refusal, in the order of the golden file.
pub(crate) fn refusal_samples() -> Vec<Refusal> {
    let mut samples = Vec::new();
    let mut next = Some(Refusal::Empty);
    while let Some(refusal) = next {
        next = refusal_after(&refusal);
        samples.push(refusal);
    }
    samples
}

/// The names of all samples' files.
pub(crate) fn names() -> impl Iterator<Item = String> {
    let client = client_samples().into_iter().map(|(name, _)| name);
    let server = server_samples().into_iter().map(|(name, _)| name);
    client.chain(server).chain(["refusals".to_owned()])
}

/// What a frame calls itself. Every type here has a sample above: [`every_type_has_a_sample`] looks.
pub(crate) const CLIENT_TYPES: [&str; 7] = ["hello", "join", "leave", "post", "history", "typing", "ping"];
pub(crate) const SERVER_TYPES: [&str; 14] = [
    "welcome",
    "resumed",
    "snapshot",
    "events",
    "history",
    "ack",
    "refused",
    "denied",
    "error",
    "present",
    "typing",
    "room_added",
    "bye",
    "pong",
];

fn client_type(frame: &ClientFrame) -> &'static str {
    let [hello, join, leave, post, history, typing, ping] = CLIENT_TYPES;
    match frame {
        ClientFrame::Hello { .. } => hello,
        ClientFrame::Join(_) => join,
        ClientFrame::Leave { .. } => leave,
        ClientFrame::Post { .. } => post,
        ClientFrame::History { .. } => history,
        ClientFrame::Typing { .. } => typing,
        ClientFrame::Ping => ping,
        ClientFrame::Unknown => unreachable!("nobody says it: it stands for what a newer client says"),
    }
}

fn server_type(frame: &ServerFrame) -> &'static str {
    let [
        welcome,
        resumed,
        snapshot,
        events,
        history,
        ack,
        refused,
        denied,
        error,
        present,
        typing,
        room_added,
        bye,
        pong,
    ] = SERVER_TYPES;
    match frame {
        ServerFrame::Welcome { .. } => welcome,
        ServerFrame::Resumed { .. } => resumed,
        // A new reason is a new case of this sample.
        ServerFrame::Snapshot {
            reason: SnapshotReason::First | SnapshotReason::Gap | SnapshotReason::Reset | SnapshotReason::Unknown,
            ..
        } => snapshot,
        ServerFrame::Events { .. } => events,
        ServerFrame::History { .. } => history,
        ServerFrame::Ack { .. } => ack,
        ServerFrame::Refused { .. } => refused,
        ServerFrame::Denied { .. } => denied,
        ServerFrame::Error { .. } => error,
        ServerFrame::Present { .. } => present,
        ServerFrame::Typing { .. } => typing,
        ServerFrame::RoomAdded { .. } => room_added,
        ServerFrame::Bye { .. } => bye,
        ServerFrame::Pong => pong,
        ServerFrame::Unknown => unreachable!("nobody says it: it stands for what a newer server says"),
    }
}

/// Each refusal leads to the next, so that a new one has to be put in the chain to compile.
fn refusal_after(refusal: &Refusal) -> Option<Refusal> {
    match refusal {
        Refusal::Empty => Some(Refusal::TooLong { max: 4_000 }),
        Refusal::TooLong { .. } => Some(Refusal::ForbiddenCharacter),
        Refusal::ForbiddenCharacter => Some(Refusal::NameTaken { free: "Kira 2".to_owned() }),
        Refusal::NameTaken { .. } => Some(Refusal::NotFound),
        Refusal::NotFound => Some(Refusal::Conflict),
        Refusal::Conflict => Some(Refusal::RateLimited { retry_after_ms: 600 }),
        Refusal::RateLimited { .. } => Some(Refusal::Busy),
        Refusal::Busy => Some(Refusal::UnknownOutcome),
        Refusal::UnknownOutcome => Some(Refusal::ReadOnly),
        Refusal::ReadOnly => Some(Refusal::SignedOut),
        Refusal::SignedOut => Some(Refusal::TooManyConnections),
        Refusal::TooManyConnections => Some(Refusal::TooManyRooms),
        Refusal::TooManyRooms => Some(Refusal::NotJson),
        Refusal::NotJson => Some(Refusal::BadFrame),
        Refusal::BadFrame => Some(Refusal::UnknownType),
        Refusal::UnknownType => Some(Refusal::HelloExpected),
        Refusal::HelloExpected => Some(Refusal::HelloTwice),
        Refusal::HelloTwice => Some(Refusal::Internal),
        Refusal::Internal | Refusal::Unknown => None,
    }
}

fn posted(seq: u64, at: u64, by: Member, message: &str, body: &str) -> Event {
    let what = What::Posted { id: id(message), body: body.to_owned() };
    match &what {
        // A new kind of event is a new case of the `events` sample.
        What::Posted { .. } | What::Unknown => {}
    }
    Event { seq: Seq(seq), at: UnixMillis(at), by, what }
}

fn kira() -> Member {
    Member { id: MemberId(3), name: "Kira".to_owned() }
}

fn david() -> Member {
    Member { id: MemberId(2), name: "David".to_owned() }
}

fn lobby() -> RoomInfo {
    let topic = "Where everyone starts: come in and say hello".to_owned();
    RoomInfo { id: LOBBY, slug: Slug::from_name("Lobby"), name: "Lobby".to_owned(), topic }
}

fn tea() -> RoomInfo {
    let name = "Tea & biscuits";
    RoomInfo { id: TEA, slug: Slug::from_name(name), name: name.to_owned(), topic: String::new() }
}

fn id(text: &str) -> MessageId {
    text.parse().expect("a message id")
}

#[test]
fn every_type_has_a_sample() {
    let client: Vec<_> = client_samples().iter().map(|(_, frame)| client_type(frame)).collect();
    assert!(CLIENT_TYPES.iter().all(|name| client.contains(name)), "{client:?}");
    let server: Vec<_> = server_samples().iter().map(|(_, frame)| server_type(frame)).collect();
    assert!(SERVER_TYPES.iter().all(|name| server.contains(name)), "{server:?}");
}
