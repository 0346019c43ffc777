//! Hubbub's server: HTTP and WebSockets over a numbered log for each room.
//!
//! - [`config`], [`telemetry`], [`limits`], [`signals`], [`report`]: settings, log, system limits, signals, output
//! - [`network`]: the network of an address, to which the limits for addresses apply
//! - [`http`]: the response of each path
//! - [`transport`]: WebSockets, polls and streams, which send a client the events after its cursors
//! - [`chat`]: the rules of the chat, one file for each
//! - [`hub`]: the connections of this node, and the delivery of frames to them
//! - [`store`]: the log and all other durable data
//! - [`bus`]: notices between nodes
//! - [`doctor`]: checks a running server through its proxy
//! - [`serve`]: builds, starts and stops the server
//!
//! Calls go `serve → {http, transport} → chat → {store, bus}`, and events come back `bus → hub → transport`.

// The type of a page is nested as deeply as its markup, and this crate compiles the pages.
#![recursion_limit = "256"]

pub mod bus;
pub mod chat;
pub mod config;
pub mod doctor;
pub mod http;
pub mod hub;
pub mod limits;
pub mod network;
pub mod report;
pub mod serve;
pub mod signals;
pub mod store;
pub mod telemetry;
pub mod transport;
