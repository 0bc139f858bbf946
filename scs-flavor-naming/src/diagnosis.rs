//! Explains why a name is rejected: the kind and the position of the error, and a corrected name.

use scs_standards::Span;
use scs_standards::wording::truncated;

use crate::cpu_arch::CpuVendor;
use crate::dialect::Dialect;
use crate::error::{Details, NameErrorKind, ParseNameError, flip_case};
use crate::gpu::NvidiaGeneration;
use crate::grammar::{self, PREFIX};
use crate::hypervisor::Hypervisor;
use crate::parser::Parser;
use crate::reader::{Listener, Mistake, Place, Reached, Trail, span};
use crate::suggest::{suggest, visible};
use crate::syntax::Syntax;

/// The maximum length of a name for which a correction is searched, in bytes; the longest valid names have about a hundred.
const LONGEST_TO_REPAIR: usize = 160;

/// Runs the grammar again with a trail, in each dialect, and explains the attempt that got furthest.
pub(crate) fn diagnose(text: &str, parser: &Parser) -> ParseNameError {
    let name = text.as_bytes();
    if !name.starts_with(PREFIX) {
        return ParseNameError(Box::new(Details {
            kind: NameErrorKind::NotScs,
            place: Place::Prefix,
            span: Span::at(0),
            expected: vec!["SCS-"],
            found: shortened(text),
            suggestion: None,
            syntax: None,
        }));
    }
    let attempts = parser.dialects().map(|dialect| {
        let trail = Trail::default();
        grammar::read(name, Listener { dialect, trail: &trail });
        (dialect, trail.into_reached())
    });
    // Of two that got equally far, the newer one counts, unless colons show that v1 was meant.
    let colons = text.contains(':');
    let furthest = attempts.reduce(|best, next| {
        let (one, other) = (start(&best.1), start(&next.1));
        let meant = colons && next.0.syntax() == Syntax::V1;
        if other < one || other == one && meant { next } else { best }
    });
    let Some((dialect, reached)) = furthest else {
        // A parser has at least one dialect; this is a fallback.
        let span = Span::at(name.len());
        return ParseNameError(Box::new(Details {
            kind: NameErrorKind::Unexpected,
            place: Place::End,
            span,
            expected: Vec::new(),
            found: String::new(),
            suggestion: None,
            syntax: None,
        }));
    };
    let mut details = explain(text, dialect, reached);
    if text.len() <= LONGEST_TO_REPAIR {
        let unknown = matches!(details.kind, NameErrorKind::Mistake(Mistake::UnknownCpuGeneration));
        // An unlisted generation cannot be guessed: the name is still true without it.
        details.suggestion = if unknown {
            let without = format!("{}{}", &text[..details.span.start], &text[details.span.end..]);
            Some(without).filter(|name| parser.accept(name.as_bytes()).is_some())
        } else {
            suggestion(text, parser, dialect, &details)
        };
    }
    ParseNameError(Box::new(details))
}

/// A corrected name that `parser` accepts.
fn suggestion(text: &str, parser: &Parser, dialect: Dialect, details: &Details) -> Option<String> {
    // Invisible characters are removed first: they are copying artifacts.
    match visible(text) {
        Some(seen) if parser.accept(seen.as_bytes()).is_some() => Some(seen),
        Some(seen) => diagnose(&seen, parser).0.suggestion,
        None => suggest(text, parser, dialect, details.span.start, &details.expected),
    }
}

/// The number of bytes left at the failure.
fn start(reached: &Reached) -> usize {
    match reached.mistake {
        Some((remaining, width, _)) => remaining.saturating_sub(width.saturating_sub(1)),
        None => reached.remaining.unwrap_or(usize::MAX),
    }
}

