//! WebSocket, long polling, polling and the HTML stream: after a mix of operations, all show the same messages.

use hubbub_protocol::{Message, Operation, Seq};

use crate::support::server::TestServer;
use crate::support::streamed_page::StreamedPage;
use crate::support::tab::{LONG_WAIT, NO_WAIT, Tab};
use crate::support::{LOBBY, fresh_id};

const LIVE: &str = "/rooms/lobby/live";

fn in_order(tab: &Tab) -> Vec<Message> {
    let mut messages: Vec<Message> = tab.applied.iter().map(|(_, message)| message.clone()).collect();
    messages.sort_by_key(|message| message.seq);
    messages
}

#[tokio::test]
async fn all_transports_show_the_same_messages_after_a_mix_of_operations() {
    let server = TestServer::start().await;
    let (kira, jonas, mio) = (server.join("Kira").await, server.join("Jonas").await, server.join("Mio").await);
    let mut at_kira = kira.in_lobby().await;
    let (mut waits, mut asks) = (Tab::in_lobby(&jonas).await, Tab::in_lobby(&mio).await);

    let (first, second, third) = (fresh_id(), fresh_id(), fresh_id());
    for (id, body) in [(first, "one"), (second, "two"), (third, "three")] {
        at_kira.posts_to(LOBBY, id, body).await.expect("an ack");
    }
    waits.poll(LONG_WAIT).await;
    at_kira.operates(Operation::Edit { message: first, body: "ONE".to_owned() }).await.expect("an ack");
    waits.operates(Operation::React { message: first, emoji: "🎉".to_owned(), on: true }).await;
    at_kira.operates(Operation::Delete { message: second }).await.expect("an ack");
    asks.operates(Operation::Post { body: "four".to_owned(), reply_to: Some(third) }).await;
    let last = waits.operates(Operation::Pin { message: third, on: true }).await;
    assert!(matches!(last, hubbub_protocol::ServerFrame::Ack { seq: Seq(8), .. }), "{last:?}");

    let mut over_socket: Vec<Message> = Vec::new();
    for change in at_kira.changes(LOBBY, 8).await {
        for message in &mut over_socket {
            message.apply(&change);
        }
        over_socket.extend(Message::added_by(&change));
    }
    for (tab, wait) in [(&mut waits, LONG_WAIT), (&mut asks, NO_WAIT)] {
        while tab.cursors[&LOBBY].is_some_and(|cursor| cursor.seq < Seq(8)) {
            tab.poll(wait).await;
        }
        assert_eq!(in_order(tab), over_socket);
    }
    let page = server.join("Newcomer").await.in_lobby().await.older(LOBBY, 9).await;
    assert_eq!(page, over_socket, "and so does a page");

    let mut live = StreamedPage::open(&kira, LIVE).await;
    live.shows("four").await;
    let text = live.text_so_far(&server).await.to_owned();
    assert!(text.contains("ONE") && text.contains("three"), "{text}");
    assert!(!text.contains(">one<") && !text.contains(">two<"), "{text}");
}

#[tokio::test]
async fn an_operation_over_plain_http_reaches_a_websocket_and_the_other_way_round() {
    let server = TestServer::start().await;
    let (kira, jonas) = (server.join("Kira").await, server.join("Jonas").await);
    let (mut at_kira, mut at_jonas) = (kira.in_lobby().await, Tab::in_lobby(&jonas).await);
    let posted = fresh_id();
    at_kira.posts_to(LOBBY, posted, "Hi").await.expect("an ack");
    at_jonas.reads(1).await;
    at_jonas.operates(Operation::React { message: posted, emoji: "🎉".to_owned(), on: true }).await;
    assert_eq!(at_kira.changes(LOBBY, 2).await[1].by.name, "Jonas");
    at_kira.operates(Operation::Edit { message: posted, body: "Hello".to_owned() }).await.expect("an ack");
    while in_order(&at_jonas)[0].body != "Hello" {
        at_jonas.poll(LONG_WAIT).await;
    }
    assert_eq!(in_order(&at_jonas)[0].reactions.len(), 1);
}
