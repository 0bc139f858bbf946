//! What is read out of one name, in the shape that the machine-readable output has.

use std::borrow::Cow;

use scs_flavor_naming::{
    FlavorName, Gpu, ParseNameError, Parsed, Parser, Syntax, UntypedDisk, is_label_value,
};
use scs_standards::Profile;
use serde::{Serialize, Serializer};

use super::names::Given;
use crate::input::LONGEST_LINE;

/// A name and what it says. Serializes as `scs flavor parse -f json` prints it.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Reading<'a> {
    Valid(Box<Valid<'a>>),
    Invalid { name: Cow<'a, str>, status: Status, error: NameError },
    NotScs { name: Cow<'a, str>, status: Status },
}

/// The word that tells the three apart.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Status {
    Valid,
    Invalid,
    NotScs,
}

/// A name that some version accepts.
#[derive(Debug, Serialize)]
pub(crate) struct Valid<'a> {
    pub(crate) name: Cow<'a, str>,
    status: Status,
    pub(crate) syntax: Syntax,
    pub(crate) canonical: String,
    pub(crate) short: Option<String>,
    pub(crate) v1: Option<String>,
    pub(crate) v2: Option<String>,
    pub(crate) flavor: Parts,
    #[serde(serialize_with = "in_given_order")]
    pub(crate) extra_specs: Vec<(String, String)>,
    pub(crate) description: String,
    pub(crate) image_architecture: &'static str,
    pub(crate) kubernetes_label_value: bool,
}

/// What is wrong with a name; the offsets are bytes of the name.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct NameError {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) message: String,
    pub(crate) expected: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) suggestion: Option<String>,
}

impl<'a> Reading<'a> {
    /// Reads a name.
    pub(crate) fn of(given: Given<'a>, parser: &Parser, profile: Profile) -> Self {
        if given.cut {
            let name = String::from_utf8_lossy(given.bytes.get(..80).unwrap_or(given.bytes));
            return Self::Invalid { error: NameError::cut(&name), name, status: Status::Invalid };
        }
        let text = match std::str::from_utf8(given.bytes) {
            Ok(text) => text,
            Err(error) => {
                let name = String::from_utf8_lossy(given.bytes);
                let error = NameError::not_text(error.valid_up_to());
                return Self::Invalid { name, status: Status::Invalid, error };
            }
        };
        let name = Cow::Borrowed(text);
        match parser.parse(text) {
            Ok(parsed) => Self::Valid(Box::new(Valid::new(name, &parsed, profile))),
            Err(error) if error.is_not_scs() => Self::NotScs { name, status: Status::NotScs },
            Err(error) => Self::Invalid { name, status: Status::Invalid, error: NameError::from(&error) },
        }
    }

    /// The name as given.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Valid(valid) => &valid.name,
            Self::Invalid { name, .. } | Self::NotScs { name, .. } => name,
        }
    }

    /// Whether it is a name that breaks the standard.
    pub(crate) const fn is_invalid(&self) -> bool {
        matches!(self, Self::Invalid { .. })
    }
}

impl NameError {
    /// Bytes that are no UTF-8, from this one on. In a printed name one U+FFFD stands for them, of three bytes.
    pub(crate) fn not_text(at: usize) -> Self {
        Self {
            start: at,
            end: at + char::REPLACEMENT_CHARACTER.len_utf8(),
            message: format!("the name is not valid UTF-8: byte {at} (counted from 0) begins no character"),
            expected: Vec::new(),
            suggestion: None,
        }
    }

    /// A line of which the rest was not read.
    pub(crate) fn cut(shown: &str) -> Self {
        Self {
            start: shown.len(),
            end: shown.len(),
            message: format!("the line is longer than {} MiB; this is no list of names", LONGEST_LINE >> 20),
            expected: Vec::new(),
            suggestion: None,
        }
    }
}

impl From<&ParseNameError> for NameError {
    fn from(error: &ParseNameError) -> Self {
        Self {
            start: error.span().start,
            end: error.span().end,
            message: error.message(),
            expected: error.expected().to_vec(),
            suggestion: error.suggestion().map(str::to_owned),
        }
    }
}

impl<'a> Valid<'a> {
    fn new(given: Cow<'a, str>, parsed: &Parsed, profile: Profile) -> Self {
        let name = parsed.name;
        let canonical = canonical(&name, profile);
        Self {
            name: given,
            status: Status::Valid,
            syntax: parsed.syntax,
            short: short(&name, profile),
            v1: name.spelled_by(Syntax::V1, profile),
            v2: name.spelled_by(Syntax::V2, profile).or_else(|| name.spelled_by(Syntax::V3, profile)),
            flavor: Parts::of(parsed),
            extra_specs: name
                .properties(profile, UntypedDisk::of(profile))
                .into_iter()
                .map(|(key, value)| (key.to_string(), value))
                .collect(),
            description: name.description(),
            image_architecture: name.image_architecture(),
            kubernetes_label_value: is_label_value(&canonical),
            canonical,
        }
    }
}

