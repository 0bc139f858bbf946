//! scs-0116: a key manager that ordinary users can use, and whose master key is safe.

use scs_standards::{
    CLOUD, Declaration, DeclaredValue, DocumentId, Given, Heading, Judgement, Level, Rule, Split, Verdict,
    judge, judge_declarations, says_nothing,
};

use super::Rec;
use super::evidence::{as_member, current, has_service, ini_files, needed, offers, read, unfit};
use crate::config::Ini;
use crate::subject::{Cloud, OutcomeKind, source};

const KEY_MANAGER: &[DocumentId] = &[DocumentId::version(116, 1)];
const STANDARD: Heading = Heading { documents: KEY_MANAGER, section: "Key Manager Standard" };
const POLICIES: Heading = Heading { documents: KEY_MANAGER, section: "Key Manager Policies" };

/// The rules over the key manager.
pub(crate) static RULES: &[Rule<Cloud>] = &[
    STANDARD.case("scs-0116-presence", Level::Should, "there is a key manager", presence),
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
            "documents show where the Master-KEK lives and what protects it",
            documented,
        )
        .asking(
            "the facts `location` (hsm, vault, kmip, host) and `protection` (in words), with `document` beside the value",
            "{location: hsm, protection: the key never leaves the module}",
        ),
    STANDARD
        .rule("scs-0116-keys-encrypted", Level::Must, "keys are stored encrypted", keys_encrypted)
        .asking(
            "what keys are encrypted with before they are stored: `kek`, `hsm`, `vault`, `kmip` or `nothing`",
            "kek",
        ),
    STANDARD
        .rule(
            "scs-0116-kek-elsewhere",
            Level::Must,
            "the Master-KEK is stored in another place than the keys, and protected where it is in a file",
            kek_elsewhere,
        )
        .asking(
            "where the Master-KEK is: `hsm`, `vault`, `kmip`, `enclave`, `file` (unprotected) or `database` (with the keys)",
            "hsm",
        ),
    STANDARD
        .rule(
            "scs-0116-kek-not-plain",
            Level::ShouldNot,
            "the Master-KEK is not in plain text on the host of the key manager",
            kek_not_plain,
        )
        .asking("how the Master-KEK is on the host: `absent`, `encrypted` or `plain`", "absent"),
    POLICIES.rule(
        "scs-0116-policy-creator",
        Level::Must,
        "without secure RBAC, the policy makes a member a creator",
        policy_creator,
    ),
];

const TYPE: &[&str] = &["key-manager"];

/// Whether there is a key manager to ask something of; a note where there is none, a finding where nobody can say.
fn is_there(cloud: &Cloud, rec: &mut Rec<'_>) -> bool {
    match offers(cloud, rec, TYPE) {
        Some(true) => true,
        Some(false) => {
            rec.note(CLOUD, "not asked: there is no key manager");
            false
        }
        None => false,
    }
}

fn presence(cloud: &Cloud, rec: &mut Rec<'_>) {
    if has_service(cloud, rec, TYPE) == Some(false) {
        rec.fail(CLOUD, "the catalogue has no key manager, so users cannot have their data encrypted")
            .compared("an entry of type `key-manager`, such as Barbican", "none");
    }
}

/// C-066: without a key manager nothing is asked.
fn permissions(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(there) = has_service(cloud, rec, TYPE) else { return };
    if !there {
        // The official suite looks at the roles before it looks for a key manager.
        let official =
            cloud.roles.data().and_then(|roles| unfit(roles)).map_or(Verdict::Pass, |_| Verdict::Dnf);
        let is_empty = cloud.services.data().is_some_and(|services| services.entries().is_empty());
        let (text, message) = if is_empty {
            (Verdict::Dnf, "the catalogue is empty, so that it does not show whether there is a key manager")
        } else {
            (Verdict::Pass, "not asked: there is no key manager")
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
        OutcomeKind::Ok => {}
        OutcomeKind::Refused => {
            let message = format!("the key manager refuses a secret to a member{detail}");
            rec.fail("key manager", message)
                .compared("a member creates, finds and deletes a secret", "refused")
                .fixed_by(MAKE_CREATOR);
        }
        OutcomeKind::Failed => {
            rec.dnf("key manager", format!("the round trip ended with an error{detail}"));
        }
        OutcomeKind::Absent => {
            rec.dnf(
                "key manager",
                format!("the catalogue has a key manager, the round trip found none{detail}"),
            );
        }
    }
}

fn documented(cloud: &Cloud, rec: &mut Rec<'_>) {
    if !is_there(cloud, rec) {
        return;
    }
    judge_declarations(rec, [CLOUD], |_, declaration: &Declaration| {
        let fact = |name| declaration.value.fact(name).and_then(DeclaredValue::text);
        match (fact("location"), fact("protection")) {
            (Some("hsm" | "vault" | "kmip" | "host"), Some(protection)) if !says_nothing(protection) => {
                match declaration.document.as_deref() {
                    Some(document) if says_nothing(document) => Judgement::Unusable,
                    Some(_) => Judgement::Satisfies,
                    None => Judgement::Breaks("the declaration names no `document` that shows it".to_owned()),
                }
            }
            (Some("host"), None) => Judgement::Breaks("what protects it on the host is not said".to_owned()),
            _ => Judgement::Unusable,
        }
    });
}

fn keys_encrypted(cloud: &Cloud, rec: &mut Rec<'_>) {
    if !is_there(cloud, rec) {
        return;
    }
    judge(rec, [CLOUD], |_, value| match value.text() {
        Some("kek" | "hsm" | "vault" | "kmip") => Judgement::Satisfies,
        Some("nothing") => Judgement::Breaks("keys are stored in the clear".to_owned()),
        _ => Judgement::Unusable,
    });
}

/// Makes a member a creator in Barbican's usual policy file.
const MAKE_CREATOR: &str = "printf '\"creator\": \"role:member\"\\n' >> /etc/barbican/policy.yaml";

/// The configuration of Barbican: whether its Master-KEK stands in a file.
fn kek_in_file(file: &Ini) -> bool {
    let plugins = file.list("crypto", "enabled_crypto_plugins");
    let stores = file.list("secretstore", "enabled_secretstore_plugins");
    // Barbican's own values where nothing is set.
    let crypto_store = stores.is_none_or(|stores| stores.contains(&"store_crypto"));
    let simple = plugins.is_none_or(|plugins| plugins.contains(&"simple_crypto"));
    crypto_store && simple
}

fn barbican<'c>(cloud: &'c Cloud, rec: &mut Rec<'_>) -> Option<Vec<(&'c str, Ini)>> {
    ini_files(cloud, rec, &["barbican.conf"])
}

