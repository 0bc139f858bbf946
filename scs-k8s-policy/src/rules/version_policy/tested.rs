//! Checks that versions were tested before they were offered: by evidence in the offered version, or a declaration.

use scs_standards::{CLUSTER, DeclaredValue, Judgment, TestCounts, judge, names_document};

use super::super::Rec;
use super::offer::offered;
use crate::subject::{Cluster, OfferedVersion};

/// The offered versions without their own evidence, in common notation.
fn without(offered: &[&OfferedVersion], has: impl Fn(&OfferedVersion) -> bool) -> Vec<String> {
    offered.iter().filter(|version| !has(version)).map(|version| version.version.to_string()).collect()
}

/// The declaration for a version, or for its branch.
fn declared_of<'v>(value: &'v DeclaredValue, version: &str) -> Option<&'v DeclaredValue> {
    let bare = version.strip_prefix('v').unwrap_or(version);
    value.fact(version).or_else(|| value.fact(bare))
}

pub(super) fn tested(cluster: &Cluster, rec: &mut Rec<'_>) {
    let Some(offered) = offered(cluster, rec) else { return };
    let versions = without(&offered, |version| version.tested.is_some());
    if versions.is_empty() {
        return;
    }
    judge(rec, [CLUSTER], |_, value| {
        for version in &versions {
            match declared_of(value, version).map(DeclaredValue::text) {
                Some(Some(document)) if names_document(document) => {}
                Some(_) => return Judgment::Unusable,
                None => return Judgment::Breaks(format!("no document shows that {version} was tested")),
            }
        }
        Judgment::Satisfies
    });
}

pub(super) fn tested_end_to_end(cluster: &Cluster, rec: &mut Rec<'_>) {
    let Some(offered) = offered(cluster, rec) else { return };
    for version in &offered {
        if let Some(failures) = version.e2e_failures.filter(|failures| *failures > 0) {
            rec.fail(
                &version.version,
                format!("{failures} tests of the CNCF's end-to-end suite failed before it was offered"),
            );
        }
    }
    let versions = without(&offered, |version| version.e2e_failures.is_some());
    if versions.is_empty() {
        return;
    }
    judge(rec, [CLUSTER], |_, value| {
        for version in &versions {
            let Some(run) = declared_of(value, version) else {
                return Judgment::Breaks(format!("no end-to-end test of {version} is declared"));
            };
            match TestCounts::of(run) {
                Some(counts) if counts.broken() > 0 => {
                    let broken = counts.broken();
                    return Judgment::Breaks(format!("{broken} end-to-end tests of {version} failed"));
                }
                Some(counts) if counts.passed > 0 => {}
                _ => return Judgment::Unusable,
            }
        }
        Judgment::Satisfies
    });
}
