//! Starts a server to be measured on a core of its own, and ends it. Scenarios ask it for CPU time and memory. It knows no
//! protocol.

use std::fs::{self, File};
use std::net::{Ipv4Addr, SocketAddrV4, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use clap::ValueEnum;
use serde::Serialize;

use crate::http::Http;
use crate::kernel::{self, Cores};

/// A server that isn't ready after this time has failed to start.
const READY_WITHIN: Duration = Duration::from_secs(15);
/// Hubbub finishes its commits on SIGTERM and exits within 25 s. After this time it is killed.
const ENDED_WITHIN: Duration = Duration::from_secs(25);
/// How often a starting server is checked for being ready. Accepting connections is the only sign that all kinds of servers
/// give, and the system tells nobody when a port begins to be listened on.
const CHECK_EVERY: Duration = Duration::from_millis(10);

/// The settings that bound what one address may do: the load generator is one address.
const NO_LIMITS: [&str; 8] = [
    "--posts-per-minute",
    "--changes-per-minute",
    "--reads-per-minute",
    "--polls-per-minute",
    "--people-per-address",
    "--sessions-per-address",
    "--sockets-per-person",
    "--sockets-per-address",
];

/// The servers that are measured, in the order in which they are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// The release binary, its commits durable
    Hubbub,
    /// Node's usual WebSocket server
    NodeWs,
    /// epoll and send(2), nothing else
    Floor,
    /// A thread for each connection, which blocks
    Threads,
    /// A process for each connection, which blocks
    Processes,
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Hubbub => "Hubbub, durable",
            Self::NodeWs => "Node ws",
            Self::Floor => "floor: epoll and send(2)",
            Self::Threads => "a thread a connection",
            Self::Processes => "a process a connection",
        }
    }
}

/// The files, folders and cores that starting a server needs.
pub(crate) struct Environment {
    /// The release binary.
    pub(crate) hubbub: PathBuf,
    /// The folder of `ws.mjs`.
    pub(crate) peers: PathBuf,
    /// The folder for data and logs, on a real disk, since durability is measured.
    pub(crate) scratch: PathBuf,
    pub(crate) cores: Cores,
}

/// A running server. Dropping it kills the server.
pub(crate) struct Server {
    pub(crate) kind: Kind,
    pub(crate) address: SocketAddrV4,
    core: usize,
    child: Child,
}

impl Environment {
    /// Empties the folder of Hubbub's data, so that the next server starts without rooms and messages of an earlier one.
    pub(crate) fn clear_data(&self) -> Result<()> {
        let data = self.scratch.join("data");
        if fs::exists(&data)? {
            fs::remove_dir_all(&data).context("clearing what an earlier run left")?;
        }
        Ok(fs::create_dir_all(&data)?)
    }

    /// The database of Hubbub.
    pub(crate) fn database(&self) -> PathBuf {
        self.scratch.join("data/hubbub.db")
    }

    /// The first line of a server's error output.
    pub(crate) fn first_error_line(&self, kind: Kind) -> Option<String> {
        let errors = fs::read_to_string(self.log(kind).with_extension("err.log")).ok()?;
        // A panic's first line says where it happened, and its message follows.
        let is_word = |line: &&str| !line.trim().is_empty() && !line.starts_with("thread '");
        errors.lines().find(is_word).map(str::to_owned)
    }

    fn log(&self, kind: Kind) -> PathBuf {
        self.scratch.join(format!("{kind:?}.log").to_lowercase())
    }
}

impl Server {
    pub(crate) fn start(kind: Kind, environment: &Environment) -> Result<Self> {
        let address = free_address()?;
        let mut command = command(kind, environment, address)?;
        let log = environment.log(kind);
        command.stdin(Stdio::null()).stdout(File::create(&log)?).stderr(File::create(log.with_extension("err.log"))?);
        // A child inherits the core of the thread that starts it.
        kernel::stay_on(environment.cores.server)?;
        let child = command.spawn().with_context(|| format!("starting {command:?}"));
        kernel::stay_on(environment.cores.generator)?;
        let mut server = Self { kind, address, core: environment.cores.server, child: child? };
        server.wait_until_ready().with_context(|| format!("see {}", log.display()))?;
        Ok(server)
    }

