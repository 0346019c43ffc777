//! The engine tied to the browser: what components call when a person does something. Only ever runs in a browser;
//! there is one engine a page, owned by this thread and not by a component, so that no socket dies with a view.
//!
//! - [`commands`]: what a person does
//! - [`driver`]: owns the engine, performs what it asks for and shows what it believes
//! - [`attention`]: what was seen, and how the window says what wasn't
//! - [`link`]: the driver's hand on the connection; [`transport`]: a connection, whichever way it goes: [`socket`] or
//!   [`asking`]; [`ladder`]: which of them, and [`probe`]: whether another would do
//! - [`outbox`], [`drafts`]: what has to survive a reload
//! - [`navigation`]: from room to room by the History API; [`listeners`]: what the browser tells on its own
//! - [`page`]: what holds for every page
//! - [`clock`], [`random`], [`storage`]: the browser's

mod alarm;
mod asking;
mod attention;
pub(crate) mod clock;
mod commands;
pub(crate) mod drafts;
mod driver;
pub(crate) mod ladder;
mod link;
mod listeners;
pub(crate) mod navigation;
mod outbox;
pub(crate) mod page;
mod probe;
mod random;
mod socket;
pub(crate) mod storage;
pub(crate) mod transport;

pub(crate) use commands::{discard, fill_gap, load_older, reconnect_now, retry, send, typing};
pub(crate) use driver::start;
