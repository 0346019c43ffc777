//! The same chat over each transport, beside servers that block a thread or a process for each connection: the cost of a
//! person, and the latency of a message. `make bench-transports` runs it.
//!
//! - [`settings`]: the command line
//! - [`run`]: the order of the measurements
//! - `rate`: one transport at one rate of messages
//! - `ceiling`: how many connections a server holds
//! - `figures`: the result as JSON; `table`: as printed text; `page`, `plot`: as the tables and picture of
//!   docs/transports.md

mod ceiling;
mod figures;
mod page;
mod plot;
mod rate;
mod run;
mod settings;
mod table;

pub(crate) use page::draw;
pub(crate) use run::run;
pub(crate) use settings::TransportSettings;
