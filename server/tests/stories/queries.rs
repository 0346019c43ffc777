//! Queries over WebSockets: pages in both directions and around a message, messages by id, replies, who reacted, and the
//! earlier texts.

use hubbub_protocol::{Answer, MessageId, Operation, OwnReactions, Query, Reactors, Refusal, Seq};

use crate::support::server::TestServer;
use crate::support::socket::Socket;
use crate::support::{LOBBY, bodies, fresh_id, ids, seqs};

/// Posts "1" to "n" in the lobby, and returns their ids.
async fn posts(socket: &mut Socket, n: u64) -> Vec<MessageId> {
    let mut posted = Vec::new();
    for n in 1..=n {
        let id = fresh_id();
        socket.say(&crate::support::post(LOBBY, id, &n.to_string())).await;
        posted.push(id);
    }
    for id in &posted {
        socket.outcome(*id).await.expect("an ack");
    }
    posted
}

async fn lobby_with_posts(n: u64) -> (TestServer, Socket, Vec<MessageId>) {
    let server = TestServer::start_with(&["--posts-per-minute", "0", "--reads-per-minute", "0"]).await;
    let mut kira = server.join("Kira").await.in_lobby().await;
    let posted = posts(&mut kira, n).await;
    (server, kira, posted)
}

#[tokio::test]
async fn pages_lead_through_the_room_in_both_directions() {
    let (_server, mut kira, posted) = lobby_with_posts(120).await;
    let older = kira.page(LOBBY, Query::Before(Seq(71))).await;
    assert_eq!((seqs(&older.messages), older.older, older.newer), ((21..=70).collect(), true, true));
    let newer = kira.page(LOBBY, Query::After(Seq(70))).await;
    assert_eq!((seqs(&newer.messages), newer.older, newer.newer), ((71..=120).collect(), true, false));
    let around = kira.page(LOBBY, Query::Around(posted[59])).await;
    assert_eq!((seqs(&around.messages), around.older, around.newer), ((35..=84).collect(), true, true));
    assert_eq!(around.as_of, Seq(120));
}

#[tokio::test]
async fn messages_are_read_by_id_with_what_they_quote_and_own_reactions() {
    let (server, mut kira, posted) = lobby_with_posts(5).await;
    let mut jonas = server.join("Jonas").await.in_lobby().await;
    let reply = Operation::Post { body: "an answer".to_owned(), reply_to: Some(posted[0]) };
    let answer = fresh_id();
    jonas.operates_as(LOBBY, answer, reply).await.expect("an ack");
    let react = Operation::React { message: posted[2], emoji: "🎉".to_owned(), on: true };
    jonas.operates(react).await.expect("an ack");

    let wanted = vec![answer, posted[2], fresh_id()];
    let page = jonas.page(LOBBY, Query::Messages(wanted.clone())).await;
    assert_eq!((ids(&page.messages), ids(&page.quoted)), (vec![posted[2], answer], vec![posted[0]]));
    assert_eq!(page.mine, [OwnReactions { message: posted[2], emoji: vec!["🎉".to_owned()] }]);
    assert_eq!(kira.page(LOBBY, Query::Messages(wanted)).await.mine, []);
    let too_many = Query::Messages(vec![posted[0]; 51]);
    assert_eq!(kira.asks(LOBBY, too_many).await, Answer::Refused(Refusal::BadFrame));
}

#[tokio::test]
async fn replies_are_read_page_by_page_and_stay_when_the_parent_is_deleted() {
    let (_server, mut kira, posted) = lobby_with_posts(1).await;
    for n in 0..60 {
        let reply = Operation::Post { body: format!("answer {n}"), reply_to: Some(posted[0]) };
        kira.operates(reply).await.expect("an ack");
    }
    kira.operates(Operation::Delete { message: posted[0] }).await.expect("an ack");
    let first = kira.page(LOBBY, Query::Replies { to: posted[0], after: Seq(0) }).await;
    assert!(first.messages[0].is_deleted() && first.messages[0].replies == 60 && first.newer);
    let last = first.messages.last().expect("a page").seq;
    let second = kira.page(LOBBY, Query::Replies { to: posted[0], after: last }).await;
    let all: Vec<&str> = bodies(&first.messages).into_iter().skip(1).chain(bodies(&second.messages)).collect();
    assert_eq!(all, (0..60).map(|n| format!("answer {n}")).collect::<Vec<_>>());
    assert!(!second.newer);
}

