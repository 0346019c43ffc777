//! Runs the checks in order. The first one finds out whether Hubbub responds at all; the last one is the slowest, up to
//! a minute. Called by main.

use std::io::{self, Write};
use std::process::ExitCode;

use super::DoctorArgs;
use super::checks::{address, clock, compression, cookie, origin, page, reach, stream, upgrade, wait};
use super::report::Report;

/// Checks a server and prints the findings. Returns exit code 0 if every check ran and found no fault, else 1.
pub async fn run(args: &DoctorArgs) -> ExitCode {
    match run_checks(args, io::stdout()).await {
        Ok(true) => ExitCode::SUCCESS,
        // An error means that standard output is closed, so the error can't be printed either.
        Ok(false) | Err(_) => ExitCode::FAILURE,
    }
}

/// Runs the checks and writes the findings to `out`. Returns true if every check ran and found no fault.
///
/// # Errors
/// The output's.
async fn run_checks(args: &DoctorArgs, out: impl Write) -> io::Result<bool> {
    let mut report = Report::new(out);
    report.write_line(&format!("hubbub doctor checks {}\n", args.url))?;
    let (client, reached) = match reach::check(&args.url).await {
        Ok(reached) => reached,
        Err(finding) => {
            report.add("reach", finding)?;
            return report.finish();
        }
    };
    report.proxy = reached.proxy;
    report.add("reach", reached.finding())?;
    report.add("page", page::check(&client).await)?;
    report.add("origin", origin::check(&client.url, &reached.seen))?;
    report.add("address", address::check(&client.url, &reached))?;
    report.add("clock", clock::check(&reached))?;
    report.add("cookie", cookie::check(&client).await)?;
    report.add("compression", compression::check(&client).await)?;
    report.add("upgrade", upgrade::check(&client).await)?;
    report.add("stream", stream::check(&client).await)?;
    report.write_line(&format!("running  wait         takes {} s", args.wait_s))?;
    report.add("wait", wait::check(&client, args.wait_s).await)?;
    report.finish()
}
