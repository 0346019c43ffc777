//! The value behind each golden sample. The tests at the end compare the samples with the variants of each enum, so a new
//! variant fails until it has a sample here, and then a file and a place in the document.

use std::collections::BTreeSet;

use hubbub_protocol::{
    ClientFrame, Cursor, Epoch, Event, Interest, Member, MemberId, MessageId, Refusal, RoomId, RoomInfo, Seq,
    ServerFrame, Slug, SnapshotReason, UnixMillis, What,
};

use crate::variants::{ReportVariants, Variants, name_of};

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
    samples.into_iter().map(|(case, frame)| (format!("client_{}{case}", name_of(&frame)), frame)).collect()
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
    samples.into_iter().map(|(case, frame)| (format!("server_{}{case}", name_of(&frame)), frame)).collect()
}

/// Every refusal, in the order of the golden file.
pub(crate) fn refusal_samples() -> Vec<Refusal> {
    vec![
        Refusal::Empty,
        Refusal::TooLong { max: 4_000 },
        Refusal::ForbiddenCharacter,
        Refusal::NameTaken { free: "Kira 2".to_owned() },
        Refusal::RoomNameTaken,
        Refusal::NotFound,
        Refusal::Conflict,
        Refusal::RateLimited { retry_after_ms: 600 },
        Refusal::Busy,
        Refusal::UnknownOutcome,
        Refusal::ReadOnly,
        Refusal::SignedOut,
        Refusal::TooManyConnections,
        Refusal::TooManyRooms,
        Refusal::NotJson,
        Refusal::BadFrame,
        Refusal::UnknownType,
        Refusal::HelloExpected,
        Refusal::HelloTwice,
        Refusal::Internal,
    ]
}

/// The names of all samples' files.
pub(crate) fn names() -> impl Iterator<Item = String> {
    let client = client_samples().into_iter().map(|(name, _)| name);
    let server = server_samples().into_iter().map(|(name, _)| name);
    client.chain(server).chain(["refusals".to_owned()])
}

/// The names of the frames that a client sends, in the order of the source.
pub(crate) fn client_names() -> Vec<&'static str> {
    sent(ClientFrame::deserialize(ReportVariants))
}

/// The names of the frames that the server sends, in the order of the source.
pub(crate) fn server_names() -> Vec<&'static str> {
    sent(ServerFrame::deserialize(ReportVariants))
}

/// All variants but `unknown`, which stands for what a newer peer sends: nobody sends it, so it has no sample.
fn sent<T: std::fmt::Debug>(report: Result<T, Variants>) -> Vec<&'static str> {
    let Variants(names) = report.expect_err("the variants are reported as an error");
    names.iter().copied().filter(|name| *name != "unknown").collect()
}

fn posted(seq: u64, at: u64, by: Member, message: &str, body: &str) -> Event {
    let what = What::Posted { id: id(message), body: body.to_owned() };
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
fn every_frame_has_a_sample() {
    assert_eq!(names_of(client_samples().iter().map(|(_, frame)| frame)), sorted(client_names()));
    assert_eq!(names_of(server_samples().iter().map(|(_, frame)| frame)), sorted(server_names()));
}

#[test]
fn every_refusal_has_a_sample() {
    let samples: Vec<String> = refusal_samples().iter().map(name_of).collect();
    assert_eq!(samples, sent(Refusal::deserialize(ReportVariants)));
}

#[test]
fn every_reason_of_a_snapshot_has_a_sample() {
    let samples = server_samples();
    let reasons = samples.iter().filter_map(|(_, frame)| match frame {
        ServerFrame::Snapshot { reason, .. } => Some(reason),
        _ => None,
    });
    assert_eq!(names_of(reasons), sorted(sent(SnapshotReason::deserialize(ReportVariants))));
}

#[test]
fn every_kind_of_event_has_a_sample() {
    let samples = server_samples();
    let events = samples.iter().filter_map(|(_, frame)| match frame {
        ServerFrame::Events { events, .. } => Some(events),
        _ => None,
    });
    assert_eq!(names_of(events.flatten().map(|event| &event.what)), sorted(sent(What::deserialize(ReportVariants))));
}

fn names_of<'a, T: serde::Serialize + 'a>(samples: impl Iterator<Item = &'a T>) -> BTreeSet<String> {
    samples.map(name_of).collect()
}

fn sorted(names: impl IntoIterator<Item = &'static str>) -> BTreeSet<String> {
    names.into_iter().map(str::to_owned).collect()
}
