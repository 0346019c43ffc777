//! A proxy from Debian's package, in the foreground, with all its files in one folder.

use std::fs::File;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep};

use super::PATIENCE;

pub(crate) struct Proxy {
    child: Child,
    /// What it wrote to stdout and stderr.
    log: PathBuf,
}

impl Proxy {
    /// Starts it and waits until it listens.
    pub(crate) async fn start(program: &str, arguments: &[&str], folder: &Path, port: u16) -> Self {
        let log = folder.join("log");
        let output = File::create(&log).expect("a folder that can be written");
        let mut command = Command::new(installed(program));
        // Caddy would keep its state at home.
        command.args(arguments).current_dir(folder).env("HOME", folder).env_remove("XDG_DATA_HOME");
        command.stdout(output.try_clone().expect("a file has room for two")).stderr(output);
        let mut child = command.spawn().expect("it starts");
        let until = Instant::now() + PATIENCE;
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.is_err() {
            let has_ended = child.try_wait().expect("it is ours").is_some();
            if has_ended || Instant::now() > until {
                panic!("{program} doesn't come up: {}", std::fs::read_to_string(&log).unwrap_or_default());
            }
            sleep(Duration::from_millis(20)).await;
        }
        Self { child, log }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        // Killed, Apache would leave its children behind.
        let _ = kill_process(Pid::from_child(&self.child), Signal::TERM);
        let _ = self.child.wait();
        if std::thread::panicking() {
            eprintln!("The proxy's log:\n{}", std::fs::read_to_string(&self.log).unwrap_or_default());
        }
    }
}

/// Where Debian puts it: not everyone's path has the folder.
fn installed(program: &str) -> PathBuf {
    let places = ["/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin"];
    let found = places.iter().map(|place| Path::new(place).join(program)).find(|path| path.exists());
    found.unwrap_or_else(|| panic!("{program} isn't installed; bin/tools proxies installs it"))
}
