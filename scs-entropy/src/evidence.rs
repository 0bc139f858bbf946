//! What the rules look at: the parts of an inventory that say something about entropy.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, date};
use scs_standards::Given;
use scs_standards::subject::{Flavor, Image};
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
    /// Entropy of the host comes through virtio-rng and `rngd`.
    #[serde(rename = "1.0")]
    V1_0,
    /// Entropy comes from the CPU's instructions alone.
    #[serde(rename = "1.1")]
    V1_1,
}

/// A text that is no revision.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{0}` is no revision of scs-0101-v1; there are 1.0 and 1.1")]
pub struct ParseRevisionError(String);

impl EntropyRevision {
    /// The first day on which the scopes did without the test cases of revision 1.0.
    const SINCE_V1_1: Date = date(2026, 6, 25);

    /// The one that counts on a day.
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
    type Err = ParseRevisionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "1.0" => Ok(Self::V1_0),
            "1.1" => Ok(Self::V1_1),
            _ => Err(ParseRevisionError(brief(text))),
        }
    }
}

/// Flavors or images as another crate has read them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listed<T> {
    /// Those that could be read.
    pub entries: Vec<T>,
    /// What could not be read, in sentences.
    pub broken: Vec<String>,
}

/// What is known about the entropy of a cloud.
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
    /// What a sample VM says of itself.
    pub console: Given<ConsoleOutput>,
    /// What the hosts are.
    pub host_facts: Given<HostFacts>,
    /// The flavors; only revision 1.0 looks at them.
    pub flavors: Given<Listed<Flavor>>,
    /// The images; only revision 1.0 looks at them.
    pub images: Given<Listed<Image>>,
    /// The revision that decides, where it is not that of the day.
    pub revision: Option<EntropyRevision>,
}

impl EntropyEvidence {
    /// What a sample VM says of itself, and nothing else.
    #[must_use]
    pub fn of_console(console: ConsoleOutput) -> Self {
        Self { console: Given::Data(console), ..Self::default() }
    }

    /// With the part `console_output` of an inventory, as JSON: a text, what Nova returns, or what a probe prints.
    #[must_use]
    pub fn with_console_part(self, json: &str) -> Self {
        Self { console: Given::Data(json).read(ConsoleOutput::of_part), ..self }
    }

    /// With the part `host_facts` of an inventory, as JSON.
    #[must_use]
    pub fn with_host_facts_part(self, json: &str) -> Self {
        Self { host_facts: Given::Data(json).read(str::parse), ..self }
    }

    /// With another revision than that of the day.
    #[must_use]
    pub const fn with_revision(mut self, revision: EntropyRevision) -> Self {
        self.revision = Some(revision);
        self
    }

    /// What could not be read of the parts.
    pub fn problems(&self) -> impl Iterator<Item = &str> {
        let console = self.console.data().map(|console| &console.problems);
        let hosts = self.host_facts.data().map(|hosts| &hosts.problems);
        console.into_iter().chain(hosts).flatten().map(String::as_str)
    }
}

impl ConsoleOutput {
    /// Reads the part `console_output` of an inventory: a text, what Nova returns (`{"output": "…"}`), or what
    /// `scs entropy probe -f json` prints.
    ///
    /// # Errors
    ///
    /// When it is something else, or has no marker.
    pub fn of_part(json: &str) -> Result<Self, ReadConsoleError> {
        let shape = |found: String| ReadConsoleError::Shape { found };
        let value: Value = serde_json::from_str(json).map_err(|error| shape(format!("no JSON: {error}")))?;
        match value {
            // What a probe has printed, pasted as a text.
            Value::String(text) => match pasted_probe(&text) {
                Some(document) => Ok(Self::from(&document)),
                None => Self::read(&text),
            },
            Value::Object(mut fields) => match (fields.remove("output"), fields.get("schema")) {
                (Some(Value::String(text)), _) => Self::read(&text),
                (Some(_), _) => Err(shape("an `output` that is no text".to_owned())),
                (None, Some(Value::String(schema))) if schema == SCHEMA => {
                    let document = ProbeDocument::deserialize(Value::Object(fields));
                    let document =
                        document.map_err(|error| shape(format!("a probe with a flaw: {error}")))?;
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
            Value::Bool(_) => Err(shape("a truth value".to_owned())),
            Value::Number(_) => Err(shape("a number".to_owned())),
            Value::Array(_) => Err(shape("a list".to_owned())),
        }
    }

    /// Reads a file: the text of a console, or one of the JSON shapes of [`ConsoleOutput::of_part`].
    ///
    /// # Errors
    ///
    /// When it is neither.
    pub fn of_file(bytes: &[u8]) -> Result<Self, ReadConsoleError> {
        let text = String::from_utf8_lossy(bytes);
        let trimmed = text.trim_start_matches('\u{feff}').trim();
        let is_json =
            trimmed.starts_with(['{', '"']) && serde_json::from_str::<serde::de::IgnoredAny>(trimmed).is_ok();
        if is_json { Self::of_part(trimmed) } else { Self::read(&text) }
    }
}

/// The document of a probe that a text is.
fn pasted_probe(text: &str) -> Option<ProbeDocument> {
    let text = text.trim_start_matches('\u{feff}').trim();
    let document: ProbeDocument = text.starts_with('{').then(|| serde_json::from_str(text).ok()).flatten()?;
    (document.schema == SCHEMA).then_some(document)
}

impl From<&ProbeDocument> for ConsoleOutput {
    /// The same as if the lines had come over a console.
    fn from(document: &ProbeDocument) -> Self {
        // There is a marker, that of the end.
        Self::read(&document.marker_lines()).unwrap_or_default()
    }
}

/// What the hosts of a cloud are.
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
    /// The hosts in the order of the source.
    pub hosts: Vec<HostFact>,
    /// What could not be read, in sentences.
    pub problems: Vec<String>,
}

/// What a host is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HostFact {
    /// What it is called.
    pub name: String,
    /// What its CPUs can do, where that is known.
    pub cpu: Option<Cpu>,
}

/// A text that says nothing of hosts.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "no facts about hosts: expected a list of objects with `name`, `architecture` and `cpu_flags`, found {found}"
)]
pub struct ReadHostFactsError {
    found: String,
}

impl FromStr for HostFacts {
    type Err = ReadHostFactsError;

    /// Reads a list of hosts, or a mapping from their names.
    fn from_str(json: &str) -> Result<Self, Self::Err> {
        let error = |found: String| ReadHostFactsError { found };
        let value: Value =
            serde_json::from_str(json).map_err(|problem| error(format!("no JSON: {problem}")))?;
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
        return Err(format!("`{}` is {}, no object", brief(&name), brief(&host.to_string())));
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
            (None, _) => format!("`{}` has no `cpu_flags`", brief(&name)),
            (Some(_), Some(architecture)) if kind.is_none() => {
                format!(
                    "`{}` has the architecture `{}`, which is not known here",
                    brief(&name),
                    brief(architecture)
                )
            }
            _ => format!("the `cpu_flags` of `{}` are neither a text nor a list of texts", brief(&name)),
        });
    }
    Ok(HostFact { name: brief(&name), cpu })
}

/// The kind of a CPU whose architecture is not told: every 64-bit Arm has `asimd` or `fp`, and no x86 has.
fn kind_of(flags: &[&str]) -> CpuKind {
    if flags.iter().any(|flag| matches!(*flag, "asimd" | "fp")) { CpuKind::Arm } else { CpuKind::X86 }
}
