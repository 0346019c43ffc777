//! The forms of a page, which work before and without any script.

use hubbub_protocol::Seq;

use crate::support::server::TestServer;
use crate::support::{LOBBY, bodies, fresh_id};

#[tokio::test]
async fn a_message_from_a_form_reaches_the_sockets_and_sent_twice_it_is_one() {
    let server = TestServer::start().await;
    let kira = server.join("Kira").await;
    let mut jonas = server.join("Jonas").await.in_lobby().await;
    let id = fresh_id().to_string();
    for _ in 0..2 {
        let fields = [("body", "Hi\r\nhumans!"), ("id", &*id)];
        let answer = kira.post("/rooms/lobby/messages", &fields).send().await;
        assert_eq!((answer.status, answer.header("location")), (303, "/rooms/lobby"));
    }
    assert_eq!(jonas.posts("Hi Kira!").await, Seq(2));
    assert_eq!(bodies(&jonas.events(LOBBY, 2).await), ["Hi\nhumans!", "Hi Kira!"]);
}

#[tokio::test]
async fn a_refused_message_answers_the_page_again_and_stores_nothing() {
    let server = TestServer::start().await;
    let kira = server.join("Kira").await;
    let id = fresh_id().to_string();
    kira.post("/rooms/lobby/messages", &[("body", "first"), ("id", &id)]).send().await;
    let too_long = "a".repeat(4_001);
    for (body, id) in [("  ", None), (&*too_long, None), ("ding\u{7}", None), ("other content", Some(&*id))] {
        let fields: Vec<_> = [("body", body)].into_iter().chain(id.map(|id| ("id", id))).collect();
        let answer = kira.post("/rooms/lobby/messages", &fields).send().await;
        assert_eq!(answer.status, 422, "{body:.20}");
        assert!(answer.header("content-type").starts_with("text/html"), "{answer:?}");
    }
    assert_eq!(kira.in_lobby().await.posts("second").await, Seq(2));
}

#[tokio::test]
async fn a_message_for_a_room_that_does_not_exist_is_stored_nowhere() {
    let server = TestServer::start().await;
    let kira = server.join("Kira").await;
    let answer = kira.post("/rooms/nowhere/messages", &[("body", "Hi?")]).send().await;
    assert!((400..500).contains(&answer.status), "{answer:?}");
    assert_eq!(kira.in_lobby().await.posts("first").await, Seq(1));
}

#[tokio::test]
async fn a_message_without_an_id_is_stored_and_one_with_an_id_in_another_form_is_refused() {
    let server = TestServer::start().await;
    let kira = server.join("Kira").await;
    let no_id = kira.post("/rooms/lobby/messages", &[("body", "first")]).send().await;
    assert_eq!(no_id.status, 303);
    let id = fresh_id().to_string();
    for id in [&*id.to_uppercase(), &*id.replace('-', ""), &*format!("{{{id}}}"), "no uuid"] {
        let answer = kira.post("/rooms/lobby/messages", &[("body", "refused"), ("id", id)]).send().await;
        assert_eq!(answer.status, 400, "{id}");
    }
    assert_eq!(kira.in_lobby().await.posts("second").await, Seq(2));
}

#[tokio::test]
async fn whoever_has_no_name_yet_is_led_to_give_one_and_then_to_the_room_they_wanted() {
    let server = TestServer::start().await;
    let posted = server.post("/rooms/lobby/messages", &[("body", "Hi?")]).send().await;
    assert_eq!((posted.status, posted.header("location")), (303, "/?room=lobby"));
    let created = server.post("/rooms", &[("name", "Tea")]).send().await;
    assert_eq!((created.status, created.header("location")), (303, "/"));

    let joined = server.post("/session", &[("name", "Kira"), ("room", "お茶")]).send().await;
    assert_eq!((joined.status, joined.header("location")), (303, "/rooms/%E3%81%8A%E8%8C%B6"));
}

/// Guards against an open redirect: where one goes on is a path of ours, whatever the form says.
#[tokio::test]
async fn a_form_can_not_send_anyone_to_another_site() {
    let server = TestServer::start().await;
    for (name, room) in
        [("Kira", "//evil.example"), ("Jonas", "https://evil.example"), ("Mio", "../..//evil.example\r\nx: y")]
    {
        let answer = server.post("/session", &[("name", name), ("room", room)]).send().await;
        let location = answer.header("location");
        assert!(location.starts_with("/rooms/") && !location[7..].contains('/'), "{location}");
        assert_eq!(answer.header("x"), "");
    }
}

#[tokio::test]
async fn a_form_of_another_shape_or_size_is_refused_and_nothing_is_done() {
    let server = TestServer::start().await;
    let kira = server.join("Kira").await;
    let not_a_form = kira.post("/rooms/lobby/messages", &[("body", "x")]).header("content-type", "application/json");
    assert_eq!(not_a_form.send().await.status, 415);
    let huge = kira.post("/rooms/lobby/messages", &[("body", &"x".repeat(70_000))]).send().await;
    assert_eq!(huge.status, 413);
    assert_eq!(kira.in_lobby().await.posts("first").await, Seq(1));
}
