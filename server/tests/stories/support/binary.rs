//! Starts, stops and kills the server binary as a child process, and reads its log.

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
    /// Starts the server on a port that the system chooses, and waits until the log names the address.
    pub(crate) async fn start(data: &Path, settings: &[&str]) -> Self {
        Self::start_command(command(data, settings)).await
    }

    /// Like `start`, with the data folder on a simulated disk.
    pub(crate) async fn start_on(disk: &Disk, settings: &[&str]) -> Self {
        let mut command = command(disk.data(), settings);
        command.envs(disk.variables());
        Self::start_command(command).await
    }

    /// Like `start`, for a command that starts a program that logs its address as the server does.
    pub(crate) async fn start_command(mut command: Command) -> Self {
        let mut child = command.stderr(Stdio::piped()).spawn().expect("the program starts");
        let stderr = BufReader::new(child.stderr.take().expect("stderr is piped"));
        let (sender, mut lines) = mpsc::unbounded_channel();
        std::thread::spawn(move || stderr.lines().map_while(Result::ok).all(|line| sender.send(line).is_ok()));
        let mut log = Vec::new();
        let address = loop {
            let line = timeout(PATIENCE, lines.recv()).await.expect("the server starts in time");
            let line = line.unwrap_or_else(|| panic!("the server ended before it logged its address: {log:?}"));
            log.push(line.clone());
            if let Some((_, address)) = line.split_once("open http://") {
                break address.trim_end_matches(|c: char| !c.is_ascii_digit()).parse().expect("an address");
            }
        };
        Self { site: Site { address }, child, lines, log }
    }

    /// Runs the binary until it ends and returns its output: for a subcommand, or for settings that are refused.
    /// Panics if the binary does not end in time.
    pub(crate) fn run(data: &Path, settings: &[&str]) -> Output {
        Self::run_command(command(data, settings))
    }

    /// Like `run`, with the data folder on a simulated disk.
    pub(crate) fn run_on(disk: &Disk, settings: &[&str]) -> Output {
        let mut command = command(disk.data(), settings);
        command.envs(disk.variables());
        Self::run_command(command)
    }

    fn run_command(mut command: Command) -> Output {
        let pipes = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = pipes.spawn().expect("the program starts");
        let pid = Pid::from_child(&child);
        let (sender, output) = std::sync::mpsc::channel();
        std::thread::spawn(move || sender.send(child.wait_with_output()));
        let output = output.recv_timeout(PATIENCE).unwrap_or_else(|_| {
            // The thread still waits for the child, so the process id still belongs to the child.
            let _ = kill_process(pid, Signal::KILL);
            panic!("the process doesn't end: {command:?}");
        });
        output.expect("the output is readable")
    }

    /// Sends SIGTERM to the process.
    pub(crate) fn terminate(&self) {
        let pid = Pid::from_child(&self.child);
        kill_process(pid, Signal::TERM).expect("the process runs");
    }

    /// Kills the process with SIGKILL, like a crash.
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("the process runs");
        self.child.wait().expect("the process ends");
    }

    /// Waits until the process ends. Returns the exit status and the log.
    pub(crate) async fn ended(mut self) -> (ExitStatus, Vec<String>) {
        // The channel closes when the process closes its standard error.
        let rest = async {
            while let Some(line) = self.lines.recv().await {
                self.log.push(line);
            }
        };
        timeout(PATIENCE, rest).await.expect("the process ends in time");
        let status = self.child.wait().expect("the process has ended");
        (status, std::mem::take(&mut self.log))
    }
}

impl Drop for Binary {
    fn drop(&mut self) {
        // Kills the process if a test fails before it ends. An error means that the process has already ended.
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
