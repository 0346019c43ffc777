//! What every run ends with: figures to print and to keep. `main` publishes the outcome of the run that was asked for.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use anyhow::Result;
use serde::Serialize;

/// The figures of a run. They are written to a file as JSON.
pub(crate) trait Outcome: Serialize {
    /// The name of the file, without its extension.
    fn name(&self) -> String;

    /// Prints the figures as tables.
    ///
    /// # Errors
    /// When `out` fails.
    fn print(&self, out: &mut impl Write) -> io::Result<()>;

    /// Whether everything was measured and no message was lost, doubled, swapped or foreign. Missed targets don't count.
    fn is_good(&self) -> bool;
}

/// Prints an outcome, writes its figures into a folder, and returns whether it is good.
pub(crate) fn publish(outcome: &impl Outcome, folder: &Path, out: &mut impl Write) -> Result<bool> {
    outcome.print(out)?;
    fs::create_dir_all(folder)?;
    let path = folder.join(format!("{}.json", outcome.name()));
    fs::write(&path, serde_json::to_string_pretty(outcome)? + "\n")?;
    writeln!(out, "\nAll figures: {}", path.display())?;
    Ok(outcome.is_good())
}
