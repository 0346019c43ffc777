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
use std::time::Duration;

/// How long a test waits for what must come. Long, because a machine may be busy; nothing waits for it to pass.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// A port that nobody listens on just now.
pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.local_addr().expect("an address").port()
}
