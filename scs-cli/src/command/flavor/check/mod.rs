//! `scs flavor check`: flavors against scs-0100, scs-0103 and scs-0110, or their names alone against scs-0100.

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
use scs_report::Format as AnyFormat;
use scs_standards::{DocumentId, Strength, TestCase};

use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::input::{self, Opened, Source, is_blank, refuse_other_encodings};
use crate::app::options::Common;
use crate::print::report::ReportOptions;

/// `scs flavor check`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  openstack flavor list --long -f json | scs flavor check -
                                                   figures, properties and standard flavors as well as names
  scs flavor check flavors.yaml                    a file of openstack-flavor-manager
  openstack flavor list -f value -c Name | scs flavor check -
  scs flavor check names.txt                       one name per line
  scs flavor check --profile official names.txt    as the official test suite decides
  scs flavor check -f json -o report.json names.txt
  scs flavor check --all names.txt                 every single warning, not three per rule

Names that do not start with `SCS-` are counted and otherwise left alone. Files of names may have any length.
Exit status: 0 nothing is invalid, 1 something is, 2 the input could not be read.")]
pub(crate) struct Check {
    /// What to check; `-` is standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<Source>,

    /// What the input is
    #[arg(long, value_name = "KIND", default_value = "auto")]
    input: InputChoice,

    /// How many threads to use [default: 2, or 1 on a single core]
    #[arg(long, value_name = "N", env = "SCS_THREADS", hide_env_values = true, value_parser = threads)]
    threads: Option<u8>,

    /// Also answer test cases that no certificate asks for
    #[arg(long, value_name = "TARGET")]
    include: Vec<Include>,

    /// What the provider states about things that no API shows
    #[arg(long, value_name = "FILE")]
    declarations: Option<Source>,

    /// Ask the rules of these documents, such as scs-0100-v2 [default: those in force]
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
    /// Whether it takes a test case.
    fn takes(self, case: &TestCase) -> bool {
        match self {
            Self::Recommended => case.level.strength() == Strength::Should,
        }
    }
}

/// `--input`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum InputChoice {
    /// Decide by the first line: one word is a name
    Auto,
    /// One name per line
    Names,
    /// What Nova's API returns, `{"flavors": […]}`
    Nova,
    /// What `openstack flavor list --long -f json` prints
    Osc,
    /// A YAML file of openstack-flavor-manager
    FlavorManager,
}

/// The formats that can be written while a list of names is still being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Text,
    Json,
    Jsonl,
}

impl Format {
    /// The format for a list of names, which may have any length.
    fn of_names(format: AnyFormat) -> Result<Self, Failure> {
        match format {
            AnyFormat::Text => Ok(Self::Text),
            AnyFormat::Json => Ok(Self::Json),
            AnyFormat::Jsonl => Ok(Self::Jsonl),
            _ => Err(Failure::new(
                "a list of names is printed as it is read, which this format does not allow",
            )
            .hint("use `-f text`, `-f json` or `-f jsonl`, or check the full list of flavors")),
        }
    }
}

/// A number of threads, with a message that says what is expected.
fn threads(text: &str) -> Result<u8, String> {
    let threads = text.parse().ok().filter(|threads| (1..=64).contains(threads));
    threads.ok_or_else(|| "expected a number from 1 to 64".to_owned())
}

impl Check {
    pub(crate) fn run(&self, common: &Common) -> Result<Exit, Failure> {
        self.refuse_unknown_documents()?;
        // All inputs are opened before anything is printed, so that a wrong path leaves no half of a result.
        let mut inputs = Vec::with_capacity(self.files.len());
        for file in input::all_files(&self.files, &[input::WRITTEN, &["txt"]].concat())? {
            inputs.push(file.open()?);
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

    /// Without any rule there would be an answer that says nothing.
    fn refuse_unknown_documents(&self) -> Result<(), Failure> {
        let known: BTreeSet<DocumentId> = flavor_rules().flat_map(|rule| rule.documents).copied().collect();
        let Some(unknown) = self.standards.iter().find(|document| !known.contains(document)) else {
            return Ok(());
        };
        let known: Vec<String> = known.iter().map(ToString::to_string).collect();
        Err(Failure::new(format!("{unknown} has no rules about flavors"))
            .hint(format!("those that have: {}", known.join(", "))))
    }

    /// Names alone answer none of what these options are about; that they are ignored should not go unnoticed.
    fn refuse_options_about_flavors(&self) -> Result<(), Failure> {
        let given = [
            ("--baseline", self.report.baseline.is_some()),
            ("--fail-on", self.report.fail_on.is_some()),
            ("--quiet", self.report.quiet),
            ("--declarations", self.declarations.is_some()),
            ("--include", !self.include.is_empty()),
            ("--standard", !self.standards.is_empty()),
        ];
        match given.iter().find(|(_, given)| *given) {
            None => Ok(()),
            Some((option, _)) => Err(Failure::new(format!(
                "`{option}` is about flavors, and the input holds their names alone"
            ))
            .hint("check the full list, which `openstack flavor list --long -f json` prints")),
        }
    }

    /// The documents whose rules are asked.
    fn documents(&self, day: Date) -> Vec<DocumentId> {
        if self.standards.is_empty() {
            SubjectKind::Flavors.documents_in_force(day)
        } else {
            self.standards.clone()
        }
    }

    /// How many threads to use at the most.
    fn threads(&self) -> usize {
        match self.threads {
            Some(threads) => usize::from(threads),
            // More than two gain little: one can read no faster than the input comes.
            None => std::thread::available_parallelism().map_or(1, usize::from).min(2),
        }
    }
}

/// How much of an input is looked at to tell what it is.
const HEAD: usize = 1 << 16;

/// Whether an input looks like names, one per line. What was read for that is put back.
fn holds_names(input: &mut Opened) -> Result<bool, Failure> {
    let mut head = Vec::new();
    let empty: Box<dyn Read + Send> = Box::new(std::io::empty());
    let mut reader = std::mem::replace(&mut input.reader, empty);
    // A pipe gives what it has; only a first line without an end needs more.
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
        return Err(Failure::new(format!(
            "{} holds neither names nor a document: it is no text",
            input.name
        ))
        .hint("check that it is the file that you mean; `--input names` reads it all the same"));
    }
    let names = looks_like_names(&head);
    input.reader = Box::new(Cursor::new(head).chain(reader));
    Ok(names)
}

/// Without a byte order mark and the empty lines at the beginning.
fn filled(head: &[u8]) -> &[u8] {
    head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start()
}

/// Whether it is some other kind of file. A single NUL in a list of names is a finding.
fn looks_binary(head: &[u8]) -> bool {
    head.contains(&0) && !filled(head).starts_with(b"SCS-") && memmem::find(head, b"\nSCS-").is_none()
}

/// Whether the first line is one word, and none that begins a JSON or YAML document.
fn looks_like_names(head: &[u8]) -> bool {
    let head = filled(head);
    let line = head.split(|&byte| byte == b'\n').next().unwrap_or_default().trim_ascii_end();
    let scs = line.starts_with(b"SCS-");
    // A colon at the end makes a key of YAML, unless it is a v1 name with a disk of any size: `SCS-2C:4:`.
    let key = line.ends_with(b":") && !scs;
    let document = matches!(line.first(), Some(b'{' | b'[' | b'#' | b'%')) || line.starts_with(b"---");
    is_blank(line) || scs || !document && !key && !line.iter().any(u8::is_ascii_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_from_documents() {
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
