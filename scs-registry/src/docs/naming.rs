//! The vocabularies of flavor names.

use scs_flavor_naming::{
    CpuFrequency, CpuGeneration, CpuType, CpuVendor, DISK_SCHEDULE_GB, DiskType, FlavorName, GpuAccess,
    GpuGeneration, GpuVendor, Hypervisor, IntelGen, NvidiaGeneration, RECOMMENDED_RATIOS, Syntax,
};

use super::DocsStyle;
use super::page::{Page, code};

/// The highest GPU generation number to try; all known ones are much lower.
const MOST_GPU_GENERATION: u32 = 20;

/// The vocabularies of names.
pub(super) fn naming(style: &DocsStyle) -> String {
    let mut page = Page::new(style);
    page.text(
        "The values of each part of a flavor name. *Since* is the first version of scs-0100 that lists the row; later versions \
         accept it, too.",
    );
    separators(&mut page);
    core_parts(&mut page);
    extensions(&mut page);
    gpus(&mut page);
    page.finish()
}

fn separators(page: &mut Page<'_>) {
    page.heading(0, "Versions and separators");
    page.head(&["Version", "Document", "Between CPU, RAM and disk", "Before an extension", "The same name"]);
    // The printed name contains the separators.
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

fn core_parts(page: &mut Page<'_>) {
    page.heading(0, "CPU types");
    page.text("Weakest guarantee first.");
    page.head(&["Letter", "`scs:cpu-type`"]);
    for kind in CpuType::ALL {
        page.row(&[&code(kind.letter()), &code(kind.key())]);
    }
    page.heading(0, "Disk types");
    page.head(&["Letter", "`scs:diskN-type`", "In words"]);
    for kind in DiskType::ALL {
        page.row(&[&code(kind.letter()), &code(kind.key()), &kind.words()]);
    }
    page.text(&format!("Recommended sizes in GB: {}.", list(DISK_SCHEDULE_GB)));
    page.text(&format!("Recommended GiB of memory for each vCPU: {}.", list(RECOMMENDED_RATIOS)));
}

fn extensions(page: &mut Page<'_>) {
    page.heading(0, "Hypervisors");
    page.head(&["Word", "In words", "Since"]);
    for hypervisor in Hypervisor::ALL {
        page.row(&[&code(hypervisor.token()), &hypervisor.words(), &hypervisor.since()]);
    }
    page.heading(0, "CPU vendors");
    page.head(&["Letter", "In words", "Image property `architecture`"]);
    for vendor in CpuVendor::ALL {
        page.row(&[&code(vendor.letter()), &vendor.words(), &code(vendor.image_architecture())]);
    }
    page.heading(0, "CPU generations");
    page.text("The number 0 (older than 1, or not specified) is accepted, but should be omitted.");
    page.head(&["Name part", "Vendor", "Generation", "Since"]);
    for generation in CpuGeneration::all() {
        let piece = format!("{}{}", generation.vendor().letter(), generation.number());
        page.row(&[&code(piece), &generation.vendor().words(), &generation.name(), &generation.since()]);
    }
    page.heading(0, "CPU frequencies");
    page.head(&["Letters", "All cores above"]);
    for frequency in CpuFrequency::ALL {
        if let Some(mhz) = frequency.above_mhz() {
            let letters = "h".repeat(usize::from(frequency.letters()));
            page.row(&[&code(letters), &format!("{mhz} MHz")]);
        }
    }
}

fn gpus(page: &mut Page<'_>) {
    page.heading(0, "GPU access and vendors");
    page.head(&["Letter", "Means"]);
    for access in GpuAccess::ALL {
        page.row(&[&code(access.letter()), &access.key()]);
    }
    for vendor in GpuVendor::ALL {
        page.row(&[&code(vendor.letter()), &format!("{}, counted in {}", vendor.words(), vendor.units(2))]);
    }
    page.heading(0, "GPU generations");
    page.text(
        "The notation of each generation by version; an empty cell means that the version has no notation for it. Other numbers \
         for AMD and Intel that match the formulas of the text are accepted with a remark.",
    );
    page.head(&["Vendor", "Generation", "v1", "v2", "v3"]);
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

/// All candidates for known generations, oldest first for each vendor.
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

fn list(numbers: impl IntoIterator<Item = u32>) -> String {
    numbers.into_iter().map(|number| number.to_string()).collect::<Vec<_>>().join(", ")
}
