//! The log of a room in a browser without script: a page to which the server adds each new message, and pages of history.

use std::time::Duration;

use tokio::time::Instant;

use crate::support::server::TestServer;
use crate::support::streamed_page::StreamedPage;
use crate::support::{LOBBY, advance_clock};

const LIVE: &str = "/rooms/lobby/live";

#[tokio::test]
async fn a_message_is_added_to_an_open_page() {
    let server = TestServer::start().await;
    let (kira, jonas) = (server.join("Kira").await, server.join("Jonas").await);
    let mut at_kira = kira.in_lobby().await;
    at_kira.sees_present(LOBBY, &["Kira"]).await;
    at_kira.posts("before").await;

    let mut page = StreamedPage::open(&jonas, LIVE).await;
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
async fn a_live_page_is_neither_buffered_by_proxies_nor_compressed() {
    let server = TestServer::start().await;
    let kira = server.join("Kira").await;
    let request = kira.get(LIVE).header("accept-encoding", "br, gzip");
    let page = StreamedPage::of(request).await;
    assert_eq!(page.header("x-accel-buffering"), "no");
    assert_eq!(page.header("cache-control"), "no-store, no-transform");
    assert_eq!((page.header("content-encoding"), page.header("content-length")), ("", ""));
}

/// CHECKS 23 and 24.
#[tokio::test]
async fn only_this_site_may_frame_a_live_page_and_it_runs_no_script() {
    let server = TestServer::start().await;
    let kira = server.join("Kira").await;
    for path in [LIVE, "/rooms/lobby/messages", "/rooms/nowhere/live"] {
        let page = StreamedPage::of(kira.get(path)).await;
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
async fn names_and_messages_are_escaped_in_a_live_page() {
    let server = TestServer::start().await;
    let eve = server.join("<b>Eve</b>").await;
    let mut page = StreamedPage::open(&eve, LIVE).await;
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
async fn a_silent_page_gets_a_comment_every_15_seconds() {
    let server = TestServer::start().await;
    let kira = server.join("Kira").await;
    let mut page = StreamedPage::open(&kira, LIVE).await;
    page.shows("This is the beginning").await;
    let since = Instant::now();
    for comments in ["<!-- still here -->\n", "<!-- still here -->\n<!-- still here -->\n"] {
        advance_clock(10).await;
        assert!(!page.text_so_far(&server).await.contains(comments), "after 10 s of silence");
        advance_clock(6).await;
        page.shows(comments).await;
    }
    assert!(since.elapsed() < Duration::from_secs(36), "two comments took {:?}", since.elapsed());
}

#[tokio::test]
async fn history_is_read_page_by_page_in_both_directions() {
    let server = TestServer::start_with(&["--posts-per-minute", "0"]).await;
    let kira = server.join("Kira").await;
    kira.in_lobby().await.posts_all((1..=120).map(|n| format!("Message {n}"))).await;
    let mut page = StreamedPage::open(&kira, LIVE).await;
    page.shows("Message 120").await;
    let older = page.link("Older messages").expect("a way to older ones");
    let mut page = StreamedPage::past(&kira, &older).await;
    assert_eq!(page.bodies(), (21..=70).map(|n| format!("Message {n}")).collect::<Vec<_>>());
    let newer = page.link("Newer messages").expect("a way back");
    page = StreamedPage::past(&kira, &page.link("Older messages").expect("a way to older ones")).await;
    assert_eq!(page.bodies(), (1..=20).map(|n| format!("Message {n}")).collect::<Vec<_>>());
    assert_eq!(page.link("Older messages"), None);
    assert!(page.text.contains("This is the beginning of Lobby."));
    page = StreamedPage::past(&kira, &newer).await;
    assert_eq!(page.bodies().last().map(String::as_str), Some("Message 120"));
    assert_eq!(page.link("To the newest").as_deref(), Some(LIVE));
}

#[tokio::test]
async fn a_live_page_counts_as_a_connection_and_is_refused_like_one() {
    let server = TestServer::start_with(&["--sockets-per-person", "1"]).await;
    let (kira, jonas) = (server.join("Kira").await, server.join("Jonas").await);
    let mut watching = jonas.in_lobby().await;
    watching.sees_present(LOBBY, &["Jonas"]).await;
    let mut held = StreamedPage::open(&kira, LIVE).await;
    held.shows("This is the beginning").await;
    assert_eq!(kira.try_open(&[]).await.err(), Some(429));
    for path in [LIVE, "/rooms/lobby/messages"] {
        assert_eq!(StreamedPage::of(kira.get(path)).await.status, 429, "{path}");
    }
    watching.sees_present(LOBBY, &["Jonas", "Kira"]).await;
    drop(held);
    watching.sees_present(LOBBY, &["Jonas"]).await;
    assert!(kira.try_open(&[]).await.is_ok());

    for path in [LIVE, "/rooms/lobby/messages"] {
        assert_eq!(StreamedPage::of(server.get(path)).await.status, 401, "{path}");
    }
    for path in ["/rooms/nowhere/live", "/rooms/nowhere/messages"] {
        assert_eq!(StreamedPage::of(kira.get(path)).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn the_page_for_new_rooms_creates_a_room_or_shows_the_refusal() {
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
