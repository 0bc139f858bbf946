//! scs-0114: aspects in the descriptions of volume types; scs-0111 is the decision on the aspects.

use std::borrow::Cow;

use scs_standards::Listed;
use scs_standards::wording::{quoted, truncated};
use scs_standards::written::shell::{operand, option};
use scs_standards::{
    Data, DeclaredValue, DocumentId, Edit, Fix, Heading, Judgment, Level, Object, Profile, Rule, Severity,
    Split, Verdict, Way, is_vacuous, judge,
};

use super::Rec;
use super::declared::count;
use crate::aspects::{Aspect, AspectProblem, Described, GivenAspects, Misplaced};
use crate::subject::{Cloud, Encryptor, VolumeType, VolumeTypeEncryption, source};

const VOLUME_TYPES: &[DocumentId] = &[DocumentId::version(114, 1)];
const SYSTEMATIC: Heading =
    Heading { documents: VOLUME_TYPES, section: "Systematic Description of Volume Types" };
const RECOMMENDED: Heading = Heading { documents: VOLUME_TYPES, section: "RECOMMENDED volume types" };
const ENCRYPTION: Heading = Heading { documents: VOLUME_TYPES, section: "Encryption" };

/// The rules for volume types.
pub(crate) static RULES: &[Rule<Cloud>] = &[
    SYSTEMATIC.case(
        "scs-0114-syntax-check",
        Level::Must,
        "the list of aspects at the start of a description is valid",
        syntax,
    ),
    RECOMMENDED.case(
        "scs-0114-encrypted-type",
        Level::Should,
        "a volume type declares encryption",
        |cloud, rec| aspect_type(cloud, rec, Aspect::Encrypted),
    ),
    RECOMMENDED.case(
        "scs-0114-replicated-type",
        Level::Should,
        "a volume type declares replication",
        |cloud, rec| aspect_type(cloud, rec, Aspect::Replicated),
    ),
    ENCRYPTION.rule(
        "scs-0114-encrypted-true",
        Level::Must,
        "a type with aspect `encrypted` has an encryption with provider, cipher, key size and control location",
        encrypted_true,
    ),
    ENCRYPTION.rule(
        "scs-0114-encrypted-unsaid",
        Level::Should,
        "a type with an encryption has the aspect `encrypted`",
        encrypted_undeclared,
    ),
    Heading { documents: VOLUME_TYPES, section: "Replication" }
        .rule(
            "scs-0114-replicated-true",
            Level::Must,
            "volumes of a type with aspect `replicated` survive the loss of a node",
            replicated_true,
        )
        .asking(
            "the facts `copies` and `failure_domain` (of the copies: disk, host, rack, room or zone), for all types or by `subjects`",
            "{copies: 3, failure_domain: host}",
        ),
    Heading { documents: VOLUME_TYPES, section: "DEFAULT volume type" }.rule(
        "scs-0114-default-free",
        Level::May,
        "the type `__default__` has no guarantees that users can rely on",
        default_free,
    ),
    Heading { documents: VOLUME_TYPES, section: "OPTIONAL volume types" }.rule(
        "scs-0114-own-aspect",
        Level::ShouldNot,
        "the list has only aspects from the standard",
        own_aspect,
    ),
    RECOMMENDED.rule(
        "scs-0114-public",
        Level::Should,
        "a type with a recommended aspect is public",
        public,
    ),
    Heading { documents: &[DocumentId::version(111, 1)], section: "Decision" }.rule(
        "scs-0111-describe-optional",
        Level::May,
        "the description mentions other features of a type: zones, multi-attach, quality of service",
        describe_optional,
    ),
];

/// The type in every deployment of Cinder.
const DEFAULT: &str = "__default__";

fn given<'c>(cloud: &'c Cloud, rec: &mut Rec<'_>) -> Option<&'c Listed<VolumeType>> {
    rec.needs(&cloud.volume_types, source::VOLUME_TYPES)
}

/// The parsed start of a type's description.
fn described(volume_type: &VolumeType) -> Described<'_> {
    Described::read(volume_type.description.as_deref().unwrap_or_default())
}

fn says(volume_type: &VolumeType, aspect: Aspect) -> bool {
    matches!(described(volume_type), Described::List(list) if list.names(aspect))
}

/// The reference to a type in an edit.
fn object(volume_type: &VolumeType) -> Object {
    match &volume_type.id {
        Some(id) => Object::with_id(id),
        None => Object::named(&volume_type.name),
    }
}

