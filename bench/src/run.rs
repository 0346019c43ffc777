//! The run of `make bench`: measures each server in each scenario. `main` calls it with the settings and gets the report.

use std::fs;
use std::time::Duration;

use anyhow::Result;

use crate::crowd::{Crowd, CrowdPlan, Release, Transport};
use crate::kernel::{self, Machine};
use crate::report::{Durable, HubbubFigures, Lone, Paced, Report, Round, median};
use crate::scenario::{first_load, flood, handshakes, idle, lone, paced};
use crate::server_process::{Environment, Kind, Server};
use crate::settings::Settings;
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
        for round in 1..=self.settings.rounds {
            for subject in &subjects {
                (self.say)(&format!("round {round} of {}: {}", self.settings.rounds, subject.server.kind.name()));
                let figures = self.round(subject)?;
                self.report.add_round(subject.server.kind, figures);
            }
        }
        for subject in &subjects {
            if subject.server.kind == Kind::Hubbub {
                self.only_hubbub(subject)?;
            }
        }
        subjects.into_iter().try_for_each(|subject| self.idle(subject))
    }

    fn plan<'a>(&self, subject: &'a Subject, n_connections: usize, release: Release) -> CrowdPlan<'a> {
        let plan = subject.plan(Transport::WebSocket, n_connections, self.settings.message_bytes);
        CrowdPlan { n_engines_each: self.settings.engines, release, ..plan }
    }

    fn window(&self) -> Duration {
        Duration::from_secs(self.settings.seconds)
    }

    /// Measures the saturated fan-out, then one message in flight.
    fn round(&mut self, subject: &Subject) -> Result<Round> {
        let plan = self.plan(subject, self.settings.receivers, Release::AtDelivery);
        let mut crowd = Crowd::gather(&plan)?;
        let saturated = flood::run(&mut crowd, &subject.server, self.settings.senders, self.window())?;
        self.report.add_faults(subject.server.kind, crowd.finish()?);
        let mut crowd = Crowd::gather(&plan)?;
        let (cost, latency) = lone::run(&mut crowd, &subject.server, self.window())?;
        self.report.add_faults(subject.server.kind, crowd.finish()?);
        Ok(Round { saturated, lone: Lone { cost, latency } })
    }

    /// Measures what the peers don't have.
    fn only_hubbub(&mut self, hubbub: &Subject) -> Result<()> {
        (self.say)("Hubbub: durable posts");
        let plan = CrowdPlan { n_engines_each: 0, ..self.plan(hubbub, self.settings.senders, Release::AtAck) };
        let mut crowd = Crowd::gather(&plan)?;
        let durable = flood::run(&mut crowd, &hubbub.server, self.settings.senders, self.window())?;
        self.report.add_faults(Kind::Hubbub, crowd.finish()?);

        (self.say)("Hubbub: latency at half of saturation");
        let saturated = median(self.report.rounds(Kind::Hubbub), |round| round.saturated.posts_per_s);
        let plan = self.plan(hubbub, self.settings.receivers, Release::AtAck);
        let mut crowd = Crowd::gather(&plan)?;
        let (cost, latency) =
            paced::run(&mut crowd, &hubbub.server, self.settings.senders, saturated / 2.0, self.window())?;
        self.report.add_faults(Kind::Hubbub, crowd.finish()?);

        (self.say)("Hubbub: handshakes at once, first load");
        let first_load = first_load::run(hubbub.server.address, &hubbub.sessions[0]);
        let first_load = first_load.map_err(|error| self.report.add_failure(format!("first load: {error:#}"))).ok();
        self.report.hubbub = Some(HubbubFigures {
            durable: Durable { n_senders: self.settings.senders, cost: durable },
            half_of_saturation: Paced { cost, latency },
            handshakes: handshakes::run(&hubbub.server, &hubbub.sessions, self.settings.handshakes)?,
            first_load,
        });
        Ok(())
    }

    /// Measures idle connections on a fresh process: memory that was used and freed before would hide their memory.
    fn idle(&mut self, subject: Subject) -> Result<()> {
        let kind = subject.server.kind;
        (self.say)(&format!("{} idle connections: {}", self.settings.idle, kind.name()));
        subject.server.stop()?;
        let subject = Subject { server: Server::start(kind, self.environment)?, ..subject };
        let plan = CrowdPlan { n_engines_each: 0, ..self.plan(&subject, self.settings.idle, Release::AtAck) };
        let (figures, faults) = idle::run(&subject.server, &plan)?;
        self.report.add_idle(kind, figures);
        self.report.add_faults(kind, faults);
        Ok(())
    }
}
