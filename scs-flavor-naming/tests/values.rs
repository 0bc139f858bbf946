//! Values and texts: printed values parse again, in every version; orders are lawful; JSON and schema agree.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

use std::num::NonZeroU32;

use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use scs_flavor_naming::{
    CpuArch, CpuFrequency, CpuGeneration, CpuType, CpuVendor, DiskType, FlavorName, FlavorSet, Gpu,
    GpuAccess, GpuGeneration, GpuVendor, Hypervisor, IntelGen, Mistake, NameErrorKind, NvidiaGeneration,
    Parser, RamSize, Syntax, translate_to_v1, translate_to_v2,
};
use scs_standards::Profile;
use scs_standards::subject::Flavor;

fn positive() -> impl Strategy<Value = NonZeroU32> {
    prop_oneof![1u32..200, any::<u32>(), Just(u32::MAX)].prop_filter_map("zero", NonZeroU32::new)
}

fn cpu_arch() -> impl Strategy<Value = CpuArch> {
    let models: Vec<CpuArch> = CpuVendor::ALL
        .into_iter()
        .map(CpuArch::vendor_only)
        .chain(CpuGeneration::all().map(CpuArch::of))
        .collect();
    (select(models), select(&CpuFrequency::ALL[..])).prop_map(|(arch, frequency)| arch.at(frequency))
}

fn gpu_generation() -> impl Strategy<Value = GpuGeneration> {
    prop_oneof![
        select(&NvidiaGeneration::ALL[..]).prop_map(GpuGeneration::Nvidia),
        positive().prop_map(GpuGeneration::Gcn),
        positive().prop_map(GpuGeneration::CdnaOrUdna),
        positive().prop_map(GpuGeneration::Rdna),
        Just(GpuGeneration::Rdna35),
        (1u8..=9, option::of(1u8..=9))
            .prop_filter_map("digits", |(first, second)| IntelGen::from_digits(first, second))
            .prop_map(GpuGeneration::IntelGen),
        positive().prop_map(GpuGeneration::IntelXe),
    ]
}

fn gpu() -> impl Strategy<Value = Gpu> {
    let units = (positive(), 0..3, option::of((positive(), any::<bool>())));
    let of_generation = (select(&GpuAccess::ALL[..]), gpu_generation(), option::of(units)).prop_map(
        |(access, generation, units)| {
            let gpu = Gpu::of(access, generation);
            let Some((units, frequency, vram)) = units else {
                return gpu.into();
            };
            let gpu = match (gpu.with_units(units), frequency) {
                (gpu, 0) => gpu,
                (gpu, 1) => gpu.high_frequency(),
                (gpu, _) => gpu.very_high_frequency(),
            };
            match vram {
                None => gpu.into(),
                Some((gib, false)) => gpu.with_vram_gib(gib),
                Some((gib, true)) => gpu.with_high_bandwidth_vram_gib(gib),
            }
        },
    );
    let of_vendor = (select(&GpuAccess::ALL[..]), select(&GpuVendor::ALL[..]))
        .prop_map(|(access, vendor)| Gpu::vendor_only(access, vendor));
    prop_oneof![1 => of_vendor, 4 => of_generation]
}

#[derive(Clone, Debug)]
enum DiskChoice {
    None,
    Automatic(Option<DiskType>),
    Sized(NonZeroU32, NonZeroU32, Option<DiskType>),
}

fn disk() -> impl Strategy<Value = DiskChoice> {
    let kind = || option::of(select(&DiskType::ALL[..]));
    prop_oneof![
        Just(DiskChoice::None),
        kind().prop_map(DiskChoice::Automatic),
        (prop_oneof![3 => Just(NonZeroU32::MIN), 1 => positive()], positive(), kind())
            .prop_map(|(count, size, kind)| DiskChoice::Sized(count, size, kind)),
    ]
}

