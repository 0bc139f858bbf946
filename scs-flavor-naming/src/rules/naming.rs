//! scs-0100: the syntax of names, and recommendations.

use std::collections::HashSet;

use scs_standards::{Context, DocumentId, Fix, Level, Profile, Recorder, Rule, Split, Verdict};

use super::documents::{NAMING, NAMING_V3, STANDARD_FLAVORS};
use crate::dialect::{Dialect, GpuGenerations, GpuNesting, Numbers};
use crate::error::{NameErrorKind, ParseNameError};
use crate::fixes;
use crate::gpu::Gpu;
use crate::grammar;
use crate::name::FlavorName;
use crate::offer::Offer;
use crate::reader::{Mistake, Place};
use crate::remarks::{Remark, Remarks};
use crate::set::FlavorSet;
use crate::standard_flavors::StandardFlavor;
use crate::syntax::Syntax;

const SYNTAX: Option<&str> = Some("scs-0100-syntax-check");

/// The rules that depend only on names.
pub(super) static RULES: &[Rule<FlavorSet>] = &[
    Rule {
        id: "scs-0100-syntax-check",
        level: Level::Must,
        documents: NAMING,
        section: "Naming policy compliance",
        summary: "every name that starts with `SCS-` follows the syntax of the standard",
        test_case: SYNTAX,
        question: None,
        check: syntax_check,
    },
    Rule {
        id: "scs-0100-disk-whole",
        level: Level::Must,
        documents: NAMING,
        section: "Disk sizes and types",
        summary: "disk sizes are whole numbers of GB",
        test_case: SYNTAX,
        question: None,
        check: |set, rec| {
            rejected(set, rec, |error| error.kind() == NameErrorKind::Mistake(Mistake::FractionalDisk));
        },
    },
    Rule {
        id: "scs-0100-extension-order",
        level: Level::Must,
        documents: NAMING,
        section: "Extensions",
        summary: "extensions occur in the order hypervisor, hwv, CPU, GPU, ib, each at most once",
        test_case: SYNTAX,
        question: None,
        check: |set, rec| {
            rejected(set, rec, |error| {
                matches!(error.kind(), NameErrorKind::ExtensionOrder | NameErrorKind::RepeatedExtension)
            });
        },
    },
    Rule {
        id: "scs-0100-no-own-extensions",
        level: Level::MustNot,
        documents: NAMING,
        section: "Naming policy compliance",
        summary: "no name that starts with `SCS-` has a custom extension",
        test_case: SYNTAX,
        question: None,
        check: |set, rec| rejected(set, rec, |error| error.kind() == NameErrorKind::UnknownExtension),
    },
    Rule {
        id: "scs-0100-gen-needs-vendor",
        level: Level::Must,
        documents: NAMING,
        section: "Generation and Vendor",
        summary: "a CPU generation follows its vendor letter and is in the table of the version",
        test_case: SYNTAX,
        question: None,
        check: |set, rec| {
            rejected(set, rec, |error| {
                matches!(
                    error.kind(),
                    NameErrorKind::GenerationWithoutVendor
                        | NameErrorKind::Mistake(Mistake::UnknownCpuGeneration)
                )
            });
        },
    },
    Rule {
        id: "scs-0100-gpu-generation",
        level: Level::Must,
        documents: NAMING,
        section: "GPU support",
        summary: "a GPU generation is in the list of its vendor or matches the formula of the text",
        test_case: SYNTAX,
        question: None,
        check: gpu_generation,
    },
    Rule {
        id: "scs-0100-gpu-vram-integer",
        level: Level::Must,
        documents: &[NAMING_V3],
        section: "GPU support",
        summary: "video memory is a whole number of GiB, rounded down",
        test_case: SYNTAX,
        question: None,
        check: |set, rec| rejected(set, rec, |error| error.place() == Place::Gpu && error.found() == "."),
    },
    Rule {
        id: "scs-0100-half-gib-large",
        level: Level::ShouldNot,
        documents: NAMING,
        section: "Memory",
        summary: "halves of a GiB are not used with 10 GiB of memory or more",
        test_case: None,
        question: None,
        check: |set, rec| remarked(set, rec, Remark::HalfGibLarge, Some("C-014")),
    },
    Rule {
        id: "scs-0100-gen-zero",
        level: Level::ShouldNot,
        documents: NAMING,
        section: "Generation and Vendor",
        summary: "the CPU generation 0 is left out",
        test_case: None,
        question: None,
        check: |set, rec| remarked(set, rec, Remark::GenerationZero, None),
    },
    Rule {
        id: "scs-0100-gpu-known-card",
        level: Level::May,
        documents: &[NAMING_V3],
        section: "GPU support",
        summary: "GPU units and video memory match a card of the supplement's table",
        test_case: None,
        question: None,
        check: |set, rec| remarked(set, rec, Remark::UnknownCard, None),
    },
    Rule {
        id: SHORT_NAME,
        level: Level::Should,
        documents: NAMING,
        section: "Naming policy compliance",
        summary: "for every long name, the cloud also offers the short, generic one",
        test_case: None,
        question: None,
        check: short_name,
    },
    Rule {
        id: "scs-0100-old-syntax",
        level: Level::ShouldNot,
        documents: &[NAMING_V3],
        section: "Previous standard versions",
        summary: "no names of older syntax versions are offered",
        test_case: None,
        question: None,
        check: |set, rec| remarked(set, rec, Remark::OldSyntax, Some("C-015")),
    },
    Rule {
        id: "scs-0100-mandatory-flavors",
        level: Level::Must,
        documents: MANDATORY_LIST,
        section: "Standard SCS flavors",
        summary: "the 26 flavors listed in v1 and v2 exist",
        test_case: None,
        question: None,
        check: mandatory_flavors,
    },
    Rule {
        id: "scs-0100-disk-schedule",
        level: Level::Should,
        documents: STANDARD_FLAVORS,
        section: "Recommended, part 2",
        summary: "disk sizes in names are 5, 10, 20, 50, 100, 200, 500 or 1000 GB",
        test_case: None,
        question: None,
        check: |set, rec| remarked(set, rec, Remark::UnscheduledDisk, None),
    },
    Rule {
        id: "scs-0100-canonical",
        level: Level::May,
        documents: NAMING,
        section: "Complete Proposal for systematic flavor naming",
        summary: "the name is in canonical form",
        test_case: None,
        question: None,
        check: |set, rec| remarked(set, rec, Remark::NotCanonical, None),
    },
];

