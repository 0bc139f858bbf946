//! The rules of scs-0101: a table that reads like the standard, and its checks.
//!
//! | module | topic |
//! | --- | --- |
//! | `quality` | amount and quality of entropy in a sample VM |
//! | `cpu` | CPU instructions for entropy, and their availability in VMs |
//! | `kernel` | the new random number generator |
//! | `earlier` | requirements of revision 1.0: virtio-rng and `rngd` |

mod cpu;
mod earlier;
mod kernel;
mod quality;

use scs_standards::{
    Answer, Context, DocumentId, Heading, Level, Recorder, Rule, Source, TestCase, answer_all,
};

use crate::evidence::EntropyEvidence;

type Rec<'a> = Recorder<'a, EntropyEvidence>;

/// The document with rules about entropy.
pub const ENTROPY_DOCUMENTS: [DocumentId; 1] = [DocumentId::version(101, 1)];

/// The part of an inventory needed by most rules.
const CONSOLE: Source = Source {
    name: "console_output",
    from: "the console output of a sample VM that ran the entropy user data, or the JSON document of an entropy probe",
};
const HOSTS: Source = Source {
    name: "host_facts",
    from: "the list of compute nodes with `name`, `architecture` and `cpu_flags` (the flags of /proc/cpuinfo)",
};
const FLAVORS: Source = Source {
    name: "flavors",
    from: "Nova's response to `GET /flavors/detail` with microversion 2.61 or later",
};
const IMAGES: Source = Source { name: "images", from: "Glance's response to `GET /v2/images`" };

/// The subject of findings about the sample VM.
const VM: &str = "sample VM";

const CLOUDS: Heading = Heading { documents: &ENTROPY_DOCUMENTS, section: "Entropy in SCS clouds" };
const TESTS: Heading = Heading { documents: &ENTROPY_DOCUMENTS, section: "Automated tests (scs-0101-w1)" };
const INSTANCES: Heading = Heading { documents: &ENTROPY_DOCUMENTS, section: "Entropy in virtual instances" };
const HISTORY: Heading = Heading { documents: &ENTROPY_DOCUMENTS, section: "Version history" };

static RULES: &[Rule<EntropyEvidence>] = &[
    TESTS.case("scs-0101-entropy-avail", Level::Must, "the kernel of a sample VM reports 256 bits of entropy, as the new random number generator always does", quality::entropy_avail),
    TESTS.case("scs-0101-fips-test", Level::Must, "fewer than 5 of 1000 blocks from /dev/random in a sample VM fail the tests of FIPS 140-2", quality::fips_test),
    CLOUDS.rule("scs-0101-cpu-rng", Level::Must, "the CPUs have entropy instructions: RDRAND or RDSEED, on Arm RNDR", cpu::instructions),
    CLOUDS.rule("scs-0101-cpu-rng-unfiltered", Level::Must, "the hypervisor exposes the entropy instructions of the host CPU to VMs", cpu::unfiltered)
        .asking("the Nova `cpu_mode` that exposes all flags (`host-passthrough` or `host-model`), or the facts `host` and `guest` with the flags of both CPUs", "host-passthrough"),
    CLOUDS.rule("scs-0101-kernel", Level::Should, "the kernel of a VM is Linux 5.18 or later, or a long-term kernel with the same random number generator", kernel::generator),
    HISTORY.case("scs-0101-flavor-property", Level::Should, "revision 1.0: each flavor has `hw_rng:allowed=True`", earlier::flavor_property),
    HISTORY.case("scs-0101-image-property", Level::Should, "revision 1.0: each image has `hw_rng_model=virtio`", earlier::image_property),
    HISTORY.case("scs-0101-rngd", Level::Should, "revision 1.0: the service `rngd` is installed in a sample VM", earlier::rngd),
    INSTANCES.rule("scs-0101-hwrng-present", Level::May, "a VM with a hardware random number generator, such as virtio-rng, uses it", earlier::hwrng_present),
];

/// The first two are in the target *main* of the scopes; the others have been in no target since 2026-06-25.
static CASES: &[TestCase] = &[
    TestCase { id: "scs-0101-entropy-avail", level: Level::Must, rules: &["scs-0101-entropy-avail"] },
    TestCase { id: "scs-0101-fips-test", level: Level::Must, rules: &["scs-0101-fips-test"] },
    TestCase { id: "scs-0101-flavor-property", level: Level::Should, rules: &["scs-0101-flavor-property"] },
    TestCase { id: "scs-0101-image-property", level: Level::Should, rules: &["scs-0101-image-property"] },
    TestCase { id: "scs-0101-rngd", level: Level::Should, rules: &["scs-0101-rngd"] },
];

/// All rules.
///
/// ```
/// use scs_entropy::entropy_rules;
///
/// assert_eq!(entropy_rules().count(), 9);
/// ```
pub fn entropy_rules() -> impl Iterator<Item = &'static Rule<EntropyEvidence>> {
    RULES.iter()
}

/// All official test cases over entropy.
///
/// ```
/// use scs_entropy::entropy_test_cases;
///
/// assert_eq!(entropy_test_cases().count(), 5);
/// ```
pub fn entropy_test_cases() -> impl Iterator<Item = &'static TestCase> {
    CASES.iter()
}

/// Finds a test case by its id.
#[must_use]
pub fn entropy_test_case(id: &str) -> Option<&'static TestCase> {
    CASES.iter().find(|case| case.id == id)
}

/// Runs the rules of the documents.
#[must_use]
pub fn check_entropy(
    evidence: &EntropyEvidence,
    context: &Context<'_>,
    documents: &[DocumentId],
) -> Vec<Answer> {
    answer_all(entropy_rules(), evidence, context, documents)
}
