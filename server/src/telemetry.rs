//! Starts the log: on standard error, as text or JSON. The log never holds bodies, tokens, names or addresses. Called by
//! `main`.

use std::io::IsTerminal;

use thiserror::Error;
use tracing_subscriber::EnvFilter;

use crate::config::LogFormat;

/// At `trace` the WebSocket library logs every frame with its body. This directive keeps it from that, whatever filter
/// the operator sets.
const NO_BODIES: &str = "tungstenite=info";

/// The filter of the log can't be parsed.
#[derive(Debug, Error)]
#[error("{filter:?} is not a filter for the log, such as info or hubbub=debug,info: {why}")]
pub struct BadFilter {
    filter: String,
    why: String,
}

/// Starts the log. Called once, by `main`.
///
/// # Errors
/// When the filter can't be parsed.
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
