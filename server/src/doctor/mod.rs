//! `hubbub doctor URL`: checks a running server from outside, through its proxy, and prints each fault and how to fix
//! it. Called by main. Knows of the server only what its responses say.
//!
//! - [`args`]: the command-line arguments
//! - [`run`]: runs the checks in order; [`checks`] has a file for each
//! - [`finding`]: the result of a check; [`report`]: prints the results
//! - [`proxy_fix`]: the changes to each proxy's configuration that fix a fault
//! - [`client`]: sends requests, over connections that [`connect`] opens
//! - [`request_error`]: why a request has no response

mod args;
mod checks;
mod client;
mod connect;
mod finding;
mod proxy_fix;
mod report;
mod request_error;
mod run;

pub use args::{BadServerUrl, DoctorArgs, ServerUrl};
pub use run::run;