/// The command-line reference to a type: its id, or its name if it has no id.
fn reference(volume_type: &VolumeType) -> String {
    operand(volume_type.id.as_deref().unwrap_or(&volume_type.name))
}

/// The command that changes the description of a type.
fn described_as(volume_type: &VolumeType, description: &str) -> Way {
    Way::new(
        format!(
            "openstack volume type set {} {}",
            option("--description", description),
            reference(volume_type)
        ),
        [Edit::set(PART, object(volume_type), ["description"], description)],
    )
}

/// The repair of an existing list: the same aspects in the standard's format. Users who select types by a word outside the
/// standard no longer find it in the list, so its removal has to be confirmed.
fn rewritten(cloud: &Cloud, volume_type: &VolumeType, list: &GivenAspects<'_>) -> Option<Fix> {
    let encryptions = cloud.volume_type_encryption.data();
    let encryption = encryptions
        .and_then(|encryptions| encryption_of(encryptions, volume_type))
        .filter(|encryption| encryptor(encryption) != Encryptor::Nothing);
    if let Some(encryption) = encryption.filter(|_| !list.names(Aspect::Encrypted)) {
        // Another rule requires that aspect as well, and a type has only one description.
        return Some(with_encrypted_aspect(cloud, volume_type, encryption));
    }
    if list.is_clear() {
        return Some(Fix::Safe(described_as(volume_type, &list.repaired()?)));
    }
    respelling(volume_type, list, None)
}

/// A list with misspelled or wrongly separated words, or words that are not aspects: users who select the type by them no
/// longer find it.
fn respelling(volume_type: &VolumeType, list: &GivenAspects<'_>, more: Option<Aspect>) -> Option<Fix> {
    let (aspects, description) = list.spelled(more)?;
    let way = described_as(volume_type, description.trim_end());
    let others: Vec<&str> = list.unknown().collect();
    if others.is_empty() {
        return Some(Fix::choose(
            format!("Is `{aspects}` the intended list? Otherwise write the intended one."),
            [way.when("it is")],
        ));
    }
    let question = format!(
        "Does `{aspects}` cover the standard aspects of the type, and does nobody select it by {} in the list? Otherwise correct the list, or have them stop first.",
        quoted(&others)
    );
    Some(Fix::choose(question, [way.when("both are true").destructive()]))
}

/// The inventory key of volume types.
const PART: &str = source::VOLUME_TYPES.name;

/// C-062: the official suite accepts an empty list and any spaces, ignores a list that is not closed, and fails unknown
/// aspects, which the text says should not be there.
fn syntax(cloud: &Cloud, rec: &mut Rec<'_>) {
    const EXPECTED: &str = "[scs:encrypted, replicated]";
    let Some(types) = given(cloud, rec) else { return };
    let by_text = rec.context().profile == Profile::Text;
    types.report_unreadable(rec, source::VOLUME_TYPES.name);
    for volume_type in types.entries() {
        let description = volume_type.description.as_deref().unwrap_or_default();
        let list = match Described::read(description) {
            Described::Nothing => {
                let begun = description.trim_start().to_lowercase();
                if begun.starts_with("[scs") {
                    let message = "the description almost starts with a list of aspects, which has to start with `[scs:`";
                    rec.warn(&volume_type.name, message).compared(EXPECTED, brief(description));
                }
                continue;
            }
            Described::Malformed(problem) => {
                let split = Split { text: Verdict::Fail, official: Verdict::Pass, difference: "C-062" };
                rec.split(split, &volume_type.name, problem.to_string())
                    .compared(EXPECTED, brief(description))
                    .repaired_by(Fix::advice(
                        "close the list after the aspects of the type, as in `[scs:encrypted] LUKS`",
                    ));
                continue;
            }
            Described::List(list) => list,
        };
        for problem in list.problems() {
            let message = problem.to_string();
            // The official suite strips spaces, and ignores a list without letters.
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
                // An aspect *should* be listed only once.
                AspectProblem::Duplicate(_) => {
                    let split = Split { text: Verdict::Pass, official: Verdict::Fail, difference: "C-062" };
                    let entry = rec.split(split, &volume_type.name, message);
                    if by_text { entry.with_severity(Severity::Warning) } else { entry }
                }
                AspectProblem::Blanks => rec.warn(&volume_type.name, message),
                _ => rec.fail(&volume_type.name, message),
            };
            let entry = entry.compared(EXPECTED, brief(description));
            if let Some(fix) = rewritten(cloud, volume_type, &list) {
                entry.repaired_by(fix);
            }
        }
    }
}

fn brief(description: &str) -> Cow<'_, str> {
    truncated(description, 60)
}

