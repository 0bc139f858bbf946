//! The recorder of the checks, below all modules that record.

use scs_standards::Recorder;

use crate::subject::Cluster;

/// The recorder passed to a check besides the cluster.
pub(crate) type Rec<'a> = Recorder<'a, Cluster>;
