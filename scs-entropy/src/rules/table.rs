//! The table of rules, which reads like the standard.

use scs_standards::{Answer, Context, DocumentId, Heading, Level, Rule, answer_all};

use super::{cpu, earlier, kernel, quality};
use crate::evidence::EntropyEvidence;

/// The document with rules about entropy.
pub const ENTROPY_DOCUMENTS: [DocumentId; 1] = [DocumentId::version(101, 1)];

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

/// Runs the rules of the documents.
#[must_use]
pub fn check_entropy(
    evidence: &EntropyEvidence,
    context: &Context<'_>,
    documents: &[DocumentId],
) -> Vec<Answer> {
    answer_all(entropy_rules(), evidence, context, documents)
}
