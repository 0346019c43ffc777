//! Sessions: joining, the cookie and its token, unique names, expiry and signing out.

use std::collections::HashSet;

use hubbub::store::TokenHash;
use hubbub_protocol::{Refusal, UnixMillis};
use sha2::{Digest, Sha256};

use crate::support::server::TestServer;
use crate::support::socket::Ended;
use crate::support::{LOBBY, fresh_id};

const SIGNED_OUT: Ended = Ended(Some(1008));

#[tokio::test]
async fn joining_sets_a_cookie_that_scripts_and_other_sites_can_not_use() {
    let server = TestServer::start().await;
    let answer = server.ask_to_join("Kira").await;
    assert_eq!((answer.status, answer.header("location")), (303, "/rooms/lobby"));
    let attributes: Vec<&str> = answer.header("set-cookie").split("; ").collect();
    assert!(attributes[0].starts_with("hubbub_session="));
    for attribute in ["HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(attributes.contains(&attribute), "{attributes:?}");
    }
    assert!(!attributes.contains(&"Secure"), "a browser sends no Secure cookie over http: {attributes:?}");
}

#[tokio::test]
async fn behind_https_the_cookie_is_secure_and_bound_to_the_host() {
    let server = TestServer::start_with(&["--public-origin", "https://chat.example.org"]).await;
    let answer = server.ask_to_join("Kira").await;
    let set = answer.header("set-cookie");
    assert!(set.starts_with("__Host-hubbub_session="), "{set}");
    let attributes: Vec<&str> = set.split("; ").collect();
    assert!(["HttpOnly", "SameSite=Lax", "Path=/", "Secure"].iter().all(|wanted| attributes.contains(wanted)), "{set}");
    assert!(!set.contains("Domain"), "{set}");

    let kira = server.join("Jonas").await;
    let origin = [("origin", "https://chat.example.org")];
    assert!(kira.try_open(&origin).await.is_ok());
    let without_prefix = kira.cookie.replace("__Host-", "");
    let with_it = [("origin", "https://chat.example.org"), ("cookie", &without_prefix)];
    assert_eq!(kira.try_open(&with_it).await.err(), Some(401), "another host could set a cookie without the prefix");
}

#[tokio::test]
async fn each_session_token_is_a_different_256_bit_value() {
    let server = TestServer::start().await;
    let mut tokens = HashSet::new();
    for n in 1..=8 {
        let person = server.join(&format!("Person {n}")).await;
        assert_eq!(person.token().len(), 64);
        assert!(person.token().chars().all(|c| c.is_ascii_hexdigit()));
        tokens.insert(person.token().to_owned());
    }
    assert_eq!(tokens.len(), 8);
}

#[tokio::test]
async fn the_database_stores_only_the_hash_of_a_session_token() {
    let mut server = TestServer::start().await;
    let kira = server.join("Kira").await;
    let token = kira.token().to_owned();
    server.tell_to_stop();
    let (folder, _) = server.stopped().await;

    let mut kept = Vec::new();
    for file in std::fs::read_dir(folder.path()).expect("the data folder is readable") {
        kept.extend(std::fs::read(file.expect("a file").path()).expect("the file is readable"));
    }
    let has = |needle: &[u8]| kept.windows(needle.len()).any(|window| window == needle);
    assert!(has(&Sha256::digest(token.as_bytes())), "the database contains the hash");
    let raw: Vec<u8> = (0..64).step_by(2).map(|i| u8::from_str_radix(&token[i..i + 2], 16).expect("hex")).collect();
    assert!(
        !has(token.as_bytes()) && !has(token.to_uppercase().as_bytes()) && !has(&raw),
        "the token is not in the database"
    );
}

#[tokio::test]
async fn a_taken_name_is_refused_in_any_letter_case() {
    let server = TestServer::start().await;
    server.join("Kira").await;
    server.join("Äöü").await;
    for name in ["Kira", "kira", "KIRA", " kIrA ", "äÖü"] {
        let answer = server.ask_to_join(name).await;
        assert_eq!((answer.status, answer.cookie()), (422, None), "{name:?}");
    }
    server.join("Kira 2").await;
    assert_eq!(server.ask_to_join("kira").await.status, 422);
}

