//! The binary as it is installed: started, stopped, killed, and its log read.

use std::io::{BufRead, BufReader};
use std::ops::Deref;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Output, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::PATIENCE;
use super::disk::Disk;
use super::site::Site;

pub(crate) struct Binary {
    site: Site,
    child: Child,
    lines: mpsc::UnboundedReceiver<String>,
    log: Vec<String>,
}

impl Deref for Binary {
    type Target = Site;

    fn deref(&self) -> &Site {
        &self.site
    }
}

impl Binary {
    /// Starts it on a port that the system chooses, and waits until it says which.
    pub(crate) async fn start(data: &Path, settings: &[&str]) -> Self {
        Self::start_command(command(data, settings)).await
    }

    /// The same on a disk that a test fills up or takes the power from.
    pub(crate) async fn start_on(disk: &Disk, settings: &[&str]) -> Self {
        let mut command = command(disk.data(), settings);
        command.envs(disk.variables());
        Self::start_command(command).await
    }

    /// The same with another program that logs its address as the binary does.
    pub(crate) async fn start_command(mut command: Command) -> Self {
        let mut child = command.stderr(Stdio::piped()).spawn().expect("it starts");
        let stderr = BufReader::new(child.stderr.take().expect("it is piped"));
        let (sender, mut lines) = mpsc::unbounded_channel();
        std::thread::spawn(move || stderr.lines().map_while(Result::ok).all(|line| sender.send(line).is_ok()));
        let mut log = Vec::new();
        let address = loop {
            let line = timeout(PATIENCE, lines.recv()).await.expect("it comes up in time");
            let line = line.unwrap_or_else(|| panic!("it didn't come up: {log:?}"));
            log.push(line.clone());
            if let Some((_, address)) = line.split_once("open http://") {
                break address.trim_end_matches(|c: char| !c.is_ascii_digit()).parse().expect("an address");
            }
        };
        Self { site: Site { address }, child, lines, log }
    }

    /// Runs it to its end: for a command, or for settings that it refuses. Fails the test if it serves instead.
    pub(crate) fn run(data: &Path, settings: &[&str]) -> Output {
        Self::run_command(command(data, settings))
    }

    /// The same on a disk that a test fills up or makes faulty.
    pub(crate) fn run_on(disk: &Disk, settings: &[&str]) -> Output {
        let mut command = command(disk.data(), settings);
        command.envs(disk.variables());
        Self::run_command(command)
    }

    fn run_command(mut command: Command) -> Output {
        let pipes = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = pipes.spawn().expect("it starts");
        let pid = Pid::from_child(&child);
        let (sender, output) = std::sync::mpsc::channel();
        std::thread::spawn(move || sender.send(child.wait_with_output()));
        let output = output.recv_timeout(PATIENCE).unwrap_or_else(|_| {
            // The thread has not seen its end, so the id is still its own.
            let _ = kill_process(pid, Signal::KILL);
            panic!("it doesn't end: {command:?}");
        });
        output.expect("its output is readable")
    }

    pub(crate) fn terminate(&self) {
        let pid = Pid::from_child(&self.child);
        kill_process(pid, Signal::TERM).expect("it runs");
    }

    /// Ends it by SIGKILL, as a crash would.
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it was killed");
    }

    /// Waits for its end. Returns its status and its log.
    pub(crate) async fn ended(mut self) -> (ExitStatus, Vec<String>) {
        // Its standard error ends when it does.
        let rest = async {
            while let Some(line) = self.lines.recv().await {
                self.log.push(line);
            }
        };
        timeout(PATIENCE, rest).await.expect("it ends in time");
        let status = self.child.wait().expect("it has ended");
        (status, std::mem::take(&mut self.log))
    }
}

impl Drop for Binary {
    fn drop(&mut self) {
        // A test that fails leaves no process behind. A process that has ended can't be killed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(data: &Path, settings: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hubbub"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("HUBBUB_")) {
        command.env_remove(name);
    }
    if !settings.contains(&"--listen") {
        command.args(["--listen", "127.0.0.1:0"]);
    }
    command.arg("--data").arg(data).args(settings);
    command
}
