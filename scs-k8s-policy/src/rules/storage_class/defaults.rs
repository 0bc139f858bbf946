//! The default storage classes, and the one that applies.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use k8s_openapi::api::storage::v1::StorageClass;
use scs_standards::shell::{operand, operands};
use scs_standards::wording::and;
use scs_standards::{CLUSTER, Edit, Fix, Object, Way};

use crate::provisioner::{Backing, Provisioner};
use crate::rules::Rec;
use crate::subject::{Cluster, source};

/// The annotation that makes a class the default.
pub(super) const MARK: &str = "storageclass.kubernetes.io/is-default-class";
/// Its earlier name, which Kubernetes still accepts.
pub(super) const BETA_MARK: &str = "storageclass.beta.kubernetes.io/is-default-class";

pub(super) fn name(class: &StorageClass) -> &str {
    class.metadata.name.as_deref().unwrap_or_default()
}

/// The value of an annotation.
pub(super) fn annotation<'c>(class: &'c StorageClass, key: &str) -> Option<&'c str> {
    let annotations: &BTreeMap<String, String> = class.metadata.annotations.as_ref()?;
    annotations.get(key).map(String::as_str)
}

/// Whether Kubernetes treats a class as default: one of the annotations is exactly `true`.
pub(super) fn is_default(class: &StorageClass) -> bool {
    [MARK, BETA_MARK].iter().any(|key| annotation(class, key) == Some("true"))
}

/// All classes; `None` with a finding if one is unreadable, since it may be the default.
pub(super) fn classes<'c>(cluster: &'c Cluster, rec: &mut Rec<'_>) -> Option<&'c [StorageClass]> {
    let classes = rec.needs(&cluster.storage_classes, source::STORAGE_CLASSES)?;
    classes.report_unreadable(rec, source::STORAGE_CLASSES.name).then(|| classes.entries())
}

/// The default classes, the applicable one first: sorted by newest, then by name.
pub(super) fn defaults(classes: &[StorageClass]) -> Vec<&StorageClass> {
    let mut defaults: Vec<&StorageClass> = classes.iter().filter(|class| is_default(class)).collect();
    defaults.sort_by_key(|class| (Reverse(made(class)), name(class).to_owned()));
    defaults
}

/// The creation time.
pub(super) fn made(class: &StorageClass) -> Option<k8s_openapi::jiff::Timestamp> {
    class.metadata.creation_timestamp.as_ref().map(|time| time.0)
}

/// Whether it is known which of the default classes applies.
pub(super) fn is_order_known(defaults: &[&StorageClass]) -> bool {
    defaults.len() < 2 || defaults.iter().all(|class| made(class).is_some())
}

/// The class of claims without one; records a note if there is none, and a finding if unknown.
pub(super) fn in_effect<'c>(cluster: &'c Cluster, rec: &mut Rec<'_>) -> Option<&'c StorageClass> {
    let defaults = defaults(classes(cluster, rec)?);
    if !is_order_known(&defaults) {
        let message = format!(
            "{} are default, but `creationTimestamp` is missing, so it is unknown which is the newest",
            list(&defaults)
        );
        rec.dnf(CLUSTER, message);
        return None;
    }
    if defaults.is_empty() {
        rec.note(CLUSTER, "not applicable: there is no default storage class");
    }
    defaults.first().copied()
}

/// The names of classes, as text.
pub(super) fn list(classes: &[&StorageClass]) -> String {
    let names: Vec<String> = classes.iter().map(|class| format!("`{}`", name(class))).collect();
    and(&names)
}

/// Whether volumes of the class outlive a node, according to its provisioner.
pub(super) fn is_lasting(class: &StorageClass) -> bool {
    let none = BTreeMap::new();
    let parameters = class.parameters.as_ref().unwrap_or(&none);
    Provisioner::of(&class.provisioner).is_some_and(|known| match known.backing {
        Backing::Network => known.read_write_once,
        Backing::Nodes => known.copies(parameters).is_some_and(|copies| copies > 1),
        Backing::Node | Backing::Ephemeral => false,
    })
}

/// The annotation of a class as a value in the inventory.
fn annotate(class: &StorageClass, value: &str) -> Edit {
    let object = Object::kubernetes(name(class));
    Edit::set(source::STORAGE_CLASSES.name, object, ["metadata", "annotations", MARK], value)
}

/// The command that makes a class the default.
pub(super) fn mark(class: &StorageClass) -> Way {
    let command = format!("kubectl annotate --overwrite storageclass {} {MARK}=true", operand(name(class)));
    Way::new(command, [annotate(class, "true")])
}

/// The command that removes the default mark from classes.
pub(super) fn unmark(classes: &[&StorageClass]) -> Way {
    let names = operands(classes.iter().map(|class| name(class)));
    let old: Vec<&&StorageClass> =
        classes.iter().filter(|class| annotation(class, BETA_MARK).is_some()).collect();
    let beta = if old.is_empty() { String::new() } else { format!(" {BETA_MARK}-") };
    let command = format!("kubectl annotate --overwrite storageclass {names} {MARK}=false{beta}");
    let without = old.into_iter().map(|class| {
        let path = ["metadata", "annotations", BETA_MARK];
        Edit::unset(source::STORAGE_CLASSES.name, Object::kubernetes(name(class)), path)
    });
    Way::new(command, classes.iter().map(|class| annotate(class, "false")).chain(without))
}

/// The fix that makes another class the only default, if there are classes with lasting volumes. New claims then get
/// different volumes, at a different price, so the provider has to decide.
pub(super) fn replace(class: &StorageClass, cluster: &Cluster) -> Option<Fix> {
    let classes = cluster.storage_classes.data()?.entries();
    let others = classes.iter().filter(|other| is_lasting(other) && name(other) != name(class));
    let ways: Vec<Way> = others
        .map(|other| {
            let marked: Vec<&StorageClass> =
                classes.iter().filter(|one| is_default(one) && name(one) != name(other)).collect();
            let (old, new) = (unmark(&marked), mark(other));
            let command = format!("{} && {}", old.command, new.command);
            Way::new(command, old.edits.into_iter().chain(new.edits)).when(format!("from `{}`", name(other)))
        })
        .collect();
    let question =
        "From which class should claims without a class get their volumes? If from none of them, create one.";
    (!ways.is_empty()).then(|| Fix::choose(question, ways))
}