#[tokio::test]
async fn signing_out_removes_the_cookie_and_frees_the_name() {
    let server = TestServer::start().await;
    let kira = server.join("Kira").await;
    let answer = kira.leaves().await;
    assert_eq!((answer.status, answer.header("location")), (303, "/"));
    let taken_back = answer.header("set-cookie");
    assert!(taken_back.starts_with("hubbub_session=;") && taken_back.contains("Max-Age=0"), "{taken_back}");
    server.join("kira").await;
    assert_eq!(kira.try_open(&[]).await.err(), Some(401), "the old cookie is refused");
}

#[tokio::test]
async fn signing_out_closes_every_connection_of_the_session_and_no_other() {
    let server = TestServer::start().await;
    let (kira, jonas) = (server.join("Kira").await, server.join("Jonas").await);
    let (mut one, mut other, mut silent) = (kira.in_lobby().await, kira.in_lobby().await, kira.open().await);
    let mut at_jonas = jonas.in_lobby().await;
    at_jonas.sees_present(LOBBY, &["Jonas", "Kira"]).await;

    let since = std::time::Instant::now();
    kira.leaves().await;

    for socket in [&mut one, &mut other, &mut silent] {
        assert_eq!(socket.bye().await, (0, Some(Refusal::SignedOut)));
        assert_eq!(socket.ended().await, SIGNED_OUT);
    }
    assert!(since.elapsed().as_secs() < 5, "closing the connections took {:?}", since.elapsed());
    at_jonas.sees_present(LOBBY, &["Jonas"]).await;
    at_jonas.posts("alone now").await;
    assert!(!one.has_changes_of(LOBBY), "a closed connection receives no changes");
}

#[tokio::test]
async fn joining_with_the_same_name_keeps_the_session_and_another_name_replaces_it() {
    let server = TestServer::start().await;
    let kira = server.join("Kira").await;
    let again = kira.post("/session", &[("name", "KIRA")]).send().await;
    assert_eq!((again.status, again.cookie()), (303, None));

    let mut open = kira.in_lobby().await;
    let renamed = kira.post("/session", &[("name", "Ada")]).send().await;
    assert_eq!(renamed.status, 303);
    assert_ne!(renamed.cookie().expect("a new cookie"), kira.cookie);
    assert_eq!(open.bye().await.1, Some(Refusal::SignedOut));
    server.join("Kira").await;
}

#[tokio::test]
async fn a_cookie_with_an_unknown_token_is_replaced_and_never_becomes_a_session() {
    let server = TestServer::start().await;
    let planted = format!("hubbub_session={}", "a".repeat(64));
    let answer = server.post("/session", &[("name", "Kira")]).header("cookie", &planted).send().await;
    assert_eq!(answer.status, 303);
    assert_ne!(answer.cookie().expect("a new cookie"), planted);
    assert_eq!(server.get("/ws").upgrading().header("cookie", &planted).send().await.status, 401);
}

#[tokio::test]
async fn an_expired_session_is_refused_and_its_name_is_free() {
    let server = TestServer::start().await;
    let kira = server.join("Kira").await;
    let hash = TokenHash(Sha256::digest(kira.token().as_bytes()).into());
    server.store.extend_session(hash, UnixMillis(1)).await.expect("the store writes");

    assert_eq!(kira.try_open(&[]).await.err(), Some(401));
    let posted = kira.post("/rooms/lobby/messages", &[("body", "boo")]).send().await;
    assert_eq!((posted.status, posted.header("location")), (303, "/?room=lobby"));
    server.join("Kira").await;
}

/// The server waits a day before it extends a longer session. A session of one day would have expired by then.
#[tokio::test]
async fn a_one_day_session_is_extended_when_it_is_used() {
    const HOUR_MS: u64 = 60 * 60 * 1000;
    let server = TestServer::start_with(&["--session-days", "1"]).await;
    let kira = server.join("Kira").await;
    let hash = TokenHash(Sha256::digest(kira.token().as_bytes()).into());
    let expires_at =
        async || server.store.session(hash, UnixMillis(0)).await.expect("an answer").expect("a session").expires_at;
    let soon = UnixMillis(expires_at().await.0 - 20 * HOUR_MS);
    server.store.extend_session(hash, soon).await.expect("the store writes");

    kira.in_lobby().await.posts_to(LOBBY, fresh_id(), "in use").await.expect("an ack");

    assert!(expires_at().await > soon, "using a session extends it");
}
