//! The results of one or several runs.

use super::error::ReadConformanceError;
use super::run::ConformanceRun;

/// Results of one or several runs: the official suite has one for conformance and another for network policies.
///
/// ```
/// use scs_k8s_policy::{ConformanceResults, E2eSelection};
///
/// let results = ConformanceResults::read_text(
///     r#"<testsuite name="Kubernetes e2e suite" timestamp="2026-10-01T08:00:00"><properties><property name="FocusStrings" value="\[Conformance\]"/></properties>
///          <testcase classname="Kubernetes e2e suite" name="[It] [sig-node] Pods should run [Conformance]"/>
///          <testcase classname="Kubernetes e2e suite" name="[It] [sig-network] Netpol NetworkPolicy should deny"><skipped/></testcase>
///        </testsuite>"#,
/// )?;
/// let run = &results.runs()[0];
/// assert_eq!(run.started_at, Some("2026-10-01T08:00:00Z".parse()?));
/// assert_eq!(run.focus.as_deref(), Some(r"\[Conformance\]"));
/// assert_eq!(run.executed(E2eSelection::Conformance).count(), 1);
/// assert_eq!(run.executed(E2eSelection::NetworkPolicy).count(), 0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConformanceResults {
    pub(super) runs: Vec<ConformanceRun>,
    pub(super) broken: Vec<(usize, ReadConformanceError)>,
}

impl ConformanceResults {
    /// The runs.
    #[must_use]
    pub fn runs(&self) -> &[ConformanceRun] {
        &self.runs
    }

    /// The invalid entries of a list, by position (from 1), with the error.
    #[must_use]
    pub fn broken(&self) -> &[(usize, ReadConformanceError)] {
        &self.broken
    }
}
