//! What people see of Hubbub: pages, components, and the engine tied to the browser. The server calls [`shell`] to
//! render a document, [`App`] to list the routes and [`LogDocument`] to write a room's log as it comes; the WebAssembly
//! entry calls [`bring_to_life`]. It knows no SQL, no cookie and no rule of the chat.
//!
//! - [`shell`]: the document around every page, for `leptos_axum`: `move || hubbub_app::shell(options.clone())`
//! - `routes`: which address shows which page, for `leptos_axum::generate_route_list(hubbub_app::App)`
//! - [`backend`]: the one door from pages to the server, expected in the context of every render
//! - `pages`: a page each, rendered on the server only
//! - `room`: the island that is a room
//! - `live`: the engine tied to the browser
//! - `ui`: what they share

// A page's type is as deep as its markup, and rendering it asks the compiler about all of it.
#![recursion_limit = "256"]
#![expect(unreachable_pub, reason = "leptos's `#[component]` writes `pub` items beside every component")]

pub mod backend;
mod live;
mod pages;
mod room;
mod routes;
mod shell;
mod ui;

pub use room::{Gap, LogDocument, LogStart, log_keeper, log_refused};
pub use routes::App;
pub use shell::shell;

/// Call in the browser once islands can be hydrated: marks the page as live after all of them are.
pub fn bring_to_life() {
    live::page::mark_as_live();
}
