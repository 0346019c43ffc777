//! The binary: reads the settings and runs the server until a signal stops it, or runs a command. The only file that
//! names a store or a bus.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use clap::Parser;
use hubbub::bus::LocalBus;
use hubbub::config::{Command, Config};
use hubbub::store::sqlite::{self, SqliteStore};
use hubbub::{doctor, http, limits, report, serve, signals, telemetry};
use tokio::net::TcpListener;

/// The exit code when the server can't start: a setting is wrong, or names something that can't be used. clap exits
/// with the same code.
const COULD_NOT_START: u8 = 2;

#[tokio::main]
async fn main() -> ExitCode {
    let config = Config::parse();
    match &config.command {
        Some(Command::Doctor(args)) => doctor::run(args).await,
        Some(Command::Backup { file }) => report::command(sqlite::backup(&config.data, file).await),
        Some(Command::Restore { backup }) => report::command(sqlite::restore(&config.data, backup).await),
        Some(Command::AcceptLoss) => report::command(sqlite::accept_loss(&config.data).await),
        None => serve(&config).await,
    }
}

async fn serve(config: &Config) -> ExitCode {
    let (listener, store) = match start(config).await {
        Ok(started) => started,
        Err(error) => return report::failure(&format!("{error:#}"), ExitCode::from(COULD_NOT_START)),
    };
    let outcome = run(config, listener, store).await;
    outcome.map_or_else(|error| report::failure(&format!("{error:#}"), ExitCode::FAILURE), |()| ExitCode::SUCCESS)
}

async fn start(config: &Config) -> anyhow::Result<(TcpListener, SqliteStore)> {
    telemetry::start(&config.log, config.log_format)?;
    limits::raise_descriptors();
    let listener = http::listener::bind(config.listen)
        .with_context(|| format!("can't listen on {} (another address: --listen)", config.listen))?;
    let store = SqliteStore::open(&config.data).await?;
    Ok((listener, store))
}

async fn run(config: &Config, listener: TcpListener, store: SqliteStore) -> anyhow::Result<()> {
    let stop = signals::stop().context("can't listen for signals")?;
    tracing::info!("open http://{}", listener.local_addr().context("the port that was bound")?);
    serve::serve(config, listener, Arc::new(store), Arc::new(LocalBus::default()), stop).await?;
    Ok(())
}
