//! Issued certificates, and whether their conditions still hold (scs-0004-v1, *Regulations*).

use jiff::civil::Date;
use scs_certificates::{Certificate, CertificateNotice, Scope};
use scs_standards::Severity;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::badge::day;
use crate::bootstrap::{Bootstrap, CertificateEntry};
use crate::scopes::Scopes;
use crate::service::View;
use crate::standing::Standing;

/// All certificates, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Certificates {
    list: Vec<Issued>,
    /// Certificates that cannot be shown, or should not have been issued.
    pub(crate) warnings: Vec<String>,
}

/// A certificate of a known scope.
#[derive(Debug)]
pub(crate) struct Issued {
    pub(crate) certificate: Certificate,
    /// The UUID of its scope.
    pub(crate) scope: String,
    /// The day of its revocation, if any.
    pub(crate) revoked: Option<Date>,
}

/// What a certificate is worth on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum CertificateState {
    /// It was revoked.
    Revoked,
    /// Its year has not begun.
    NotYetValid,
    /// Its year is over.
    Expired,
    /// It does not count: the scope has no such version.
    Invalid,
    /// It is valid, but test cases have to pass again.
    ValidWithNotices,
    /// It is valid, and its conditions hold.
    Valid,
}

/// A certificate as JSON.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CertificateOut {
    subject: String,
    /// The UUID of the scope.
    scope: String,
    /// The name of the scope.
    scope_name: String,
    version: String,
    issued: String,
    /// The first day on which it is no longer valid.
    valid_until: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked: Option<String>,
    state: CertificateState,
    /// What has to be done. A failed test case does not revoke a certificate by itself.
    notices: Vec<NoticeOut>,
}

/// Something about a certificate.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NoticeOut {
    severity: String,
    text: String,
}

impl Certificates {
    /// The certificates of a bootstrap file. What the standards would not allow to issue is still shown, with a warning.
    pub(crate) fn new(bootstrap: &Bootstrap, scopes: &Scopes) -> Self {
        let mut entries: Vec<&CertificateEntry> = bootstrap.certificates.iter().collect();
        entries.sort_by_key(|entry| entry.issued);
        let (mut read, mut held) = (Self::default(), Vec::new());
        for entry in entries {
            let CertificateEntry { subject, scope, version, issued, .. } = entry;
            let what = format!("certificate of `{subject}` for {scope} {version} of {issued}");
            if bootstrap.account(subject).is_none() {
                read.warnings.push(format!("{what}: unknown subject `{subject}`"));
            }
            let Some(scope) = scopes.find(scope) else {
                read.warnings.push(format!("{what}: unknown scope `{scope}`"));
                continue;
            };
            if let Err(problem) = Certificate::issue_upon(subject, scope, version, *issued, &held) {
                read.warnings.push(format!("{what}: {problem}"));
            }
            let Some(certificate) = certificate(entry, scope) else { continue };
            held.push(certificate.clone());
            read.list.push(Issued { certificate, scope: scope.uuid().to_owned(), revoked: entry.revoked });
        }
        read
    }

    /// All certificates, oldest first.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &Issued> {
        self.list.iter()
    }
}

/// The certificate of an entry, whether or not it should have been issued.
fn certificate(entry: &CertificateEntry, scope: &Scope) -> Option<Certificate> {
    let version = scope.version(&entry.version).map_or(entry.version.as_str(), |version| version.name());
    let value = json!({
        "subject": entry.subject,
        "scope": scope.name(),
        "version": version,
        "issued": entry.issued,
        "revoked": entry.revoked,
    });
    serde_json::from_value(value).ok()
}

/// A certificate at the time of a view.
#[derive(Debug)]
pub(crate) struct Judged<'v> {
    pub(crate) issued: &'v Issued,
    pub(crate) scope: &'v Scope,
    pub(crate) state: CertificateState,
    /// What its operator has to know, by the newest results.
    pub(crate) notices: Vec<CertificateNotice>,
}

impl Issued {
    /// Whether it is a certificate of a subject for a scope.
    pub(crate) fn is_of(&self, subject: &str, scope: &Scope) -> bool {
        self.certificate.subject() == subject && self.scope == scope.uuid()
    }

    /// The certificate at the time of a view; `None` if the scope is no longer known.
    pub(crate) fn judged<'v>(&'v self, view: &'v View) -> Option<Judged<'v>> {
        let scope = view.config.scopes.get(&self.scope)?;
        let (certificate, today) = (&self.certificate, day(view.now));
        let nothing;
        let standing = if let Some(it) = view.snapshot.standing(certificate.subject(), scope) {
            it
        } else {
            nothing = Standing::new(scope, &[], view.now);
            &nothing
        };
        let notices = certificate.notices(&standing.text, today);
        let state = if self.revoked.is_some_and(|revoked| revoked <= today) {
            CertificateState::Revoked
        } else if today < certificate.issued() {
            CertificateState::NotYetValid
        } else if !certificate.is_valid_on(today) {
            CertificateState::Expired
        } else if notices.iter().any(|notice| notice.severity() == Severity::Error) {
            CertificateState::Invalid
        } else if notices.is_empty() {
            CertificateState::Valid
        } else {
            CertificateState::ValidWithNotices
        };
        Some(Judged { issued: self, scope, state, notices })
    }
}

impl Judged<'_> {
    /// The JSON of the certificate.
    pub(crate) fn out(&self) -> CertificateOut {
        let Issued { certificate, scope, revoked } = self.issued;
        let notice =
            |it: &CertificateNotice| NoticeOut { severity: it.severity().to_string(), text: it.to_string() };
        CertificateOut {
            subject: certificate.subject().to_owned(),
            scope: scope.clone(),
            scope_name: self.scope.name().to_owned(),
            version: certificate.version().to_owned(),
            issued: certificate.issued().to_string(),
            valid_until: certificate.valid_until().to_string(),
            revoked: revoked.map(|revoked| revoked.to_string()),
            state: self.state,
            notices: self.notices.iter().map(notice).collect(),
        }
    }
}

impl CertificateOut {
    /// Whether it is on the list of revoked certificates.
    pub(crate) fn is_revoked(&self) -> bool {
        self.state == CertificateState::Revoked
    }
}
