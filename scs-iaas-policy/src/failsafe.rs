//! The failsafe levels (scs-0118, *Decision*), as in the tables of the text.

use std::fmt;

/// A failsafe level. Higher levels also tolerate the failures of lower ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FailsafeLevel {
    /// A piece of hardware.
    One,
    /// A rack.
    Two,
    /// A site, temporarily.
    Three,
    /// A site, permanently.
    Four,
}

/// The frequency of a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Probability {
    /// At most once a decade.
    VeryLow,
    /// At most once a year.
    Low,
    /// Up to once a month.
    Medium,
    /// Up to once a day.
    High,
    /// Within minutes.
    VeryHigh,
}

impl FailsafeLevel {
    /// All levels.
    pub const ALL: [Self; 4] = [Self::One, Self::Two, Self::Three, Self::Four];

    /// The number of the level.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::One => 1,
            Self::Two => 2,
            Self::Three => 3,
            Self::Four => 4,
        }
    }

    /// The frequency of such failures.
    #[must_use]
    pub const fn probability(self) -> Probability {
        match self {
            Self::One => Probability::VeryHigh,
            Self::Two => Probability::High,
            Self::Three => Probability::Medium,
            Self::Four => Probability::Low,
        }
    }

    /// The loss caused by such a failure.
    #[must_use]
    pub const fn impact(self) -> &'static str {
        match self {
            Self::One => "a piece of hardware",
            Self::Two => "a rack",
            Self::Three => "a site, temporarily",
            Self::Four => "a site, permanently",
        }
    }
}

impl fmt::Display for FailsafeLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "L{}", self.number())
    }
}

impl fmt::Display for Probability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::VeryLow => "very low",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::VeryHigh => "very high",
        })
    }
}

/// A failure scenario, its minimum and maximum frequency, and the lowest level that tolerates it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Scenario {
    /// The failure.
    pub name: &'static str,
    /// Its frequency according to the decision record.
    pub probability: (Probability, Probability),
    /// Its frequency according to the supplement, if different (C-068).
    pub supplement: Option<Probability>,
    /// The lowest level that covers it.
    pub level: FailsafeLevel,
}

const fn scenario(
    name: &'static str,
    from: Probability,
    to: Probability,
    supplement: Option<Probability>,
    level: FailsafeLevel,
) -> Scenario {
    Scenario { name, probability: (from, to), supplement, level }
}

/// The scenarios in the text. If the decision record and the supplement disagree, the record applies and both are kept
/// (C-068).
///
/// ```
/// use scs_iaas_policy::{FailsafeLevel, SCENARIOS};
///
/// let rack = SCENARIOS.iter().find(|scenario| scenario.name == "rack outage").unwrap();
/// assert_eq!(rack.level, FailsafeLevel::Two);
/// ```
pub static SCENARIOS: &[Scenario] = {
    use FailsafeLevel::{Four, One, Three, Two};
    use Probability::{High, Low, Medium, VeryHigh, VeryLow};
    &[
        scenario("disk failure", High, High, None, One),
        scenario("host failure without disks", Medium, High, None, One),
        scenario("host failure", Medium, High, None, One),
        scenario("rack outage", Medium, Medium, None, Two),
        scenario("outage of a router or switch", Medium, Medium, None, Two),
        scenario("loss of the uplink", Medium, Medium, None, Three),
        scenario("power outage of the data center", Medium, Medium, None, Three),
        scenario("fire", Low, Low, Some(Medium), Three),
        scenario("flood", VeryLow, VeryLow, Some(Low), Four),
        scenario("earthquake", VeryLow, VeryLow, None, Four),
        scenario("storm or tornado", Low, Low, None, Four),
        scenario("major software bug", Low, Medium, Some(Low), Three),
        scenario("minor software bug", Medium, High, Some(High), One),
        scenario("minor operating error", High, High, None, One),
        scenario("major operating error", Low, Low, None, Three),
        scenario("minor cyber attack", VeryHigh, VeryHigh, Some(High), One),
        scenario("major cyber attack", Medium, Medium, None, Three),
    ]
};

/// The lowest level that affects a user resource, and whether only under conditions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AffectedResource {
    /// The resource.
    pub name: &'static str,
    /// The lowest level that affects it, as do all higher ones.
    pub from: FailsafeLevel,
    /// The lowest level that may affect it, if lower.
    pub perhaps_from: Option<FailsafeLevel>,
}

const fn resource(
    name: &'static str,
    from: FailsafeLevel,
    perhaps_from: Option<FailsafeLevel>,
) -> AffectedResource {
    AffectedResource { name, from, perhaps_from }
}

/// The resources in the text.
pub static AFFECTED_RESOURCES: &[AffectedResource] = {
    use FailsafeLevel::{One, Three, Two};
    &[
        resource("ephemeral VM", One, None),
        resource("volume-based VM", Two, None),
        resource("ephemeral storage", One, None),
        resource("Ironic machine", One, None),
        resource("image", Two, Some(One)),
        resource("volume", Three, Some(One)),
        resource("snapshot", Three, Some(One)),
        resource("volume type", Three, None),
        resource("secret", Three, None),
        resource("key encryption key", Three, None),
        resource("floating IP", Three, None),
        resource("pod", Three, None),
        resource("container", Three, None),
        resource("deployment or stateful set", Three, None),
        resource("job", Three, None),
        resource("cron job", Three, None),
        resource("config map or secret", Three, None),
        resource("service", Three, Some(Two)),
        resource("ingress", Two, None),
        resource("persistent volume", One, None),
    ]
};
