//! scs-0114: volume types say what volumes of them are; scs-0111 decided on which aspects.

use scs_standards::shell::quote;
use scs_standards::{
    DeclaredValue, DocumentId, Heading, Judgement, Level, Rule, Split, Verdict, judge, says_nothing,
};

use super::Rec;
use crate::aspects::{Aspect, AspectProblem, Described};
use crate::subject::{Cloud, VolumeType, VolumeTypeEncryption, source};
use scs_standards::Listed;

const VOLUME_TYPES: &[DocumentId] = &[DocumentId::version(114, 1)];
const SYSTEMATIC: Heading =
    Heading { documents: VOLUME_TYPES, section: "Systematic Description of Volume Types" };
const RECOMMENDED: Heading = Heading { documents: VOLUME_TYPES, section: "RECOMMENDED volume types" };
const ENCRYPTION: Heading = Heading { documents: VOLUME_TYPES, section: "Encryption" };

/// The rules over volume types.
pub(crate) static RULES: &[Rule<Cloud>] = &[
    SYSTEMATIC.case(
        "scs-0114-syntax-check",
        Level::Must,
        "a list of aspects at the beginning of a description is in order",
        syntax,
    ),
    RECOMMENDED.case(
        "scs-0114-encrypted-type",
        Level::Should,
        "a volume type says that its volumes are encrypted",
        |cloud, rec| aspect_type(cloud, rec, Aspect::Encrypted),
    ),
    RECOMMENDED.case(
        "scs-0114-replicated-type",
        Level::Should,
        "a volume type says that its volumes are replicated",
        |cloud, rec| aspect_type(cloud, rec, Aspect::Replicated),
    ),
    ENCRYPTION.rule(
        "scs-0114-encrypted-true",
        Level::Must,
        "a type that says `encrypted` has provider, cipher, key size and control location of an encryption",
        encrypted_true,
    ),
    ENCRYPTION.rule(
        "scs-0114-encrypted-unsaid",
        Level::Should,
        "a type with an encryption says `encrypted`",
        encrypted_unsaid,
    ),
    Heading { documents: VOLUME_TYPES, section: "Replication" }
        .rule(
            "scs-0114-replicated-true",
            Level::Must,
            "a volume of a type that says `replicated` survives the loss of a node",
            replicated_true,
        )
        .asking(
            "the facts `copies` and `failure_domain` (of the copies: disk, host, rack, room or zone), for all types or by `subjects`",
            "{copies: 3, failure_domain: host}",
        ),
    Heading { documents: VOLUME_TYPES, section: "DEFAULT volume type" }.rule(
        "scs-0114-default-free",
        Level::May,
        "the type `__default__` may be anything, and users expect nothing of it",
        default_free,
    ),
    Heading { documents: VOLUME_TYPES, section: "OPTIONAL volume types" }.rule(
        "scs-0114-own-aspect",
        Level::ShouldNot,
        "other aspects than the standard's are not in the list",
        own_aspect,
    ),
    RECOMMENDED.rule(
        "scs-0114-public",
        Level::Should,
        "a type with a recommended aspect can be used by everybody",
        public,
    ),
    Heading { documents: &[DocumentId::version(111, 1)], section: "Decision" }.rule(
        "scs-0111-describe-optional",
        Level::May,
        "what else a type offers stands in its description: zones, attaching it several times, quality of service",
        describe_optional,
    ),
];

/// The type that each deployment of Cinder has.
const DEFAULT: &str = "__default__";

fn given<'c>(cloud: &'c Cloud, rec: &mut Rec<'_>) -> Option<&'c Listed<VolumeType>> {
    rec.needs(&cloud.volume_types, source::VOLUME_TYPES)
}

/// What a type's description begins with.
fn described(volume_type: &VolumeType) -> Described<'_> {
    Described::read(volume_type.description.as_deref().unwrap_or_default())
}

fn says(volume_type: &VolumeType, aspect: Aspect) -> bool {
    matches!(described(volume_type), Described::List(list) if list.names(aspect))
}

/// The command that gives a type another description.
fn describe(volume_type: &VolumeType, description: &str) -> String {
    format!("openstack volume type set --description {} {}", quote(description), quote(&volume_type.name))
}

