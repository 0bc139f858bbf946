//! A made-up world to look at: thirty clouds with two years of reports, always the same relative to the day it is made.

mod clouds;
mod nights;
mod table;

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::scopes::Scopes;
use crate::store::{Action, Actor, NewReport, Store, StoreError};

/// The account of the demo with all roles.
pub(crate) const ACCOUNT: &str = "demo";
/// The password of all accounts of the demo.
pub(crate) const PASSWORD: &str = "demo";

pub(crate) use table::bootstrap;

/// Fills an empty database with the reports of all clouds.
///
/// # Errors
///
/// If they cannot be stored; then nothing is.
pub(crate) async fn fill(store: &Store, scopes: &Scopes, now: Timestamp) -> Result<(), StoreError> {
    let mut all = Vec::new();
    let mut draft = store.draft().await?;
    for (number, cloud) in clouds::CLOUDS.iter().enumerate() {
        let Some(scope) = scopes.find(cloud.kind.scope()) else { continue };
        let reports = nights::reports(cloud, number, scope, now);
        for report in newest(&reports) {
            draft.insert_recent(report, now).await?;
        }
        all.extend(reports);
    }
    let mut change = draft.lock().await?;
    for (place, report) in all.iter().enumerate() {
        change.insert_report(report, place, now).await?;
    }
    let actor = Actor { account: ACCOUNT.to_owned(), address: None };
    change.audit(&actor, Action::Report, "reports of the demo", now).await?;
    change.commit().await?;
    Ok(())
}

/// The reports that have the newest result of at least one test case, oldest first.
fn newest(reports: &[NewReport]) -> Vec<&NewReport> {
    let mut known = BTreeSet::new();
    let mut newest: Vec<&NewReport> = Vec::new();
    for report in reports.iter().rev() {
        let cases = report.results.values().flatten();
        let news = cases.filter(|(case, result)| result.is_some() && known.insert(case.as_str())).count();
        if news > 0 {
            newest.push(report);
        }
    }
    newest.reverse();
    newest
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use scs_certificates::Scope;
    use scs_standards::Verdict;

    use super::*;
    use crate::bootstrap::Bootstrap;
    use crate::certificates::Certificates;
    use crate::snapshot::Snapshot;

    #[tokio::test]
    async fn the_demo_has_clouds_in_every_state() {
        let now = "2026-11-24T12:00:00Z".parse().unwrap();
        let scopes = Scopes::embedded();
        let store = Store::open("sqlite::memory:").await.unwrap();
        let started = Instant::now();
        fill(&store, &scopes, now).await.unwrap();
        println!("filled in {:?}", started.elapsed());
        let snapshot = Snapshot::read(&store, &scopes, now).await.unwrap();
        let verdicts: Vec<Verdict> = snapshot.all().map(|(_, _, it)| it.official.verdict).collect();
        for verdict in [Verdict::Pass, Verdict::Fail, Verdict::Miss, Verdict::Dnf] {
            let count = verdicts.iter().filter(|it| **it == verdict).count();
            assert!((1..=25).contains(&count), "{verdict}: {count}");
        }
        assert_eq!(store.reports(None, 100_000, 0).await.unwrap().len(), count(now));
    }

    fn count(now: Timestamp) -> usize {
        let reports = clouds::CLOUDS.iter().enumerate().map(|(number, cloud)| {
            nights::reports(cloud, number, Scope::named(cloud.kind.scope()).unwrap(), now).len()
        });
        reports.sum()
    }

    #[test]
    fn the_bootstrap_file_of_the_demo_is_without_warnings() {
        let now = "2026-11-24T12:00:00Z".parse().unwrap();
        let bootstrap = Bootstrap::read(&bootstrap(now)).unwrap();
        assert_eq!(bootstrap.warnings, Vec::<String>::new());
        let certificates = Certificates::new(&bootstrap, &Scopes::embedded());
        assert_eq!(certificates.warnings, Vec::<String>::new());
        assert!(certificates.iter().any(|it| it.revoked.is_some()) && certificates.iter().count() > 10);
        assert!(bootstrap.table.sections.iter().map(|it| it.entries.len()).sum::<usize>() >= 24);
    }

    #[test]
    fn the_reports_of_the_demo_are_reports() {
        let now = "2026-11-24T12:00:00Z".parse().unwrap();
        let number = clouds::CLOUDS.iter().position(|cloud| cloud.subject == nights::CHECKED).unwrap();
        let reports = [0, number]
            .map(|number| nights::reports(&clouds::CLOUDS[number], number, Scope::compatible_iaas(), now));
        assert!(reports[1].iter().any(|report| !crate::findings::findings(&report.document).is_empty()));
        for report in reports.iter().flat_map(|reports| reports.iter().rev().take(3)) {
            let text = report.document.to_string();
            let read = crate::submission::read(&text, crate::submission::Format::Json).unwrap();
            assert_eq!(read[0].results, report.results);
            assert_eq!(read[0].uuid, report.uuid);
            assert_eq!(read[0].checked_at, report.checked_at);
        }
    }
}
