//! The standard images of scs-0104: the lists named by scope versions, and the patterns of version 2.

use std::collections::{BTreeMap, HashSet};
use std::fmt;

use jiff::civil::Date;
use regex::Regex;
use regex_automata::Anchored;
use regex_automata::dfa::{Automaton, StartKind, dense};
use regex_automata::util::start;
use scs_standards::yaml;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use thiserror::Error;

use super::read::{ReadDataError, read};

/// The standard images of all lists, and the sources prescribed by version 2.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StandardImages {
    /// The date of the corresponding official data.
    pub as_of: Date,
    images: Vec<StandardImage>,
    generic: Vec<GenericSource>,
    capi: CapiImages,
}

/// A list of standard images.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[non_exhaustive]
pub enum StandardList {
    /// `scs-0104-v1-images.yaml`, of SCS-compatible IaaS v4.
    #[serde(rename = "images")]
    Images,
    /// `scs-0104-v1-images-v5.yaml`, of SCS-compatible IaaS v5.1 and next.
    #[serde(rename = "images-v5")]
    ImagesV5,
    /// The table used by the official test suite instead.
    #[serde(rename = "suite")]
    Suite,
}

/// Whether an image of a list is mandatory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ImageStatus {
    /// Only its source is prescribed.
    #[default]
    Optional,
    /// It should exist.
    Recommended,
    /// It must exist.
    Mandatory,
}

impl fmt::Display for ImageStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Optional => "optional",
            Self::Recommended => "recommended",
            Self::Mandatory => "mandatory",
        })
    }
}

/// A standard image.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct StandardImage {
    /// The name of the image or class of images.
    pub name: String,
    /// The pattern for names of a class.
    #[serde(default)]
    pub name_scheme: Option<NameScheme>,
    /// The lists that include it, each with its status.
    pub status: BTreeMap<StandardList, ImageStatus>,
    /// The official test case that requires it.
    #[serde(default)]
    pub presence: Option<String>,
    /// The official test case or rule for its source.
    pub origin: String,
    /// The allowed prefixes of its source.
    pub source: Vec<String>,
}

/// A regular expression that must match the whole name.
#[derive(Clone, Debug)]
pub struct NameScheme {
    text: String,
    whole: Regex,
    start: Regex,
    /// The common prefix of all matches, so that most names need no regular expression.
    literal: String,
}

impl NameScheme {
    /// Compiles a regular expression.
    ///
    /// # Errors
    ///
    /// If it is invalid.
    pub fn new(text: &str) -> Result<Self, regex::Error> {
        let end = text.find(regex_syntax_letter).unwrap_or(text.len());
        // A letter before a repetition is optional, and with alternatives there is no common prefix.
        let repeated = text[end..].starts_with(['?', '*', '{']) || has_alternatives(text);
        let literal = if repeated { "" } else { &text[..end] };
        Ok(Self {
            text: text.to_owned(),
            whole: Regex::new(&format!("^(?:{text})$"))?,
            start: Regex::new(&format!("^(?:{text})"))?,
            literal: literal.to_owned(),
        })
    }

    /// The regular expression.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the whole name matches.
    #[must_use]
    pub fn matches(&self, name: &str) -> bool {
        name.starts_with(&self.literal) && self.whole.is_match(name)
    }

    /// Whether a prefix of the name matches, as in the official test suite.
    #[must_use]
    pub fn matches_start(&self, name: &str) -> bool {
        name.starts_with(&self.literal) && self.start.is_match(name)
    }
}

