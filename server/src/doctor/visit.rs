//! Runs the checks in order. The first one finds out whether Hubbub responds at all; the last one is the slowest, up to
//! a minute. Called by main.

use std::io::{self, Write};
use std::process::ExitCode;

use super::DoctorArgs;
use super::checks::{address, clock, compression, cookie, origin, page, reach, stream, upgrade, wait};
use super::report::Report;

/// Checks a server and prints the findings. Returns exit code 0 if every check ran and found no fault, else 1.
pub async fn run(args: &DoctorArgs) -> ExitCode {
    match visit(args, io::stdout()).await {
        Ok(true) => ExitCode::SUCCESS,
        // An error means that standard output is closed, so the error can't be printed either.
        Ok(false) | Err(_) => ExitCode::FAILURE,
    }
}

/// Runs the checks and writes the findings to `out`. Returns true if every check ran and found no fault.
///
/// # Errors
/// The output's.
async fn visit(args: &DoctorArgs, out: impl Write) -> io::Result<bool> {
    let mut report = Report::new(out);
    report.say(&format!("hubbub doctor looks at {}\n", args.target))?;
    let (client, reached) = match reach::check(&args.target).await {
        Ok(reached) => reached,
        Err(finding) => {
            report.tell("reach", finding)?;
            return report.conclude();
        }
    };
    report.proxy = reached.proxy;
    report.tell("reach", reached.finding())?;
    report.tell("page", page::check(&client).await)?;
    report.tell("origin", origin::check(&client.target, &reached.seen))?;
    report.tell("address", address::check(&client.target, &reached))?;
    report.tell("clock", clock::check(&reached))?;
    report.tell("cookie", cookie::check(&client).await)?;
    report.tell("compression", compression::check(&client).await)?;
    report.tell("upgrade", upgrade::check(&client).await)?;
    report.tell("stream", stream::check(&client).await)?;
    report.say(&format!("         …            an answer that takes {} s", args.wait_s))?;
    report.tell("wait", wait::check(&client, args.wait_s).await)?;
    report.conclude()
}
