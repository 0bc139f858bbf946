//! A scanned port.

use serde::Deserialize;

/// The ports of Kubernetes components that are not for users (scs-0217-v1, *Securing endpoints*).
pub(crate) const KUBERNETES_PORTS: [u16; 7] = [2379, 2380, 6443, 10250, 10255, 10257, 10259];

/// The vantage of a scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Vantage {
    /// From outside the network that hosts the cluster.
    Outside,
    /// From a pod or a worker of the cluster, which does not need access to etcd.
    Inside,
}

/// The state of a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PortState {
    /// It accepted the connection.
    Open,
    /// It rejected the connection.
    Closed,
    /// There was no response.
    Filtered,
}

/// A scanned TCP port.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ScannedPort {
    /// The host, a name or an address.
    pub host: String,
    /// The port.
    pub port: u16,
    /// The vantage.
    pub from: Vantage,
    /// The state.
    pub state: PortState,
    /// Whether it uses TLS; `None` if not tested.
    #[serde(default)]
    pub tls: Option<bool>,
}

impl ScannedPort {
    /// Whether it accepted the connection.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(self.state, PortState::Open)
    }
}
