//! `hubbub-bench`, called by `make bench`: starts Hubbub and its peers one after the other on one core, loads them from
//! the other, and prints what they took. It knows Hubbub only by its protocol and its sync engine.

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
use report::hand_in;
use server_process::Places;
use settings::{Instead, Settings};

fn main() -> ExitCode {
    let settings = Settings::parse();
    let outcome = match settings.serve_floor {
        Some(address) => floor::serve(address).map(|()| ExitCode::SUCCESS).context("the floor"),
        None => measure(&settings),
    };
    outcome.unwrap_or_else(|error| {
        // With standard error closed there is no one left to tell.
        let _ = writeln!(stderr(), "hubbub-bench: {error:#}");
        ExitCode::FAILURE
    })
}

/// Fails when a promise was broken (a message lost, doubled, swapped or foreign) or something could not be measured. A
/// missed target is only printed.
fn measure(settings: &Settings) -> Result<ExitCode> {
    let places = Places {
        hubbub: settings.server.clone(),
        peers: settings.peers.clone(),
        scratch: settings.scratch.clone(),
        cores: Cores::of_this_machine()?,
    };
    let mut say = |what: &str| drop(writeln!(stderr(), "  {what}"));
    let mut out = stdout().lock();
    let results = &settings.results;
    let is_good = match &settings.instead {
        None => hand_in(&run::run(settings, &places, &mut say)?, results, &mut out)?,
        Some(Instead::Transports(asked)) => {
            let figures = transports::run(asked, &places, &mut say)?;
            let is_good = hand_in(&figures, results, &mut out)?;
            transports::draw(&figures, asked)?;
            is_good
        }
        Some(Instead::Idle(asked)) => hand_in(&waiting::run(asked, &places, &mut say)?, results, &mut out)?,
    };
    Ok(if is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
