//! The same chat over each transport, beside servers that block a thread or a process for each connection: the cost of a
//! person, and the latency of a message. `make bench-transports` runs it.
//!
//! - [`settings`]: the command line
//! - [`run`]: which way is measured when
//! - `rate`: one way at one rate of messages
//! - `ceiling`: how many connections a server holds
//! - `figures`: what the run gives, as JSON; `table`: as it is printed; `page`, `plot`: as docs/transports.md shows it

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
