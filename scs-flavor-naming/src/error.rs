//! Why a name was rejected, as data: the place, what was expected there, what was found, and a repaired name.

use std::fmt::{self, Write};

use scs_standards::Span;
use thiserror::Error;

use crate::cpu_arch::CpuVendor;
use crate::dialect::Dialect;
use crate::gpu::NvidiaGeneration;
use crate::grammar::{self, PREFIX};
use crate::hypervisor::Hypervisor;
use crate::parse::Parser;
use crate::reader::{Listener, Mistake, Place, Reached, Trail, span};
use crate::suggest::suggest;
use crate::syntax::Syntax;

/// The longest name for which a repair is looked for, in bytes; the longest valid names have about a hundred.
const LONGEST_TO_REPAIR: usize = 160;

/// What is wrong with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NameErrorKind {
    /// It does not start with `SCS-`, so that scs-0100 does not speak of it.
    NotScs,
    /// Something else was expected here.
    Unexpected,
    /// The right letter in the wrong case.
    WrongCase,
    /// No letter for the type of the vCPUs.
    MissingCpuType,
    /// Suffixes in the wrong order: `iT` for `Ti`, `ou` for `uo`.
    SuffixOrder,
    /// A separator of another version, or one in the wrong place.
    Separator,
    /// An extension that belongs further to the front.
    ExtensionOrder,
    /// An extension that is there already.
    RepeatedExtension,
    /// A number where an extension should be, as in `_3` for `_z3`.
    GenerationWithoutVendor,
    /// An extension that the standard does not have.
    UnknownExtension,
    /// A blank or an invisible character.
    Whitespace,
    /// A comma where a decimal point should be.
    DecimalComma,
    /// A unit after a size.
    Unit,
    /// A number or a piece that is clear in what it means and wrong as that.
    Mistake(Mistake),
}

