//! Requests from pages of another site. They can't post, poll or open a WebSocket with the session of a visitor, whatever
//! headers they have beside `Origin`, and a cookie that such a page has set signs nobody out.

use crate::support::http::{HttpResponse, Request};
use crate::support::person::Person;
use crate::support::server::TestServer;
use crate::support::tab::{NO_WAIT, Tab};

const PING: &str = r#""ping""#;
const FORMS: [&str; 4] = ["/session", "/session/end", "/rooms", "/rooms/lobby/messages"];

/// Every request that changes something, but the socket's. None of them says an origin.
fn requests(person: &Person, tab: &Tab) -> Vec<Request> {
    let forms = FORMS.map(|path| person.post(path, &[("name", "Eve"), ("body", "boo")]));
    let polls = [tab.poll_request(NO_WAIT), tab.say_request(PING)].map(|request| request.without("origin"));
    forms.into_iter().chain(polls).collect()
}

#[tokio::test]
async fn a_request_of_a_page_of_another_site_is_refused() {
    let server = TestServer::start().await;
    let kira = server.join("Kira").await;
    let tab = Tab::in_lobby(&kira).await;
    let (ours, secure) = (server.origin(), server.origin().replace("http:", "https:"));
    for request in requests(&kira, &tab) {
        for origin in ["https://evil.example", "null", "", &secure] {
            let answer = request.clone().header("origin", origin).send().await;
            assert_eq!(answer.status, 403, "{origin:?}: {request:?}");
        }
        for fetch_site in ["cross-site", "same-site", "nonsense", ""] {
            for origin in [ours.as_str(), "null"] {
                let foreign = request.clone().header("origin", origin).header("sec-fetch-site", fetch_site);
                assert_eq!(foreign.send().await.status, 403, "{fetch_site:?}: {request:?}");
            }
        }
    }
    assert_eq!(kira.in_lobby().await.posts("nothing came of it").await.0, 1);
    assert_eq!(kira.rooms().await.len(), 1);
}

#[tokio::test]
async fn no_fetch_metadata_excuses_the_origin_of_another_site() {
    let server = TestServer::start().await;
    let kira = server.join("Kira").await;
    let tab = Tab::in_lobby(&kira).await;
    for request in requests(&kira, &tab) {
        for fetch_site in ["same-origin", "none"] {
            let foreign = request.clone().header("origin", "https://evil.example").header("sec-fetch-site", fetch_site);
            assert_eq!(foreign.send().await.status, 403, "{fetch_site}: {request:?}");
        }
    }
}

#[tokio::test]
async fn a_request_that_says_twice_where_it_comes_from_is_refused() {
    let server = TestServer::start().await;
    let kira = server.join("Kira").await;
    let tab = Tab::in_lobby(&kira).await;
    let mut all = requests(&kira, &tab);
    all.push(kira.get("/ws").upgrading());
    for request in all {
        let ours = request.header("origin", &server.origin()).header("sec-fetch-site", "same-origin");
        for second in ["https://evil.example", "null", &server.origin()] {
            assert_eq!(ours.clone().another("origin", second).send().await.status, 403, "{second}: {ours:?}");
        }
        for second in ["cross-site", "same-origin"] {
            assert_eq!(ours.clone().another("sec-fetch-site", second).send().await.status, 403, "{second}: {ours:?}");
        }
    }
}

/// A page that sends no referrer is given `null` as the origin of its forms.
#[tokio::test]
async fn a_request_of_our_own_page_is_taken_although_its_origin_is_null() {
    let server = TestServer::start().await;
    let kira = server.join("Kira").await;
    let tab = Tab::in_lobby(&kira).await;
    let own = |request: Request| request.header("origin", "null").header("sec-fetch-site", "same-origin");
    assert_eq!(own(kira.post("/rooms/lobby/messages", &[("body", "Hi")])).send().await.status, 303);
    assert_eq!(own(tab.say_request(PING)).send().await.status, 200);
}

#[tokio::test]
async fn behind_https_the_scheme_of_an_origin_counts() {
    let server = TestServer::start_with(&["--public-origin", "https://chat.example.org"]).await;
    for (origin, status) in
        [("https://chat.example.org", 303), ("http://chat.example.org", 403), (&*server.origin(), 403)]
    {
        let form = server.post("/session", &[("name", "Kira")]).header("origin", origin);
        assert_eq!(form.send().await.status, status, "{origin}");
    }
}

#[tokio::test]
async fn a_planted_second_cookie_signs_nobody_out() {
    let server = TestServer::start().await;
    let kira = server.join("Kira").await;
    let tab = Tab::in_lobby(&kira).await;
    let (made_up, own) = (format!("hubbub_session={}", "a".repeat(64)), &kira.cookie);
    for planted in ["hubbub_session=garbage", "hubbub_session=", &made_up] {
        for cookies in
            [format!("{planted}; {own}"), format!("{own}; {planted}"), format!("{planted}; x=y; {planted}; {own}")]
        {
            is_signed_in(&kira, &tab, |request| request.header("cookie", &cookies)).await;
        }
        // HTTP/2 may carry each cookie in a header of its own (RFC 9113, section 8.2.3).
        is_signed_in(&kira, &tab, |request| request.header("cookie", planted).another("cookie", own)).await;
    }
}

async fn is_signed_in(person: &Person, tab: &Tab, with_cookies: impl Fn(Request) -> Request) {
    let send = async |request: Request| -> HttpResponse { with_cookies(request).send().await };
    let page = send(person.get("/rooms/lobby")).await;
    assert_eq!(page.status, 200, "{page:?}");
    assert_eq!(send(tab.say_request(PING)).await.status, 200);
    assert!(send(tab.poll_request(NO_WAIT)).await.status < 300);
    assert_eq!(send(person.get("/ws").upgrading()).await.status, 101);
}
