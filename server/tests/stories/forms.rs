//! The forms of pages, which work before and without script.

use hubbub_protocol::{Refusal, Seq};

use crate::support::http::HttpResponse;
use crate::support::person::Person;
use crate::support::server::TestServer;
use crate::support::{LOBBY, bodies, fresh_id};

#[tokio::test]
async fn a_message_from_a_form_reaches_the_sockets_and_is_stored_once_if_sent_twice() {
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
    assert_eq!(bodies(&jonas.changes(LOBBY, 2).await), ["Hi\nhumans!", "Hi Kira!"]);
}

#[tokio::test]
async fn a_refused_message_is_answered_with_the_page_and_not_stored() {
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
async fn a_visitor_without_a_name_is_sent_to_give_one_and_then_to_the_wanted_room() {
    let server = TestServer::start().await;
    let posted = server.post("/rooms/lobby/messages", &[("body", "Hi?")]).send().await;
    assert_eq!((posted.status, posted.header("location")), (303, "/?room=lobby"));
    let created = server.post("/rooms", &[("name", "Tea")]).send().await;
    assert_eq!((created.status, created.header("location")), (303, "/"));

    let joined = server.post("/session", &[("name", "Kira"), ("room", "お茶")]).send().await;
    assert_eq!((joined.status, joined.header("location")), (303, "/rooms/%E3%81%8A%E8%8C%B6"));
}

/// Guards against an open redirect: the address to go on to is a path of this site, whatever the form contains.
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
async fn a_form_that_is_not_utf8_is_refused_where_the_person_looks_and_keeps_its_other_fields() {
    let server = TestServer::start().await;
    let kira = server.join("Kira").await;
    for (path, body, shown) in [
        ("/rooms/lobby/messages", "body=Hi+%FF", "Hi \u{FFFD}"),
        ("/rooms", "name=Tea%C3&topic=All+about+tea", "All about tea"),
        ("/new-room", "name=Tea&topic=%ED%A0%80", r#"value="Tea""#),
        ("/session", "name=Jon%FFas&room=lobby", "Jon\u{FFFD}as"),
    ] {
        let answer = send_form(&kira, path, body).await;
        assert_eq!((answer.status, answer.cookie()), (422, None), "{path}");
        for text in ["That has characters that can't be shown.", shown] {
            assert!(answer.body.contains(text), "{path} lacks {text}: {}", answer.body);
        }
    }
    assert_eq!(kira.rooms().await.len(), 1);
    assert_eq!(kira.in_lobby().await.posts("first").await, Seq(1));
}

#[tokio::test]
async fn a_form_of_another_shape_or_size_is_refused_with_a_reason_and_nothing_is_done() {
    let server = TestServer::start().await;
    let kira = server.join("Kira").await;
    for path in ["/rooms/lobby/messages", "/rooms", "/new-room", "/session"] {
        let no_form = kira.post(path, &[("body", "x"), ("name", "x")]).header("content-type", "application/json");
        let twice = send_form(&kira, path, "name=Jonas&topic=&body=x&name=Mio&topic=&body=y").await;
        let huge = kira.post(path, &[("body", &"x".repeat(70_000))]).send().await;
        for (answer, status, reason) in [
            (no_form.send().await, 415, Refusal::BadFrame.to_string()),
            (twice, 400, Refusal::BadFrame.to_string()),
            (huge, 413, "That is too long:".to_owned()),
        ] {
            assert_eq!((answer.status, answer.cookie()), (status, None), "{path}");
            assert!(answer.header("content-type").starts_with("text/html"), "{path}: {answer:?}");
            assert!(answer.body.contains(&reason), "{path} lacks {reason}: {}", answer.body);
        }
    }
    let nothing = send_form(&kira, "/rooms/lobby/messages", "").await;
    assert_eq!((nothing.status, nothing.body.contains("Write something first.")), (422, true));
    assert_eq!(kira.rooms().await.len(), 1);
    assert_eq!(kira.in_lobby().await.posts("first").await, Seq(1));
}

/// Sends the bytes of a form as they are.
async fn send_form(person: &Person, path: &str, body: &str) -> HttpResponse {
    let request = person.post(path, &[]).text(body);
    request.header("content-type", "application/x-www-form-urlencoded").send().await
}
