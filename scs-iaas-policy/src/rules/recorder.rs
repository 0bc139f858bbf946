//! The recorder of the checks, below all modules that record.

use scs_standards::Recorder;

use crate::subject::Cloud;

/// The recorder passed to a check besides the cloud.
pub(crate) type Rec<'a> = Recorder<'a, Cloud>;
