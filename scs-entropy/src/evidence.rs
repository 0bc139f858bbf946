//! The input of the rules: the parts of an inventory that concern entropy.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, date};
use scs_standards::subject::{Flavor, Image};
use scs_standards::{Given, Listed};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;

use crate::console::{ConsoleOutput, ReadConsoleError};
use crate::cpu::{Cpu, CpuKind};
use crate::probe::{ProbeDocument, SCHEMA};
use crate::words::brief;

/// A revision of scs-0101-v1.
///
/// ```
/// use scs_entropy::EntropyRevision;
///
/// assert_eq!(EntropyRevision::at(jiff::civil::date(2026, 6, 24)), EntropyRevision::V1_0);
/// assert_eq!(EntropyRevision::at(jiff::civil::date(2026, 6, 25)), EntropyRevision::V1_1);
/// assert_eq!("1.0".parse(), Ok(EntropyRevision::V1_0));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum EntropyRevision {
    /// Entropy of the host is provided through virtio-rng and `rngd`.
    #[serde(rename = "1.0")]
    V1_0,
    /// Entropy is provided only by CPU instructions.
    #[serde(rename = "1.1")]
    V1_1,
}

/// Error: not a revision.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{0}` is not a revision of scs-0101-v1; expected 1.0 or 1.1")]
pub struct ParseEntropyRevisionError(String);

impl EntropyRevision {
    /// The first day on which the scopes no longer included the test cases of revision 1.0.
    const SINCE_V1_1: Date = date(2026, 6, 25);

    /// The revision in effect on a day.
    #[must_use]
    pub fn at(day: Date) -> Self {
        if day < Self::SINCE_V1_1 { Self::V1_0 } else { Self::V1_1 }
    }
}

impl fmt::Display for EntropyRevision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::V1_0 => "1.0",
            Self::V1_1 => "1.1",
        })
    }
}

impl FromStr for EntropyRevision {
    type Err = ParseEntropyRevisionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "1.0" => Ok(Self::V1_0),
            "1.1" => Ok(Self::V1_1),
            _ => Err(ParseEntropyRevisionError(brief(text))),
        }
    }
}

/// The known facts about the entropy of a cloud.
///
/// ```
/// use scs_entropy::{ENTROPY_DOCUMENTS, EntropyEvidence, check_entropy, entropy_test_case};
/// use scs_standards::{Context, Declarations, Profile, Verdict};
///
/// let evidence = EntropyEvidence::default().with_console_part(r#"{"output": "_scs-test-entropy-avail: 256\n_scs-test-end\n"}"#);
/// let declarations = Declarations::default();
/// let at = "2026-11-24T00:00:00Z".parse()?;
/// let context = Context { at, profile: Profile::Text, declarations: &declarations };
/// let answers = check_entropy(&evidence, &context, &ENTROPY_DOCUMENTS);
/// let verdict = |case| entropy_test_case(case).unwrap().verdict(&answers);
/// assert_eq!(verdict("scs-0101-entropy-avail"), Some(Verdict::Pass));
/// assert_eq!(verdict("scs-0101-fips-test"), Some(Verdict::Dnf));
/// # Ok::<(), jiff::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct EntropyEvidence {
    /// The console output of a sample VM.
    pub console: Given<ConsoleOutput>,
    /// The facts about the hosts.
    pub host_facts: Given<HostFacts>,
    /// The flavors; used only by revision 1.0.
    pub flavors: Given<Listed<Flavor>>,
    /// The images; used only by revision 1.0.
    pub images: Given<Listed<Image>>,
    /// The revision to apply, if not the one in effect on the day.
    pub revision: Option<EntropyRevision>,
}

impl EntropyEvidence {
    /// Evidence that consists only of the console output of a sample VM.
    #[must_use]
    pub fn from_console(console: ConsoleOutput) -> Self {
        Self { console: Given::Data(console), ..Self::default() }
    }

    /// Adds the part `console_output` of an inventory, as JSON: a text, a Nova response, or the document of a probe.
    #[must_use]
    pub fn with_console_part(self, json: &str) -> Self {
        Self { console: Given::Data(json).read(ConsoleOutput::from_part), ..self }
    }

