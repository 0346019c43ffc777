//! `hubbub-bench idle`: measures each number of connections over each transport. `main` calls it with the settings.

use std::time::Duration;

use anyhow::{Context, Result};

use super::figures::{Size, Storm, WaitingReport};
use super::measure::{Arrival, WaitingPlan, measure};
use super::settings::WaitingSettings;
use crate::kernel;
use crate::server_process::{Environment, Kind};
use crate::subject::Subject;

/// Measures everything.
pub(crate) fn run(
    settings: &WaitingSettings,
    environment: &Environment,
    say: &mut dyn FnMut(&str),
) -> Result<WaitingReport> {
    let most_descriptors = kernel::most_descriptors();
    kernel::raise_descriptor_limit(0)?;
    kernel::stay_on(environment.cores.generator)?;
    let mut figures = WaitingReport::new(settings, environment.cores, most_descriptors);
    for &transport in &settings.transports {
        for n_connections in settings.sizes(most_descriptors) {
            say(&format!("{n_connections} connections: {}", transport.name()));
            environment.clear_data()?;
            let message_bytes = settings.message_bytes;
            let mut measure = |arrival, window| {
                let plan = WaitingPlan { transport, n_connections, arrival, window, message_bytes };
                let subject = Subject::start(Kind::Hubbub, environment, settings.people.min(n_connections))?;
                let (waiting, faults) = measure(&subject, plan).with_context(|| format!("{plan:?}"))?;
                figures.add_faults(&waiting, &faults);
                subject.server.stop().map(|()| waiting)
            };
            let waiting = measure(Arrival::AFewAtATime, Duration::from_secs(settings.seconds))?;
            environment.clear_data()?;
            let storm = measure(Arrival::Storm, Duration::ZERO)?;
            figures.sizes.push(Size { waiting, storm: Storm::from(storm) });
        }
    }
    environment.clear_data()?;
    figures.judge();
    Ok(figures)
}
