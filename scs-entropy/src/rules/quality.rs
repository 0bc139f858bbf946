//! Amount and quality of entropy.

use scs_standards::wording::counted;
use scs_standards::{Given, Profile, Split, Verdict};

use super::inputs::{CONSOLE, Rec, VM};
use crate::console::{ConsoleOutput, FipsReport, MARKER, OfficialFips};
use crate::evidence::EntropyEvidence;
use crate::fips::FipsTest;
use crate::kernel::Generator;
use crate::words::brief;

/// The value always reported by the new random number generator, in bits.
const ENTROPY: u64 = 256;
/// The required number of tested blocks.
const BLOCKS: u64 = 1_000;
/// The number of failures in [`BLOCKS`] blocks from which the test fails.
const TOO_MANY: u64 = 5;
/// The devices of the kernel's random number generator.
const KERNELS: [&str; 2] = ["/dev/random", "/dev/urandom"];
/// More failures than this are worth a warning.
const UNREMARKABLE: u64 = 3;
/// The difference between text and suite in counting failures.
const LIMIT: &str = "C-059";
/// The difference between text and suite in reading the console: C-061 is about the value; this is about how it is found.
const READING: &str = "C-061";

/// The statement of one profile.
struct Statement {
    verdict: Verdict,
    message: String,
    expected: Option<(String, String)>,
    /// Whether it is worth a finding even if both profiles agree.
    is_remarkable: bool,
}

impl Statement {
    fn new(verdict: Verdict, message: impl Into<String>) -> Self {
        Self { verdict, message: message.into(), expected: None, is_remarkable: verdict != Verdict::Pass }
    }

    /// Marks a PASS as worth reporting.
    fn remarkable(self) -> Self {
        Self { is_remarkable: true, ..self }
    }

    fn compared(self, expected: impl Into<String>, actual: impl Into<String>) -> Self {
        Self { expected: Some((expected.into(), actual.into())), ..self }
    }
}

/// Records the statement of the selected profile, with the verdict of the other one if it differs.
fn record(rec: &mut Rec<'_>, text: Statement, official: Statement, difference: &'static str) {
    let split = Split { text: text.verdict, official: official.verdict, difference };
    let said = match rec.context().profile {
        Profile::Text => text,
        Profile::Official => official,
    };
    if split.text == split.official && said.verdict == Verdict::Pass {
        if said.is_remarkable {
            rec.warn(VM, said.message);
        }
        return;
    }
    let entry = rec.split(split, VM, said.message);
    if let Some((expected, actual)) = said.expected {
        entry.compared(expected, actual);
    }
}

/// The statement about a missing section.
fn missing_section(console: &ConsoleOutput, section: &str) -> Statement {
    let mut why = String::new();
    if console.markers_in_messages > 0 {
        why.push_str(
            "; markers inside messages of the kernel or of programs other than cloud-init are not results",
        );
    }
    if !console.is_complete {
        why.push_str(", and no end marker: the VM had not finished, or the output is truncated");
    }
    Statement::new(Verdict::Dnf, format!("the console output has no line with `{MARKER}{section}:`{why}"))
}

pub(super) fn entropy_avail(evidence: &EntropyEvidence, rec: &mut Rec<'_>) {
    let Some(console) = rec.needs(&evidence.console, CONSOLE) else { return };
    let text = match &console.entropy_available {
        Given::Missing => missing_section(console, "entropy-avail"),
        Given::Unusable(reason) => {
            Statement::new(Verdict::Dnf, format!("`entropy_avail` is unknown: {reason}"))
        }
        Given::Data(ENTROPY) => Statement::new(Verdict::Pass, "`entropy_avail` is 256"),
        Given::Data(bits) => wrong_entropy(console, &bits.to_string()),
    };
    let official = match console.official.entropy_available.as_deref() {
        None => missing_section(console, "entropy-avail"),
        Some("256") => Statement::new(Verdict::Pass, "`entropy_avail` is 256"),
        Some(other) => wrong_entropy(console, other),
    };
    record(rec, text, official, READING);
}

