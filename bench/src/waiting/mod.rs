//! Many open connections: the memory that they take while nothing happens, how fast they are opened, and how long one message
//! takes to reach all of them. `make bench-idle` runs it, and `transports` measures with it how many connections the blocking
//! servers hold.
//!
//! - [`settings`]: the command line
//! - [`run`]: which server, over what, how many
//! - [`measure`]: one server with one number of connections
//! - `figures`: what the run gives, as JSON and as a table

mod figures;
mod measure;
mod run;
mod settings;

pub(crate) use measure::{Arrival, WaitingFigures, WaitingPlan, measure};
pub(crate) use run::run;
pub(crate) use settings::WaitingSettings;
