//! Every setting: a field whose doc comment is its help text. Read once, by `main`.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use clap::{Parser, Subcommand, ValueEnum};

use crate::doctor::Asked;
use crate::http::PublicOrigin;

/// Self-hosted chat that opens in a browser: one binary, one data folder.
#[derive(Clone, Debug, Parser)]
#[command(name = "hubbub", version, about)]
pub struct Config {
    /// What to do instead of serving.
    #[command(subcommand)]
    pub command: Option<Command>,

    /// Address and port to listen on
    #[arg(long, env = "HUBBUB_LISTEN", value_name = "ADDRESS:PORT", default_value = "127.0.0.1:3000")]
    pub listen: SocketAddr,

    /// Folder that holds everything there is to keep; created if it isn't there
    #[arg(long, env = "HUBBUB_DATA", value_name = "FOLDER", default_value = "./data")]
    pub data: PathBuf,

    /// Where browsers find the site, such as https://chat.example.org, when that isn't simply the address it listens
    /// on; https makes cookies Secure
    #[arg(long, env = "HUBBUB_PUBLIC_ORIGIN", value_name = "ORIGIN")]
    pub public_origin: Option<PublicOrigin>,

    /// Address of a proxy whose X-Forwarded-For is believed; may be given several times, or with commas between
    #[arg(long = "trusted-proxy", env = "HUBBUB_TRUSTED_PROXIES", value_name = "ADDRESS", value_delimiter = ',')]
    pub trusted_proxies: Vec<IpAddr>,

    /// Days that a session lives while nobody uses it
    #[arg(long, env = "HUBBUB_SESSION_DAYS", value_name = "DAYS", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=3650))]
    pub session_days: u32,

    /// Messages that a person may post in a minute, and rooms that they make counted with them; 0 for any number
    #[arg(long, env = "HUBBUB_POSTS_PER_MINUTE", value_name = "N", default_value_t = 100)]
    pub posts_per_minute: u32,

    /// Rooms that a person may open and pages of history that they may read in a minute; 0 for any number
    #[arg(long, env = "HUBBUB_READS_PER_MINUTE", value_name = "N", default_value_t = 300)]
    pub reads_per_minute: u32,

    /// Requests that a person's tabs may make in a minute where they poll instead of holding a socket; 0 for any number
    #[arg(long, env = "HUBBUB_POLLS_PER_MINUTE", value_name = "N", default_value_t = 3000)]
    pub polls_per_minute: u32,

    /// How many times as much as one person may post, read and poll the people at one address may together; 0 for any
    #[arg(long, env = "HUBBUB_PEOPLE_PER_ADDRESS", value_name = "N", default_value_t = 10)]
    pub people_per_address: u32,

    /// Names that may be taken from one address in ten minutes, all of them at once or spread out; 0 for any number
    #[arg(long, env = "HUBBUB_SESSIONS_PER_ADDRESS", value_name = "N", default_value_t = 100)]
    pub sessions_per_address: u32,

    /// Sockets that a person may hold, or tabs that poll instead; 0 for any number
    #[arg(long, env = "HUBBUB_SOCKETS_PER_PERSON", value_name = "N", default_value_t = 10)]
    pub sockets_per_person: usize,

    /// Sockets that an address may hold, or tabs that poll instead; 0 for any number
    #[arg(long, env = "HUBBUB_SOCKETS_PER_ADDRESS", value_name = "N", default_value_t = 50)]
    pub sockets_per_address: usize,

    /// Seconds that a request may wait for news, of a browser that can't hold a socket; 60 at most, and less than any
    /// proxy waits that stands before the server
    #[arg(long, env = "HUBBUB_LONGEST_WAIT", value_name = "SECONDS", default_value_t = 55, value_parser = clap::value_parser!(u32).range(1..=60))]
    pub longest_wait: u32,

    /// What is logged: error, warn, info, debug or trace, or a filter such as hubbub=debug,info
    #[arg(long, env = "HUBBUB_LOG", value_name = "FILTER", default_value = "info")]
    pub log: String,

    /// How it is logged
    #[arg(long, env = "HUBBUB_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text)]
    pub log_format: LogFormat,
}

/// What the binary does besides serving.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Looks at a running Hubbub through whatever stands before it, and says what is wrong and how to mend it
    Doctor(Asked),
}

/// How lines of the log look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people
    Text,
    /// For programs: one JSON object a line
    Json,
}

impl Config {
    /// [`Config::session_days`] as time.
    #[must_use]
    pub fn session_lifetime(&self) -> Duration {
        Duration::from_secs(u64::from(self.session_days) * 24 * 60 * 60)
    }

    /// [`Config::longest_wait`] as time.
    #[must_use]
    pub fn longest_wait(&self) -> Duration {
        Duration::from_secs(u64::from(self.longest_wait))
    }
}
