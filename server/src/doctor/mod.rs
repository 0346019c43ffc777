//! `hubbub doctor URL`: checks a running server from outside, through its proxy, and prints each fault with its remedy.
//! Called by main. Knows of the server only what its responses say.
//!
//! - [`args`]: the command-line arguments
//! - [`visit`]: runs the checks in order; [`checks`] has a file for each
//! - [`finding`]: the result of a check; [`report`]: prints the results
//! - [`lines`]: the lines of each proxy's configuration that mend a fault
//! - [`client`]: sends requests, over connections that [`connect`] opens
//! - [`request_error`]: why a request has no response

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
