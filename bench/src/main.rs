//! `hubbub-bench`, called by `make bench`: starts Hubbub and its peers one after the other on one core, loads them from
//! another core, and prints the figures. It uses Hubbub's protocol and sync engine and no other part of it.

mod chart;
mod checker;
mod cost;
mod crowd;
mod dialect;
mod floor;
mod frame;
mod growth;
mod handshake;
mod histogram;
mod http;
mod introduction;
mod kernel;
mod long_history;
mod message;
mod poller;
mod report;
mod run;
mod scenario;
mod server_process;
mod session;
mod settings;
mod socket;
mod subject;
mod transports;
mod waiting;

use std::io::{Write, stderr, stdout};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Parser;

use kernel::Cores;
use report::publish;
use server_process::Environment;
use settings::{OtherMeasurement, Settings};

fn main() -> ExitCode {
    let settings = Settings::parse();
    let outcome = match settings.serve_floor {
        Some(address) => floor::serve(address).map(|()| ExitCode::SUCCESS).context("the floor"),
        None => measure(&settings),
    };
    outcome.unwrap_or_else(|error| {
        // If standard error is closed, nobody can read the message.
        let _ = writeln!(stderr(), "hubbub-bench: {error:#}");
        ExitCode::FAILURE
    })
}

/// Runs the measurement that was asked for. Fails when a message was lost, doubled, swapped or foreign, or when something
/// could not be measured. A missed target is only printed.
fn measure(settings: &Settings) -> Result<ExitCode> {
    let environment = Environment {
        hubbub: settings.server.clone(),
        peers: settings.peers.clone(),
        scratch: settings.scratch.clone(),
        cores: Cores::of_this_machine()?,
    };
    let mut say = |what: &str| drop(writeln!(stderr(), "  {what}"));
    let mut out = stdout().lock();
    let results = &settings.results;
    let is_good = match &settings.instead {
        None => publish(&run::run(settings, &environment, &mut say)?, results, &mut out)?,
        Some(OtherMeasurement::Transports(settings)) => {
            let figures = transports::run(settings, &environment, &mut say)?;
            let is_good = publish(&figures, results, &mut out)?;
            transports::draw(&figures, settings)?;
            is_good
        }
        Some(OtherMeasurement::Idle(settings)) => {
            publish(&waiting::run(settings, &environment, &mut say)?, results, &mut out)?
        }
    };
    Ok(if is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