/// A name that was rejected.
///
/// `Display` is one line that stands alone. [`ParseNameError::span`] points into the name as it was given.
///
/// ```
/// use scs_flavor_naming::FlavorName;
///
/// let error = "SCS-2iT-4".parse::<FlavorName>().unwrap_err();
/// assert_eq!(error.span().range(), 5..6);
/// assert_eq!(error.expected(), ["L", "V", "T", "C"]);
/// assert_eq!(error.suggestion(), Some("SCS-2Ti-4"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{}", self.sentence())]
pub struct ParseNameError(Box<Details>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Details {
    kind: NameErrorKind,
    place: Place,
    span: Span,
    expected: Vec<&'static str>,
    found: String,
    suggestion: Option<String>,
    syntax: Option<Syntax>,
}

impl ParseNameError {
    /// What is wrong.
    #[must_use]
    pub fn kind(&self) -> NameErrorKind {
        self.0.kind
    }

    /// In which part of the name.
    #[must_use]
    pub fn place(&self) -> Place {
        self.0.place
    }

    /// Where, in bytes of the name as given; empty at the end of the name.
    #[must_use]
    pub fn span(&self) -> Span {
        self.0.span
    }

    /// What would have been accepted there.
    #[must_use]
    pub fn expected(&self) -> &[&'static str] {
        &self.0.expected
    }

    /// What stands there, shortened where it is long; empty at the end of the name.
    #[must_use]
    pub fn found(&self) -> &str {
        &self.0.found
    }

    /// The name after one small repair; always one that the same parser accepts.
    #[must_use]
    pub fn suggestion(&self) -> Option<&str> {
        self.0.suggestion.as_deref()
    }

    /// The version whose grammar got furthest, and in whose terms the error speaks.
    #[must_use]
    pub fn syntax(&self) -> Option<Syntax> {
        self.0.syntax
    }

    /// Whether the name does not start with `SCS-`, and is not for this standard to judge.
    #[must_use]
    pub fn is_not_scs(&self) -> bool {
        self.0.kind == NameErrorKind::NotScs
    }

    /// The message without place and suggestion, for a drawing that shows both.
    #[must_use]
    pub fn message(&self) -> String {
        let Details { kind, place, found, .. } = &*self.0;
        let what = if found.is_empty() { "the name ends".to_owned() } else { format!("found `{found}`") };
        let version = self.0.syntax.map_or("", Syntax::name);
        match kind {
            NameErrorKind::NotScs => "not an SCS flavor name: it does not start with `SCS-`".to_owned(),
            NameErrorKind::Unexpected if self.0.expected.contains(&"hwv") => format!(
                "expected an extension — a hypervisor ({}), hwv, a CPU (i, z, a, r), a GPU (G, g) or ib —, but {what}",
                self.0.expected.iter().take_while(|token| **token != "hwv").copied().collect::<Vec<_>>().join(", ")
            ),
            NameErrorKind::Unexpected => {
                format!("expected {} {}, but {what}", one_of(&self.0.expected), place.words())
            }
            NameErrorKind::WrongCase => {
                let flipped: String = found.chars().map(flip_case).collect();
                format!("letters are case-sensitive: `{found}` should be `{flipped}`")
            }
            NameErrorKind::Unit => format!("`{found}`: memory is in GiB and disks are in GB, written without the unit"),
            NameErrorKind::DecimalComma => "a half GiB is written with a point, as in `3.5`".to_owned(),
            NameErrorKind::MissingCpuType => {
                "the number of vCPUs needs a letter: L crowded, V shared, T dedicated thread, C dedicated core".to_owned()
            }
            NameErrorKind::SuffixOrder => match place {
                Place::CpuType => "`i` comes after the letter for the type of the vCPUs".to_owned(),
                _ => "the suffixes of the memory come in the order `u`, `o`".to_owned(),
            },
            NameErrorKind::Separator => format!(
                "`{found}` does not separate parts here; v1 writes `:` and then `-`, v2 and v3 write `-` and then `_`"
            ),
            NameErrorKind::ExtensionOrder => format!(
                "`{found}` comes too late: extensions are in the order hypervisor, hwv, CPU, GPU, ib"
            ),
            NameErrorKind::RepeatedExtension => format!("`{found}`: each kind of extension stands once at the most"),
            NameErrorKind::GenerationWithoutVendor => {
                format!("the generation `{found}` needs the letter of its vendor: i, z, a or r")
            }
            NameErrorKind::UnknownExtension => {
                format!("`{found}` is no extension of {version}; names starting `SCS-` must not have their own")
            }
            NameErrorKind::Whitespace => format!("a flavor name has no blanks or invisible characters, {what}"),
            NameErrorKind::Mistake(mistake) => self.mistake_message(*mistake, version),
        }
    }

    fn mistake_message(&self, mistake: Mistake, version: &str) -> String {
        let Details { place, found, expected, .. } = &*self.0;
        match mistake {
            Mistake::Zero => match place {
                Place::CpuCount => "a flavor has at least one vCPU".to_owned(),
                Place::Disk => {
                    "a disk of 0 GB cannot be named; no disk is written by leaving the part out".to_owned()
                }
                Place::Gpu => "zero cannot be named; leave the number of the GPU out".to_owned(),
                _ => "a flavor has at least half a GiB of memory".to_owned(),
            },
            Mistake::LeadingZero => format!("`{found}` is not written with leading zeros"),
            Mistake::TooLarge => format!("`{found}` is too large: numbers go up to {}", u32::MAX),
            Mistake::NotHalfGib => {
                format!("memory comes in steps of half a GiB, written `4` or `3.5`; found `{found}`")
            }
            Mistake::DisksWithoutSize => {
                format!("`{found}` needs the size of the disks in GB after it")
            }
            Mistake::FractionalDisk => format!("disks have a whole number of GB, found `{found}`"),
            Mistake::HypervisorNotInVersion => format!("{version} does not list the hypervisor `{found}`"),
            Mistake::UnknownCpuGeneration if expected.is_empty() => {
                format!("{version} lists no generations for this vendor, found `{found}`")
            }
            Mistake::UnknownCpuGeneration | Mistake::UnknownGpuGeneration => {
                format!("{version} does not list the generation `{found}`; expected {}", one_of(expected))
            }
            Mistake::TooManyH => format!("`{found}`: more `h` than the standard knows here"),
        }
    }

    fn sentence(&self) -> String {
        let mut sentence = self.message();
        if !self.is_not_scs() {
            // Writing to a string does not fail.
            let _ = write!(sentence, " (at byte {})", self.0.span.start);
        }
        if let Some(suggestion) = &self.0.suggestion {
            let _ = write!(sentence, "; did you mean `{suggestion}`?");
        }
        sentence
    }
}

/// `a`, `b` or `c`, with the bare words "number" and "end of name" left unquoted.
fn one_of(tokens: &[&str]) -> String {
    let quoted = |token: &&str| match *token {
        "number" => "a number".to_owned(),
        "end of name" => "the end of the name".to_owned(),
        phrase if phrase.contains(' ') => phrase.to_owned(),
        token => format!("`{token}`"),
    };
    match tokens {
        [] => "nothing more".to_owned(),
        [one] => quoted(one),
        [many @ .., last] => {
            let many: Vec<_> = many.iter().map(quoted).collect();
            format!("{} or {}", many.join(", "), quoted(last))
        }
    }
}

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
    // Of two that got equally far, the newer one speaks, save where colons tell that v1 was meant.
    let colons = text.contains(':');
    let furthest = attempts.reduce(|best, next| {
        let (one, other) = (start(&best.1), start(&next.1));
        let meant = colons && next.0.syntax() == Syntax::V1;
        if other < one || other == one && meant { next } else { best }
    });
    let Some((dialect, reached)) = furthest else {
        // A parser has at least one dialect; this is for one that has none.
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
        // A generation that nobody lists is not to be guessed: without it the name still says what is true.
        details.suggestion = if unknown {
            let without = format!("{}{}", &text[..details.span.start], &text[details.span.end..]);
            Some(without).filter(|name| parser.accept(name.as_bytes()).is_some())
        } else {
            suggest(text, parser, dialect, details.span.start, &details.expected)
        };
    }
    ParseNameError(Box::new(details))
}

