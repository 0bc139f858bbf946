//! The GPU: vendor, generation, processing units and video memory, with different nesting in the dialects.

use std::num::NonZeroU32;

use nom::Parser;
use nom::combinator::{map, opt};
use nom::sequence::preceded;

use super::cursor::{Cursor, Res, letter, number};
use super::separator::core;
use crate::dialect::{GpuGenerations, GpuNesting};
use crate::gpu::{Gpu, GpuAccess, GpuGeneration, GpuModel, GpuVendor, IntelGen, NvidiaGeneration};
use crate::reader::{Mistake, Place, Reader};
use crate::syntax::Syntax;

/// `( "G" | "g" ) ( "N" | "A" | "I" ) …` with the nesting of the dialect.
#[inline]
pub(super) fn gpu<R: Reader>(input: Cursor<'_, R>) -> Res<'_, R, Gpu> {
    let (input, access) = letter(GpuAccess::from_letter, Place::Gpu, &["G", "g"])(input)?;
    let (input, vendor) = letter(GpuVendor::from_letter, Place::Gpu, &["N", "A", "I"])(input)?;
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

/// An optional generation by the dialect's letters and formulas.
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
        // A mistake must end at a character boundary.
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

/// The official parser reads everything up to the next number or `h` as the generation, including a following `_ib`, and
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
