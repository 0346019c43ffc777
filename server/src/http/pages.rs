//! Pages, rendered by the app. What they may see of the server is in `door`; what they answer besides their text, too.

use std::sync::Arc;

use any_spawner::Executor;
use axum::body::Body;
use axum::extract::{FromRef, Query, Request, State};
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use hubbub_app::backend::{Door, RefusedForm};
use hubbub_protocol::Slug;
use leptos::config::LeptosOptions;
use leptos::context::provide_context;
use leptos::nonce::use_nonce;
use serde::Deserialize;

use super::door::{Answer, ServerDoor};
use super::visitor::MaybeVisitor;
use super::{Site, headers};
use crate::chat::Visitor;

/// What rendering a page takes.
#[derive(Clone)]
pub(super) struct Pages {
    site: Arc<Site>,
    options: LeptosOptions,
}

/// What a page is rendered for.
#[derive(Default)]
pub(super) struct Occasion {
    /// Who asks.
    pub(super) visitor: Option<Visitor>,
    /// The form that was refused, if the page is the answer to one.
    pub(super) refused_form: Option<RefusedForm>,
    /// The room to go to once there is a name.
    pub(super) wanted_room: Option<Slug>,
}

impl FromRef<Pages> for Arc<Site> {
    fn from_ref(pages: &Pages) -> Self {
        Self::clone(&pages.site)
    }
}

#[derive(Deserialize)]
pub(super) struct HomeQuery {
    room: Option<String>,
}

/// `GET` of a page.
pub(super) async fn show(
    State(pages): State<Pages>,
    MaybeVisitor(visitor): MaybeVisitor,
    Query(query): Query<HomeQuery>,
    request: Request,
) -> Response {
    let wanted_room = query.room.filter(|room| !room.is_empty()).map(Slug::from);
    pages.render(request.uri().clone(), Occasion { visitor, refused_form: None, wanted_room }).await
}

/// Any path that there is nothing at.
pub(super) async fn show_missing(
    State(pages): State<Pages>,
    MaybeVisitor(visitor): MaybeVisitor,
    request: Request,
) -> Response {
    pages.render(request.uri().clone(), Occasion { visitor, ..Occasion::default() }).await
}

impl Pages {
    pub(super) fn new(site: Arc<Site>) -> Self {
        // Leptos spawns on whatever runtime it is told of; a second server in the same process finds it told already.
        let _ = Executor::init_tokio();
        let options = LeptosOptions::builder().output_name("hubbub").site_pkg_dir("pkg").build();
        Self { site, options }
    }

    /// The page at a path, for an occasion.
    pub(super) async fn render(&self, path: Uri, occasion: Occasion) -> Response {
        let answer = Arc::new(Answer::default());
        let door: Door = Arc::new(ServerDoor::new(Arc::clone(&self.site), occasion, Arc::clone(&answer)));
        let context = {
            let answer = Arc::clone(&answer);
            move || {
                answer.set_nonce(use_nonce().map(|nonce| nonce.to_string()));
                provide_context(Arc::clone(&door));
            }
        };
        let options = self.options.clone();
        let render = leptos_axum::render_app_async_with_context(context, move || hubbub_app::shell(options.clone()));
        let mut request = Request::new(Body::empty());
        *request.uri_mut() = path;
        let page = render(request).await;
        finish(page, &answer)
    }
}

fn finish(mut page: Response, answer: &Answer) -> Response {
    if let Some(to) = answer.redirect() {
        return Redirect::to(&to).into_response();
    }
    if let Some(status) = answer.status().and_then(|status| StatusCode::from_u16(status).ok()) {
        *page.status_mut() = status;
    }
    if let Some(after) = answer.retry_after() {
        page.headers_mut().insert(header::RETRY_AFTER, after);
    }
    let policy = headers::page_policy(&answer.nonce(), &live_reload());
    if let Ok(policy) = HeaderValue::try_from(policy) {
        page.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    page
}

/// `cargo leptos watch` tells pages to reload over a socket of its own.
fn live_reload() -> String {
    match std::env::var("LEPTOS_RELOAD_PORT") {
        Ok(port) if cfg!(debug_assertions) => format!(" ws://127.0.0.1:{port} ws://localhost:{port}"),
        _ => String::new(),
    }
}
