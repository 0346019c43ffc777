//! Clients that poll because they can't open a WebSocket. They get every event once.

use hubbub_protocol::{
    Answer, ClientFrame, Cursor, Interest, Message, PageReason, Query, Refusal, RoomId, Seq, ServerFrame, StreamId,
    codec,
};

use crate::support::http2::Http2;
use crate::support::server::TestServer;
use crate::support::tab::{LONG_WAIT, NO_WAIT, Tab, frames};
use crate::support::{LOBBY, bodies, fresh_id, post};

fn present(frames: &[ServerFrame]) -> Option<Vec<&str>> {
    frames.iter().rev().find_map(|frame| match frame {
        ServerFrame::Present { members, .. } => Some(members.iter().map(|member| member.name.as_str()).collect()),
        _ => None,
    })
}

#[tokio::test]
async fn the_first_poll_returns_the_member_the_rooms_and_the_newest_page() {
    let server = TestServer::start().await;
    server.join("Jonas").await.in_lobby().await.posts("Hi humans!").await;

    let mut kira = Tab::of(&server.join("Kira").await);
    let answer = kira.poll(LONG_WAIT).await;

    let ServerFrame::Welcome { you, rooms } = &answer[0] else { panic!("{answer:?}") };
    assert_eq!((you.name.as_str(), rooms[0].slug.to_string().as_str()), ("Kira", "lobby"));
    let ServerFrame::Page { reason, page, .. } = &answer[1] else { panic!("{answer:?}") };
    assert_eq!((*reason, page.as_of, bodies(&page.messages)), (PageReason::First, Seq(1), vec!["Hi humans!"]));
    assert!(present(&answer).is_some_and(|present| present.contains(&"Kira")), "{answer:?}");
}

#[tokio::test]
async fn posts_reach_waiting_polls_from_websockets_and_websockets_from_polling_tabs() {
    let server = TestServer::start().await;
    let (kira, jonas) = (server.join("Kira").await, server.join("Jonas").await);
    let mut at_jonas = jonas.in_lobby().await;
    let mut at_kira = Tab::in_lobby(&kira).await;
    at_jonas.sees_present(LOBBY, &["Jonas", "Kira"]).await;

    for n in 1..=3 {
        let waiting = at_kira.begin_poll().await;
        assert_eq!(at_jonas.posts(&format!("from Jonas {n}")).await, Seq(2 * n - 1));
        let answer = waiting.answer().await;
        at_kira.apply(&answer);
        at_kira.reads(2 * n as usize - 1).await;
        assert_eq!(at_kira.posts(&format!("from Kira {n}")).await, Seq(2 * n));
    }

    let expected = ["from Jonas 1", "from Kira 1", "from Jonas 2", "from Kira 2", "from Jonas 3", "from Kira 3"];
    assert_eq!(bodies(&at_jonas.changes(LOBBY, 6).await), expected);
    assert_eq!(at_kira.reads(6).await, expected);
}

#[tokio::test]
async fn polls_that_do_not_wait_return_changes_or_204() {
    let server = TestServer::start().await;
    let mut jonas = server.join("Jonas").await.in_lobby().await;
    let mut kira = Tab::in_lobby(&server.join("Kira").await).await;
    jonas.sees_present(LOBBY, &["Jonas", "Kira"]).await;
    kira.poll(NO_WAIT).await;

    let unchanged = kira.poll_request(NO_WAIT).send().await;
    assert_eq!((unchanged.status, unchanged.body.as_str()), (204, ""));

    jonas.posts("one").await;
    jonas.posts("two").await;
    jonas.changes(LOBBY, 2).await;
    kira.poll(NO_WAIT).await;
    assert_eq!(kira.reads(2).await, ["one", "two"]);
    assert_eq!(kira.poll_request(NO_WAIT).send().await.status, 204);
}

