//! Certificates: one subject, one scope, one version, one year (scs-0004-v1, *Regulations*).

use std::fmt;

use jiff::ToSpan;
use jiff::civil::Date;
use scs_standards::{Severity, Verdict};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::evaluation::Evaluation;
use crate::scope::{Scope, UnknownVersionError, Validity};

/// A certificate. It is valid for a year from its issue, even if the scope version expires earlier.
///
/// ```
/// use jiff::civil::date;
/// use scs_certificates::{Certificate, Scope};
///
/// let issued = date(2026, 11, 24);
/// let certificate = Certificate::issue("my-cloud", Scope::compatible_iaas(), "v5.1", issued)?;
/// assert_eq!(certificate.valid_until(), date(2027, 11, 24));
/// assert!(certificate.is_valid_on(date(2027, 11, 23)) && !certificate.is_valid_on(date(2027, 11, 24)));
/// // A version that can no longer be certified against.
/// assert!(Certificate::issue("my-cloud", Scope::compatible_iaas(), "v4", issued).is_err());
/// # Ok::<(), scs_certificates::IssueError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    subject: String,
    scope: String,
    version: String,
    issued: Date,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    revoked: Option<Date>,
}

/// Error: the certificate cannot be issued.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum IssueError {
    /// The scope does not have the version.
    #[error(transparent)]
    Version(#[from] UnknownVersionError),
    /// The version is neither effective nor about to expire.
    #[error(
        "{version} of {scope} is {validity} on {day}; a certificate needs an effective version, or one that is about to expire"
    )]
    NotCertifiable {
        /// The name of the scope.
        scope: String,
        /// The version.
        version: String,
        /// The validity of the version.
        validity: Validity,
        /// The day.
        day: Date,
    },
    /// A required certificate for the level below, on the same layer, is missing.
    #[error("{scope} needs a valid certificate of {prerequisite}")]
    Prerequisite {
        /// The scope.
        scope: String,
        /// The scope whose certificate is required.
        prerequisite: String,
    },
    /// An error in the scope file affects the version.
    #[error("unknown requirements of {version}: {error}")]
    ScopeFile {
        /// The version.
        version: String,
        /// The error.
        error: String,
    },
}

/// Whole months that the status page remains after the end of a certificate, and its content after that.
const PAGE_MONTHS: i64 = 3;
const CONTENT_MONTHS: i64 = 12;
/// Whole months of history that the status page shows.
const HISTORY_MONTHS: i64 = 18;

impl Certificate {
    /// Issues a certificate for a scope without prerequisite.
    ///
    /// # Errors
    ///
    /// If the version cannot be certified against on the day, or the scope requires a certificate for the level below.
    pub fn issue(subject: &str, scope: &Scope, version: &str, day: Date) -> Result<Self, IssueError> {
        Self::issue_upon(subject, scope, version, day, &[])
    }

    /// Issues a certificate, given the certificates that the subject already has.
    ///
    /// # Errors
    ///
    /// If the version cannot be certified against on the day, or a valid certificate for the prerequisite is missing.
    pub fn issue_upon(
        subject: &str,
        scope: &Scope,
        version: &str,
        day: Date,
        held: &[Self],
    ) -> Result<Self, IssueError> {
        let version = scope.version(version)?;
        let validity = scope.timeline().validity(version.name(), day).unwrap_or(Validity::Deprecated);
        if !validity.is_certifiable() {
            return Err(IssueError::NotCertifiable {
                scope: scope.name().to_owned(),
                version: version.name().to_owned(),
                validity,
                day,
            });
        }
        let error = scope.first_error_for(version).map(ToString::to_string);
        if let Some(error) = error.or_else(|| version.incomplete().map(str::to_owned)) {
            return Err(IssueError::ScopeFile { version: version.name().to_owned(), error });
        }
        if let Some(prerequisite) = scope.prerequisite() {
            let holds = |certificate: &Self| {
                certificate.scope == prerequisite.name
                    && certificate.subject == subject
                    && certificate.is_valid_on(day)
            };
            if !held.iter().any(holds) {
                return Err(IssueError::Prerequisite {
                    scope: scope.name().to_owned(),
                    prerequisite: prerequisite.name.clone(),
                });
            }
        }
        Ok(Self {
            subject: subject.to_owned(),
            scope: scope.name().to_owned(),
            version: version.name().to_owned(),
            issued: day,
            revoked: None,
        })
    }

    /// Marks the certificate as revoked on a day; from then on, it is on the public list of revoked certificates.
    #[must_use]
    pub const fn revoked(mut self, day: Date) -> Self {
        self.revoked = Some(day);
        self
    }

    /// The name of the subject.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The name of the scope.
    #[must_use]
    pub fn scope(&self) -> &str {
        &self.scope
    }

