//! All certificates.

use jiff::civil::Date;
use scs_certificates::CertificateNotice;
use scs_standards::Verdict;

use super::Links;
use super::detail::entry;
use crate::certificates::{CertificateState, Judged};
use crate::explanations::is_explained;
use crate::service::View;

/// The certificates.
#[derive(Clone, Debug)]
pub(crate) struct CertificatesPage {
    /// Those that are not revoked, newest first.
    pub(crate) issued: Vec<CertificateRow>,
    /// Those that are, newest first.
    pub(crate) revoked: Vec<CertificateRow>,
    /// The address of the certificates as JSON.
    pub(crate) data: String,
}

/// A certificate.
#[derive(Clone, Debug)]
pub(crate) struct CertificateRow {
    pub(crate) subject: String,
    /// What the table calls it.
    pub(crate) name: Option<String>,
    /// The page of the results of the subject.
    pub(crate) detail: String,
    pub(crate) scope: String,
    pub(crate) scope_url: String,
    pub(crate) version: String,
    pub(crate) issued: Date,
    /// The first day on which it is no longer valid.
    pub(crate) valid_until: Date,
    pub(crate) revoked: Option<Date>,
    pub(crate) state: CertificateState,
    /// The conditions that do not hold, if that matters for its state.
    pub(crate) problems: Vec<ConditionProblem>,
}

/// A condition that does not hold.
#[derive(Clone, Debug)]
pub(crate) struct ConditionProblem {
    pub(crate) kind: ConditionKind,
    /// The test cases or rules with the pages that explain them.
    pub(crate) ids: Vec<(String, Option<String>)>,
}

/// Why a condition does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ConditionKind {
    Failed,
    Unfinished,
    Missing,
    BrokenRule,
    /// The scope does not have the version.
    NotEvaluated,
}

impl CertificateState {
    /// The class of its symbol in style sheets.
    pub(crate) const fn class(self) -> &'static str {
        match self {
            Self::Valid => "passed",
            Self::ValidWithNotices => "attention",
            Self::NotYetValid => "missing",
            Self::Expired | Self::Invalid | Self::Revoked => "failed",
        }
    }

    /// Whether the certificate counts today.
    pub(crate) const fn is_valid(self) -> bool {
        matches!(self, Self::Valid | Self::ValidWithNotices)
    }
}

impl CertificatesPage {
    /// The page of certificates, newest first.
    pub(crate) fn new(view: &View, certificates: &[Judged<'_>], links: &Links) -> Self {
        let rows = certificates.iter().map(|it| row(view, it, links));
        let (revoked, issued) = rows.partition(|row| row.state == CertificateState::Revoked);
        Self { issued, revoked, data: links.to("certificates") }
    }
}

fn row(view: &View, it: &Judged<'_>, links: &Links) -> CertificateRow {
    let (certificate, scope) = (&it.issued.certificate, it.scope);
    let matters = it.state.is_valid() || it.state == CertificateState::Invalid;
    let problems = it.notices.iter().filter(|_| matters).filter_map(|it| problem(it, links));
    CertificateRow {
        subject: certificate.subject().to_owned(),
        name: entry(view, certificate.subject(), scope).map(|entry| entry.name.clone()),
        detail: links.detail(certificate.subject(), &scope.slug()),
        scope: scope.name().to_owned(),
        scope_url: links.scope(scope.uuid()),
        version: certificate.version().to_owned(),
        issued: certificate.issued(),
        valid_until: certificate.valid_until(),
        revoked: it.issued.revoked,
        state: it.state,
        problems: problems.collect(),
    }
}

fn problem(notice: &CertificateNotice, links: &Links) -> Option<ConditionProblem> {
    let (kind, ids) = match notice {
        CertificateNotice::TestCases { result, cases } => {
            let kind = match result {
                Verdict::Fail => ConditionKind::Failed,
                Verdict::Dnf => ConditionKind::Unfinished,
                _ => ConditionKind::Missing,
            };
            (kind, cases.as_slice())
        }
        CertificateNotice::BrokenRules(rules) => (ConditionKind::BrokenRule, rules.as_slice()),
        CertificateNotice::NotEvaluated(_) => (ConditionKind::NotEvaluated, [].as_slice()),
        // The state says the rest.
        _ => return None,
    };
    let ids = ids.iter().map(|id| (id.clone(), is_explained(id).then(|| links.explanation(id))));
    Some(ConditionProblem { kind, ids: ids.collect() })
}
