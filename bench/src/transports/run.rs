//! `hubbub-bench transports`: each way on a fresh server, at each rate, and then how many the old web's servers hold.
//! `main` calls it with the settings.

use std::time::Duration;

use anyhow::{Context, Result};

use super::ceiling;
use super::figures::{Figures, OfWay, Way};
use super::rate::{self, Rate};
use super::settings::Settings;
use crate::checker::Fault;
use crate::crowd::Crowd;
use crate::growth::Growth;
use crate::kernel;
use crate::server_process::{Kind, Places};
use crate::subject::Subject;

/// Presence is told at most once a second, and who polls hears of it within five: then all have been told who came.
const SETTLE: Duration = Duration::from_secs(8);

/// Measures all of it.
pub(crate) fn run(settings: &Settings, places: &Places, say: &mut dyn FnMut(&str)) -> Result<Figures> {
    kernel::raise_descriptor_limit(settings.people as u64 + 100)?;
    kernel::stay_on(places.cores.generator)?;
    let mut figures = Figures::new(settings, places.cores);
    for way in Way::ALL {
        places.clear_data()?;
        let (of_way, faults) = measure(way, settings, places, say).with_context(|| way.name().to_owned())?;
        figures.faults.extend(faults.iter().map(|fault| format!("{}: {fault}", way.name())));
        figures.ways.push(of_way);
    }
    places.clear_data()?;
    for kind in [Kind::Threads, Kind::Processes] {
        say(&format!("how many {} holds", kind.name()));
        let descriptors = kernel::most_descriptors();
        figures.ceilings.push(ceiling::find(kind, &settings.ceiling, settings.message_bytes, descriptors, places)?);
    }
    figures.judge();
    Ok(figures)
}

fn measure(way: Way, settings: &Settings, places: &Places, say: &mut dyn FnMut(&str)) -> Result<(OfWay, Vec<Fault>)> {
    let subject = Subject::start(way.kind, places, settings.people)?;
    let before = subject.server.memory_bytes()?;
    let mut crowd = Crowd::gather(&subject.plan(way.transport, settings.people, settings.message_bytes))?;
    crowd.turn_for(SETTLE)?;
    let memory = Growth::since(before, &subject.server, &crowd)?;
    let mut at = Vec::new();
    for rate in Rate::ALL {
        say(&format!("{}: {}, for {} s", way.name(), rate.name(), settings.seconds));
        at.push(rate::measure(&mut crowd, &subject.server, rate, Duration::from_secs(settings.seconds))?);
    }
    let faults = crowd.disperse()?;
    subject.server.stop()?;
    Ok((OfWay { way, kb_per_person: memory.kb_each, at }, faults))
}