/// The documents with the list of mandatory flavors before it moved to scs-0103 (C-021).
const MANDATORY_LIST: &[DocumentId] = &[DocumentId::version(100, 2), DocumentId::version(100, 1)];

fn syntax_check(set: &FlavorSet, rec: &mut Recorder<'_, FlavorSet>) {
    let context = rec.context();
    let profile = context.profile;
    for offer in set.scs() {
        let (Some(text), Some(official)) = (offer.name(Profile::Text), offer.name(Profile::Official)) else {
            continue;
        };
        let name = &offer.flavor().name;
        match (text, official) {
            (Ok(parsed), Ok(_)) => {
                if Remarks::about(name.as_bytes(), parsed, Profile::Text).contains(Remark::NotALabel) {
                    rec.note(name, Remark::NotALabel.message(parsed));
                }
            }
            (Err(_), Err(_)) => {
                if let Some(Err(error)) = offer.name(profile) {
                    rec.fail(name, error.to_string())
                        .compared(expected(error), found(error))
                        .repaired_by(renaming(set, offer, error, context));
                }
            }
            (Err(error), Ok(_)) => {
                let split =
                    Split { text: Verdict::Fail, official: Verdict::Pass, difference: difference(name) };
                let entry = rec.split(split, name, error.to_string()).compared(expected(error), found(error));
                if profile == Profile::Text {
                    entry.repaired_by(renaming(set, offer, error, context));
                }
            }
            (Ok(_), Err(error)) => {
                let split =
                    Split { text: Verdict::Pass, official: Verdict::Fail, difference: difference(name) };
                let message =
                    format!("valid by the text, but rejected by the official parser: {}", error.message());
                rec.split(split, name, message);
            }
        }
    }
    for reason in set.broken() {
        rec.dnf("flavor list", format!("a flavor cannot be read: {reason}"));
    }
}

fn renaming(set: &FlavorSet, offer: &Offer, error: &ParseNameError, context: &Context<'_>) -> Fix {
    match error.suggestion() {
        Some(suggestion) => fixes::rename(set, offer, suggestion, context),
        None => Fix::advice(
            "create it under a valid scs-0100 name, or one without `SCS-` (Nova cannot rename), then delete this one",
        ),
    }
}

fn expected(error: &ParseNameError) -> String {
    match error.suggestion() {
        Some(suggestion) => suggestion.to_owned(),
        None => error.expected().join(", "),
    }
}

fn found(error: &ParseNameError) -> &str {
    if error.found().is_empty() { "end of name" } else { error.found() }
}

