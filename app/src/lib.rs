//! The user interface of Hubbub: pages, the room's island, and the sync engine in the browser. The server calls [`shell`] to
//! render a document, [`App`] to list the routes and [`LogDocument`] to write a room's log as it grows; the WebAssembly
//! entry calls [`bring_to_life`]. This crate knows no SQL, no cookie and no rule of the chat.
//!
//! - [`shell`]: the document around every page, for `leptos_axum`: `move || hubbub_app::shell(options.clone())`
//! - `routes`: which address shows which page, for `leptos_axum::generate_route_list(hubbub_app::App)`
//! - [`backend`]: the trait by which pages read the server's data, expected in the context of every render
//! - [`form`]: the forms of the pages, and why one was refused
//! - `pages`: a page each, rendered on the server only
//! - `island`: the room's island, where `room` and `live` meet
//! - `state`: what the room displays, and the commands that a person gives
//! - `room`: the views of a room; `live`: the sync engine in the browser
//! - `ui`: components that pages and the room share; `browser`: what the browser offers

// A page's type is as deep as its markup, and rendering it asks the compiler about all of it.
#![recursion_limit = "256"]
#![expect(unreachable_pub, reason = "leptos's `#[component]` writes `pub` items beside every component")]

pub mod backend;
mod browser;
pub mod form;
mod island;
mod live;
mod pages;
mod room;
mod routes;
mod shell;
mod state;
mod ui;

pub use room::{Gap, LogDocument, LogStart, log_refused, reconnect_page};
pub use routes::App;
pub use shell::shell;

/// Marks the page as live after all islands are hydrated. To be called in the browser.
pub fn bring_to_life() {
    ui::page::mark_as_live();
}
