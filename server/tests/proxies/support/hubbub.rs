//! The program: serving, on a port and in a folder of its own, or looking at what another serves.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use super::report::Report;

pub(crate) struct Hubbub {
    pub(crate) address: String,
    child: Child,
    _data: TempDir,
}

impl Hubbub {
    pub(crate) fn start(settings: &[&str]) -> Self {
        let data = tempfile::tempdir().expect("a folder");
        let mut command = command();
        command.args(["--listen", "127.0.0.1:0", "--data"]).arg(data.path()).args(settings);
        let mut child = command.stderr(Stdio::piped()).spawn().expect("it starts");
        let mut lines = BufReader::new(child.stderr.take().expect("it is piped")).lines().map_while(Result::ok);
        let said = lines.find_map(|line| Some(line.split_once("open http://")?.1.to_owned())).expect("it comes up");
        // Whatever else it logs, it must not wait for someone to read it.
        std::thread::spawn(move || lines.for_each(drop));
        let address = said.trim_end_matches(|c: char| !c.is_ascii_digit()).to_owned();
        Self { address, child, _data: data }
    }

    /// Ends it, if that wasn't done yet.
    pub(crate) fn end(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Hubbub {
    fn drop(&mut self) {
        self.end();
    }
}

/// What `hubbub doctor` says; `authorities` is a file of certificates, in place of those that the machine trusts.
pub(crate) fn doctor(arguments: &[&str], authorities: Option<&Path>) -> Report {
    let mut command = command();
    command.arg("doctor").args(arguments);
    if let Some(authorities) = authorities {
        command.env("SSL_CERT_FILE", authorities).env_remove("SSL_CERT_DIR");
    }
    Report::of(&command.output().expect("it starts"))
}

fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hubbub"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("HUBBUB_")) {
        command.env_remove(name);
    }
    command
}
