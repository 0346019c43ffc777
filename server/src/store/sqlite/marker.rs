//! The marker: a file beside the database that says how much the database must hold. SQLite can't notice that its file
//! was emptied or that the end of its -wal file is missing; a comparison with the marker can. Called by the files that
//! open and restore a database; `append` reports each commit.
//!
//! A separate thread writes the marker, so that no commit waits for it. The thread counts only committed events, so the
//! marker never exceeds the database. Each write overwrites the same bytes, fewer than a disk's sector, and a
//! sync follows once a second. A killed process loses no write of the marker; a power cut loses at most one second.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use hubbub_protocol::Epoch;
use rustix::fs::OFlags;

use super::folder::{DataFolder, private_file};
use super::inspect::Contents;
use super::{OpenError, paths};

/// The interval between two syncs of a marker that changes. Each sync is one write to the disk.
const SYNC_EVERY: Duration = Duration::from_secs(1);
/// The first line of a marker.
const FORMAT: &str = "hubbub marker 1";

/// The content of a marker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) epoch: Epoch,
    /// The least number of events that the database must hold.
    pub(super) n_changes: u64,
}

impl Mark {
    pub(super) fn of(contents: Contents) -> Self {
        Self { epoch: contents.epoch, n_changes: contents.n_changes }
    }

    /// Reads the marker of a data folder; None if there is none.
    pub(super) fn read(folder: &Path) -> Result<Option<Self>, OpenError> {
        let path = paths::marker(folder);
        match fs::read_to_string(&path) {
            Ok(text) => Self::parse(&text).map(Some).ok_or(OpenError::BadMarker { path }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) if error.kind() == io::ErrorKind::InvalidData => Err(OpenError::BadMarker { path }),
            Err(source) => Err(OpenError::Unwritable { path, source }),
        }
    }

    /// Checks that the database of the folder has this epoch and at least this many events.
    pub(super) fn verify(&self, folder: &Path, contents: Option<Contents>) -> Result<(), OpenError> {
        let path = paths::database(folder);
        let Some(contents) = contents else { return Err(OpenError::Vanished { path, marker: paths::marker(folder) }) };
        if contents.epoch != self.epoch {
            return Err(OpenError::Exchanged { path });
        }
        if contents.n_changes < self.n_changes {
            return Err(OpenError::EventsLost { path, expected: self.n_changes, found: contents.n_changes });
        }
        Ok(())
    }

    /// Replaces the marker by a new file, durably. After a crash, the marker is either the old or the new one.
    pub(super) fn write(&self, folder: &DataFolder) -> Result<File, OpenError> {
        let (path, fresh) = (paths::marker(folder.path()), folder.path().join("hubbub.marker.new"));
        let written: io::Result<File> = (|| {
            let mut file = private_file(&fresh, OFlags::TRUNC | OFlags::NOFOLLOW)?;
            file.write_all(self.to_string().as_bytes())?;
            file.sync_all()?;
            fs::rename(&fresh, &path)?;
            Ok(file)
        })();
        let file = written.map_err(|source| OpenError::Unwritable { path, source })?;
        folder.sync()?;
        Ok(file)
    }

    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        if lines.next()? != FORMAT {
            return None;
        }
        let epoch = lines.next()?.strip_prefix("epoch ")?.parse().ok()?;
        let n_changes = lines.next()?.strip_prefix("events ")?.parse().ok()?;
        Some(Self { epoch: Epoch(epoch), n_changes })
    }
}

impl fmt::Display for Mark {
    /// The text always has the same length, so that a marker can be overwritten in place.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { epoch, n_changes } = self;
        writeln!(f, "{FORMAT}\nepoch {:020}\nevents {n_changes:020}", epoch.0)?;
        writeln!(f, "Hubbub compares this with the database when it starts (docs/operations.md).")
    }
}

