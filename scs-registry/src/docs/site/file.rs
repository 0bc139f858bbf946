//! A file of the site.

/// A file of the documentation site.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SiteFile {
    /// The path below the folder of the site, with slashes.
    pub path: String,
    /// Its text.
    pub content: String,
}