#[tokio::test]
async fn who_reacted_is_told_in_the_order_of_the_reactions() {
    let (server, mut kira, posted) = lobby_with_posts(1).await;
    let mut jonas = server.join("Jonas").await.in_lobby().await;
    let react = |emoji: &str| Operation::React { message: posted[0], emoji: emoji.to_owned(), on: true };
    jonas.operates(react("🎉")).await.expect("an ack");
    kira.operates(react("👍")).await.expect("an ack");
    kira.operates(react("🎉")).await.expect("an ack");
    let Answer::Reactions(reactors) = kira.asks(LOBBY, Query::Reactions(posted[0])).await else { panic!("reactors") };
    let names = |reactors: &Reactors| -> (String, Vec<String>) {
        (reactors.emoji.clone(), reactors.by.iter().map(|member| member.name.clone()).collect())
    };
    let told: Vec<_> = reactors.iter().map(names).collect();
    let expected = [("🎉", vec!["Jonas", "Kira"]), ("👍", vec!["Kira"])];
    let expected =
        expected.map(|(emoji, names)| (emoji.to_owned(), names.into_iter().map(str::to_owned).collect::<Vec<_>>()));
    assert_eq!(told, expected);
    assert_eq!(kira.asks(LOBBY, Query::Reactions(fresh_id())).await, Answer::Reactions(vec![]));
}

#[tokio::test]
async fn only_the_author_reads_the_earlier_texts_and_nobody_those_of_a_deleted_message() {
    let (server, mut kira, posted) = lobby_with_posts(1).await;
    let mut jonas = server.join("Jonas").await.in_lobby().await;
    for body in ["first", "second"] {
        kira.operates(Operation::Edit { message: posted[0], body: body.to_owned() }).await.expect("an ack");
    }
    let query = Query::Revisions(posted[0]);
    let Answer::Revisions(revisions) = kira.asks(LOBBY, query.clone()).await else { panic!("revisions") };
    assert_eq!(revisions.iter().map(|revision| revision.body.as_str()).collect::<Vec<_>>(), ["1", "first"]);
    assert_eq!(jonas.asks(LOBBY, query.clone()).await, Answer::Refused(Refusal::NotYours));
    let nowhere = Query::Revisions(fresh_id());
    assert_eq!(kira.asks(LOBBY, nowhere).await, Answer::Refused(Refusal::NoSuchMessage));
    kira.operates(Operation::Delete { message: posted[0] }).await.expect("an ack");
    assert_eq!(kira.asks(LOBBY, query).await, Answer::Revisions(vec![]));
}

#[tokio::test]
async fn an_unknown_query_is_refused_for_that_query_only() {
    let (_server, mut kira, posted) = lobby_with_posts(1).await;
    kira.say_text(r#"{"query":{"room":1,"query":{"horoscope":{"of":"Kira"}}}}"#).await;
    let answer = Answer::Refused(Refusal::UnknownType);
    kira.find("a refusal", |frame| match frame {
        hubbub_protocol::ServerFrame::Answer { room: LOBBY, answer: told, .. } => (*told == answer).then_some(()),
        _ => None,
    })
    .await;
    let nowhere = Query::Around(fresh_id());
    assert_eq!(kira.asks(LOBBY, nowhere).await, Answer::Refused(Refusal::NoSuchMessage));
    assert_eq!(ids(&kira.page(LOBBY, Query::Around(posted[0])).await.messages), posted);
}