fn aspect_type(cloud: &Cloud, rec: &mut Rec<'_>, aspect: Aspect) {
    let Some(types) = given(cloud, rec) else { return };
    if types.entries().iter().any(|volume_type| says(volume_type, aspect)) {
        return;
    }
    if !types.report_unreadable(rec, source::VOLUME_TYPES.name) {
        return;
    }
    let misplaced = types.entries().iter().find_map(|volume_type| {
        let misplaced = Misplaced::find(volume_type.description.as_deref()?)?;
        misplaced.list.names(aspect).then_some((volume_type, misplaced))
    });
    let message = format!("no volume type has the aspect `{aspect}`");
    let message = match &misplaced {
        Some((volume_type, _)) => {
            format!("{message}; `{}` has it, but not at the start of its description", volume_type.name)
        }
        None => message,
    };
    let entry = rec
        .fail("volume types", message)
        .compared(format!("a type whose description starts with `[scs:{aspect}]`"), "none");
    let moved =
        misplaced.as_ref().and_then(|(volume_type, misplaced)| Some((volume_type, misplaced.moved()?)));
    entry.repaired_by(match moved {
        Some((volume_type, moved)) => Fix::choose(
            "Do its volumes have all these aspects? Otherwise list only those that they have.",
            [described_as(volume_type, &moved).when("they do")],
        ),
        None => Fix::advice(format!(
            "start the description of a type whose volumes are {aspect} with `[scs:{aspect}]`; if there is no such type, create one"
        )),
    });
}

/// The encryption of a type; `None` if none is listed.
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
    value.is_some_and(|value| !is_vacuous(value))
}

/// The missing fields of an encryption.
fn lacking(encryption: &VolumeTypeEncryption) -> Vec<&'static str> {
    let facts = [
        ("provider", is_set(encryption.provider.as_deref())),
        ("cipher", is_set(encryption.cipher.as_deref())),
        ("key size", encryption.key_size.is_some_and(|bits| bits > 0)),
        ("control location", is_set(encryption.control_location.as_deref())),
    ];
    facts.into_iter().filter(|(_, set)| !set).map(|(name, _)| name).collect()
}

/// The effect of an encryption's provider.
fn encryptor(encryption: &VolumeTypeEncryption) -> Encryptor {
    Encryptor::of(encryption.provider.as_deref().unwrap_or_default())
}

/// An invalid value in an encryption, as text.
fn invalid_value(encryption: &VolumeTypeEncryption) -> Option<String> {
    /// AES keys, single or for XTS.
    const SIZES: [u32; 4] = [128, 192, 256, 512];
    let location = encryption.control_location.as_deref().unwrap_or_default();
    let size = encryption.key_size.unwrap_or_default();
    if encryptor(encryption) == Encryptor::Unknown {
        let provider = brief(encryption.provider.as_deref().unwrap_or_default());
        return Some(format!("`{provider}` is not a provider in Nova or Cinder, so its effect is unknown"));
    }
    if !matches!(location, "front-end" | "back-end") {
        return Some("its control location is neither `front-end` nor `back-end`".to_owned());
    }
    (!SIZES.contains(&size)).then(|| format!("{size} bits is not a valid key size"))
}

fn encrypted_true(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(types) = given(cloud, rec) else { return };
    types.report_unreadable(rec, source::VOLUME_TYPES.name);
    let saying: Vec<&VolumeType> =
        types.entries().iter().filter(|volume_type| says(volume_type, Aspect::Encrypted)).collect();
    if saying.is_empty() {
        return;
    }
    let Some(encryptions) = rec.needs(&cloud.volume_type_encryption, source::VOLUME_TYPE_ENCRYPTION) else {
        return;
    };
    let complete = encryptions.report_unreadable(rec, source::VOLUME_TYPE_ENCRYPTION.name);
    for volume_type in saying {
        match encryption_of(encryptions, volume_type) {
            None if complete => {
                rec.fail(
                    &volume_type.name,
                    "the description says `encrypted`, but no encryption is configured",
                )
                .compared("an encryption", "none")
                .repaired_by(encrypt_or_drop_aspect(volume_type));
            }
            None => {}
            Some(encryption) => {
                let missing = lacking(encryption);
                if !missing.is_empty() {
                    let message = format!("its encryption has no {}", missing.join(" and no "));
                    rec.fail(&volume_type.name, message).repaired_by(Fix::advice(
                        "Cinder cannot change the encryption of a type in use: create a type with a complete one, and move the volumes there",
                    ));
                } else if encryptor(encryption) == Encryptor::Nothing {
                    let provider = encryption.provider.as_deref().unwrap_or_default();
                    rec.fail(&volume_type.name, "the description says `encrypted`, but its provider does not encrypt")
                        .compared("a provider that encrypts, such as luks", brief(provider))
                        .repaired_by(Fix::advice(
                            "create a type with a provider such as luks, and move the volumes there; or remove `encrypted` from the description",
                        ));
                } else if let Some(message) = invalid_value(encryption) {
                    rec.dnf(&volume_type.name, message).compared(
                        "luks or plain, 128, 192, 256 or 512 bits, at the front-end or the back-end",
                        format!(
                            "{}, {} bits, {}",
                            brief(encryption.provider.as_deref().unwrap_or_default()),
                            encryption.key_size.unwrap_or_default(),
                            encryption.control_location.as_deref().unwrap_or_default()
                        ),
                    );
                }
            }
        }
    }
}

