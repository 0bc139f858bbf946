//! Recognizes plain names without parsing them into values: most lines of most files.
//!
//! For names with small numbers, the form is enough to know the remarks: none, a disk size outside the schedule, the syntax of
//! v1, or a GPU that is not in the table of cards. One automaton for these forms, built from the tables of the library, has no
//! unpredictable branches, while a parser has about ten per name. Anything else is left to the parser; a test compares the two
//! under both profiles.

use regex_automata::dfa::{Automaton, StartKind, dense};
use regex_automata::nfa::thompson;
use regex_automata::util::primitives::StateID;
use regex_automata::util::syntax;
use regex_automata::{Anchored, Input};
use scs_flavor_naming::{
    Card, CpuGeneration, CpuType, CpuVendor, DISK_SCHEDULE_GB, DiskType, Hypervisor, NvidiaGeneration,
    Remark, Remarks, Syntax,
};

/// The minimum size in bytes for building the automaton.
pub(super) const WORTH: u64 = 4 << 20;

/// Recognizes plain names.
#[derive(Clone, Debug)]
pub(super) struct Plain {
    automaton: dense::DFA<Vec<u32>>,
    start: StateID,
}

/// The GPU in a form.
#[derive(Clone, Copy)]
enum GpuForm {
    /// None, one without units, or one that a card has.
    None,
    /// One without units, or one that a card has.
    Known,
    /// Any with units.
    Any,
}

/// A form: its version, whether disk sizes are in the schedule, its GPU, and its remarks.
type Form = (Syntax, bool, GpuForm, Remarks);

/// The forms. The first match counts: a size in the schedule is also any size, and the GPU of a card is also any GPU.
const FORMS: [Form; 6] = {
    const OLD: u8 = 1 << Remark::OldSyntax as u8;
    const UNSCHEDULED: u8 = 1 << Remark::UnscheduledDisk as u8;
    const NO_CARD: u8 = 1 << Remark::UnknownCard as u8;
    [
        (Syntax::V3, true, GpuForm::Known, Remarks::from_bits(0)),
        (Syntax::V3, false, GpuForm::Known, Remarks::from_bits(UNSCHEDULED)),
        (Syntax::V3, true, GpuForm::Any, Remarks::from_bits(NO_CARD)),
        (Syntax::V3, false, GpuForm::Any, Remarks::from_bits(NO_CARD | UNSCHEDULED)),
        (Syntax::V1, true, GpuForm::None, Remarks::from_bits(OLD)),
        (Syntax::V1, false, GpuForm::None, Remarks::from_bits(OLD | UNSCHEDULED)),
    ]
};

const NUMBER: &str = "[1-9][0-9]{0,4}";

/// The regular expression for the names of a form.
fn pattern((syntax, scheduled, gpu, _): Form) -> String {
    let (core, extension) = if syntax == Syntax::V1 { (':', '-') } else { ('-', '_') };
    let cpu_types: String = CpuType::ALL.map(CpuType::letter).iter().collect();
    let disk_types: String = DiskType::ALL.map(DiskType::letter).iter().collect();
    // The schedule of v1 also has 2000 GB.
    let schedule = DISK_SCHEDULE_GB.into_iter().chain((syntax == Syntax::V1).then_some(2000));
    let size = if scheduled { one_of(schedule.map(|size| size.to_string())) } else { NUMBER.to_owned() };
    let disk = format!("(?:(?:[2-9]|[1-9][0-9]{{1,2}})x)?{size}[{disk_types}]?");
    let disk =
        if scheduled { format!("(?:{core}(?:{disk}|[{disk_types}]))?") } else { format!("{core}{disk}") };
    let hypervisors = Hypervisor::ALL.into_iter().filter(|hypervisor| hypervisor.since() <= syntax);
    let hypervisor = one_of(hypervisors.map(|hypervisor| hypervisor.token().to_owned()));
    let cpu = one_of(CpuVendor::ALL.map(|vendor| cpu_of(vendor, syntax)));
    let rest = match gpu {
        GpuForm::None => format!("(?:{extension}ib)?"),
        // The profiles differ for a GPU without units before InfiniBand.
        GpuForm::Known => {
            format!("(?:_[Gg]{}|(?:_[Gg]{})?(?:_ib)?)", generation(), one_of(Card::all().map(known)))
        }
        GpuForm::Any => format!("_[Gg]{}-{NUMBER}h{{0,2}}(?:-{NUMBER}h?)?(?:_ib)?", generation()),
    };
    // Half GiB from 10 GiB on have a remark of their own.
    format!(
        "SCS-{NUMBER}[{cpu_types}]i?{core}(?:{NUMBER}|[0-9]\\.5)u?o?{disk}(?:{extension}{hypervisor})?\
         (?:{extension}hwv)?(?:{extension}{cpu}h{{0,3}})?{rest}\\r?\\z"
    )
}

