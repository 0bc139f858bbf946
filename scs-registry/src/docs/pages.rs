//! The tables that fill a page, as Markdown. Every row is read from the libraries, so that a page cannot know more than they
//! do.

use std::fmt::{Display, Write};

use scs_flavor_naming::{
    Card, CpuFrequency, CpuGeneration, CpuType, CpuVendor, DISK_SCHEDULE_GB, DiskType, FlavorName, GpuAccess,
    GpuGeneration, GpuVendor, Hypervisor, IaasScope, IntelGen, NvidiaGeneration, RECOMMENDED_RATIOS,
    StandardDisk, StandardFlavor, Syntax,
};
use scs_standards::TestCase;

use crate::domain::RuleInfo;
use crate::registry::Registry;

/// Numbers of GPU generations are tried up to this one; what the code knows lies far below.
const MOST_GPU_GENERATION: u32 = 20;

/// All rules, and the official test cases.
#[must_use]
pub fn rules() -> String {
    let mut page = Page(String::new());
    page.text(
        "Every rule that the program asks, in the order of the standards: over documents (`scs standards lint`), scope files \
         (`scs certificate show`), clouds and clusters (`scs check`; of flavors, images and sample VMs also `scs flavor check`, \
         `scs image check`, `scs entropy check`). *Level* is the weight of the requirement in the text, *documents* are the \
         versions that state it, *section* is the heading in the first of them. A rule with a *test case* counts for that \
         official test case, one over several flavors for that of each; the others answer for themselves.",
    );
    let registry = Registry::new();
    let cases: Vec<&TestCase> = registry.test_cases().collect();
    let mut rules: Vec<RuleInfo> = registry.rules().copied().collect();
    // A standard's rules stay in the order of their tables.
    rules.sort_by_key(|rule| rule.documents.first().copied());
    // Where versions have rules of their own, what they share stands under the first of them.
    let title = |rules: &[RuleInfo]| -> String {
        let Some(document) = rules.first().and_then(|rule| rule.documents.first()) else {
            return String::new();
        };
        document.to_string()
    };
    for of_document in rules.chunk_by(|one, other| one.documents.first() == other.documents.first()) {
        page.heading(&title(of_document));
        rule_table(&mut page, of_document.iter().copied(), &cases);
    }
    page.heading("Test cases");
    page.text(
        "The ids under which the official test suite publishes results, and the rules that decide each. A MUST test case is \
         decided by its MUST rules alone.",
    );
    page.head(&["test case", "level", "rules"]);
    for case in cases {
        let rules: Vec<String> = case.rules.iter().map(code).collect();
        page.row(&[&code(case.id), &case.level, &rules.join(", ")]);
    }
    page.finish()
}

fn rule_table(page: &mut Page, rules: impl Iterator<Item = RuleInfo>, cases: &[&TestCase]) {
    page.head(&["rule", "level", "asks that", "documents", "section", "test case"]);
    for rule in rules {
        let documents: Vec<String> = rule.documents.iter().map(ToString::to_string).collect();
        page.row(&[
            &code(rule.id),
            &rule.level,
            &rule.summary,
            &documents.join(", "),
            &rule.section,
            &deciding(rule.id, cases.iter().copied()),
        ]);
    }
}

/// The official test cases that a rule decides; of several what their ids have in common.
pub(super) fn deciding<'c>(rule: &str, cases: impl Iterator<Item = &'c TestCase>) -> String {
    let mut cases = cases.filter(|case| case.rules.contains(&rule)).map(|case| case.id);
    let Some(first) = cases.next() else { return String::new() };
    let rest: Vec<&str> = cases.collect();
    if rest.is_empty() {
        return code(first);
    }
    let common = rest.iter().fold(first, |common, id| {
        let length = common.bytes().zip(id.bytes()).take_while(|(one, other)| one == other).count();
        &common[..length]
    });
    format!("`{common}…`")
}

