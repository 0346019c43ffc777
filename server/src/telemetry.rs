//! The log: to standard error, as text or JSON. What is never in it: bodies, tokens, names and addresses.

use std::io::IsTerminal;

use thiserror::Error;
use tracing_subscriber::EnvFilter;

use crate::config::LogFormat;

/// At `trace` the library writes out every frame that it reads, bodies and all: nobody is to read those in a log,
/// whatever level they ask for.
const NO_BODIES: &str = "tungstenite=info";

/// Why the log can't start.
#[derive(Debug, Error)]
#[error("{filter:?} is not a filter for the log, such as info or hubbub=debug,info: {why}")]
pub struct BadFilter {
    filter: String,
    why: String,
}

/// Starts the log. Called once, by `main`.
///
/// # Errors
/// When the filter can't be read.
pub fn start(filter: &str, format: LogFormat) -> Result<(), BadFilter> {
    let parsed =
        EnvFilter::try_new(filter).map_err(|error| BadFilter { filter: filter.to_owned(), why: error.to_string() })?;
    let parsed = parsed.add_directive(NO_BODIES.parse().expect("a fixed text that is a directive"));
    let log = tracing_subscriber::fmt().with_env_filter(parsed).with_writer(std::io::stderr);
    match format {
        LogFormat::Text => log.with_ansi(std::io::stderr().is_terminal()).init(),
        LogFormat::Json => log.json().init(),
    }
    Ok(())
}