fn explain(text: &str, dialect: Dialect, reached: Reached) -> Details {
    let length = text.len();
    let place = reached.place.unwrap_or(Place::End);
    if let Some((remaining, width, mistake)) = reached.mistake {
        let span = span(length, remaining, width);
        if mistake == Mistake::Zero && text.as_bytes().get(span.end) == Some(&b',') {
            return Details {
                kind: NameErrorKind::DecimalComma,
                place: Place::Ram,
                span: Span::new(span.end, span.end + 1),
                expected: vec!["."],
                found: ",".to_owned(),
                suggestion: None,
                syntax: Some(dialect.syntax()),
            };
        }
        let found = shortened(span.of(text).unwrap_or_default());
        let place = place_of(mistake, text, span, dialect).unwrap_or(place);
        let expected = expected_for(mistake, text, span, dialect);
        return Details {
            kind: NameErrorKind::Mistake(mistake),
            place,
            span,
            expected,
            found,
            suggestion: None,
            syntax: Some(dialect.syntax()),
        };
    }
    let at = length - reached.remaining.unwrap_or(length).min(length);
    let rest = text.get(at..).unwrap_or_default();
    let width = rest.chars().next().map_or(0, char::len_utf8);
    let (kind, span) = match classify(text, at, dialect, place, &reached.tokens) {
        Some((kind, span)) => (kind, span),
        // `SCS-2V:4-10`: the dash before the number is wrong.
        None if dialect.syntax() == Syntax::V1
            && text[..at].ends_with('-')
            && rest.starts_with(|c: char| c.is_ascii_digit()) =>
        {
            (NameErrorKind::Separator, Span::new(at - 1, at))
        }
        None => (NameErrorKind::Unexpected, Span::new(at, at + width)),
    };
    Details {
        kind,
        place,
        span,
        expected: reached.tokens,
        found: shortened(span.of(text).unwrap_or_default()),
        suggestion: None,
        syntax: Some(dialect.syntax()),
    }
}

/// A more specific kind than "unexpected", and the bytes it refers to.
fn classify(
    text: &str,
    at: usize,
    dialect: Dialect,
    place: Place,
    expected: &[&str],
) -> Option<(NameErrorKind, Span)> {
    let rest = &text[at..];
    let found = rest.chars().next()?;
    let here = |kind, width| Some((kind, Span::new(at, at + width)));
    let width = found.len_utf8();
    if found.is_whitespace() || found.is_control() {
        return here(NameErrorKind::Whitespace, width);
    }
    if let Some(span) = own_extension(text, at, dialect) {
        return Some((NameErrorKind::UnknownExtension, span));
    }
    let separators = [':', '-', '_'];
    if place == Place::CpuType && expected.contains(&"V") {
        if separators.contains(&found) {
            return here(NameErrorKind::MissingCpuType, width);
        }
        if found == 'i' && rest[1..].starts_with(['L', 'V', 'T', 'C']) {
            return here(NameErrorKind::SuffixOrder, width);
        }
    }
    if found == 'u' && text[..at].ends_with('o') {
        return here(NameErrorKind::SuffixOrder, width);
    }
    if found == ',' {
        return here(NameErrorKind::DecimalComma, width);
    }
    if matches!(place, Place::Ram | Place::Disk | Place::DiskType)
        && text[..at].ends_with(|before: char| before.is_ascii_digit())
        && let Some(unit) = ["GiB", "GB", "G"].into_iter().find(|unit| rest.starts_with(unit))
    {
        return here(NameErrorKind::Unit, unit.len());
    }
    let flipped = flip_case(found);
    if flipped != found && expected.iter().any(|token| token.starts_with(flipped) && !token.contains(' ')) {
        return here(NameErrorKind::WrongCase, width);
    }
    let extension = char::from(dialect.extension_separator());
    // After all optional parts, the separator itself is unexpected, and the following word explains why.
    let start = if found == extension && expected.contains(&"end of name") { at + width } else { at };
    if text[..start].ends_with(extension) && start > PREFIX.len() {
        let word = text[start..].split(extension).next().unwrap_or_default();
        if let Some(kind) = classify_extension(&text[..start], word, dialect) {
            return Some((kind, Span::new(start, start + word.len())));
        }
    }
    separators.contains(&found).then(|| (NameErrorKind::Separator, Span::new(at, at + width)))
}

/// The custom extension at the end of a name, if any, regardless of how it begins: `_acme` is not an ARM
/// CPU, and `-small` is not an SSD.
fn own_extension(text: &str, at: usize, dialect: Dialect) -> Option<Span> {
    const SEPARATORS: [char; 3] = [':', '-', '_'];
    let start = text[..at].rfind(SEPARATORS)? + 1;
    let word = text[start..].split(SEPARATORS).next()?;
    let behind_the_core = text[..start].matches(SEPARATORS).count() >= 3;
    let is_word = word.len() >= 3
        && word.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && word.bytes().take(2).all(|byte| byte.is_ascii_alphabetic());
    let is_gpu = match word.as_bytes() {
        [b'G' | b'g', b'N' | b'A' | b'I', ..] => true,
        // A GPU with its generation, all in the wrong case.
        [b'G' | b'g', vendor, _] => matches!(vendor.to_ascii_uppercase(), b'N' | b'A' | b'I'),
        _ => false,
    };
    let known = || is_extension(word, dialect) || is_extension(&word.to_ascii_lowercase(), dialect);
    (behind_the_core && is_word && !is_gpu && !known()).then(|| Span::new(start, start + word.len()))
}

