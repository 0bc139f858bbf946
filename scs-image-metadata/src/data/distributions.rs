//! Facts about distributions.

use jiff::civil::Date;
use serde::Deserialize;

use super::read::{ReadDataError, read};

/// The known distributions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, from = "DistributionsFile")]
pub struct Distributions {
    /// The date of the data.
    pub as_of: Date,
    all: Vec<Distribution>,
    /// The names of images, each with its distribution, longest first and indexed by their first letter, since every image of a
    /// cloud is looked up.
    names: Vec<Vec<(String, usize)>>,
}

/// The file format.
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
        // Of names with the same length, the first one in the file counts.
        for names in &mut names {
            names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        }
        Self { as_of, all: distributions, names }
    }
}

/// The number of index entries: letters, digits, and one for everything else.
const LETTERS: usize = 37;

/// The index of the first letter of a name, ignoring case.
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
#[non_exhaustive]
pub struct Distribution {
    /// The value of `os_distro`.
    pub id: String,
    /// The name of its images.
    pub name: String,
    /// Alternative names of its images.
    #[serde(default)]
    pub also: Vec<String>,
    /// Whether its releases have numbers.
    pub numbered: bool,
    /// The default user of its cloud images, if known.
    #[serde(default)]
    pub user: Option<String>,
    /// The vendor's web domains, optionally with a path.
    pub origins: Vec<String>,
    /// Whether it requires a commercial license.
    #[serde(default)]
    pub licensed: bool,
}

impl Distributions {
    /// Parses a data file.
    ///
    /// # Errors
    ///
    /// If it is not a valid file; the message contains the position.
    pub fn from_yaml(text: &str) -> Result<Self, ReadDataError> {
        read("distributions", text)
    }

    /// All distributions.
    pub fn iter(&self) -> impl Iterator<Item = &Distribution> {
        self.all.iter()
    }

    /// Finds a distribution by its `os_distro`.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Distribution> {
        self.all.iter().find(|distribution| distribution.id == id)
    }

    /// The distribution whose name an image name begins with, and the rest of the image name.
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
    /// Whether a URL belongs to the vendor.
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

/// The rest of a name after a prefix, ignoring case; `None` if it does not begin with the prefix.
fn after<'a>(name: &'a str, words: &str) -> Option<&'a str> {
    let head = name.get(..words.len())?;
    let rest = name.get(words.len()..)?;
    let ends = rest.is_empty() || rest.starts_with([' ', '-', '_']);
    (head.eq_ignore_ascii_case(words) && ends).then(|| rest.trim_start_matches([' ', '-', '_']))
}
