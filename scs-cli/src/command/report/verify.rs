//! `scs report verify`: verifies the signature of a report.

use std::io::Write;

use clap::{ArgGroup, Args};
use jiff::tz::TimeZone;
use scs_certificates::report::signature::{Revoked, SignatureError, Signers, verify};

use crate::app::diagnostic::visible;
use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::files;
use crate::app::input::Source;
use crate::app::options::Common;
use crate::app::output::Output;

/// `scs report verify`.
#[derive(Debug, Args)]
#[command(
    group = ArgGroup::new("signer").required(true).args(["key", "allowed_signers"]),
    after_long_help = "\
Examples:
  scs report verify report.yaml --signature report.yaml.sig --key id_ed25519.pub
  scs report verify report.yaml --signature report.yaml.sig \\
    --allowed-signers signers --identity mail@example.com
  scs report verify report.yaml --signature report.yaml.sig \\
    --allowed-signers signers --revoked revoked-keys

Every signature accepted here is also accepted by `ssh-keygen -Y verify -n report`. RSA keys of less than \
2048 bits and files with an unreadable line are rejected.

Exit status: 0 the signature is valid, 1 it is not, 2 a file could not be read."
)]
pub(crate) struct Verify {
    /// Report; `-` is standard input
    #[arg(value_name = "REPORT")]
    report: Source,

    /// Signature file
    #[arg(long, value_name = "FILE")]
    signature: Source,

    /// Public key of the signer
    #[arg(long, value_name = "PUBLIC-KEY")]
    key: Option<Source>,

    /// Allowed-signers file (see ssh-keygen(1))
    #[arg(long, value_name = "FILE")]
    allowed_signers: Option<Source>,

    /// Required signer identity [default: any allowed signer]
    #[arg(long, value_name = "IDENTITY", requires = "allowed_signers")]
    identity: Option<String>,

    /// Revoked keys: public keys or fingerprints, one per line, or a list created by `ssh-keygen -k`
    #[arg(long, value_name = "FILE")]
    revoked: Option<Source>,
}

impl Verify {
    pub(super) fn run(&self, common: &Common) -> Result<Exit, Failure> {
        let report = files::text(self.report.open()?, files::WRITTEN)?;
        let signature = files::text(self.signature.open()?, files::WRITTEN)?;
        let signers = match (&self.key, &self.allowed_signers) {
            (Some(key), _) => read(key, Signers::from_key)?,
            // Times without a `Z` are local, as in `ssh-keygen`.
            (None, Some(file)) => read(file, |text| Signers::from_file(text, &TimeZone::system()))?,
            (None, None) => return Err(Failure::new("`--key` or `--allowed-signers` is required")),
        };
        let signers = match &self.revoked {
            Some(file) => {
                let list = files::bytes(file.open()?, files::WRITTEN)?;
                let revoked = Revoked::read(&list)
                    .map_err(|error| Failure::new(format!("{}: {error}", file.name())))?;
                signers.without(revoked)
            }
            None => signers,
        };
        let at = crate::app::at::now(common.at);
        let outcome = verify(report.as_bytes(), &signature, &signers, self.identity.as_deref(), at);
        if let Err(error @ SignatureError::Signature(_)) = &outcome {
            return Err(Failure::new(format!("{}: {error}", self.signature.name()))
                .hint("create one with `scs report sign` or `ssh-keygen -Y sign -n report`"));
        }
        let mut output = Output::open(common.output.as_deref())?;
        match &outcome {
            Ok(()) => writeln!(output, "{}: the signature is valid", visible(&self.report.name()))?,
            Err(error) => {
                writeln!(output, "{}: {}", visible(&self.report.name()), visible(&error.to_string()))?;
            }
        }
        output.finish()?;
        Ok(Exit::success_if(outcome.is_ok()))
    }
}

fn read(source: &Source, of: impl Fn(&str) -> Result<Signers, SignatureError>) -> Result<Signers, Failure> {
    let text = files::text(source.open()?, files::WRITTEN)?;
    of(&text).map_err(|error| Failure::new(format!("{}: {error}", source.name())))
}
