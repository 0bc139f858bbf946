//! What is said of versions where facts are of another day, or have gaps.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

use Verdict::{Fail, Pass};
use scs_k8s_policy::{Cluster, KubernetesFacts, k8s_rules};
use scs_rule_tests::Parts;
use scs_standards::{Answer, Context, Declarations, Profile, Verdict};
use serde_json::{Value, json};

fn answer(rule: &str, parts: &Value, facts: &KubernetesFacts, at: &str) -> Answer {
    let parts = Parts::of(parts);
    let cluster = Cluster::read(|part| parts.given(part)).with_facts(facts.clone());
    let declarations = Declarations::default();
    let at = at.parse().expect("a time");
    let context = Context { at, profile: Profile::Text, declarations: &declarations };
    k8s_rules().find(|known| known.id == rule).expect("a rule").answer(&cluster, &context)
}

/// The newest branch of a day of the past may wait, whatever has been released since.
#[test]
fn a_later_branch_makes_no_earlier_one_due() {
    let offered = json!({"offered_versions": ["v1.33.12", "v1.34.8", "v1.35.5"]});
    let at =
        |at: &str| answer("scs-0210-branches-offered", &offered, KubernetesFacts::embedded(), at).verdict;
    // 1.36 came on 22 April, 1.37 after this.
    assert_eq!(at("2026-06-01T00:00:00Z"), Pass);
    assert_eq!(at("2026-08-22T00:00:00Z"), Pass);
    assert_eq!(at("2026-08-22T00:00:01Z"), Fail);
}
