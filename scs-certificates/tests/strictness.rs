//! Variants of signatures and allowed-signers files: nothing is accepted that the real `ssh-keygen -Y verify` rejects.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::path::Path;
use std::process::{Command, Stdio};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use scs_certificates::report::signature::{Revoked, Signers, sign, verify};

const REPORT: &str = "---\nsubject: my-cloud\n";

/// A variant for both implementations.
#[derive(Clone)]
struct Variant {
    armor: String,
    allowed: String,
    identity: String,
    /// The time of the check, in the format of `ssh-keygen`.
    at: &'static str,
    /// The time zone in POSIX format, which needs no files.
    zone: &'static str,
}

fn run(directory: &Path, arguments: &[&str], zone: &str, input: &str) -> bool {
    let mut command = Command::new("ssh-keygen");
    command.args(arguments).current_dir(directory).env("TZ", zone);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    // It may be rejected before all input is read.
    let _ = std::io::Write::write_all(&mut child.stdin.take().unwrap(), input.as_bytes());
    child.wait().unwrap().success()
}

fn read(directory: &Path, name: &str) -> String {
    std::fs::read_to_string(directory.join(name)).unwrap()
}

fn theirs(directory: &Path, variant: &Variant) -> bool {
    std::fs::write(directory.join("sig"), &variant.armor).unwrap();
    std::fs::write(directory.join("allowed"), &variant.allowed).unwrap();
    let time = format!("verify-time={}", variant.at);
    let arguments =
        ["-Y", "verify", "-f", "allowed", "-I", &variant.identity, "-n", "report", "-s", "sig", "-O", &time];
    run(directory, &arguments, variant.zone, REPORT)
}

fn ours(variant: &Variant) -> bool {
    let zone = TimeZone::posix(variant.zone).unwrap();
    let at = variant.at;
    let at: Timestamp =
        format!("{}-{}-{}T{}:{}:{}Z", &at[..4], &at[4..6], &at[6..8], &at[8..10], &at[10..12], &at[12..14])
            .parse()
            .unwrap();
    let signers = Signers::from_file(&variant.allowed, &zone);
    signers.is_ok_and(|signers| {
        verify(REPORT.as_bytes(), &variant.armor, &signers, Some(&variant.identity), at).is_ok()
    })
}

/// A key pair and a signature made with it.
struct Signed {
    public: String,
    armor: String,
}

fn signed(directory: &Path, name: &str, kind: &str, bits: &str) -> Signed {
    // `ssh-key` rejects an ECDSA key whose number happens to begin with a zero byte; then another one is generated.
    let made = |_| {
        for file in [name.to_owned(), format!("{name}.pub")] {
            let _ = std::fs::remove_file(directory.join(file));
        }
        assert!(run(
            directory,
            &["-q", "-t", kind, "-b", bits, "-N", "", "-C", "tester", "-f", name],
            "UTC0",
            ""
        ));
        let armor = sign(REPORT.as_bytes(), &read(directory, name)).ok()?;
        Some(Signed { public: read(directory, &format!("{name}.pub")).trim().to_owned(), armor })
    };
    (0..5).find_map(made).unwrap()
}

fn wrapped(armor: &str, width: usize, end: &str) -> String {
    let lines: Vec<&str> = armor.lines().collect();
    let body = lines[1..lines.len() - 1].concat();
    let body: Vec<&str> =
        (0..body.len()).step_by(width).map(|at| &body[at..body.len().min(at + width)]).collect();
    format!("{}{end}{}{end}{}{end}", lines[0], body.join(end), lines[lines.len() - 1])
}

