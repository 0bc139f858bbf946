//! The random number generator of the kernel.

use scs_standards::Given;

use super::{CONSOLE, Rec, VM};
use crate::evidence::EntropyEvidence;
use crate::kernel::Generator;

pub(super) fn generator(evidence: &EntropyEvidence, rec: &mut Rec<'_>) {
    let Some(console) = rec.needs(&evidence.console, CONSOLE) else { return };
    let kernel = match &console.kernel {
        Given::Data(kernel) => kernel,
        Given::Missing => {
            rec.miss(VM, "the console output does not tell the kernel: neither `_scs-test-kernel:` nor `Linux version` is in it");
            return;
        }
        Given::Unusable(reason) => {
            rec.dnf(VM, format!("the kernel cannot be told: {reason}"));
            return;
        }
    };
    // The new generator always counts 256 bits, which tells it from the old one, whatever a distribution calls its kernel.
    let counts = console.entropy_available.data().map(|bits| *bits == 256);
    match (kernel.generator(), counts) {
        (Generator::New, _) => {}
        (Generator::BackPorted, _) => {
            rec.note(
                VM,
                format!("its kernel {kernel} is older than 5.18 and has the random number generator of 5.18"),
            );
        }
        (Generator::Unknown | Generator::Old, Some(true)) => {
            rec.note(VM, format!("its kernel {kernel} is older than 5.18, but counts 256 bits as the random number generator of 5.18 does"));
        }
        (Generator::Unknown, None) => {
            rec.dnf(VM, format!("its kernel {kernel} is older than 5.18, and the number does not tell whether the distribution has put the random number generator of 5.18 into it; `entropy_avail` would"));
        }
        (Generator::Old, _) | (Generator::Unknown, Some(false)) => {
            rec.fail(
                VM,
                format!(
                    "its kernel {kernel} has the random number generator from before 5.18; take a newer image"
                ),
            )
            .compared("5.18 or later, or a long-term kernel with its generator", kernel);
        }
    }
}
