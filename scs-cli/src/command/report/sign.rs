//! `scs report sign`: an OpenSSH signature of a report.

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
#[command(after_help = "\
Examples:
  scs report sign report.yaml --key ~/.ssh/id_ed25519 -o report.yaml.sig
  scs report sign report.yaml --key ~/.ssh/id_ed25519 --body |
    curl --data-binary @- -H 'Content-Type: application/x-signed-yaml' -u USER:TOKEN https://MONITOR/reports

The same as `ssh-keygen -Y sign -f KEY -n report REPORT`.
Exit status: 0 it is signed, 2 the key or the report could not be read.")]
pub(crate) struct Sign {
    /// The report; `-` is standard input
    #[arg(value_name = "REPORT")]
    report: Source,

    /// The private key of OpenSSH, without a passphrase
    #[arg(long, value_name = "PRIVATE-KEY")]
    key: Source,

    /// Write the body that the compliance monitor takes under `POST /reports` instead
    #[arg(long)]
    body: bool,
}

impl Sign {
    pub(super) fn run(&self, common: &Common) -> Result<Exit, Failure> {
        let report = files::text(self.report.open()?, files::WRITTEN)?;
        let name = self.report.name();
        let reports = Report::read_all(&report).map_err(|error| {
            Failure::new(format!("{name}: {error}"))
                .hint("only reports are signed here; `ssh-keygen -Y sign` signs anything")
        })?;
        if self.body && reports.len() > 1 {
            return Err(Failure::new(format!("{name} has {} reports, and the monitor takes one at a time", reports.len()))
                .hint("results that rest on evidence of other days are reports of their own: split the file at its lines `---`"));
        }
        let key = files::text(self.key.open()?, files::WRITTEN)?;
        let signature = sign(report.as_bytes(), &key).map_err(|error| {
            let failure = Failure::new(format!("{}: {error}", self.key.name()));
            match error {
                SignatureError::Encrypted => failure.hint(
                    "`ssh-keygen -Y sign -f KEY -n report REPORT` asks for the passphrase, and makes the same signature",
                ),
                _ => failure.hint("`ssh-keygen -t ed25519 -f KEY` makes a key"),
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

/// Says so where others can read the private key, as `ssh` does.
#[cfg(unix)]
fn warn_of_open_key(key: &Source) {
    use std::os::unix::fs::PermissionsExt;

    if let Source::File(path) = key
        && let Ok(metadata) = std::fs::metadata(path)
        && metadata.permissions().mode() & 0o077 != 0
    {
        let text = format!("warning: others can read {}; `chmod 600` keeps them from it\n", key.name());
        // Without a place for complaints the signature is made all the same.
        let _ = std::io::stderr().write_all(text.as_bytes());
    }
}

#[cfg(not(unix))]
fn warn_of_open_key(_: &Source) {}