/// Variants of the armor; the first one is that of `ssh-keygen`.
fn armors(armor: &str) -> Vec<String> {
    let before = [
        "",
        " ",
        "\t",
        "\n",
        "\r\n",
        "\u{feff}",
        "a text\n",
        "# a comment\n",
        "\u{a0}",
        "&",
        "--",
        "Key: value\n\n",
    ];
    let behind = ["", "\n", "\n\n", " ", "a text", "\na text\n", "&---\nsubject: other\n", "\r\n", "\0"];
    let mut all: Vec<String> = before.iter().map(|text| format!("{text}{armor}")).collect();
    all.extend(behind.iter().map(|text| format!("{}{text}", armor.trim_end())));
    all.extend([64, 70, 76, 100, 1, 10_000].map(|width| wrapped(armor, width, "\n")));
    all.extend(["\r\n", "\r", "\n\n", " \n", "\n ", "\t\n"].map(|end| wrapped(armor, 70, end)));
    all.extend([
        armor.replacen("-----\n", "-----\r\n", 1),
        armor.replacen("-----\n", "----- \n", 1),
        armor.replacen("-----\n", "-----", 1),
        armor.replacen("-----\n", "-----\nVersion: 1\n\n", 1),
        armor.replacen("-----\n", "-----\n\n", 1),
        armor.replace("BEGIN SSH", "begin SSH"),
        armor.replace("SSH SIGNATURE", "OPENSSH SIGNATURE"),
        armor.replace("-----END SSH SIGNATURE-----\n", ""),
        armor.replace("-----END", "----END"),
        armor.replace("-----END", " -----END"),
        format!("{armor}{armor}"),
        armor.replacen("-----BEGIN", "-----BEGIN SSH SIGNATURE-----\n-----BEGIN", 1),
        // One changed letter in the signature and in its framing.
        armor.replacen("U1NIU0lH", "U1NIU0lh", 1),
        armor.replacen("U1NIU0lHAAAAAQ", "U1NIU0lHAAAAAg", 1),
        armor.replacen("U1NIU0lH", "U1NIU0l", 1),
        armor.replacen("U1NIU0lH", "U1NI U0lH", 1),
        armor.replacen("U1NIU0lH", "U1NI=U0lH", 1),
        armor.replace("=\n-----END", "\n-----END"),
        armor.replace("\n-----END", "=\n-----END"),
        String::new(),
    ]);
    all
}

/// Variants of principals and identity.
const PRINCIPALS: &[&str] = &[
    "me@x",
    "\"me@x\"",
    "\"me@x",
    "me@x\"",
    "me\"@\"x",
    "\"me@x,you@x\"",
    "\"me@x, you@x\"",
    "me@x,you@x",
    "me@x, you@x",
    ",me@x",
    "me@x,",
    "*",
    "*@x",
    "m?@x",
    "??@x",
    "*,!me@x",
    "!me@x",
    "!you@x,*",
    "*@*",
    "\u{a0}me@x",
    "me@x\u{a0}",
    "ME@X",
    "",
    "#me@x",
    " me@x",
    "\tme@x",
    "\u{fc}@x",
    "?@x",
    "'me@x'",
    "\\me@x",
    "*,!*@x",
    "\u{feff}me@x",
    "m*e*@*x",
    "!",
];
const IDENTITIES: &[&str] = &["me@x", "you@x", "\u{fc}@x"];

