//! The binary: reads the settings, opens the store, binds the port, and serves until it is told to stop; or looks at
//! another server. The only file that names a store or a bus.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use clap::Parser;
use hubbub::bus::LocalBus;
use hubbub::config::{Command, Config};
use hubbub::store::sqlite::SqliteStore;
use hubbub::{doctor, http, limits, serve, telemetry};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

/// It could not start: a setting is wrong, or what a setting names can't be used. clap exits with the same.
const COULD_NOT_START: u8 = 2;

#[tokio::main]
async fn main() -> ExitCode {
    let config = Config::parse();
    if let Some(Command::Doctor(asked)) = &config.command {
        return doctor::run(asked).await;
    }
    let outcome = match start(&config).await {
        Ok((listener, store)) => run(&config, listener, store).await.map_err(|error| (ExitCode::FAILURE, error)),
        Err(error) => Err((ExitCode::from(COULD_NOT_START), error)),
    };
    outcome.err().map_or(ExitCode::SUCCESS, |(code, error)| {
        eprintln!("hubbub: {error:#}");
        code
    })
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
    let stop = told_to_stop().context("signals can't be heard")?;
    tracing::info!("open http://{}", listener.local_addr().context("the port that was bound")?);
    serve::serve(config, listener, Arc::new(store), Arc::new(LocalBus::default()), stop).await?;
    Ok(())
}

fn told_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
