//! Many connections in one room of one server, on one thread: they all listen, and some are told to post. Scenarios
//! gather a crowd, turn it and read its counts; whether deliveries are right is the checker's to say.
//!
//! - [`plan`]: how many, from where, as whom
//! - `gather`: connecting them all
//! - [`members`]: the crowd itself: turning, posting, counting, and what was wrong in the end
//! - `receive`: what happens to the bytes that arrive
//! - [`link`]: one connection
//! - `over_http`: the same for answers and streams, and when to ask again
//! - [`asking`]: the requests of one connection over HTTP; [`answer`]: the answers
//! - [`streams`]: many requests over few connections, as HTTP/2 has them
//! - [`pilot`]: the sync engine on a connection

mod answer;
mod asking;
mod gather;
mod link;
mod members;
mod over_http;
mod pilot;
mod plan;
mod receive;
mod streams;
#[cfg(test)]
mod tests;

pub(crate) use members::Crowd;
pub(crate) use plan::{Plan, Release, Transport};