    /// CPU time of the server and its children.
    pub(crate) fn cpu_time(&self) -> Result<Duration> {
        kernel::cpu_time(&self.processes()?)
    }

    /// Busy time of the server's core, of all processes together.
    pub(crate) fn core_time(&self) -> Result<Duration> {
        kernel::busy_time(self.core)
    }

    /// Resident memory of the server and its children.
    pub(crate) fn memory_bytes(&self) -> Result<u64> {
        if self.kind == Kind::Processes {
            return Ok(kernel::shared_out_bytes(&self.processes()?));
        }
        kernel::rss_bytes(self.child.id())
    }

    /// Ends the server by SIGTERM and waits for it.
    pub(crate) fn stop(mut self) -> Result<()> {
        kernel::terminate(self.child.id());
        let has_ended = kernel::has_ended(self.child.id(), ENDED_WITHIN)?;
        ensure!(has_ended, "{} did not end when asked to", self.kind.name());
        self.child.wait()?;
        Ok(())
    }

    fn processes(&self) -> Result<Vec<u32>> {
        let pid = self.child.id();
        if self.kind == Kind::Processes { kernel::family(pid) } else { Ok(vec![pid]) }
    }

    fn wait_until_ready(&mut self) -> Result<()> {
        let deadline = Instant::now() + READY_WITHIN;
        while !self.is_ready() {
            if let Some(status) = self.child.try_wait()? {
                bail!("{} ended with {status}", self.kind.name());
            }
            ensure!(Instant::now() < deadline, "{} was not ready in time", self.kind.name());
            thread::sleep(CHECK_EVERY);
        }
        Ok(())
    }

    fn is_ready(&self) -> bool {
        let Ok(mut http) = Http::connect(self.address) else { return false };
        match self.kind {
            Kind::Hubbub => http.get("/readyz", &[]).is_ok_and(|response| response.status == 200),
            Kind::NodeWs | Kind::Floor | Kind::Threads | Kind::Processes => true,
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Both fail only if the server has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(kind: Kind, environment: &Environment, address: SocketAddrV4) -> Result<Command> {
    Ok(match kind {
        Kind::Hubbub => {
            let mut command = Command::new(&environment.hubbub);
            command.args(["--listen", &address.to_string(), "--data"]).arg(environment.scratch.join("data"));
            command.args(NO_LIMITS.iter().flat_map(|limit| [*limit, "0"]));
            command
        }
        Kind::NodeWs => {
            install_packages(&environment.peers)?;
            let mut command = Command::new("node");
            command.arg(environment.peers.join("ws.mjs")).arg(address.port().to_string());
            command
        }
        Kind::Floor => {
            let mut command = Command::new(std::env::current_exe()?);
            command.args(["--serve-floor", &address.to_string()]);
            command
        }
        Kind::Threads => blocking("threads", address)?,
        Kind::Processes => blocking("processes", address)?,
    })
}

/// The blocking server that is built beside this program.
fn blocking(how: &str, address: SocketAddrV4) -> Result<Command> {
    let mut command = Command::new(std::env::current_exe()?.with_file_name("hubbub-bench-blocking"));
    command.args([how, &address.to_string()]);
    Ok(command)
}

/// The peers' packages, exactly as locked, unless they are there.
fn install_packages(peers: &Path) -> Result<()> {
    if fs::exists(peers.join("node_modules/ws/package.json"))? {
        return Ok(());
    }
    let mut npm = Command::new("npm");
    npm.args(["ci", "--no-audit", "--no-fund", "--prefix"]).arg(peers).stdout(Stdio::null());
    let status = npm.status().context("starting npm")?;
    ensure!(status.success(), "npm ci in {} ended with {status}", peers.display());
    Ok(())
}

/// An address that was free a moment ago.
fn free_address() -> Result<SocketAddrV4> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    Ok(SocketAddrV4::new(Ipv4Addr::LOCALHOST, listener.local_addr()?.port()))
}
