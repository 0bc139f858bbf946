//! `scs flavor check`: checks flavors against scs-0100, scs-0103 and scs-0110, or only their names against scs-0100.

mod blocks;
mod flavors;
mod names;
mod order;
mod plain;
mod report;
mod rules;
mod scan;
mod summary;

use std::collections::BTreeSet;
use std::io::{Cursor, Read};

use clap::{Args, ValueEnum};
use jiff::civil::Date;
use memchr::{memchr, memmem};
use scs_flavor_naming::flavor_rules;
use scs_registry::SubjectKind;
use scs_report::Format;
use scs_standards::{DocumentId, Strength, TestCase};

use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::input::{self, Opened, Source, is_blank, refuse_other_encodings};
use crate::app::options::Common;
use crate::print::report::ReportOptions;
use crate::source::cloud::{Kind, LiveCloud};

/// `scs flavor check`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  openstack flavor list --long -f json | scs flavor check -
                                                   sizes, properties and names
  scs flavor check flavors.yaml                    for openstack-flavor-manager
  openstack flavor list -f value -c Name | scs flavor check -
  scs flavor check names.txt                       one name per line
  scs flavor check --profile official names.txt    like the official test suite
  scs flavor check --os-cloud my-cloud             a live cloud
  scs flavor check -f json -o report.json names.txt
  scs flavor check --all names.txt                 all warnings, not 3 per rule

Names that do not start with `SCS-` are counted but not checked. Lists of names can be of any length.

Exit status: 0 nothing is invalid, 1 something is invalid, 2 an input could not be read.")]
pub(crate) struct Check {
    /// Lists of flavors or names; `-` is standard input
    #[arg(value_name = "FILE", required_unless_present = "os_cloud", conflicts_with = "os_cloud")]
    files: Vec<Source>,

    #[command(flatten)]
    cloud: LiveCloud,

    /// Kind of input
    #[arg(long, value_name = "KIND", default_value = "auto")]
    input: InputChoice,

    /// Number of threads [default: 2, or 1 on a single core]
    #[arg(long, value_name = "N", env = "SCS_THREADS", hide_env_values = true, value_parser = threads)]
    threads: Option<u8>,

    /// Also check test cases that no certificate requires
    #[arg(long, value_name = "TARGET")]
    include: Vec<Include>,

    /// Declarations about requirements that no API can show
    #[arg(long, value_name = "FILE")]
    declarations: Option<Source>,

    /// Check the rules of these documents, such as scs-0100-v2 [default: documents in force]
    #[arg(long = "standard", value_name = "DOCUMENT")]
    standards: Vec<DocumentId>,

    #[command(flatten)]
    report: ReportOptions,
}

/// `--include`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Include {
    /// The recommended standard flavors
    Recommended,
}

impl Include {
    /// Whether it includes a test case.
    fn includes(self, case: &TestCase) -> bool {
        match self {
            Self::Recommended => case.level.strength() == Strength::Should,
        }
    }
}

/// `--input`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum InputChoice {
    /// Detect by the first line: one word is a name
    Auto,
    /// One name per line
    Names,
    /// JSON from Nova's API, `{"flavors": […]}`
    Nova,
    /// Output of `openstack flavor list --long -f json`
    Osc,
    /// A YAML file of openstack-flavor-manager
    FlavorManager,
}

/// How findings are written while a list of names is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stream {
    Text,
    Json,
    Jsonl,
}

impl Stream {
    /// The stream that a format is; `None` if the report has to be complete before it can be printed.
    const fn of(options: &ReportOptions) -> Option<Self> {
        let whole = options.quiet
            || options.baseline.is_some()
            || options.fail_on.is_some()
            || options.min_severity.is_some();
        match options.format {
            _ if whole => None,
            Format::Text => Some(Self::Text),
            Format::Json => Some(Self::Json),
            Format::Jsonl => Some(Self::Jsonl),
            _ => None,
        }
    }
}

/// Parses a number of threads.
fn threads(text: &str) -> Result<u8, String> {
    let threads = text.parse().ok().filter(|threads| (1..=64).contains(threads));
    threads.ok_or_else(|| "expected a number from 1 to 64".to_owned())
}

impl Check {
    pub(crate) fn run(&self, common: &Common) -> Result<Exit, Failure> {
        self.refuse_unknown_documents()?;
        // Open all inputs before printing, so that a wrong path does not leave a partial result.
        let mut inputs = Vec::with_capacity(self.files.len());
        for file in input::all_files(&self.files, &[input::WRITTEN, &["txt"]].concat())? {
            inputs.push(file.open()?);
        }
        if let Some(live) = self.cloud.open(Kind::Flavors)? {
            return flavors::run(vec![live.input()], self, common);
        }
        let mut all_names = true;
        if self.input == InputChoice::Auto {
            for input in &mut inputs {
                all_names &= holds_names(input)?;
            }
        } else {
            all_names = self.input == InputChoice::Names;
        }
        if all_names {
            self.refuse_options_about_flavors()?;
            names::check_names(inputs, self, common)
        } else {
            flavors::run(inputs, self, common)
        }
    }

