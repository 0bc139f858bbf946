//! `scs report sign`: signs a report with an OpenSSH key.

use std::io::Write;

use clap::Args;
use scs_certificates::report::Report;
use scs_certificates::report::signature::{SignatureError, body, sign};

use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::files;
use crate::app::input::Source;
use crate::app::options::Common;
use crate::app::output::Output;

/// `scs report sign`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  scs report sign report.yaml --key ~/.ssh/id_ed25519 -o report.yaml.sig
  scs report sign report.yaml --key ~/.ssh/id_ed25519 --body |
    curl --data-binary @- -H 'Content-Type: application/x-signed-yaml' \\
      -u USER:TOKEN https://MONITOR/reports

Equivalent to `ssh-keygen -Y sign -f KEY -n report REPORT`.

Exit status: 0 success, 2 the key or the report could not be read.")]
pub(crate) struct Sign {
    /// Report; `-` is standard input
    #[arg(value_name = "REPORT")]
    report: Source,

    /// OpenSSH private key without a passphrase
    #[arg(long, value_name = "PRIVATE-KEY")]
    key: Source,

    /// Write the request body for the compliance monitor's `POST /reports`
    #[arg(long)]
    body: bool,
}

impl Sign {
    pub(super) fn run(&self, common: &Common) -> Result<Exit, Failure> {
        let report = files::text(self.report.open()?, files::WRITTEN)?;
        let name = self.report.name();
        let reports = Report::read_all(&report).map_err(|error| {
            Failure::new(format!("{name}: {error}"))
                .hint("this command only signs reports; `ssh-keygen -Y sign` signs anything")
        })?;
        if self.body && reports.len() > 1 {
            return Err(Failure::new(format!("{name} has {} reports, but the monitor accepts only one at a time", reports.len()))
                .hint("split the file at its `---` lines: results based on evidence from different days are separate reports"));
        }
        let key = files::text(self.key.open()?, files::WRITTEN)?;
        let signature = sign(report.as_bytes(), &key).map_err(|error| {
            let failure = Failure::new(format!("{}: {error}", self.key.name()));
            match error {
                SignatureError::Encrypted => failure.hint(
                    "`ssh-keygen -Y sign -f KEY -n report REPORT` asks for the passphrase and creates the same signature",
                ),
                _ => failure.hint("`ssh-keygen -t ed25519 -f KEY` creates a key"),
            }
        })?;
        warn_of_open_key(&self.key);
        let text = if self.body { body(&signature, &report) } else { signature };
        let mut output = Output::open(common.output.as_deref())?;
        output.write_all(text.as_bytes())?;
        output.finish()?;
        Ok(Exit::Success)
    }
}

/// Warns if others can read the private key, like `ssh`.
#[cfg(unix)]
fn warn_of_open_key(key: &Source) {
    use std::os::unix::fs::PermissionsExt;

    if let Source::File(path) = key
        && let Ok(metadata) = std::fs::metadata(path)
        && metadata.permissions().mode() & 0o077 != 0
    {
        let text = format!("warning: others can read {}; fix this with `chmod 600`\n", key.name());
        // If standard error is closed, the signature is created anyway.
        let _ = std::io::stderr().write_all(text.as_bytes());
    }
}

#[cfg(not(unix))]
fn warn_of_open_key(_: &Source) {}
