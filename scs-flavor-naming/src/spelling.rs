//! The spelling of names in the versions of the syntax.

use std::fmt::{self, Write};

use scs_standards::Profile;

use crate::dialect::Dialect;
use crate::gpu::Gpu;
use crate::name::FlavorName;
use crate::syntax::Syntax;

/// Formats in the newest version that can express the name; names that only v1 or v2 can express use the form of v2.
impl fmt::Display for FlavorName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = Text::default();
        let syntax = if self.fits(Syntax::V3) || !self.fits(Syntax::V2) { Syntax::V3 } else { Syntax::V2 };
        write_name(&mut text, self, syntax)?;
        f.pad(text.as_str())
    }
}

impl FlavorName {
    /// The spelling in a version; `None` if the version cannot express the name.
    ///
    /// ```
    /// use scs_flavor_naming::{FlavorName, Syntax};
    ///
    /// let name: FlavorName = "SCS-2V-4_GA1.1".parse()?; // RDNA 1 in v3
    /// assert_eq!(name.spelled(Syntax::V2).as_deref(), Some("SCS-2V-4_GA1"));
    /// let name: FlavorName = "SCS-2V-4_chy".parse()?;
    /// assert_eq!(name.spelled(Syntax::V1), None); // v1 does not know Cloud Hypervisor
    /// # Ok::<(), scs_flavor_naming::ParseNameError>(())
    /// ```
    #[must_use]
    pub fn spelled(&self, syntax: Syntax) -> Option<String> {
        self.fits(syntax).then(|| spell(self, syntax))
    }

    /// The spelling in version 1; `None` if version 1 cannot express it, as for VRAM or Cloud Hypervisor.
    #[must_use]
    pub fn to_v1(&self) -> Option<String> {
        self.spelled(Syntax::V1)
    }

    /// The spelling by a profile: by the text, or as printed by the official suite, which only translates the
    /// separators.
    #[must_use]
    pub fn spelled_by(&self, syntax: Syntax, profile: Profile) -> Option<String> {
        match profile {
            Profile::Text => self.spelled(syntax),
            Profile::Official if syntax == Syntax::V1 => Some(translate_to_v1(&spell(self, Syntax::V3))),
            Profile::Official => Some(spell(self, Syntax::V3)),
        }
    }
}

/// The text's translation of a v2 or v3 name: `-` becomes `:`, `_` becomes `-`, except in the prefix.
///
/// ```
/// use scs_flavor_naming::translate_to_v1;
/// assert_eq!(translate_to_v1("SCS-2V-4-10n_z3"), "SCS-2V:4:10n-z3");
/// ```
#[must_use]
pub fn translate_to_v1(v2: &str) -> String {
    v2.replace('-', ":").replace('_', "-").replacen("SCS:", "SCS-", 1)
}

/// The text's translation of a v1 name: `-` becomes `_`, `:` becomes `-`, except in the prefix.
///
/// ```
/// use scs_flavor_naming::translate_to_v2;
/// assert_eq!(translate_to_v2("SCS-2V:4:10n-z3"), "SCS-2V-4-10n_z3");
/// ```
#[must_use]
pub fn translate_to_v2(v1: &str) -> String {
    v1.replace('-', "_").replace(':', "-").replacen("SCS_", "SCS-", 1)
}

fn spell(name: &FlavorName, syntax: Syntax) -> String {
    let mut text = String::with_capacity(32);
    // Writing to a string cannot fail.
    let _ = write_name(&mut text, name, syntax);
    text
}

fn write_name(out: &mut impl Write, name: &FlavorName, syntax: Syntax) -> fmt::Result {
    let dialect = Dialect::text(syntax);
    let (core, extension) = (char::from(dialect.core_separator()), char::from(dialect.extension_separator()));
    let suffix = |set: bool, letter: &'static str| if set { letter } else { "" };
    write!(out, "SCS-{}{}{}", name.cpu.count, name.cpu.kind.letter(), suffix(name.cpu.insecure, "i"))?;
    let ram = name.ram;
    write!(out, "{core}{}{}{}", ram.size, suffix(ram.no_ecc, "u"), suffix(ram.oversubscribed, "o"))?;
    if let Some(disk) = name.disk {
        out.write_char(core)?;
        if disk.count().get() > 1 {
            write!(out, "{}x", disk.count())?;
        }
        if let Some(size_gb) = disk.size_gb() {
            write!(out, "{size_gb}")?;
        }
        if let Some(kind) = disk.kind() {
            out.write_char(kind.letter())?;
        }
    }
    if let Some(hypervisor) = name.hypervisor {
        write!(out, "{extension}{hypervisor}")?;
    }
    if name.hardware_virtualization {
        write!(out, "{extension}hwv")?;
    }
    if let Some(arch) = name.cpu_arch {
        write!(out, "{extension}{}", arch.vendor().letter())?;
        if let Some(generation) = arch.generation() {
            write!(out, "{}", generation.number())?;
        }
        out.write_str(h(arch.frequency().letters()))?;
    }
    if let Some(gpu) = name.gpu {
        out.write_char(extension)?;
        write_gpu(out, gpu, core, syntax)?;
    }
    if name.infiniband {
        write!(out, "{extension}ib")?;
    }
    Ok(())
}

fn write_gpu(out: &mut impl Write, gpu: Gpu, core: char, syntax: Syntax) -> fmt::Result {
    write!(out, "{}{}", gpu.access().letter(), gpu.vendor().letter())?;
    if let Some(generation) = gpu.generation() {
        match generation.code(syntax) {
            Some(letters) => write!(out, "{letters}")?,
            // Only reached for a version that cannot express the generation; callers check `fits` first.
            None => return Err(fmt::Error),
        }
    }
    if let Some(units) = gpu.units() {
        write!(out, "{core}{units}")?;
    }
    out.write_str(h(gpu.frequency()))?;
    if let Some(vram_gib) = gpu.vram_gib() {
        write!(out, "{core}{vram_gib}")?;
    }
    out.write_str(h(gpu.bandwidth()))
}

impl Gpu {
    /// The GPU part of a name in the newest version, without the separator: `GNa-72-24h`.
    #[must_use]
    pub fn piece(self) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail, and v3 can express every generation.
        let _ = write_gpu(&mut text, self, '-', Syntax::V3);
        text
    }
}

/// Up to three `h`.
fn h(count: u8) -> &'static str {
    &"hhh"[..usize::from(count).min(3)]
}

/// A name on the stack, so that `Display` supports width and alignment without allocating.
struct Text {
    bytes: [u8; Text::CAPACITY],
    length: usize,
}

impl Text {
    /// More than the longest name: seven ten-digit numbers with all letters and separators.
    const CAPACITY: usize = 128;

    fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.length]).unwrap_or_default()
    }
}

impl Default for Text {
    fn default() -> Self {
        Self { bytes: [0; Self::CAPACITY], length: 0 }
    }
}

impl Write for Text {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.length + text.len();
        self.bytes.get_mut(self.length..end).ok_or(fmt::Error)?.copy_from_slice(text.as_bytes());
        self.length = end;
        Ok(())
    }
}

/// Whether a name prints as `text` in a version, by the official suite.
pub(crate) fn writes(name: &FlavorName, syntax: Syntax, text: &[u8]) -> bool {
    let mut printed = Text::default();
    write_name(&mut printed, name, Syntax::V3).is_ok()
        && match syntax {
            Syntax::V1 => translate_to_v1(printed.as_str()).as_bytes() == text,
            _ => printed.as_str().as_bytes() == text,
        }
}
