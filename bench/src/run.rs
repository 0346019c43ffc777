//! The run of `make bench`: measures each server in each scenario. `main` calls it with the settings and gets the report.

use std::fs;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::crowd::{Crowd, CrowdPlan, Mix, Release, Transport};
use crate::dialect::Dialect;
use crate::introduction::{head_of, introduce};
use crate::kernel::{self, Machine};
use crate::long_history;
use crate::report::{Durable, FanOut, HubbubFigures, Lone, Paced, Report, Round, median};
use crate::scenario::rooms::{N_PEOPLE_EACH, N_ROOMS};
use crate::scenario::{first_load, flood, handshakes, idle, lone, opening, paced, rooms, storm};
use crate::server_process::{Environment, Kind, Server};
use crate::session::make_rooms;
use crate::settings::{RunPart, Settings};
use crate::subject::Subject;

/// Measures everything.
pub(crate) fn run(settings: &Settings, environment: &Environment, say: &mut dyn FnMut(&str)) -> Result<Report> {
    kernel::raise_descriptor_limit(settings.idle.max(settings.receivers) as u64 + 100)?;
    kernel::stay_on(environment.cores.generator)?;
    environment.clear_data()?;

    let mut report = Report::new(Machine::describe(environment.cores), settings.clone());
    let mut stage = Stage { settings, environment, report: &mut report, say };
    let outcome = stage.everything();
    fs::remove_dir_all(environment.scratch.join("data"))?;
    report.judge();
    outcome.map(|()| report)
}

struct Stage<'a> {
    settings: &'a Settings,
    environment: &'a Environment,
    report: &'a mut Report,
    say: &'a mut dyn FnMut(&str),
}