/// Either the description is wrong, or the encryption is missing; only the provider knows.
fn encrypt_or_drop_aspect(volume_type: &VolumeType) -> Fix {
    let [provider, cipher, location] = ["luks", "aes-xts-plain64", "front-end"];
    let encrypt = format!(
        "openstack volume type set --encryption-provider {provider} --encryption-cipher {cipher} --encryption-key-size 256 \
         --encryption-control-location {location} {}",
        reference(volume_type)
    );
    let encryption: [(&str, Data); 6] = [
        ("volume_type_id", volume_type.id.clone().into()),
        ("volume_type", volume_type.name.as_str().into()),
        ("provider", provider.into()),
        ("cipher", cipher.into()),
        ("key_size", Data::Number(256)),
        ("control_location", location.into()),
    ];
    let edit = Edit::create(source::VOLUME_TYPE_ENCRYPTION.name, Data::map(encryption));
    let mut ways = vec![Way::new(encrypt, [edit]).when("they should, and the type has no volumes yet")];
    if let Described::List(list) = described(volume_type) {
        ways.push(described_as(volume_type, &list.without(Aspect::Encrypted)).when("they should not"));
    }
    Fix::choose(
        "Should the volumes of the type be encrypted? If it has volumes already, create a new encrypted type and retype them.",
        ways,
    )
}

fn encrypted_undeclared(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(types) = given(cloud, rec) else { return };
    let Some(encryptions) = rec.needs(&cloud.volume_type_encryption, source::VOLUME_TYPE_ENCRYPTION) else {
        return;
    };
    types.report_unreadable(rec, source::VOLUME_TYPES.name);
    encryptions.report_unreadable(rec, source::VOLUME_TYPE_ENCRYPTION.name);
    for volume_type in types.entries() {
        let Some(encryption) = encryption_of(encryptions, volume_type) else { continue };
        if says(volume_type, Aspect::Encrypted) || encryptor(encryption) == Encryptor::Nothing {
            continue;
        }
        let description = volume_type.description.as_deref().unwrap_or_default();
        rec.fail(&volume_type.name, "it encrypts volumes, but its description does not say so")
            .compared("[scs:encrypted]", brief(description))
            .repaired_by(with_encrypted_aspect(cloud, volume_type, encryption));
    }
}

/// The fix that adds `encrypted` to the description of an encrypting type.
fn with_encrypted_aspect(cloud: &Cloud, volume_type: &VolumeType, encryption: &VolumeTypeEncryption) -> Fix {
    let description = volume_type.description.as_deref().unwrap_or_default();
    let is_public = |other: &VolumeType| other.is_public == Some(true) && says(other, Aspect::Encrypted);
    let types = cloud.volume_types.data();
    let public = volume_type.is_public == Some(true)
        || types.is_some_and(|types| types.entries().iter().any(is_public));
    let safe = |description: &str| {
        let way = described_as(volume_type, description.trim_end());
        // It promises an encryption that every user can rely on.
        let encrypts = encryptor(encryption) == Encryptor::Encrypts;
        if encrypts && lacking(encryption).is_empty() && invalid_value(encryption).is_none() && public {
            Fix::Safe(way)
        } else {
            Fix::choose(
                "Is it meant for users, and is its encryption complete? Otherwise complete it, or make the type private, first.",
                [way.when("both are true")],
            )
        }
    };
    match Described::read(description) {
        Described::Malformed(_) => {
            Fix::advice("start the description with `[scs:encrypted]`, and close the existing list")
        }
        Described::List(list) if list.is_clear() => safe(&list.with(Aspect::Encrypted)),
        Described::List(list) => respelling(volume_type, &list, Some(Aspect::Encrypted))
            .unwrap_or_else(|| Fix::advice("add `encrypted` to the list")),
        Described::Nothing => match Misplaced::find(description) {
            Some(misplaced) if misplaced.list.names(Aspect::Encrypted) => match misplaced.moved() {
                // From then on, its aspect `replicated` counts.
                Some(moved) if misplaced.list.names(Aspect::Replicated) => Fix::choose(
                    "Do its volumes survive the loss of a node, as `replicated` requires? Otherwise leave `replicated` out of the list.",
                    [described_as(volume_type, &moved).when("they do")],
                ),
                Some(moved) => safe(&moved),
                None => safe(&format!("[scs:encrypted] {description}")),
            },
            _ => safe(&format!("[scs:encrypted] {description}")),
        },
    }
}

