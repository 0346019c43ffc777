//! `hubbub-bench transports`: each transport on a fresh server, at each rate, and then how many connections the blocking
//! servers hold. `main` calls it with the settings.

use std::time::Duration;

use anyhow::{Context, Result};

use super::ceiling;
use super::figures::{MeasuredTransport, TransportFigures, TransportReport};
use super::rate::{self, Rate};
use super::settings::TransportSettings;
use crate::checker::Fault;
use crate::crowd::Crowd;
use crate::growth::Growth;
use crate::kernel;
use crate::server_process::{Environment, Kind};
use crate::subject::Subject;

/// Presence is sent at most once a second, and polls receive it within five: after this time everyone has received the presence.
const SETTLE: Duration = Duration::from_secs(8);

/// Measures everything.
pub(crate) fn run(
    settings: &TransportSettings,
    environment: &Environment,
    say: &mut dyn FnMut(&str),
) -> Result<TransportReport> {
    kernel::raise_descriptor_limit(settings.people as u64 + 100)?;
    kernel::stay_on(environment.cores.generator)?;
    let mut figures = TransportReport::new(settings, environment.cores);
    for measured in MeasuredTransport::ALL {
        environment.clear_data()?;
        let (transport_figures, faults) =
            measure(measured, settings, environment, say).with_context(|| measured.name().to_owned())?;
        figures.faults.extend(faults.iter().map(|fault| format!("{}: {fault}", measured.name())));
        figures.transports.push(transport_figures);
    }
    environment.clear_data()?;
    for kind in [Kind::Threads, Kind::Processes] {
        say(&format!("how many {} holds", kind.name()));
        let descriptors = kernel::most_descriptors();
        figures.ceilings.push(ceiling::find(
            kind,
            &settings.ceiling,
            settings.message_bytes,
            descriptors,
            environment,
        )?);
    }
    figures.judge();
    Ok(figures)
}

fn measure(
    measured: MeasuredTransport,
    settings: &TransportSettings,
    environment: &Environment,
    say: &mut dyn FnMut(&str),
) -> Result<(TransportFigures, Vec<Fault>)> {
    let subject = Subject::start(measured.kind, environment, settings.people)?;
    let before = subject.server.memory_bytes()?;
    let mut crowd = Crowd::gather(&subject.plan(measured.transport, settings.people, settings.message_bytes))?;
    crowd.run_for(SETTLE)?;
    let memory = Growth::since(before, &subject.server, &crowd)?;
    let mut at = Vec::new();
    for rate in Rate::ALL {
        say(&format!("{}: {}, for {} s", measured.name(), rate.name(), settings.seconds));
        at.push(rate::measure(&mut crowd, &subject.server, rate, Duration::from_secs(settings.seconds))?);
    }
    let faults = crowd.finish()?;
    subject.server.stop()?;
    Ok((TransportFigures { measured, kb_per_person: memory.kb_each, at }, faults))
}
