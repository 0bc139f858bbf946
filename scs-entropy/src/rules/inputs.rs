//! What the checks read and report about.

use scs_standards::{Recorder, Source};

use crate::evidence::EntropyEvidence;

pub(super) type Rec<'a> = Recorder<'a, EntropyEvidence>;

/// The part of an inventory needed by most rules.
pub(super) const CONSOLE: Source = Source {
    name: "console_output",
    from: "the console output of a sample VM that ran the entropy user data, or the JSON document of an entropy probe",
};
pub(super) const HOSTS: Source = Source {
    name: "host_facts",
    from: "the list of compute nodes with `name`, `architecture` and `cpu_flags` (the flags of /proc/cpuinfo)",
};
pub(super) const FLAVORS: Source = Source {
    name: "flavors",
    from: "Nova's response to `GET /flavors/detail` with microversion 2.61 or later",
};
pub(super) const IMAGES: Source = Source { name: "images", from: "Glance's response to `GET /v2/images`" };

/// The subject of findings about the sample VM.
pub(super) const VM: &str = "sample VM";
