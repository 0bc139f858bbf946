//! The rights that probes need, in all namespaces: the name of a probe's namespace is that of its run.

use super::Right;
use crate::probe::Probe;

/// A row of the table: group, resource, verbs.
type Row = (&'static str, &'static str, &'static [&'static str]);

/// What every probe does: namespaces of its own, and pods in them.
const ALL: &[Row] = &[("", "namespaces", &["create", "delete"]), ("", "pods", &["create"])];

/// What probes that run their pods do.
const RUNNING: &[Row] = &[("", "pods", &["get"])];

/// Without these, a probe waits less, or says less about pods that do not start.
const OPTIONAL: &[Row] = &[("", "namespaces", &["get"]), ("", "events", &["list"])];

const PVC: &[Row] = &[
    ("", "pods", &["delete"]),
    ("", "persistentvolumeclaims", &["create", "get"]),
    ("", "persistentvolumes", &["list"]),
    ("storage.k8s.io", "storageclasses", &["list"]),
    // A namespace whose claim got somebody else's volume is kept, and loses its label.
    ("", "namespaces", &["patch"]),
];

const NETWORK_POLICY: &[Row] = &[("networking.k8s.io", "networkpolicies", &["create", "delete"])];

impl Probe {
    /// The rights that the probe needs, and those that only make its results more precise.
    ///
    /// ```
    /// use scs_kubernetes::Probe;
    ///
    /// let needed: Vec<String> =
    ///     Probe::PodSecurity.rights().into_iter().filter(|right| !right.optional).map(|right| right.to_string()).collect();
    /// assert_eq!(needed, ["create namespaces", "delete namespaces", "create pods"]);
    /// ```
    #[must_use]
    pub fn rights(self) -> Vec<Right> {
        let (needed, optional): (&[&[Row]], &[Row]) = match self {
            Self::Pvc => (&[ALL, RUNNING, PVC], OPTIONAL),
            Self::PodSecurity => (&[ALL], &OPTIONAL[..1]),
            Self::NetworkPolicy => (&[ALL, RUNNING, NETWORK_POLICY], OPTIONAL),
        };
        let of = |row: &Row, optional: bool| {
            let (group, resource, verbs) = *row;
            verbs.iter().map(move |verb| Right {
                verb,
                probe: Some(self),
                optional,
                ..Right::list(self.part(), group, resource)
            })
        };
        let needed = needed.iter().copied().flatten().flat_map(|row| of(row, false));
        needed.chain(optional.iter().flat_map(|row| of(row, true))).collect()
    }
}
