//! What is known of distributions.

use jiff::civil::Date;
use serde::Deserialize;

use super::ReadDataError;

/// The distributions that something is known of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Distributions {
    /// The day on which this was so.
    pub as_of: Date,
    distributions: Vec<Distribution>,
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
    /// Whether it takes a commercial licence.
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
        self.distributions.iter()
    }

    /// The one with this `os_distro`.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Distribution> {
        self.distributions.iter().find(|distribution| distribution.id == id)
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
        let called = |distribution: &Distribution| {
            let names = std::iter::once(&distribution.name).chain(&distribution.also);
            names.filter_map(|known| after(name, known)).min_by_key(|rest| rest.len())
        };
        self.distributions
            .iter()
            .filter_map(|distribution| Some((distribution, called(distribution)?)))
            .min_by_key(|(_, rest)| rest.len())
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
    // Most differ in the first letter.
    if !name.as_bytes().first()?.eq_ignore_ascii_case(words.as_bytes().first()?) {
        return None;
    }
    let head = name.get(..words.len())?;
    let rest = name.get(words.len()..)?;
    let ends = rest.is_empty() || rest.starts_with([' ', '-', '_']);
    (head.eq_ignore_ascii_case(words) && ends).then(|| rest.trim_start_matches([' ', '-', '_']))
}
