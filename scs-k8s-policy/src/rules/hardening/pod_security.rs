//! Pod Security Standards of namespaces.

use jiff::civil::Date;
use k8s_openapi::api::core::v1::Namespace;
use scs_standards::{CLUSTER, Context, Declarations, Edit, Fact, Fix, Given, Object, Way, is_vacuous};

use super::super::Rec;
use super::super::group;
use super::admission::{self, Point, decide};
use super::label_effect::{plug_in, tried};
use crate::subject::{Cluster, PluginConfig, PodSecurityDefaults, PodSecurityLevel, PodSecurityMode, source};

/// The topic for namespaces that do not belong to users.
pub(super) const SYSTEM_NAMESPACES: &str = "system-namespaces";
/// The question about the topic.
pub(super) const SYSTEM_VALUES: &str = "the list of namespaces of the provider's own components, besides `kube-system`, `kube-public` and `kube-node-lease`";
/// An example of it.
pub(super) const SYSTEM_EXAMPLE: &str = "[rook-ceph, calico-system]";

/// The namespaces that Kubernetes creates for itself. Others with a similar name are user namespaces.
pub(crate) const SYSTEM: [&str; 3] = ["kube-system", "kube-public", "kube-node-lease"];

/// Whether a namespace is one of Kubernetes' own.
pub(crate) fn is_system(name: &str) -> bool {
    SYSTEM.contains(&name)
}

/// The name of a namespace.
pub(crate) fn name(namespace: &Namespace) -> &str {
    namespace.metadata.name.as_deref().unwrap_or_default()
}

/// The value of a namespace's label.
fn labeled(namespace: &Namespace, mode: PodSecurityMode) -> Option<Result<PodSecurityLevel, &str>> {
    let value = namespace.metadata.labels.as_ref()?.get(mode.label())?;
    Some(value.parse().map_err(|_| value.as_str()))
}

/// Whether a namespace enforces at least baseline by its own label.
pub(crate) fn enforces_baseline(namespace: &Namespace) -> bool {
    matches!(labeled(namespace, PodSecurityMode::Enforce), Some(Ok(level)) if level >= PodSecurityLevel::Baseline)
}

/// Whether a namespace is being deleted: the API server no longer creates objects in it.
pub(crate) fn is_terminating(namespace: &Namespace) -> bool {
    let phase = namespace.status.as_ref().and_then(|status| status.phase.as_deref());
    namespace.metadata.deletion_timestamp.is_some() || phase == Some("Terminating")
}

/// Whether the label of a namespace explicitly allows privileged pods.
pub(crate) fn is_privileged(namespace: &Namespace) -> bool {
    matches!(labeled(namespace, PodSecurityMode::Enforce), Some(Ok(PodSecurityLevel::Privileged)))
}

/// The defaults for namespaces without labels.
enum Defaults<'c> {
    /// Default levels.
    Known(&'c PodSecurityDefaults),
    /// None: the plug-in has no configuration.
    Nothing,
    /// Unknown; recorded the first time it matters.
    Unknown(Unknown),
}

enum Unknown {
    /// The configuration is missing.
    Miss(String),
    /// The configuration is unusable.
    Dnf(String),
}

fn defaults<'c>(cluster: &'c Cluster, context: &Context<'_>) -> Defaults<'c> {
    match &cluster.admission_config {
        Given::Data(config) => {
            if let Some(broken) = config.broken().first() {
                return Defaults::Unknown(Unknown::Dnf(broken.to_string()));
            }
            match config.pod_security() {
                PluginConfig::Known(defaults) => Defaults::Known(defaults),
                PluginConfig::NotConfigured => Defaults::Nothing,
                PluginConfig::Elsewhere(path) => Defaults::Unknown(Unknown::Dnf(format!(
                    "the configuration of `PodSecurity` is in the file `{path}`; add it to `admission_config`"
                ))),
                PluginConfig::Unknown => Defaults::Unknown(Unknown::Miss(
                    "there is no `AdmissionConfiguration` in `admission_config`".to_owned(),
                )),
            }
        }
        Given::Unusable(reason) => Defaults::Unknown(Unknown::Dnf(source::ADMISSION_CONFIG.unusable(reason))),
        Given::Missing if admission::has_no_configuration(cluster, context) => Defaults::Nothing,
        Given::Missing => Defaults::Unknown(Unknown::Miss(source::ADMISSION_CONFIG.not_given())),
    }
}

