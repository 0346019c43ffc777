//! Property tests of the codec: every frame is decoded as it was encoded, and no input makes the decoder panic.

#[path = "support/variants.rs"]
mod variants;

use std::collections::BTreeSet;

use hubbub_protocol::codec::{DecodeError, decode_client, decode_server, encode_client, encode_server};
use hubbub_protocol::limits::MAX_JSON_DEPTH;
use hubbub_protocol::{
    Answer, Change, ClientFrame, Cursor, Epoch, Interest, Member, MemberId, Message, MessageId, MessageKind, OpId,
    Operation, OwnReactions, Page, PageReason, Query, Reaction, Reactors, Refusal, ReplyTo, Revision, RoomId, RoomInfo,
    RoomState, Seq, ServerFrame, Slug, StreamId, UnixMillis, What,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use variants::{ReportVariants, Variants, name_of};

/// Any text, and texts with many characters that JSON has to escape.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), "[a-z\"\\\\\n\t\u{0}\u{7f}\u{2028}é😀{}\\[\\]:,]{0,40}"]
}

fn room() -> impl Strategy<Value = RoomId> {
    any::<u64>().prop_map(RoomId)
}

fn seq() -> impl Strategy<Value = Seq> {
    any::<u64>().prop_map(Seq)
}

fn at() -> impl Strategy<Value = UnixMillis> {
    any::<u64>().prop_map(UnixMillis)
}

fn epoch() -> impl Strategy<Value = Epoch> {
    any::<u64>().prop_map(Epoch)
}

fn message_id() -> impl Strategy<Value = MessageId> {
    (0..1_u64 << 48, any::<[u8; 10]>()).prop_map(|(at, random)| MessageId::mint(UnixMillis(at), random))
}

fn member() -> impl Strategy<Value = Member> {
    (any::<u64>(), text()).prop_map(|(id, name)| Member { id: MemberId(id), name })
}

fn room_info() -> impl Strategy<Value = RoomInfo> {
    (room(), text(), text(), text()).prop_map(|(id, slug, name, topic)| RoomInfo {
        id,
        slug: Slug::from(slug),
        name,
        topic,
    })
}

fn interest() -> impl Strategy<Value = Interest> {
    let cursor = (epoch(), seq()).prop_map(|(epoch, seq)| Cursor { epoch, seq });
    (room(), option::of(cursor)).prop_map(|(room, after)| Interest { room, after })
}

fn op() -> impl Strategy<Value = OpId> {
    message_id().prop_map(OpId::from)
}

fn stream() -> impl Strategy<Value = StreamId> {
    prop_oneof![9 => room().prop_map(StreamId::Room), 1 => Just(StreamId::Unknown)]
}

fn operation() -> impl Strategy<Value = Operation> {
    prop_oneof![
        (text(), option::of(message_id())).prop_map(|(body, reply_to)| Operation::Post { body, reply_to }),
        (message_id(), text()).prop_map(|(message, body)| Operation::Edit { message, body }),
        message_id().prop_map(|message| Operation::Delete { message }),
        (message_id(), text(), any::<bool>()).prop_map(|(message, emoji, on)| Operation::React { message, emoji, on }),
        (message_id(), any::<bool>()).prop_map(|(message, on)| Operation::Pin { message, on }),
        (text(), text()).prop_map(|(name, topic)| Operation::Describe { name, topic }),
        Just(Operation::Unknown),
    ]
}

fn query() -> impl Strategy<Value = Query> {
    prop_oneof![
        seq().prop_map(Query::Before),
        seq().prop_map(Query::After),
        message_id().prop_map(Query::Around),
        vec(message_id(), 0..4).prop_map(Query::Messages),
        (message_id(), seq()).prop_map(|(to, after)| Query::Replies { to, after }),
        message_id().prop_map(Query::Reactions),
        message_id().prop_map(Query::Revisions),
        Just(Query::Unknown),
    ]
}