/// Limit of copies, more than any real storage system keeps.
const MAX_COPIES: f64 = 100.0;

/// Failure domains of a copy, from small to large. A disk is smaller than a node.
const DOMAINS: [&str; 5] = ["disk", "host", "rack", "room", "zone"];

fn replicated_true(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(types) = given(cloud, rec) else { return };
    types.report_unreadable(rec, source::VOLUME_TYPES.name);
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
        let copies = value.fact("copies").and_then(|copies| count(copies, MAX_COPIES));
        let domain = value.fact("failure_domain").and_then(DeclaredValue::text);
        match (copies, domain) {
            (Some(copies), Some(domain)) if DOMAINS.contains(&domain) => {
                if copies < 2.0 {
                    Judgment::Breaks(format!(
                        "the description says `replicated`, but there is one copy ({copies})"
                    ))
                } else if domain == "disk" {
                    Judgment::Breaks("its copies may be on one node and be lost with it".to_owned())
                } else {
                    Judgment::Satisfies
                }
            }
            _ => Judgment::Unusable,
        }
    });
}

fn default_free(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(types) = given(cloud, rec) else { return };
    for volume_type in types.entries() {
        if volume_type.name == DEFAULT && described(volume_type) != Described::Nothing {
            rec.note(DEFAULT, "its description has aspects, but users cannot rely on `__default__`");
        }
    }
}

fn own_aspect(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(types) = given(cloud, rec) else { return };
    types.report_unreadable(rec, source::VOLUME_TYPES.name);
    for volume_type in types.entries() {
        let Described::List(list) = described(volume_type) else { continue };
        for problem in list.problems() {
            if let AspectProblem::Unknown(name) = problem {
                let entry = rec
                    .fail(
                        &volume_type.name,
                        format!("`{name}` is not an aspect in the standard; mention it outside the list"),
                    )
                    .compared("encrypted, replicated", &name);
                if let Some(fix) = rewritten(cloud, volume_type, &list) {
                    entry.repaired_by(fix);
                }
            }
        }
    }
}

fn public(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(types) = given(cloud, rec) else { return };
    // An unreadable type may be the public one.
    if !types.report_unreadable(rec, source::VOLUME_TYPES.name) {
        return;
    }
    for aspect in Aspect::ALL {
        let saying: Vec<&VolumeType> =
            types.entries().iter().filter(|volume_type| says(volume_type, aspect)).collect();
        let public = |volume_type: &&&VolumeType| volume_type.is_public == Some(true);
        if saying.is_empty() || saying.iter().any(|volume_type| public(&volume_type)) {
            continue;
        }
        if let Some(unknown) = saying.iter().find(|volume_type| volume_type.is_public.is_none()) {
            rec.miss(&unknown.name, "it is unknown whether the type is public");
            continue;
        }
        for volume_type in saying {
            rec.fail(&volume_type.name, format!("no public type is {aspect}; this type is private"))
                .compared("is_public: true", "false")
                .repaired_by(Fix::choose(
                    "May everyone use it? Otherwise create a public type with this aspect.",
                    [Way::new(
                        format!("openstack volume type set --public {}", reference(volume_type)),
                        [Edit::set(PART, object(volume_type), ["is_public"], true)],
                    )
                    .when("they may")],
                ));
        }
    }
}

/// Extra specs visible to ordinary users, which the description may repeat in words.
const OPTIONAL: [(&str, &str); 2] =
    [("multiattach", "multi-attach"), ("RESKEY:availability_zones", "the zones")];

fn describe_optional(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(types) = given(cloud, rec) else { return };
    for volume_type in types.entries() {
        for (key, what) in OPTIONAL {
            if volume_type.extra_specs.contains_key(key) {
                rec.note(&volume_type.name, format!("`{key}` sets {what}; the description may mention it"));
            }
        }
    }
}
