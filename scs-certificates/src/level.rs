//! Certification levels and cloud layers (scs-0003-v1, *Introduction*), and the presented requirements of the
//! levels. Only SCS-compatible has scopes and tests; the rest is informational only.

use std::fmt;

use jiff::civil::Date;
use scs_standards::{Declarations, Declared, DeclaredValue};

/// A layer of a cloud.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layer {
    /// Infrastructure as a service.
    Iaas,
    /// Kubernetes as a service.
    Kaas,
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Iaas => "IaaS",
            Self::Kaas => "KaaS",
        })
    }
}

/// A certification level; each one builds on the previous one.
///
/// ```
/// use scs_certificates::CertificationLevel;
///
/// assert!(CertificationLevel::Compatible < CertificationLevel::Sovereign);
/// assert_eq!(CertificationLevel::Open.below(), Some(CertificationLevel::Compatible));
/// assert!(CertificationLevel::Compatible.is_regulated() && !CertificationLevel::Open.is_regulated());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CertificationLevel {
    /// The requirements of the law; no certificate.
    LegalBaseline,
    /// SCS-compatible.
    Compatible,
    /// SCS-open.
    Open,
    /// SCS-sovereign.
    Sovereign,
}

impl CertificationLevel {
    /// All levels, lowest first.
    pub const ALL: [Self; 4] = [Self::LegalBaseline, Self::Compatible, Self::Open, Self::Sovereign];

    /// The name, such as `SCS-open`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::LegalBaseline => "legal baseline",
            Self::Compatible => "SCS-compatible",
            Self::Open => "SCS-open",
            Self::Sovereign => "SCS-sovereign",
        }
    }

    /// The level below, if any.
    #[must_use]
    pub const fn below(self) -> Option<Self> {
        match self {
            Self::LegalBaseline => None,
            Self::Compatible => Some(Self::LegalBaseline),
            Self::Open => Some(Self::Compatible),
            Self::Sovereign => Some(Self::Open),
        }
    }

    /// Whether scopes and tests decide; the other levels are informational only.
    #[must_use]
    pub const fn is_regulated(self) -> bool {
        matches!(self, Self::Compatible)
    }

    /// The presented requirements, in addition to those of the levels below.
    pub fn asks(self) -> impl Iterator<Item = &'static LevelItem> {
        ITEMS.iter().filter(move |item| item.level == self)
    }
}

impl fmt::Display for CertificationLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The source of the presented requirements.
pub const SOURCE: &str = "public slides of the project, FOSSGIS, 2024-03-20: informational only";

/// A presented requirement of a level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LevelItem {
    /// The level.
    pub level: CertificationLevel,
    /// The topic of the declaration for it.
    pub topic: &'static str,
    /// The requirement in one sentence.
    pub summary: &'static str,
}

/// A row of the table.
const fn item(level: CertificationLevel, topic: &'static str, summary: &'static str) -> LevelItem {
    LevelItem { level, topic, summary }
}

static ITEMS: &[LevelItem] = &[
    item(CertificationLevel::LegalBaseline, "level-enisa-gaia-x", "ENISA and Gaia-X labels are held"),
    item(CertificationLevel::LegalBaseline, "level-gdpr", "complies with the GDPR"),
    item(
        CertificationLevel::Compatible,
        "level-conformance",
        "the conformance tests of CNCF, OpenInfra and SCS pass",
    ),
    item(CertificationLevel::Open, "level-sbom", "there is an SBOM of the functional stack"),
    item(CertificationLevel::Open, "level-open-source", "the functional stack is open source"),
    item(CertificationLevel::Open, "level-open-design", "its design is open"),
    item(CertificationLevel::Open, "level-open-development", "its development is open"),
    item(CertificationLevel::Open, "level-open-community", "its community is open"),
    item(CertificationLevel::Sovereign, "level-open-operations-stack", "the operations stack is open"),
    item(CertificationLevel::Sovereign, "level-open-iam-stack", "the IAM stack is open"),
    item(CertificationLevel::Sovereign, "level-transparency", "monitoring and incidents are transparent"),
    item(CertificationLevel::Sovereign, "level-contribution", "the operator contributes to Open Operations"),
];

/// The declared state of a requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemState {
    /// Declared to be met.
    Declared,
    /// Declared not to be met.
    Denied,
    /// Declared with a value other than yes or no, or not valid on this day.
    Unusable,
    /// Not declared.
    Open,
}

/// The declared state of a requirement on a day.
///
/// ```
/// use scs_certificates::level::{ItemState, state_of};
/// use scs_certificates::CertificationLevel;
/// use scs_standards::Declarations;
///
/// let sbom = CertificationLevel::Open.asks().next().unwrap();
/// assert_eq!(state_of(sbom, &Declarations::default(), jiff::civil::date(2026, 11, 24)), ItemState::Open);
/// ```
#[must_use]
pub fn state_of(item: &LevelItem, declarations: &Declarations, day: Date) -> ItemState {
    match declarations.about(item.topic, "", day) {
        Declared::Nothing => ItemState::Open,
        Declared::NotInForce(_) | Declared::Unusable(_) | Declared::Contradictory(..) => ItemState::Unusable,
        Declared::InForce(declaration) => match declaration.value {
            DeclaredValue::Flag(true) => ItemState::Declared,
            DeclaredValue::Flag(false) => ItemState::Denied,
            _ => ItemState::Unusable,
        },
    }
}