/// The newest spelling.
fn canonical(name: &FlavorName, profile: Profile) -> String {
    match profile {
        Profile::Text => name.to_string(),
        Profile::Official => name.spelled_by(Syntax::V3, profile).unwrap_or_else(|| name.to_string()),
    }
}

/// The short name; by the text only where it reads as what it is meant to say. The official outputter does not ask.
pub(crate) fn short(name: &FlavorName, profile: Profile) -> Option<String> {
    let value = name.short();
    let short = canonical(&value, profile);
    match profile {
        Profile::Official => Some(short),
        Profile::Text => {
            let read = Parser::new(profile).accept(short.as_bytes())?;
            (read.name == value).then_some(short)
        }
    }
}

/// The parts of a name.
#[derive(Debug, Serialize)]
pub(crate) struct Parts {
    cpu: CpuPart,
    ram: RamPart,
    disk: Option<DiskPart>,
    hypervisor: Option<&'static str>,
    hardware_virtualization: bool,
    cpu_arch: Option<CpuArchPart>,
    gpu: Option<GpuPart>,
    infiniband: bool,
}

#[derive(Debug, Serialize)]
struct CpuPart {
    count: u32,
    r#type: &'static str,
    insecure: bool,
}

#[derive(Debug, Serialize)]
struct RamPart {
    gib: Gib,
    no_ecc: bool,
    oversubscribed: bool,
}

/// `4` or `3.5`, and never `4.0`.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Gib {
    Whole(u32),
    Half(f64),
}

#[derive(Debug, Serialize)]
struct DiskPart {
    count: u32,
    size_gb: Option<u32>,
    r#type: Option<&'static str>,
}

#[derive(Debug, Serialize)]
struct CpuArchPart {
    vendor: &'static str,
    generation: Option<u8>,
    generation_name: Option<&'static str>,
    frequency: usize,
}

#[derive(Debug, Serialize)]
struct GpuPart {
    access: &'static str,
    vendor: &'static str,
    generation: Option<String>,
    generation_code: Option<String>,
    units: Option<u32>,
    frequency: u8,
    vram_gib: Option<u32>,
    bandwidth: u8,
}

impl Parts {
    fn of(parsed: &Parsed) -> Self {
        let name = parsed.name;
        let (cpu, ram) = (name.cpu(), name.ram());
        let gib = ram.size.gib();
        // A generation 0 is no generation to compare by; what is written is told all the same.
        let generation = parsed.cpu_generation_as_written();
        Self {
            cpu: CpuPart { count: cpu.count.get(), r#type: cpu.kind.key(), insecure: cpu.insecure },
            ram: RamPart {
                gib: if ram.size.has_half() { Gib::Half(f64::from(gib) + 0.5) } else { Gib::Whole(gib) },
                no_ecc: ram.no_ecc,
                oversubscribed: ram.oversubscribed,
            },
            disk: name.disk().map(|disk| DiskPart {
                count: disk.count().get(),
                size_gb: disk.size_gb().map(u32::from),
                r#type: disk.kind().map(scs_flavor_naming::DiskType::key),
            }),
            hypervisor: name.hypervisor().map(scs_flavor_naming::Hypervisor::token),
            hardware_virtualization: name.hardware_virtualization(),
            cpu_arch: name.cpu_arch().map(|arch| CpuArchPart {
                vendor: arch.vendor().key(),
                generation: generation.map(|(number, _)| number),
                generation_name: generation.map(|(_, name)| name),
                frequency: arch.frequency().letters(),
            }),
            gpu: name.gpu().map(GpuPart::of),
            infiniband: name.infiniband(),
        }
    }
}

impl GpuPart {
    fn of(gpu: Gpu) -> Self {
        let generation = gpu.generation();
        Self {
            access: gpu.access().key(),
            vendor: gpu.vendor().key(),
            generation: generation.map(scs_flavor_naming::GpuGeneration::key),
            generation_code: generation.and_then(|it| it.code(Syntax::V3)).map(|code| code.to_string()),
            units: gpu.units().map(u32::from),
            frequency: gpu.frequency(),
            vram_gib: gpu.vram_gib().map(u32::from),
            bandwidth: gpu.bandwidth(),
        }
    }
}

/// As a map whose order is that of the pairs.
fn in_given_order<S: Serializer>(pairs: &[(String, String)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(pairs.iter().map(|(key, value)| (key, value)))
}
