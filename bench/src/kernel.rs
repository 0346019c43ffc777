//! Reads the kernel's counters: CPU time, memory, listen overflows, cores and limits. Scenarios read them before and after a
//! measurement.

use std::fs;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use nix::time::{clock_getcpuclockid, clock_gettime};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, Resource, Rlimit, pidfd_open};
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};
use serde::Serialize;

/// Ticks a second in /proc/stat, which Linux fixes for user space (proc(5)).
const TICKS_PER_SECOND: u32 = 100;
const MAX_CORES: usize = CpuSet::MAX_CPU;

/// CPU time of all threads of some processes, in user space and in the kernel, including threads that have ended. Read from
/// the scheduler, since the CPU time of an idle minute is less than one tick of /proc.
pub(crate) fn cpu_time(pids: &[u32]) -> Result<Duration> {
    let of_one = |pid: &u32| -> Result<Duration> {
        let clock =
            clock_getcpuclockid(nix::unistd::Pid::from_raw(i32::try_from(*pid)?)).context("the server is gone")?;
        Ok(clock_gettime(clock)?.into())
    };
    pids.iter().map(of_one).sum()
}

/// A process and its children.
pub(crate) fn family(pid: u32) -> Result<Vec<u32>> {
    let mut family = vec![pid];
    for entry in fs::read_dir("/proc")? {
        let Some(other) = entry?.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
        let stat = fs::read_to_string(format!("/proc/{other}/stat")).unwrap_or_default();
        let parent = stat.rsplit_once(')').and_then(|(_, rest)| rest.split_whitespace().nth(1)?.parse::<u32>().ok());
        if parent == Some(pid) {
            family.push(other);
        }
    }
    Ok(family)
}

/// Memory of some processes: the sum of their proportional set sizes, so that shared memory counts once.
pub(crate) fn shared_out_bytes(pids: &[u32]) -> u64 {
    let shares = pids.iter().map(|pid| {
        let rollup = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default();
        let share = rollup.lines().find_map(|line| line.strip_prefix("Pss:"));
        share.and_then(|share| share.trim().trim_end_matches("kB").trim().parse::<u64>().ok()).unwrap_or_default()
    });
    shares.sum::<u64>() * 1024
}

/// Time that a core has been busy since the machine started, in steps of 10 ms.
pub(crate) fn busy_time(core: usize) -> Result<Duration> {
    let stat = fs::read_to_string("/proc/stat")?;
    let name = format!("cpu{core} ");
    let line = stat.lines().find_map(|line| line.strip_prefix(&name)).context("/proc/stat lacks the core")?;
    let ticks: Vec<u64> = line.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
    // user, nice, system, idle, iowait, irq, softirq, steal; what follows is in the first two already (proc(5)).
    let busy: u64 = ticks.iter().take(8).sum::<u64>() - ticks.iter().skip(3).take(2).sum::<u64>();
    Ok(Duration::from_millis(busy * 1_000 / u64::from(TICKS_PER_SECOND)))
}

/// Resident memory of a process.
pub(crate) fn rss_bytes(pid: u32) -> Result<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).context("the server is gone")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
    Ok(line.trim().trim_end_matches("kB").trim().parse::<u64>()? * 1024)
}

/// Connections that the kernel has refused since it started, because a listener's queue was full.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct ListenFailures {
    pub(crate) overflows: u64,
    pub(crate) drops: u64,
}

pub(crate) fn listen_failures() -> Result<ListenFailures> {
    let netstat = fs::read_to_string("/proc/net/netstat")?;
    let mut rows = netstat.lines().filter(|line| line.starts_with("TcpExt:"));
    let (names, values) = (rows.next().context("no TcpExt")?, rows.next().context("no TcpExt values")?);
    let value = |wanted: &str| -> Result<u64> {
        let place = names.split(' ').position(|name| name == wanted).with_context(|| format!("no {wanted}"))?;
        Ok(values.split(' ').nth(place).context("a name without a value")?.parse()?)
    };
    Ok(ListenFailures { overflows: value("ListenOverflows")?, drops: value("ListenDrops")? })
}

/// Two different cores, where there are two: the servers get the first and the generator the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Cores {
    pub(crate) server: usize,
    pub(crate) generator: usize,
}

impl Cores {
    pub(crate) fn of_this_machine() -> Result<Self> {
        let allowed = sched_getaffinity(None)?;
        let mut allowed = (0..MAX_CORES).filter(|&core| allowed.is_set(core));
        let (server, generator) = (allowed.next(), allowed.next());
        ensure!(generator.is_some(), "two cores are needed: one for the server and one for the generator");
        Ok(Self { server: server.unwrap_or_default(), generator: generator.unwrap_or_default() })
    }
}

/// Pins this thread, and the threads and processes that it starts from now on, to one core.
pub(crate) fn stay_on(core: usize) -> Result<()> {
    let mut set = CpuSet::new();
    set.set(core);
    Ok(sched_setaffinity(None, &set)?)
}

/// Lets this process, and what it starts, hold as many sockets as the system allows.
pub(crate) fn raise_descriptor_limit(needed: u64) -> Result<()> {
    let limit = rustix::process::getrlimit(Resource::Nofile);
    rustix::process::setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit })?;
    ensure!(
        limit.maximum.is_none_or(|maximum| maximum >= needed),
        "{needed} open files are needed and {} allowed: raise `ulimit -Hn` or ask for fewer --idle connections",
        limit.maximum.unwrap_or_default()
    );
    Ok(())
}

/// The most descriptors that this process, and what it starts, can be allowed.
pub(crate) fn most_descriptors() -> u64 {
    rustix::process::getrlimit(Resource::Nofile).maximum.unwrap_or(u64::MAX)
}

/// Waits until a child of this process has ended, and returns whether it has within the time.
pub(crate) fn has_ended(pid: u32, within: Duration) -> Result<bool> {
    let pid = i32::try_from(pid).ok().and_then(Pid::from_raw).context("not the number of a process")?;
    let process = pidfd_open(pid, PidfdFlags::empty())?;
    let n_ready = poll(&mut [PollFd::new(&process, PollFlags::IN)], Some(&Timespec::try_from(within)?))?;
    Ok(n_ready > 0)
}

/// Asks a process to end.
pub(crate) fn terminate(pid: u32) {
    if let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) {
        // This fails if the process has ended already.
        let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
    }
}

/// The processor and the kernel, for the report, since figures of two machines can't be compared.
#[derive(Debug, Serialize)]
pub(crate) struct Machine {
    pub(crate) processor: String,
    pub(crate) kernel: String,
    cores: Cores,
}

impl Machine {
    pub(crate) fn describe(cores: Cores) -> Self {
        let read = |path| fs::read_to_string(path).unwrap_or_default();
        let cpuinfo = read("/proc/cpuinfo");
        let processor = cpuinfo.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or("unknown");
        Self {
            processor: processor.trim_start_matches(['\t', ' ', ':']).to_owned(),
            kernel: read("/proc/sys/kernel/osrelease").trim().to_owned(),
            cores,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_has_memory_and_the_kernel_counts_overflows() {
        assert!(rss_bytes(std::process::id()).expect("readable") > 100_000);
        assert!(busy_time(0).expect("readable") > Duration::ZERO);
        assert!(listen_failures().is_ok());
        assert!(cpu_time(&[u32::MAX]).is_err());
        let family = family(std::process::id()).expect("readable");
        assert!(cpu_time(&family).expect("readable") > Duration::ZERO);
        assert!(shared_out_bytes(&family) > 100_000);
    }
}
