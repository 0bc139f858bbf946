//! Verdicts about TLS rest on the versions of Mozilla's profile that are given.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::sync::Arc;

use scs_iaas_policy::{Cloud, TlsProfiles, check_cloud};
use scs_standards::{Context, DocumentId, FactList, Given, Hint, Verdict};

/// The verdict about a server that offers a protocol, scanned and checked on a day, and the hint.
fn verdict(profiles: Option<TlsProfiles>, protocol: &str, day: &str) -> (Verdict, Option<Hint>) {
    let list =
        format!(r#"[{{"endpoint": "api.example.com:443", "protocols": ["{protocol}"], "at": "{day}"}}]"#);
    let mut cloud =
        Cloud::read(|part| if part == "tls_scan" { Given::Data(list.as_str()) } else { Given::Missing });
    if let Some(profiles) = profiles {
        cloud = cloud.with_tls_profiles(Arc::new(profiles));
    }
    let context = Context::at(format!("{day}T00:00:00Z").parse().unwrap());
    let answers = check_cloud(&cloud, &context, &[DocumentId::version(125, 1)]);
    let answer = answers.into_iter().find(|answer| answer.rule == "scs-0125-tls-versions").unwrap();
    let hint = answer.findings.iter().find_map(|finding| finding.hint.clone());
    (answer.verdict, hint)
}

#[test]
fn newer_versions_replace_stale_ones() {
    // The embedded data are more than a year old by then.
    let day = "2027-06-01";
    assert_eq!(verdict(None, "TLSv1.2", day), (Verdict::Dnf, Some(Hint::Facts(FactList::MozillaTls))));
    let confirmed = TlsProfiles::embedded().clone().with_as_of("2027-05-20".parse().unwrap());
    assert_eq!(verdict(Some(confirmed.clone()), "TLSv1.2", day).0, Verdict::Pass);
    assert_eq!(verdict(Some(confirmed), "TLSv1.1", day).0, Verdict::Fail);
}

#[test]
fn a_newer_version_decides() {
    let yaml = TlsProfiles::embedded().to_yaml().unwrap();
    // As if TLS 1.2 had been dropped.
    let strict: TlsProfiles = yaml.replace("TLSv1.2", "TLSv1.3").parse().unwrap();
    assert_eq!(verdict(None, "TLSv1.2", "2026-12-01").0, Verdict::Pass);
    assert_eq!(verdict(Some(strict), "TLSv1.2", "2026-12-01").0, Verdict::Fail);
}
