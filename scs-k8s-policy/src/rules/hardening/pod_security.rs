//! Pod Security Standards of namespaces.

use jiff::civil::Date;
use k8s_openapi::api::core::v1::Namespace;
use scs_standards::shell::quote;
use scs_standards::{CLUSTER, Declarations, Fact, Given, says_nothing};

use super::super::Rec;
use super::admission::{self, Point, decide};
use crate::subject::{Cluster, PluginConfig, PodSecurityDefaults, PodSecurityLevel, PodSecurityMode, source};

/// The topic of a declaration that names namespaces which are no user's.
pub(super) const SYSTEM_NAMESPACES: &str = "system-namespaces";
/// What is declared.
pub(super) const SYSTEM_VALUES: &str =
    "the list of namespaces of the provider's own components, beside those that begin with `kube-`";
/// An example of it.
pub(super) const SYSTEM_EXAMPLE: &str = "[rook-ceph, calico-system]";

/// Whether a namespace is one of Kubernetes' own, whose names begin so.
pub(crate) fn is_system(name: &str) -> bool {
    name.starts_with("kube-")
}

/// The name of a namespace.
pub(crate) fn name(namespace: &Namespace) -> &str {
    namespace.metadata.name.as_deref().unwrap_or_default()
}

/// What a label of a namespace says.
fn labelled(namespace: &Namespace, mode: PodSecurityMode) -> Option<Result<PodSecurityLevel, &str>> {
    let value = namespace.metadata.labels.as_ref()?.get(mode.label())?;
    Some(value.parse().map_err(|()| value.as_str()))
}

/// Whether a namespace enforces at least baseline by its own label.
pub(crate) fn enforces_baseline(namespace: &Namespace) -> bool {
    matches!(labelled(namespace, PodSecurityMode::Enforce), Some(Ok(level)) if level >= PodSecurityLevel::Baseline)
}

/// What holds where no label says anything.
enum Defaults<'c> {
    /// These levels.
    Known(&'c PodSecurityDefaults),
    /// Nothing: there is no configuration of the plug-in.
    Nothing,
    /// Nobody can say, which is recorded the first time that it matters.
    Unknown(Unknown),
}

#[derive(Clone)]
enum Unknown {
    /// The configuration is not given.
    Miss(String),
    /// It cannot be used.
    Dnf(String),
}

fn defaults(cluster: &Cluster) -> Defaults<'_> {
    match &cluster.admission_config {
        Given::Data(config) => {
            if let Some(broken) = config.broken().first() {
                return Defaults::Unknown(Unknown::Dnf(broken.to_string()));
            }
            match config.pod_security() {
                PluginConfig::Known(defaults) => Defaults::Known(defaults),
                PluginConfig::Not => Defaults::Nothing,
                PluginConfig::Elsewhere(path) => Defaults::Unknown(Unknown::Dnf(format!(
                    "the configuration of `PodSecurity` is in the file `{path}`; add it to `admission_config`"
                ))),
                PluginConfig::Unknown => Defaults::Unknown(Unknown::Miss(
                    "there is no `AdmissionConfiguration` in `admission_config`".to_owned(),
                )),
            }
        }
        Given::Unusable(reason) => Defaults::Unknown(Unknown::Dnf(source::ADMISSION_CONFIG.unusable(reason))),
        Given::Not if admission::has_no_configuration(cluster) => Defaults::Nothing,
        Given::Not => Defaults::Unknown(Unknown::Miss(source::ADMISSION_CONFIG.not_given())),
    }
}

/// The namespaces of the provider's own, which are declared under the topic `system-namespaces`; none where nothing is declared.
///
/// # Errors
///
/// Why the declaration cannot be used.
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
        Fact::Not => Ok(&[]),
        Fact::Unusable(reason) => Err(reason),
        Fact::Is(value) => {
            let names = value.list().filter(|names| !names.iter().any(|name| says_nothing(name)));
            names.ok_or_else(|| format!("{value} is not {SYSTEM_VALUES}"))
        }
    }
}