/// Whether a word is an extension on its own.
fn is_extension(word: &str, dialect: Dialect) -> bool {
    let (separator, core) = (dialect.extension_separator(), dialect.core_separator());
    let probe = format!("SCS-1V{}1{}{word}", char::from(core), char::from(separator));
    grammar::read(probe.as_bytes(), dialect).is_some()
}

/// The kind of error for an extension that does not fit after `before`.
fn classify_extension(before: &str, word: &str, dialect: Dialect) -> Option<NameErrorKind> {
    if word.is_empty() {
        return None;
    }
    if matches!(word.as_bytes(), [b'0'..=b'9']) {
        return Some(NameErrorKind::GenerationWithoutVendor);
    }
    let separator = char::from(dialect.extension_separator());
    let core = char::from(dialect.core_separator());
    if !is_extension(word, dialect) {
        let plain = word.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'));
        return plain.then_some(NameErrorKind::UnknownExtension);
    }
    let together = |earlier: &str| format!("SCS-1V{core}1{separator}{word}{separator}{earlier}");
    let turned_round = before
        .split(separator)
        .skip(1)
        .filter(|earlier| !earlier.is_empty())
        .any(|earlier| grammar::read(together(earlier).as_bytes(), dialect).is_some());
    Some(if turned_round { NameErrorKind::ExtensionOrder } else { NameErrorKind::RepeatedExtension })
}

/// The part of the name that a mistake concerns, judging by the text before it.
fn place_of(mistake: Mistake, text: &str, span: Span, dialect: Dialect) -> Option<Place> {
    Some(match mistake {
        Mistake::NotHalfGib => Place::Ram,
        Mistake::DisksWithoutSize | Mistake::FractionalDisk => Place::Disk,
        Mistake::HypervisorNotInVersion => Place::Hypervisor,
        Mistake::UnknownCpuGeneration => Place::CpuArch,
        Mistake::UnknownGpuGeneration => Place::Gpu,
        Mistake::Zero | Mistake::LeadingZero | Mistake::TooLarge | Mistake::TooManyH => {
            let before = text.get(PREFIX.len()..span.start)?;
            let extension = char::from(dialect.extension_separator());
            match before.rsplit_once(extension) {
                Some((_, word)) if word.starts_with(['G', 'g']) => Place::Gpu,
                Some(_) => Place::CpuArch,
                None => match before.matches(char::from(dialect.core_separator())).count() {
                    0 => Place::CpuCount,
                    1 => Place::Ram,
                    _ => Place::Disk,
                },
            }
        }
    })
}

/// The accepted texts in place of a mistake.
fn expected_for(mistake: Mistake, text: &str, span: Span, dialect: Dialect) -> Vec<&'static str> {
    const DIGITS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
    match mistake {
        Mistake::Zero => vec!["positive number"],
        Mistake::LeadingZero => vec!["number without leading zeros"],
        Mistake::TooLarge => vec!["number of at most 32 bits"],
        Mistake::NotHalfGib => vec!["multiple of 0.5"],
        Mistake::DisksWithoutSize => vec!["number"],
        Mistake::FractionalDisk => vec!["whole number of GB"],
        Mistake::TooManyH => vec!["h", "hh"],
        Mistake::HypervisorNotInVersion => Hypervisor::ALL
            .into_iter()
            .filter(|hypervisor| dialect.lists_hypervisor(*hypervisor))
            .map(Hypervisor::token)
            .collect(),
        Mistake::UnknownCpuGeneration => {
            let letter = text.as_bytes().get(span.start.wrapping_sub(1)).copied().unwrap_or_default();
            let newest =
                CpuVendor::from_letter(letter).and_then(|vendor| dialect.newest_cpu_generation(vendor));
            DIGITS[..newest.map_or(0, |newest| usize::from(newest) + 1)].to_vec()
        }
        Mistake::UnknownGpuGeneration => match text.as_bytes().get(span.start.wrapping_sub(1)) {
            Some(b'A') => vec!["0.1", "1", "1.1", "3.5"],
            Some(b'I') => vec!["0.9", "1", "2", "3", "4"],
            _ => NvidiaGeneration::ALL
                .into_iter()
                .filter(|generation| dialect.lists_nvidia(*generation))
                .map(NvidiaGeneration::token)
                .collect(),
        },
    }
}

/// Shortens a text to forty characters.
fn shortened(text: &str) -> String {
    truncated(text, 40).into_owned()
}
