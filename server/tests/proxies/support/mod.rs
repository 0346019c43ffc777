//! Tools of the tests: programs to run, configurations to change, and free ports.
//!
//! - [`hubbub`]: runs the server and the doctor; [`report`]: the doctor's output
//! - [`document`]: the configurations in docs/operations.md; [`certificate`]: a certificate for TLS
//! - [`proxy`]: a running proxy; [`proxied_site`]: Hubbub behind a proxy

pub(crate) mod certificate;
pub(crate) mod document;
pub(crate) mod hubbub;
pub(crate) mod proxied_site;
pub(crate) mod proxy;
pub(crate) mod report;

use std::net::{Ipv4Addr, TcpListener};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

/// The timeout of a proxy's start. It is long because a machine may be busy; no test waits for it to pass.
pub(crate) const START_TIMEOUT: Duration = Duration::from_secs(30);

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
