//! The standard images of scs-0104: the lists that scope versions name, and the forms of version 2.

use std::collections::{BTreeMap, HashSet};
use std::fmt;

use jiff::civil::Date;
use regex::Regex;
use regex_automata::Anchored;
use regex_automata::dfa::{Automaton, StartKind, dense};
use regex_automata::util::start;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use thiserror::Error;

use super::ReadDataError;

/// The standard images of all lists, and what version 2 says of sources.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StandardImages {
    /// The day of the official data that this agrees with.
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
    /// The table that the official test suite uses instead.
    #[serde(rename = "suite")]
    Suite,
}

/// Whether an image of a list has to be there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ImageStatus {
    /// Only its source is prescribed.
    #[default]
    Optional,
    /// It should be there.
    Recommended,
    /// It must be there.
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
pub struct StandardImage {
    /// Its name, or that of the class of images.
    pub name: String,
    /// What the names of a class look like.
    #[serde(default)]
    pub name_scheme: Option<NameScheme>,
    /// Where it stands, and as what.
    pub status: BTreeMap<StandardList, ImageStatus>,
    /// The official test case that asks for it.
    #[serde(default)]
    pub presence: Option<String>,
    /// The official test case, or the rule, about its source.
    pub origin: String,
    /// What its source begins with.
    pub source: Vec<String>,
}

/// A regular expression for whole names.
#[derive(Clone, Debug)]
pub struct NameScheme {
    text: String,
    whole: Regex,
    start: Regex,
    /// What every match begins with, so that most names need no regular expression.
    literal: String,
}

impl NameScheme {
    /// Compiles an expression.
    ///
    /// # Errors
    ///
    /// When it is none.
    pub fn new(text: &str) -> Result<Self, regex::Error> {
        let end = text.find(regex_syntax_letter).unwrap_or(text.len());
        // A letter before a repetition may be missing, and so may everything where there is a choice.
        let repeated = text[end..].starts_with(['?', '*', '{']) || chooses(text);
        let literal = if repeated { "" } else { &text[..end] };
        Ok(Self {
            text: text.to_owned(),
            whole: Regex::new(&format!("^(?:{text})$"))?,
            start: Regex::new(&format!("^(?:{text})"))?,
            literal: literal.to_owned(),
        })
    }

    /// The expression.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it matches a whole name.
    #[must_use]
    pub fn matches(&self, name: &str) -> bool {
        name.starts_with(&self.literal) && self.whole.is_match(name)
    }

    /// Whether a name begins with a match, as the official test suite asks.
    #[must_use]
    pub fn matches_start(&self, name: &str) -> bool {
        name.starts_with(&self.literal) && self.start.is_match(name)
    }
}

/// Whether an expression is a choice as a whole. A bar in brackets or behind a backslash is taken for one as well, which
/// costs a little time and nothing else.
fn chooses(expression: &str) -> bool {
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

/// Whether a letter of a regular expression may mean something else than itself.
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

/// Where generic images of a distribution come from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GenericSource {
    /// The value of `os_distro`.
    pub distro: String,
    /// What the source begins with, `{codename}` standing for that of the release.
    pub source: Vec<String>,
}

impl GenericSource {
    /// The sources of a release.
    pub fn of<'a>(&'a self, codename: &'a str) -> impl Iterator<Item = String> + 'a {
        self.source.iter().map(move |form| form.replace("{codename}", codename))
    }
}

/// The images for Kubernetes nodes by version 2.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CapiImages {
    /// The names that the rules are about.
    pub name_scheme: NameScheme,
    /// The names of which one should be there.
    pub recommended: NameScheme,
    /// What the source begins with.
    pub source: Vec<String>,
    /// The value of `os_purpose`.
    pub purpose: String,
    /// The value of `image_description`.
    pub description: String,
}

impl Default for CapiImages {
    /// Matches nothing but the empty name.
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
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// When it is no such file, with the place.
    pub fn from_yaml(text: &str) -> Result<Self, ReadDataError> {
        super::read("standard images", text)
    }

    /// All images of all lists.
    pub fn iter(&self) -> impl Iterator<Item = &StandardImage> {
        self.images.iter()
    }

    /// The image that a test case asks for.
    #[must_use]
    pub fn by_presence(&self, case: &str) -> Option<&StandardImage> {
        self.images.iter().find(|image| image.presence.as_deref() == Some(case))
    }

    /// The image about whose source a rule is.
    #[must_use]
    pub fn by_origin(&self, rule: &str) -> Option<&StandardImage> {
        self.images.iter().find(|image| image.origin == rule)
    }

    /// Where generic images of a distribution come from.
    #[must_use]
    pub fn generic(&self, distro: &str) -> Option<&GenericSource> {
        self.generic.iter().find(|generic| generic.distro == distro)
    }

