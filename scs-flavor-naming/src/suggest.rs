//! Corrects rejected names if one small edit is enough.
//!
//! First, the name is parsed leniently, part by part, and rewritten correctly: separators, order, case, number
//! formats, units. Failing that, single edits at the position of the error are tried. A correction counts only if
//! the parser accepts it.

use crate::dialect::{Dialect, Numbers};
use crate::grammar::{self, PREFIX};
use crate::parser::Parser;
use crate::syntax::Syntax;

/// A corrected name that `parser` accepts, for one without invisible characters.
pub(crate) fn suggest(
    text: &str,
    parser: &Parser,
    dialect: Dialect,
    at: usize,
    expected: &[&str],
) -> Option<String> {
    let accepted = |candidate: &String| candidate != text && parser.accept(candidate.as_bytes()).is_some();
    canonical(text, parser)
        .into_iter()
        .chain(rewritten(text, dialect))
        .find(|candidate| accepted(candidate))
        .or_else(|| single_edits(text, at, expected).find(|candidate| accepted(candidate)))
}

/// The name without spaces, control characters and zero-width characters, if it has any.
pub(crate) fn visible(text: &str) -> Option<String> {
    let invisible = |letter: char| {
        letter.is_whitespace()
            || letter.is_control()
            || matches!(letter, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
    };
    text.contains(invisible).then(|| text.chars().filter(|letter| !invisible(*letter)).collect())
}

/// The canonical form of the name, if only its numbers are malformed.
fn canonical(text: &str, parser: &Parser) -> Vec<String> {
    parser
        .dialects()
        .filter_map(|dialect| {
            let lenient = dialect.with_numbers(Numbers::Lenient);
            grammar::read(text.as_bytes(), lenient)?.name.spelled(dialect.syntax())
        })
        .collect()
}

/// The parts of a name, split regardless of separators.
struct Parts<'a> {
    cpu: &'a str,
    ram: &'a str,
    disk: Option<&'a str>,
    /// The extensions, each with its numbers, as in `["GNa", "72", "24"]`.
    extensions: Vec<Vec<&'a str>>,
}

/// The name rewritten from its parts, in the form of the dialect that got furthest and in the other one.
fn rewritten(text: &str, dialect: Dialect) -> Vec<String> {
    let text = text.trim();
    let Some(parts) = split(text) else {
        return Vec::new();
    };
    let mut forms = vec![dialect.syntax(), Syntax::V3, Syntax::V1];
    forms.dedup();
    // For mixed separators, the newer form is better advice.
    if text.contains(':') && text.contains('_') || dialect.syntax() == Syntax::V1 && !text.contains(':') {
        forms.rotate_left(1);
    }
    forms.into_iter().map(|syntax| write(&parts, syntax)).collect()
}

fn split(text: &str) -> Option<Parts<'_>> {
    let body = text.strip_prefix("SCS-")?;
    let mut words = body.split([':', '-', '_']);
    let (cpu, ram) = (words.next()?, words.next()?);
    let mut words = words.peekable();
    // `_` precedes extensions in v2 and v3 and does not occur in v1, so `_3` is not a disk.
    let after_core = body.get(cpu.len() + 1 + ram.len()..).unwrap_or_default();
    let disk = words.next_if(|word| is_disk(word) && !after_core.starts_with('_'));
    let mut extensions: Vec<Vec<&str>> = Vec::new();
    for word in words.filter(|word| !word.is_empty()) {
        let is_number = word.trim_end_matches(['h', 'H']).bytes().all(|byte| byte.is_ascii_digit())
            && word.starts_with(|c: char| c.is_ascii_digit());
        match extensions.last_mut() {
            Some(last) if is_number && last[0].starts_with(['G', 'g']) => last.push(word),
            _ => extensions.push(vec![word]),
        }
    }
    Some(Parts { cpu, ram, disk, extensions })
}