/// The same for a rule; a finding where the declaration cannot be used.
fn declared_system<'c>(rec: &mut Rec<'c>) -> &'c [String] {
    let context = *rec.context();
    match system_namespaces(context.declarations, context.date()) {
        Ok([]) => &[],
        Ok(names) => {
            rec.note(CLUSTER, format!("declared as no user's namespaces: {}", names.join(", ")));
            names
        }
        Err(reason) => {
            rec.dnf(CLUSTER, format!("the declaration of `{SYSTEM_NAMESPACES}` cannot be used: {reason}"));
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
    namespaces.all_read(rec, source::NAMESPACES.name);
    if namespaces.entries().is_empty() {
        rec.miss(source::NAMESPACES.name, "there is no namespace in the list, though every cluster has some");
        return;
    }
    let (defaults, system) = (defaults(cluster), declared_system(rec));
    let mut said = false;
    for namespace in namespaces.entries() {
        let name = name(namespace);
        if is_system(name) || system.iter().any(|known| known == name) {
            if let Some(Ok(PodSecurityLevel::Privileged)) = labelled(namespace, PodSecurityMode::Enforce) {
                rec.note(name, "not asked: it is no user's namespace; pods with all privileges run in it");
            }
            continue;
        }
        let known = match &defaults {
            Defaults::Known(known) => Some(*known),
            Defaults::Nothing | Defaults::Unknown(_) => None,
        };
        // The official suite reads an annotation, which Kubernetes does not, and asks for nothing where it is missing. It is
        // compared in the rule that obliges.
        let annotation =
            namespace.metadata.annotations.as_ref().and_then(|all| all.get(PodSecurityMode::Enforce.label()));
        let official = annotation.is_none_or(|level| level == "baseline" || level == "restricted");
        let compares = modes.len() > 1;
        let verdict = judged(namespace, modes, known, matches!(defaults, Defaults::Unknown(_)));
        let (text, message) = match verdict {
            Judged::Good => {
                (true, "its annotation, which Kubernetes does not read, names another level".to_owned())
            }
            Judged::Bad(message) => (false, message),
            Judged::Unknown => {
                if let (Defaults::Unknown(unknown), false) = (&defaults, said) {
                    said = true;
                    record(rec, name, unknown.clone());
                }
                continue;
            }
        };
        let official = if compares { official } else { text };
        let label = PodSecurityMode::Enforce.label();
        let point = Point {
            subject: name,
            message,
            expected: "at least baseline".to_owned(),
            actual: actual(namespace, modes),
            fix: (!text)
                .then(|| format!("kubectl label --overwrite namespace {} {label}=baseline", quote(name))),
        };
        decide(rec, (text, official), "C-087", point);
    }
}

fn record(rec: &mut Rec<'_>, name: &str, unknown: Unknown) {
    match unknown {
        Unknown::Miss(reason) => {
            rec.miss(name, format!("no label sets its level, and what holds then is not known: {reason}"));
        }
        Unknown::Dnf(reason) => {
            rec.dnf(name, format!("no label sets its level, and what holds then cannot be known: {reason}"));
        }
    }
}

enum Judged {
    Good,
    Bad(String),
    Unknown,
}

/// Judges a namespace by its labels, and by the defaults in the modes without one.
fn judged(
    namespace: &Namespace,
    modes: &[PodSecurityMode],
    defaults: Option<&PodSecurityDefaults>,
    unknown: bool,
) -> Judged {
    let name = name(namespace);
    if defaults.is_some_and(|defaults| defaults.exempt_namespaces().iter().any(|exempt| exempt == name)) {
        return Judged::Bad("it is exempt from Pod Security in the admission configuration".to_owned());
    }
    let mut open = false;
    let mut wrong = None;
    for mode in modes {
        match labelled(namespace, *mode) {
            Some(Ok(level)) if level >= PodSecurityLevel::Baseline => return Judged::Good,
            Some(Ok(_)) => {}
            Some(Err(value)) => wrong = Some(format!("`{}={value}` is no level", mode.label())),
            None if unknown => open = true,
            None => {
                if defaults.is_some_and(|defaults| defaults.level(*mode) >= PodSecurityLevel::Baseline) {
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
