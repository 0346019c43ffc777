//! Which address shows which page. Called by `shell`, and by the server to list the routes. The router runs on the server only:
//! in the browser, a room is an island and all other navigation loads a page.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::{Route, Router, Routes};
use leptos_router::{SsrMode, path};

use crate::pages::home::Home;
use crate::pages::message::Message;
use crate::pages::new_room::NewRoom;
use crate::pages::not_found::NotFound;
use crate::pages::room::Room;

/// The routes.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    // `leptos_meta` writes a title into the document as it is given (0.8.7), so every page's title is escaped here.
    let escaped = |title: String| title.to_html();
    view! {
        <Title formatter=escaped />
        <Router>
            <Routes fallback=NotFound>
                <Route path=path!("/") view=Home ssr=SsrMode::Async />
                <Route path=path!("/new-room") view=NewRoom ssr=SsrMode::Async />
                <Route path=path!("/rooms/:slug") view=Room ssr=SsrMode::Async />
                <Route path=path!("/rooms/:slug/messages/:message") view=Message ssr=SsrMode::Async />
            </Routes>
        </Router>
    }
}
