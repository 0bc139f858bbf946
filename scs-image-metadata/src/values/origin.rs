//! Origin, identity and contacts of an image.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use ecow::EcoString;

use super::error::ParseValueError;

/// `image_source`: the download location of the image (scs-0102, *Image Origin*).
///
/// ```
/// use scs_image_metadata::ImageSource;
///
/// assert_eq!("private".parse::<ImageSource>()?, ImageSource::Private);
/// let source: ImageSource = "https://cloud-images.ubuntu.com/noble/".parse()?;
/// assert_eq!(source.host(), Some("cloud-images.ubuntu.com"));
/// assert!("file:noble.img".parse::<ImageSource>().is_err());
/// # Ok::<(), scs_image_metadata::ParseValueError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ImageSource {
    /// `private`: it cannot be downloaded.
    Private,
    /// A URL with a host.
    Url(Box<str>),
}

impl ImageSource {
    /// The host as written in the URL.
    #[must_use]
    pub fn host(&self) -> Option<&str> {
        match self {
            Self::Private => None,
            Self::Url(url) => parts(url).map(|(_, host)| host),
        }
    }
}

impl ImageSource {
    /// Resolves the segments `.` and `..` in the path of a URL, as clients do.
    pub(crate) fn resolved(url: &str) -> Cow<'_, str> {
        let path_at = url.find("://").map_or(0, |scheme| scheme + 3);
        let Some(path_at) = url[path_at..].find('/').map(|slash| path_at + slash) else { return url.into() };
        let end = url[path_at..].find(['?', '#']).map_or(url.len(), |end| path_at + end);
        let (head, path, rest) = (&url[..path_at], &url[path_at..end], &url[end..]);
        let plain = |segment: &str| segment.replace("%2e", ".").replace("%2E", ".");
        if !path.split('/').any(|segment| matches!(plain(segment).as_str(), "." | "..")) {
            return url.into();
        }
        let mut segments: Vec<&str> = Vec::new();
        let mut is_directory = false;
        for segment in path.split('/').skip(1) {
            let dots = plain(segment);
            is_directory = matches!(dots.as_str(), "." | "..");
            match dots.as_str() {
                "." => {}
                ".." => drop(segments.pop()),
                _ => segments.push(segment),
            }
        }
        let slash = if is_directory && !segments.is_empty() { "/" } else { "" };
        format!("{head}/{}{slash}{rest}", segments.join("/")).into()
    }
}

/// The scheme and host of a URL that is valid by scs-0102.
fn parts(text: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = text.split_once("://")?;
    if !is_scheme(scheme) {
        return None;
    }
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host =
        if host.starts_with('[') { host.split_inclusive(']').next()? } else { host.split(':').next()? };
    let plain = text.bytes().all(|byte| byte > b' ' && byte != 0x7f);
    (!host.is_empty() && plain).then_some((scheme, host))
}

/// Whether a text is a URI scheme such as `https` or `mailto`.
fn is_scheme(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}

impl fmt::Display for ImageSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Private => "private",
            Self::Url(url) => url,
        })
    }
}

impl FromStr for ImageSource {
    type Err = ParseValueError;

    fn from_str(text: &str) -> Result<Self, ParseValueError> {
        if text == "private" {
            return Ok(Self::Private);
        }
        if parts(text).is_some() {
            Ok(Self::Url(text.into()))
        } else {
            let wanted = "a URL with a host, such as https://cloud-images.ubuntu.com/noble/, or `private`";
            let suggestion = if text.eq_ignore_ascii_case("private") {
                Some("private".to_owned())
            } else {
                // A host without a scheme, as displayed by browsers.
                Some(format!("https://{text}")).filter(|url| {
                    parts(url).is_some_and(|(_, host)| host.contains('.')) && !text.contains(':')
                })
            };
            Err(ParseValueError::new(text, wanted).guess(suggestion))
        }
    }
}

scs_standards::as_text!(
    inline ImageSource,
    "ImageSource",
    schemars::json_schema!({
        "type": "string",
        "pattern": SOURCE_PATTERN,
        "description": "The download location of the image: a URL, or private if it cannot be downloaded (scs-0102, Image Origin)."
    })
);

/// A scheme, an optional user, and a non-empty host.
#[cfg(feature = "schemars")]
const SOURCE_PATTERN: &str = concat!(
    "^(?:private|[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#\\u0000-\\u0020\\u007f]*@)?",
    "(?:\\[[^/?#@\\u0000-\\u0020\\u007f]*|[^/?#@:\\[\\u0000-\\u0020\\u007f][^/?#@\\u0000-\\u0020\\u007f]*)",
    "(?:[/?#][^\\u0000-\\u0020\\u007f]*)?)$"
);

