//! A check: the program `scs` with the options of a target, under a deadline.

use std::collections::BTreeMap;
use std::process::Stdio;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use scs_certificates::report::Report;
use scs_certificates::{Scope, Target as ScopeTarget};
use scs_standards::Verdict;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use super::config::{RunnerConfig, Target, TargetAccess};

/// The maximum length in bytes of what a check prints.
const LONGEST: u64 = 64 << 20;

/// The number of lines of standard error that a report quotes.
const QUOTED_LINES: usize = 20;

/// Why there is no report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum CheckError {
    /// The program cannot be run here, which says nothing about the target.
    Here(String),
    /// The check did not finish.
    Unfinished(String),
}

impl CheckError {
    fn unfinished(problem: impl Into<String>) -> Self {
        Self::Unfinished(problem.into())
    }
}

/// Runs a check; returns its report in the format of the official suite, or why there is none.
pub(super) async fn run(target: &Target, config: &RunnerConfig) -> Result<String, CheckError> {
    let program = config.program.display();
    let mut command = Command::new(&config.program);
    command.args(["check", "-f", "yaml-report", "--subject", &target.subject, "--scope", &target.scope]);
    match &target.access {
        TargetAccess::Cloud(cloud) => {
            command.args(["--os-cloud", cloud]);
        }
        TargetAccess::Cluster { kubeconfig, context } => {
            command.arg("--kubeconfig").arg(kubeconfig);
            if let Some(context) = context {
                command.args(["--context", context]);
            }
        }
    }
    command.args(&target.arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    // A credential plug-in that it has started ends with it.
    command.process_group(0).kill_on_drop(true);
    let mut child = command.spawn().map_err(|error| {
        CheckError::Here(format!(
            "cannot run `{program}`: {error}; install it, or set `program` in the configuration"
        ))
    })?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let all = async { tokio::join!(read(stdout), read(stderr), child.wait()) };
    let Ok((output, errors, status)) = timeout(config.timeout, all).await else {
        kill(&mut child).await;
        let limit = config.timeout.as_secs();
        return Err(CheckError::unfinished(format!("the check did not end within {limit} s")));
    };
    let said = last_lines(&errors);
    let status = status.map_err(|error| CheckError::unfinished(format!("`{program}`: {error}")))?;
    match status.code() {
        // Any verdict is a result.
        Some(0 | 1) => {
            String::from_utf8(output).ok().filter(|text| Report::read(text).is_ok()).ok_or_else(|| {
                CheckError::unfinished(format!("`{program}` printed something other than a report{said}"))
            })
        }
        _ => Err(CheckError::unfinished(format!("the check failed ({status}){said}"))),
    }
}

async fn read(output: Option<impl AsyncRead + Unpin>) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Some(output) = output {
        // What was read before an error is still worth showing.
        let _ = output.take(LONGEST).read_to_end(&mut bytes).await;
    }
    bytes
}

/// Ends a check with everything that it has started.
async fn kill(child: &mut Child) {
    if let Some(group) = child.id().and_then(|id| i32::try_from(id).ok())
        && let Some(group) = rustix::process::Pid::from_raw(group)
    {
        // It may have ended by itself.
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    let _ = child.kill().await;
}

fn last_lines(errors: &[u8]) -> String {
    let text = String::from_utf8_lossy(errors);
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let last = lines.get(lines.len().saturating_sub(QUOTED_LINES)..).unwrap_or_default();
    if last.is_empty() { String::new() } else { format!(": {}", last.join("\n")) }
}

/// The report of a check that did not finish: every test case of the newest effective version is DNF, with the reason.
pub(super) fn unfinished(target: &Target, scope: &Scope, now: Timestamp, problem: &str) -> Report {
    let version = scope.newest_effective(now.to_zoned(TimeZone::UTC).date());
    let cases = version.map(|version| version.target(&ScopeTarget::Main)).unwrap_or_default();
    let results: BTreeMap<String, Verdict> = cases.iter().map(|case| (case.clone(), Verdict::Dnf)).collect();
    let lines = problem.lines().map(|line| format!("ERROR: {line}")).collect();
    let commands = vec!["scs check".to_owned()];
    Report::new(scope, &target.subject, now, results, commands)
        .by(concat!("scs-monitor ", env!("CARGO_PKG_VERSION")))
        .with_findings(lines)
}
