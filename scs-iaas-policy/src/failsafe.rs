//! The levels of failure that a service tolerates (scs-0118, *Decision*), as the text's tables.

use std::fmt;

/// A level of failure. What a level tolerates, those above it do as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FailsafeLevel {
    /// A piece of hardware.
    One,
    /// A rack.
    Two,
    /// A site, for a while.
    Three,
    /// A site, for good.
    Four,
}

/// How often something happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Probability {
    /// Once a decade at most.
    VeryLow,
    /// Once a year at most.
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

    /// Its number.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::One => 1,
            Self::Two => 2,
            Self::Three => 3,
            Self::Four => 4,
        }
    }

    /// How often such failures happen.
    #[must_use]
    pub const fn probability(self) -> Probability {
        match self {
            Self::One => Probability::VeryHigh,
            Self::Two => Probability::High,
            Self::Three => Probability::Medium,
            Self::Four => Probability::Low,
        }
    }

    /// What such a failure takes with it.
    #[must_use]
    pub const fn impact(self) -> &'static str {
        match self {
            Self::One => "a piece of hardware",
            Self::Two => "a rack",
            Self::Three => "a site, for a while",
            Self::Four => "a site, for good",
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

/// A scenario, how often it happens at least and at most, and the level from which on it is tolerated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scenario {
    /// What happens.
    pub name: &'static str,
    /// How often, by the decision record.
    pub probability: (Probability, Probability),
    /// How often by the supplement, where it disagrees (C-068).
    pub supplement: Option<Probability>,
    /// The level that covers it.
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

/// The scenarios of the text. Where decision record and supplement disagree, the record counts and both are kept (C-068).
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

/// The first level of which a resource of users is affected, and whether only under conditions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AffectedResource {
    /// The resource.
    pub name: &'static str,
    /// The first level that affects it; all higher ones do, too.
    pub from: FailsafeLevel,
    /// The first level that may affect it, where that is a lower one.
    pub perhaps_from: Option<FailsafeLevel>,
}

const fn resource(
    name: &'static str,
    from: FailsafeLevel,
    perhaps_from: Option<FailsafeLevel>,
) -> AffectedResource {
    AffectedResource { name, from, perhaps_from }
}

/// The resources of the text.
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
