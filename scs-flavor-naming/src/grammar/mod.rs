//! The common grammar of flavor names: a [`Dialect`] selects separators, tables and options.
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
//! The rules are `nom` combinators over a [`Cursor`] of bytes: `cursor` has the common ones,
//! `separator` those between the parts, and `gpu` the one for the GPU. If no listener is attached, the whole grammar compiles into one function without allocation; with
//! a [`crate::reader::Trail`], the same grammar records what it expected.

mod cursor;
mod gpu;
mod separator;

use std::num::NonZeroU32;

use nom::Parser;
use nom::combinator::{opt, peek};
use nom::sequence::preceded;

use self::cursor::{Cursor, Res, letter, number, word};
use self::gpu::gpu;
use self::separator::{core, extension};
use crate::cpu::{Cpu, CpuType};
use crate::cpu_arch::{CpuArch, CpuFrequency, CpuGeneration, CpuVendor};
use crate::dialect::Numbers;
use crate::disk::{Disk, DiskType};
use crate::hypervisor::Hypervisor;
use crate::name::FlavorName;
use crate::ram::{Ram, RamSize};
use crate::reader::{Mistake, Place, Reader};

/// A name, with details of its spelling that the value drops.
#[derive(Clone, Copy)]
pub(crate) struct Raw {
    pub(crate) name: FlavorName,
    /// The CPU generation 0.
    pub(crate) wrote_generation_zero: bool,
    /// `1x` before the size of a single disk (C-013).
    pub(crate) wrote_single_disk: bool,
}

pub(crate) const PREFIX: &[u8] = b"SCS-";

/// Parses a complete name.
#[inline]
pub(crate) fn read<R: Reader>(name: &[u8], reader: R) -> Option<Raw> {
    flavor_name(Cursor::new(name, reader)).ok().map(|(_, raw)| raw)
}

#[inline]
fn flavor_name<R: Reader>(input: Cursor<'_, R>) -> Res<'_, R, Raw> {
    let (input, (cpu, ram, disk)) =
        preceded(prefix, (cpu, preceded(core, ram), opt(preceded(core, disk)))).parse(input)?;
    let wrote_single_disk = disk.is_some_and(|(_, single)| single);
    let plain = FlavorName::plain(cpu, ram, disk.map(|(disk, _)| disk));
    if input.rest.is_empty() {
        // Most names have no extension.
        return Ok((input, Raw { name: plain, wrote_generation_zero: false, wrote_single_disk }));
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
    let wrote_generation_zero = arch.is_some_and(|(_, zero)| zero);
    Ok((input, Raw { name, wrote_generation_zero, wrote_single_disk }))
}

/// `"SCS-"`
#[inline]
fn prefix<R: Reader>(input: Cursor<'_, R>) -> Res<'_, R, ()> {
    match input.rest.strip_prefix(PREFIX) {
        Some(rest) => Ok((input.at(rest), ())),
        None => input.expected(Place::Prefix, &["SCS-"]),
    }
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

/// `[ [ number "x" ] number ] [ "n" | "h" | "s" | "p" ]`, and whether the number of disks was written as 1.
#[inline]
fn disk<R: Reader>(input: Cursor<'_, R>) -> Res<'_, R, (Disk, bool)> {
    let (input, (count, size_gb)) = disk_size(input)?;
    let (input, kind) =
        opt(letter(DiskType::from_letter, Place::DiskType, &["n", "h", "s", "p"])).parse(input)?;
    let single = count == Some(NonZeroU32::MIN);
    Ok((input, (Disk::parsed(count.unwrap_or(NonZeroU32::MIN), size_gb, kind), single)))
}

/// `[ [ number "x" ] number ]`: number and size, if present.
#[inline]
fn disk_size<R: Reader>(input: Cursor<'_, R>) -> Res<'_, R, (Option<NonZeroU32>, Option<NonZeroU32>)> {
    let (after_first, first) = opt(number(Place::Disk)).parse(input)?;
    let lenient = input.dialect().numbers == Numbers::Lenient;
    if first.is_none() && !lenient {
        return Ok((after_first, (None, None)));
    }
    let (after_x, x) = after_first.flag(b'x', Place::Disk, "x");
    if !x {
        if first.is_some() && after_first.rest.first() == Some(&b'.') {
            let width = 1 + after_first.rest[1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
            return input.mistake(input.rest.len() - after_first.rest.len() + width, Mistake::FractionalDisk);
        }
        return Ok((after_first, (None, first)));
    }
    let (rest, size) = opt(number(Place::Disk)).parse(after_x)?;
    if size.is_none() && !input.dialect().sizeless_multidisk {
        return input.mistake(input.rest.len() - after_x.rest.len(), Mistake::DisksWithoutSize);
    }
    Ok((rest, (first, size)))
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
/// The end or another extension must follow: `_ib` is not an Intel CPU.
#[inline]
fn cpu_arch<R: Reader>(input: Cursor<'_, R>) -> Res<'_, R, (CpuArch, bool)> {
    let (input, vendor) = letter(CpuVendor::from_letter, Place::CpuArch, &["i", "z", "a", "r"])(input)?;
    let (input, (arch, zero)) = cpu_generation(vendor, input)?;
    let (input, h) = input.run_of_h(CpuFrequency::MOST_LETTERS, Place::CpuArch)?;
    let (input, ()) = peek(extension_or_end).parse(input)?;
    let frequency = CpuFrequency::from_letters(h).unwrap_or_default();
    Ok((input, (arch.at(frequency), zero)))
}

/// An optional generation that the dialect lists for the vendor.
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

/// The end of the name, or the separator of another extension.
#[inline]
fn extension_or_end<R: Reader>(input: Cursor<'_, R>) -> Res<'_, R, ()> {
    if input.rest.is_empty() { Ok((input, ())) } else { extension(input) }
}

#[inline]
fn end<R: Reader>(input: Cursor<'_, R>) -> Res<'_, R, ()> {
    if input.rest.is_empty() { Ok((input, ())) } else { input.expected(Place::End, &["end of name"]) }
}
