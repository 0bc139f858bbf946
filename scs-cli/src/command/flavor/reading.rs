//! The machine-readable description of a flavor name.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::JsonSchema;
use scs_flavor_naming::{
    FlavorName, Gpu, ParseNameError, Parsed, Parser, Syntax, UntypedDisk, is_label_value,
};
use scs_standards::Profile;
use serde::Serialize;

use crate::app::input::LONGEST_LINE;
use crate::app::machine::in_given_order;
use crate::source::names::Given;

/// A name and its meaning, as printed by `scs flavor parse -f json`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
#[schemars(
    title = "A result of `scs flavor parse`",
    description = "The meaning of a flavor name, or its error."
)]
pub(crate) enum Reading<'a> {
    /// A name that a version of scs-0100 accepts.
    Valid(Box<Valid<'a>>),
    /// A name that starts with `SCS-` and breaks the standard, or invalid UTF-8.
    Invalid {
        /// The input name.
        name: Cow<'a, str>,
        #[schemars(extend("const" = "invalid"))]
        status: Status,
        error: NameError,
    },
    /// A name outside the standard.
    NotScs {
        /// The input name.
        name: Cow<'a, str>,
        #[schemars(extend("const" = "not-scs"))]
        status: Status,
    },
}

/// The discriminator of the three variants.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Status {
    Valid,
    Invalid,
    NotScs,
}

/// A name that is valid in at least one version.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Valid<'a> {
    /// The input name.
    pub(crate) name: Cow<'a, str>,
    #[schemars(extend("const" = "valid"))]
    status: Status,
    /// The newest version of scs-0100 that accepts the name.
    pub(crate) syntax: Syntax,
    /// The name in the newest version.
    pub(crate) canonical: String,
    /// The name without hypervisor, `_hwv`, generations and frequencies; null if that would change the meaning of the
    /// rest.
    pub(crate) short: Option<String>,
    /// The name in v1; null if v1 cannot express it.
    pub(crate) v1: Option<String>,
    /// The name in v2, or in v3 if v2 cannot express it.
    pub(crate) v2: Option<String>,
    /// The properties stated in the name.
    pub(crate) flavor: Parts,
    /// The extra specs of a flavor with this name according to scs-0103.
    #[serde(serialize_with = "in_given_order")]
    #[schemars(with = "BTreeMap<String, String>")]
    pub(crate) extra_specs: Vec<(String, String)>,
    /// A description of the name in words.
    pub(crate) description: String,
    /// The `hw_architecture` of images that run on it.
    pub(crate) image_architecture: &'static str,
    /// Whether the newest spelling can be the value of a Kubernetes label.
    pub(crate) kubernetes_label_value: bool,
}

/// The error in a name.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct NameError {
    /// The byte offset of the error in `name`.
    pub(crate) start: usize,
    /// The end of the error, exclusive; equal to `start` if something is missing.
    pub(crate) end: usize,
    /// The error message.
    pub(crate) message: String,
    /// What is valid at this place.
    pub(crate) expected: Vec<&'static str>,
    /// A valid name that was probably intended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) suggestion: Option<String>,
}

impl<'a> Reading<'a> {
    /// Parses a name.
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

    /// The input name.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Valid(valid) => &valid.name,
            Self::Invalid { name, .. } | Self::NotScs { name, .. } => name,
        }
    }

    /// Whether the name breaks the standard.
    pub(crate) const fn is_invalid(&self) -> bool {
        matches!(self, Self::Invalid { .. })
    }
}

impl NameError {
    /// Invalid UTF-8 at this offset, shown as U+FFFD (three bytes) in the printed name.
    pub(crate) fn not_text(at: usize) -> Self {
        Self {
            start: at,
            end: at + char::REPLACEMENT_CHARACTER.len_utf8(),
            message: format!(
                "the name is not valid UTF-8: byte {at} (counted from 0) does not start a character"
            ),
            expected: Vec::new(),
            suggestion: None,
        }
    }

    /// A line that is too long.
    pub(crate) fn cut(shown: &str) -> Self {
        Self {
            start: shown.len(),
            end: shown.len(),
            message: format!(
                "the line is longer than {} MiB; this is not a list of names",
                LONGEST_LINE >> 20
            ),
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

/// The name in the newest version.
fn canonical(name: &FlavorName, profile: Profile) -> String {
    match profile {
        Profile::Text => name.to_string(),
        Profile::Official => name.spelled_by(Syntax::V3, profile).unwrap_or_else(|| name.to_string()),
    }
}

/// The short name; with `--profile text` only if it parses as the intended value, which the official outputter does not check.
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

/// The properties stated in a name; null if not stated.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Parts {
    cpu: CpuPart,
    ram: RamPart,
    disk: Option<DiskPart>,
    #[schemars(extend("enum" = ["kvm", "chy", "xen", "vmw", "hyv", "bms", null]))]
    hypervisor: Option<&'static str>,
    /// Whether nested virtualization is possible.
    hardware_virtualization: bool,
    cpu_arch: Option<CpuArchPart>,
    gpu: Option<GpuPart>,
    infiniband: bool,
}

/// The vCPUs.
#[derive(Debug, Serialize, JsonSchema)]
struct CpuPart {
    #[schemars(range(min = 1))]
    count: u32,
    #[schemars(extend("enum" = ["crowded-core", "shared-core", "dedicated-thread", "dedicated-core"]))]
    r#type: &'static str,
    /// Whether the name admits missing mitigations (`i`).
    insecure: bool,
}

/// The memory.
#[derive(Debug, Serialize, JsonSchema)]
struct RamPart {
    gib: Gib,
    /// Whether the name admits memory without ECC (`u`).
    no_ecc: bool,
    /// Whether the name admits oversubscribed memory (`o`).
    oversubscribed: bool,
}

/// Serializes as `4` or `3.5`, never `4.0`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
enum Gib {
    Whole(u32),
    Half(f64),
}

/// The disks.
#[derive(Debug, Serialize, JsonSchema)]
struct DiskPart {
    #[schemars(range(min = 1))]
    count: u32,
    /// Null if the cloud chooses it.
    size_gb: Option<u32>,
    /// Null if the cloud chooses it.
    #[schemars(extend("enum" = ["network", "hdd", "ssd", "nvme", null]))]
    r#type: Option<&'static str>,
}

/// The CPU.
#[derive(Debug, Serialize, JsonSchema)]
struct CpuArchPart {
    #[schemars(extend("enum" = ["intel", "amd", "arm", "risc-v"]))]
    vendor: &'static str,
    generation: Option<u8>,
    generation_name: Option<&'static str>,
    /// The number of `h` in the name.
    frequency: u8,
}

/// The GPU.
#[derive(Debug, Serialize, JsonSchema)]
struct GpuPart {
    #[schemars(extend("enum" = ["pass-through", "virtual"]))]
    access: &'static str,
    #[schemars(extend("enum" = ["nvidia", "amd", "intel"]))]
    vendor: &'static str,
    generation: Option<String>,
    /// The letters for the generation in v3.
    generation_code: Option<String>,
    /// Streaming multiprocessors, compute units or execution units.
    units: Option<u32>,
    /// The number of `h` after the units.
    frequency: u8,
    vram_gib: Option<u32>,
    /// The number of `h` after the video memory.
    bandwidth: u8,
}

impl Parts {
    fn of(parsed: &Parsed) -> Self {
        let name = parsed.name;
        let (cpu, ram) = (name.cpu(), name.ram());
        let gib = ram.size.gib();
        // Generation 0 is meaningless for comparison, but is part of the name.
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