/// Old kernels report the gathered entropy; the message names the kernel (C-061).
fn wrong_entropy(console: &ConsoleOutput, found: &str) -> Statement {
    let cause = match console.kernel.data() {
        Some(kernel) => match kernel.generator() {
            Generator::Old | Generator::Unknown => {
                format!("the kernel {kernel} has the old random number generator; use an image with Linux 5.18 or later")
            }
            Generator::New | Generator::BackPorted => {
                format!("the kernel {kernel} should always report 256; look for `random:` in the boot messages")
            }
        },
        None => "kernels before Linux 5.18 without its random number generator report other values; use a newer image".to_owned(),
    };
    let found = brief(found);
    Statement::new(Verdict::Fail, format!("`entropy_avail` is `{found}`, not 256: {cause}"))
        .compared("256", found)
}

pub(super) fn fips_test(evidence: &EntropyEvidence, rec: &mut Rec<'_>) {
    let Some(console) = rec.needs(&evidence.console, CONSOLE) else { return };
    let text = match &console.fips {
        Given::Missing => missing_section(console, "fips-test"),
        Given::Unusable(reason) => {
            Statement::new(Verdict::Dnf, format!("the FIPS 140-2 failures are unknown: {reason}"))
        }
        Given::Data(report) => {
            let device = console.fips_device.data().map_or(KERNELS[0], String::as_str);
            match by_the_text(report, device) {
                said if said.verdict == Verdict::Pass && !KERNELS.contains(&device) => Statement::new(
                    Verdict::Dnf,
                    format!("the blocks are from {device}, not from /dev/random as scs-0101 requires"),
                ),
                said => said,
            }
        }
    };
    let official = match console.official.fips {
        None => missing_section(console, "fips-test"),
        Some(OfficialFips::NotFound) => {
            Statement::new(Verdict::Dnf, "the number of failures is missing from `fips-test`")
        }
        Some(OfficialFips::Unusable) => {
            Statement::new(Verdict::Dnf, "the official suite fails to parse the number of failures")
        }
        // Five failures pass here, but fail by the text.
        Some(OfficialFips::Failures(failures)) => {
            judged(failures, failures > TOO_MANY, "1000 blocks from /dev/random", console.fips.data())
        }
    };
    record(rec, text, official, LIMIT);
}

fn by_the_text(report: &FipsReport, device: &str) -> Statement {
    if let Some(contradiction) = report.contradiction() {
        return Statement::new(
            Verdict::Dnf,
            format!("the FIPS 140-2 figures are inconsistent: {contradiction}"),
        );
    }
    let Some(failures) = report.failures else {
        return Statement::new(Verdict::Dnf, "the number of failures is missing from `fips-test`");
    };
    let Some(blocks) = report.blocks() else {
        return Statement::new(
            Verdict::Dnf,
            format!("{} of FIPS 140-2, but the number of blocks is unknown", counted(failures, "failure")),
        );
    };
    if blocks < BLOCKS {
        return Statement::new(
            Verdict::Dnf,
            format!("{} tested; scs-0101 counts failures in 1000", counted(blocks, "block")),
        )
        .compared("1000 blocks", blocks.to_string());
    }
    // Of several thousand blocks, the same ratio may fail.
    let too_many = failures >= (blocks / BLOCKS).saturating_mul(TOO_MANY);
    judged(failures, too_many, &format!("{} from {device}", counted(blocks, "block")), Some(report))
}

fn judged(failures: u64, too_many: bool, blocks: &str, report: Option<&FipsReport>) -> Statement {
    let tests: Vec<String> = FipsTest::ALL
        .into_iter()
        .filter_map(|test| Some((test, report?.count(test).filter(|count| *count > 0)?)))
        .map(|(test, count)| format!("{count} {test}"))
        .collect();
    let tests = if tests.is_empty() { String::new() } else { format!(" ({})", tests.join(", ")) };
    let found = format!("{failures} of {blocks} failed the FIPS 140-2 tests{tests}");
    if too_many {
        let message = format!("{found}; check the entropy instructions of the CPU and repeat the test");
        return Statement::new(Verdict::Fail, message).compared("fewer than 5 of 1000", failures.to_string());
    }
    if failures > UNREMARKABLE {
        return Statement::new(
            Verdict::Pass,
            format!("{found}, more than expected by chance; repeat the test"),
        )
        .remarkable();
    }
    Statement::new(Verdict::Pass, found)
}