/// Every value that v3 can express, from every row of every table.
fn flavor_name() -> impl Strategy<Value = FlavorName> {
    let cpu = (positive(), select(&CpuType::ALL[..]), any::<bool>());
    let ram = (prop_oneof![0u32..64, any::<u32>()], any::<bool>(), any::<bool>(), any::<bool>())
        .prop_filter_map("no memory", |(gib, half, no_ecc, over)| {
            Some((RamSize::new(gib, half)?, no_ecc, over))
        });
    let extensions = (
        option::of(select(&Hypervisor::ALL[..])),
        any::<bool>(),
        option::of(cpu_arch()),
        option::of(gpu()),
        any::<bool>(),
    );
    (cpu, ram, disk(), extensions).prop_map(
        |((count, kind, insecure), (ram, no_ecc, over), disk, extensions)| {
            let mut builder = FlavorName::builder().cpus(count.get(), kind).ram(ram);
            builder = if insecure { builder.insecure() } else { builder };
            builder = if no_ecc { builder.without_ecc() } else { builder };
            builder = if over { builder.oversubscribed_ram() } else { builder };
            builder = match disk {
                DiskChoice::None => builder,
                DiskChoice::Automatic(kind) => builder.automatic_disk(kind),
                DiskChoice::Sized(count, size, kind) => builder.disks_gb(count.get(), size.get(), kind),
            };
            let (hypervisor, hwv, arch, gpu, ib) = extensions;
            builder = hypervisor.map_or(builder, |hypervisor| builder.hypervisor(hypervisor));
            builder = if hwv { builder.hardware_virtualization() } else { builder };
            builder = arch.map_or(builder, |arch| builder.cpu_arch(arch));
            builder = gpu.map_or(builder, |gpu| builder.gpu(gpu));
            builder = if ib { builder.infiniband() } else { builder };
            builder.build().expect("a name")
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2048, ..ProptestConfig::default() })]

    #[test]
    fn values_survive_every_version(name in flavor_name()) {
        prop_assert_eq!(name.to_string().parse(), Ok(name));
        prop_assert!(name.fits(Syntax::V3));
        for syntax in Syntax::ALL {
            if let Some(text) = name.spelled(syntax) {
                let parsed = Parser::of(syntax, Profile::Text).parse(&text);
                prop_assert_eq!(parsed.map(|parsed| parsed.name), Ok(name), "{} in {}", text, syntax);
            }
        }
    }

    #[test]
    fn parsed_names_print_canonically(name in flavor_name()) {
        let text = name.to_string();
        let parsed = Parser::default().parse(&text).expect("a printed name");
        prop_assert_eq!(parsed.syntax, Syntax::V3);
        prop_assert_eq!(parsed.name.to_string(), text);
    }

    #[test]
    fn translations_match_the_spellings(name in flavor_name()) {
        if let (Some(v1), Some(v2)) = (name.to_v1(), name.spelled(Syntax::V2)) {
            prop_assert_eq!(translate_to_v2(&v1), v2.clone());
            prop_assert_eq!(translate_to_v1(&v2), v1);
        }
    }

    #[test]
    fn long_names_satisfy_their_short_names(name in flavor_name()) {
        let short = name.short();
        prop_assert_eq!(short.short(), short);
        prop_assert!(short.to_string().len() <= name.to_string().len());
        prop_assert!(name.satisfies(&short).is_ok());
    }

    #[test]
    fn satisfying_is_a_partial_order(a in flavor_name(), b in flavor_name(), c in flavor_name()) {
        prop_assert!(a.satisfies(&a).is_ok());
        if a.satisfies(&b).is_ok() && b.satisfies(&a).is_ok() {
            prop_assert_eq!(a, b);
        }
        if a.satisfies(&b).is_ok() && b.satisfies(&c).is_ok() {
            prop_assert!(a.satisfies(&c).is_ok());
        }
    }

    #[test]
    fn a_name_becomes_the_string_that_it_prints(name in flavor_name()) {
        prop_assert_eq!(String::from(name), name.to_string());
        prop_assert_eq!(FlavorName::try_from(String::from(name)), Ok(name));
    }

    #[test]
    fn json_is_the_name(name in flavor_name()) {
        let json = serde_json::to_value(name).expect("JSON");
        let text = name.to_string();
        prop_assert_eq!(json.as_str(), Some(text.as_str()));
        prop_assert_eq!(serde_json::from_value::<FlavorName>(json).ok(), Some(name));
    }

    #[test]
    fn a_description_is_complete(name in flavor_name()) {
        let description = name.description();
        prop_assert!(description.is_ascii());
        for dangling in ["  ", " ,", "None", "null", "  GB", " of ,"] {
            prop_assert!(!description.contains(dangling), "{}", description);
        }
        prop_assert!(!description.ends_with(' ') && !description.ends_with(','));
    }

    #[test]
    fn any_text_parses_without_panic(text in ".{0,60}") {
        for profile in Profile::ALL {
            let result = Parser::new(profile).parse(&text);
            if let Err(error) = result {
                prop_assert!(error.span().of(&text).is_some());
            }
        }
    }

    #[test]
    fn texts_with_the_prefix_parse_without_panic(rest in "[0-9LVTCiuo:_.x,nhspkmrzaGgNAIbwvel-]{0,40}") {
        let text = format!("SCS-{rest}");
        for profile in Profile::ALL {
            let parser = Parser::new(profile);
            if let Err(error) = parser.parse(&text) {
                prop_assert!(error.span().of(&text).is_some(), "{:?} in {}", error.span(), text);
                if let Some(suggestion) = error.suggestion() {
                    prop_assert!(parser.parse(suggestion).is_ok(), "{} for {}", suggestion, text);
                }
            }
        }
    }
}

#[cfg(feature = "schemars")]
#[test]
fn the_schema_accepts_what_the_parser_accepts() {
    let schema = schemars::schema_for!(FlavorName);
    let pattern = schema.get("pattern").and_then(|pattern| pattern.as_str()).expect("a pattern");
    let pattern = regex::Regex::new(pattern).expect("a pattern");
    for name in ["SCS-2V-8", "SCS-2V:8", "SCS-2C-4-3xs", "SCS-2iT-4", "m1.small", "SCS-2V-4294967296"] {
        assert_eq!(pattern.is_match(name), name.parse::<FlavorName>().is_ok(), "{name}");
    }
}

