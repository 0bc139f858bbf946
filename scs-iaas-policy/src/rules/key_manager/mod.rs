//! scs-0116: a key manager that ordinary users can use, with a protected master key.

mod policy;
mod presence;
mod stores;

use scs_standards::round_trip::Outcome;
use scs_standards::{
    CLOUD, Declaration, DeclaredValue, DocumentId, Fact, Fix, Heading, Judgment, Level, Rule, Split, Verdict,
    fact, is_vacuous, judge, judge_declarations, names_document,
};

use self::presence::{TYPE, has_key_manager};
use self::stores::{Place, places};
use super::Rec;
use super::evidence::{
    as_member, configurations, current, due_to_other_roles, each_setting, has_service, unsuitable_roles,
};
use crate::subject::{Cloud, source};

const KEY_MANAGER: &[DocumentId] = &[DocumentId::version(116, 1)];
const STANDARD: Heading = Heading { documents: KEY_MANAGER, section: "Key Manager Standard" };
const POLICIES: Heading = Heading { documents: KEY_MANAGER, section: "Key Manager Policies" };

/// The rules for the key manager.
pub(crate) static RULES: &[Rule<Cloud>] = &[
    STANDARD.case("scs-0116-presence", Level::Should, "a key manager is available", presence),
    POLICIES.case(
        "scs-0116-permissions",
        Level::Must,
        "a user with the role member can create, find and delete a secret",
        permissions,
    ),
    Heading { documents: KEY_MANAGER, section: "Conformance Tests" }
        .case(
            "key-manager-docs-check",
            Level::Must,
            "documentation shows where the Master-KEK is stored and how it is protected",
            documented,
        )
        .asking(
            "the facts `location` (hsm, vault, kmip, host) and `protection` (in words), with `document` next to the value",
            "{location: hsm, protection: the key never leaves the module}",
        ),
    STANDARD
        .rule("scs-0116-keys-encrypted", Level::Must, "keys are stored encrypted", keys_encrypted)
        .asking(
            "how keys are encrypted before they are stored: `kek`, `hsm`, `vault`, `kmip` or `nothing`",
            "kek",
        ),
    STANDARD
        .rule(
            "scs-0116-kek-elsewhere",
            Level::Must,
            "the Master-KEK is stored separately from the keys, and protected if it is in a file",
            kek_elsewhere,
        )
        .asking(
            "where the Master-KEK is stored: `hsm`, `vault`, `kmip`, `enclave`, `file` (unprotected) or `database` (with the keys)",
            "hsm",
        ),
    STANDARD
        .rule(
            "scs-0116-kek-not-plain",
            Level::ShouldNot,
            "the Master-KEK is not stored in plain text on the host of the key manager",
            kek_not_plain,
        )
        .asking("how the Master-KEK is stored on the host: `absent`, `encrypted` or `plain`", "absent"),
    POLICIES.rule(
        "scs-0116-policy-creator",
        Level::Must,
        "without secure RBAC, the policy gives members the creator role",
        policy::creator,
    ),
];

fn presence(cloud: &Cloud, rec: &mut Rec<'_>) {
    if has_service(cloud, rec, TYPE) == Some(false) {
        rec.fail(CLOUD, "the catalog has no key manager, so users cannot encrypt their data")
            .compared("an entry of type `key-manager`, such as Barbican", "none");
    }
}