/// Whether a word is a disk: `10n`, `3x10s`, `n`, `1.5n`, `50GB`, or the empty word of an automatic disk.
fn is_disk(word: &str) -> bool {
    let digits = word.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let letters = &word[digits.len()..];
    digits.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'x' | b'X' | b'.' | b','))
        && if digits.is_empty() {
            letters.len() <= 1 && !letters.starts_with(['i', 'z', 'a', 'r', 'I', 'Z', 'A', 'R'])
        } else {
            letters.len() <= 3
        }
}

fn write(parts: &Parts<'_>, syntax: Syntax) -> String {
    let dialect = Dialect::text(syntax);
    let (core, separator) = (char::from(dialect.core_separator()), char::from(dialect.extension_separator()));
    let (mut cpu, mut ram) = (cpu(parts.cpu), ram(parts.ram));
    // Misplaced suffixes: `i` belongs to the CPU, `o` to the memory.
    if let Some(without) =
        ram.strip_suffix("iu").map(|size| format!("{size}u")).or(ram.strip_suffix('i').map(str::to_owned))
    {
        (cpu, ram) = (format!("{cpu}i"), without);
    }
    if cpu.contains('o') {
        (cpu, ram) = (cpu.replace('o', ""), format!("{ram}o"));
    }
    let mut name = format!("SCS-{cpu}{core}{ram}");
    if let Some(word) = parts.disk {
        name.push(core);
        name.push_str(&disk(word));
    }
    let mut extensions: Vec<(u8, String)> =
        parts.extensions.iter().map(|words| extension(words, core)).collect();
    extensions.sort_by_key(|(rank, _)| *rank);
    extensions.dedup();
    for (_, word) in extensions {
        name.push(separator);
        name.push_str(&word);
    }
    name
}

/// `2iT` → `2Ti`, `2v` → `2V`, `2` → `2V`; the drafts' `D` is a dedicated core and `Vl` a crowded one.
fn cpu(word: &str) -> String {
    let digits = word.len() - word.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (count, letters) = word.split_at(digits);
    let count = without_leading_zeros(count);
    let corrected = match letters {
        "" => "V".to_owned(),
        "D" => "C".to_owned(),
        "Vl" => "L".to_owned(),
        _ => {
            let (kind, rest): (Vec<char>, Vec<char>) =
                letters.chars().partition(|letter| "LVTC".contains(letter.to_ascii_uppercase()));
            kind.into_iter()
                .map(|kind| kind.to_ascii_uppercase())
                .chain(rest.into_iter().map(|c| c.to_ascii_lowercase()))
                .collect()
        }
    };
    format!("{count}{corrected}")
}

/// `4ou` → `4uo`, `0,5` → `0.5`, `32GB` → `32`, `4.25` → `4`.
fn ram(word: &str) -> String {
    let digits =
        word.len() - word.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ',')).len();
    let (size, letters) = word.split_at(digits);
    let size = size.replace(',', ".");
    let (whole, fraction) = size.split_once('.').unwrap_or((&size, ""));
    let whole = without_leading_zeros(whole);
    let half = fraction.bytes().next().is_some_and(|tenths| tenths >= b'5')
        || (whole.is_empty() || whole == "0") && !fraction.is_empty();
    let size = match (whole, half) {
        ("" | "0", true) => "0.5".to_owned(),
        (whole, true) => format!("{whole}.5"),
        (whole, false) => whole.to_owned(),
    };
    let letters = letters.to_ascii_lowercase();
    let letters =
        ["gib", "gb", "g"].iter().find_map(|unit| letters.strip_prefix(unit)).unwrap_or(&letters).to_owned();
    let letters = if letters == "ou" { "uo".to_owned() } else { letters };
    format!("{size}{letters}")
}

/// `10N` → `10n`, `1.5n` → `1n`, `1x10` → `10`, `50GB` → `50`; the drafts' `C` (Ceph or Cinder) is a network disk.
fn disk(word: &str) -> String {
    let word = word.to_ascii_lowercase();
    let digits = word.len()
        - word.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | 'x')).len();
    let (size, letters) = word.split_at(digits);
    let (count, size) = size.split_once('x').unwrap_or(("", size));
    let count = without_leading_zeros(count);
    let size = without_leading_zeros(size.split(['.', ',']).next().unwrap_or(size));
    let letters = match letters {
        "c" => "n",
        letters => ["gib", "gb", "g"].iter().find_map(|unit| letters.strip_prefix(unit)).unwrap_or(letters),
    };
    match count {
        "" | "1" => format!("{size}{letters}"),
        count => format!("{count}x{size}{letters}"),
    }
}

