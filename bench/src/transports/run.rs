//! `hubbub-bench transports`: each way on a fresh server, at each rate, and then how many the old web's servers hold.
//! `main` calls it with the settings.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use super::ceiling;
use super::figures::{Figures, OfWay, Way};
use super::rate::{self, Rate};
use super::settings::Settings;
use super::{page, table};
use crate::checker::Fault;
use crate::crowd::{Crowd, Plan, Release};
use crate::dialect::Dialect;
use crate::kernel;
use crate::report::write_json;
use crate::server_process::{Kind, Places};
use crate::subject::Subject;

/// Most connections that are on their way into the room at a time.
const AT_ONCE: usize = 256;
/// Presence is told at most once a second, and who polls hears of it within five: then all have been told who came.
const SETTLE: Duration = Duration::from_secs(8);
const TURN: Duration = Duration::from_millis(10);

/// Measures, prints and writes all of it. Gives where the figures are, and whether all went well.
pub(crate) fn run(
    settings: &Settings,
    results: &Path,
    places: &Places,
    say: &mut dyn FnMut(&str),
    out: &mut impl Write,
) -> Result<(PathBuf, bool)> {
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
    table::print(&figures, out)?;
    if let Some(folder) = &settings.page {
        page::write(&figures, folder)?;
    }
    let path = write_json(results, &format!("transports-{}", figures.taken_at_unix_s), &figures)?;
    Ok((path, figures.faults.is_empty()))
}

#[expect(clippy::cast_precision_loss, reason = "bytes of memory, far below 2^52")]
fn measure(way: Way, settings: &Settings, places: &Places, say: &mut dyn FnMut(&str)) -> Result<(OfWay, Vec<Fault>)> {
    let subject = Subject::start(way.kind, places, settings.people)?;
    let before = subject.server.memory_bytes()?;
    let mut crowd = Crowd::gather(&plan(way, settings, &subject))?;
    let settled = Instant::now() + SETTLE;
    while Instant::now() < settled {
        crowd.turn(TURN)?;
    }
    let grown = subject.server.memory_bytes()? as f64 - before as f64;
    let mut at = Vec::new();
    for rate in Rate::ALL {
        say(&format!("{}: {}, for {} s", way.name(), rate.name(), settings.seconds));
        at.push(rate::measure(&mut crowd, &subject.server, rate, Duration::from_secs(settings.seconds))?);
    }
    let faults = crowd.disperse()?;
    subject.server.stop()?;
    Ok((OfWay { way, kb_per_person: grown / 1024.0 / settings.people as f64, at }, faults))
}

fn plan<'a>(way: Way, settings: &Settings, subject: &'a Subject) -> Plan<'a> {
    Plan {
        server: subject.server.address,
        dialect: subject.dialect,
        sessions: &subject.sessions,
        n_connections: settings.people,
        at_once: AT_ONCE,
        n_engines_each: 0,
        body_bytes: settings.message_bytes,
        release: if subject.dialect == Dialect::Relay { Release::AtDelivery } else { Release::AtAck },
        transport: way.transport,
    }
}