    /// Adds the part `host_facts` of an inventory, as JSON.
    #[must_use]
    pub fn with_host_facts_part(self, json: &str) -> Self {
        Self { host_facts: Given::Data(json).read(str::parse), ..self }
    }

    /// Sets the revision to apply.
    #[must_use]
    pub const fn with_revision(mut self, revision: EntropyRevision) -> Self {
        self.revision = Some(revision);
        self
    }

    /// Problems in the inputs, as messages.
    pub fn problems(&self) -> impl Iterator<Item = &str> {
        let console = self.console.data().map(|console| &console.problems);
        let hosts = self.host_facts.data().map(|hosts| &hosts.problems);
        console.into_iter().chain(hosts).flatten().map(String::as_str)
    }
}

impl ConsoleOutput {
    /// Parses the part `console_output` of an inventory: a text, a Nova response (`{"output": "…"}`), or the JSON
    /// document of an entropy probe.
    ///
    /// # Errors
    ///
    /// If it is anything else or contains no marker.
    pub fn from_part(json: &str) -> Result<Self, ReadConsoleError> {
        let shape = |found: String| ReadConsoleError::Shape { found };
        let value: Value =
            serde_json::from_str(json).map_err(|error| shape(format!("invalid JSON: {error}")))?;
        match value {
            // The document of a probe, pasted as a string.
            Value::String(text) => match pasted_probe(&text) {
                Some(document) => Ok(Self::from(&document)),
                None => Self::read(&text),
            },
            Value::Object(mut fields) => match (fields.remove("output"), fields.get("schema")) {
                (Some(Value::String(text)), _) => Self::read(&text),
                (Some(_), _) => Err(shape("an `output` that is not text".to_owned())),
                (None, Some(Value::String(schema))) if schema == SCHEMA => {
                    let document = ProbeDocument::deserialize(Value::Object(fields));
                    let document =
                        document.map_err(|error| shape(format!("an invalid probe document: {error}")))?;
                    Ok(Self::from(&document))
                }
                (None, Some(schema)) => {
                    Err(shape(format!("an object with `schema: {}`", brief(&schema.to_string()))))
                }
                (None, None) => {
                    let keys: Vec<&str> = fields.keys().map(String::as_str).take(4).collect();
                    Err(shape(format!("an object with `{}`", brief(&keys.join("`, `")))))
                }
            },
            Value::Null => Err(shape("null".to_owned())),
            Value::Bool(_) => Err(shape("a boolean".to_owned())),
            Value::Number(_) => Err(shape("a number".to_owned())),
            Value::Array(_) => Err(shape("a list".to_owned())),
        }
    }

    /// Parses a file: console text, or one of the JSON formats of [`ConsoleOutput::from_part`].
    ///
    /// # Errors
    ///
    /// If it is neither.
    pub fn from_file(bytes: &[u8]) -> Result<Self, ReadConsoleError> {
        let text = String::from_utf8_lossy(bytes);
        let trimmed = text.trim_start_matches('\u{feff}').trim();
        let is_json =
            trimmed.starts_with(['{', '"']) && serde_json::from_str::<serde::de::IgnoredAny>(trimmed).is_ok();
        if is_json { Self::from_part(trimmed) } else { Self::read(&text) }
    }
}

/// The probe document contained in a text, if any.
fn pasted_probe(text: &str) -> Option<ProbeDocument> {
    let text = text.trim_start_matches('\u{feff}').trim();
    let document: ProbeDocument = text.starts_with('{').then(|| serde_json::from_str(text).ok()).flatten()?;
    (document.schema == SCHEMA).then_some(document)
}

impl From<&ProbeDocument> for ConsoleOutput {
    /// Converts as if the lines had been printed on a console.
    fn from(document: &ProbeDocument) -> Self {
        // It always has a marker: the end marker.
        Self::read(&document.marker_lines()).unwrap_or_default()
    }
}

