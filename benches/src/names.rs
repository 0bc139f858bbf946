//! Valid names in all dialects, and names that are nearly valid.

use std::collections::HashSet;
use std::fmt::Write;

use scs_flavor_naming::Syntax;

use crate::random::Random;

/// Every character that means something in a name, a few that do not, and one outside of ASCII.
pub const ALPHABET: &[char] = &[
    'S', 'C', '-', '_', ':', '.', 'x', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'L', 'V', 'T', 'i',
    'u', 'o', 'n', 'h', 's', 'p', 'z', 'a', 'r', 'G', 'g', 'N', 'A', 'I', 'f', 'k', 'm', 'v', 't', 'l', 'b',
    'y', 'c', 'e', 'w', ' ', 'ä',
];

const SMALL: &[&str] = &["1", "2", "3", "4", "6", "8", "12", "16", "24", "32", "48", "64", "96", "128"];

/// A valid name of a version, by its text.
#[must_use]
pub fn name(random: &mut Random, syntax: Syntax) -> String {
    let (core, separator) = if syntax == Syntax::V1 { (':', '-') } else { ('-', '_') };
    let mut name = format!("SCS-{}{}", random.pick(SMALL), random.pick(&["L", "V", "V", "V", "T", "C"]));
    if random.percent(7) {
        name.push('i');
    }
    name.push(core);
    name.push_str(random.pick(SMALL));
    if random.percent(6) {
        name.truncate(name.rfind(core).map_or(name.len(), |at| at + 1));
        name.push_str(random.pick(&["0.5", "1.5", "3.5", "7.5"]));
    }
    name.push_str(random.pick(&["", "", "", "", "", "", "u", "o", "uo"]));
    if random.percent(85) {
        name.push(core);
        disk(&mut name, random, syntax);
    }
    let mut extension = |name: &mut String, percent, piece: &dyn Fn(&mut String, &mut Random)| {
        if random.percent(percent) {
            name.push(separator);
            piece(name, random);
        }
    };
    extension(&mut name, 30, &|name, random| {
        let newest: &[&str] = if syntax == Syntax::V3 { &["chy"] } else { &["kvm"] };
        let word = if random.percent(10) {
            random.pick(newest)
        } else {
            random.pick(&["kvm", "kvm", "xen", "vmw", "hyv", "bms"])
        };
        name.push_str(word);
    });
    extension(&mut name, 22, &|name, _| name.push_str("hwv"));
    extension(&mut name, 38, &|name, random| cpu_arch(name, random, syntax));
    extension(&mut name, 31, &|name, random| gpu(name, random, syntax, core));
    extension(&mut name, 14, &|name, _| name.push_str("ib"));
    name
}

fn disk(name: &mut String, random: &mut Random, syntax: Syntax) {
    let sizes = ["5", "10", "20", "25", "40", "50", "80", "100", "200", "400", "1000", "2000"];
    let several = random.percent(10);
    if several {
        name.push_str(random.pick(&["2x", "3x", "4x", "8x", "10x", "24x"]));
    }
    if random.percent(85) || several && syntax == Syntax::V3 {
        name.push_str(random.pick(&sizes));
    }
    name.push_str(random.pick(&["", "", "n", "n", "h", "s", "s", "p"]));
}

fn cpu_arch(name: &mut String, random: &mut Random, syntax: Syntax) {
    // Letter and newest generation in the three texts.
    let (letter, newest) = match (random.below(9), syntax) {
        (0..4, Syntax::V1) => ('i', 3),
        (0..4, Syntax::V2) => ('i', 4),
        (0..4, _) => ('i', 6),
        (4..7, Syntax::V3) => ('z', 6),
        (4..7, _) => ('z', 4),
        (7, Syntax::V3) => ('a', 5),
        (7, _) => ('a', 3),
        _ => ('r', 0),
    };
    name.push(letter);
    if newest > 0 && random.percent(80) {
        // Writing to a string does not fail.
        let _ = write!(name, "{}", random.below(newest + 1));
    }
    name.push_str(random.pick(&["", "", "", "h", "h", "hh", "hhh"]));
}