    /// The images for Kubernetes nodes.
    #[must_use]
    pub const fn capi(&self) -> &CapiImages {
        &self.capi
    }
}

/// Whether every name that one expression matches is matched by another one, too; not where that takes too long to tell.
fn matches_no_more(new: &str, old: &str) -> bool {
    /// Pairs of states; the schemes of the standard make some two hundred.
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

/// An automaton that matches whole names; `None` for an expression that makes too large a one.
fn automaton(expression: &str) -> Option<dense::DFA<Vec<u32>>> {
    /// Bytes.
    const LARGEST: usize = 4 << 20;
    let config = dense::Config::new()
        .start_kind(StartKind::Anchored)
        .dfa_size_limit(Some(LARGEST))
        .determinize_size_limit(Some(LARGEST));
    dense::Builder::new().configure(config).build(&format!("^(?:{expression})$")).ok()
}

/// A file as scs-0104-v1 specifies it (*Standard images YAML*): what a scope version gives as `image_spec`.
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

/// An entry of such a file.
#[derive(Clone, Debug)]
pub struct SpecificationEntry {
    /// The name of the image or of the class.
    pub name: String,
    /// What the names of a class look like.
    pub name_scheme: Option<NameScheme>,
    /// Whether it has to be there.
    pub status: ImageStatus,
    /// What its source begins with.
    pub source: Vec<String>,
}

/// What is wrong with such a file, and where.
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

    /// Where: `images[2].status`.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.place
    }

    /// What.
    #[must_use]
    pub fn problem(&self) -> &str {
        &self.problem
    }
}

impl Specification {
    /// The entries in their order.
    #[must_use]
    pub fn entries(&self) -> &[SpecificationEntry] {
        &self.entries
    }

    /// What of it could break a cloud that conforms to an earlier one (scs-0104-v1, *YAML lifecycle*).
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
                // Without a scheme it is one name.
                (None, Some(old)) => !old.matches(&entry.name),
                (Some(new), Some(old)) => !matches_no_more(&new.text, &old.text),
                (Some(_), None) => true,
            };
            if wider {
                breaks.push(format!(
                    "the name scheme of `{}` has changed and matches names that it did not match before",
                    entry.name
                ));
            }
            if entry.status == ImageStatus::Mandatory && old.status != ImageStatus::Mandatory {
                breaks.push(format!("`{}` has become mandatory", entry.name));
            }
            let covered = |prefix: &String| entry.source.iter().any(|new| prefix.starts_with(new));
            breaks.extend(
                old.source
                    .iter()
                    .filter(|prefix| !covered(prefix))
                    .map(|prefix| format!("the source {prefix} of `{}` is gone", entry.name)),
            );
        }
        breaks
    }
}

impl std::str::FromStr for Specification {
    type Err = Vec<SpecificationError>;

    /// Reads a file and gives everything that is wrong with it.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // By YAML 1.2 `y` and `no` are texts.
        let options = serde_saphyr::options! { strict_booleans: true };
        let value: Value = serde_saphyr::from_str_with_options(text, options)
            .map_err(|error| vec![SpecificationError::new("the file", super::first_line(&error))])?;
        let Some(list) = value.get("images") else {
            return Err(vec![SpecificationError::new("the file", "the key `images` is missing")]);
        };
        let Some(list) = list.as_array() else {
            return Err(vec![SpecificationError::new("images", "it is not a list")]);
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
        return Err(vec![SpecificationError::new(place(""), "it is not a mapping")]);
    };
    let mut errors = Vec::new();
    let mut wrong = |key: &str, problem: String| errors.push(SpecificationError::new(place(key), problem));
    let name = match map.get("name") {
        Some(Value::String(name)) if !name.is_empty() => name.clone(),
        Some(other) => {
            wrong("name", format!("{other} is no name"));
            String::new()
        }
        None => {
            wrong("name", "it is missing".to_owned());
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
            wrong("source", format!("{other} is neither a text nor a list of texts"));
            Vec::new()
        }
        None => {
            wrong("source", "it is missing".to_owned());
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
                wrong("name_scheme", format!("`{scheme}` is no regular expression: {reason}"));
                None
            }
        },
        Some(other) => {
            wrong("name_scheme", format!("{other} is no regular expression"));
            None
        }
    };
    if errors.is_empty() { Ok(SpecificationEntry { name, name_scheme, status, source }) } else { Err(errors) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemes_that_match_no_more_names_are_told() {
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
            assert_eq!(matches_no_more(new, old), narrower, "{new} after {old}");
        }
    }

    #[test]
    fn words_of_yaml_1_1_are_texts() {
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
