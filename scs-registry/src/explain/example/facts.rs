//! Facts about Kubernetes that belong to a subject.

use std::collections::BTreeMap;

use scs_k8s_policy::{ConformanceFacts, CveRecords, KubernetesFacts, Releases};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Facts about Kubernetes: releases with dates, branches with their end of life, CVE records, numbers of tests.
#[derive(Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct StoredFacts {
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    releases: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    ends_of_life: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cves: Option<Vec<Value>>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    network_policy_tests: BTreeMap<String, usize>,
}

impl StoredFacts {
    pub(super) fn kubernetes(&self) -> Option<KubernetesFacts> {
        let releases = self.releases.iter().map(|(version, at)| {
            json!({"tag_name": version, "published_at": at, "draft": false, "prerelease": false})
        });
        let releases = Value::from(releases.collect::<Vec<_>>()).to_string().parse::<Releases>().ok()?;
        let ends = self.ends_of_life.iter();
        let ends = ends.filter_map(|(branch, end)| Some((branch.parse().ok()?, end.parse().ok()?))).collect();
        let facts = KubernetesFacts::default().with_releases(releases).with_ends_of_life(ends);
        match &self.cves {
            None => Some(facts),
            Some(records) => {
                let records = Value::from(records.clone()).to_string().parse::<CveRecords>().ok()?;
                Some(facts.with_cves(records))
            }
        }
    }

    pub(super) fn conformance(&self) -> Option<ConformanceFacts> {
        let embedded = ConformanceFacts::embedded().clone();
        if self.network_policy_tests.is_empty() {
            return Some(embedded);
        }
        let rows = self.network_policy_tests.iter();
        let rows: Vec<Value> =
            rows.map(|(branch, tests)| json!({"branch": branch, "tests": tests})).collect();
        let counted = json!({"network_policy_tests": rows}).to_string().parse::<ConformanceFacts>().ok()?;
        Some(counted.with_exceptions_of(embedded))
    }
}
