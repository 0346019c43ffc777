//! HTTP: the response of each path. Calls chat for data and hub for presence, and passes WebSockets and polls to transport.
//! - [`router`]: the handler of each path
//! - [`listener`]: accepts connections and serves them with hyper
//! - [`pages`]: renders pages
//! - [`log`], [`reconnect`]: the pages in the frame of a room, for browsers without script
//! - [`forms`]: handles the forms of pages; [`polls`]: frames over plain HTTP
//! - [`visitor`], [`cookie`]: find the session of a request
//! - [`request_checks`], [`origin`], [`address`]: refuse ambiguous requests and those of other sites; find the client's address
//! - [`assets`], [`emoji`], [`headers`], [`health`]: the site's files, the list of emoji, the headers of every response, the health checks
//! - [`probe`]: the endpoints of `hubbub doctor`
//! - [`site`]: the state that all handlers share; [`public_origin`], [`held_refusals`], [`store_check`] are parts of it
//! - [`error`]: the status of each refusal

mod address;
mod assets;
mod cookie;
mod emoji;
mod error;
mod forms;
mod headers;
mod health;
mod held_refusals;
pub mod listener;
mod log;
mod origin;
mod pages;
mod polls;
pub mod probe;
mod public_origin;
mod reconnect;
mod request_checks;
mod router;
mod site;
mod store_check;
mod visitor;

pub use forms::read_form;
pub use public_origin::PublicOrigin;
pub use router::service;
pub use site::Site;