/// The standard flavors.
#[must_use]
pub fn standard_flavors() -> String {
    let mut page = Page(String::new());
    page.text(
        "The flavors of scs-0103-v1. A flavor is standard by its figures and properties; the names are recommendations. \
         *Revision* is the dated revision of the text that brought the row.",
    );
    page.head(&[
        "name",
        "in v1",
        "vCPUs",
        "class",
        "RAM in MiB",
        "disk in GB",
        "disk type",
        "status",
        "revision",
    ]);
    for flavor in StandardFlavor::all() {
        let disk = match flavor.disk_type() {
            StandardDisk::None => String::new(),
            StandardDisk::Any => "any".to_owned(),
            StandardDisk::Of(kind) => code(kind),
        };
        page.row(&[
            &code(flavor.recommended_name()),
            &code(flavor.name_v1()),
            &flavor.vcpus(),
            &code(flavor.cpu_type()),
            &flavor.ram_mib(),
            &flavor.disk_gb(),
            &disk,
            &flavor.status(),
            &flavor.revision(),
        ]);
    }
    page.heading("Properties");
    page.text("The extra specs that each has to have. Where the disk type is open, `scs:disk0-type` is set to any of the four.");
    page.head(&["name", "extra specs"]);
    for flavor in StandardFlavor::all() {
        let specs: Vec<String> = flavor
            .expected_extra_specs()
            .into_iter()
            .map(|(key, value)| code(format!("{key}={value}")))
            .collect();
        page.row(&[&code(flavor.recommended_name()), &specs.join(" ")]);
    }
    page.heading("Scope versions");
    page.text("How many of them each version of the scope `scs-compatible-iaas` asks for.");
    page.head(&["version", "mandatory", "recommended"]);
    for scope in IaasScope::ALL {
        use scs_flavor_naming::FlavorStatus::{Mandatory, Recommended};
        page.row(&[&scope, &scope.flavors(Mandatory).count(), &scope.flavors(Recommended).count()]);
    }
    page.finish()
}

/// The vocabularies of names.
#[must_use]
pub fn naming() -> String {
    let mut page = Page(String::new());
    page.text(
        "What each part of a flavor name may say. *Since* is the first version of scs-0100 that lists the row; a version takes \
         its own rows and those of the versions before it.",
    );
    separators(&mut page);
    core_parts(&mut page);
    extensions(&mut page);
    gpus(&mut page);
    page.finish()
}

fn separators(page: &mut Page) {
    page.heading("Versions and separators");
    page.head(&["version", "document", "between CPU, RAM and disk", "before an extension", "the same name"]);
    // The printed name tells the separators.
    let Ok(example) = "SCS-16T-64-200s_GNa-72_ib".parse::<FlavorName>() else { return };
    for syntax in Syntax::ALL {
        let Some(text) = example.spelled(syntax) else { continue };
        let after = |part: &str| text.split_once(part).and_then(|(_, rest)| rest.chars().next());
        page.row(&[
            &syntax,
            &syntax.document(),
            &after("16T").map(code).unwrap_or_default(),
            &after("200s").map(code).unwrap_or_default(),
            &code(&text),
        ]);
    }
}

fn core_parts(page: &mut Page) {
    page.heading("CPU types");
    page.text("Weakest guarantee first.");
    page.head(&["letter", "`scs:cpu-type`"]);
    for kind in CpuType::ALL {
        page.row(&[&code(kind.letter()), &code(kind.key())]);
    }
    page.heading("Disk types");
    page.head(&["letter", "`scs:diskN-type`", "in words"]);
    for kind in DiskType::ALL {
        page.row(&[&code(kind.letter()), &code(kind.key()), &kind.words()]);
    }
    page.text(&format!("Recommended sizes in GB: {}.", list(DISK_SCHEDULE_GB)));
    page.text(&format!("Recommended GiB of memory for each vCPU: {}.", list(RECOMMENDED_RATIOS)));
}

fn extensions(page: &mut Page) {
    page.heading("Hypervisors");
    page.head(&["word", "in words", "since"]);
    for hypervisor in Hypervisor::ALL {
        page.row(&[&code(hypervisor.token()), &hypervisor.words(), &hypervisor.since()]);
    }
    page.heading("CPU vendors");
    page.head(&["letter", "in words", "image property `architecture`"]);
    for vendor in CpuVendor::ALL {
        page.row(&[&code(vendor.letter()), &vendor.words(), &code(vendor.image_architecture())]);
    }
    page.heading("CPU generations");
    page.text("The number 0, for what is older than 1 or not specified, is read and should be left out.");
    page.head(&["piece", "vendor", "generation", "since"]);
    for generation in CpuGeneration::all() {
        let piece = format!("{}{}", generation.vendor().letter(), generation.number());
        page.row(&[&code(piece), &generation.vendor().words(), &generation.name(), &generation.since()]);
    }
    page.heading("CPU frequencies");
    page.head(&["letters", "all cores above"]);
    for frequency in CpuFrequency::ALL {
        if let Some(mhz) = frequency.above_mhz() {
            let letters = "h".repeat(usize::from(frequency.letters()));
            page.row(&[&code(letters), &format!("{mhz} MHz")]);
        }
    }
}

