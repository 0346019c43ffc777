//! `hubbub doctor URL`: looks at a server as a browser would, through whatever stands before it, and says in plain words
//! what is wrong and which line mends it. Called by main; knows of the server only what it answers to probes.
//!
//! - [`args`]: what is to be looked at
//! - [`visit`]: the checks, one after the other; [`checks`] has a file for each
//! - [`finding`]: what a check finds; [`report`]: how that is told
//! - [`lines`]: what to write into which proxy's configuration
//! - [`client`] asks over [`connect`]; [`request_error`]: why there was no answer

mod args;
mod checks;
mod client;
mod connect;
mod finding;
mod lines;
mod report;
mod request_error;
mod visit;

pub use args::{BadTarget, DoctorArgs, Target};
pub use visit::run;