    /// The version of the scope.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The day of issue.
    #[must_use]
    pub const fn issued(&self) -> Date {
        self.issued
    }

    /// The first day on which it is no longer valid, unless it is revoked earlier. A certificate issued on 29 February ends on
    /// 28 February.
    #[must_use]
    pub fn valid_until(&self) -> Date {
        self.issued.checked_add(1.year()).unwrap_or(Date::MAX)
    }

    /// Whether it is valid on a day.
    #[must_use]
    pub fn is_valid_on(&self, day: Date) -> bool {
        self.issued <= day && day < self.valid_until() && self.revoked.is_none_or(|revoked| day < revoked)
    }

    /// The first day on which the status page may be removed.
    #[must_use]
    pub fn page_until(&self) -> Date {
        self.valid_until().checked_add(PAGE_MONTHS.months()).unwrap_or(Date::MAX)
    }

    /// The first day on which the content of the page may be deleted.
    #[must_use]
    pub fn content_until(&self) -> Date {
        self.valid_until().checked_add(CONTENT_MONTHS.months()).unwrap_or(Date::MAX)
    }

    /// The first day of the history shown on the status page.
    #[must_use]
    pub fn history_from(day: Date) -> Date {
        day.checked_sub(HISTORY_MONTHS.months()).unwrap_or(Date::MIN)
    }

    /// The consequences of newer results. Failed tests do not revoke a certificate by themselves: the operator is
    /// notified and has to fix them.
    #[must_use]
    pub fn notices(&self, evaluation: &Evaluation, day: Date) -> Vec<CertificateNotice> {
        let mut notices = Vec::new();
        if let Some(revoked) = self.revoked.filter(|revoked| *revoked <= day) {
            notices.push(CertificateNotice::Revoked(revoked));
        } else if !self.is_valid_on(day) {
            notices.push(CertificateNotice::NotValid { day, from: self.issued, until: self.valid_until() });
        }
        let outcome = evaluation.versions.iter().find(|(name, _)| *name == self.version);
        let Some((_, outcome)) = outcome else {
            notices.push(CertificateNotice::NotEvaluated(self.version.clone()));
            return notices;
        };
        if let Some(main) = outcome.targets.get(crate::scope::Target::Main.name()) {
            let cases = [
                (Verdict::Fail, &main.failed),
                (Verdict::Dnf, &main.unfinished),
                (Verdict::Miss, &main.missing),
            ];
            let open = cases.into_iter().filter(|(_, cases)| !cases.is_empty());
            notices.extend(
                open.map(|(result, cases)| CertificateNotice::TestCases { result, cases: cases.clone() }),
            );
        }
        if !outcome.broken_rules.is_empty() {
            notices.push(CertificateNotice::BrokenRules(outcome.broken_rules.clone()));
        }
        notices
    }
}

/// Something that the operator of a certified environment has to know or fix (scs-0004-v1, *Regulations*).
/// [`Display`](fmt::Display) words it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CertificateNotice {
    /// The certificate was revoked on this day.
    Revoked(Date),
    /// The certificate is not valid on the day.
    NotValid {
        /// The day.
        day: Date,
        /// The first valid day.
        from: Date,
        /// The first day on which it is no longer valid.
        until: Date,
    },
    /// The version is not evaluated.
    NotEvaluated(String),
    /// Required test cases have not passed.
    TestCases {
        /// FAIL, DNF or MISS.
        result: Verdict,
        /// Their ids.
        cases: Vec<String>,
    },
    /// MUST rules that no test case of the version covers are violated. By the text, they fail the version.
    BrokenRules(Vec<String>),
}

impl CertificateNotice {
    /// Whether the certificate counts: an error means that it does not.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        match self {
            Self::Revoked(_) | Self::NotValid { .. } | Self::NotEvaluated(_) => Severity::Error,
            Self::TestCases { .. } | Self::BrokenRules(_) => Severity::Warning,
        }
    }
}

