//! Hubbub's server: axum over a log.
//!
//! - [`config`], [`telemetry`], [`limits`], [`signals`], [`report`]: settings, log, system limits, signals, output
//! - [`network`]: what limits for an address count by
//! - [`http`]: what each path answers
//! - [`transport`]: the ways a client can ask "what comes after my number?"
//! - [`chat`]: the rules, one file a rule
//! - [`hub`]: who is connected here, and what reaches them
//! - [`store`]: the log and everything else that lasts
//! - [`bus`]: notices between nodes
//! - [`doctor`]: looks at a running server through its proxy
//! - [`serve`]: all of it put together
//!
//! Calls go `serve → {http, transport} → chat → {store, bus}`, and events come back `bus → hub → transport`.

// A page's type is nested as deep as its markup, and the server is where pages are compiled.
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