fn one_of(words: impl IntoIterator<Item = String>) -> String {
    format!("(?:{})", words.into_iter().collect::<Vec<_>>().join("|"))
}

/// A vendor with a generation that both profiles accept and know.
fn generation() -> String {
    let letters: String = NvidiaGeneration::ALL.map(NvidiaGeneration::letter).iter().collect();
    format!("(?:N[{letters}]|A(?:0\\.[45]|[1-4](?:\\.1)?|5\\.1|3\\.5)|I(?:0\\.9|[1-4]))")
}

/// The spellings of a card in a name: complete or shortened.
fn known(card: Card) -> String {
    let gpu = card.gpu();
    let generation = gpu.generation().and_then(|generation| generation.code(Syntax::V3));
    let generation = generation.map_or(String::new(), |code| code.to_string().replace('.', "\\."));
    let h = if card.has_high_bandwidth() { "h?" } else { "" };
    format!(
        "{}{generation}-{}h{{0,{}}}(?:-{}{h})?",
        gpu.vendor().letter(),
        card.units(),
        gpu.frequency(),
        card.vram_gib()
    )
}

/// A vendor with the generations of a version; generation 0 has a remark of its own.
fn cpu_of(vendor: CpuVendor, syntax: Syntax) -> String {
    let generations: String = CpuGeneration::all()
        .filter(|generation| generation.vendor() == vendor && generation.since() <= syntax)
        .map(|generation| generation.number().to_string())
        .collect();
    if generations.is_empty() {
        vendor.letter().to_string()
    } else {
        format!("{}[{generations}]?", vendor.letter())
    }
}

impl Plain {
    /// Builds the automaton; `None` if that fails, and only the parser is used.
    pub(super) fn new() -> Option<Self> {
        let patterns = FORMS.map(pattern);
        let automaton = dense::Builder::new()
            .configure(dense::Config::new().start_kind(StartKind::Anchored))
            .syntax(syntax::Config::new().unicode(false).utf8(false))
            .thompson(thompson::Config::new().utf8(false))
            .build_many(&patterns)
            .ok()?;
        let start = automaton.start_state_forward(&Input::new("").anchored(Anchored::Yes)).ok()?;
        Some(Self { automaton, start })
    }

    /// The length of the first line of a text without its line break, and its remarks if it is a plain name.
    #[inline]
    pub(super) fn first_line(&self, text: &[u8]) -> (usize, Option<Remarks>) {
        let mut state = self.start;
        let mut length = 0;
        // One pass also finds the end of the line: other names continue in the dead state.
        for &byte in text {
            if byte == b'\n' {
                break;
            }
            state = self.automaton.next_state(state, byte);
            length += 1;
        }
        state = self.automaton.next_eoi_state(state);
        if !self.automaton.is_match_state(state) {
            return (length, None);
        }
        let form = FORMS.get(self.automaton.match_pattern(state, 0).as_usize());
        (length, form.map(|(.., remarks)| *remarks))
    }
}

#[cfg(test)]
mod tests {
    use scs_benches::{Random, mixed, mutated};
    use scs_flavor_naming::Parser;
    use scs_standards::Profile;

    use super::*;

    #[test]
    fn plain_names_are_what_the_parser_says() {
        let plain = Plain::new().unwrap();
        let mut random = Random::new(0x0100);
        let mut recognized = 0;
        for index in 0..200_000 {
            let mut name = mixed(&mut random);
            if index % 2 == 1 {
                name = mutated(&mut random, &name);
            }
            let (length, Some(remarks)) = plain.first_line(name.as_bytes()) else { continue };
            assert_eq!(length, name.len());
            recognized += 1;
            for profile in Profile::ALL {
                let parsed = Parser::new(profile).accept(name.as_bytes());
                let parsed = parsed.unwrap_or_else(|| panic!("{name} is not a name under {profile}"));
                assert_eq!(
                    Remarks::about(name.as_bytes(), &parsed, profile),
                    remarks,
                    "{name} under {profile}"
                );
            }
        }
        assert!(recognized > 90_000, "{recognized} of 200 000 names are plain");
        for other in ["", "SCS-", "SCS-2V-10.5", "SCS-2V-8-", "SCS-2V-8_i0", "SCS-2V-8_GNa_ib", "m1.small"] {
            assert_eq!(plain.first_line(other.as_bytes()), (other.len(), None), "{other:?}");
        }
        for (text, length) in [("SCS-2V-8\nSCS-", 8), ("SCS-2V-8\r\n", 9), ("SCS-2V-8\r", 9)] {
            assert_eq!(plain.first_line(text.as_bytes()), (length, Some(Remarks::from_bits(0))), "{text:?}");
        }
    }
}
