//! The health of open-source software (scs-0008-v1): a checklist answered by declarations, which does not affect
//! certificates.

use jiff::civil::Date;
use scs_standards::{Declarations, Declared, DeclaredValue};

/// A section of the checklist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HealthArea {
    /// Open in its source, community, development and design.
    FourOpens,
    /// Quality, maintenance, process, standards.
    Maturity,
    /// Supply chain, response, testing.
    Security,
    /// Development, adoption, visibility.
    Activity,
    /// Likelihood and effect of a failure.
    LockInRisk,
}

/// A question of the checklist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HealthQuestion {
    /// The section.
    pub area: HealthArea,
    /// The topic of the declaration for it, with a score from 0 (bad) to 3 (good).
    pub topic: &'static str,
    /// The question, as a statement.
    pub summary: &'static str,
}

/// A row of the table.
const fn ask(area: HealthArea, topic: &'static str, summary: &'static str) -> HealthQuestion {
    HealthQuestion { area, topic, summary }
}

/// The checklist.
pub static QUESTIONS: &[HealthQuestion] = &[
    ask(
        HealthArea::FourOpens,
        "health-open-source",
        "all code is under an OSI-approved license, and nothing is withheld",
    ),
    ask(
        HealthArea::FourOpens,
        "health-open-community",
        "the community is open and diverse across companies and countries",
    ),
    ask(
        HealthArea::FourOpens,
        "health-open-development",
        "contributing is documented and happens in the open",
    ),
    ask(HealthArea::FourOpens, "health-open-design", "proposals, decisions and roadmaps can be followed"),
    ask(HealthArea::Maturity, "health-quality", "changes are reviewed and tested, and regressions are rare"),
    ask(
        HealthArea::Maturity,
        "health-maintenance",
        "releases follow a maintenance policy, and bugs are tracked",
    ),
    ask(HealthArea::Maturity, "health-standards", "standards are followed and tested for conformance"),
    ask(HealthArea::Security, "health-supply-chain", "the supply chain is known, with an SBOM"),
    ask(
        HealthArea::Security,
        "health-security-response",
        "there is a contact and a process for security issues",
    ),
    ask(HealthArea::Security, "health-security-testing", "security is reviewed and tested"),
    ask(HealthArea::Activity, "health-development", "development is active, and contributors join and stay"),
    ask(HealthArea::Activity, "health-adoption", "others use it, build on it and offer services for it"),
    ask(HealthArea::Activity, "health-visibility", "it is visible and cooperates with other projects"),
    ask(
        HealthArea::LockInRisk,
        "health-failure-risk",
        "it does not depend on a single maintainer, company or interest",
    ),
    ask(HealthArea::LockInRisk, "health-failure-effect", "a fork or replacement is feasible"),
];

/// The best possible score.
const BEST: f64 = 3.0;

/// The declared score of a section.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct AreaScore {
    /// The section.
    pub area: HealthArea,
    /// The mean score from 0 to 1; `None` if no question was answered.
    pub score: Option<f64>,
    /// The number of questions without a usable answer.
    pub open: usize,
}

/// The scores on a day, by section.
///
/// ```
/// use scs_certificates::oss_health::health;
/// use scs_standards::Declarations;
///
/// let areas = health(&Declarations::default(), jiff::civil::date(2026, 11, 24));
/// assert_eq!(areas.len(), 5);
/// assert!(areas.iter().all(|area| area.score.is_none() && area.open > 0));
/// ```
#[must_use]
pub fn health(declarations: &Declarations, day: Date) -> Vec<AreaScore> {
    use HealthArea::{Activity, FourOpens, LockInRisk, Maturity, Security};
    let answer = |question: &HealthQuestion| match declarations.about(question.topic, "", day) {
        Declared::InForce(declaration) => match declaration.value {
            DeclaredValue::Number(score) if (0.0..=BEST).contains(&score) => Some(score / BEST),
            _ => None,
        },
        Declared::Nothing | Declared::Unusable(_) | Declared::Contradictory(..) | Declared::NotInForce(_) => {
            None
        }
    };
    [FourOpens, Maturity, Security, Activity, LockInRisk]
        .into_iter()
        .map(|area| {
            let asked: Vec<Option<f64>> =
                QUESTIONS.iter().filter(|question| question.area == area).map(answer).collect();
            let given: Vec<f64> = asked.iter().flatten().copied().collect();
            let count = u32::try_from(given.len()).map_or(f64::from(u32::MAX), f64::from);
            let score = (!given.is_empty()).then(|| given.iter().sum::<f64>() / count);
            AreaScore { area, score, open: asked.len() - given.len() }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use scs_standards::Declaration;

    use super::*;

    #[test]
    fn answers_count_if_valid_and_in_range() {
        let declare = |topic: &str, value: f64| Declaration {
            rule: topic.to_owned(),
            value: DeclaredValue::Number(value),
            subjects: Vec::new(),
            statement: None,
            document: None,
            date: date(2026, 1, 1),
            valid_until: date(2026, 12, 31),
            responsible: None,
        };
        let declarations = Declarations::new(vec![
            declare("health-failure-risk", 3.0),
            declare("health-failure-effect", 0.0),
            declare("health-quality", 4.0),
        ]);
        let areas = health(&declarations, date(2026, 12, 31));
        assert_eq!((areas[4].score, areas[4].open), (Some(0.5), 0));
        assert_eq!((areas[1].score, areas[1].open), (None, 3), "4 is not a score");
        assert!(health(&declarations, date(2027, 1, 1)).iter().all(|area| area.score.is_none()));
    }
}
