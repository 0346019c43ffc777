//! What the tests are told by.
//!
//! - [`hubbub`]: the program, serving or looking at another; [`report`]: what it said of that
//! - [`document`]: a configuration as docs/operations.md has it; [`certificate`]: TLS that a test can have
//! - [`proxy`]: a proxy that runs with it; [`site`]: Hubbub behind one

pub(crate) mod certificate;
pub(crate) mod document;
pub(crate) mod hubbub;
pub(crate) mod proxy;
pub(crate) mod report;
pub(crate) mod site;

use std::net::{Ipv4Addr, TcpListener};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

/// How long a test waits for what must come. Long, because a machine may be busy; nothing waits for it to pass.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// Returns a port of 127.0.0.1 on which nothing listens, for a program that can't be told to choose one itself. No two
/// calls return the same port. The ports are below those that Linux gives to whoever binds port 0 or opens a connection
/// (32768 to 60999), so that no other test is given one before the program has bound it.
pub(crate) fn free_port() -> u16 {
    const FIRST: u16 = 20_000;
    const PORTS_A_PROCESS: u16 = 100;
    const PROCESSES: u32 = 100;
    static N_TRIED: AtomicU16 = AtomicU16::new(0);
    let process = (std::process::id() % PROCESSES) as u16;
    loop {
        let n_tried = N_TRIED.fetch_add(1, Ordering::Relaxed);
        assert!(n_tried < PORTS_A_PROCESS, "no port is free");
        let port = FIRST + process * PORTS_A_PROCESS + n_tried;
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return port;
        }
    }
}
