//! The value behind each golden sample. `coverage` compares the samples with the variants of each enum, so a new variant
//! fails until it has a sample here, and then a file and a place in the document.

use hubbub_protocol::{
    Answer, ClientFrame, Message, Operation, OwnReactions, Page, PageReason, Query, Reactors, Refusal, Revision,
    RoomId, Seq, ServerFrame, UnixMillis,
};

use crate::scene::{
    AN_OPERATION, EPOCH, GOOD_MORNING, HI_HUMANS, HI_KIRA, LOBBY, RESTORED_EPOCH, TEA, TEA_AT_FOUR, THUMBS_UP, at,
    changes, david, good_morning, hi_humans, hi_kira, id, interest, kira, lobby, lobby_state, message, on_lobby, op,
    tea, tea_at_four, tea_state,
};
use crate::variants::name_of;

/// Every sample of a client's frame, by the name of its file.
pub(crate) fn client_samples() -> Vec<(String, ClientFrame)> {
    let frames = [
        ("", ClientFrame::Hello { rooms: vec![interest(LOBBY, Some(41)), interest(TEA, None)] }),
        ("", ClientFrame::Join(interest(RoomId(3), Some(7)))),
        ("_first", ClientFrame::Join(interest(RoomId(3), None))),
        ("", ClientFrame::Leave { room: RoomId(3) }),
        ("", ClientFrame::Typing { room: LOBBY }),
        ("", ClientFrame::Ping),
    ];
    let frames = frames.into_iter().map(|(case, frame)| (format!("client_{}{case}", name_of(&frame)), frame));
    let operations = operation_samples().into_iter().map(|(case, op, what)| {
        (format!("client_operation_{}{case}", name_of(&what)), ClientFrame::Operation { on: on_lobby(), op, what })
    });
    let queries = query_samples()
        .into_iter()
        .map(|query| (format!("client_query_{}", name_of(&query)), ClientFrame::Query { room: LOBBY, query }));
    frames.chain(operations).chain(queries).collect()
}

fn operation_samples() -> Vec<(&'static str, hubbub_protocol::OpId, Operation)> {
    let on = true;
    let message = id(HI_HUMANS);
    let body = "Hi humans!\nIs \"anyone\" here? \\o/ ☕".to_owned();
    vec![
        ("", op(HI_HUMANS), Operation::Post { body, reply_to: None }),
        ("_reply", op(HI_KIRA), Operation::Post { body: "Hi Kira!".to_owned(), reply_to: Some(message) }),
        ("", op(AN_OPERATION), Operation::Edit { message, body: "Hi humans! ☕".to_owned() }),
        ("", op(AN_OPERATION), Operation::Delete { message: id(HI_KIRA) }),
        ("", op(AN_OPERATION), Operation::React { message, emoji: THUMBS_UP.to_owned(), on }),
        ("", op(AN_OPERATION), Operation::Pin { message, on }),
        ("", op(TEA_AT_FOUR), Operation::Describe { name: "Lobby".to_owned(), topic: "Tea at four".to_owned() }),
    ]
}

fn query_samples() -> Vec<Query> {
    vec![
        Query::Before(Seq(42)),
        Query::After(Seq(42)),
        Query::Around(id(HI_KIRA)),
        Query::Messages(vec![id(GOOD_MORNING), id(HI_HUMANS)]),
        Query::Replies { to: id(HI_HUMANS), after: Seq(0) },
        Query::Reactions(id(HI_HUMANS)),
        Query::Revisions(id(HI_HUMANS)),
    ]
}