fn reactions() -> impl Strategy<Value = Vec<Reaction>> {
    vec((text(), text(), any::<u32>()).prop_map(|(emoji, name, count)| Reaction { emoji, name, count }), 0..3)
}

fn what() -> impl Strategy<Value = What> {
    let reply_to = (message_id(), any::<u32>()).prop_map(|(message, replies)| ReplyTo { message, replies });
    prop_oneof![
        (text(), option::of(reply_to)).prop_map(|(body, reply_to)| What::Posted { body, reply_to }),
        text().prop_map(|body| What::Edited { body }),
        Just(What::Deleted),
        (text(), any::<bool>(), reactions()).prop_map(|(emoji, on, reactions)| What::Reacted { emoji, on, reactions }),
        (any::<bool>(), vec(message_id(), 0..3)).prop_map(|(on, pins)| What::Pinned { on, pins }),
        (text(), text()).prop_map(|(name, topic)| What::Described { name, topic }),
        Just(What::Unknown),
    ]
}

fn change() -> impl Strategy<Value = Change> {
    (seq(), at(), member(), vec(message_id(), 0..3), what()).prop_map(|(seq, at, by, targets, what)| Change {
        seq,
        at,
        by,
        targets,
        what,
    })
}

fn kind() -> impl Strategy<Value = MessageKind> {
    prop_oneof![
        Just(MessageKind::Text),
        (text(), text()).prop_map(|(name, topic)| MessageKind::Described { name, topic }),
        Just(MessageKind::Unknown),
    ]
}

fn message() -> impl Strategy<Value = Message> {
    let identity = (message_id(), seq(), seq(), at(), member(), kind());
    let content = (text(), option::of(message_id()), any::<u32>(), option::of(at()), option::of(at()));
    (identity, content, any::<bool>(), reactions()).prop_map(|(identity, content, pinned, reactions)| {
        let (id, seq, rev, at, by, kind) = identity;
        let (body, reply_to, replies, edited_at, deleted_at) = content;
        Message { id, seq, rev, at, by, kind, body, reply_to, replies, edited_at, deleted_at, pinned, reactions }
    })
}

fn mine() -> impl Strategy<Value = Vec<OwnReactions>> {
    vec((message_id(), vec(text(), 0..3)).prop_map(|(message, emoji)| OwnReactions { message, emoji }), 0..3)
}

fn page() -> impl Strategy<Value = Page> {
    (seq(), vec(message(), 0..3), vec(message(), 0..3), mine(), any::<(bool, bool)>()).prop_map(
        |(as_of, messages, quoted, mine, (older, newer))| Page { as_of, messages, quoted, mine, older, newer },
    )
}

fn state() -> impl Strategy<Value = RoomState> {
    (seq(), text(), text(), option::of(member()), at(), vec(message_id(), 0..3))
        .prop_map(|(rev, name, topic, made_by, made_at, pins)| RoomState { rev, name, topic, made_by, made_at, pins })
}

fn reason() -> impl Strategy<Value = PageReason> {
    use PageReason::{First, Gap, Reset, Unknown};
    prop::sample::select(vec![First, Gap, Reset, Unknown])
}

fn answer() -> impl Strategy<Value = Answer> {
    let reactors = (text(), vec(member(), 0..3)).prop_map(|(emoji, by)| Reactors { emoji, by });
    let revision = (at(), text()).prop_map(|(at, body)| Revision { at, body });
    prop_oneof![
        page().prop_map(Answer::Page),
        vec(reactors, 0..3).prop_map(Answer::Reactions),
        vec(revision, 0..3).prop_map(Answer::Revisions),
        refusal().prop_map(Answer::Refused),
        Just(Answer::Unknown),
    ]
}

