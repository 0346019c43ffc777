//! A data folder on a disk that a test fills up, makes faulty, or takes the power from. `disk.c` stands between the server and the
//! system; it is built with the C compiler that building the server needs anyway.

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
        let data = folder.path().canonicalize().expect("it is there").join("data");
        let disk = Self { folder, data };
        for folder in [disk.data(), &disk.durable()] {
            fs::create_dir(folder).expect("the folder around it is new");
        }
        disk
    }

    /// The data folder on this disk.
    pub(crate) fn data(&self) -> &Path {
        &self.data
    }

    /// The variables with which a server runs on this disk.
    pub(crate) fn variables(&self) -> [(&'static str, PathBuf); 5] {
        [
            ("LD_PRELOAD", library().to_owned()),
            ("DISK_FOLDER", self.data.clone()),
            ("DISK_DURABLE", self.durable()),
            ("DISK_FULL", self.full()),
            ("DISK_FAULTY", self.faulty()),
        ]
    }

    /// Takes away what was not synced. The server must be dead.
    pub(crate) fn cut_power(&self) {
        fs::remove_dir_all(&self.data).expect("it is there");
        fs::create_dir(&self.data).expect("it was just removed");
        for file in fs::read_dir(self.durable()).expect("it is there").map(|file| file.expect("a file")) {
            // A copy that the kill left half written: the older copy has the file's name.
            if file.file_name() != ".copy" {
                fs::copy(file.path(), self.data.join(file.file_name())).expect("it is copied");
            }
        }
    }

    /// From now on no file can grow.
    pub(crate) fn fill(&self) {
        fs::write(self.full(), "").expect("it is written");
    }

    /// From now on files can grow again.
    pub(crate) fn make_room(&self) {
        fs::remove_file(self.full()).expect("it was full");
    }

    /// From now on what is written past the first 64 KiB of a file is not what is read back.
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

/// `disk.c` as a shared library, built once a process.
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
        // Another process that has the older file mapped keeps it.
        fs::rename(fresh, &library).expect("it was just built");
        library
    })
}
