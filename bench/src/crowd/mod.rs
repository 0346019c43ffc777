//! Many connections in one room of one server, on one thread. All of them listen, and some post. Scenarios gather a crowd, run
//! it and read its counts. The checker checks the deliveries.
//!
//! - [`plan`]: how many connections, from where, as whom
//! - `gather`: opens them
//! - [`members`]: the crowd itself: running, posting, counting, and the faults in the end
//! - `receive`: what happens to the bytes that arrive
//! - [`link`]: one connection; [`token`]: how connections are told apart
//! - `over_http`: polls, posts, responses and streams
//! - [`requests`], [`response`]: HTTP as bytes; [`streams`]: many requests over few HTTP/2 connections
//! - [`pilot`]: a connection that the sync engine drives

mod gather;
mod link;
mod members;
mod over_http;
mod pilot;
mod plan;
mod receive;
mod requests;
mod response;
mod streams;
#[cfg(test)]
mod tests;
mod token;

pub(crate) use members::Crowd;
pub(crate) use plan::{CrowdPlan, Mix, Release, Transport};
