//! `hubbub-bench idle`: which server, over what, how many. `main` calls it with the settings.

use std::time::Duration;

use anyhow::{Context, Result};

use super::figures::{Figures, Size, Storm};
use super::measure::{Arrival, Asked, measure};
use super::settings::Settings;
use crate::kernel;
use crate::server_process::{Kind, Places};
use crate::subject::Subject;

/// Measures all of it.
pub(crate) fn run(settings: &Settings, places: &Places, say: &mut dyn FnMut(&str)) -> Result<Figures> {
    let most_descriptors = kernel::most_descriptors();
    kernel::raise_descriptor_limit(0)?;
    kernel::stay_on(places.cores.generator)?;
    let mut figures = Figures::new(settings, places.cores, most_descriptors);
    for &transport in &settings.transports {
        for n_connections in settings.sizes(most_descriptors) {
            say(&format!("{n_connections} connections: {}", transport.name()));
            places.clear_data()?;
            let message_bytes = settings.message_bytes;
            let mut measure = |arrival, window| {
                let asked = Asked { transport, n_connections, arrival, window, message_bytes };
                let subject = Subject::start(Kind::Hubbub, places, settings.people.min(n_connections))?;
                let (waiting, faults) = measure(&subject, asked).with_context(|| format!("{asked:?}"))?;
                figures.add_faults(&waiting, &faults);
                subject.server.stop().map(|()| waiting)
            };
            let waiting = measure(Arrival::AFewAtATime, Duration::from_secs(settings.seconds))?;
            places.clear_data()?;
            let storm = measure(Arrival::Storm, Duration::ZERO)?;
            figures.sizes.push(Size { waiting, storm: Storm::from(storm) });
        }
    }
    places.clear_data()?;
    figures.judge();
    Ok(figures)
}