/// An extension in its correct spelling, with its rank in the order of extensions.
fn extension(words: &[&str], core: char) -> (u8, String) {
    let word = words[0];
    let lower = word.to_ascii_lowercase();
    match lower.as_str() {
        "kvm" | "chy" | "xen" | "vmw" | "hyv" | "bms" => return (0, lower),
        // The drafts' word for hardware virtualization.
        "hwv" | "vmx" => return (1, "hwv".to_owned()),
        "ib" => return (4, lower),
        _ => {}
    }
    let mut letters = word.chars();
    match (letters.next(), letters.next()) {
        (Some(access @ ('G' | 'g')), Some(vendor)) => {
            let mut gpu =
                format!("{access}{}{}", vendor.to_ascii_uppercase(), letters.as_str().to_ascii_lowercase());
            for number in &words[1..] {
                gpu.push(core);
                gpu.push_str(&without_leading_zeros(number).to_ascii_lowercase());
            }
            (3, gpu)
        }
        (Some(digit), None) if digit.is_ascii_digit() => (2, format!("z{digit}")),
        (Some('i' | 'z' | 'a' | 'r' | 'I' | 'Z' | 'A' | 'R'), _) => (2, lower),
        _ => (5, word.to_owned()),
    }
}

fn without_leading_zeros(digits: &str) -> &str {
    let stripped = digits.trim_start_matches('0');
    if stripped.starts_with(|c: char| c.is_ascii_digit()) || digits.is_empty() {
        stripped
    } else {
        &digits[digits.len().saturating_sub(stripped.len() + 1)..]
    }
}

/// The name with one edit at the position of the error: swapped neighbors, changed case, an inserted or replaced
/// token, or a removed character.
fn single_edits<'a>(text: &'a str, at: usize, expected: &'a [&'a str]) -> impl Iterator<Item = String> + 'a {
    let at = if text.is_char_boundary(at) { at.max(PREFIX.len()) } else { PREFIX.len() };
    let (before, rest) = text.split_at(at.min(text.len()));
    let mut letters = rest.chars();
    let first = letters.next();
    let after = letters.as_str();
    // Separators are a matter of form, and a shared core is the usual class of vCPUs; any other
    // letter or digit would be a guess about the author's intent.
    let tokens = expected.iter().filter(|token| matches!(**token, "V" | "-" | ":" | "_"));
    let swapped = first.and_then(|first| {
        let second = after.chars().next()?;
        Some(format!("{before}{second}{first}{}", &after[second.len_utf8()..]))
    });
    let replaced = tokens.clone().map(move |token| format!("{before}{token}{after}"));
    let inserted = tokens.map(move |token| format!("{before}{token}{rest}"));
    let removed = first.map(|_| format!("{before}{after}"));
    let removed_before =
        before.char_indices().next_back().map(|(index, _)| format!("{}{rest}", &before[..index]));
    swapped.into_iter().chain(inserted).chain(replaced).chain(removed).chain(removed_before)
}

#[cfg(test)]
mod tests {
    use crate::parser::Parser;

    #[test]
    fn invisible_characters_are_removed_first() {
        let suggestion = |text: &str| {
            let error = Parser::default().parse(text).unwrap_err();
            error.suggestion().map(str::to_owned)
        };
        for text in [
            "SCS-2V-4\0",
            "SCS-2V-4 ",
            "SCS-2V-4\t\r",
            "SCS-2V -4",
            "SCS-2V\u{200B}-4",
            "SCS-2V-4\u{A0}",
            "SCS-2V-4\u{1b}",
        ] {
            assert_eq!(suggestion(text).as_deref(), Some("SCS-2V-4"), "{text:?}");
        }
        assert_eq!(suggestion("SCS-2v-4\0").as_deref(), Some("SCS-2V-4"), "both at once");
    }
}
