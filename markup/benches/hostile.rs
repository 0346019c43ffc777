//! Measures how long the parser takes for 64 KiB of hostile markup, and for 5,000 markers inside of each other. Fails if
//! one takes longer than [`LIMIT`]. Run it with `cargo bench -p hubbub-markup`.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use hubbub_markup::parse;

/// The longest time for one text.
const LIMIT: Duration = Duration::from_millis(5);

/// The largest text: that of a frame.
const MAX_BYTES: usize = 64 * 1024;

/// Markup of which a parser without bounds does much more than it has characters.
const HOSTILE: [&str; 26] = [
    "a ",
    "*a **a ",
    "_a b* ",
    "||a b~~ ",
    "*",
    "**a",
    "a** ",
    "_a __a ",
    "a_ ",
    "~~a ",
    "||a ",
    "a|| ",
    "||a\n\n",
    "[",
    "[a](",
    "[a](https://",
    "](https://a",
    "`",
    "`a``a```a````a",
    "```\n",
    "> ",
    "> a\n",
    "- a\n  - b\n",
    "\n",
    "https://a(",
    "\\*",
];

#[expect(clippy::print_stdout, reason = "the figures are the output of the program")]
fn main() -> ExitCode {
    // `cargo test` runs the program too, without optimisation and without this argument.
    if !std::env::args().any(|argument| argument == "--bench") {
        return ExitCode::SUCCESS;
    }
    let texts = HOSTILE.iter().map(|hostile| (*hostile, hostile.repeat(MAX_BYTES / hostile.len())));
    let nested = ["*a ", "**a ", "> ", "[", "||a "].map(|start| (start, start.repeat(5_000) + &"a* ".repeat(5_000)));
    let mut longest = Duration::ZERO;
    for (hostile, text) in texts.chain(nested) {
        let duration = shortest(&text);
        longest = longest.max(duration);
        println!("{:>8.2} ms  {:>6} bytes of {hostile:?}", duration.as_secs_f64() * 1_000.0, text.len());
    }
    if longest <= LIMIT { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn shortest(text: &str) -> Duration {
    let time = || {
        let start = Instant::now();
        std::hint::black_box(parse(std::hint::black_box(text)));
        start.elapsed()
    };
    (0..9).map(|_| time()).min().unwrap_or_default()
}