fn kek_elsewhere(cloud: &Cloud, rec: &mut Rec<'_>) {
    if !is_there(cloud, rec) {
        return;
    }
    let Some(files) = barbican(cloud, rec) else { return };
    let mut in_file = None;
    for (path, file) in &files {
        if kek_in_file(file) {
            in_file = Some(*path);
        }
    }
    if let (false, None) = (files.is_empty(), in_file) {
        rec.note("barbican.conf", "the Master-KEK is not in a file: simple_crypto is not used");
        return;
    }
    judge(rec, [CLOUD], |_, value| {
        match (value.text(), in_file) {
        (Some("hsm" | "vault" | "kmip"), Some(path)) => {
            Judgement::Contradicts(format!("`{path}` says otherwise: simple_crypto keeps it in a file"))
        }
        (Some("hsm" | "vault" | "kmip"), None) | (Some("enclave"), _) => Judgement::Satisfies,
        (Some("file"), _) => {
            Judgement::Breaks("a Master-KEK in a file of the key manager's host needs a protection of its own, such as an enclave".to_owned())
        }
        (Some("database"), _) => Judgement::Breaks("the Master-KEK is stored with the keys".to_owned()),
        _ => Judgement::Unusable,
    }
    });
}

fn kek_not_plain(cloud: &Cloud, rec: &mut Rec<'_>) {
    if !is_there(cloud, rec) {
        return;
    }
    let Some(files) = barbican(cloud, rec) else { return };
    for (path, file) in &files {
        if kek_in_file(file) {
            rec.fail(*path, "simple_crypto is used, whose Master-KEK stands in this file in plain text")
                .compared("a plugin with an HSM, Vault or KMIP", "simple_crypto");
        }
    }
    if files.is_empty() {
        judge(rec, [CLOUD], |_, value| match value.text() {
            Some("absent" | "encrypted") => Judgement::Satisfies,
            Some("plain") => Judgement::Breaks("the Master-KEK is on the host in plain text".to_owned()),
            _ => Judgement::Unusable,
        });
    }
}

fn policy_creator(cloud: &Cloud, rec: &mut Rec<'_>) {
    if !is_there(cloud, rec) {
        return;
    }
    if let Given::Data(outcome) = current(rec, cloud, &cloud.secrets, source::SECRETS)
        && outcome.outcome == OutcomeKind::Ok
        && cloud.roles.data().is_some_and(|roles| roles == &["member".to_owned()])
    {
        rec.note(
            "key manager",
            "a user with no other role than `member` can work with secrets, so the policy is right",
        );
        return;
    }
    let Some(files) = rec.needs(&cloud.config_files, source::CONFIG_FILES) else { return };
    let configured = read(files.ini(&["barbican.conf"]), rec);
    let secure =
        configured.iter().any(|(_, file)| file.flag("oslo_policy", "enforce_new_defaults") == Some(Ok(true)));
    if secure {
        rec.note("barbican.conf", "not asked: secure RBAC is on (`enforce_new_defaults`)");
        return;
    }
    let found = files.policies("barbican");
    if found.is_empty() && !configured.is_empty() {
        rec.fail("barbican", "no policy file is given, and secure RBAC is off: a member is no creator")
            .compared("\"creator\": \"role:member\"", "no policy.yaml")
            .fixed_by(MAKE_CREATOR);
        return;
    }
    let Some(policies) = needed(found, rec, "barbican/policy.yaml") else { return };
    for (path, policy) in policies {
        let creator = policy.expression("creator");
        let allowed = match &creator {
            Some(Ok(expression)) => expression.allows_role("member", &policy),
            _ => Ok(false),
        };
        match creator {
            Some(Err(problem)) => {
                rec.dnf(path, problem.to_string());
            }
            _ if allowed.is_err() => {
                rec.dnf(path, "`creator` cannot be followed: it refers to other rules too deep");
            }
            _ if allowed == Ok(true) => {}
            given => {
                let actual =
                    given.and_then(Result::ok).map_or_else(|| "not set".to_owned(), ToString::to_string);
                rec.fail(path, "a member is no creator, and so cannot use secrets")
                    .compared("\"creator\": \"role:member\"", actual)
                    .fixed_by(format!(
                        "printf '\"creator\": \"role:member\"\\n' >> {}",
                        scs_standards::shell::quote(path)
                    ));
            }
        }
    }
}
