//! Renders the app's pages. `router` calls the handlers, and `forms` calls [`Pages::render`] for a refused form. What a page
//! reads from the server, and the status and headers that it sets, go through `backend`.

use std::sync::Arc;

use any_spawner::Executor;
use axum::body::Body;
use axum::extract::{FromRef, Query, Request, State};
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use hubbub_app::backend::SharedBackend;
use hubbub_protocol::Slug;
use leptos::config::LeptosOptions;
use leptos::context::provide_context;
use leptos::nonce::use_nonce;
use serde::Deserialize;

use super::backend::{PageResponse, ServerBackend};
use super::page_context::PageContext;
use crate::http::visitor::MaybeVisitor;
use crate::http::{Site, headers};

/// Renders pages.
#[derive(Clone)]
pub(in crate::http) struct Pages {
    site: Arc<Site>,
    options: LeptosOptions,
}

impl FromRef<Pages> for Arc<Site> {
    fn from_ref(pages: &Pages) -> Self {
        Self::clone(&pages.site)
    }
}

#[derive(Deserialize)]
pub(in crate::http) struct HomeQuery {
    room: Option<String>,
    at: Option<String>,
}

/// `GET` of a page.
pub(in crate::http) async fn show(
    State(pages): State<Pages>,
    MaybeVisitor(visitor): MaybeVisitor,
    Query(query): Query<HomeQuery>,
    request: Request,
) -> Response {
    let wanted_room = query.room.filter(|room| !room.is_empty()).map(Slug::from);
    let wanted_message = query.at.and_then(|at| at.parse().ok());
    pages.render(request.uri().clone(), PageContext { visitor, refused: None, wanted_room, wanted_message }).await
}

/// A path that has no page: answered with 404.
pub(in crate::http) async fn show_missing(
    State(pages): State<Pages>,
    MaybeVisitor(visitor): MaybeVisitor,
    request: Request,
) -> Response {
    pages.render(request.uri().clone(), PageContext { visitor, ..PageContext::default() }).await
}

impl Pages {
    pub(in crate::http) fn new(site: Arc<Site>) -> Self {
        // Leptos needs to know its runtime once in a process. A second server in the same process gets an error here.
        let _ = Executor::init_tokio();
        let options = LeptosOptions::builder().output_name("hubbub").site_pkg_dir("pkg").build();
        Self { site, options }
    }

    /// Renders the page at a path.
    pub(in crate::http) async fn render(&self, path: Uri, context: PageContext) -> Response {
        let response = Arc::new(PageResponse::default());
        let backend: SharedBackend =
            Arc::new(ServerBackend::new(Arc::clone(&self.site), context, Arc::clone(&response)));
        let context = {
            let response = Arc::clone(&response);
            move || {
                response.set_nonce(use_nonce().map(|nonce| nonce.to_string()));
                provide_context(Arc::clone(&backend));
            }
        };
        let options = self.options.clone();
        let render = leptos_axum::render_app_async_with_context(context, move || hubbub_app::shell(options.clone()));
        let mut request = Request::new(Body::empty());
        *request.uri_mut() = path;
        let page = render(request).await;
        finish(page, &response)
    }
}

/// Adds what the page has set while it was rendered.
fn finish(mut page: Response, set: &PageResponse) -> Response {
    if let Some(to) = set.redirect() {
        return Redirect::to(&to).into_response();
    }
    if let Some(status) = set.status().and_then(|status| StatusCode::from_u16(status).ok()) {
        *page.status_mut() = status;
    }
    if let Some(after) = set.retry_after() {
        page.headers_mut().insert(header::RETRY_AFTER, after);
    }
    let policy = headers::page_policy(&set.nonce(), &live_reload());
    if let Ok(policy) = HeaderValue::try_from(policy) {
        page.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    page
}

/// The addresses of the socket by which `cargo leptos watch` tells pages to reload; empty in a release build.
fn live_reload() -> String {
    match std::env::var("LEPTOS_RELOAD_PORT") {
        Ok(port) if cfg!(debug_assertions) => format!(" ws://127.0.0.1:{port} ws://localhost:{port}"),
        _ => String::new(),
    }
}