fn gpu(name: &mut String, random: &mut Random, syntax: Syntax, core: char) {
    name.push_str(random.pick(&["G", "G", "g"]));
    let vendor = random.pick(&["N", "N", "A", "I"]);
    name.push_str(vendor);
    let with_generation = random.percent(85);
    if with_generation {
        name.push_str(match (vendor, syntax) {
            ("N", Syntax::V1) => random.pick(&["f", "k", "m", "p", "v", "t", "a"]),
            ("N", Syntax::V2) => random.pick(&["f", "k", "m", "p", "v", "t", "a", "l"]),
            ("N", _) => random.pick(&["f", "k", "m", "p", "v", "t", "a", "l", "g", "b", "u"]),
            ("A", Syntax::V3) => {
                random.pick(&["0.4", "0.5", "1", "1.1", "2", "2.1", "3", "3.1", "3.5", "4", "5.1"])
            }
            ("A", _) => random.pick(&["0.4", "0.5", "1", "2", "3"]),
            _ => random.pick(&["0.9", "0.95", "1", "2", "3", "4"]),
        });
    }
    if (syntax != Syntax::V3 || with_generation) && random.percent(65) {
        name.push(core);
        name.push_str(random.pick(&["7", "14", "28", "30", "42", "54", "64", "72", "108", "120", "304"]));
        name.push_str(random.pick(&["", "", "", "h", "hh"]));
        if syntax == Syntax::V3 && random.percent(50) {
            name.push(core);
            name.push_str(random.pick(&["6", "12", "16", "24", "48", "80"]));
            name.push_str(random.pick(&["", "h"]));
        }
    }
}

/// A valid name as a cloud's list has them: mostly of the newest version, some of the first.
#[must_use]
pub fn mixed(random: &mut Random) -> String {
    let syntax = if random.percent(12) { Syntax::V1 } else { Syntax::V3 };
    name(random, syntax)
}

/// The given number of distinct [`mixed`] names.
#[must_use]
pub fn distinct(seed: u64, count: usize) -> Vec<String> {
    let mut random = Random::new(seed);
    let mut known = HashSet::with_capacity(count);
    let mut list = Vec::with_capacity(count);
    while list.len() < count {
        let name = mixed(&mut random);
        if known.insert(name.clone()) {
            list.push(name);
        }
    }
    list
}

/// The text with one character put in, left out, replaced or swapped with its neighbor.
#[must_use]
pub fn mutated(random: &mut Random, text: &str) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    let other = ALPHABET[random.below(ALPHABET.len())];
    let at = random.below(characters.len());
    match random.below(4) {
        0 => characters.insert(random.below(characters.len() + 1), other),
        1 if !characters.is_empty() => drop(characters.remove(at)),
        2 if at + 1 < characters.len() => characters.swap(at, at + 1),
        _ => match characters.get_mut(at) {
            Some(character) => *character = other,
            None => characters.push(other),
        },
    }
    characters.into_iter().collect()
}

/// The text with one of its numbers in another notation that a lenient parser may accept as the same or another number.
#[must_use]
pub fn lenient(random: &mut Random, text: &str) -> String {
    let runs: Vec<(usize, usize)> = digit_runs(text);
    let Some(&(start, end)) = runs.get(random.below(runs.len())) else {
        return text.to_owned();
    };
    let (before, number, after) = (&text[..start], &text[start..end], &text[end..]);
    let form = match random.below(14) {
        0 => format!("0{number}"),
        1 => format!("000{number}"),
        2 => format!("{number}."),
        3 => format!("{number}.0"),
        4 => format!("{number}.00"),
        5 => format!("{number}.50"),
        6 => format!("{number}.25"),
        7 => ".5".to_owned(),
        8 => format!("1x{number}"),
        9 => format!("x{number}"),
        10 => format!("{number}x"),
        11 => "0".to_owned(),
        12 => String::new(),
        _ => format!("{number}.5.5"),
    };
    format!("{before}{form}{after}")
}

/// The byte ranges of the numbers in a text.
#[must_use]
pub fn digit_runs(text: &str) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (index, _) in text.bytes().enumerate().filter(|(_, byte)| byte.is_ascii_digit()) {
        match runs.last_mut() {
            Some((_, end)) if *end == index => *end = index + 1,
            _ => runs.push((index, index + 1)),
        }
    }
    runs
}
