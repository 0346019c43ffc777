//! The picture of docs/transports.md: the cost of each transport, one panel for each figure.

use super::figures::{TransportFigures, TransportReport};
use super::rate::{Rate, RateFigures};
use crate::chart::{Chart, Mark, Panel, Row};

pub(super) fn draw(figures: &TransportReport) -> String {
    let settings = &figures.settings;
    let title = format!("{} people in one room, {} s for each rate of messages", settings.people, settings.seconds);
    let panels = vec![
        panel(figures, "Server CPU: µs a person a second", |at| (at.cost.cpu_us_per_person_per_s, None)),
        panel(figures, "Traffic: bytes a person a minute, both directions", |at| {
            (at.cost.bytes_per_person_per_minute, None)
        }),
        panel(figures, "Delivery: ms, from p50 to p99", |at| (at.latency.p50_ms, Some(at.latency.p99_ms))),
        memory(figures),
    ];
    let series = Rate::ALL.map(|rate| format!("{} in the room", rate.name())).to_vec();
    Chart { title, series, panels }.draw()
}

fn panel(figures: &TransportReport, title: &str, figure: impl Fn(&RateFigures) -> (f64, Option<f64>)) -> Panel {
    let mark = |at: &RateFigures| {
        let (value, until) = figure(at);
        Mark { series: Rate::ALL.iter().position(|rate| *rate == at.rate), value, until }
    };
    let row =
        |of: &TransportFigures| Row { name: of.measured.name().to_owned(), marks: of.at.iter().map(mark).collect() };
    Panel { title: title.to_owned(), rows: figures.transports.iter().map(row).collect() }
}

fn memory(figures: &TransportReport) -> Panel {
    let row = |of: &TransportFigures| {
        let mark = Mark { series: None, value: of.kb_per_person, until: None };
        Row { name: of.measured.name().to_owned(), marks: vec![mark] }
    };
    Panel { title: "Server memory: KB a person".to_owned(), rows: figures.transports.iter().map(row).collect() }
}