/// `os_distro`: the id of a distribution (scs-0102, *Technical requirements and features*).
///
/// OpenStack's list is old; ids in the same style, such as those of libosinfo, are accepted as well.
///
/// ```
/// use scs_image_metadata::OsDistro;
///
/// assert!("ubuntu".parse::<OsDistro>().is_ok());
/// assert!("talos".parse::<OsDistro>().is_ok());
/// assert!("Ubuntu".parse::<OsDistro>().is_err());
/// # Ok::<(), scs_image_metadata::ParseValueError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OsDistro(EcoString);

impl OsDistro {
    /// The distribution id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for OsDistro {
    type Err = ParseValueError;

    fn from_str(text: &str) -> Result<Self, ParseValueError> {
        let word = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase());
        if text.split(['-', '_']).all(word) {
            return Ok(Self(text.into()));
        }
        Err(ParseValueError::new(text, "a lower-case distribution id without a version, such as `ubuntu`"))
    }
}

impl fmt::Display for OsDistro {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

scs_standards::as_text!(
    inline OsDistro,
    "OsDistro",
    schemars::json_schema!({
        "type": "string",
        "pattern": "^[a-z]+(?:[-_][a-z]+)*$",
        "examples": ["ubuntu", "debian", "rocky", "opensuse", "windows"],
        "description": "The distribution in lower case, as listed by Glance; other ids are tolerated \
                        (scs-0102, Technical requirements and features)."
    })
);

/// `os_version`: the version of a distribution, any text (scs-0102, *Technical requirements and features*).
///
/// ```
/// use scs_image_metadata::OsVersion;
///
/// assert_eq!(OsVersion::from("24.04").as_str(), "24.04");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OsVersion(EcoString);

impl OsVersion {
    /// The version.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for OsVersion {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for OsVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// A property that may be any text, so that only its presence matters. The value remains in the
/// image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnyText;

/// `image_original_user`: the user to log in as, or `none` (scs-0102, *Image build info*).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OriginalUser(EcoString);

impl OriginalUser {
    /// The user; `None` if the system has no default user.
    #[must_use]
    pub fn user(&self) -> Option<&str> {
        Some(&*self.0).filter(|user| *user != "none")
    }
}

impl FromStr for OriginalUser {
    type Err = ParseValueError;

    fn from_str(text: &str) -> Result<Self, ParseValueError> {
        let plain =
            !text.is_empty() && !text.contains(|letter: char| letter.is_whitespace() || letter.is_control());
        if plain {
            return Ok(Self(text.into()));
        }
        Err(ParseValueError::new(text, "a login name, or `none`"))
    }
}

impl fmt::Display for OriginalUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

scs_standards::as_text!(
    inline OriginalUser,
    "OriginalUser",
    schemars::json_schema!({
        "type": "string",
        "pattern": "^[^\\s\\u0000-\\u001f\\u007f-\\u009f]+$",
        "description": "The user to log in as, or none (scs-0102, Image build info)."
    })
);

/// `l1_support_contact`: a support URI (scs-0102, *Licensing / Maintenance subscription / Support*).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct L1SupportContact(Box<str>);

impl FromStr for L1SupportContact {
    type Err = ParseValueError;

    fn from_str(text: &str) -> Result<Self, ParseValueError> {
        let plain = text.bytes().all(|byte| byte > b' ' && byte != 0x7f);
        let (scheme, rest) = text.split_once(':').unwrap_or_default();
        if plain && is_scheme(scheme) && !rest.is_empty() {
            return Ok(Self(text.into()));
        }
        let mail = text.contains('@') && !text.contains([' ', ':', '/']);
        Err(ParseValueError::new(text, "a URI, such as https://… or mailto:…")
            .suggest(mail.then(|| format!("mailto:{text}"))))
    }
}

impl fmt::Display for L1SupportContact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

scs_standards::as_text!(
    inline L1SupportContact,
    "L1SupportContact",
    schemars::json_schema!({
        "type": "string",
        "pattern": "^[A-Za-z][A-Za-z0-9+.-]*:[^\\u0000-\\u0020\\u007f]+$",
        "description": "The support contact: a URI (scs-0102, Licensing / Maintenance subscription / Support)."
    })
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dot_segments_are_resolved() {
        for (url, resolved) in [
            ("https://a/releases/noble/../jammy/x.img", "https://a/releases/jammy/x.img"),
            ("https://a/noble/%2e%2E/jammy/x", "https://a/jammy/x"),
            ("https://a/noble/./x?y=/../z", "https://a/noble/x?y=/../z"),
            ("https://a/noble/..", "https://a/"),
            ("https://a/noble/x/..", "https://a/noble/"),
            ("https://a/../../x", "https://a/x"),
            ("https://a/noble/x..y/...", "https://a/noble/x..y/..."),
            ("https://a", "https://a"),
            ("private", "private"),
        ] {
            assert_eq!(ImageSource::resolved(url), resolved, "{url}");
        }
    }
}
