//! The output of `hubbub doctor`, parsed for assertions.

use std::process::Output;

/// The exit code and the output of `hubbub doctor`.
#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) code: i32,
    stdout: String,
    pub(crate) stderr: String,
}

impl Report {
    /// Takes the exit code and the text from the output of a process.
    pub(crate) fn of(output: &Output) -> Self {
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        Self {
            code: output.status.code().expect("the process exits without a signal"),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
        }
    }

    /// Asserts that all ten checks passed.
    #[track_caller]
    pub(crate) fn all_passed(&self) {
        assert_eq!((self.code, self.checks_with("passed").len()), (0, 10), "{}", self.stdout);
    }

    /// Asserts that only this check failed, and returns the text on its fault.
    #[track_caller]
    pub(crate) fn only_failed(&self, check: &str) -> &str {
        assert_eq!((self.code, self.checks_with("failed")), (1, vec![check]), "{}", self.stdout);
        self.fault(check)
    }

    /// Returns the text on the fault that a check found: the observation, the impact and the fix.
    #[track_caller]
    pub(crate) fn fault(&self, check: &str) -> &str {
        let (_, fault) = self.stdout.split_once(&format!(". {check}: ")).unwrap_or_else(|| panic!("{}", self.stdout));
        fault.split("\n\n").next().unwrap_or_default()
    }

    /// Returns the names of the checks with this result.
    fn checks_with(&self, result: &str) -> Vec<&str> {
        let lines = self.stdout.lines().filter_map(|line| line.strip_prefix(result)?.strip_prefix(' '));
        lines.filter_map(|line| line.split_whitespace().next()).collect()
    }
}

/// Asserts that the fix of a fault has this line for this proxy.
#[track_caller]
pub(crate) fn assert_fix(fault: &str, proxy: &str, line: &str) {
    let (_, fix) = fault.split_once(&format!("\n     {proxy}: ")).unwrap_or_else(|| panic!("{fault}"));
    let lines: Vec<&str> = fix.lines().skip(1).map_while(|line| line.strip_prefix("         ")).collect();
    assert!(lines.contains(&line), "{line:?} for {proxy} in: {fault}");
}