/// Variants of the text between principals and key.
fn options() -> Vec<String> {
    let single = [
        "",
        "namespaces=\"report\"",
        "namespaces=\"file\"",
        "namespaces=\"file,report\"",
        "namespaces=\"file, report\"",
        "namespaces=\"rep*\"",
        "namespaces=\"!report,*\"",
        "namespaces=\"*,!report\"",
        "namespaces=\"\"",
        "namespaces=report",
        "namespaces='report'",
        "namespaces",
        "namespaces=",
        "namespaces=\"report",
        "namespaces=report\"",
        "NAMESPACES=\"report\"",
        "Namespaces=\"report\"",
        "namespaces =\"report\"",
        "namespaces= \"report\"",
        "namespaces=\"re\\\"port\"",
        "namespaces=\"report\"x",
        "namespaces=\"report\";",
        "cert-authority",
        "CERT-AUTHORITY",
        "cert-authorityx",
        "cert-authority=\"yes\"",
        "no-touch-required",
        "permitopen=\"x\"",
        "valid-after=\"20200101Z\"",
        "valid-after=\"20200101\"",
        "valid-after=20200101Z",
        "valid-after=\"20300101Z\"",
        "valid-before=\"20300101Z\"",
        "valid-before=\"20200101Z\"",
        "valid-before=20300101Z",
        "valid-before=\"\"",
        "valid-before=\"soon\"",
        "VALID-BEFORE=\"20300101Z\"",
        "valid-before=\"20300101z\"",
        "valid-before=\"20300101UTC\"",
        "valid-before=\"2030-01-01\"",
        "valid-before=\"203001010000Z\"",
        "valid-before=\"20300101000000Z\"",
        "valid-before=\"2030010100Z\"",
        "valid-before=\"20301301Z\"",
        "valid-before=\"20300132Z\"",
        "valid-before=\"203001012460Z\"",
        "valid-before=\"20300101235960Z\"",
        "valid-after=\"19600101Z\"",
        "valid-after=\"19700101Z\"",
        "valid-after=\"19690101\"",
        "valid-before=\" 20300101Z\"",
        "valid-before=\"20300101Z \"",
        "valid-before=\"+2030101Z\"",
        "valid-after=\"20260230Z\"",
        "verify-required",
        ",",
        "\"\"",
    ];
    let mut all: Vec<String> = single.map(str::to_owned).into();
    let pairs = [
        ("namespaces=\"file\"", "namespaces=\"report\""),
        ("namespaces=\"report\"", "namespaces=\"file\""),
        ("namespaces=\"report\"", "namespaces=\"report\""),
        ("valid-after=\"20300101Z\"", "valid-after=\"20200101Z\""),
        ("valid-before=\"20200101Z\"", "valid-before=\"20300101Z\""),
        ("namespaces=\"report\"", "valid-before=\"20300101Z\""),
        ("valid-before=\"20300101Z\"", "namespaces=\"report\""),
        ("valid-after=\"20200101Z\"", "valid-before=\"20300101Z\""),
        ("cert-authority", "namespaces=\"report\""),
        ("namespaces=\"report\"", ""),
        ("", "namespaces=\"report\""),
    ];
    for between in [",", ", ", " ", ",,", " ,", "\t", ";"] {
        all.extend(pairs.iter().map(|(one, other)| format!("{one}{between}{other}")));
    }
    all
}

/// Dates and times around a check, in local time and in UTC.
const TIMES: &[&str] = &[
    "20260701",
    "20260701Z",
    "202607010100",
    "202606302300Z",
    "20260701000000Z",
    "20261025023000",
    "20261225",
];
const MOMENTS: &[&str] = &[
    "20260630120000Z",
    "20260630223000Z",
    "20260630233000Z",
    "20260701003000Z",
    "20260701133000Z",
    "20261025013000Z",
    "20261224233000Z",
];
const ZONES: &[&str] =
    &["UTC0", "JST-9", "PST8", "LINT-14", "CET-1CEST,M3.5.0,M10.5.0/3", "NZST-12NZDT,M9.5.0,M4.1.0/3"];

const AT: &str = "20261124083000Z";

