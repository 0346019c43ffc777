//! Connections, one task each. It answers the plain requests of tabs by itself, without hyper's buffers and the router's
//! layers. When anything else comes hyper serves the connection, until a tab asks on it again.
//!
//! - [`owner`]: who serves a connection now
//! - [`wire`]: its bytes
//! - [`plain`]: is it a plain request of a tab?
//! - [`ordinary`]: whatever else it is; [`heads`]: which request of it is not to be served
//! - [`handover`]: a tab's request that hyper has read
//! - [`stuck`]: a peer that takes nothing of its answer
//! - [`under_way`]: whether a connection of HTTP/2 still serves for something
//! - [`stop`]: how connections hear that the server stops

mod handover;
mod heads;
mod ordinary;
mod owner;
mod plain;
mod stop;
mod stuck;
mod under_way;
mod wire;

pub(super) use handover::{Handover, Turn};
pub(super) use owner::{Connection, Servers};
pub(super) use stop::Stopper;
pub(super) use wire::Wire;
