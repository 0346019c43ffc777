//! The pages as the server renders them, before any script runs.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use futures_util::StreamExt;
use hubbub_app::backend::{Backend, MessagePage, RoomLine, RoomPage, SharedBackend};
use hubbub_app::form::{Fields, Form, RefusedForm};
use hubbub_protocol::{
    Change, Epoch, Member, MemberId, Message, MessageId, Page, Refusal, RoomId, RoomInfo, RoomState, Seq, Slug,
    UnixMillis, What,
};
use leptos::prelude::*;
use leptos_meta::ServerMetaContext;
use leptos_router::location::RequestUrl;

const NOON: u64 = 1_760_011_320_000;

#[derive(Default)]
struct House {
    visitor: Option<Member>,
    refused_form: Option<RefusedForm>,
    wanted_room: Option<Slug>,
    failure: Option<Refusal>,
    answered: Mutex<(Option<u16>, Option<String>)>,
}

struct Rendered {
    html: String,
    status: Option<u16>,
    redirect: Option<String>,
}

#[async_trait]
impl Backend for House {
    fn visitor(&self) -> Option<Member> {
        self.visitor.clone()
    }
    fn refused_form(&self) -> Option<RefusedForm> {
        self.refused_form.clone()
    }
    fn wanted_room(&self) -> Option<Slug> {
        self.wanted_room.clone()
    }
    fn wanted_message(&self) -> Option<MessageId> {
        None
    }
    async fn rooms(&self) -> Result<Vec<RoomLine>, Refusal> {
        tokio::task::yield_now().await;
        let [first, ..] = said();
        self.failure.clone().map_or_else(|| Ok(vec![RoomLine { room: lobby(), last: Some(first) }]), Err)
    }
    async fn room(&self, slug: Slug) -> Result<RoomPage, Refusal> {
        tokio::task::yield_now().await;
        if let Some(failure) = self.failure.clone() {
            return Err(failure);
        }
        if slug.as_str() != "lobby" {
            return Err(Refusal::NotFound);
        }
        Ok(RoomPage {
            you: kira(),
            rooms: vec![lobby()],
            room: lobby(),
            state: state(),
            epoch: Epoch(1),
            page: Page { as_of: Seq(3), messages: said().to_vec(), ..Page::default() },
            present_count: 2,
            present: vec![ben(), kira()],
            form_id: MessageId::mint(UnixMillis(NOON), [9; 10]),
            refused_form: self.refused_form.clone(),
        })
    }
    async fn message(&self, slug: Slug, message: MessageId) -> Result<MessagePage, Refusal> {
        tokio::task::yield_now().await;
        if slug.as_str() != "lobby" {
            return Err(Refusal::NotFound);
        }
        let messages = said().into_iter().filter(|other| other.id == message).collect();
        Ok(MessagePage {
            you: kira(),
            room: lobby(),
            page: Page { as_of: Seq(3), messages, ..Page::default() },
            form_ids: [MessageId::mint(UnixMillis(NOON), [9; 10]); 4],
            refused_form: self.refused_form.clone(),
        })
    }
    fn set_status(&self, status: u16) {
        self.answered.lock().expect("not poisoned").0 = Some(status);
    }
    fn redirect(&self, to: &str) {
        self.answered.lock().expect("not poisoned").1 = Some(to.to_owned());
    }
    fn asset_root(&self) -> String {
        "/assets/abc".to_owned()
    }
}

fn kira() -> Member {
    Member { id: MemberId(1), name: "Kira".to_owned() }
}

fn ben() -> Member {
    Member { id: MemberId(2), name: "Ben".to_owned() }
}

fn lobby() -> RoomInfo {
    RoomInfo { id: RoomId(1), slug: Slug::from_name("Lobby"), name: "Lobby".to_owned(), topic: "Say hello".to_owned() }
}

fn state() -> RoomState {
    RoomState {
        rev: Seq(0),
        name: "Lobby".to_owned(),
        topic: "Say hello".to_owned(),
        made_by: None,
        made_at: UnixMillis(0),
        pins: Vec::new(),
    }
}

fn said() -> [Message; 3] {
    let post = |seq, by, at, body: &str| {
        let targets = vec![MessageId::mint(UnixMillis(at), [u8::try_from(seq).expect("small"); 10])];
        let what = What::Posted { body: body.to_owned(), reply_to: None };
        let change = Change { seq: Seq(seq), at: UnixMillis(at), by, targets, what };
        Message::added_by(&change).expect("a post adds a message")
    };
    [
        post(1, kira(), NOON, "Hi humans! <script>alert(1)</script>"),
        post(2, kira(), NOON + 60_000, "See https://example.org/a."),
        post(3, ben(), NOON + 120_000, "Hi Kira"),
    ]
}

/// Renders a whole page as the server does.
async fn get(path: &str, house: House) -> Rendered {
    let _ = any_spawner::Executor::init_tokio();
    let house = Arc::new(house);
    let backend: SharedBackend = house.clone();
    let (meta, meta_output) = ServerMetaContext::new();
    let url = RequestUrl::new(path);
    let owner = Owner::new_root(Some(Arc::new(hydration_context::SsrSharedContext::new())));
    let stream = owner.with(|| {
        provide_context(url);
        provide_context(meta);
        provide_context(backend);
        leptos::nonce::provide_nonce();
        let options = LeptosOptions::builder().output_name("hubbub").build();
        hubbub_app::shell(options).to_html_stream_in_order()
    });
    let html = stream.collect::<String>().await;
    let html = meta_output.inject_meta_context(Box::pin(futures_util::stream::iter([html]))).await;
    let html = html.collect::<String>().await;
    let (status, redirect) = house.answered.lock().expect("not poisoned").clone();
    Rendered { html, status, redirect }
}

