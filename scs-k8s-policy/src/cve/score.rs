//! CVSS base scores.

use serde_json::Value;

/// A CVSS version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CvssVersion {
    /// CVSS 2.0.
    V2,
    /// CVSS 3.0.
    V3_0,
    /// CVSS 3.1.
    V3_1,
    /// CVSS 4.0.
    V4,
}

impl CvssVersion {
    /// All versions, newest last.
    pub const ALL: [Self; 4] = [Self::V2, Self::V3_0, Self::V3_1, Self::V4];

    /// The key in a record.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::V2 => "cvssV2_0",
            Self::V3_0 => "cvssV3_0",
            Self::V3_1 => "cvssV3_1",
            Self::V4 => "cvssV4_0",
        }
    }
}

/// A base score.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Score {
    /// The CVSS version.
    pub version: CvssVersion,
    /// The score, from 0 to 10.
    pub base: f64,
}

/// The scores in the key `metrics`, and whether any are unreadable.
pub(super) fn read(metrics: &Value) -> (Vec<Score>, bool) {
    let mut scores = Vec::new();
    let mut has_unreadable = !metrics.is_null() && !metrics.is_array();
    for metric in metrics.as_array().into_iter().flatten() {
        has_unreadable |= !metric.is_object();
        for version in CvssVersion::ALL {
            let Some(score) = metric.get(version.key()) else { continue };
            match score.get("baseScore").and_then(base) {
                Some(base) => scores.push(Score { version, base }),
                None => has_unreadable = true,
            }
        }
    }
    (scores, has_unreadable)
}

/// A number from 0 to 10; some records have it as a string.
fn base(stated: &Value) -> Option<f64> {
    let base = stated.as_f64().or_else(|| stated.as_str()?.trim().parse().ok())?;
    (0.0..=10.0).contains(&base).then_some(base)
}