#[tokio::test]
async fn a_poll_without_changes_is_answered_204_after_the_longest_wait() {
    let server = TestServer::start_with(&["--longest-wait", "1"]).await;
    let mut kira = Tab::in_lobby(&server.join("Kira").await).await;
    kira.poll(NO_WAIT).await;
    let since = std::time::Instant::now();
    assert_eq!(kira.poll_request(LONG_WAIT).send().await.status, 204);
    assert!((900..20_000).contains(&since.elapsed().as_millis()), "it took {:?}", since.elapsed());
    assert_eq!(kira.posts("still known").await, Seq(1));
}

#[tokio::test]
async fn typing_presence_and_new_rooms_answer_a_waiting_poll() {
    let server = TestServer::start().await;
    let (kira, jonas) = (server.join("Kira").await, server.join("Jonas").await);
    let mut at_kira = Tab::in_lobby(&kira).await;
    at_kira.poll(NO_WAIT).await;

    let waiting = at_kira.begin_poll().await;
    let at_jonas = Tab::in_lobby(&jonas).await;
    assert_eq!(present(&frames(&waiting.answer().await)), Some(vec!["Jonas", "Kira"]));

    let waiting = at_kira.begin_poll().await;
    assert_eq!(at_jonas.say(&ClientFrame::Typing { room: LOBBY }).await, []);
    let answer = frames(&waiting.answer().await);
    assert!(matches!(&answer[..], [ServerFrame::Typing { by, .. }] if by.name == "Jonas"), "{answer:?}");

    let waiting = at_kira.begin_poll().await;
    let created = jonas.creates("Tea").await;
    assert_eq!(frames(&waiting.answer().await), [ServerFrame::RoomAdded { room: created }]);
}

#[tokio::test]
async fn the_changes_of_a_lost_response_come_again_once() {
    let server = TestServer::start().await;
    let mut jonas = server.join("Jonas").await.in_lobby().await;
    let mut kira = Tab::in_lobby(&server.join("Kira").await).await;
    for n in 1..=5 {
        let waiting = kira.begin_poll().await;
        jonas.posts(&n.to_string()).await;
        // The client doesn't apply the response, so its cursors stay as they were.
        assert_eq!(waiting.answer().await.status, 200);
        jonas.posts(&format!("{n} and a half")).await;
        kira.reads(2 * n).await;
    }
    let expected = ["1", "1 and a half", "2", "2 and a half", "3", "3 and a half", "4", "4 and a half", "5"];
    assert_eq!(kira.reads(10).await[..9], expected);
}