/// Whether an expression has alternatives at the top level. Escaped or bracketed bars count as well, which
/// only costs a little time.
fn has_alternatives(expression: &str) -> bool {
    let mut depth = 0_usize;
    expression.chars().any(|letter| {
        match letter {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        letter == '|' && depth == 0
    })
}

/// Whether a letter has a special meaning in regular expressions.
const fn regex_syntax_letter(letter: char) -> bool {
    matches!(
        letter,
        '\\' | '.' | '+' | '*' | '?' | '(' | ')' | '|' | '[' | ']' | '{' | '}' | '^' | '$' | '#' | '&' | '~'
    )
}

impl<'de> Deserialize<'de> for NameScheme {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// The allowed sources of generic images of a distribution.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct GenericSource {
    /// The value of `os_distro`.
    pub distro: String,
    /// The allowed prefixes, with `{codename}` as a placeholder for the codename of the release.
    pub source: Vec<String>,
}

impl GenericSource {
    /// The allowed prefixes for a release.
    pub fn of<'a>(&'a self, codename: &'a str) -> impl Iterator<Item = String> + 'a {
        self.source.iter().map(move |form| form.replace("{codename}", codename))
    }
}

/// The Kubernetes node images of version 2.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct CapiImages {
    /// The names that the rules apply to.
    pub name_scheme: NameScheme,
    /// The names of which one is recommended.
    pub recommended: NameScheme,
    /// The allowed prefixes of the source.
    pub source: Vec<String>,
    /// The required `os_purpose`.
    pub purpose: String,
    /// The required `image_description`.
    pub description: String,
}

impl Default for CapiImages {
    /// Matches only the empty name.
    fn default() -> Self {
        let nothing = || NameScheme {
            text: String::new(),
            whole: EMPTY.clone(),
            start: EMPTY.clone(),
            literal: String::new(),
        };
        Self {
            name_scheme: nothing(),
            recommended: nothing(),
            source: Vec::new(),
            purpose: String::new(),
            description: String::new(),
        }
    }
}

#[expect(clippy::expect_used, reason = "a fixed expression")]
static EMPTY: std::sync::LazyLock<Regex> =
    std::sync::LazyLock::new(|| Regex::new("^$").expect("an expression"));

impl StandardImages {
    /// Parses a data file.
    ///
    /// # Errors
    ///
    /// If it is not a valid file; the message contains the position.
    pub fn from_yaml(text: &str) -> Result<Self, ReadDataError> {
        read("standard images", text)
    }

    /// All images of all lists.
    pub fn iter(&self) -> impl Iterator<Item = &StandardImage> {
        self.images.iter()
    }

    /// Finds the image required by a test case.
    #[must_use]
    pub fn by_presence(&self, case: &str) -> Option<&StandardImage> {
        self.images.iter().find(|image| image.presence.as_deref() == Some(case))
    }

    /// Finds the image whose source a rule checks.
    #[must_use]
    pub fn by_origin(&self, rule: &str) -> Option<&StandardImage> {
        self.images.iter().find(|image| image.origin == rule)
    }

    /// The allowed sources of generic images of a distribution.
    #[must_use]
    pub fn generic(&self, distro: &str) -> Option<&GenericSource> {
        self.generic.iter().find(|generic| generic.distro == distro)
    }

    /// The Kubernetes node images.
    #[must_use]
    pub const fn capi(&self) -> &CapiImages {
        &self.capi
    }
}

/// Whether every name matched by the new expression is also matched by the old one; false if that takes too long to decide.
fn matches_subset(new: &str, old: &str) -> bool {
    /// The limit for pairs of states; the patterns of the standard need about two hundred.
    const MOST: usize = 50_000;
    if new == old {
        return true;
    }
    let (Some(new), Some(old)) = (automaton(new), automaton(old)) else { return false };
    let anchored = start::Config::new().anchored(Anchored::Yes);
    let (Ok(new_start), Ok(old_start)) = (new.start_state(&anchored), old.start_state(&anchored)) else {
        return false;
    };
    let ends =
        |automaton: &dense::DFA<Vec<u32>>, state| automaton.is_match_state(automaton.next_eoi_state(state));
    let mut seen = HashSet::from([(new_start, old_start)]);
    let mut next = vec![(new_start, old_start)];
    while let Some((one, other)) = next.pop() {
        if ends(&new, one) && !ends(&old, other) {
            return false;
        }
        for byte in u8::MIN..=u8::MAX {
            let pair = (new.next_state(one, byte), old.next_state(other, byte));
            if !new.is_dead_state(pair.0) && seen.insert(pair) {
                next.push(pair);
            }
        }
        if seen.len() > MOST {
            return false;
        }
    }
    true
}

