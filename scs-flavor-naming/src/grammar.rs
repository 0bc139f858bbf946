//! The grammar of flavor names, once for all versions: a [`Dialect`] says which separators, tables and freedoms apply.
//!
//! ```text
//! name      ::= "SCS-" cpu core ram [ core disk ]
//!               [ ext hypervisor ] [ ext "hwv" ] [ ext cpu-arch ] [ ext gpu ] [ ext "ib" ]
//! cpu       ::= number ( "L" | "V" | "T" | "C" ) [ "i" ]
//! ram       ::= half-gib [ "u" ] [ "o" ]
//! disk      ::= [ [ number "x" ] number ] [ "n" | "h" | "s" | "p" ]
//! cpu-arch  ::= ( "i" | "z" | "a" | "r" ) [ generation ] { "h" }
//! gpu       ::= ( "G" | "g" ) ( "N" | "A" | "I" ) [ generation ] [ core number { "h" } [ core number [ "h" ] ] ]
//! core      ::= ":" in v1, "-" in v2 and v3
//! ext       ::= "-" in v1, "_" in v2 and v3
//! ```
//!
//! The rules are `nom` combinators over a [`Cursor`], the leaves read bytes. With nobody watching, the whole grammar
//! compiles into one function without allocation; with a [`crate::watch::Trail`] the same grammar tells what it
//! expected.

use std::num::NonZeroU32;

use nom::combinator::{map, opt, peek};
use nom::sequence::preceded;
use nom::{IResult, Parser};

use crate::cpu::{Cpu, CpuType};
use crate::cpu_arch::{CpuArch, CpuFrequency, CpuGeneration, CpuVendor};
use crate::dialect::{Dialect, GpuGenerations, GpuNesting, Numbers};
use crate::disk::{Disk, DiskType};
use crate::gpu::{Gpu, GpuAccess, GpuGeneration, GpuModel, GpuVendor, IntelGen, NvidiaGeneration};
use crate::hypervisor::Hypervisor;
use crate::name::FlavorName;
use crate::ram::{Ram, RamSize};
use crate::reader::{Mistake, Place, Reader};
use crate::syntax::Syntax;

/// What is left of a name, and who reads it.
#[derive(Clone, Copy)]
pub(crate) struct Cursor<'a, R> {
    rest: &'a [u8],
    reader: R,
}

type Res<'a, R, T> = IResult<Cursor<'a, R>, T, ()>;

/// A name, and whether it wrote the CPU generation 0 that the value does not keep.
#[derive(Clone, Copy)]
pub(crate) struct Raw {
    pub(crate) name: FlavorName,
    pub(crate) wrote_generation_zero: bool,
}

pub(crate) const PREFIX: &[u8] = b"SCS-";

/// Reads a whole name.
#[inline]
pub(crate) fn read<R: Reader>(name: &[u8], reader: R) -> Option<Raw> {
    flavor_name(Cursor { rest: name, reader }).ok().map(|(_, raw)| raw)
}