fn refusal() -> impl Strategy<Value = Refusal> {
    prop_oneof![
        any::<u32>().prop_map(|max| Refusal::TooLong { max }),
        any::<u32>().prop_map(|max| Refusal::TooManyReactions { max }),
        any::<u32>().prop_map(|max| Refusal::TooManyPins { max }),
        text().prop_map(|free| Refusal::NameTaken { free }),
        any::<u64>().prop_map(|retry_after_ms| Refusal::RateLimited { retry_after_ms }),
        prop::sample::select(vec![
            Refusal::Empty,
            Refusal::ForbiddenCharacter,
            Refusal::RoomNameTaken,
            Refusal::NotFound,
            Refusal::Conflict,
            Refusal::NoSuchMessage,
            Refusal::Gone,
            Refusal::NotYours,
            Refusal::NotAnEmoji,
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
            Refusal::Unknown,
        ]),
    ]
}

fn client_frame() -> impl Strategy<Value = ClientFrame> {
    prop_oneof![
        vec(interest(), 0..5).prop_map(|rooms| ClientFrame::Hello { rooms }),
        interest().prop_map(ClientFrame::Join),
        room().prop_map(|room| ClientFrame::Leave { room }),
        (stream(), op(), operation()).prop_map(|(on, op, what)| ClientFrame::Operation { on, op, what }),
        (room(), query()).prop_map(|(room, query)| ClientFrame::Query { room, query }),
        room().prop_map(|room| ClientFrame::Typing { room }),
        Just(ClientFrame::Ping),
        Just(ClientFrame::Unknown),
    ]
}

fn server_frame() -> impl Strategy<Value = ServerFrame> {
    let rows = prop_oneof![
        (room(), seq(), seq(), vec(message(), 0..4), mine())
            .prop_map(|(room, after, to, messages, mine)| ServerFrame::Rows { room, after, to, messages, mine }),
        (room(), seq(), seq(), any::<u32>(), option::of(state()))
            .prop_map(|(room, after, to, n_rows, state)| ServerFrame::Resumed { room, after, to, n_rows, state }),
        (room(), reason(), epoch(), state(), page())
            .prop_map(|(room, reason, epoch, state, page)| { ServerFrame::Page { room, reason, epoch, state, page } }),
        (room(), vec(change(), 0..4)).prop_map(|(room, changes)| ServerFrame::Changes { room, changes }),
        (room(), query(), answer()).prop_map(|(room, query, answer)| ServerFrame::Answer { room, query, answer }),
        (stream(), op(), seq(), at()).prop_map(|(on, op, seq, at)| ServerFrame::Ack { on, op, seq, at }),
        (stream(), op(), refusal()).prop_map(|(on, op, refusal)| ServerFrame::Refused { on, op, refusal }),
    ];
    let rest = prop_oneof![
        (member(), vec(room_info(), 0..4)).prop_map(|(you, rooms)| ServerFrame::Welcome { you, rooms }),
        (room(), refusal()).prop_map(|(room, refusal)| ServerFrame::Denied { room, refusal }),
        refusal().prop_map(|refusal| ServerFrame::Error { refusal }),
        (room(), any::<u32>(), vec(member(), 0..4)).prop_map(|(room, count, members)| ServerFrame::Present {
            room,
            count,
            members
        }),
        (room(), member()).prop_map(|(room, by)| ServerFrame::Typing { room, by }),
        room_info().prop_map(|room| ServerFrame::RoomAdded { room }),
        (any::<u64>(), option::of(refusal()))
            .prop_map(|(reconnect_after_ms, refusal)| ServerFrame::Bye { reconnect_after_ms, refusal }),
        Just(ServerFrame::Pong),
        Just(ServerFrame::Unknown),
    ];
    prop_oneof![rows, rest]
}