/// C-066: without a key manager, the rules do not apply.
fn permissions(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(there) = has_service(cloud, rec, TYPE) else { return };
    if !there {
        // The official suite checks the roles before looking for a key manager.
        let official = cloud
            .roles
            .data()
            .and_then(|roles| unsuitable_roles(roles))
            .map_or(Verdict::Pass, |_| Verdict::Dnf);
        let is_empty = cloud.services.data().is_some_and(|services| services.entries().is_empty());
        let (text, message) = if is_empty {
            (Verdict::Dnf, "the catalog is empty, so it does not show whether there is a key manager")
        } else {
            (Verdict::Pass, "not applicable: there is no key manager")
        };
        rec.split(Split { text, official, difference: "C-066" }, CLOUD, message);
        return;
    }
    if !as_member(cloud, rec) {
        return;
    }
    let secrets = current(rec, cloud, &cloud.secrets, source::SECRETS);
    let Some(outcome) = rec.needs(&secrets, source::SECRETS) else { return };
    let detail = outcome.detail_in_brackets();
    match outcome.outcome {
        Outcome::Ok => due_to_other_roles(cloud, rec, "roles", &[]),
        Outcome::Refused => {
            let message = format!("the key manager does not let a member create secrets{detail}");
            rec.fail("key manager", message)
                .compared("a member creates, finds and deletes a secret", "refused")
                .repaired_by(Fix::advice(
                    "check the policy of the key manager and the roles of the user: a `member` must be able to create, find and delete secrets",
                ));
        }
        Outcome::Failed => {
            rec.dnf("key manager", format!("the round trip ended with an error{detail}"));
        }
        Outcome::Absent => {
            rec.dnf(
                "key manager",
                format!("the catalog has a key manager, but the round trip found none{detail}"),
            );
        }
    }
}

fn documented(cloud: &Cloud, rec: &mut Rec<'_>) {
    if !has_key_manager(cloud, rec) {
        return;
    }
    let Some(places) = kek_places(cloud, rec) else { return };
    let in_file = places.iter().any(|(place, _)| *place == Place::File);
    judge_declarations(rec, [CLOUD], |_, declaration: &Declaration| {
        let fact = |name| declaration.value.fact(name).and_then(DeclaredValue::text);
        if let (Some(place @ ("hsm" | "vault" | "kmip")), true) = (fact("location"), in_file) {
            return Judgment::Contradicts(format!(
                "Barbican is configured with simple_crypto, which stores the Master-KEK on the host, not at {place}"
            ));
        }
        match (fact("location"), fact("protection")) {
            (Some("hsm" | "vault" | "kmip" | "host"), Some(protection)) if !is_vacuous(protection) => {
                match declaration.document.as_deref() {
                    Some(document) if !names_document(document) => Judgment::Unusable,
                    Some(_) => Judgment::Satisfies,
                    None => Judgment::Breaks(
                        "the declaration does not name a `document` that shows it".to_owned(),
                    ),
                }
            }
            (Some("host"), None) => Judgment::Breaks("its protection on the host is not declared".to_owned()),
            _ => Judgment::Unusable,
        }
    });
}

fn keys_encrypted(cloud: &Cloud, rec: &mut Rec<'_>) {
    if !has_key_manager(cloud, rec) {
        return;
    }
    judge(rec, [CLOUD], |_, value| match value.text() {
        Some("kek" | "hsm" | "vault" | "kmip") => Judgment::Satisfies,
        Some("nothing") => Judgment::Breaks("keys are stored in the clear".to_owned()),
        _ => Judgment::Unusable,
    });
}

/// The places of the Master-KEK in Barbican's configurations, each with the file that shows it. Empty without a
/// configuration; `None` if a finding was recorded instead.
fn kek_places(cloud: &Cloud, rec: &mut Rec<'_>) -> Option<Vec<(Place, String)>> {
    let found = configurations(cloud, rec, "barbican")?;
    let mut all = Vec::new();
    for configuration in &found.usable {
        match places(configuration) {
            Ok(places) => all.extend(places.into_iter().map(|(place, path)| (place, path.to_owned()))),
            Err(reason) => {
                rec.dnf(configuration.main(), reason);
                return None;
            }
        }
    }
    all.sort();
    all.dedup();
    Some(all)
}

