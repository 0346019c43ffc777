//! Runs the `hubbub` program: as a server with a port and a data folder of its own, or as `hubbub doctor`.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use super::report::Report;

/// A running server. It is killed when this value is dropped.
pub(crate) struct Hubbub {
    pub(crate) address: String,
    child: Child,
    _data: TempDir,
}

impl Hubbub {
    /// Starts a server and waits until it listens.
    pub(crate) fn start(settings: &[&str]) -> Self {
        let data = tempfile::tempdir().expect("a temporary folder");
        let mut command = command();
        command.args(["--listen", "127.0.0.1:0", "--data"]).arg(data.path()).args(settings);
        let mut child = command.stderr(Stdio::piped()).spawn().expect("the program starts");
        let mut lines = BufReader::new(child.stderr.take().expect("stderr is piped")).lines().map_while(Result::ok);
        let rest = lines
            .find_map(|line| Some(line.split_once("open http://")?.1.to_owned()))
            .expect("the server logs its address");
        // The server would block if its log filled the pipe.
        std::thread::spawn(move || lines.for_each(drop));
        let address = rest.trim_end_matches(|c: char| !c.is_ascii_digit()).to_owned();
        Self { address, child, _data: data }
    }

    /// Kills the server. Does nothing if the server has been killed before.
    pub(crate) fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Hubbub {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Runs `hubbub doctor` and returns its output. The certificates in the file `authorities`, if given, replace those that
/// the machine trusts.
pub(crate) fn doctor(arguments: &[&str], authorities: Option<&Path>) -> Report {
    let mut command = command();
    command.arg("doctor").args(arguments);
    if let Some(authorities) = authorities {
        command.env("SSL_CERT_FILE", authorities).env_remove("SSL_CERT_DIR");
    }
    Report::of(&command.output().expect("the program starts"))
}

fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hubbub"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("HUBBUB_")) {
        command.env_remove(name);
    }
    command
}