/// The provider's own namespaces, declared under the topic `system-namespaces`; none without a declaration.
///
/// # Errors
///
/// The reason why the declaration is unusable.
///
/// ```
/// use scs_k8s_policy::system_namespaces;
/// use scs_standards::Declarations;
///
/// let declarations: Declarations = serde_json::from_str(
///     r#"[{"topic": "system-namespaces", "value": ["rook-ceph"], "date": "2026-10-01", "valid_until": "2026-12-31"}]"#,
/// )?;
/// assert_eq!(system_namespaces(&declarations, "2026-11-01".parse()?)?, ["rook-ceph"]);
/// assert!(system_namespaces(&declarations, "2027-01-01".parse()?).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn system_namespaces(declarations: &Declarations, date: Date) -> Result<&[String], String> {
    match Fact::of(declarations, SYSTEM_NAMESPACES, CLUSTER, date) {
        Fact::Undeclared => Ok(&[]),
        Fact::Unusable(reason) => Err(reason),
        Fact::Declared(value) => {
            let names = value.list().filter(|names| !names.iter().any(|name| is_vacuous(name)));
            names.ok_or_else(|| format!("{value} is not {SYSTEM_VALUES}"))
        }
    }
}

/// Like [`system_namespaces`], for a rule: records a finding if the declaration is unusable.
fn declared_system<'c>(rec: &mut Rec<'c>) -> &'c [String] {
    let context = *rec.context();
    match system_namespaces(context.declarations, context.date()) {
        Ok([]) => &[],
        Ok(names) => {
            rec.note(CLUSTER, format!("declared as system namespaces: {}", names.join(", ")));
            names
        }
        Err(reason) => {
            rec.dnf(CLUSTER, format!("the declaration of `{SYSTEM_NAMESPACES}` is unusable: {reason}"));
            &[]
        }
    }
}

pub(super) fn baseline(cluster: &Cluster, rec: &mut Rec<'_>) {
    check(cluster, rec, &PodSecurityMode::ALL);
}

pub(super) fn enforced(cluster: &Cluster, rec: &mut Rec<'_>) {
    check(cluster, rec, &[PodSecurityMode::Enforce]);
}

fn check(cluster: &Cluster, rec: &mut Rec<'_>, modes: &[PodSecurityMode]) {
    let Some(namespaces) = rec.needs(&cluster.namespaces, source::NAMESPACES) else { return };
    namespaces.report_unreadable(rec, source::NAMESPACES.name);
    if namespaces.entries().is_empty() {
        rec.miss(source::NAMESPACES.name, "the list has no namespaces, although every cluster has some");
        return;
    }
    let context = *rec.context();
    let (defaults, system) = (defaults(cluster, &context), declared_system(rec));
    // The official suite reads an annotation, which Kubernetes does not, and has no requirement without it. It is compared
    // in the mandatory rule.
    let compares = modes.len() > 1;
    let is_off = plug_in(cluster, rec, compares);
    let accepts_unlabeled = tried(cluster, rec, is_off, compares);
    if let Defaults::Known(known) = &defaults {
        exemptions(known, rec, compares);
    }
    let against = cluster.against_baseline();
    let (mut open, mut undeclared) = (Vec::new(), false);
    for namespace in namespaces.entries() {
        let name = name(namespace);
        if is_system(name) || system.iter().any(|known| known == name) {
            if is_privileged(namespace) {
                rec.note(name, "not applicable: it is not a user namespace; it runs fully privileged pods");
            }
            continue;
        }
        let annotation =
            namespace.metadata.annotations.as_ref().and_then(|all| all.get(PodSecurityMode::Enforce.label()));
        let official = annotation.is_none_or(|level| level == "baseline" || level == "restricted");
        let (text, message, fix) = match judged(namespace, modes, &defaults, accepts_unlabeled) {
            Judged::Good => {
                let message = "its annotation, which Kubernetes ignores, sets a different level".to_owned();
                (true, message, None)
            }
            Judged::Exempt => {
                let message = "it is exempt from Pod Security in the admission configuration".to_owned();
                (false, message, Some(take_out(name)))
            }
            Judged::Bad(message) => {
                let against = against.get(name).map_or(&[][..], Vec::as_slice);
                (false, message, Some(label(namespace, against)))
            }
            Judged::Unknown => {
                open.push(name);
                continue;
            }
        };
        undeclared |= !text && system.is_empty();
        let official = if compares { official } else { text };
        let point = Point {
            subject: name,
            message,
            expected: "at least baseline".to_owned(),
            actual: actual(namespace, modes),
            fix,
        };
        decide(rec, (text, official), "C-087", point);
    }
    if let (Defaults::Unknown(unknown), false) = (&defaults, open.is_empty()) {
        record(rec, &group::subject(&open, "namespaces"), unknown);
    }
    if undeclared {
        let message = format!(
            "namespaces of the provider's own components do not count as user namespaces: declare them under the topic `{SYSTEM_NAMESPACES}`"
        );
        rec.note(CLUSTER, message).undeclared();
    }
}

