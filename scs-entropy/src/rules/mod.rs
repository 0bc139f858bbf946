//! The rules of scs-0101: a table that reads like the standard, and the checks it points to.
//!
//! | module | what it asks |
//! | --- | --- |
//! | `quality` | is there enough entropy in a sample VM, and is it random? |
//! | `cpu` | do the CPUs have instructions for it, and do VMs see them? |
//! | `kernel` | does the VM have the new random number generator? |
//! | `earlier` | what revision 1.0 asked for: virtio-rng and `rngd` |

mod cpu;
mod earlier;
mod kernel;
mod quality;

use scs_standards::{
    Answer, Context, DocumentId, Heading, Level, Recorder, Rule, Source, TestCase, answer_all,
};

use crate::evidence::EntropyEvidence;

type Rec<'a> = Recorder<'a, EntropyEvidence>;

/// The document that has rules over entropy.
pub const ENTROPY_DOCUMENTS: [DocumentId; 1] = [DocumentId::version(101, 1)];

/// The part of an inventory that most rules need.
const CONSOLE: Source = Source {
    name: "console_output",
    from: "the console output of a sample VM that was started with the user data of `scs entropy userdata`, or what `scs entropy probe -f json` prints in one",
};
const HOSTS: Source = Source {
    name: "host_facts",
    from: "a list of the compute nodes with `name`, `architecture` and `cpu_flags` (the flags of /proc/cpuinfo)",
};
const FLAVORS: Source = Source {
    name: "flavors",
    from: "what Nova returns for `GET /flavors/detail` with microversion 2.61 or later",
};
const IMAGES: Source = Source { name: "images", from: "what Glance returns for `GET /v2/images`" };

/// The subject of findings about the sample VM.
const VM: &str = "sample VM";

const CLOUDS: Heading = Heading { documents: &ENTROPY_DOCUMENTS, section: "Entropy in SCS clouds" };
const TESTS: Heading = Heading { documents: &ENTROPY_DOCUMENTS, section: "Automated tests (scs-0101-w1)" };
const INSTANCES: Heading = Heading { documents: &ENTROPY_DOCUMENTS, section: "Entropy in virtual instances" };
const HISTORY: Heading = Heading { documents: &ENTROPY_DOCUMENTS, section: "Version history" };

static RULES: &[Rule<EntropyEvidence>] = &[
    TESTS.case("scs-0101-entropy-avail", Level::Must, "the kernel of a sample VM counts 256 bits of entropy, as the new random number generator always does", quality::entropy_avail),
    TESTS.case("scs-0101-fips-test", Level::Must, "of 1000 blocks from /dev/random in a sample VM, fewer than 5 fail the tests of FIPS 140-2", quality::fips_test),
    CLOUDS.rule("scs-0101-cpu-rng", Level::Must, "the CPUs have instructions that give entropy: RDRAND or RDSEED, on Arm RNDR", cpu::instructions),
    CLOUDS.rule("scs-0101-cpu-rng-unfiltered", Level::Must, "the hypervisor lets VMs use the instructions for entropy that the host's CPU has", cpu::unfiltered)
        .asking("the `cpu_mode` of Nova that passes everything on (`host-passthrough` or `host-model`), or the facts `host` and `guest`: the flags of both CPUs", "host-passthrough"),
    CLOUDS.rule("scs-0101-kernel", Level::Should, "the kernel of a VM is Linux 5.18 or later, or a long-term one with the same random number generator", kernel::generator),
    HISTORY.case("scs-0101-flavor-property", Level::Should, "by revision 1.0, each flavor has `hw_rng:allowed=True`", earlier::flavor_property),
    HISTORY.case("scs-0101-image-property", Level::Should, "by revision 1.0, each image has `hw_rng_model=virtio`", earlier::image_property),
    HISTORY.case("scs-0101-rngd", Level::Should, "by revision 1.0, the service `rngd` is there in a sample VM", earlier::rngd),
    INSTANCES.rule("scs-0101-hwrng-present", Level::May, "a VM that has a hardware random number generator, such as virtio-rng, uses it", earlier::hwrng_present),
];

/// The first two are of target *main* of the scopes; the others are of no target since 2026-06-25.
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

/// The test case of an id.
#[must_use]
pub fn entropy_test_case(id: &str) -> Option<&'static TestCase> {
    CASES.iter().find(|case| case.id == id)
}

/// Asks the rules of the documents.
#[must_use]
pub fn check_entropy(
    evidence: &EntropyEvidence,
    context: &Context<'_>,
    documents: &[DocumentId],
) -> Vec<Answer> {
    answer_all(entropy_rules(), evidence, context, documents)
}