#[test]
fn examples_are_described() {
    let described = |name: &str| name.parse::<FlavorName>().expect("a name").description();
    insta::assert_snapshot!(described("SCS-2C-4-10n"), @"2 dedicated cores on any x86-64, 4 GiB of memory, a network disk of 10 GB");
    insta::assert_snapshot!(described("SCS-8Ti-32-50p_i1"), @"8 insecure dedicated threads on Intel Skylake, 32 GiB of memory, a local NVMe disk of 50 GB");
    insta::assert_snapshot!(described("SCS-1L-1u-5"), @"1 heavily oversubscribed vCPU on any x86-64, 1 GiB of memory without ECC, a disk of 5 GB whose type the cloud picks");
    insta::assert_snapshot!(described("SCS-16T-64-200s_GNa-72-24_ib"), @"16 dedicated threads on any x86-64, 64 GiB of memory, a local SSD disk of 200 GB, a pass-through nVidia Ampere GPU with 72 streaming multiprocessors and 24 GiB of video memory, InfiniBand");
    insta::assert_snapshot!(described("SCS-4C-16-2x200p_a1"), @"4 dedicated cores on ARM Cortex-A76, Neoverse N1, 16 GiB of memory, 2 local NVMe disks of 200 GB each");
    insta::assert_snapshot!(described("SCS-1V-0.5"), @"1 oversubscribed vCPU on any x86-64, 0.5 GiB of memory, no disk (boot from a volume)");
    insta::assert_snapshot!(described("SCS-2V-4uo-n_xen_hwv_z4hh_gA3-1h"), @"2 oversubscribed vCPUs on AMD Zen 4 (Genoa) above 3.25 GHz on all cores, 4 GiB of memory without ECC that is oversubscribed, a network disk whose size the cloud picks, hypervisor Xen, hardware virtualization, a virtual AMD CDNA 3 GPU with 1 high-frequency compute unit");
    insta::assert_snapshot!(described("SCS-2C-4-_bms_r"), @"2 dedicated cores on RISC-V, 4 GiB of memory, a disk whose size and type the cloud picks, bare metal");
}

#[test]
fn types_are_read_as_they_are_printed() {
    for kind in CpuType::ALL {
        assert_eq!(kind.to_string().parse(), Ok(kind));
        assert_eq!(kind.letter().to_string().parse::<CpuType>().ok(), None);
    }
    for kind in DiskType::ALL {
        assert_eq!(kind.to_string().parse(), Ok(kind));
    }
    let error = "shared".parse::<CpuType>().expect_err("not a type");
    assert_eq!(
        error.to_string(),
        "expected crowded-core, shared-core, dedicated-thread or dedicated-core, found `shared`"
    );
    let error = "floppy".parse::<DiskType>().expect_err("not a type");
    assert_eq!(error.to_string(), "expected network, hdd, ssd or nvme, found `floppy`");
}

#[test]
fn kinds_of_errors_print_in_a_few_words() {
    let kind = |name: &str| name.parse::<FlavorName>().expect_err("not a name").kind();
    for (name, expected, words) in [
        ("m1.small", NameErrorKind::NotScs, "not an SCS name"),
        ("SCS-2v-8", NameErrorKind::WrongCase, "wrong case"),
        ("SCS-2iT-4", NameErrorKind::SuffixOrder, "wrong order of suffixes"),
        ("SCS-0V-8", NameErrorKind::Mistake(Mistake::Zero), "zero"),
        ("SCS-2V-3.7", NameErrorKind::Mistake(Mistake::NotHalfGib), "not a multiple of half a GiB"),
    ] {
        assert_eq!(kind(name), expected, "{name}");
        assert_eq!(expected.to_string(), words);
    }
    let kinds: std::collections::HashSet<NameErrorKind> = ["m1.small", "x", "SCS-2v-8"].map(kind).into();
    assert_eq!(kinds.len(), 2);
}

#[test]
fn sets_of_flavors_are_created_from_flavors_and_names() {
    let flavor = |name: &str| Flavor { name: name.to_owned(), ..Flavor::default() };
    let flavors = vec![flavor("SCS-2V-8"), flavor("m1.small")];
    let names = |set: &FlavorSet| set.offers().iter().map(|it| it.flavor().name.clone()).collect::<Vec<_>>();
    for set in [
        FlavorSet::from(flavors.clone()),
        flavors.into_iter().collect(),
        FlavorSet::from_names(["SCS-2V-8", "m1.small"]),
    ] {
        assert_eq!(names(&set), ["SCS-2V-8", "m1.small"]);
        assert!(set.broken().is_empty() && set.offers()[0].parsed(Profile::Text).is_some());
    }
}