/// The facts about the hosts of a cloud.
///
/// ```
/// use scs_entropy::HostFacts;
///
/// let facts: HostFacts = r#"[{"name": "compute-1", "architecture": "x86_64", "cpu_flags": "fpu rdrand rdseed"}]"#.parse()?;
/// assert!(facts.hosts[0].cpu.as_ref().unwrap().has("rdseed"));
/// # Ok::<(), scs_entropy::ReadHostFactsError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct HostFacts {
    /// The hosts in their original order.
    pub hosts: Vec<HostFact>,
    /// Problems in the source, as messages.
    pub problems: Vec<String>,
}

/// The facts about a host.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HostFact {
    /// The name.
    pub name: String,
    /// The capabilities of its CPUs, if known.
    pub cpu: Option<Cpu>,
}

/// Error: not a list of hosts.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "not facts about hosts: expected a list of objects with `name`, `architecture` and `cpu_flags`, found {found}"
)]
pub struct ReadHostFactsError {
    found: String,
}

impl FromStr for HostFacts {
    type Err = ReadHostFactsError;

    /// Parses a list of hosts, or a mapping with their names as keys.
    fn from_str(json: &str) -> Result<Self, Self::Err> {
        let error = |found: String| ReadHostFactsError { found };
        let value: Value =
            serde_json::from_str(json).map_err(|problem| error(format!("invalid JSON: {problem}")))?;
        let entries: Vec<(Option<String>, Value)> = match value {
            Value::Array(list) => list.into_iter().map(|host| (None, host)).collect(),
            Value::Object(map) if map.contains_key("cpu_flags") => vec![(None, Value::Object(map))],
            Value::Object(map) => map.into_iter().map(|(name, host)| (Some(name), host)).collect(),
            other => return Err(error(brief(&other.to_string()))),
        };
        let mut facts = Self::default();
        for (number, (name, host)) in (1..).zip(entries) {
            match fact(number, name, &host, &mut facts.problems) {
                Ok(fact) => facts.hosts.push(fact),
                Err(problem) => facts.problems.push(problem),
            }
        }
        if facts.hosts.is_empty() {
            return Err(error(facts.problems.into_iter().next().unwrap_or_else(|| "none".to_owned())));
        }
        Ok(facts)
    }
}

fn fact(
    number: u64,
    name: Option<String>,
    host: &Value,
    problems: &mut Vec<String>,
) -> Result<HostFact, String> {
    let text = |key: &str| host.get(key).and_then(Value::as_str);
    let name = name
        .or_else(|| ["name", "hostname"].into_iter().find_map(text).map(str::to_owned))
        .unwrap_or_else(|| format!("host {number}"));
    if !host.is_object() {
        return Err(format!("`{}` is {}, not an object", brief(&name), brief(&host.to_string())));
    }
    let flags: Option<Vec<&str>> = match host.get("cpu_flags") {
        Some(Value::String(flags)) => Some(flags.split_whitespace().collect()),
        Some(Value::Array(flags)) => flags.iter().map(Value::as_str).collect(),
        _ => None,
    };
    let kind = match text("architecture") {
        None => flags.as_ref().map(|flags| kind_of(flags)),
        Some("x86_64" | "amd64" | "i686" | "i386") => Some(CpuKind::X86),
        Some("aarch64" | "arm64") => Some(CpuKind::Arm),
        Some(_) => None,
    };
    let cpu = flags.zip(kind).map(|(flags, kind)| Cpu::new(kind, flags));
    if cpu.is_none() {
        problems.push(match (host.get("cpu_flags"), text("architecture")) {
            (None, _) => format!("`cpu_flags` of `{}` are missing", brief(&name)),
            (Some(_), Some(architecture)) if kind.is_none() => {
                format!("`{}` has the unsupported architecture `{}`", brief(&name), brief(architecture))
            }
            _ => format!("the `cpu_flags` of `{}` are neither a string nor a list of strings", brief(&name)),
        });
    }
    Ok(HostFact { name: brief(&name), cpu })
}

/// The kind of a CPU whose architecture is not given: every 64-bit Arm CPU has `asimd` or `fp`, and no x86 CPU does.
fn kind_of(flags: &[&str]) -> CpuKind {
    if flags.iter().any(|flag| matches!(*flag, "asimd" | "fp")) { CpuKind::Arm } else { CpuKind::X86 }
}
