//! A simulated disk for the data folder of a server: a test can fill it up, make it faulty, or cut its power. `disk.c`
//! intercepts the server's system calls. Its C compiler is the one that building the server needs anyway.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use tempfile::TempDir;

pub(crate) struct Disk {
    folder: TempDir,
    data: PathBuf,
}

impl Disk {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().canonicalize().expect("the folder exists").join("data");
        let disk = Self { folder, data };
        for folder in [disk.data(), &disk.durable()] {
            fs::create_dir(folder).expect("the parent folder is empty");
        }
        disk
    }

    /// Returns the data folder on this disk.
    pub(crate) fn data(&self) -> &Path {
        &self.data
    }

    /// Returns the environment variables that make a server use this disk.
    pub(crate) fn variables(&self) -> [(&'static str, PathBuf); 5] {
        [
            ("LD_PRELOAD", library().to_owned()),
            ("DISK_FOLDER", self.data.clone()),
            ("DISK_DURABLE", self.durable()),
            ("DISK_FULL", self.full()),
            ("DISK_FAULTY", self.faulty()),
        ]
    }

    /// Removes all bytes that were not synced. The server must have ended.
    pub(crate) fn cut_power(&self) {
        fs::remove_dir_all(&self.data).expect("the data folder exists");
        fs::create_dir(&self.data).expect("the data folder was just removed");
        for file in fs::read_dir(self.durable()).expect("the durable folder exists").map(|file| file.expect("a file")) {
            // `.copy` is an incomplete copy that a killed server left. The older, complete copy has the file's name.
            if file.file_name() != ".copy" {
                fs::copy(file.path(), self.data.join(file.file_name())).expect("the file is copied");
            }
        }
    }

    /// Makes every later write that would make a file longer fail.
    pub(crate) fn fill(&self) {
        fs::write(self.full(), "").expect("it is written");
    }

    /// Lets files grow again.
    pub(crate) fn make_room(&self) {
        fs::remove_file(self.full()).expect("the disk was full");
    }

    /// Makes later writes store wrong bytes after the first 64 KiB of a file.
    pub(crate) fn become_faulty(&self) {
        fs::write(self.faulty(), "").expect("it is written");
    }

    fn durable(&self) -> PathBuf {
        self.folder.path().join("durable")
    }

    fn full(&self) -> PathBuf {
        self.folder.path().join("full")
    }

    fn faulty(&self) -> PathBuf {
        self.folder.path().join("faulty")
    }
}

/// Returns the path of `disk.c` as a shared library. Builds the library once in each process.
fn library() -> &'static Path {
    static LIBRARY: OnceLock<PathBuf> = OnceLock::new();
    LIBRARY.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/stories/support/disk.c");
        let (fresh, library) = (folder.join(format!("disk.{}.so", std::process::id())), folder.join("disk.so"));
        let built =
            Command::new("cc").args(["-O1", "-Wall", "-shared", "-fPIC", "-o"]).arg(&fresh).arg(source).output();
        let built = built.expect("cc, the C compiler, starts");
        assert!(built.status.success(), "cc: {}", String::from_utf8_lossy(&built.stderr));
        // A process that has the older library mapped keeps using that file.
        fs::rename(fresh, &library).expect("it was just built");
        library
    })
}
