//! What `hubbub doctor` said, as someone reads it.

use std::process::Output;

#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) code: i32,
    text: String,
    pub(crate) complaint: String,
}

impl Report {
    pub(crate) fn of(output: &Output) -> Self {
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        Self {
            code: output.status.code().expect("it ends by itself"),
            text: text(&output.stdout),
            complaint: text(&output.stderr),
        }
    }

    /// Every check was made, and none found anything.
    #[track_caller]
    pub(crate) fn is_well(&self) {
        assert_eq!((self.code, self.with_verdict("ok").len()), (0, 10), "{}", self.text);
    }

    /// Only this check found something. What it says of that follows.
    #[track_caller]
    pub(crate) fn finds_only(&self, check: &str) -> &str {
        assert_eq!((self.code, self.with_verdict("wrong")), (1, vec![check]), "{}", self.text);
        self.fault(check)
    }

    /// What is said of the fault that a check found.
    #[track_caller]
    pub(crate) fn fault(&self, check: &str) -> &str {
        let (_, fault) = self.text.split_once(&format!(". {check}: ")).unwrap_or_else(|| panic!("{}", self.text));
        fault.split("\n\n").next().unwrap_or_default()
    }

    fn with_verdict(&self, verdict: &str) -> Vec<&str> {
        let lines = self.text.lines().filter_map(|line| line.strip_prefix(verdict)?.strip_prefix(' '));
        lines.filter_map(|line| line.split_whitespace().next()).collect()
    }
}

/// Whether a fault's remedies have this line under the name of a proxy.
#[track_caller]
pub(crate) fn assert_mended(fault: &str, proxy: &str, line: &str) {
    let (_, remedy) = fault.split_once(&format!("\n     {proxy}: ")).unwrap_or_else(|| panic!("{fault}"));
    let lines: Vec<&str> = remedy.lines().skip(1).map_while(|line| line.strip_prefix("         ")).collect();
    assert!(lines.contains(&line), "{line:?} for {proxy} in: {fault}");
}