/// The key of the difference between the text and the official parser that affects a name: the single option whose
/// change makes the rejecting side accept it.
fn difference(name: &str) -> &'static str {
    type Relaxed = fn(Dialect) -> Dialect;
    let single: [(&str, Relaxed); 4] = [
        ("C-013", |dialect| dialect.with_numbers(Numbers::Lenient)),
        ("C-004", |dialect| dialect.with_sizeless_multidisk(true)),
        ("C-007", |dialect| dialect.with_gpu_nesting(GpuNesting::Flat)),
        ("C-012", |dialect| dialect.with_gpu_generations(GpuGenerations::Table)),
    ];
    let accepts = |dialect: &Dialect| grammar::read(name.as_bytes(), *dialect).is_some();
    let texts = Syntax::ALL.map(Dialect::text);
    if texts.iter().any(accepts) {
        // The official parser rejects it because of an unknown generation, or because it reads `_ib` as one.
        let formula =
            Syntax::ALL.map(|syntax| Dialect::official(syntax).with_gpu_generations(GpuGenerations::Formula));
        let known = texts.iter().filter_map(|dialect| grammar::read(name.as_bytes(), *dialect)).all(|raw| {
            raw.name.gpu.and_then(Gpu::generation).is_none_or(|generation| generation.is_known(Syntax::V3))
        });
        return if formula.iter().any(accepts) && known && name.contains("ib") {
            "official-gpu-ib"
        } else {
            "C-012"
        };
    }
    single
        .iter()
        .find(|(_, relax)| texts.iter().any(|dialect| accepts(&relax(*dialect))))
        .map_or("C-011", |(key, _)| key)
}

/// A rule that is part of the syntax: violated by names that were rejected for its reason.
fn rejected(set: &FlavorSet, rec: &mut Recorder<'_, FlavorSet>, reason: fn(&ParseNameError) -> bool) {
    let profile = rec.context().profile;
    for offer in set.scs() {
        if let Some(Err(error)) = offer.name(profile)
            && reason(error)
        {
            rec.fail(&offer.flavor().name, error.to_string()).compared(expected(error), found(error));
        }
    }
}

fn gpu_generation(set: &FlavorSet, rec: &mut Recorder<'_, FlavorSet>) {
    rejected(set, rec, |error| error.kind() == NameErrorKind::Mistake(Mistake::UnknownGpuGeneration));
    for_each_remark(set, rec, Remark::UnknownGpuGeneration, |rec, offer, message| {
        rec.warn(&offer.flavor().name, message);
    });
}

/// A rule violated by a remark; with a key, the official suite passes silently.
fn remarked(
    set: &FlavorSet,
    rec: &mut Recorder<'_, FlavorSet>,
    remark: Remark,
    difference: Option<&'static str>,
) {
    for_each_remark(set, rec, remark, |rec, offer, message| {
        let name = &offer.flavor().name;
        match difference {
            Some(difference) => {
                rec.split(Split { text: Verdict::Fail, official: Verdict::Pass, difference }, name, message);
            }
            None => {
                rec.fail(name, message);
            }
        }
    });
}

fn for_each_remark(
    set: &FlavorSet,
    rec: &mut Recorder<'_, FlavorSet>,
    remark: Remark,
    mut report: impl FnMut(&mut Recorder<'_, FlavorSet>, &Offer, String),
) {
    let Context { profile, .. } = *rec.context();
    for (offer, parsed) in set.named(profile) {
        if Remarks::about(offer.flavor().name.as_bytes(), parsed, profile).contains(remark) {
            report(rec, offer, remark.message(parsed));
        }
    }
}

/// The rule that requires a short name in addition to a long one.
pub(crate) const SHORT_NAME: &str = "scs-0100-short-name";

/// Flavors that are not available to everyone do not count as offered.
fn short_name(set: &FlavorSet, rec: &mut Recorder<'_, FlavorSet>) {
    let context = rec.context();
    let profile = context.profile;
    let is_offered = |offer: &Offer| {
        let flavor = offer.flavor();
        flavor.is_public != Some(false) && flavor.disabled != Some(true)
    };
    let offered: HashSet<FlavorName> =
        set.named(profile).filter(|(offer, _)| is_offered(offer)).map(|(_, parsed)| parsed.name).collect();
    let mut missing = HashSet::new();
    for (offer, parsed) in set.named(profile) {
        let generic = short_name_of(&parsed.name);
        if generic == parsed.name || offered.contains(&generic) || !missing.insert(generic) {
            continue;
        }
        rec.fail(&offer.flavor().name, format!("the short name `{generic}` should also be offered"))
            .compared(generic, "not offered")
            .repaired_by(fixes::offer_short_name(set, offer, &generic, context));
    }
}

/// The name without the details that the short name leaves out, and without the disk type, unless that
/// gives a standard flavor (scs-0100-v3, *Naming options advice*).
pub(crate) fn short_name_of(name: &FlavorName) -> FlavorName {
    let short = name.short();
    if StandardFlavor::of(&short).is_some() { short } else { fixes::with_disk_type(&short, None) }
}

fn mandatory_flavors(set: &FlavorSet, rec: &mut Recorder<'_, FlavorSet>) {
    let profile = rec.context().profile;
    let offered: HashSet<FlavorName> = set.named(profile).map(|(_, parsed)| parsed.name).collect();
    for standard in StandardFlavor::legacy_mandatory() {
        if !offered.contains(&standard.name()) {
            rec.fail(standard, "a mandatory flavor of v1 and v2 is missing")
                .compared(standard, "no flavor of this name")
                .repaired_by(fixes::missing(standard, profile));
        }
    }
}
