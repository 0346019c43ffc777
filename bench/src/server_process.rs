//! Starting a server to be measured, on its own core, and ending it. Scenarios ask it for CPU time and memory; what is
//! said to the server is not its business.

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

/// A server that isn't ready by then has failed to start.
const READY_WITHIN: Duration = Duration::from_secs(15);
/// Hubbub finishes its commits when asked to end; past this it is killed (docs: it exits within 25 s).
const ENDED_WITHIN: Duration = Duration::from_secs(25);
/// A process tells nobody when it listens, so it is looked at, and nothing is measured meanwhile.
const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(10);

/// The settings that bound what one address may do: the load generator is one address.
const NO_LIMITS: [&str; 7] = [
    "--posts-per-minute",
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
    /// A thread for each connection, as much of the web was served
    Threads,
    /// A process for each connection, as the web began
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

/// Where everything is that starting a server takes.
pub(crate) struct Places {
    /// The release binary.
    pub(crate) hubbub: PathBuf,
    /// The folder of `ws.mjs`.
    pub(crate) peers: PathBuf,
    /// For data and logs; on a real disk, since durability is measured.
    pub(crate) scratch: PathBuf,
    pub(crate) cores: Cores,
}

/// A running server. It ends when this is dropped.
pub(crate) struct Server {
    pub(crate) kind: Kind,
    pub(crate) address: SocketAddrV4,
    core: usize,
    child: Child,
}

impl Places {
    /// Empties the folder of Hubbub's data, so that the next server begins with nothing.
    pub(crate) fn clear_data(&self) -> Result<()> {
        let data = self.scratch.join("data");
        if fs::exists(&data)? {
            fs::remove_dir_all(&data).context("clearing what an earlier run left")?;
        }
        Ok(fs::create_dir_all(&data)?)
    }

    /// The first thing that a server complained of.
    pub(crate) fn first_complaint(&self, kind: Kind) -> Option<String> {
        let complaints = fs::read_to_string(self.log(kind).with_extension("err.log")).ok()?;
        // A panic begins with its place, and its words follow.
        let is_word = |line: &&str| !line.trim().is_empty() && !line.starts_with("thread '");
        complaints.lines().find(is_word).map(str::to_owned)
    }

    fn log(&self, kind: Kind) -> PathBuf {
        self.scratch.join(format!("{kind:?}.log").to_lowercase())
    }
}

impl Server {
    pub(crate) fn start(kind: Kind, places: &Places) -> Result<Self> {
        let address = free_address()?;
        let mut command = command(kind, places, address)?;
        let log = places.log(kind);
        command.stdin(Stdio::null()).stdout(File::create(&log)?).stderr(File::create(log.with_extension("err.log"))?);
        // A child inherits the core of the thread that starts it.
        kernel::stay_on(places.cores.server)?;
        let child = command.spawn().with_context(|| format!("starting {command:?}"));
        kernel::stay_on(places.cores.generator)?;
        let mut server = Self { kind, address, core: places.cores.server, child: child? };
        server.wait_until_ready().with_context(|| format!("see {}", log.display()))?;
        Ok(server)
    }

    /// Of its children too.
    pub(crate) fn cpu_time(&self) -> Result<Duration> {
        kernel::cpu_time(&self.processes()?)
    }

    /// Busy time of the server's core, whoever used it.
    pub(crate) fn core_time(&self) -> Result<Duration> {
        kernel::busy_time(self.core)
    }

    /// Resident memory, of its children too.
    pub(crate) fn memory_bytes(&self) -> Result<u64> {
        if self.kind == Kind::Processes {
            return Ok(kernel::shared_out_bytes(&self.processes()?));
        }
        kernel::rss_bytes(self.child.id())
    }

    /// Ends it in good order.
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
            thread::sleep(LOOK_AGAIN_AFTER);
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
        // Both fail only if it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(kind: Kind, places: &Places, address: SocketAddrV4) -> Result<Command> {
    Ok(match kind {
        Kind::Hubbub => {
            let mut command = Command::new(&places.hubbub);
            command.args(["--listen", &address.to_string(), "--data"]).arg(places.scratch.join("data"));
            command.args(NO_LIMITS.iter().flat_map(|limit| [*limit, "0"]));
            command
        }
        Kind::NodeWs => {
            install_packages(&places.peers)?;
            let mut command = Command::new("node");
            command.arg(places.peers.join("ws.mjs")).arg(address.port().to_string());
            command
        }
        Kind::Floor => {
            let mut command = Command::new(std::env::current_exe()?);
            command.args(["--serve-floor", &address.to_string()]);
            command
        }
        Kind::Threads => old_web("threads", address)?,
        Kind::Processes => old_web("processes", address)?,
    })
}

/// The peer that is built beside this program.
fn old_web(how: &str, address: SocketAddrV4) -> Result<Command> {
    let mut command = Command::new(std::env::current_exe()?.with_file_name("hubbub-bench-old-web"));
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