#[tokio::test]
async fn a_poll_that_the_client_drops_loses_no_change() {
    let server = TestServer::start().await;
    let mut jonas = server.join("Jonas").await.in_lobby().await;
    let mut kira = Tab::in_lobby(&server.join("Kira").await).await;
    for n in 1..=20 {
        let waiting = kira.begin_poll().await;
        if n % 2 == 0 {
            drop(waiting);
            jonas.posts(&n.to_string()).await;
        } else {
            jonas.posts(&n.to_string()).await;
            drop(waiting);
        }
        assert_eq!(kira.reads(n).await.last(), Some(&n.to_string().as_str()));
    }
    let seqs: Vec<u64> = kira.applied.iter().map(|(_, message)| message.seq.0).collect();
    assert_eq!(seqs, (1..=20).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_newer_poll_of_a_tab_ends_the_older_one_with_204() {
    let server = TestServer::start().await;
    let mut jonas = server.join("Jonas").await.in_lobby().await;
    let mut kira = Tab::in_lobby(&server.join("Kira").await).await;
    jonas.sees_present(LOBBY, &["Jonas", "Kira"]).await;
    kira.poll(NO_WAIT).await;
    let first = kira.begin_poll().await;
    let second = kira.begin_poll().await;
    assert_eq!(first.answer().await.status, 204);
    jonas.posts("for the second").await;
    kira.apply(&second.answer().await);
    assert_eq!(kira.reads(1).await, ["for the second"]);
}

#[tokio::test]
async fn two_tabs_of_a_member_get_the_same_changes() {
    let server = TestServer::start().await;
    let kira = server.join("Kira").await;
    let (mut one, mut other) = (Tab::in_lobby(&kira).await, Tab::in_lobby(&kira).await);
    one.posts("to both").await;
    assert_eq!((one.reads(1).await, other.reads(1).await), (vec!["to both"], vec!["to both"]));
}

#[tokio::test]
async fn a_polling_tab_joins_leaves_and_reads_rooms() {
    let server = TestServer::start().await;
    let kira = server.join("Kira").await;
    let tea = kira.creates("Tea").await.id;
    let mut tab = Tab::in_lobby(&kira).await;
    let mut elsewhere = server.join("Jonas").await.in_lobby().await;
    elsewhere.posts_to(tea, fresh_id(), "one").await.expect("an ack");

    let joined = tab.say(&ClientFrame::Join(Interest { room: tea, after: None })).await;
    let [ServerFrame::Page { room, epoch, page, .. }] = &joined[..] else { panic!("{joined:?}") };
    assert_eq!((*room, page.as_of), (tea, Seq(1)));
    tab.cursors.insert(tea, Some(Cursor { epoch: *epoch, seq: page.as_of }));
    elsewhere.posts_to(tea, fresh_id(), "two").await.expect("an ack");
    assert_eq!(tab.reads(1).await, ["two"]);

    let answer = tab.say(&ClientFrame::Query { room: tea, query: Query::Before(Seq(2)) }).await;
    let [ServerFrame::Answer { answer: Answer::Page(page), .. }] = &answer[..] else { panic!("{answer:?}") };
    assert_eq!(bodies(&page.messages), ["one"]);

    assert_eq!(tab.say(&ClientFrame::Leave { room: tea }).await, []);
    tab.cursors.remove(&tea);
    elsewhere.posts_to(tea, fresh_id(), "three").await.expect("an ack");
    elsewhere.posts("in the lobby").await;
    assert_eq!(tab.reads(2).await, ["two", "in the lobby"]);
}

#[tokio::test]
async fn a_valid_cursor_is_resumed_and_an_invalid_one_is_reset() {
    let server = TestServer::start().await;
    let kira = server.join("Kira").await;
    let mut old = Tab::in_lobby(&kira).await;
    old.posts("one").await;
    old.reads(1).await;
    let mut tab = Tab::of(&kira);
    tab.cursors.clone_from(&old.cursors);
    old.posts("two").await;

    let answer = tab.poll(LONG_WAIT).await;
    assert!(matches!(&answer[1], ServerFrame::Rows { messages, .. } if bodies(messages) == ["two"]), "{answer:?}");
    assert!(matches!(answer[2], ServerFrame::Resumed { to: Seq(2), .. }), "{answer:?}");
    assert_eq!(tab.reads(1).await, ["two"]);

    let cursor = tab.cursors[&LOBBY].expect("a cursor");
    tab.cursors.insert(LOBBY, Some(Cursor { seq: Seq(99), ..cursor }));
    let answer = tab.poll(LONG_WAIT).await;
    assert!(
        answer.iter().any(|frame| matches!(frame, ServerFrame::Page { reason: PageReason::Reset, .. })),
        "{answer:?}"
    );
}

#[tokio::test]
async fn a_repeated_post_gets_the_same_answer_on_every_transport() {
    let server = TestServer::start().await;
    let kira = server.join("Kira").await;
    let tab = Tab::in_lobby(&kira).await;
    let id = fresh_id();
    let once = post(LOBBY, id, "once");
    let first = tab.say(&once).await;
    assert_eq!(tab.say(&once).await, first);
    assert_eq!(kira.in_lobby().await.posts_to(LOBBY, id, "once").await, Ok(Seq(1)));
    let other = post(LOBBY, id, "another");
    assert_eq!(
        tab.say(&other).await,
        [ServerFrame::Refused { on: StreamId::Room(LOBBY), op: id.into(), refusal: Refusal::Conflict }]
    );
}

#[tokio::test]
async fn many_tabs_poll_and_post_over_one_connection_of_http_2() {
    let server = TestServer::start().await;
    let (kira, jonas) = (server.join("Kira").await, server.join("Jonas").await);
    let mut at_jonas = jonas.in_lobby().await;
    let connection = Http2::connect(&kira).await;
    let mut tabs: Vec<Tab> = (0..5).map(|_| Tab::of(&kira)).collect();
    for tab in &mut tabs {
        tab.apply(&connection.post(&tab.poll_path(NO_WAIT), &server.origin(), tab.hello()).await);
    }
    at_jonas.sees_present(LOBBY, &["Jonas", "Kira"]).await;

    let reading = tabs.into_iter().map(|mut tab| {
        let (connection, origin) = (connection.clone(), server.origin());
        async move {
            while tab.applied.len() < 2 {
                let answer = connection.post(&tab.poll_path(LONG_WAIT), &origin, tab.hello()).await;
                tab.apply(&answer);
            }
            tab
        }
    });
    let speaking = async {
        at_jonas.posts("over a socket").await;
        let tab = Tab::in_lobby(&kira).await;
        let id = fresh_id();
        let post = post(LOBBY, id, "over HTTP/2");
        let path = format!("/say?tab={}", tab.id);
        let answer = connection.post(&path, &server.origin(), codec::encode_client(&post)).await;
        assert!(matches!(frames(&answer)[..], [ServerFrame::Ack { seq: Seq(2), .. }]), "{answer:?}");
    };
    let (tabs, ()) = tokio::join!(futures_util::future::join_all(reading), speaking);
    for mut tab in tabs {
        assert_eq!(tab.reads(2).await, ["over a socket", "over HTTP/2"]);
    }

    let foreign = connection.post(&Tab::of(&kira).poll_path(NO_WAIT), "http://evil.example", "{}".to_owned()).await;
    assert_eq!(foreign.status, 403);
}

/// Polls until `n` messages have come. Each third response is lost, and the tab polls again from its cursors.
async fn reads_over_a_bad_network(mut tab: Tab, wait: u64, n: usize) -> Vec<(RoomId, Message)> {
    for n_asked in 1_u64.. {
        let answer = tab.poll_request(wait).send().await;
        if n_asked % 3 != 0 {
            tab.apply(&answer);
        }
        if tab.applied.len() >= n {
            break;
        }
    }
    tab.applied
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_of_every_transport_read_the_same_messages() {
    const EACH: usize = 30;
    let server = TestServer::start_with(&["--posts-per-minute", "0"]).await;
    let (kira, jonas, mio) = (server.join("Kira").await, server.join("Jonas").await, server.join("Mio").await);
    let (at_kira, at_jonas, mut at_mio) =
        (Tab::in_lobby(&kira).await, Tab::in_lobby(&jonas).await, mio.in_lobby().await);

    let speaks = |tab: Tab, name: &'static str| async move {
        for n in 0..EACH {
            tab.posts(&format!("{name} {n}")).await;
        }
    };
    let socket = async {
        at_mio.posts_all((0..EACH).map(|n| format!("Mio {n}"))).await;
        at_mio.changes(LOBBY, 3 * EACH).await
    };
    let ((), (), at_mio, at_kira, at_jonas) = tokio::join!(
        speaks(at_kira.clone(), "Kira"),
        speaks(at_jonas.clone(), "Jonas"),
        socket,
        reads_over_a_bad_network(at_kira, LONG_WAIT, 3 * EACH),
        reads_over_a_bad_network(at_jonas, NO_WAIT, 3 * EACH),
    );

    let seqs: Vec<u64> = at_mio.iter().map(|change| change.seq.0).collect();
    assert_eq!(seqs, (1..=3 * EACH as u64).collect::<Vec<_>>());
    let expected: Vec<(RoomId, Message)> =
        at_mio.iter().filter_map(Message::added_by).map(|message| (LOBBY, message)).collect();
    assert_eq!(at_kira, expected);
    assert_eq!(at_jonas, expected);
    for name in ["Kira", "Jonas", "Mio"] {
        let said: Vec<&str> = expected.iter().filter(|(_, message)| message.by.name == name).map(body).collect();
        assert_eq!(said, (0..EACH).map(|n| format!("{name} {n}")).collect::<Vec<_>>(), "in the order said");
    }
}

fn body((_, message): &(RoomId, Message)) -> &str {
    &message.body
}