/// Every sample of a server's frame, by the name of its file.
pub(crate) fn server_samples() -> Vec<(String, ServerFrame)> {
    let rate_limited = Refusal::RateLimited { retry_after_ms: 600 };
    let ack = |text, seq| ServerFrame::Ack { on: on_lobby(), op: op(text), seq: Seq(seq), at: at(seq) };
    let refused = |text, refusal| ServerFrame::Refused { on: on_lobby(), op: op(text), refusal };
    let frames = [
        ("", ServerFrame::Welcome { you: kira(), rooms: vec![lobby(), tea()] }),
        (
            "",
            ServerFrame::Rows {
                room: LOBBY,
                after: Seq(41),
                to: Seq(48),
                messages: vec![hi_humans(), hi_kira()],
                mine: mine(),
            },
        ),
        ("", ServerFrame::Resumed { room: LOBBY, after: Seq(41), to: Seq(48), n_rows: 2, state: None }),
        (
            "_state",
            ServerFrame::Resumed { room: LOBBY, after: Seq(41), to: Seq(48), n_rows: 0, state: Some(lobby_state()) },
        ),
        ("", ack(HI_HUMANS, 42)),
        ("", refused(HI_HUMANS, rate_limited)),
        ("_gone", refused(AN_OPERATION, Refusal::Gone)),
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
    let changes = changes().into_iter();
    let changes = changes.map(|(case, change)| (case, ServerFrame::Changes { room: LOBBY, changes: vec![change] }));
    let all = frames.into_iter().chain(page_samples()).chain(changes).chain(answer_samples());
    all.map(|(case, frame)| (format!("server_{}{case}", name_of(&frame)), frame)).collect()
}

fn page_samples() -> Vec<(&'static str, ServerFrame)> {
    let lobby_page = |reason, epoch, page| {
        let state = if epoch == EPOCH {
            lobby_state()
        } else {
            hubbub_protocol::RoomState { rev: Seq(0), pins: vec![], ..lobby_state() }
        };
        ServerFrame::Page { room: LOBBY, reason, epoch, state, page }
    };
    let last =
        |seq, text, body| vec![Message { at: UnixMillis(1_760_000_900_000), ..message(seq, david(), text, body) }];
    let newest = vec![good_morning(), hi_humans(), hi_kira(), tea_at_four()];
    let missed = last(900, "0199c8b3-0b20-7d11-a5c4-9e8f7a6b5c4d", "You have missed a lot.");
    let afresh = last(1, "0199c8c0-c740-7e22-b6d5-0f1a2b3c4d5e", "We start afresh.");
    vec![
        ("", lobby_page(PageReason::First, EPOCH, Page { older: true, mine: mine(), ..page(48, newest) })),
        ("_empty", {
            let (reason, state) = (PageReason::First, tea_state());
            ServerFrame::Page { room: TEA, reason, epoch: EPOCH, state, page: page(0, vec![]) }
        }),
        ("_gap", lobby_page(PageReason::Gap, EPOCH, Page { older: true, ..page(900, missed) })),
        ("_reset", lobby_page(PageReason::Reset, RESTORED_EPOCH, page(1, afresh))),
    ]
}

fn answer_samples() -> Vec<(&'static str, ServerFrame)> {
    let newer = true;
    let before = Page { older: true, newer, ..page(48, vec![good_morning()]) };
    let around = Page { older: true, newer, quoted: vec![hi_humans()], mine: mine(), ..page(48, vec![hi_kira()]) };
    let reactors = vec![Reactors { emoji: THUMBS_UP.to_owned(), by: vec![david()] }];
    let revisions = vec![Revision { at: at(42), body: "Hi humans!".to_owned() }];
    let answers = [
        ("_page", Query::Before(Seq(42)), Answer::Page(before)),
        ("_page_quoted", Query::Around(id(HI_KIRA)), Answer::Page(around)),
        ("_reactions", Query::Reactions(id(HI_HUMANS)), Answer::Reactions(reactors)),
        ("_revisions", Query::Revisions(id(HI_HUMANS)), Answer::Revisions(revisions)),
        ("_refused", Query::Revisions(id(GOOD_MORNING)), Answer::Refused(Refusal::NotYours)),
    ];
    answers
        .into_iter()
        .map(|(case, query, answer)| (case, ServerFrame::Answer { room: LOBBY, query, answer }))
        .collect()
}

/// The page of all messages that there are.
fn page(as_of: u64, messages: Vec<Message>) -> Page {
    Page { as_of: Seq(as_of), messages, ..Page::default() }
}

/// David's reactions, as the samples of pages show them to him.
fn mine() -> Vec<OwnReactions> {
    vec![OwnReactions { message: id(HI_HUMANS), emoji: vec![THUMBS_UP.to_owned()] }]
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
        Refusal::NoSuchMessage,
        Refusal::Gone,
        Refusal::NotYours,
        Refusal::NotAnEmoji,
        Refusal::TooManyReactions { max: 20 },
        Refusal::TooManyPins { max: 50 },
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