/// Warns about software modules on the host: their keys are in files of the host, and the PIN is in Barbican's.
fn soft_modules(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(files) = cloud.config_files.data() else { return };
    for (path, setting) in
        each_setting(&files.configurations("barbican").usable, "p11_crypto_plugin", "library_path")
    {
        if setting.is_some_and(|setting| setting.value.to_lowercase().contains("softhsm")) {
            rec.warn(
                path,
                "SoftHSM stores the Master-KEK in files on this host, and this file has the PIN that unlocks them",
            );
        }
    }
}

/// The plugins of the places, as text.
fn plugins(places: &[(Place, String)]) -> String {
    let mut names: Vec<&str> = places.iter().map(|(place, _)| place.plugin()).collect();
    names.dedup();
    names.join(", ")
}

fn kek_elsewhere(cloud: &Cloud, rec: &mut Rec<'_>) {
    if !has_key_manager(cloud, rec) {
        return;
    }
    let Some(places) = kek_places(cloud, rec) else { return };
    let in_file = places.iter().find(|(place, _)| *place == Place::File).map(|(_, path)| path.clone());
    let other = places.iter().find(|(place, _)| matches!(place, Place::Other(_)));
    let is_declared = matches!(fact(rec, &[rec.rule().id]), Fact::Declared(_));
    if let (false, None, None, false) = (places.is_empty(), &in_file, other, is_declared) {
        rec.note(
            "barbican.conf",
            format!("the Master-KEK is not in a file: the backend is {}", plugins(&places)),
        );
        return;
    }
    let shown = plugins(&places);
    judge(rec, [CLOUD], |_, value| match (value.text(), &in_file) {
        (Some("hsm" | "vault" | "kmip"), Some(path)) => {
            Judgment::Contradicts(format!("`{path}` contradicts this: simple_crypto stores it in a file"))
        }
        (Some("hsm" | "vault" | "kmip"), None) | (Some("enclave"), _) => Judgment::Satisfies,
        (Some(place @ ("file" | "database")), None) if !places.is_empty() && other.is_none() => {
            Judgment::Contradicts(format!(
                "Barbican is configured with {shown}, which does not store it in a {place}"
            ))
        }
        (Some("file"), _) => Judgment::Breaks(
            "a Master-KEK in a file on the key manager's host needs separate protection, such as an enclave"
                .to_owned(),
        ),
        (Some("database"), _) => Judgment::Breaks("the Master-KEK is stored with the keys".to_owned()),
        _ => Judgment::Unusable,
    });
}

fn kek_not_plain(cloud: &Cloud, rec: &mut Rec<'_>) {
    if !has_key_manager(cloud, rec) {
        return;
    }
    let Some(places) = kek_places(cloud, rec) else { return };
    for (_, path) in places.iter().filter(|(place, _)| *place == Place::File) {
        rec.fail(path, "simple_crypto stores its Master-KEK in a plain-text file")
            .compared("a plugin with an HSM, Vault or KMIP", "simple_crypto")
            .repaired_by(Fix::advice(
                "set up a plugin with an HSM, Vault or KMIP, and move the secrets to it before simple_crypto is removed",
            ));
    }
    soft_modules(cloud, rec);
    let by_plugins = !places.is_empty() && !places.iter().any(|(place, _)| matches!(place, Place::Other(_)));
    let is_declared = matches!(fact(rec, &[rec.rule().id]), Fact::Declared(_));
    if by_plugins && !is_declared {
        return;
    }
    let in_file = places.iter().any(|(place, _)| *place == Place::File);
    let shown = plugins(&places);
    judge(rec, [CLOUD], |_, value| match value.text() {
        Some("plain") if by_plugins && !in_file => Judgment::Contradicts(format!(
            "Barbican is configured with {shown}, which does not store it in plain text on the host"
        )),
        Some("absent" | "encrypted") if in_file => {
            Judgment::Contradicts("Barbican is configured with simple_crypto".to_owned())
        }
        Some("absent" | "encrypted") => Judgment::Satisfies,
        Some("plain") => Judgment::Breaks("the Master-KEK is on the host in plain text".to_owned()),
        _ => Judgment::Unusable,
    });
}
