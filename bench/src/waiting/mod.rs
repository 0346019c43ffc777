//! Many open connections: what they hold while nothing happens, how fast they come in, and how long one message takes to
//! all of them. `make bench-idle`; the transports measure by it where the old web's servers stop.
//!
//! - [`settings`]: the command line
//! - [`run`]: which server, over what, how many
//! - [`measure`]: one server with one number of connections
//! - `figures`: what the run gives, as JSON and as a table

mod figures;
mod measure;
mod run;
mod settings;

pub(crate) use measure::{Arrival, Asked, Waiting, measure};
pub(crate) use run::run;
pub(crate) use settings::Settings;