/// C-062: the official suite takes an empty list and any blanks, sees no list where it is not closed, and fails unknown
/// aspects, of which the text says that they should not be there.
fn syntax(cloud: &Cloud, rec: &mut Rec<'_>) {
    const EXPECTED: &str = "[scs:encrypted, replicated]";
    let Some(types) = given(cloud, rec) else { return };
    types.all_read(rec, source::VOLUME_TYPES.name);
    for volume_type in types.entries() {
        let description = volume_type.description.as_deref().unwrap_or_default();
        let list = match Described::read(description) {
            Described::Nothing => {
                let begun = description.trim_start().to_lowercase();
                if begun.starts_with("[scs") {
                    let message = "the description begins almost like a list of aspects; it is none unless it begins with `[scs:`";
                    rec.warn(&volume_type.name, message).compared(EXPECTED, brief(description));
                }
                continue;
            }
            Described::Malformed(problem) => {
                let split = Split { text: Verdict::Fail, official: Verdict::Pass, difference: "C-062" };
                rec.split(split, &volume_type.name, problem.to_string())
                    .compared(EXPECTED, brief(description));
                continue;
            }
            Described::List(list) => list,
        };
        for problem in list.problems() {
            let message = problem.to_string();
            // The official suite strips blanks, and sees nothing in a list without a letter.
            let entry = match problem {
                AspectProblem::Empty => {
                    let blank = !description.starts_with("[scs:]");
                    let official = if blank { Verdict::Fail } else { Verdict::Pass };
                    let split = Split { text: Verdict::Fail, official, difference: "C-062" };
                    rec.split(split, &volume_type.name, message)
                }
                AspectProblem::Unknown(_) => {
                    let split = Split { text: Verdict::Pass, official: Verdict::Fail, difference: "C-062" };
                    rec.split(split, &volume_type.name, message)
                }
                AspectProblem::Blanks => rec.warn(&volume_type.name, message),
                _ => rec.fail(&volume_type.name, message),
            };
            let entry = entry.compared(EXPECTED, brief(description));
            if let Some(repaired) = list.repaired() {
                entry.fixed_by(describe(volume_type, &repaired));
            }
        }
    }
}

fn brief(description: &str) -> String {
    match description.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &description[..end]),
        None => description.to_owned(),
    }
}

fn aspect_type(cloud: &Cloud, rec: &mut Rec<'_>, aspect: Aspect) {
    let Some(types) = given(cloud, rec) else { return };
    if types.entries().iter().any(|volume_type| says(volume_type, aspect)) {
        return;
    }
    if types.all_read(rec, source::VOLUME_TYPES.name) {
        rec.fail("volume types", format!("no volume type says that its volumes are {aspect}"))
            .compared(format!("a type whose description begins with `[scs:{aspect}]`"), "none")
            .fixed_by(format!("openstack volume type set --description '[scs:{aspect}] …' TYPE"));
    }
}

/// The encryption of a type: `None` where none is listed.
fn encryption_of<'e>(
    encryptions: &'e Listed<VolumeTypeEncryption>,
    volume_type: &VolumeType,
) -> Option<&'e VolumeTypeEncryption> {
    encryptions
        .entries()
        .iter()
        .find(|encryption| encryption.is_of(volume_type) && encryption.is_configured())
}

fn is_set(value: Option<&str>) -> bool {
    value.is_some_and(|value| !says_nothing(value))
}

/// What an encryption says that none can be.
fn nonsense(encryption: &VolumeTypeEncryption) -> Option<String> {
    /// Keys of AES, single or for XTS.
    const SIZES: [u32; 4] = [128, 192, 256, 512];
    let location = encryption.control_location.as_deref().unwrap_or_default();
    let size = encryption.key_size.unwrap_or_default();
    if !matches!(location, "front-end" | "back-end") {
        return Some("its control location is neither `front-end` nor `back-end`".to_owned());
    }
    (!SIZES.contains(&size)).then(|| format!("{size} bits are no size of a key"))
}

fn encrypted_true(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(types) = given(cloud, rec) else { return };
    types.all_read(rec, source::VOLUME_TYPES.name);
    let saying: Vec<&VolumeType> =
        types.entries().iter().filter(|volume_type| says(volume_type, Aspect::Encrypted)).collect();
    if saying.is_empty() {
        return;
    }
    let Some(encryptions) = rec.needs(&cloud.volume_type_encryption, source::VOLUME_TYPE_ENCRYPTION) else {
        return;
    };
    let complete = encryptions.all_read(rec, source::VOLUME_TYPE_ENCRYPTION.name);
    for volume_type in saying {
        let create = format!(
            "openstack volume type set --encryption-provider luks --encryption-cipher aes-xts-plain64 --encryption-key-size 256 \
             --encryption-control-location front-end {}",
            quote(&volume_type.name)
        );
        match encryption_of(encryptions, volume_type) {
            None if complete => {
                rec.fail(&volume_type.name, "it says `encrypted`, but no encryption is configured")
                    .compared("an encryption", "none")
                    .fixed_by(create);
            }
            None => {}
            Some(encryption) => {
                let facts = [
                    ("provider", is_set(encryption.provider.as_deref())),
                    ("cipher", is_set(encryption.cipher.as_deref())),
                    ("key size", encryption.key_size.is_some_and(|bits| bits > 0)),
                    ("control location", is_set(encryption.control_location.as_deref())),
                ];
                let missing: Vec<&str> =
                    facts.iter().filter(|(_, set)| !set).map(|(name, _)| *name).collect();
                if !missing.is_empty() {
                    let message = format!("its encryption has no {}", missing.join(" and no "));
                    rec.fail(&volume_type.name, message).fixed_by(create);
                } else if let Some(message) = nonsense(encryption) {
                    rec.dnf(&volume_type.name, message).compared(
                        "128, 192, 256 or 512 bits, at the front-end or the back-end",
                        format!(
                            "{} bits, {}",
                            encryption.key_size.unwrap_or_default(),
                            encryption.control_location.as_deref().unwrap_or_default()
                        ),
                    );
                }
            }
        }
    }
}

