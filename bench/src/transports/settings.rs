//! The command line of `hubbub-bench transports`. The run follows it and the figures repeat it.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

#[derive(Args, Clone, Debug, Serialize)]
pub(crate) struct TransportSettings {
    /// People in the room.
    #[arg(long, default_value_t = 1_000)]
    pub(crate) people: usize,

    /// How long each transport is measured at each rate.
    #[arg(long, default_value_t = 60)]
    pub(crate) seconds: u64,

    /// Bytes of a message's text.
    #[arg(long, default_value_t = 100)]
    pub(crate) message_bytes: usize,

    /// How many connections the blocking servers are given, one number after the other, until they fail.
    #[arg(long, value_delimiter = ',', default_values_t = [1_000, 2_000, 5_000, 10_000, 20_000, 40_000])]
    pub(crate) ceiling: Vec<usize>,

    /// The folder of transports.md, whose table and picture are then drawn anew.
    #[arg(long)]
    #[serde(skip)]
    pub(crate) page: Option<PathBuf>,
}
