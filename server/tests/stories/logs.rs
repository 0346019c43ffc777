//! The server's log never has the bodies of messages, names, or session tokens, at any level.

use std::time::Duration;

use hubbub_protocol::{ClientFrame, Operation, Query, Refusal};

use crate::support::binary::Binary;
use crate::support::{LOBBY, fresh_id};

const NAME: &str = "Planted Name";
const BODY: &str = "planted body";
const ROOM: &str = "planted room";

async fn log_at(level: &str, format: &str) -> (String, String) {
    let data = tempfile::tempdir().expect("a folder");
    let server = Binary::start(data.path(), &["--log", level, "--log-format", format, "--posts-per-minute", "4"]).await;
    let planted = server.join(NAME).await;
    server.ask_to_join(NAME).await;
    planted.creates(ROOM).await;
    planted.get("/").send().await;
    planted.get("/rooms/lobby").send().await;
    let mut socket = planted.in_lobby().await;
    socket.posts(BODY).await;
    let id = fresh_id();
    socket.posts_to(LOBBY, id, BODY).await.expect("an ack");
    assert_eq!(socket.posts_to(LOBBY, id, &format!("{BODY} again")).await, Err(Refusal::Conflict));
    assert!(matches!(socket.posts_to(LOBBY, fresh_id(), BODY).await, Err(Refusal::RateLimited { .. })));
    let edit = Operation::Edit { message: id, body: format!("{BODY}, edited") };
    socket.operates(edit).await.expect("an ack");
    socket.asks(LOBBY, Query::Revisions(id)).await;
    socket.operates(Operation::Delete { message: id }).await.expect("an ack");
    let describe = Operation::Describe { name: ROOM.to_owned(), topic: BODY.to_owned() };
    assert_eq!(socket.operates(describe).await, Err(Refusal::NotYours));
    socket.say_text(BODY).await;
    socket.error().await;
    socket.say(&ClientFrame::Typing { room: LOBBY }).await;
    planted.post("/rooms/lobby/messages", &[("body", BODY), ("id", BODY)]).send().await;
    let token = planted.token().to_owned();
    planted.leaves().await;
    socket.ended().await;
    server.terminate();
    let ended = tokio::time::timeout(Duration::from_secs(30), server.ended()).await.expect("it ends");
    (token, ended.1.join("\n"))
}

#[tokio::test]
async fn the_log_has_no_body_no_token_and_no_name_at_any_level() {
    for (level, format) in [("info", "text"), ("debug", "json"), ("trace", "text")] {
        let (token, log) = log_at(level, format).await;
        assert!(log.contains("open http://"), "something is logged");
        for (what, planted) in [("body", BODY), ("token", &*token), ("name", NAME), ("room", ROOM)] {
            let line = log.lines().find(|line| line.contains(planted));
            assert_eq!(line, None, "a {what} at {level}");
        }
    }
}
