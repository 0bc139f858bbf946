//! The scope versions that count a rule, test case or document.

use jiff::civil::Date;
use scs_certificates::{Lifetime, Scope, ScopeVersion, Validity};
use scs_standards::DocumentId;
use serde::Serialize;

use crate::registry::Registry;

/// A scope version that counts a rule, a test case or a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Counted {
    /// The name of the scope.
    pub scope: String,
    /// The version.
    pub version: String,
    /// The validity of the version on the day of the explanation; `deprecated` if the timeline does not list it.
    pub validity: Validity,
    /// The test case that counts. `None` means that the version includes the document, and under the text profile a broken MUST
    /// rule fails the version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub test_case: Option<String>,
    /// The target that lists the test case; only `main` decides about the certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// The lifetime of a result of the test case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lifetime: Option<Lifetime>,
    /// The validity of the version over time.
    pub periods: Vec<ScopePeriod>,
}

/// A period of the timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ScopePeriod {
    /// The first day.
    #[cfg_attr(feature = "schemars", schemars(with = "String", extend("format" = "date")))]
    pub from: Date,
    /// The first day after the period; `None` if it has no end.
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>", extend("format" = "date")))]
    pub until: Option<Date>,
    /// The validity of the version.
    pub validity: Validity,
}

impl Counted {
    /// A scope version on a day.
    pub(super) fn new(scope: &Scope, version: &ScopeVersion, day: Date) -> Self {
        let periods = scope.timeline().periods(version.name()).into_iter();
        Self {
            scope: scope.name().to_owned(),
            version: version.name().to_owned(),
            validity: scope.timeline().validity(version.name(), day).unwrap_or(Validity::Deprecated),
            test_case: None,
            target: None,
            lifetime: None,
            periods: periods.map(|(from, until, validity)| ScopePeriod { from, until, validity }).collect(),
        }
    }

    /// Versions that list one of these test cases in a target, and versions that only include one of these documents.
    pub(super) fn all(cases: &[&str], documents: &[DocumentId], day: Date) -> Vec<Self> {
        let mut counted = Vec::new();
        for scope in Scope::embedded() {
            for version in scope.versions() {
                let mut has_case = false;
                for (target, of_target) in version.targets() {
                    for case in of_target.iter().filter(|case| cases.contains(&case.as_str())) {
                        has_case = true;
                        counted.push(Self {
                            test_case: Some(case.clone()),
                            target: Some(target.to_string()),
                            lifetime: scope.test_case(case).map(|case| case.lifetime),
                            ..Self::new(scope, version, day)
                        });
                    }
                }
                let included = Registry::documents_of(scope, version);
                if !has_case && documents.iter().any(|document| included.contains(document)) {
                    counted.push(Self::new(scope, version, day));
                }
            }
        }
        counted
    }
}
