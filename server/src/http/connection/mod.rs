//! Connections, one task each. hyper serves one until a tab asks on it; from then on the task answers by itself, with
//! neither hyper's buffers nor the router's layers, until something else than a tab's plain request comes.
//!
//! - [`owner`]: who serves a connection now
//! - [`wire`]: its bytes
//! - [`plain`]: is it a plain request of a tab?
//! - [`ordinary`]: whatever else it is
//! - [`handover`]: a tab's request that hyper has read
//! - [`stop`]: how connections hear that the server stops

mod handover;
mod ordinary;
mod owner;
mod plain;
mod stop;
mod wire;

pub(super) use handover::{Handover, Turn};
pub(super) use owner::{Connection, Servers};
pub(super) use stop::Stopper;
pub(super) use wire::Wire;
