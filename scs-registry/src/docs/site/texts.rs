//! The introductions of the pages.

use std::collections::BTreeMap;

use scs_standards::Track;
use scs_standards::yaml;
use serde::Deserialize;
use thiserror::Error;

/// The introductions of the overview and the tracks: built-in or from a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SiteTexts {
    overview: Option<String>,
    #[serde(default)]
    tracks: BTreeMap<String, String>,
}

/// The error for an invalid file with introductions.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReadTextsError {
    /// It is not YAML with `overview` and `tracks`.
    #[error("not a file of introductions: {0}")]
    Yaml(String),
    /// A track does not exist.
    #[error("no track `{0}`")]
    Track(String),
}

const INTRODUCTION: &str = "\
The SCS standards say what a cloud or a cluster of the Sovereign Cloud Stack offers and how it behaves, so that software and \
know-how carry over from one provider to the next. The teams of the community write and maintain them in the open; users of \
these clouds take part.

A standard belongs to a track, which is named in the table.";

const fn introduction_of(track: Track) -> &'static str {
    match track {
        Track::Global => {
            "The foundation of the other tracks: how standards are written, tested and certified, and how the community works."
        }
        Track::Iaas => {
            "Standards for infrastructure as a service: virtual machines, images, storage, networks and the OpenStack APIs that \
             offer them."
        }
        Track::Kaas => {
            "Standards for Kubernetes as a service: versions, nodes, storage, networking, security and operation of the clusters \
             that a provider offers."
        }
        Track::Iam => {
            "Standards for identity and access management: users, roles, permissions, and federation between clouds."
        }
        Track::Ops => {
            "Standards for operating a cloud: status pages, metering, monitoring and sustainability."
        }
        Track::Scopes => {
            "The certificate scopes. A scope lists the standards that a cloud or a cluster must fulfill for a certificate, and \
             how and how often that is tested."
        }
        _ => "Further standards.",
    }
}

impl SiteTexts {
    /// Parses a YAML file with `overview` and `tracks` (a mapping from track to text), in Markdown. Missing texts are built-in
    /// ones.
    ///
    /// # Errors
    ///
    /// If the file has a different structure or names an unknown track.
    ///
    /// ```
    /// use scs_registry::docs::site::SiteTexts;
    ///
    /// assert!(SiteTexts::read("overview: Welcome.\ntracks: {IaaS: Clouds.}").is_ok());
    /// assert_eq!(SiteTexts::read("tracks: {IaS: Clouds.}").unwrap_err().to_string(), "no track `IaS`");
    /// ```
    pub fn read(yaml: &str) -> Result<Self, ReadTextsError> {
        let texts: Self =
            serde_saphyr::from_str(yaml).map_err(|error| ReadTextsError::Yaml(yaml::reason(&error)))?;
        match texts.tracks.keys().find(|name| name.parse::<Track>().is_err()) {
            Some(unknown) => Err(ReadTextsError::Track(unknown.chars().take(60).collect())),
            None => Ok(texts),
        }
    }

    /// The introduction of the overview.
    pub(super) fn overview(&self) -> &str {
        self.overview.as_deref().map_or(INTRODUCTION, str::trim)
    }

    /// The introduction of a track.
    pub(super) fn track(&self, track: Track) -> &str {
        self.tracks.get(track.name()).map_or(introduction_of(track), |text| text.trim())
    }
}