fn variants(one: &Signed, others: &[Signed]) -> Vec<Variant> {
    let base = Variant {
        armor: one.armor.clone(),
        allowed: format!("me@x {}\n", one.public),
        identity: "me@x".to_owned(),
        at: AT,
        zone: "UTC0",
    };
    let mut all: Vec<Variant> =
        armors(&one.armor).into_iter().map(|armor| Variant { armor, ..base.clone() }).collect();
    for principals in PRINCIPALS {
        let allowed = format!("{principals} {}\n", one.public);
        for identity in IDENTITIES {
            all.push(Variant { allowed: allowed.clone(), identity: (*identity).to_owned(), ..base.clone() });
        }
    }
    for options in options() {
        all.push(Variant { allowed: format!("me@x {options} {}\n", one.public), ..base.clone() });
    }
    for zone in ZONES {
        for time in TIMES {
            for at in MOMENTS {
                for option in ["valid-after", "valid-before"] {
                    let allowed = format!("me@x {option}=\"{time}\" {}\n", one.public);
                    all.push(Variant { allowed, at, zone, ..base.clone() });
                }
            }
        }
    }
    // Keys of other types, other keys, other spellings; and variants of whole files.
    let (kind, blob) = one.public.split_once(' ').unwrap();
    let blob = blob.split(' ').next().unwrap();
    for other in others {
        all.push(Variant {
            armor: other.armor.clone(),
            allowed: format!("me@x {}\n", other.public),
            ..base.clone()
        });
        all.push(Variant { allowed: format!("me@x {}\n", other.public), ..base.clone() });
        all.push(Variant {
            allowed: format!("you@x {}\nme@x {}\n", other.public, one.public),
            ..base.clone()
        });
        let named = other.public.split(' ').next().unwrap();
        all.push(Variant { allowed: format!("me@x {named} {blob}\n"), ..base.clone() });
    }
    for line in [
        format!("me@x {kind} {blob}"),
        format!("me@x {kind}  {blob}"),
        format!("me@x {kind}\t{blob}"),
        format!("me@x {kind} {blob}="),
        format!("me@x {kind} {blob}AAAA"),
        format!("me@x {kind} {}", &blob[..blob.len() - 4]),
        format!("me@x {kind} {blob} a comment"),
        format!("me@x {kind} {blob}\ta comment"),
        format!("me@x  {kind} {blob}"),
        format!("me@x\t{kind} {blob}"),
        format!("  me@x {kind} {blob}"),
        format!("me@x {kind} {blob}\r"),
        format!("me@x {}\u{20}{blob}", kind.to_uppercase()),
        format!("me@x {blob}"),
        format!("me@x {kind}"),
        format!("me@x \u{a0}{kind} {blob}"),
        format!("me@x\u{a0}{kind} {blob}"),
        format!("me@x {kind} {blob} \0"),
        format!("me@x\0 {kind} {blob}"),
        format!("# me@x {kind} {blob}"),
        format!("nonsense\nme@x {kind} {blob}"),
        format!("me@x {kind} {blob}\nnonsense"),
        format!("me@x valid-before=\"20200101Z\" {kind} {blob}\nme@x {kind} {blob}"),
        format!("me@x {kind} {blob}\nme@x valid-before=\"20200101Z\" {kind} {blob}"),
        format!("me@x\n{kind} {blob}"),
    ] {
        all.push(Variant { allowed: line, ..base.clone() });
    }
    all
}