fn encrypted_unsaid(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(types) = given(cloud, rec) else { return };
    let Some(encryptions) = rec.needs(&cloud.volume_type_encryption, source::VOLUME_TYPE_ENCRYPTION) else {
        return;
    };
    types.all_read(rec, source::VOLUME_TYPES.name);
    encryptions.all_read(rec, source::VOLUME_TYPE_ENCRYPTION.name);
    for volume_type in types.entries() {
        if encryption_of(encryptions, volume_type).is_none() || says(volume_type, Aspect::Encrypted) {
            continue;
        }
        let description = volume_type.description.as_deref().unwrap_or_default();
        let better = match Described::read(description) {
            Described::List(list) if list.names(Aspect::Replicated) => {
                format!("[scs:encrypted, replicated]{}", list.rest())
            }
            _ => format!("[scs:encrypted] {description}"),
        };
        rec.fail(&volume_type.name, "it encrypts, but its description does not say so")
            .compared("[scs:encrypted]", brief(description))
            .fixed_by(describe(volume_type, better.trim_end()));
    }
}

/// What is lost together with a copy, from small to large. A disk is no node.
const DOMAINS: [&str; 5] = ["disk", "host", "rack", "room", "zone"];

fn replicated_true(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(types) = given(cloud, rec) else { return };
    types.all_read(rec, source::VOLUME_TYPES.name);
    let enabled = |volume_type: &VolumeType| {
        volume_type
            .extra_specs
            .get("replication_enabled")
            .is_some_and(|value| value.to_lowercase().replace(' ', "") == "<is>true")
    };
    let saying: Vec<&str> = types
        .entries()
        .iter()
        .filter(|volume_type| says(volume_type, Aspect::Replicated) && !enabled(volume_type))
        .map(|volume_type| volume_type.name.as_str())
        .collect();
    judge(rec, saying, |_, value| {
        let copies = value.fact("copies").and_then(DeclaredValue::number);
        let domain = value.fact("failure_domain").and_then(DeclaredValue::text);
        match (copies, domain) {
            (Some(copies), Some(domain)) if DOMAINS.contains(&domain) => {
                if copies < 2.0 {
                    Judgement::Breaks(format!("it says `replicated`, but there is one copy ({copies})"))
                } else if domain == "disk" {
                    Judgement::Breaks("its copies may be on one node, and be lost with it".to_owned())
                } else {
                    Judgement::Satisfies
                }
            }
            _ => Judgement::Unusable,
        }
    });
}

fn default_free(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(types) = given(cloud, rec) else { return };
    for volume_type in types.entries() {
        if volume_type.name == DEFAULT && described(volume_type) != Described::Nothing {
            rec.note(
                DEFAULT,
                "its description has aspects, but users cannot rely on anything of `__default__`",
            );
        }
    }
}

fn own_aspect(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(types) = given(cloud, rec) else { return };
    types.all_read(rec, source::VOLUME_TYPES.name);
    for volume_type in types.entries() {
        let Described::List(list) = described(volume_type) else { continue };
        for problem in list.problems() {
            if let AspectProblem::Unknown(name) = problem {
                let entry = rec
                    .fail(
                        &volume_type.name,
                        format!("`{name}` is no aspect of the standard; say it outside of the list"),
                    )
                    .compared("encrypted, replicated", &name);
                if let Some(repaired) = list.repaired() {
                    entry.fixed_by(describe(volume_type, &repaired));
                }
            }
        }
    }
}

fn public(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(types) = given(cloud, rec) else { return };
    types.all_read(rec, source::VOLUME_TYPES.name);
    for aspect in Aspect::ALL {
        let saying: Vec<&VolumeType> =
            types.entries().iter().filter(|volume_type| says(volume_type, aspect)).collect();
        let public = |volume_type: &&&VolumeType| volume_type.is_public == Some(true);
        if saying.is_empty() || saying.iter().any(|volume_type| public(&volume_type)) {
            continue;
        }
        if let Some(unknown) = saying.iter().find(|volume_type| volume_type.is_public.is_none()) {
            rec.miss(&unknown.name, "whether the type is public is not given");
            continue;
        }
        for volume_type in saying {
            rec.fail(&volume_type.name, format!("no public type is {aspect}; this one is private"))
                .compared("is_public: true", "false")
                .fixed_by(format!("openstack volume type set --public {}", quote(&volume_type.name)));
        }
    }
}

/// Extra specs that ordinary users see, which say what the description may repeat in words.
const OPTIONAL: [(&str, &str); 2] =
    [("multiattach", "attaching a volume to several servers"), ("RESKEY:availability_zones", "the zones")];

fn describe_optional(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(types) = given(cloud, rec) else { return };
    for volume_type in types.entries() {
        for (key, what) in OPTIONAL {
            if volume_type.extra_specs.contains_key(key) {
                rec.note(
                    &volume_type.name,
                    format!("`{key}` says something of {what}; the description may, too"),
                );
            }
        }
    }
}
