//! Runs a proxy of a Debian package in the foreground, with all its files in one folder.

use std::fs::File;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep};

use super::START_TIMEOUT;

/// A running proxy. It is stopped when this value is dropped.
pub(crate) struct Proxy {
    child: Child,
    /// The file of its standard output and standard error.
    log: PathBuf,
}

impl Proxy {
    /// Starts a proxy and waits until it listens on a port.
    pub(crate) async fn start(program: &str, arguments: &[&str], folder: &Path, port: u16) -> Self {
        let log = folder.join("log");
        let output = File::create(&log).expect("the folder is writable");
        let mut command = Command::new(installed(program));
        // Caddy keeps its state in the home folder.
        command.args(arguments).current_dir(folder).env("HOME", folder).env_remove("XDG_DATA_HOME");
        command.stdout(output.try_clone().expect("a file handle can be duplicated")).stderr(output);
        let mut child = command.spawn().expect("the proxy starts");
        let deadline = Instant::now() + START_TIMEOUT;
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.is_err() {
            let has_ended = child.try_wait().expect("the proxy is a child of this process").is_some();
            if has_ended || Instant::now() > deadline {
                panic!("{program} doesn't listen: {}", std::fs::read_to_string(&log).unwrap_or_default());
            }
            sleep(Duration::from_millis(20)).await;
        }
        Self { child, log }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        // SIGKILL would leave Apache's child processes running.
        let _ = kill_process(Pid::from_child(&self.child), Signal::TERM);
        let _ = self.child.wait();
        if std::thread::panicking() {
            eprintln!("The proxy's log:\n{}", std::fs::read_to_string(&self.log).unwrap_or_default());
        }
    }
}

/// Returns the path of a program. It looks in Debian's folders because PATH may lack `/usr/sbin`.
fn installed(program: &str) -> PathBuf {
    let places = ["/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin"];
    let found = places.iter().map(|place| Path::new(place).join(program)).find(|path| path.exists());
    found.unwrap_or_else(|| panic!("{program} isn't installed; bin/tools proxies installs it"))
}
