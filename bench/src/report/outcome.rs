//! What every run hands in: something to print and figures to keep. `main` takes it from whichever run was asked for.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use anyhow::Result;
use serde::Serialize;

/// See the module. It is written to JSON as it is.
pub(crate) trait Outcome: Serialize {
    /// The name of its file, without the ending.
    fn name(&self) -> String;

    /// # Errors
    /// When `out` takes no more.
    fn print(&self, out: &mut impl Write) -> io::Result<()>;

    /// Whether everything was measured and no promise was broken. A missed target is not asked about.
    fn is_good(&self) -> bool;
}

/// Prints an outcome, writes its figures into a folder, and says whether it is good.
pub(crate) fn hand_in(outcome: &impl Outcome, folder: &Path, out: &mut impl Write) -> Result<bool> {
    outcome.print(out)?;
    fs::create_dir_all(folder)?;
    let path = folder.join(format!("{}.json", outcome.name()));
    fs::write(&path, serde_json::to_string_pretty(outcome)? + "\n")?;
    writeln!(out, "\nAll figures: {}", path.display())?;
    Ok(outcome.is_good())
}