    /// Rejects documents without rules, for which the result would be meaningless.
    fn refuse_unknown_documents(&self) -> Result<(), Failure> {
        let known: BTreeSet<DocumentId> = flavor_rules().flat_map(|rule| rule.documents).copied().collect();
        let Some(unknown) = self.standards.iter().find(|document| !known.contains(document)) else {
            return Ok(());
        };
        let known: Vec<String> = known.iter().map(ToString::to_string).collect();
        Err(Failure::new(format!("{unknown} has no rules about flavors"))
            .hint(format!("documents with rules about flavors: {}", known.join(", "))))
    }

    /// Rejects options about flavors for a list of names, instead of ignoring them.
    fn refuse_options_about_flavors(&self) -> Result<(), Failure> {
        let given = [
            ("--declarations", self.declarations.is_some()),
            ("--include", !self.include.is_empty()),
            ("--standard", !self.standards.is_empty()),
        ];
        match given.iter().find(|(_, given)| *given) {
            None => Ok(()),
            Some((option, _)) => {
                Err(Failure::new(format!("`{option}` needs flavors, but the input has only names"))
                    .hint("check the output of `openstack flavor list --long -f json`"))
            }
        }
    }

    /// The documents to check.
    fn documents(&self, day: Date) -> Vec<DocumentId> {
        if self.standards.is_empty() {
            SubjectKind::Flavors.documents_in_force(day)
        } else {
            self.standards.clone()
        }
    }

    /// The maximum number of threads.
    fn threads(&self) -> usize {
        match self.threads {
            Some(threads) => usize::from(threads),
            // More than two gain little: reading is the bottleneck.
            None => std::thread::available_parallelism().map_or(1, usize::from).min(2),
        }
    }
}

/// The number of bytes for detecting the kind of input.
const HEAD: usize = 1 << 16;

/// Whether an input looks like names, one per line. The bytes read for detection are put back.
fn holds_names(input: &mut Opened) -> Result<bool, Failure> {
    let mut head = Vec::new();
    let empty: Box<dyn Read + Send> = Box::new(std::io::empty());
    let mut reader = std::mem::replace(&mut input.reader, empty);
    // One read is enough unless the first line is incomplete.
    let mut chunk = vec![0; 1 << 12];
    while head.len() < HEAD && memchr(b'\n', filled(&head)).is_none() {
        match reader.read(&mut chunk) {
            Ok(0) => break,
            Ok(read) => head.extend_from_slice(&chunk[..read]),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(Failure::unreadable(&input.name, &error)),
        }
    }
    refuse_other_encodings(&input.name, &head)?;
    if looks_binary(&head) {
        return Err(Failure::new(format!("{} has neither names nor a document: it is not text", input.name))
            .hint("check that it is the right file; `--input names` reads it anyway"));
    }
    let names = looks_like_names(&head);
    input.reader = Box::new(Cursor::new(head).chain(reader));
    Ok(names)
}

/// Skips a byte order mark and empty lines at the start.
fn filled(head: &[u8]) -> &[u8] {
    head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start()
}

/// Whether the input is binary. A single NUL in a list of names is a finding.
fn looks_binary(head: &[u8]) -> bool {
    head.contains(&0) && !filled(head).starts_with(b"SCS-") && memmem::find(head, b"\nSCS-").is_none()
}

/// Whether the first line is one word and does not start a JSON or YAML document.
fn looks_like_names(head: &[u8]) -> bool {
    let head = filled(head);
    let line = head.split(|&byte| byte == b'\n').next().unwrap_or_default().trim_ascii_end();
    let scs = line.starts_with(b"SCS-");
    // A trailing colon marks a YAML key, unless it is a v1 name with a disk of any size: `SCS-2C:4:`.
    let key = line.ends_with(b":") && !scs;
    let document = matches!(line.first(), Some(b'{' | b'[' | b'#' | b'%')) || line.starts_with(b"---");
    is_blank(line) || scs || !document && !key && !line.iter().any(u8::is_ascii_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_distinguished_from_documents() {
        for names in ["SCS-2V-4", "\u{FEFF}\r\n\nm1.small\r\nSCS-2V-4\r\n", "SCS-2C:4:\n", "", "SCS-2V-4 \n"]
        {
            assert!(looks_like_names(names.as_bytes()), "{names:?}");
        }
        for document in [
            "{\"flavors\": []}",
            "[\n",
            "\n  {",
            "reference:\n  - field: name\n",
            "---\n",
            "# flavors\n",
            "name: x",
        ] {
            assert!(!looks_like_names(document.as_bytes()), "{document:?}");
        }
    }
}
