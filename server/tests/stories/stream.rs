//! The room of a browser without script: a page that never ends, each message written as it comes, and pages of the
//! past.

use std::time::{Duration, Instant};

use hubbub_protocol::Seq;

use crate::support::LOBBY;
use crate::support::markup::Markup;
use crate::support::server::TestServer;

const LIVE: &str = "/rooms/lobby/live";

#[tokio::test]
async fn a_message_appears_in_a_page_that_goes_on() {
    let server = TestServer::start().await;
    let (kira, jonas) = (server.join("Kira").await, server.join("Jonas").await);
    let mut at_kira = kira.in_lobby().await;
    at_kira.sees_present(LOBBY, &["Kira"]).await;
    at_kira.posts("before").await;

    let mut page = Markup::open(&jonas, LIVE).await;
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    page.shows(r#"data-seq="1""#).await;
    at_kira.sees_present(LOBBY, &["Jonas", "Kira"]).await;
    at_kira.posts("after").await;
    page.shows(r#"data-seq="2""#).await;
    jonas.post("/rooms/lobby/messages", &[("body", "by the form")]).send().await;
    page.shows("by the form").await;

    assert_eq!(page.bodies(), ["before", "after", "by the form"]);
    let heads = page.text.matches("message-head").count();
    assert_eq!(heads, 2, "Kira's second message belongs to her first: {}", page.text);
    drop(page);
    at_kira.sees_present(LOBBY, &["Kira"]).await;
}

#[tokio::test]
async fn no_proxy_is_to_hold_it_back_and_nothing_packs_it() {
    let server = TestServer::start().await;
    let kira = server.join("Kira").await;
    let request = kira.get(LIVE).header("accept-encoding", "br, gzip");
    let page = Markup::of(request).await;
    assert_eq!(page.header("x-accel-buffering"), "no");
    assert_eq!(page.header("cache-control"), "no-store, no-transform");
    assert_eq!((page.header("content-encoding"), page.header("content-length")), ("", ""));
}

/// CHECKS 23 and 24.
#[tokio::test]
async fn only_a_page_of_ours_may_frame_it_and_nothing_in_it_runs() {
    let server = TestServer::start().await;
    let kira = server.join("Kira").await;
    for path in [LIVE, "/rooms/lobby/messages", "/rooms/nowhere/live"] {
        let page = Markup::of(kira.get(path)).await;
        let policy = page.header("content-security-policy");
        assert!(policy.contains("frame-ancestors 'self'"), "{path}: {policy}");
        assert!(policy.contains("default-src 'none'") && !policy.contains("script-src"), "{path}: {policy}");
        assert_eq!(page.header("x-frame-options"), "SAMEORIGIN", "{path}");
    }
    let room = kira.get("/rooms/lobby").send().await;
    assert!(room.header("content-security-policy").contains("frame-src 'self'"));
    assert!(room.header("content-security-policy").contains("frame-ancestors 'none'"));
}

#[tokio::test]
async fn what_a_person_wrote_is_never_markup_in_it() {
    let server = TestServer::start().await;
    let eve = server.join("<b>Eve</b>").await;
    let mut page = Markup::open(&eve, LIVE).await;
    for body in ["</div><script>alert(1)</script>", "<!-- <meta http-equiv=refresh content=0>", "<hr>&amp;"] {
        eve.in_lobby().await.posts(body).await;
    }
    page.shows("amp;amp;").await;
    for text in ["<script", "<b>Eve", "<!-- <meta", "<hr>"] {
        assert!(!page.text.contains(text), "{text} is markup in {}", page.text);
    }
    assert!(page.text.contains("&lt;script&gt;alert(1)"), "{}", page.text);
}

#[tokio::test]
async fn a_silent_room_is_kept_open_by_a_comment_every_15_seconds() {
    let server = TestServer::start().await;
    let kira = server.join("Kira").await;
    let mut page = Markup::open(&kira, LIVE).await;
    page.shows("This is the beginning").await;
    // From here on the clock moves on by itself whenever everyone waits.
    tokio::time::pause();
    let since = tokio::time::Instant::now();
    page.shows("<!-- still here -->\n<!-- still here -->").await;
    let passed = since.elapsed();
    assert!((Duration::from_secs(29)..Duration::from_secs(31)).contains(&passed), "two of them in {passed:?}");
}

#[tokio::test]
async fn who_leaves_is_told_so_and_the_page_ends() {
    let server = TestServer::start().await;
    let kira = server.join("Kira").await;
    let mut page = Markup::open(&kira, LIVE).await;
    page.shows("This is the beginning").await;
    kira.leaves().await;
    page.ended().await;
    assert!(page.text.contains("You are signed out."), "{}", page.text);
    let again = kira.get(LIVE).send().await;
    assert_eq!(again.status, 401);
    assert!(again.body.contains(r#"target="_top""#) && again.header("refresh").is_empty(), "{again:?}");
}

#[tokio::test]
async fn a_server_that_stops_says_so_and_ends_every_page() {
    let mut server = TestServer::start().await;
    let kira = server.join("Kira").await;
    let mut page = Markup::open(&kira, LIVE).await;
    page.shows("This is the beginning").await;
    let since = Instant::now();
    server.tell_to_stop();
    page.ended().await;
    assert!(page.text.contains("The server is restarting."), "{}", page.text);
    server.stopped().await.1.expect("it was told to stop");
    assert!(since.elapsed() < Duration::from_secs(5), "it took {:?}", since.elapsed());
}

#[tokio::test]
async fn a_page_that_was_cut_is_asked_for_again_from_where_it_began_and_nothing_is_missing() {
    let server = TestServer::start_with(&["--posts-per-minute", "0"]).await;
    let kira = server.join("Kira").await;
    let mut at_kira = kira.in_lobby().await;
    at_kira.posts_all((1..=60).map(|n| format!("Message {n}"))).await;
    let mut page = Markup::open(&kira, LIVE).await;
    page.shows("Message 60").await;
    let (after_s, again) = page.refresh();
    assert!((1..=10).contains(&after_s), "{after_s} s");
    drop(page);
    at_kira.posts_all((61..=200).map(|n| format!("Message {n}"))).await;

    let mut page = Markup::open(&kira, &again).await;
    page.shows("Message 200").await;
    assert_eq!(page.bodies(), (11..=200).map(|n| format!("Message {n}")).collect::<Vec<_>>());
    assert_eq!(page.refresh().1, again);
    assert!(page.text.contains("/rooms/lobby/messages?before=11"), "and the way to what is older");
}

#[tokio::test]
async fn who_was_away_for_too_long_is_told_and_led_to_what_came_meanwhile() {
    let server = TestServer::start_with(&["--posts-per-minute", "0"]).await;
    let kira = server.join("Kira").await;
    kira.in_lobby().await.posts_all((1..=502).map(|n| format!("Message {n}"))).await;
    let epoch = server.store.epoch().0;
    let mut page = Markup::open(&kira, &format!("{LIVE}?epoch={epoch}&after=1")).await;
    page.shows("Message 502").await;
    assert!(page.text.contains("More came meanwhile"), "{}", page.text);
    assert!(page.text.contains("/rooms/lobby/messages?before=453"), "{}", page.text);
    let mut elsewhere = Markup::open(&kira, &format!("{LIVE}?epoch={}&after=502", epoch + 1)).await;
    elsewhere.shows("Message 502").await;
}

#[tokio::test]
async fn a_page_of_500_messages_ends_and_is_asked_for_anew_at_once() {
    let server = TestServer::start_with(&["--posts-per-minute", "0"]).await;
    let kira = server.join("Kira").await;
    let mut page = Markup::open(&kira, LIVE).await;
    page.shows("This is the beginning").await;
    let mut socket = kira.in_lobby().await;
    for _ in 0..10 {
        socket.posts_all((0..50).map(|_| "more".to_owned())).await;
    }
    page.ended().await;
    assert!(page.text.ends_with(r#"<meta http-equiv="refresh" content="0;url=/rooms/lobby/live">"#), "{}", page.text);
    assert_eq!(page.bodies().len(), 500);
}

#[tokio::test]
async fn the_past_is_read_page_by_page_and_back() {
    let server = TestServer::start_with(&["--posts-per-minute", "0"]).await;
    let kira = server.join("Kira").await;
    kira.in_lobby().await.posts_all((1..=120).map(|n| format!("Message {n}"))).await;
    let mut page = Markup::open(&kira, LIVE).await;
    page.shows("Message 120").await;
    let older = page.link("Older messages").expect("a way to older ones");
    let mut page = Markup::whole(&kira, &older).await;
    assert_eq!(page.bodies(), (21..=70).map(|n| format!("Message {n}")).collect::<Vec<_>>());
    let newer = page.link("Newer messages").expect("a way back");
    page = Markup::whole(&kira, &page.link("Older messages").expect("a way to older ones")).await;
    assert_eq!(page.bodies(), (1..=20).map(|n| format!("Message {n}")).collect::<Vec<_>>());
    assert_eq!(page.link("Older messages"), None);
    assert!(page.text.contains("This is the beginning of Lobby."));
    page = Markup::whole(&kira, &newer).await;
    assert_eq!(page.bodies().last().map(String::as_str), Some("Message 120"));
    assert_eq!(page.link("To the newest").as_deref(), Some(LIVE));
}

#[tokio::test]
async fn a_page_that_goes_on_counts_as_a_connection_and_is_refused_in_words() {
    let server = TestServer::start_with(&["--sockets-per-person", "1"]).await;
    let (kira, jonas) = (server.join("Kira").await, server.join("Jonas").await);
    let mut watching = jonas.in_lobby().await;
    watching.sees_present(LOBBY, &["Jonas"]).await;
    let mut held = Markup::open(&kira, LIVE).await;
    held.shows("This is the beginning").await;
    assert_eq!(kira.try_open(&[]).await.err(), Some(429));
    let refused = kira.get(LIVE).send().await;
    assert_eq!(refused.status, 429);
    assert_eq!(refused.header("refresh"), "15;url=/rooms/lobby/live", "it is tried again");
    watching.sees_present(LOBBY, &["Jonas", "Kira"]).await;
    drop(held);
    watching.sees_present(LOBBY, &["Jonas"]).await;
    assert!(kira.try_open(&[]).await.is_ok());

    assert_eq!(server.get(LIVE).send().await.status, 401);
    assert_eq!(kira.get("/rooms/nowhere/live").send().await.status, 404);
    assert_eq!(kira.get("/rooms/nowhere/messages").send().await.status, 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_takes_no_bytes_holds_nobody_up_and_is_given_up() {
    let server = TestServer::start_with(&["--posts-per-minute", "0"]).await;
    let (kira, jonas) = (server.join("Kira").await, server.join("Jonas").await);
    let mut kira = kira.in_lobby().await;
    kira.sees_present(LOBBY, &["Kira"]).await;
    let stuck = Markup::open(&jonas, LIVE).await;
    kira.sees_present(LOBBY, &["Jonas", "Kira"]).await;
    for _ in 0..20 {
        kira.posts_all((0..20).map(|_| "😀".repeat(4_000))).await;
    }
    kira.sees_present(LOBBY, &["Kira"]).await;
    assert_eq!(kira.posts("calm").await, Seq(401));
    drop(stuck);
}

#[tokio::test]
async fn a_room_is_made_by_a_page_of_its_own_and_a_refusal_comes_back_to_it() {
    let server = TestServer::start().await;
    let kira = server.join("Kira").await;
    assert_eq!(server.get("/new-room").send().await.header("location"), "/");
    assert!(kira.get("/new-room").send().await.body.contains(r#"action="/new-room""#));
    let refused = kira.post("/new-room", &[("name", " "), ("topic", "All about tea")]).send().await;
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains(r#"action="/new-room""#) && refused.body.contains("All about tea"));
    assert!(refused.body.contains("Write something first."), "{}", refused.body);
    let created = kira.post("/new-room", &[("name", "Tea"), ("topic", "")]).send().await;
    assert_eq!((created.status, created.header("location")), (303, "/rooms/tea"));
}