/// An automaton that matches whole names; `None` if it would be too large.
fn automaton(expression: &str) -> Option<dense::DFA<Vec<u32>>> {
    /// The maximum size in bytes.
    const LARGEST: usize = 4 << 20;
    let config = dense::Config::new()
        .start_kind(StartKind::Anchored)
        .dfa_size_limit(Some(LARGEST))
        .determinize_size_limit(Some(LARGEST));
    dense::Builder::new().configure(config).build(&format!("^(?:{expression})$")).ok()
}

/// A file as specified by scs-0104-v1 (*Standard images YAML*), used as `image_spec` by a scope version.
///
/// ```
/// use scs_image_metadata::{ImageStatus, Specification};
///
/// let specification: Specification = "images: [{name: Ubuntu 26.04, status: mandatory, source: 'https://cloud-images.ubuntu.com/'}]".parse()?;
/// assert_eq!(specification.entries()[0].status, ImageStatus::Mandatory);
/// # Ok::<(), Vec<scs_image_metadata::SpecificationError>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Specification {
    entries: Vec<SpecificationEntry>,
}

/// An entry of the file.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SpecificationEntry {
    /// The name of the image or class.
    pub name: String,
    /// The pattern for names of a class.
    pub name_scheme: Option<NameScheme>,
    /// Whether it is mandatory.
    pub status: ImageStatus,
    /// The allowed prefixes of its source.
    pub source: Vec<String>,
}

/// Error: an invalid part of the file.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{place}: {problem}")]
pub struct SpecificationError {
    place: String,
    problem: String,
}

impl SpecificationError {
    fn new(place: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { place: place.into(), problem: problem.into() }
    }

    /// The position, such as `images[2].status`.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.place
    }

    /// The reason.
    #[must_use]
    pub fn problem(&self) -> &str {
        &self.problem
    }
}

impl Specification {
    /// The entries in file order.
    #[must_use]
    pub fn entries(&self) -> &[SpecificationEntry] {
        &self.entries
    }

    /// The changes since an earlier file that could break a conforming cloud (scs-0104-v1, *YAML lifecycle*).
    #[must_use]
    pub fn breaks(&self, earlier: &Self) -> Vec<String> {
        let mut breaks = Vec::new();
        for entry in &self.entries {
            let Some(old) = earlier.entries.iter().find(|old| old.name == entry.name) else {
                breaks.push(format!("`{}` is new", entry.name));
                continue;
            };
            let wider = match (&entry.name_scheme, &old.name_scheme) {
                (None, None) => false,
                // Without a pattern, it matches only its name.
                (None, Some(old)) => !old.matches(&entry.name),
                (Some(new), Some(old)) => !matches_subset(&new.text, &old.text),
                (Some(_), None) => true,
            };
            if wider {
                breaks.push(format!("the changed name scheme of `{}` matches additional names", entry.name));
            }
            if entry.status == ImageStatus::Mandatory && old.status != ImageStatus::Mandatory {
                breaks.push(format!("`{}` has become mandatory", entry.name));
            }
            let covered = |prefix: &String| entry.source.iter().any(|new| prefix.starts_with(new));
            breaks.extend(
                old.source
                    .iter()
                    .filter(|prefix| !covered(prefix))
                    .map(|prefix| format!("the source {prefix} of `{}` was removed", entry.name)),
            );
        }
        breaks
    }
}

impl std::str::FromStr for Specification {
    type Err = Vec<SpecificationError>;

    /// Parses a file and returns all errors.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // In YAML 1.2, `y` and `no` are strings.
        let options = serde_saphyr::options! { strict_booleans: true };
        let value: Value = serde_saphyr::from_str_with_options(text, options)
            .map_err(|error| vec![SpecificationError::new("the file", yaml::reason(&error))])?;
        let Some(list) = value.get("images") else {
            return Err(vec![SpecificationError::new("the file", "the key `images` is missing")]);
        };
        let Some(list) = list.as_array() else {
            return Err(vec![SpecificationError::new("images", "not a list")]);
        };
        let mut entries = Vec::new();
        let mut errors = Vec::new();
        for (index, value) in list.iter().enumerate() {
            match entry(index, value) {
                Ok(entry) => entries.push(entry),
                Err(mut problems) => errors.append(&mut problems),
            }
        }
        if errors.is_empty() { Ok(Self { entries }) } else { Err(errors) }
    }
}