fn signed_in() -> House {
    House { visitor: Some(kira()), ..House::default() }
}

fn refused(form: Form, typed: &[(&str, &str)], at: &str, refusal: Refusal) -> RefusedForm {
    let mut fields = Fields::default();
    for (name, text) in typed {
        fields.push(name, (*text).to_owned());
    }
    RefusedForm::new(form, fields, at, refusal)
}

#[tokio::test]
async fn the_first_paint_of_a_room_has_its_newest_page_and_a_form_that_works_without_script() {
    let page = get("/rooms/lobby", signed_in()).await;
    assert_eq!((page.status, page.redirect), (None, None));
    let html = page.html;
    assert!(html.contains("<title>Lobby · Hubbub</title>"), "{html}");
    for text in ["Hi Kira", "Say hello", "This is the beginning of Lobby.", "Thursday, 9 October 2025", "12:02"] {
        assert!(html.contains(text), "{text} is missing: {html}");
    }
    assert_eq!(html.matches("<article").count(), 3);
    assert_eq!(html.matches("data-first").count(), 2, "Kira's second message belongs to her first");
    assert!(html.contains(r#"action="/rooms/lobby/messages""#));
    assert!(html.contains(r#"name="id" value="0199c"#));
    let link = html.split("<a ").find(|tag| tag.contains(r#"href="https://example.org/a""#)).expect("a link");
    assert!(link.contains(r#"target="_blank""#) && link.contains("noopener"), "{link}");
}

#[tokio::test]
async fn text_that_people_write_is_never_markup() {
    let html = get("/rooms/lobby", signed_in()).await.html;
    assert!(!html.contains("<script>alert"));
    let body = "</textarea><script>alert(2)</script>";
    let refused = refused(Form::Post, &[("body", body)], "body", Refusal::Empty);
    let html = get("/rooms/lobby", House { refused_form: Some(refused), ..signed_in() }).await.html;
    assert!(html.contains("&lt;/textarea>&lt;script>alert(2)"), "what was typed is still there");
    assert!(html.contains("Write something first."));
    assert!(!html.contains("<script>alert"));
}

#[tokio::test]
async fn a_visitor_without_a_name_is_asked_for_one_and_comes_back_to_the_room() {
    let page = get("/rooms/lobby", House::default()).await;
    assert_eq!(page.redirect.as_deref(), Some("/?room=lobby"));
    assert!(!page.html.contains("Hi Kira"));
    let wanted = House { wanted_room: Some(Slug::from_name("lobby")), ..House::default() };
    let home = get("/?room=lobby", wanted).await.html;
    assert!(home.contains(r#"name="room" value="lobby""#), "{home}");
    assert!(home.contains("Your name") && home.contains("Hi humans!"));
}

#[tokio::test]
async fn a_taken_name_is_answered_with_a_free_one() {
    let refusal = Refusal::NameTaken { free: "Kira 2".to_owned() };
    let refused = refused(Form::Join, &[("name", "Kira")], "name", refusal);
    let html = get("/", House { refused_form: Some(refused), ..House::default() }).await.html;
    assert!(html.contains(r#"value="Kira 2""#) && html.contains("Someone here is called that already."));
}

#[tokio::test]
async fn a_refused_room_opens_the_dialog_with_the_reason_at_the_field() {
    let refused = refused(Form::NewRoom, &[("name", ""), ("topic", "Tea")], "name", Refusal::Empty);
    let html = get("/rooms/lobby", House { refused_form: Some(refused), ..signed_in() }).await.html;
    let dialog = html.split("<dialog").nth(1).expect("there is a dialog");
    assert!(dialog.split('>').next().is_some_and(|tag| tag.contains(" open")), "{dialog}");
    assert!(dialog.contains(r#"value="Tea""#) && dialog.contains("Write something first."));
}

#[tokio::test]
async fn a_missing_page_or_room_answers_404_and_links_to_the_start() {
    for (path, house) in [("/nowhere", House::default()), ("/rooms/nowhere", signed_in())] {
        let page = get(path, house).await;
        assert_eq!(page.status, Some(404), "{path}");
        assert!(page.html.contains("There is nothing here") && page.html.contains(r#"href="/""#));
    }
}

#[tokio::test]
async fn a_failure_of_the_server_is_shown_with_its_status() {
    for (failure, status) in [(Refusal::Internal, 500), (Refusal::Busy, 503)] {
        for path in ["/", "/rooms/lobby"] {
            let page = get(path, House { failure: Some(failure.clone()), ..signed_in() }).await;
            assert_eq!(page.status, Some(status), "{path}");
            assert!(page.html.contains(&failure.to_string()));
        }
    }
}

#[tokio::test]
async fn every_file_is_named_under_the_root_of_the_build_and_every_script_has_the_nonce() {
    let html = get("/rooms/lobby", signed_in()).await.html;
    for file in ["/assets/abc/pkg/hubbub.css", "/assets/abc/pkg/hubbub.js"] {
        assert!(html.contains(file), "{file}");
    }
    assert_eq!(html.matches("<script").count(), html.matches(" nonce=\"").count(), "{html}");
}