#[inline]
fn flavor_name<R: Reader>(input: Cursor<'_, R>) -> Res<'_, R, Raw> {
    let (input, (cpu, ram, disk)) =
        preceded(prefix, (cpu, preceded(core, ram), opt(preceded(core, disk)))).parse(input)?;
    let plain = FlavorName::plain(cpu, ram, disk);
    if input.rest.is_empty() {
        // Most names have no extension, and are done here.
        return Ok((input, Raw { name: plain, wrote_generation_zero: false }));
    }
    let (input, (hypervisor, hwv, arch, gpu, ib)) = (
        opt(preceded(extension, hypervisor)),
        opt(preceded(extension, word(b"hwv", "hwv", Place::HardwareVirtualization))),
        opt(preceded(extension, cpu_arch)),
        opt(preceded(extension, gpu)),
        opt(preceded(extension, word(b"ib", "ib", Place::Infiniband))),
    )
        .parse(input)?;
    let (input, ()) = end(input)?;
    let name = FlavorName {
        hypervisor,
        hardware_virtualization: hwv.is_some(),
        cpu_arch: arch.map(|(arch, _)| arch),
        gpu,
        infiniband: ib.is_some(),
        ..plain
    };
    Ok((input, Raw { name, wrote_generation_zero: arch.is_some_and(|(_, zero)| zero) }))
}

/// `"SCS-"`
#[inline]
fn prefix<R: Reader>(input: Cursor<'_, R>) -> Res<'_, R, ()> {
    match input.rest.strip_prefix(PREFIX) {
        Some(rest) => Ok((input.at(rest), ())),
        None => input.expected(Place::Prefix, &["SCS-"]),
    }
}

/// `":"` or `"-"` between the core parts.
#[inline]
fn core<R: Reader>(input: Cursor<'_, R>) -> Res<'_, R, ()> {
    let separator = input.dialect().core_separator();
    input.byte(separator, Place::End, if separator == b':' { ":" } else { "-" })
}

/// `"-"` or `"_"` before an extension.
#[inline]
fn extension<R: Reader>(input: Cursor<'_, R>) -> Res<'_, R, ()> {
    let separator = input.dialect().extension_separator();
    input.byte(separator, Place::End, if separator == b'-' { "-" } else { "_" })
}

/// `number ( "L" | "V" | "T" | "C" ) [ "i" ]`
#[inline]
fn cpu<R: Reader>(input: Cursor<'_, R>) -> Res<'_, R, Cpu> {
    let (input, count) = number(Place::CpuCount)(input)?;
    let (input, kind) = letter(CpuType::from_letter, Place::CpuType, &["L", "V", "T", "C"])(input)?;
    let (input, insecure) = input.flag(b'i', Place::CpuType, "i");
    Ok((input, Cpu { count, kind, insecure }))
}

/// `half-gib [ "u" ] [ "o" ]`
#[inline]
fn ram<R: Reader>(input: Cursor<'_, R>) -> Res<'_, R, Ram> {
    let (input, size) = half_gib(input)?;
    let (input, no_ecc) = input.flag(b'u', Place::Ram, "u");
    let (input, oversubscribed) = input.flag(b'o', Place::Ram, "o");
    Ok((input, Ram { size, no_ecc, oversubscribed }))
}

/// `[ [ number "x" ] number ] [ "n" | "h" | "s" | "p" ]`
#[inline]
fn disk<R: Reader>(input: Cursor<'_, R>) -> Res<'_, R, Disk> {
    let (input, (count, size_gb)) = disk_size(input)?;
    let (input, kind) =
        opt(letter(DiskType::from_letter, Place::DiskType, &["n", "h", "s", "p"])).parse(input)?;
    Ok((input, Disk::parsed(count, size_gb, kind)))
}

/// `[ [ number "x" ] number ]`
#[inline]
fn disk_size<R: Reader>(input: Cursor<'_, R>) -> Res<'_, R, (NonZeroU32, Option<NonZeroU32>)> {
    let one = NonZeroU32::MIN;
    let (after_first, first) = opt(number(Place::Disk)).parse(input)?;
    let lenient = input.dialect().numbers == Numbers::Lenient;
    if first.is_none() && !lenient {
        return Ok((after_first, (one, None)));
    }
    let (after_x, x) = after_first.flag(b'x', Place::Disk, "x");
    if !x {
        if first.is_some() && after_first.rest.first() == Some(&b'.') {
            let width = 1 + after_first.rest[1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
            return input.mistake(input.rest.len() - after_first.rest.len() + width, Mistake::FractionalDisk);
        }
        return Ok((after_first, (one, first)));
    }
    if !lenient && first == Some(one) {
        return input.mistake(input.rest.len() - after_x.rest.len(), Mistake::SingleDiskNumber);
    }
    let (rest, size) = opt(number(Place::Disk)).parse(after_x)?;
    if size.is_none() && !input.dialect().sizeless_multidisk {
        return input.mistake(input.rest.len() - after_x.rest.len(), Mistake::DisksWithoutSize);
    }
    Ok((rest, (first.unwrap_or(one), size)))
}

/// One of the three-letter words of the dialect's table.
#[inline]
fn hypervisor<R: Reader>(input: Cursor<'_, R>) -> Res<'_, R, Hypervisor> {
    if let Some((token, rest)) = input.rest.split_first_chunk::<3>()
        && let Some(hypervisor) = Hypervisor::from_token(*token)
    {
        if input.dialect().lists_hypervisor(hypervisor) {
            return Ok((input.at(rest), hypervisor));
        }
        return input.mistake(3, Mistake::HypervisorNotInVersion);
    }
    for hypervisor in Hypervisor::ALL {
        if input.dialect().lists_hypervisor(hypervisor) {
            input.reader.expected(input.rest.len(), Place::Hypervisor, &[hypervisor.token()]);
        }
    }
    Err(nom::Err::Error(()))
}

/// `( "i" | "z" | "a" | "r" ) [ generation ] { "h" }`, and whether the generation was written as 0.
///
/// What follows must be the end or another extension: `_ib` is no Intel CPU.
#[inline]
fn cpu_arch<R: Reader>(input: Cursor<'_, R>) -> Res<'_, R, (CpuArch, bool)> {
    let (input, vendor) = letter(CpuVendor::from_letter, Place::CpuArch, &["i", "z", "a", "r"])(input)?;
    let (input, (arch, zero)) = cpu_generation(vendor, input)?;
    let (input, h) = input.run_of_h(CpuFrequency::MOST_LETTERS, Place::CpuArch)?;
    let (input, ()) = peek(extension_or_end).parse(input)?;
    let frequency = CpuFrequency::from_letters(h).unwrap_or_default();
    Ok((input, (arch.at(frequency), zero)))
}

/// A generation that the dialect lists for the vendor, or none.
#[inline]
fn cpu_generation<R: Reader>(vendor: CpuVendor, input: Cursor<'_, R>) -> Res<'_, R, (CpuArch, bool)> {
    let width = input.rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let unspecified = CpuArch::vendor_only(vendor);
    if width == 0 {
        let listed =
            input.dialect().newest_cpu_generation(vendor).map_or(0, |newest| usize::from(newest) + 1);
        let tokens = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
        input.reader.expected(input.rest.len(), Place::CpuArch, tokens.get(..listed).unwrap_or_default());
        return Ok((input, (unspecified, false)));
    }
    let (digits, rest) = input.rest.split_at(width);
    let mut value = 0u8;
    for digit in digits {
        value = value.saturating_mul(10).saturating_add(digit - b'0');
    }
    if width > 1 && digits[0] == b'0' && input.dialect().numbers == Numbers::Canonical {
        return input.mistake(width, Mistake::LeadingZero);
    }
    match input.dialect().newest_cpu_generation(vendor) {
        Some(newest) if value <= newest => {
            let arch = CpuGeneration::parsed(vendor, value).map_or(unspecified, CpuArch::of);
            Ok((input.at(rest), (arch, value == 0)))
        }
        _ => input.mistake(width, Mistake::UnknownCpuGeneration),
    }
}

/// `( "G" | "g" ) ( "N" | "A" | "I" ) …` with the nesting of the dialect.
#[inline]
fn gpu<R: Reader>(input: Cursor<'_, R>) -> Res<'_, R, Gpu> {
    let (input, access) = letter(gpu_access, Place::Gpu, &["G", "g"])(input)?;
    let (input, vendor) = letter(gpu_vendor, Place::Gpu, &["N", "A", "I"])(input)?;
    let (input, generation) = gpu_generation(vendor, input)?;
    let model = generation.map_or(GpuModel::Vendor(vendor), GpuModel::Generation);
    let bare = Gpu { access, model, units: None, frequency: 0, vram_gib: None, bandwidth: 0 };
    match input.dialect().gpu_nesting {
        GpuNesting::Nested => {
            if generation.is_none() {
                return Ok((input, bare));
            }
            let (input, Some((units, frequency))) = opt(gpu_number).parse(input)? else {
                return Ok((input, bare));
            };
            let gpu = Gpu { units: Some(units), frequency, ..bare };
            map(opt(preceded(core, vram)), move |vram| match vram {
                Some((vram_gib, bandwidth)) => Gpu { vram_gib: Some(vram_gib), bandwidth, ..gpu },
                None => gpu,
            })
            .parse(input)
        }
        GpuNesting::UnitsOnly => map(opt(gpu_number), move |units| match units {
            Some((units, frequency)) => Gpu { units: Some(units), frequency, ..bare },
            None => bare,
        })
        .parse(input),
        GpuNesting::Flat => {
            let (input, units) = opt(preceded(core, number(Place::Gpu))).parse(input)?;
            let (input, frequency) = input.run_of_h(2, Place::Gpu)?;
            let (input, vram_gib) = opt(preceded(core, number(Place::Gpu))).parse(input)?;
            let (input, bandwidth) = input.run_of_h(2, Place::Gpu)?;
            Ok((input, Gpu { units, frequency, vram_gib, bandwidth, ..bare }))
        }
    }
}

/// `core number { "h" }`: processing units.
#[inline]
fn gpu_number<R: Reader>(input: Cursor<'_, R>) -> Res<'_, R, (NonZeroU32, u8)> {
    let (input, units) = preceded(core, number(Place::Gpu)).parse(input)?;
    let (input, h) = input.run_of_h(2, Place::Gpu)?;
    Ok((input, (units, h)))
}

/// `number [ "h" ]`: video memory.
#[inline]
fn vram<R: Reader>(input: Cursor<'_, R>) -> Res<'_, R, (NonZeroU32, u8)> {
    let (input, vram_gib) = number(Place::Gpu)(input)?;
    let (input, h) = input.run_of_h(1, Place::Gpu)?;
    Ok((input, (vram_gib, h)))
}

const fn gpu_access(letter: u8) -> Option<GpuAccess> {
    match letter {
        b'G' => Some(GpuAccess::PassThrough),
        b'g' => Some(GpuAccess::Virtual),
        _ => None,
    }
}

const fn gpu_vendor(letter: u8) -> Option<GpuVendor> {
    match letter {
        b'N' => Some(GpuVendor::Nvidia),
        b'A' => Some(GpuVendor::Amd),
        b'I' => Some(GpuVendor::Intel),
        _ => None,
    }
}

/// A generation by the dialect's letters and formulas, or none.
#[inline]
fn gpu_generation<R: Reader>(vendor: GpuVendor, input: Cursor<'_, R>) -> Res<'_, R, Option<GpuGeneration>> {
    if input.dialect().gpu_generations == GpuGenerations::Table {
        return gpu_generation_of_table(vendor, input);
    }
    match vendor {
        GpuVendor::Nvidia => nvidia_generation(input),
        GpuVendor::Amd => amd_generation(input),
        GpuVendor::Intel => intel_generation(input),
    }
}

#[inline]
fn nvidia_generation<R: Reader>(input: Cursor<'_, R>) -> Res<'_, R, Option<GpuGeneration>> {
    if let Some((&letter, rest)) = input.rest.split_first() {
        if let Some(generation) = NvidiaGeneration::from_letter(letter)
            && input.dialect().lists_nvidia(generation)
        {
            return Ok((input.at(rest), Some(GpuGeneration::Nvidia(generation))));
        }
        if letter.is_ascii_alphanumeric() && letter != b'h' {
            return input.mistake(1, Mistake::UnknownGpuGeneration);
        }
    }
    for generation in NvidiaGeneration::ALL {
        if input.dialect().lists_nvidia(generation) {
            input.reader.expected(input.rest.len(), Place::Gpu, &[generation.token()]);
        }
    }
    Ok((input, None))
}

/// GCN x is `0.x` in every version. In v3, RDNA x is `x.1`, RDNA 3.5 is `3.5` and a whole number is CDNA or UDNA; in v1
/// and v2 a whole number is RDNA.
#[inline]
fn amd_generation<R: Reader>(input: Cursor<'_, R>) -> Res<'_, R, Option<GpuGeneration>> {
    if let Some(rest) = input.rest.strip_prefix(b"0.") {
        let (input, number) = number(Place::Gpu)(input.at(rest))?;
        return Ok((input, Some(GpuGeneration::Gcn(number))));
    }
    let (after, whole) = opt(number(Place::Gpu)).parse(input)?;
    let Some(whole) = whole else {
        return Ok((after, None));
    };
    if !matches!(input.dialect().syntax, Syntax::V3) {
        return Ok((after, Some(GpuGeneration::Rdna(whole))));
    }
    match after.rest {
        // A mistake must not end within a character.
        [b'.', fraction, rest @ ..]
            if fraction.is_ascii() && !rest.first().is_some_and(u8::is_ascii_digit) =>
        {
            match (whole.get(), fraction) {
                (_, b'1') => Ok((after.at(rest), Some(GpuGeneration::Rdna(whole)))),
                (3, b'5') => Ok((after.at(rest), Some(GpuGeneration::Rdna35))),
                _ => input.mistake(input.rest.len() - rest.len(), Mistake::UnknownGpuGeneration),
            }
        }
        _ => {
            after.reader.expected(after.rest.len(), Place::Gpu, &[".1"]);
            Ok((after, Some(GpuGeneration::CdnaOrUdna(whole))))
        }
    }
}

/// Gen 9 is `0.9`, Gen 9.5 `0.95`; Xe and later are whole numbers.
#[inline]
fn intel_generation<R: Reader>(input: Cursor<'_, R>) -> Res<'_, R, Option<GpuGeneration>> {
    if let Some(digits) = input.rest.strip_prefix(b"0.") {
        let digit =
            |index: usize| digits.get(index).filter(|byte| byte.is_ascii_digit()).map(|byte| byte - b'0');
        let width = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
        return match digit(0).and_then(|first| IntelGen::from_digits(first, digit(1))) {
            Some(generation) if width <= 2 => {
                Ok((input.at(&digits[width..]), Some(GpuGeneration::IntelGen(generation))))
            }
            _ => input.mistake(2 + width, Mistake::UnknownGpuGeneration),
        };
    }
    map(opt(number(Place::Gpu)), |number| number.map(GpuGeneration::IntelXe)).parse(input)
}

/// The official parser takes everything up to the next number or `h` for the generation, a following `_ib` included, and
/// then looks it up in a closed table.
fn gpu_generation_of_table<R: Reader>(
    vendor: GpuVendor,
    input: Cursor<'_, R>,
) -> Res<'_, R, Option<GpuGeneration>> {
    let separator = input.dialect().core_separator();
    let width =
        input.rest.iter().position(|&byte| byte == separator || byte == b'h').unwrap_or(input.rest.len());
    if width == 0 {
        return Ok((input, None));
    }
    let (code, rest) = input.rest.split_at(width);
    match OFFICIAL_GPU_GENERATIONS.iter().find(|(row, text, _)| *row == vendor && text.as_bytes() == code) {
        Some((_, _, generation)) => Ok((input.at(rest), Some(*generation))),
        None if vendor == GpuVendor::Nvidia
            && code.len() == 1
            && NvidiaGeneration::from_letter(code[0]).is_some() =>
        {
            let generation = NvidiaGeneration::from_letter(code[0]).map(GpuGeneration::Nvidia);
            Ok((input.at(rest), generation))
        }
        None => input.mistake(width, Mistake::UnknownGpuGeneration),
    }
}

/// The official parser's table for AMD and Intel, in v3 meaning.
const OFFICIAL_GPU_GENERATIONS: &[(GpuVendor, &str, GpuGeneration)] = {
    const fn n(number: u32) -> NonZeroU32 {
        match NonZeroU32::new(number) {
            Some(number) => number,
            None => NonZeroU32::MIN,
        }
    }
    const fn gen9(second: Option<u8>) -> GpuGeneration {
        match IntelGen::from_digits(9, second) {
            Some(generation) => GpuGeneration::IntelGen(generation),
            None => GpuGeneration::IntelXe(NonZeroU32::MIN),
        }
    }
    use GpuGeneration::{CdnaOrUdna, Gcn, IntelXe, Rdna, Rdna35};
    use GpuVendor::{Amd, Intel};
    &[
        (Amd, "0.4", Gcn(n(4))),
        (Amd, "0.5", Gcn(n(5))),
        (Amd, "1", CdnaOrUdna(n(1))),
        (Amd, "1.1", Rdna(n(1))),
        (Amd, "2", CdnaOrUdna(n(2))),
        (Amd, "2.1", Rdna(n(2))),
        (Amd, "3", CdnaOrUdna(n(3))),
        (Amd, "3.1", Rdna(n(3))),
        (Amd, "3.5", Rdna35),
        (Amd, "4", CdnaOrUdna(n(4))),
        (Amd, "4.1", Rdna(n(4))),
        (Amd, "5.1", Rdna(n(5))),
        (Intel, "0.9", gen9(None)),
        (Intel, "0.95", gen9(Some(5))),
        (Intel, "1", IntelXe(n(1))),
        (Intel, "2", IntelXe(n(2))),
        (Intel, "3", IntelXe(n(3))),
        (Intel, "4", IntelXe(n(4))),
    ]
};

/// A fixed word after an extension separator.
#[inline]
fn word<'a, R: Reader>(
    bytes: &'static [u8],
    token: &'static str,
    place: Place,
) -> impl Fn(Cursor<'a, R>) -> Res<'a, R, ()> {
    move |input| match input.rest.strip_prefix(bytes) {
        Some(rest) => Ok((input.at(rest), ())),
        None => input.expected(place, &[token]),
    }
}

/// The end of the name, or the separator of one more extension.
#[inline]
fn extension_or_end<R: Reader>(input: Cursor<'_, R>) -> Res<'_, R, ()> {
    if input.rest.is_empty() { Ok((input, ())) } else { extension(input) }
}

#[inline]
fn end<R: Reader>(input: Cursor<'_, R>) -> Res<'_, R, ()> {
    if input.rest.is_empty() { Ok((input, ())) } else { input.expected(Place::End, &["end of name"]) }
}

/// A letter of a table.
#[inline]
fn letter<'a, R: Reader, T>(
    from_letter: fn(u8) -> Option<T>,
    place: Place,
    tokens: &'static [&'static str],
) -> impl Fn(Cursor<'a, R>) -> Res<'a, R, T> {
    move |input| match input.rest.split_first().and_then(|(&byte, rest)| Some((rest, from_letter(byte)?))) {
        Some((rest, value)) => Ok((input.at(rest), value)),
        None => input.expected(place, tokens),
    }
}

/// A positive number of at most 32 bits, written as the dialect allows.
#[inline]
fn number<'a, R: Reader>(place: Place) -> impl Fn(Cursor<'a, R>) -> Res<'a, R, NonZeroU32> {
    move |input| {
        let (value, width) = input.digits();
        if width == 0 {
            return input.expected(place, &["number"]);
        }
        if input.rest[0] == b'0' && (input.dialect().numbers == Numbers::Canonical || value == Some(0)) {
            let mistake = if value == Some(0) { Mistake::Zero } else { Mistake::LeadingZero };
            return input.mistake(width, mistake);
        }
        match value.and_then(NonZeroU32::new) {
            Some(value) => Ok((input.at(&input.rest[width..]), value)),
            None => input.mistake(width, Mistake::TooLarge),
        }
    }
}

/// A positive number of half GiB: `4`, `3.5`, `0.5`.
#[inline]
fn half_gib<R: Reader>(input: Cursor<'_, R>) -> Res<'_, R, RamSize> {
    let (whole, width) = input.digits();
    let fraction = match input.rest.get(width) {
        Some(b'.') => {
            let digits = &input.rest[width + 1..];
            Some(&digits[..digits.iter().take_while(|byte| byte.is_ascii_digit()).count()])
        }
        _ => None,
    };
    if width == 0 && (fraction.is_none() || input.dialect().numbers == Numbers::Canonical) {
        return input.expected(Place::Ram, &["number"]);
    }
    let all = width + fraction.map_or(0, |digits| digits.len() + 1);
    let Some(gib) = whole else {
        return input.mistake(all, Mistake::TooLarge);
    };
    let half = match (input.dialect().numbers, fraction) {
        (_, None) => false,
        (_, Some([b'5'])) => true,
        (Numbers::Lenient, Some([b'5', zeros @ ..])) if zeros.iter().all(|&digit| digit == b'0') => true,
        (Numbers::Lenient, Some(digits))
            if digits.iter().all(|&digit| digit == b'0')
                && all > digits.len() + usize::from(width == 0 && digits.is_empty()) =>
        {
            false
        }
        _ => return input.mistake(all, Mistake::NotHalfGib),
    };
    if input.dialect().numbers == Numbers::Canonical && width > 1 && input.rest[0] == b'0' {
        return input.mistake(all, Mistake::LeadingZero);
    }
    match RamSize::new(gib, half) {
        Some(size) => Ok((input.at(&input.rest[all..]), size)),
        None => input.mistake(all, Mistake::Zero),
    }
}

/// The value of digits that 32 bits may not hold.
#[cold]
fn many_digits(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0u32, |value, digit| value.checked_mul(10)?.checked_add(u32::from(digit - b'0')))
}

impl<'a, R: Reader> Cursor<'a, R> {
    #[inline]
    fn dialect(self) -> Dialect {
        self.reader.dialect()
    }

    #[inline]
    const fn at(self, rest: &'a [u8]) -> Self {
        Self { rest, ..self }
    }

    /// Not here; something else may stand here.
    #[inline]
    fn expected<T>(self, place: Place, tokens: &[&'static str]) -> Res<'a, R, T> {
        self.reader.expected(self.rest.len(), place, tokens);
        Err(nom::Err::Error(()))
    }

    /// This and nothing else was meant, and it is wrong.
    #[inline]
    fn mistake<T>(self, width: usize, mistake: Mistake) -> Res<'a, R, T> {
        self.reader.mistake(self.rest.len(), width, mistake);
        Err(nom::Err::Failure(()))
    }

    #[inline]
    fn byte(self, byte: u8, place: Place, token: &'static str) -> Res<'a, R, ()> {
        match self.rest.split_first() {
            Some((&first, rest)) if first == byte => Ok((self.at(rest), ())),
            _ => self.expected(place, &[token]),
        }
    }

    /// A letter that may stand here or not.
    #[inline]
    fn flag(self, byte: u8, place: Place, token: &'static str) -> (Self, bool) {
        match self.byte(byte, place, token) {
            Ok((rest, ())) => (rest, true),
            Err(_) => (self, false),
        }
    }

    /// The value of the digits that stand here, `None` beyond 32 bits, and how many they are.
    #[inline]
    fn digits(self) -> (Option<u32>, usize) {
        let mut value = 0u32;
        let mut width = 0;
        for byte in self.rest {
            let digit = byte.wrapping_sub(b'0');
            if digit > 9 {
                break;
            }
            value = value.wrapping_mul(10).wrapping_add(u32::from(digit));
            width += 1;
        }
        // Nine digits always fit; checking every step would cost as much as the rest of the loop.
        if width <= 9 { (Some(value), width) } else { (many_digits(&self.rest[..width]), width) }
    }

    /// Up to `most` letters `h`.
    #[inline]
    fn run_of_h(self, most: u8, place: Place) -> Res<'a, R, u8> {
        let mut input = self;
        let mut count = 0;
        while let [b'h', rest @ ..] = input.rest {
            if count == most {
                let all = self.rest.iter().take_while(|&&byte| byte == b'h').count();
                return self.mistake(all, Mistake::TooManyH);
            }
            input = input.at(rest);
            count += 1;
        }
        if count < most {
            input.reader.expected(input.rest.len(), place, &["h"]);
        }
        Ok((input, count))
    }
}