fn entry(index: usize, value: &Value) -> Result<SpecificationEntry, Vec<SpecificationError>> {
    let place = |key: &str| {
        if key.is_empty() { format!("images[{index}]") } else { format!("images[{index}].{key}") }
    };
    let Some(map) = value.as_object() else {
        return Err(vec![SpecificationError::new(place(""), "not a mapping")]);
    };
    let mut errors = Vec::new();
    let mut wrong = |key: &str, problem: String| errors.push(SpecificationError::new(place(key), problem));
    let name = match map.get("name") {
        Some(Value::String(name)) if !name.is_empty() => name.clone(),
        Some(other) => {
            wrong("name", format!("{other} is not a name"));
            String::new()
        }
        None => {
            wrong("name", "missing".to_owned());
            String::new()
        }
    };
    let status = match map.get("status") {
        None => ImageStatus::Optional,
        Some(status) => serde_json::from_value(status.clone()).unwrap_or_else(|_| {
            wrong("status", format!("{status} is not optional, recommended or mandatory"));
            ImageStatus::Optional
        }),
    };
    let source = match map.get("source") {
        Some(Value::String(one)) => vec![one.clone()],
        Some(Value::Array(several)) if !several.is_empty() && several.iter().all(Value::is_string) => {
            several.iter().filter_map(|one| one.as_str().map(str::to_owned)).collect()
        }
        Some(other) => {
            wrong("source", format!("{other} is neither a string nor a list of strings"));
            Vec::new()
        }
        None => {
            wrong("source", "missing".to_owned());
            Vec::new()
        }
    };
    let name_scheme = match map.get("name_scheme") {
        None => None,
        Some(Value::String(scheme)) => match NameScheme::new(scheme) {
            Ok(scheme) => Some(scheme),
            Err(error) => {
                let reason = error.to_string();
                let reason =
                    reason.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
                wrong("name_scheme", format!("`{scheme}` is not a regular expression: {reason}"));
                None
            }
        },
        Some(other) => {
            wrong("name_scheme", format!("{other} is not a regular expression"));
            None
        }
    };
    if errors.is_empty() { Ok(SpecificationEntry { name, name_scheme, status, source }) } else { Err(errors) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemes_without_additional_matches_are_recognized() {
        let old = r"ubuntu-capi-image( |-)v[0-9]\.[0-9]+(\.[0-9]+)?";
        for (new, old, narrower) in [
            (old, old, true),
            (r"ubuntu-capi-image-v[0-9]\.[0-9]+(\.[0-9]+)?", old, true),
            (r"ubuntu-capi-image-v1\.30", old, true),
            (r"ubuntu-capi-image[ -]v[0-9]\.[0-9]+(\.[0-9]+)?", old, true),
            (r"ubuntu-capi-image( |-)v[0-9]+\.[0-9]+(\.[0-9]+)?", old, false),
            (r"ubuntu-capi-image.*", old, false),
            ("a|b", "b|c|a", true),
            ("a|d", "b|c|a", false),
        ] {
            assert_eq!(matches_subset(new, old), narrower, "{new} after {old}");
        }
    }

    #[test]
    fn yaml_1_1_booleans_are_strings() {
        let file: Specification = "images: [{name: no, source: y}]".parse().unwrap();
        assert_eq!(
            (file.entries[0].name.as_str(), file.entries[0].source.as_slice()),
            ("no", &["y".to_owned()][..])
        );
    }

    #[test]
    fn the_literal_rejects_no_match() {
        for (scheme, name) in [
            ("ubuntu-capi-image( |-)v[0-9]", "ubuntu-capi-image-v1"),
            ("ab[c]|d(e)", "de"),
            ("abc?", "ab"),
            ("ab{0}", "a"),
            ("abc*d", "abd"),
            ("(a|b)c", "bc"),
        ] {
            let scheme = NameScheme::new(scheme).unwrap();
            assert!(scheme.matches(name) && scheme.matches_start(name), "{} on {name}", scheme.as_str());
            assert!(!scheme.matches(&format!("{name} old")) && scheme.matches_start(&format!("{name} old")));
        }
    }
}