impl fmt::Display for CertificateNotice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Revoked(day) => write!(f, "revoked on {day}"),
            Self::NotValid { day, from, until } => {
                write!(f, "not valid on {day}, only from {from} to {until}")
            }
            Self::NotEvaluated(version) => write!(f, "no evaluation of {version}"),
            Self::TestCases { result, cases } => {
                let what = match result {
                    Verdict::Fail => "failed",
                    Verdict::Dnf => "did not finish",
                    _ => "have no valid result",
                };
                write!(
                    f,
                    "test cases that {what} have to pass again as soon as possible: {}",
                    cases.join(", ")
                )
            }
            Self::BrokenRules(rules) => {
                write!(f, "violated rules have to be fixed as soon as possible: {}", rules.join(", "))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::evaluation::{EvaluationOptions, evaluate};

    #[test]
    fn a_certificate_is_valid_for_a_calendar_year() {
        let on = |day: Date| Certificate::issue("c", Scope::compatible_kaas(), "v1", day).unwrap();
        assert_eq!(on(date(2028, 2, 29)).valid_until(), date(2029, 2, 28));
        assert_eq!(on(date(2027, 12, 31)).valid_until(), date(2028, 12, 31));
        assert_eq!(on(date(2026, 11, 30)).page_until(), date(2028, 2, 29));
        assert_eq!(on(date(2026, 11, 24)).content_until(), date(2028, 11, 24));
        assert_eq!(Certificate::history_from(date(2026, 8, 31)), date(2025, 2, 28));
    }

    #[test]
    fn an_expiring_version_can_be_certified() {
        let scope = Scope::compatible_iaas();
        let certificate = Certificate::issue("c", scope, "v4", date(2025, 6, 30)).unwrap();
        // The version expires the next day, but not the certificate.
        assert!(certificate.is_valid_on(date(2026, 6, 29)));
        let late = Certificate::issue("c", scope, "v4", date(2025, 7, 1)).unwrap_err();
        assert!(matches!(late, IssueError::NotCertifiable { validity: Validity::Deprecated, .. }));
        assert!(Certificate::issue("c", scope, "next", date(2026, 11, 24)).is_err());
    }

    #[test]
    fn a_level_requires_the_one_below() {
        let open: Scope = "uuid: d912d0a5-826a-4b01-bafd-b48f65f76f43\nname: SCS-open KaaS\nurl: https://docs.scs.community/\n\
             scripts: [{testcases: [{id: t, lifetime: year}]}]\nmodules: [{id: m, name: m, targets: {main: [t]}}]\n\
             prerequisite: {name: SCS-compatible KaaS, url: https://docs.scs.community/}\ntimeline: [{date: 2026-01-01, versions: {v1: effective}}]\n\
             versions: [{version: v1, stabilized_at: 2026-01-01, include: [m]}]\n".parse()
        .unwrap();
        assert_eq!(open.first_error_for(&open.versions()[0]), None);
        let day = date(2026, 11, 24);
        assert!(matches!(Certificate::issue("c", &open, "v1", day), Err(IssueError::Prerequisite { .. })));
        let held = Certificate::issue("c", Scope::compatible_kaas(), "v1", date(2026, 1, 1)).unwrap();
        assert!(Certificate::issue_upon("c", &open, "v1", day, std::slice::from_ref(&held)).is_ok());
        assert!(Certificate::issue_upon("other", &open, "v1", day, std::slice::from_ref(&held)).is_err());
        let revoked = held.revoked(day);
        assert!(Certificate::issue_upon("c", &open, "v1", day, &[revoked]).is_err());
    }

    #[test]
    fn failed_tests_do_not_revoke_a_certificate() {
        let scope = Scope::compatible_kaas();
        let certificate = Certificate::issue("c", scope, "v1", date(2026, 11, 1)).unwrap();
        let results = [("version-policy-check", scs_standards::Verdict::Fail.into())].into_iter().collect();
        let at = "2026-11-24T00:00:00Z".parse().unwrap();
        let evaluation = evaluate(scope, &results, at, EvaluationOptions::new(scs_standards::Profile::Text));
        let notices = certificate.notices(&evaluation, date(2026, 11, 24));
        assert!(certificate.is_valid_on(date(2026, 11, 24)));
        assert_eq!(notices.len(), 2);
        assert!(notices.iter().all(|notice| notice.severity() == Severity::Warning));
        let first = CertificateNotice::TestCases {
            result: Verdict::Fail,
            cases: vec!["version-policy-check".to_owned()],
        };
        assert_eq!(notices[0], first);
        let words = "test cases that failed have to pass again as soon as possible: version-policy-check";
        assert_eq!(first.to_string(), words);
    }

    #[test]
    fn a_violated_rule_without_a_test_case_is_a_notice() {
        let scope = Scope::compatible_kaas();
        let certificate = Certificate::issue("c", scope, "v1", date(2026, 11, 1)).unwrap();
        let at = "2026-11-24T00:00:00Z".parse().unwrap();
        let results = crate::Results::default();
        let mut evaluation =
            evaluate(scope, &results, at, EvaluationOptions::new(scs_standards::Profile::Text));
        evaluation
            .versions
            .iter_mut()
            .for_each(|(_, outcome)| outcome.broken_rules = vec!["rule".to_owned()]);
        let notices = certificate.notices(&evaluation, date(2026, 11, 24));
        assert_eq!(notices.last(), Some(&CertificateNotice::BrokenRules(vec!["rule".to_owned()])));
    }
}