/// The service accounts in `kube-system` with which controllers create the pods of user workloads.
const CONTROLLERS: [&str; 6] = [
    "replicaset-controller",
    "replication-controller",
    "statefulset-controller",
    "daemon-set-controller",
    "job-controller",
    "cronjob-controller",
];

/// Records users and runtime classes whose pods are exempt, in user namespaces as well.
fn exemptions(defaults: &PodSecurityDefaults, rec: &mut Rec<'_>, compares: bool) {
    let name_of_account = |user: &str| user.strip_prefix("system:serviceaccount:").map(str::to_owned);
    // Kubernetes' own accounts do not create user pods, except for controllers, which create nearly all of them.
    let is_own = |user: &str| {
        user.starts_with("system:node:")
            || name_of_account(user).is_some_and(|account| {
                account
                    .split_once(':')
                    .is_some_and(|(namespace, name)| is_system(namespace) && !CONTROLLERS.contains(&name))
            })
    };
    let users: Vec<&str> =
        defaults.exempt_users().iter().map(String::as_str).filter(|user| !is_own(user)).collect();
    let classes: Vec<&str> = defaults.exempt_runtime_classes().iter().map(String::as_str).collect();
    for (exempt, key, what) in [
        (users, "usernames", "pods created by these users"),
        (classes, "runtimeClasses", "pods of these runtime classes"),
    ] {
        if exempt.is_empty() {
            continue;
        }
        let point = Point {
            subject: source::ADMISSION_CONFIG.name,
            message: format!(
                "{what} are exempt from Pod Security in every namespace: {}",
                group::some(&exempt)
            ),
            expected: format!("exemptions.{key}: []"),
            actual: format!("exemptions.{key}: [{}]", exempt.join(", ")),
            fix: Some(Fix::advice(format!(
                "remove them from `exemptions.{key}` of the plug-in `{}` and restart the API servers one by one; their pods then have to conform to baseline",
                admission::POD_SECURITY
            ))),
        };
        decide(rec, (false, compares), "C-087", point);
    }
}

/// Advice for an exempt namespace, whose labels have no effect.
fn take_out(name: &str) -> Fix {
    Fix::advice(format!(
        "remove `{name}` from `exemptions.namespaces` of the plug-in `{}`; if it belongs to the provider's own components, declare it under the topic `{SYSTEM_NAMESPACES}`",
        admission::POD_SECURITY
    ))
}

