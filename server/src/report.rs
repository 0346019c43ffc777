//! Prints how a run of the binary ended, for the person at the terminal. Called by `main`.

use std::fmt::Display;
use std::io::{self, Write};
use std::process::ExitCode;

/// Prints the outcome of a command: a success on standard output, an error on standard error. The code is 0 or 1.
pub fn command(outcome: Result<impl Display, impl Display>) -> ExitCode {
    match outcome {
        Ok(done) => {
            // Printing fails if the output is closed. The command is done nevertheless.
            let _ = writeln!(io::stdout(), "hubbub: {done}");
            ExitCode::SUCCESS
        }
        Err(error) => failure(&error.to_string(), ExitCode::FAILURE),
    }
}

/// Prints an error in one line on standard error, and returns the code.
#[must_use]
pub fn failure(error: &str, code: ExitCode) -> ExitCode {
    eprintln!("hubbub: {error}");
    code
}
