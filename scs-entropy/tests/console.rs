//! Realistic console output: noisy, truncated, from another VM, or very long.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

use std::collections::BTreeSet;

use proptest::prelude::*;
use scs_entropy::fips::{FipsSummary, FipsTest};
use scs_entropy::userdata::{Program, with_package, with_program};
use scs_entropy::{
    ConsoleOutput, Cpu, CpuKind, ENTROPY_DOCUMENTS, EntropyEvidence, ProbeDocument, ReadConsoleError, Rngd,
    check_entropy,
};
use scs_standards::{Context, Declarations, Given, Profile};
use serde_json::json;

fn read(text: &str) -> ConsoleOutput {
    ConsoleOutput::read(text).expect("a console")
}

/// Results as printed by the official user data, between messages of other programs.
const NOISY: &str = "\
[    0.000000] Linux version 6.1.0-26-cloud-amd64 (debian-kernel@lists.debian.org) #1 SMP\r
[    0.000000] Command line: BOOT_IMAGE=/boot/vmlinuz root=PARTUUID=1 _scs-test-entropy-avail: 12\r
\u{1b}[0;32m  OK  \u{1b}[0m] Started \u{1b}[0;1;39mcloud-init\u{1b}[0m.\r
[   60.1] cloud-init[500]: cat /proc/sys/kernel/random/entropy_avail | awk '$0=\"_scs-test-entropy-avail: \"$0'\r
[   70.4] cloud-init[513]: _scs-test-entropy-avail: \u{1b}[1m256\u{1b}[0m\0\r
[   70.5] cloud-init[513]: _scs-test-fips-test: rngtest 5\r
[   70.5] cloud-init[513]: _scs-test-fips-test: Copyright (c) 2004 by Henrique de Moraes Holschuh\r
[   70.5] cloud-init[513]: _scs-test-fips-test: \r
[   70.5] cloud-init[513]: _scs-test-fips-test: rngtest: starting FIPS tests...\r
[   70.6] audit: type=1400 apparmor=\"STATUS\"[   70.6] cloud-init[513]: _scs-test-fips-test: rngtest: bits received from input: 20000032\r
_scs-test-fips-test: rngtest: FIPS 140-2 successes: 998\r
_scs-test-fips-test: rngtest: FIPS 140-2 failures: 2_scs-test-fips-test: rngtest: FIPS 140-2(2001-10-10) Monobit: 1\r
_scs-test-fips-test: rngtest: FIPS 140-2(2001-10-10) Long run: 1\r
_scs-test-fips-test: rngtest: input channel speed: (min=405.819; avg=31225.067; max=19073.486)Mibits/s\r
_scs-test-rngd: Unit rngd.service could not be found.\r
_scs-test-virtio-rng: virtio_rng.0 \r
_scs-test-virtio-rng:  51966\r
_scs-test-end\r
";

#[test]
fn noise_is_ignored() {
    let console = read(NOISY);
    assert_eq!(console.entropy_available, Given::Data(256));
    let fips = console.fips.data().expect("figures");
    assert_eq!((fips.bits, fips.successes, fips.failures), (Some(20_000_032), Some(998), Some(2)));
    assert_eq!((fips.count(FipsTest::Monobit), fips.count(FipsTest::Poker)), (Some(1), None));
    assert_eq!(fips.count(FipsTest::LongRun), Some(1));
    assert_eq!(console.rngd, Given::Data(Rngd::Absent));
    assert_eq!(console.hwrng_available, Given::Data(vec!["virtio_rng.0".to_owned()]));
    assert_eq!(console.hwrng_readable, Given::Data(true));
    assert_eq!(console.kernel.data().map(ToString::to_string).as_deref(), Some("6.1.0-26-cloud-amd64"));
    assert!(console.is_complete);
    assert_eq!(console.problems, [] as [&str; 0]);
    // As bytes, beginning within a character.
    let bytes = [b"\x9f\x92\xa9 ".as_slice(), NOISY.as_bytes()].concat();
    assert_eq!(ConsoleOutput::read_bytes(&bytes), Ok(console));
}

/// Console output truncated at either end gives the same values, fewer values, or unusable ones.
#[test]
fn truncated_output_gives_no_other_values() {
    let whole = read(NOISY);
    let same_or_less = |cut: &ConsoleOutput, at: usize| {
        let entropy = &cut.entropy_available;
        assert!(entropy == &whole.entropy_available || entropy.data().is_none(), "cut at {at}: {entropy:?}");
        if let (Some(cut), Some(all)) = (cut.fips.data(), whole.fips.data()) {
            for (cut, all) in
                [(cut.bits, all.bits), (cut.successes, all.successes), (cut.failures, all.failures)]
            {
                assert!(cut.is_none() || cut == all, "cut at {at}: {cut:?} of {all:?}");
            }
        }
    };
    for at in (0..=NOISY.len()).filter(|at| NOISY.is_char_boundary(*at)) {
        if let Ok(cut) = ConsoleOutput::read(&NOISY[..at]) {
            same_or_less(&cut, at);
            assert!(cut.is_complete || !cut.problems.is_empty(), "cut at {at}");
        }
        if let Ok(cut) = ConsoleOutput::read(&NOISY[at..]) {
            same_or_less(&cut, at);
        }
    }
}

#[test]
fn output_of_other_machines_is_rejected() {
    assert_eq!(ConsoleOutput::read(""), Err(ReadConsoleError::Empty));
    assert_eq!(ConsoleOutput::read("\0\0 \r\n"), Err(ReadConsoleError::Empty));
    let error = ConsoleOutput::read("Ubuntu 24.04 LTS vm ttyS0\n\nvm login: ").expect_err("no marker");
    assert!(error.to_string().contains("the marker `_scs-test-` is missing in 3 lines"), "{error}");
    // The VM has received the commands, but has not run them.
    let console = read("cloud-init: - echo '_scs-test-end'\n");
    assert!(!console.is_complete && console.entropy_available.is_missing());
    assert!(console.problems.iter().any(|problem| problem.contains("has not run the test yet")));
}

#[test]
fn a_vm_that_could_not_run_its_user_data_says_why() {
    let failed = "[   31.6] cloud-init[1012]: 2026-11-24 08:00:31,110 - cc_scripts_user.py[WARNING]: Failed to run module scripts-user (scripts in /var/lib/cloud/instance/scripts)\n";
    let fetch = "[   31.5] cloud-init[1012]: E: Failed to fetch http://archive.example.org/rng-tools5.deb  503  Service Unavailable\n";
    let error = ConsoleOutput::read(&format!("booting\n{fetch}{failed}")).expect_err("no marker").to_string();
    assert!(error.contains("could not run the commands of its user data: `E: Failed to fetch"), "{error}");
    let error = ConsoleOutput::read(&format!("booting\n{failed}")).expect_err("no marker").to_string();
    assert!(error.contains("Failed to run module scripts-user"), "{error}");
    // It may have run some of them.
    let console = read(&format!("_scs-test-entropy-avail: 256\n{fetch}{failed}"));
    assert!(!console.is_complete);
    assert!(console.problems.iter().any(|problem| problem.contains("E: Failed to fetch")), "{console:?}");
}

#[test]
fn unreadable_lines_are_reported() {
    for (text, expected) in [
        ("_scs-test-fips-test: /bin/sh: 1: rngtest: not found\n", "`rngtest` is not installed in the VM"),
        ("_scs-test-fips-test: bash: rngtest: command not found\n", "`rngtest` is not installed in the VM"),
        ("_scs-test-fips-test: rngtest: FIPS 140-2 failures: 1[ 7.1] audit\n", "is not a figure"),
        ("_scs-test-fips-test: rngtest: entropy source drained\n", "without any figure"),
        (
            "_scs-test-fips-test: rngtest: FIPS 140-2 failures: 1\n_scs-test-fips-test: rngtest: FIPS 140-2 failures: 2\n",
            "different figures",
        ),
    ] {
        let console = read(&format!("{text}_scs-test-end\n"));
        let Given::Unusable(reason) = &console.fips else { panic!("{text}: {:?}", console.fips) };
        assert!(reason.contains(expected), "{reason}");
    }
    let console = read(
        "_scs-test-entropy-avail: cat: /proc/x: No such file\n_scs-test-new: 1\n_scs-test-\n_scs-test-end\n",
    );
    assert!(matches!(&console.entropy_available, Given::Unusable(reason) if reason.contains("No such file")));
    assert_eq!(console.problems.len(), 2, "{:?}", console.problems);
    let twice = read("_scs-test-entropy-avail: 256\n_scs-test-entropy-avail: 128\n_scs-test-end\n");
    assert!(matches!(twice.entropy_available, Given::Unusable(_)));
    for parts in ["flags 2/2: a", "flags 1/2: a", "flags 3/2: a", "flags 0/0: a", "isa: rv64", "flags"] {
        let console = read(&format!("_scs-test-cpu-flags: {parts}\n_scs-test-end\n"));
        assert!(matches!(console.cpu, Given::Unusable(_)), "{parts}: {:?}", console.cpu);
    }
    let swapped =
        read("_scs-test-cpu-flags: flags 2/2: b\n_scs-test-cpu-flags: flags 1/2: a\n_scs-test-end\n");
    assert_eq!(swapped.cpu, Given::Data(Cpu::new(CpuKind::X86, ["a", "b"])));
    assert!(
        ConsoleOutput::from_part("7").is_err() && ConsoleOutput::from_part("{\"schema\": \"x\"}").is_err()
    );
    assert!(ConsoleOutput::from_part("{\"output\": 7}").is_err() && ConsoleOutput::from_part("{").is_err());
}

#[test]
fn files_of_all_formats_are_read() {
    let text = "_scs-test-entropy-avail: 256\n_scs-test-end\n";
    let probe = ProbeDocument { entropy_available: Some(256), ..ProbeDocument::default() };
    for file in [
        text.to_owned(),
        format!("{{ no JSON\n{text}"),
        json!(text).to_string(),
        json!({ "output": text }).to_string(),
        serde_json::to_string(&probe).expect("JSON"),
    ] {
        let console = ConsoleOutput::from_file(file.as_bytes()).expect("a console");
        assert_eq!(console.entropy_available, Given::Data(256), "{file}");
    }
}

/// Long texts are read in a single pass; going back for each marker would take hours.
#[test]
fn long_output_takes_linear_time() {
    let long = 8 << 20;
    for text in [
        "x".repeat(long) + "_scs-test-end",
        "_scs-test-".repeat(long / 10),
        "_scs-test-fips-test: ".repeat(long / 21),
        "_scs-test-fips-test: rngtest: FIPS 140-2 failures: 1 ".repeat(long / 53),
        "\u{1b}[_scs-test-a: \n".repeat(long / 16),
        "[    1.0] a message of a kernel\r\n".repeat(long / 33) + "_scs-test-entropy-avail: 256\n",
        "_scs-test-a: ".to_owned() + &"\u{1b}]".repeat(long / 2),
        "_scs-test-entropy-avail: ".to_owned() + &"9".repeat(long),
        "é\u{85}".repeat(long / 4) + "_scs-test-end",
    ] {
        let console = read(&text);
        assert!(console.problems.len() <= 22, "{}", console.problems.len());
        assert!(console.problems.iter().all(|problem| problem.len() < 600));
    }
}

fn evidence_is_judged(evidence: &EntropyEvidence) {
    let declarations = Declarations::default();
    for profile in Profile::ALL {
        for at in ["2026-01-01T00:00:00Z", "2026-11-24T00:00:00Z"] {
            let context = Context { at: at.parse().expect("a time"), profile, declarations: &declarations };
            for answer in check_entropy(evidence, &context, &ENTROPY_DOCUMENTS) {
                assert!(answer.findings.iter().all(|finding| !finding.message.is_empty()));
            }
        }
    }
}

fn summary() -> impl Strategy<Value = FipsSummary> {
    (any::<u32>(), 0_u64..2_000, 0_u64..2_000, [0_u64..9, 0..9, 0..9, 0..9, 0..9]).prop_map(
        |(bits, successes, failures, [monobit, poker, runs, long_run, continuous_run])| FipsSummary {
            bits: bits.into(),
            successes,
            failures,
            monobit,
            poker,
            runs,
            long_run,
            continuous_run,
        },
    )
}

prop_compose! {
    fn probe()(
        entropy_available in proptest::option::of(any::<u64>()),
        fips in proptest::option::of(summary()),
        rngd in proptest::option::of(prop_oneof![Just(Rngd::Running), Just(Rngd::Stopped), Just(Rngd::Absent)]),
        hwrng_available in proptest::option::of(proptest::collection::vec("[a-z_.0-9]{1,12}", 0..4)),
        hwrng_current in proptest::option::of("[a-z_.0-9]{1,12}"),
        flags in proptest::collection::btree_set("[a-z_0-9]{1,14}", 0..200),
        kind in prop_oneof![Just(CpuKind::X86), Just(CpuKind::Arm)],
        has_cpu in any::<bool>(),
        kernel in proptest::option::of("[1-9][.][0-9]{1,2}([.][0-9]{1,3})?(-[a-z0-9._-]{0,20})?"),
        problems in proptest::collection::vec("\\PC{0,50}", 0..3),
    ) -> ProbeDocument {
        ProbeDocument {
            entropy_available, fips, rngd, hwrng_available, hwrng_current,
            cpu: has_cpu.then(|| Cpu::new(kind, flags.into_iter().collect::<BTreeSet<_>>())),
            kernel: kernel.and_then(|kernel| kernel.parse().ok()),
            problems,
            ..ProbeDocument::default()
        }
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_rejected(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        if let Ok(console) = ConsoleOutput::from_file(&bytes) {
            evidence_is_judged(&EntropyEvidence::from_console(console));
        }
    }

    #[test]
    fn any_lines_are_read(
        lines in proptest::collection::vec(
            "(\\PC{0,8}|\\x1b\\[1m|\\[ 1.2\\] |\")?(_scs-test-(entropy-avail|fips-test|rngd|virtio-rng|cpu-flags|kernel|end|hwrng-current)(: ?)(256|rngtest: FIPS 140-2 (failures|successes): [0-9]{0,22}|flags( [0-9]/[0-9])?: \\PC{0,9}|\\PC{0,20})?)?(\\r\\n|\\n|\\r)",
            0..20,
        ),
    ) {
        let evidence = EntropyEvidence::default().with_console_part(&json!(lines.concat()).to_string());
        evidence_is_judged(&evidence);
    }

    /// Printed documents and lines are read back.
    #[test]
    fn probes_survive_the_console(document in probe()) {
        let lines = document.marker_lines();
        let console = read(&lines);
        prop_assert_eq!(console.entropy_available.data().copied(), document.entropy_available);
        prop_assert_eq!(console.rngd.data().copied(), document.rngd);
        prop_assert_eq!(console.hwrng_available.data(), document.hwrng_available.as_ref());
        prop_assert_eq!(console.cpu.data(), document.cpu.as_ref());
        prop_assert_eq!(console.kernel.data(), document.kernel.as_ref());
        prop_assert_eq!(console.fips.data().is_some(), document.fips.is_some());
        if let (Some(report), Some(fips)) = (console.fips.data(), &document.fips) {
            prop_assert_eq!((report.bits, report.successes, report.failures), (Some(fips.bits), Some(fips.successes), Some(fips.failures)));
            for test in FipsTest::ALL {
                prop_assert_eq!(report.count(test), Some(fips.count(test)));
            }
        }
        prop_assert!(console.is_complete);
        let json = serde_json::to_string(&document).expect("JSON");
        let again: ProbeDocument = serde_json::from_str(&json).expect("a probe");
        prop_assert_eq!(&again, &document);
        prop_assert_eq!(ConsoleOutput::from_part(&json), Ok(console));
    }

    #[test]
    fn host_facts_are_read_or_rejected(text in "\\PC{0,60}", flags in "[a-z ]{0,20}") {
        let _ = text.parse::<scs_entropy::HostFacts>();
        let facts = json!([{"name": text, "cpu_flags": flags}]).to_string();
        evidence_is_judged(&EntropyEvidence::default().with_host_facts_part(&facts));
    }
}

/// User data are YAML, and their commands are not results when cloud-init echoes them on the console.
#[test]
fn user_data_are_yaml_and_echoed_commands_are_not_results() {
    for data in [
        with_program(Program::Path("/opt/it's here/scs")),
        with_program(Program::Url("https://example.com/scs?a=1&b='")),
        with_package("rng-tools5"),
        with_package("a: b # \"c\""),
    ] {
        assert!(data.starts_with("#cloud-config\n"), "{data}");
        let document: serde_json::Value = serde_saphyr::from_str(&data).expect("YAML");
        let commands: Vec<&str> =
            document["runcmd"].as_array().expect("a list").iter().filter_map(|it| it.as_str()).collect();
        assert!(!commands.is_empty());
        assert!(
            document["bootcmd"][0]
                .as_str()
                .is_some_and(|command| command.contains("mask --now serial-getty"))
        );
        for line in data.lines().chain(commands) {
            // Complete, and truncated at the beginning.
            for start in [Some(0), line.find("_scs-test-")].into_iter().flatten() {
                if let Ok(console) = ConsoleOutput::read(&format!("{}\n", &line[start..])) {
                    assert!(!console.is_complete, "{line}");
                    assert!(console.entropy_available.is_missing() && console.fips.is_missing(), "{line}");
                }
            }
        }
    }
}