fn gpus(page: &mut Page) {
    page.heading("GPU access and vendors");
    page.head(&["letter", "means"]);
    for access in GpuAccess::ALL {
        page.row(&[&code(access.letter()), &access.key()]);
    }
    for vendor in GpuVendor::ALL {
        page.row(&[&code(vendor.letter()), &format!("{}, counted in {}", vendor.words(), vendor.units(2))]);
    }
    page.heading("GPU generations");
    page.text(
        "How each version writes a generation; an empty cell means that the version cannot say it, or that its text does not \
         know it yet. Other numbers of AMD and Intel that fit the text's formulas are read, and remarked.",
    );
    page.head(&["vendor", "generation", "v1", "v2", "v3"]);
    for generation in gpu_generations() {
        let codes = Syntax::ALL.map(|syntax| {
            let known = generation.code(syntax).filter(|_| generation.is_known(syntax));
            known.map(code).unwrap_or_default()
        });
        if codes.iter().any(|code| !code.is_empty()) {
            let [v1, v2, v3] = &codes;
            page.row(&[&generation.vendor().words(), &generation.name(), v1, v2, v3]);
        }
    }
}

/// Everything that may be a known generation, oldest first for each kind.
fn gpu_generations() -> impl Iterator<Item = GpuGeneration> {
    let numbers = || (1..=MOST_GPU_GENERATION).filter_map(std::num::NonZeroU32::new);
    let digits = (1..=9).flat_map(|first| (0..=9).map(move |second| (first, (second > 0).then_some(second))));
    let intel_gen = digits.filter_map(|(first, second)| IntelGen::from_digits(first, second));
    NvidiaGeneration::ALL
        .into_iter()
        .map(GpuGeneration::Nvidia)
        .chain(numbers().map(GpuGeneration::Gcn))
        .chain(numbers().map(GpuGeneration::CdnaOrUdna))
        .chain(numbers().map(GpuGeneration::Rdna))
        .chain([GpuGeneration::Rdna35])
        .chain(intel_gen.map(GpuGeneration::IntelGen))
        .chain(numbers().map(GpuGeneration::IntelXe))
}

/// The GPU cards.
#[must_use]
pub fn gpu_cards() -> String {
    let mut page = Page(String::new());
    page.text(
        "The cards and partitions that supplement scs-0100-w1 lists, with the piece that each adds to a flavor name when it is \
         passed through. Most figures come from data sheets: look up what your users really get.",
    );
    for (title, consumer) in [("Cards for data centers and workstations", false), ("Consumer cards", true)] {
        page.heading(title);
        page.head(&["vendor", "card", "part", "units", "VRAM in GiB", "memory", "piece", "remark"]);
        for card in Card::all().filter(|card| card.is_consumer() == consumer) {
            let part = match card.fraction() {
                (1, 1) => String::new(),
                (numerator, denominator) => format!("{numerator}/{denominator}"),
            };
            page.row(&[
                &card.vendor().words(),
                &card.name(),
                &part,
                &card.units(),
                &card.vram_gib(),
                &card.memory().unwrap_or_default(),
                &code(card.piece()),
                &card.remark().unwrap_or_default(),
            ]);
        }
    }
    page.finish()
}

fn code(text: impl Display) -> String {
    format!("`{text}`")
}

fn list(numbers: impl IntoIterator<Item = u32>) -> String {
    numbers.into_iter().map(|number| number.to_string()).collect::<Vec<_>>().join(", ")
}

/// A page of Markdown. Writing to its text does not fail.
struct Page(String);

impl Page {
    fn heading(&mut self, title: &str) {
        let _ = write!(self.0, "\n## {title}\n");
    }

    fn text(&mut self, text: &str) {
        let _ = write!(self.0, "\n{text}\n");
    }

    fn head(&mut self, columns: &[&str]) {
        let _ = write!(self.0, "\n| {} |\n|{}\n", columns.join(" | "), " --- |".repeat(columns.len()));
    }

    fn row(&mut self, cells: &[&dyn Display]) {
        self.0.push('|');
        for cell in cells {
            // A bar would begin the next cell.
            let _ = write!(self.0, " {} |", cell.to_string().replace('|', "\\|"));
        }
        self.0.push('\n');
    }

    fn finish(self) -> String {
        self.0.replace("|  |", "| |").replace("|  |", "| |")
    }
}

#[cfg(test)]
mod tests {
    use super::{Page, gpu_cards, naming, rules, standard_flavors};

    #[test]
    fn every_row_has_as_many_cells_as_its_head() {
        for page in [rules(), standard_flavors(), naming(), gpu_cards()] {
            let cells = |line: &str| line.replace("\\|", "").matches('|').count();
            let mut head = None;
            for line in page.lines() {
                if line.starts_with('|') {
                    assert_eq!(cells(line), *head.get_or_insert(cells(line)), "{line}");
                } else {
                    head = None;
                }
            }
        }
    }

    #[test]
    fn bars_and_empty_cells() {
        let mut page = Page(String::new());
        page.head(&["a", "b", "c"]);
        page.row(&[&"x|y", &"", &""]);
        assert_eq!(page.finish(), "\n| a | b | c |\n| --- | --- | --- |\n| x\\|y | | |\n");
    }
}