#[test]
fn ssh_keygen_accepts_whatever_is_accepted() {
    if Command::new("ssh-keygen").arg("-?").stderr(Stdio::null()).status().is_err() {
        println!("skipped: there is no ssh-keygen");
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let directory = directory.path();
    let one = signed(directory, "one", "ed25519", "256");
    let others = [
        signed(directory, "other", "ed25519", "256"),
        signed(directory, "p256", "ecdsa", "256"),
        signed(directory, "p384", "ecdsa", "384"),
    ];
    let all = variants(&one, &others);
    assert!(all.len() >= 300);
    let (mut agreed, mut accepted, mut stricter, mut lax) = (0, 0, Vec::new(), Vec::new());
    for variant in &all {
        let told =
            format!("{:?} for {:?} at {} in {}", variant.allowed, variant.identity, variant.at, variant.zone);
        match (ours(variant), theirs(directory, variant)) {
            (true, true) => {
                agreed += 1;
                accepted += 1;
            }
            (false, false) => agreed += 1,
            (false, true) => stricter.push((told, variant.armor.clone())),
            (true, false) => lax.push((told, variant.armor.clone())),
        }
    }
    println!(
        "{} variants: {agreed} agree, {accepted} of them accepted; {} are refused here only",
        all.len(),
        stricter.len()
    );
    for (told, armor) in &stricter {
        println!("stricter: {told} {:?}", (*armor != one.armor).then_some(armor));
    }
    assert!(lax.is_empty(), "accepted here only: {lax:#?}");
    // Local times in months with daylight saving time, and armors that only newer versions write.
    assert!(stricter.len() * 8 < all.len(), "{} of {} are refused here only", stricter.len(), all.len());
    assert!(accepted > 100);
}

#[test]
fn revoked_keys_match_ssh_keygen() {
    if Command::new("ssh-keygen").arg("-?").stderr(Stdio::null()).status().is_err() {
        println!("skipped: there is no ssh-keygen");
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let directory = directory.path();
    let one = signed(directory, "one", "ed25519", "256");
    let other = signed(directory, "other", "ecdsa", "256");
    std::fs::write(directory.join("sig"), &one.armor).unwrap();
    std::fs::write(directory.join("allowed"), format!("me@x {}\n", one.public)).unwrap();
    let fingerprint = |name: &str| {
        let output =
            Command::new("ssh-keygen").args(["-l", "-f", name]).current_dir(directory).output().unwrap();
        String::from_utf8(output.stdout).unwrap().split(' ').nth(1).unwrap().to_owned()
    };
    let written = |name: &str, text: &str| std::fs::write(directory.join(name), text).unwrap();
    written("both", &format!("# lost\n{}\n\n{}\n", other.public, one.public));
    written("foreign", &format!("{}\n", other.public));
    written("empty", "");
    written("broken", &format!("{}\nnonsense\n", other.public));
    written("of-key", &format!("hash: {}\n", fingerprint("one.pub")));
    written("of-other", &format!("hash: {}\n", fingerprint("other.pub")));
    written("of-sha1", &format!("sha1: {}\n", one.public));
    for (list, sources) in [
        ("krl-key", &["one.pub"][..]),
        ("krl-both", &["other.pub", "one.pub"]),
        ("krl-foreign", &["other.pub"]),
        ("krl-fingerprint", &["of-key"]),
        ("krl-other-fingerprint", &["of-other"]),
        ("krl-sha1", &["of-sha1"]),
    ] {
        assert!(run(directory, &[&["-k", "-f", list][..], sources].concat(), "UTC0", ""), "{list}");
    }
    let revoked = |list: &str| Revoked::read(&std::fs::read(directory.join(list)).unwrap());
    let ours = |revoked: Revoked| {
        let signers = Signers::from_key(&one.public).unwrap().without(revoked);
        verify(REPORT.as_bytes(), &one.armor, &signers, None, "2026-11-24T08:30:00Z".parse().unwrap()).is_ok()
    };
    for (list, holds) in [
        ("both", false),
        ("foreign", true),
        ("empty", true),
        ("broken", false),
        ("krl-key", false),
        ("krl-both", false),
        ("krl-foreign", true),
        ("krl-fingerprint", false),
        ("krl-other-fingerprint", true),
        ("krl-sha1", false),
    ] {
        let theirs = ["-Y", "verify", "-f", "allowed", "-I", "me@x", "-n", "report", "-s", "sig", "-r", list];
        assert_eq!(run(directory, &theirs, "UTC0", REPORT), holds, "ssh-keygen: {list}");
        assert_eq!(revoked(list).is_ok_and(ours), holds, "{list}: {:?}", revoked(list));
    }
    // Separate fingerprint lists, and truncated lists.
    let list = format!("{} tester\n", fingerprint("one.pub"));
    assert!(!ours(Revoked::read(list.as_bytes()).unwrap()));
    let krl = std::fs::read(directory.join("krl-key")).unwrap();
    for end in 0..krl.len() {
        // An empty file revokes nothing, and neither does a list without sections.
        let cut = Revoked::read(&krl[..end]);
        assert!(end == 0 || cut.is_err() || cut == Revoked::read(b""), "{end} bytes: {cut:?}");
    }
}
