//! The random number generator of the kernel.

use scs_standards::Given;

use super::inputs::{CONSOLE, Rec, VM};
use crate::evidence::EntropyEvidence;
use crate::kernel::Generator;

pub(super) fn generator(evidence: &EntropyEvidence, rec: &mut Rec<'_>) {
    let Some(console) = rec.needs(&evidence.console, CONSOLE) else { return };
    let kernel = match &console.kernel {
        Given::Data(kernel) => kernel,
        Given::Missing => {
            rec.miss(VM, "the console output does not contain the kernel release: both `_scs-test-kernel:` and `Linux version` are missing");
            return;
        }
        Given::Unusable(reason) => {
            rec.dnf(VM, format!("the kernel is unknown: {reason}"));
            return;
        }
    };
    // The new generator always reports 256 bits, which distinguishes it from the old one in any distribution kernel.
    let counts = console.entropy_available.data().map(|bits| *bits == 256);
    match (kernel.generator(), counts) {
        (Generator::New, _) => {}
        (Generator::BackPorted, _) => {
            rec.note(
                VM,
                format!("the kernel {kernel} is older than 5.18 and has the random number generator of 5.18"),
            );
        }
        (Generator::Unknown | Generator::Old, Some(true)) => {
            rec.note(VM, format!("the kernel {kernel} is older than 5.18, but reports 256 bits like the random number generator of 5.18"));
        }
        (Generator::Unknown, None) => {
            rec.dnf(VM, format!("the kernel {kernel} is older than 5.18, and its number does not show whether the distribution back-ported the random number generator of 5.18; `entropy_avail` would"));
        }
        (Generator::Old, _) | (Generator::Unknown, Some(false)) => {
            rec.fail(
                VM,
                format!(
                    "the kernel {kernel} has the random number generator from before 5.18; use a newer image"
                ),
            )
            .compared("5.18 or later, or a long-term kernel with its generator", kernel);
        }
    }
}
