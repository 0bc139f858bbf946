//! SCS integrators, who set up and run clouds for others (scs-0007 v1, *Criteria*; v2, *Scoring system*).

use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The engagement of an applicant with an SCS-compliant environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Engagement {
    /// Brought a third party's environment into production on this day.
    Production,
    /// Manages a third party's environment since this day.
    Managed,
    /// Operates a public IaaS cloud since this day.
    PublicIaas,
    /// Operates a public `KaaS` cloud since this day.
    PublicKaas,
}

/// An environment declared by an applicant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Environment {
    /// The name.
    pub name: String,
    /// The applicant's engagement.
    pub engagement: Engagement,
    /// The start of the engagement, or the day it went into production.
    pub since: Date,
    /// The number of regions of a public IaaS cloud.
    #[serde(default)]
    pub regions: u32,
    /// The number of availability zones of a public IaaS cloud.
    #[serde(default)]
    pub availability_zones: u32,
}

/// The tier reached by a score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tier {
    /// Two points.
    Bronze,
    /// Four points; the certificates of version 1 correspond to it.
    Silver,
}

/// The points required for a tier.
const SILVER: u32 = 4;
const BRONZE: u32 = 2;

/// The number of whole months for half and for all points.
const HALF: i64 = 6;
const FULL: i64 = 12;

/// Whether something has lasted for a number of months.
fn lasts(since: Date, day: Date, months: i64) -> bool {
    since.checked_add(months.months()).is_ok_and(|end| end <= day)
}

impl Environment {
    /// Whether a public IaaS cloud is large enough to count.
    const fn is_large(&self) -> bool {
        self.regions >= 2 || self.availability_zones >= 3
    }

    /// The points it scores on a day (scs-0007-v2).
    #[must_use]
    pub fn points(&self, day: Date) -> u32 {
        let running = || match (lasts(self.since, day, FULL), lasts(self.since, day, HALF)) {
            (true, _) => 2,
            (false, true) => 1,
            (false, false) => 0,
        };
        match self.engagement {
            // In the last twelve months, including today.
            Engagement::Production if self.since <= day && !lasts(self.since, day, FULL) => 2,
            Engagement::PublicIaas if !self.is_large() => 0,
            Engagement::Production => 0,
            Engagement::Managed | Engagement::PublicIaas | Engagement::PublicKaas => running(),
        }
    }
}

/// The score of an applicant on a day.
///
/// ```
/// use jiff::civil::date;
/// use scs_certificates::integrator::{Engagement, Environment, Tier, score, tier};
///
/// let managed = |name: &str, since| Environment {
///     name: name.to_owned(), engagement: Engagement::Managed, since, regions: 0, availability_zones: 0,
/// };
/// let environments = [managed("a", date(2025, 11, 24)), managed("b", date(2026, 5, 24))];
/// assert_eq!(score(&environments, date(2026, 11, 24)), 3);
/// assert_eq!(tier(&environments, date(2026, 11, 24)), Some(Tier::Bronze));
/// ```
#[must_use]
pub fn score(environments: &[Environment], day: Date) -> u32 {
    environments.iter().map(|environment| environment.points(day)).fold(0, u32::saturating_add)
}

/// The tier of an applicant on a day, if any.
#[must_use]
pub fn tier(environments: &[Environment], day: Date) -> Option<Tier> {
    match score(environments, day) {
        SILVER.. => Some(Tier::Silver),
        BRONZE.. => Some(Tier::Bronze),
        _ => None,
    }
}

/// Whether an applicant meets one of the three criteria of version 1.
#[must_use]
pub fn meets_version_1(environments: &[Environment], day: Date) -> bool {
    let count = |of: &dyn Fn(&&Environment) -> bool| environments.iter().filter(of).count();
    let produced = count(&|it| it.engagement == Engagement::Production && it.points(day) > 0);
    let managed = count(&|it| it.engagement == Engagement::Managed && lasts(it.since, day, FULL));
    // More than a year: exactly one year is not enough.
    let longer = |it: &&Environment| {
        lasts(it.since, day, FULL) && it.since.checked_add(1.year()).is_ok_and(|end| end < day)
    };
    let public = count(&|it| it.engagement == Engagement::PublicIaas && it.is_large() && longer(it));
    produced >= 2 || managed >= 2 || public >= 1
}

/// Whether a vote admits an applicant that does not meet the criteria of version 1: unanimous except for abstentions, with
/// two thirds of the eligible votes present.
///
/// ```
/// use scs_certificates::integrator::exception_passes;
///
/// assert!(exception_passes(6, 5, 0, 9));
/// assert!(!exception_passes(6, 5, 0, 10)); // too few present
/// assert!(!exception_passes(9, 8, 1, 9)); // one vote against
/// ```
#[must_use]
pub const fn exception_passes(present: u32, for_it: u32, against: u32, eligible: u32) -> bool {
    against == 0
        && for_it > 0
        && for_it <= present
        && present <= eligible
        && 3 * present as u64 >= 2 * eligible as u64
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn environment(engagement: Engagement, since: Date, regions: u32, zones: u32) -> Environment {
        Environment { name: String::new(), engagement, since, regions, availability_zones: zones }
    }

    #[test]
    fn points_change_at_the_boundaries() {
        use Engagement::{Managed, Production, PublicIaas, PublicKaas};
        let day = date(2026, 11, 24);
        for (engagement, since, regions, zones, points) in [
            (Production, date(2026, 11, 24), 0, 0, 2),
            (Production, date(2025, 11, 25), 0, 0, 2),
            (Production, date(2025, 11, 24), 0, 0, 0),
            (Production, date(2026, 11, 25), 0, 0, 0),
            (Managed, date(2025, 11, 24), 0, 0, 2),
            (Managed, date(2025, 11, 25), 0, 0, 1),
            (Managed, date(2026, 5, 24), 0, 0, 1),
            (Managed, date(2026, 5, 25), 0, 0, 0),
            (PublicIaas, date(2020, 1, 1), 1, 2, 0),
            (PublicIaas, date(2020, 1, 1), 2, 0, 2),
            (PublicIaas, date(2020, 1, 1), 0, 3, 2),
            (PublicKaas, date(2026, 5, 24), 0, 0, 1),
        ] {
            assert_eq!(
                environment(engagement, since, regions, zones).points(day),
                points,
                "{engagement:?} {since}"
            );
        }
    }

    #[test]
    fn one_operated_cloud_is_enough_for_version_1_and_bronze_for_version_2() {
        let day = date(2026, 11, 24);
        let cloud = [environment(Engagement::PublicIaas, date(2025, 11, 23), 2, 0)];
        assert!(meets_version_1(&cloud, day));
        assert_eq!(tier(&cloud, day), Some(Tier::Bronze));
        let a_year_to_the_day = [environment(Engagement::PublicIaas, date(2025, 11, 24), 2, 0)];
        assert!(!meets_version_1(&a_year_to_the_day, day));
        let two = [
            environment(Engagement::Managed, date(2025, 11, 24), 0, 0),
            environment(Engagement::Managed, date(2025, 1, 1), 0, 0),
        ];
        assert!(meets_version_1(&two, day));
        assert_eq!(tier(&two, day), Some(Tier::Silver));
    }
}
