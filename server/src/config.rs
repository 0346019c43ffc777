//! The settings and commands of the binary. The doc comment of each field is its help text. Parsed once, by `main`.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use clap::{Parser, Subcommand, ValueEnum};

use crate::doctor::DoctorArgs;
use crate::http::PublicOrigin;

/// Self-hosted chat that opens in a browser: one binary, one data folder.
#[derive(Clone, Debug, Parser)]
#[command(name = "hubbub", version, about)]
pub struct Config {
    /// The command to run instead of the server.
    #[command(subcommand)]
    pub command: Option<Command>,

    /// Address and port to listen on
    #[arg(long, env = "HUBBUB_LISTEN", value_name = "ADDRESS:PORT", default_value = "127.0.0.1:3000")]
    pub listen: SocketAddr,

    /// Folder of the database; created if it doesn't exist
    #[arg(long, env = "HUBBUB_DATA", value_name = "FOLDER", default_value = "./data", global = true)]
    pub data: PathBuf,

    /// Origin of the site as browsers see it, such as https://chat.example.org. Needed behind a proxy; https makes
    /// cookies Secure
    #[arg(long, env = "HUBBUB_PUBLIC_ORIGIN", value_name = "ORIGIN")]
    pub public_origin: Option<PublicOrigin>,

    /// Address of a proxy whose X-Forwarded-For is used; may be repeated, or given as a list with commas
    #[arg(long = "trusted-proxy", env = "HUBBUB_TRUSTED_PROXIES", value_name = "ADDRESS", value_delimiter = ',')]
    pub trusted_proxies: Vec<IpAddr>,

    /// Days after which an unused session expires
    #[arg(long, env = "HUBBUB_SESSION_DAYS", value_name = "DAYS", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=3650))]
    pub session_days: u32,

    /// Messages that a person may post in a minute; a room that they create counts as one. 0: no limit
    #[arg(long, env = "HUBBUB_POSTS_PER_MINUTE", value_name = "N", default_value_t = 100)]
    pub posts_per_minute: u32,

    /// Edits, deletions, reactions and pins that a person may make in a minute. 0: no limit
    #[arg(long, env = "HUBBUB_CHANGES_PER_MINUTE", value_name = "N", default_value_t = 200)]
    pub changes_per_minute: u32,

    /// Rooms that a person may open and pages of history that they may read in a minute. 0: no limit
    #[arg(long, env = "HUBBUB_READS_PER_MINUTE", value_name = "N", default_value_t = 300)]
    pub reads_per_minute: u32,

    /// Requests of a person's polling tabs in a minute. 0: no limit
    #[arg(long, env = "HUBBUB_POLLS_PER_MINUTE", value_name = "N", default_value_t = 3000)]
    pub polls_per_minute: u32,

    /// Factor by which the limits of one address exceed those of one person for posts, changes, reads and polls. 0: no limit
    #[arg(long, env = "HUBBUB_PEOPLE_PER_ADDRESS", value_name = "N", default_value_t = 10)]
    pub people_per_address: u32,

    /// Sessions that one address may start in ten minutes. 0: no limit
    #[arg(long, env = "HUBBUB_SESSIONS_PER_ADDRESS", value_name = "N", default_value_t = 100)]
    pub sessions_per_address: u32,

    /// WebSockets and polling tabs that a person may have open. 0: no limit
    #[arg(long, env = "HUBBUB_SOCKETS_PER_PERSON", value_name = "N", default_value_t = 10)]
    pub sockets_per_person: usize,

    /// WebSockets and polling tabs that an address may have open. 0: no limit
    #[arg(long, env = "HUBBUB_SOCKETS_PER_ADDRESS", value_name = "N", default_value_t = 50)]
    pub sockets_per_address: usize,

    /// Seconds after which the server answers a long-polling request without events, at most 60; less than the timeout
    /// of a proxy in front
    #[arg(long, env = "HUBBUB_LONGEST_WAIT", value_name = "SECONDS", default_value_t = 55, value_parser = clap::value_parser!(u32).range(1..=60))]
    pub longest_wait: u32,

    /// Filter of the log: error, warn, info, debug, trace, or a list such as hubbub=debug,info
    #[arg(long, env = "HUBBUB_LOG", value_name = "FILTER", default_value = "info")]
    pub log: String,

    /// Format of the log
    #[arg(long, env = "HUBBUB_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text)]
    pub log_format: LogFormat,
}

/// The commands of the binary besides running the server.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Checks a running server through its proxy, and names what to change in the configuration
    Doctor(DoctorArgs),

    /// Copies the database of the data folder into a new file, also while the server runs, and checks the copy
    Backup {
        /// The file to write; one that exists is never overwritten
        file: PathBuf,
    },

    /// Puts a backup in the place of the database of the data folder; the server must be stopped
    Restore {
        /// A file that `hubbub backup` wrote, or any whole copy of a database
        backup: PathBuf,
    },

    /// Goes on with a database that has lost messages, after the server has refused to; the server must be stopped
    AcceptLoss,
}

/// The format of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// Text for people
    Text,
    /// JSON for programs, one object a line
    Json,
}

impl Config {
    /// [`Config::session_days`] as a duration.
    #[must_use]
    pub fn session_lifetime(&self) -> Duration {
        Duration::from_secs(u64::from(self.session_days) * 24 * 60 * 60)
    }

    /// [`Config::longest_wait`] as a duration.
    #[must_use]
    pub fn longest_wait(&self) -> Duration {
        Duration::from_secs(u64::from(self.longest_wait))
    }
}
