//! The levels of certification and the layers of a cloud (scs-0003-v1, *Introduction*), and what the levels are presented to
//! ask for. Only SCS-compatible has scopes and tests; the rest is presented, not regulated, and decides nothing.

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

/// A level of certification; each is built on the one before.
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
    /// What the law asks for; no certificate.
    LegalBaseline,
    /// SCS-compatible.
    Compatible,
    /// SCS-open.
    Open,
    /// SCS-sovereign.
    Sovereign,
}

impl CertificationLevel {
    /// All of them, the lowest first.
    pub const ALL: [Self; 4] = [Self::LegalBaseline, Self::Compatible, Self::Open, Self::Sovereign];

    /// The name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::LegalBaseline => "legal baseline",
            Self::Compatible => "SCS-compatible",
            Self::Open => "SCS-open",
            Self::Sovereign => "SCS-sovereign",
        }
    }

    /// The level below.
    #[must_use]
    pub const fn below(self) -> Option<Self> {
        match self {
            Self::LegalBaseline => None,
            Self::Compatible => Some(Self::LegalBaseline),
            Self::Open => Some(Self::Compatible),
            Self::Sovereign => Some(Self::Open),
        }
    }

    /// Whether scopes and tests decide it; the others are presented, not regulated.
    #[must_use]
    pub const fn is_regulated(self) -> bool {
        matches!(self, Self::Compatible)
    }

    /// What it is presented to ask for, beside what the levels below do.
    pub fn asks(self) -> impl Iterator<Item = &'static LevelItem> {
        ITEMS.iter().filter(move |item| item.level == self)
    }
}

impl fmt::Display for CertificationLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Where the levels are presented.
pub const SOURCE: &str = "public slides of the project, FOSSGIS, 2024-03-20: presented, not regulated";

/// Something that a level is presented to ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LevelItem {
    /// The level.
    pub level: CertificationLevel,
    /// The topic of the declaration that answers it.
    pub topic: &'static str,
    /// In a sentence.
    pub summary: &'static str,
}

/// A row of the table.
const fn item(level: CertificationLevel, topic: &'static str, summary: &'static str) -> LevelItem {
    LevelItem { level, topic, summary }
}

static ITEMS: &[LevelItem] = &[
    item(CertificationLevel::LegalBaseline, "level-enisa-gaia-x", "labels of ENISA and Gaia-X are held"),
    item(CertificationLevel::LegalBaseline, "level-gdpr", "the GDPR is kept"),
    item(
        CertificationLevel::Compatible,
        "level-conformance",
        "conformance tests of CNCF, OpenInfra and SCS pass",
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

/// The state of an item by the provider's declarations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemState {
    /// Declared to be so.
    Declared,
    /// Declared not to be so.
    Denied,
    /// Declared, but by no value that says yes or no, or not on this day.
    Unusable,
    /// Not declared.
    Open,
}

/// What is declared for an item on a day.
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