/// The marker of an open store.
#[derive(Debug)]
pub(super) struct Marker {
    progress: Progress,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// Reports commits to the thread that writes the marker. A clone reports to the same thread.
#[derive(Clone, Debug)]
pub(super) struct Progress(Arc<(Mutex<State>, Condvar)>);

#[derive(Clone, Copy, Debug)]
struct State {
    n_changes: u64,
    is_closed: bool,
}

impl Marker {
    /// Writes the marker of a store that was just opened, and keeps it up to date until it is closed or dropped.
    pub(super) fn keep(folder: &DataFolder, mark: Mark) -> Result<Self, OpenError> {
        let file = mark.write(folder)?;
        let state = State { n_changes: mark.n_changes, is_closed: false };
        let progress = Progress(Arc::new((Mutex::new(state), Condvar::new())));
        let thread = {
            let progress = progress.clone();
            thread::Builder::new().name("marker".to_owned()).spawn(move || {
                if let Err(error) = progress.follow(&file, mark) {
                    tracing::warn!(%error, "the marker can't be written: a later loss of messages may go unnoticed");
                }
            })
        };
        let thread = thread.map_err(|source| OpenError::Unwritable { path: paths::marker(folder.path()), source })?;
        Ok(Self { progress, thread: Mutex::new(Some(thread)) })
    }

    pub(super) fn progress(&self) -> &Progress {
        &self.progress
    }

    /// Waits until the thread has written and synced the last state.
    pub(super) fn close(&self) {
        self.progress.change(|state| state.is_closed = true);
        let thread = self.thread.lock().expect("no holder of this lock panics").take();
        if let Some(thread) = thread {
            // The panic hook has already reported a panic of the thread.
            let _ = thread.join();
        }
    }
}

impl Drop for Marker {
    fn drop(&mut self) {
        self.progress.change(|state| state.is_closed = true);
    }
}

impl Progress {
    /// Adds to the number of durable events.
    pub(super) fn add(&self, n_changes: usize) {
        if n_changes > 0 {
            self.change(|state| state.n_changes += n_changes as u64);
        }
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        let (state, changed) = &*self.0;
        change(&mut state.lock().expect("no holder of this lock panics"));
        changed.notify_all();
    }

    /// Returns the state when its count differs from `written`, when the marker is closed, or after `at_most`.
    fn wait(&self, written: u64, at_most: Duration) -> State {
        let (state, changed) = &*self.0;
        let state = state.lock().expect("no holder of this lock panics");
        let is_written = |state: &mut State| state.n_changes == written && !state.is_closed;
        *changed.wait_timeout_while(state, at_most, is_written).expect("no holder of this lock panics").0
    }

    fn follow(&self, file: &File, mut mark: Mark) -> io::Result<()> {
        let mut is_synced = true;
        let mut synced_at = Instant::now();
        loop {
            let at_most = if is_synced { Duration::MAX } else { SYNC_EVERY.saturating_sub(synced_at.elapsed()) };
            let state = self.wait(mark.n_changes, at_most);
            if state.n_changes != mark.n_changes {
                mark.n_changes = state.n_changes;
                file.write_all_at(mark.to_string().as_bytes(), 0)?;
                is_synced = false;
            }
            if !is_synced && (state.is_closed || synced_at.elapsed() >= SYNC_EVERY) {
                file.sync_data()?;
                is_synced = true;
                synced_at = Instant::now();
            }
            if state.is_closed {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_parsed_back_and_has_a_fixed_length_below_a_sector() {
        for (epoch, n_changes) in [(0, 0), (u64::MAX, u64::MAX), (0x1234_5678_9abc, 42)] {
            let mark = Mark { epoch: Epoch(epoch), n_changes };
            let text = mark.to_string();
            assert_eq!(Mark::parse(&text), Some(mark));
            assert_eq!(text.len(), Mark { epoch: Epoch(1), n_changes: 1 }.to_string().len());
            assert!(text.len() < 512);
        }
    }

    #[test]
    fn text_in_another_format_is_no_mark() {
        for text in [
            "",
            "hubbub marker 2\nepoch 1\nevents 1\n",
            "hubbub marker 1\nepoch 1\n",
            "hubbub marker 1\nepoch x\nevents 1\n",
        ] {
            assert_eq!(Mark::parse(text), None, "{text:?}");
        }
    }
}
