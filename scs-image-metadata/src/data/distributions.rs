//! What is known of distributions.

use jiff::civil::Date;
use serde::Deserialize;

use super::ReadDataError;

/// The distributions that something is known of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, from = "DistributionsFile")]
pub struct Distributions {
    /// The day on which this was so.
    pub as_of: Date,
    all: Vec<Distribution>,
    /// How images are called, each with its distribution, the longest first and by their first letter: every image of a
    /// cloud is asked for.
    names: Vec<Vec<(String, usize)>>,
}

/// The file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DistributionsFile {
    as_of: Date,
    distributions: Vec<Distribution>,
}

impl From<DistributionsFile> for Distributions {
    fn from(DistributionsFile { as_of, distributions }: DistributionsFile) -> Self {
        let mut names = vec![Vec::new(); LETTERS];
        for (index, distribution) in distributions.iter().enumerate() {
            for name in std::iter::once(&distribution.name).chain(&distribution.also) {
                if let Some(names) = letter(name).and_then(|letter| names.get_mut(letter)) {
                    names.push((name.clone(), index));
                }
            }
        }
        // Of names of the same length the one that stands first in the file.
        for names in &mut names {
            names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        }
        Self { as_of, all: distributions, names }
    }
}

/// Letters and digits, and one place for all others.
const LETTERS: usize = 37;

/// The place of the first letter of a name, whatever its case.
fn letter(name: &str) -> Option<usize> {
    Some(match name.as_bytes().first()?.to_ascii_lowercase() {
        letter @ b'a'..=b'z' => usize::from(letter - b'a'),
        digit @ b'0'..=b'9' => 26 + usize::from(digit - b'0'),
        _ => LETTERS - 1,
    })
}

/// A distribution.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Distribution {
    /// The value of `os_distro`.
    pub id: String,
    /// How its images are called.
    pub name: String,
    /// How they are called as well.
    #[serde(default)]
    pub also: Vec<String>,
    /// Whether its releases have numbers.
    pub numbered: bool,
    /// The user of its cloud images.
    #[serde(default)]
    pub user: Option<String>,
    /// The web domains of its makers, or host and path.
    pub origins: Vec<String>,
    /// Whether it takes a commercial license.
    #[serde(default)]
    pub licensed: bool,
}

impl Distributions {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// When it is no such file, with the place.
    pub fn from_yaml(text: &str) -> Result<Self, ReadDataError> {
        super::read("distributions", text)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Distribution> {
        self.all.iter()
    }

    /// The one with this `os_distro`.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Distribution> {
        self.all.iter().find(|distribution| distribution.id == id)
    }

    /// The one that the name of an image begins with, and what follows in the name.
    ///
    /// ```
    /// use scs_image_metadata::ImageData;
    ///
    /// let distributions = ImageData::embedded().distributions;
    /// let (distribution, rest) = distributions.named("openSUSE Leap 15.6").unwrap();
    /// assert_eq!((distribution.id.as_str(), rest), ("opensuse", "15.6"));
    /// ```
    #[must_use]
    pub fn named<'a>(&self, name: &'a str) -> Option<(&Distribution, &'a str)> {
        let names = self.names.get(letter(name)?)?;
        let (rest, index) = names.iter().find_map(|(known, index)| Some((after(name, known)?, *index)))?;
        Some((self.all.get(index)?, rest))
    }
}

impl Distribution {
    /// Whether a URL is one of the makers'.
    ///
    /// ```
    /// use scs_image_metadata::ImageData;
    ///
    /// let distributions = ImageData::embedded().distributions;
    /// let rocky = distributions.get("rocky").unwrap();
    /// assert!(rocky.made("https://download.rockylinux.org/pub/rocky/9/"));
    /// assert!(!rocky.made("https://rockylinux.org.example.com/"));
    /// ```
    #[must_use]
    pub fn made(&self, url: &str) -> bool {
        let Some((_, rest)) = url.split_once("://") else { return false };
        let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let host = host.split(':').next().unwrap_or_default().to_ascii_lowercase();
        self.origins.iter().any(|origin| match origin.split_once('/') {
            Some((domain, directory)) => {
                host == domain && path.trim_start_matches('/').starts_with(directory)
            }
            None => {
                host == *origin || host.strip_suffix(origin.as_str()).is_some_and(|sub| sub.ends_with('.'))
            }
        })
    }
}

/// What follows in a name after words, whatever their capitals; `None` where it does not begin with them.
fn after<'a>(name: &'a str, words: &str) -> Option<&'a str> {
    let head = name.get(..words.len())?;
    let rest = name.get(words.len()..)?;
    let ends = rest.is_empty() || rest.starts_with([' ', '-', '_']);
    (head.eq_ignore_ascii_case(words) && ends).then(|| rest.trim_start_matches([' ', '-', '_']))
}
