//! The command line of `hubbub-bench`. The run follows it and the report repeats it.

use std::net::SocketAddrV4;
use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};
use serde::Serialize;

use crate::server_process::Kind;
use crate::{transports, waiting};

/// Measures Hubbub beside its peers, on this machine, and prints a table.
#[derive(Clone, Debug, Parser, Serialize)]
#[command(name = "hubbub-bench")]
pub(crate) struct Settings {
    /// What to measure.
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = [Kind::Hubbub, Kind::NodeWs, Kind::Floor])]
    pub(crate) kinds: Vec<Kind>,

    /// Which parts to measure. Opening needs the rooms of `small-rooms`.
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = RunPart::value_variants().to_vec())]
    pub(crate) only: Vec<RunPart>,

    /// The Hubbub to measure: a release binary.
    #[arg(long, global = true, default_value = "target/release/hubbub")]
    pub(crate) server: PathBuf,

    /// Where the peers' scripts are.
    #[arg(long, default_value = "bench/peers")]
    pub(crate) peers: PathBuf,

    /// A folder on a real disk, for the servers' data and logs while they are measured.
    #[arg(long, global = true, default_value = "target/bench")]
    pub(crate) scratch: PathBuf,

    /// Where the figures go as JSON, in a file named after the time.
    #[arg(long, global = true, default_value = "bench/results")]
    pub(crate) results: PathBuf,

    /// Connections that listen in the room.
    #[arg(long, default_value_t = 1_000)]
    pub(crate) receivers: usize,

    /// Of these, how many post, each one message at a time.
    #[arg(long, default_value_t = 64)]
    pub(crate) senders: usize,

    /// How many of the senders, and as many that only listen, run the whole sync engine.
    #[arg(long, default_value_t = 4)]
    pub(crate) engines: usize,

    /// Bytes of a message's text.
    #[arg(long, default_value_t = 100)]
    pub(crate) message_bytes: usize,

    /// People who hold the connections to Hubbub, in turn.
    #[arg(long, default_value_t = 1_000)]
    pub(crate) people: usize,

    /// Connections for the memory of an idle one, and that come back at once.
    #[arg(long, default_value_t = 10_000)]
    pub(crate) idle: usize,

    /// Connections that are opened at the same moment.
    #[arg(long, default_value_t = 1_000)]
    pub(crate) handshakes: usize,

    /// How often each server is measured; medians are printed.
    #[arg(long, default_value_t = 9)]
    pub(crate) rounds: usize,

    /// Length of each measurement, in seconds, after its warm-up.
    #[arg(long, default_value_t = 2)]
    pub(crate) seconds: u64,

    /// Measure something else instead.
    #[command(subcommand)]
    #[serde(skip)]
    pub(crate) instead: Option<OtherMeasurement>,

    /// Run the floor at this address instead, until killed.
    #[arg(long, hide = true)]
    #[serde(skip)]
    pub(crate) serve_floor: Option<SocketAddrV4>,
}

/// A part of the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RunPart {
    /// Messages to all receivers, saturated and one at a time
    FanOut,
    /// Durable operations, latency at half of the saturated rate, handshakes, first load
    Durable,
    /// Posts in many small rooms
    SmallRooms,
    /// Connections that come back at once
    Storm,
    /// Memory of idle connections
    Idle,
    /// Opening a room with a long history
    Opening,
}

impl Settings {
    pub(crate) fn measures(&self, part: RunPart) -> bool {
        self.only.contains(&part)
    }
}

/// The other measurements, each with a command line of its own.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum OtherMeasurement {
    /// The same chat over each transport, beside servers that block a thread or a process for each connection
    Transports(transports::TransportSettings),
    /// Many open connections, and then one message to all
    Idle(waiting::WaitingSettings),
}