/// JSON of any shape, with many of the names that frames use.
fn json() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec![
        "hello",
        "join",
        "operation",
        "query",
        "post",
        "ping",
        "error",
        "room",
        "rooms",
        "on",
        "op",
        "what",
        "body",
        "changes",
        "page",
        "messages",
        "refusal",
        "after",
        "x",
    ]);
    let leaf = prop_oneof![
        Just("null".to_owned()),
        any::<bool>().prop_map(|value| value.to_string()),
        any::<i64>().prop_map(|value| value.to_string()),
        any::<f64>()
            .prop_filter("JSON has no such number", |value| value.is_finite())
            .prop_map(|value| value.to_string()),
        prop::sample::select(vec!["ping", "pong", "join", "empty", "first", "dance"])
            .prop_map(|value| format!("{value:?}")),
    ];
    leaf.prop_recursive(8, 64, 4, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(|values| format!("[{}]", values.join(","))),
            vec((name.clone(), inner), 0..4).prop_map(|fields| {
                let fields: Vec<String> = fields.iter().map(|(name, value)| format!("{name:?}:{value}")).collect();
                format!("{{{}}}", fields.join(","))
            }),
        ]
    })
}

#[test]
fn the_generators_make_every_variant() {
    assert_eq!(made_by(client_frame()), all(ClientFrame::deserialize(ReportVariants)));
    assert_eq!(made_by(server_frame()), all(ServerFrame::deserialize(ReportVariants)));
    assert_eq!(made_by(stream()), all(StreamId::deserialize(ReportVariants)));
    assert_eq!(made_by(operation()), all(Operation::deserialize(ReportVariants)));
    assert_eq!(made_by(query()), all(Query::deserialize(ReportVariants)));
    assert_eq!(made_by(what()), all(What::deserialize(ReportVariants)));
    assert_eq!(made_by(kind()), all(MessageKind::deserialize(ReportVariants)));
    assert_eq!(made_by(reason()), all(PageReason::deserialize(ReportVariants)));
    assert_eq!(made_by(answer()), all(Answer::deserialize(ReportVariants)));
    assert_eq!(made_by(refusal()), all(Refusal::deserialize(ReportVariants)));
}

fn all<T: std::fmt::Debug>(report: Result<T, Variants>) -> BTreeSet<String> {
    let Variants(names) = report.expect_err("the variants are reported as an error");
    names.iter().map(ToString::to_string).collect()
}

/// The names of the variants among 2,000 values. The rarest of them is made once in 80 values.
fn made_by<T: serde::Serialize + std::fmt::Debug>(strategy: impl Strategy<Value = T>) -> BTreeSet<String> {
    let mut runner = TestRunner::deterministic();
    (0..2_000).map(|_| name_of(&strategy.new_tree(&mut runner).expect("a value").current())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_frame_of_a_client_reads_as_it_was_written(frame in client_frame()) {
        prop_assert_eq!(decode_client(&encode_client(&frame)), Ok(frame));
    }

    #[test]
    fn every_frame_of_the_server_reads_as_it_was_written(frame in server_frame()) {
        prop_assert_eq!(decode_server(&encode_server(&frame)), Ok(frame));
    }

    #[test]
    fn no_bytes_make_the_decoder_panic(bytes in vec(any::<u8>(), 0..400)) {
        let text = String::from_utf8_lossy(&bytes);
        let _ = decode_client(&text);
        let _ = decode_server(&text);
    }

    #[test]
    fn json_of_any_shape_is_a_frame_or_no_frame_but_always_json(text in json()) {
        prop_assert_ne!(decode_client(&text), Err(DecodeError::NotJson));
        prop_assert_ne!(decode_server(&text), Err(DecodeError::NotJson));
    }

    #[test]
    fn a_frame_that_is_cut_short_is_not_json(frame in client_frame(), cut in any::<prop::sample::Index>()) {
        let text = encode_client(&frame);
        let boundaries: Vec<usize> = text.char_indices().map(|(i, _)| i).collect();
        prop_assert_eq!(decode_client(&text[..boundaries[cut.index(boundaries.len())]]), Err(DecodeError::NotJson));
    }

    #[test]
    fn nesting_is_read_down_to_the_limit_and_refused_below_it(depth in 1..200_usize) {
        let text = format!(r#"{{"ping":{}{}}}"#, "[".repeat(depth), "]".repeat(depth));
        prop_assert_eq!(decode_client(&text).is_ok(), depth < MAX_JSON_DEPTH);
    }
}