impl Stage<'_> {
    fn everything(&mut self) -> Result<()> {
        let mut subjects = Vec::new();
        for &kind in &self.settings.kinds {
            (self.say)(&format!("starting {}", kind.name()));
            subjects.push(Subject::start(kind, self.environment, self.settings.people)?);
        }
        // Round by round and not server by server, so that a machine that becomes slower affects all servers alike.
        let n_rounds = if self.settings.measures(RunPart::FanOut) { self.settings.rounds } else { 0 };
        for round in 1..=n_rounds {
            for subject in &subjects {
                (self.say)(&format!("round {round} of {n_rounds}: {}", subject.server.kind.name()));
                let figures = self.round(subject)?;
                self.report.add_round(subject.server.kind, figures);
            }
        }
        for subject in &subjects {
            if subject.server.kind == Kind::Hubbub && self.settings.measures(RunPart::Durable) {
                self.only_hubbub(subject)?;
            }
            if matches!(subject.server.kind, Kind::Hubbub | Kind::Floor) && self.settings.measures(RunPart::SmallRooms)
            {
                self.rooms(subject)?;
            }
        }
        for subject in subjects {
            let subject = self.restart(subject)?;
            let is_storm = subject.server.kind != Kind::Floor && self.settings.measures(RunPart::Storm);
            let subject = if is_storm { self.storm(subject)? } else { subject };
            if self.settings.measures(RunPart::Idle) {
                self.idle(&subject)?;
            }
            if subject.server.kind == Kind::Hubbub && self.settings.measures(RunPart::Opening) {
                self.opening(subject)?;
            }
        }
        Ok(())
    }

    fn plan<'a>(&self, subject: &'a Subject, n_connections: usize, release: Release) -> CrowdPlan<'a> {
        let plan = subject.plan(Transport::WebSocket, n_connections, self.settings.message_bytes);
        CrowdPlan { n_engines_each: self.settings.engines, release, ..plan }
    }

    fn window(&self) -> Duration {
        Duration::from_secs(self.settings.seconds)
    }

    /// Measures the fan-out of posts, and at Hubbub also with edits and reactions among them.
    fn round(&mut self, subject: &Subject) -> Result<Round> {
        let posts = self.fan_out(subject, Mix::Posts)?;
        let is_hubbub = subject.server.kind == Kind::Hubbub;
        let operations = if is_hubbub { Some(self.fan_out(subject, Mix::Operations)?) } else { None };
        Ok(Round { posts, operations })
    }

    /// Measures the saturated fan-out, then one message in flight.
    fn fan_out(&mut self, subject: &Subject, mix: Mix) -> Result<FanOut> {
        let plan = CrowdPlan { mix, ..self.plan(subject, self.settings.receivers, Release::AtDelivery) };
        let mut crowd = Crowd::gather(&plan)?;
        let saturated = flood::run(&mut crowd, &subject.server, self.settings.senders, self.window())?;
        self.report.add_faults(subject.server.kind, crowd.finish()?);
        // The first connection posts; without an engine it also edits and reacts.
        let plan = CrowdPlan { n_engines_each: if mix == Mix::Posts { plan.n_engines_each } else { 0 }, ..plan };
        let mut crowd = Crowd::gather(&plan)?;
        let (cost, latency) = lone::run(&mut crowd, &subject.server, self.window())?;
        self.report.add_faults(subject.server.kind, crowd.finish()?);
        Ok(FanOut { saturated, lone: Lone { cost, latency } })
    }

    /// Measures what the peers don't have.
    fn only_hubbub(&mut self, hubbub: &Subject) -> Result<()> {
        (self.say)("Hubbub: durable operations");
        let plan = CrowdPlan {
            n_engines_each: 0,
            mix: Mix::Operations,
            ..self.plan(hubbub, self.settings.senders, Release::AtAck)
        };
        let mut crowd = Crowd::gather(&plan)?;
        let durable = flood::run(&mut crowd, &hubbub.server, self.settings.senders, self.window())?;
        self.report.add_faults(Kind::Hubbub, crowd.finish()?);

        let half_of_saturation = self.half_of_saturation(hubbub)?;

        (self.say)("Hubbub: handshakes at once, first load");
        let first_load = first_load::run(hubbub.server.address, &hubbub.sessions[0]);
        let first_load = first_load.map_err(|error| self.report.add_failure(format!("first load: {error:#}"))).ok();
        self.report.hubbub = Some(HubbubFigures {
            durable: Durable { n_senders: self.settings.senders, cost: durable },
            half_of_saturation,
            handshakes: handshakes::run(&hubbub.server, &hubbub.sessions, self.settings.handshakes)?,
            first_load,
        });
        Ok(())
    }

    /// Measures the latency at half of the rate that the rounds reached. None without rounds.
    fn half_of_saturation(&mut self, hubbub: &Subject) -> Result<Option<Paced>> {
        let rounds = self.report.rounds(Kind::Hubbub);
        if rounds.is_empty() {
            return Ok(None);
        }
        let rate = median(rounds, |round| round.posts.saturated.posts_per_s) / 2.0;
        (self.say)("Hubbub: latency at half of saturation");
        let mut crowd = Crowd::gather(&self.plan(hubbub, self.settings.receivers, Release::AtAck))?;
        let (cost, latency) = paced::run(&mut crowd, &hubbub.server, self.settings.senders, rate, self.window())?;
        self.report.add_faults(Kind::Hubbub, crowd.finish()?);
        Ok(Some(Paced { cost, latency }))
    }

    /// Measures posts in many small rooms.
    fn rooms(&mut self, subject: &Subject) -> Result<()> {
        let kind = subject.server.kind;
        (self.say)(&format!("{N_ROOMS} rooms of {N_PEOPLE_EACH}: {}", kind.name()));
        let mut dialects = vec![subject.dialect; N_ROOMS];
        if let Some(session) = subject.sessions.first() {
            make_rooms(subject.server.address, session, N_ROOMS)?;
            let made = introduce(subject.server.address, session)?.rooms;
            let newest = made.iter().rev().take(N_ROOMS).map(|room| Dialect::Hubbub { room: room.id });
            dialects = newest.collect();
        }
        let mut crowds = Vec::new();
        for (dialect, group) in dialects.into_iter().zip(1..) {
            let plan = self.plan(subject, N_PEOPLE_EACH, subject.release());
            let group = if kind == Kind::Floor { group } else { 0 };
            crowds.push(Crowd::gather(&CrowdPlan { n_engines_each: 0, dialect, group, ..plan })?);
        }
        let figures = rooms::run(&subject.server, &mut crowds, self.window())?;
        self.report.add_rooms(kind, figures);
        for crowd in crowds {
            self.report.add_faults(kind, crowd.finish()?);
        }
        Ok(())
    }

    /// Starts a server again: memory that was used and freed before would hide what is measured.
    fn restart(&self, subject: Subject) -> Result<Subject> {
        let kind = subject.server.kind;
        subject.server.stop()?;
        Ok(Subject { server: Server::start(kind, self.environment)?, ..subject })
    }

    /// Measures connections that come back at once, on a fresh process. Returns another fresh one.
    fn storm(&mut self, subject: Subject) -> Result<Subject> {
        let kind = subject.server.kind;
        (self.say)(&format!("{} connections come back: {}", self.settings.idle, kind.name()));
        let after = match (subject.dialect, subject.sessions.first()) {
            (Dialect::Hubbub { room }, Some(session)) => Some(head_of(subject.server.address, session, room)?),
            _ => None,
        };
        let plan = self.plan(&subject, self.settings.idle, subject.release());
        let plan = CrowdPlan { n_engines_each: 0, at_once: storm::AT_ONCE, after, ..plan };
        let (figures, faults) = storm::run(&subject.server, &plan)?;
        self.report.add_storm(kind, figures);
        self.report.add_faults(kind, faults);
        self.restart(subject)
    }

    /// Measures how long it takes to open a room with a long history. Two of the small rooms get their histories while the
    /// server is stopped.
    fn opening(&mut self, hubbub: Subject) -> Result<()> {
        (self.say)("Hubbub: opening a room with a long history");
        let session = hubbub.sessions[0].clone();
        let rooms = introduce(hubbub.server.address, &session)?.rooms;
        let [.., long, short] = &rooms[..] else { bail!("the small rooms were not made") };
        hubbub.server.stop()?;
        let database = self.environment.database();
        long_history::write(&database, long.id, opening::N_LONG).context("writing a long history")?;
        long_history::write(&database, short.id, opening::N_SHORT).context("writing a short history")?;
        let server = Server::start(Kind::Hubbub, self.environment)?;
        self.report.opening = Some(opening::run(&server, &session, long.id, short.id)?);
        server.stop()
    }

    /// Measures idle connections on a fresh process.
    fn idle(&mut self, subject: &Subject) -> Result<()> {
        let kind = subject.server.kind;
        (self.say)(&format!("{} idle connections: {}", self.settings.idle, kind.name()));
        let plan = CrowdPlan { n_engines_each: 0, ..self.plan(subject, self.settings.idle, Release::AtAck) };
        let (figures, faults) = idle::run(&subject.server, &plan)?;
        self.report.add_idle(kind, figures);
        self.report.add_faults(kind, faults);
        Ok(())
    }
}