/// Bytes left where the attempt failed.
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
        // `SCS-2V:4-10`: the dash before the number is what is wrong.
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

/// A more telling kind than "unexpected", and the bytes it speaks of.
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
    // Behind all that may still come, the separator itself is what does not fit, and the word after it says why.
    let start = if found == extension && expected.contains(&"end of name") { at + width } else { at };
    if text[..start].ends_with(extension) && start > PREFIX.len() {
        let word = text[start..].split(extension).next().unwrap_or_default();
        if let Some(kind) = classify_extension(&text[..start], word, dialect) {
            return Some((kind, Span::new(start, start + word.len())));
        }
    }
    separators.contains(&found).then(|| (NameErrorKind::Separator, Span::new(at, at + width)))
}

/// Where the name has a word of its own behind CPU and memory, whatever it begins like: `_acme`, which is not an ARM
/// CPU, or `-small`, which is not an SSD.
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

/// Whether a word is an extension by itself.
fn is_extension(word: &str, dialect: Dialect) -> bool {
    let (separator, core) = (dialect.extension_separator(), dialect.core_separator());
    let probe = format!("SCS-1V{}1{}{word}", char::from(core), char::from(separator));
    grammar::read(probe.as_bytes(), dialect).is_some()
}

/// What an extension is that does not fit where it stands, after `before`.
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

/// The part of the name that a mistake concerns, from what stands before it.
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

/// What would have been right in place of a mistake.
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

const fn flip_case(letter: char) -> char {
    if letter.is_ascii_lowercase() { letter.to_ascii_uppercase() } else { letter.to_ascii_lowercase() }
}

/// At most forty characters.
fn shortened(text: &str) -> String {
    match text.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())
    }
}