/// The fix that sets the level of a namespace, or advice if it was explicitly lowered or its workloads could no longer
/// start.
fn label(namespace: &Namespace, against: &[String]) -> Fix {
    let name = name(namespace);
    let own = format!(
        "If it belongs to the provider's own components, declare it under the topic `{SYSTEM_NAMESPACES}`"
    );
    let key = PodSecurityMode::Enforce.label();
    if is_terminating(namespace) {
        return Fix::advice("wait until it is deleted, or find out what blocks it (`status.conditions`)");
    }
    if !against.is_empty() {
        let against: Vec<&str> = against.iter().map(String::as_str).collect();
        return Fix::advice(format!(
            "{own}; otherwise change what baseline would reject ({}), then set `{key}=baseline`",
            group::some(&against)
        ));
    }
    if is_privileged(namespace) {
        return Fix::advice(format!(
            "{own}; otherwise find out why it is explicitly privileged, and set `{key}=baseline` once nothing in it needs that"
        ));
    }
    if !is_label(name) {
        return Fix::advice(format!("{own}; otherwise set `{key}=baseline`"));
    }
    let edit = Edit::set("namespaces", Object::kubernetes(name), ["metadata", "labels", key], "baseline");
    let way = Way::new(format!("kubectl label --overwrite namespace {name} {key}=baseline"), [edit]);
    Fix::choose(
        format!(
            "May pods in `{name}` that need more than baseline be rejected? {own}; otherwise change such pods first."
        ),
        [way.destructive()],
    )
}

/// Whether a text is a name that Kubernetes sets for namespaces.
fn is_label(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with('-')
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

fn record(rec: &mut Rec<'_>, subject: &str, unknown: &Unknown) {
    match unknown {
        Unknown::Miss(reason) => {
            rec.miss(subject, format!("its level, or whether it is exempt, is unknown: {reason}"));
        }
        Unknown::Dnf(reason) => {
            rec.dnf(subject, format!("its level, or whether it is exempt, cannot be determined: {reason}"));
        }
    }
}

enum Judged {
    Good,
    Bad(String),
    /// Its labels have no effect.
    Exempt,
    Unknown,
}

/// Judges a namespace by its labels, and by the defaults in the modes without one. If they are unknown, a probe may show that
/// nothing is enforced without a label.
fn judged(
    namespace: &Namespace,
    modes: &[PodSecurityMode],
    defaults: &Defaults<'_>,
    accepts_unlabeled: bool,
) -> Judged {
    let name = name(namespace);
    let is_unknown = matches!(defaults, Defaults::Unknown(_));
    let known = match defaults {
        Defaults::Known(known) => Some(*known),
        Defaults::Nothing | Defaults::Unknown(_) => None,
    };
    if known.is_some_and(|known| known.exempt_namespaces().iter().any(|exempt| exempt == name)) {
        return Judged::Exempt;
    }
    let mut open = false;
    let mut wrong = None;
    for mode in modes {
        match labeled(namespace, *mode) {
            // It may still be exempt.
            Some(Ok(level)) if level >= PodSecurityLevel::Baseline && is_unknown => return Judged::Unknown,
            Some(Ok(level)) if level >= PodSecurityLevel::Baseline => return Judged::Good,
            Some(Ok(_)) => {}
            Some(Err(value)) => wrong = Some(format!("`{}={value}` is not a level", mode.label())),
            None if is_unknown => open |= !(accepts_unlabeled && *mode == PodSecurityMode::Enforce),
            None => {
                if known.is_some_and(|known| known.level(*mode) >= PodSecurityLevel::Baseline) {
                    return Judged::Good;
                }
            }
        }
    }
    let how = if let [PodSecurityMode::Enforce] = modes { "enforced" } else { "set in any mode" };
    match wrong {
        Some(wrong) => Judged::Bad(wrong),
        None if open => Judged::Unknown,
        None => Judged::Bad(format!("no Pod Security Standard of at least baseline is {how}")),
    }
}

/// The labels that a namespace has.
fn actual(namespace: &Namespace, modes: &[PodSecurityMode]) -> String {
    let labels = namespace.metadata.labels.iter().flatten();
    let own: Vec<String> = labels
        .filter(|(key, _)| modes.iter().any(|mode| mode.label() == *key))
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    if own.is_empty() { "no label".to_owned() } else { own.join(", ") }
}
