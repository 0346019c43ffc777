//! HTTP: what each path answers. It calls chat for what is done, hub for who is here, and hands sockets to transport.
//!
//! - [`router`]: the map of every path
//! - [`listener`]: connections, served by hyper
//! - [`pages`]: pages, and what they may see of the server
//! - [`log`], [`reconnect`]: what a room's page frames for browsers without script
//! - [`forms`]: what the forms of pages do; [`polls`]: frames over plain HTTP
//! - [`visitor`], [`cookie`]: who asks
//! - [`request_checks`], [`origin`], [`address`]: is a request unambiguous, and where does it come from
//! - [`assets`], [`headers`], [`health`]: the site's files, what every answer carries, is it well
//! - [`probe`]: what `hubbub doctor` asks
//! - [`site`]: what every handler may use; [`public_origin`], [`held_refusals`], [`store_check`] are parts of it
//! - [`error`]: a refusal as a status

mod address;
mod assets;
mod cookie;
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
