//! Which storage classes are the default, and which of them counts.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use k8s_openapi::api::storage::v1::StorageClass;
use scs_standards::shell::{operand, operands};
use scs_standards::{CLUSTER, Edit, Fix, Object, Way};

use crate::provisioner::{Backing, Provisioner};
use crate::rules::Rec;
use crate::subject::{Cluster, source};

/// The annotation that makes a class the default.
pub(super) const MARK: &str = "storageclass.kubernetes.io/is-default-class";
/// What it was called before, which Kubernetes still takes for the same.
pub(super) const BETA_MARK: &str = "storageclass.beta.kubernetes.io/is-default-class";

pub(super) fn name(class: &StorageClass) -> &str {
    class.metadata.name.as_deref().unwrap_or_default()
}

/// The value of an annotation.
pub(super) fn annotation<'c>(class: &'c StorageClass, key: &str) -> Option<&'c str> {
    let annotations: &BTreeMap<String, String> = class.metadata.annotations.as_ref()?;
    annotations.get(key).map(String::as_str)
}

/// Whether Kubernetes takes a class for the default: one of the annotations says `true`, in these letters.
pub(super) fn is_default(class: &StorageClass) -> bool {
    [MARK, BETA_MARK].iter().any(|key| annotation(class, key) == Some("true"))
}

/// All classes; nothing can be said of the default where one of them cannot be read, since it may be that one.
pub(super) fn classes<'c>(cluster: &'c Cluster, rec: &mut Rec<'_>) -> Option<&'c [StorageClass]> {
    let classes = rec.needs(&cluster.storage_classes, source::STORAGE_CLASSES)?;
    classes.report_unreadable(rec, source::STORAGE_CLASSES.name).then(|| classes.entries())
}

/// The default classes, the one that counts first: the youngest, and of those of one time the first by name.
pub(super) fn defaults(classes: &[StorageClass]) -> Vec<&StorageClass> {
    let mut defaults: Vec<&StorageClass> = classes.iter().filter(|class| is_default(class)).collect();
    defaults.sort_by_key(|class| (Reverse(made(class)), name(class).to_owned()));
    defaults
}

/// When it was made.
pub(super) fn made(class: &StorageClass) -> Option<k8s_openapi::jiff::Timestamp> {
    class.metadata.creation_timestamp.as_ref().map(|time| time.0)
}

/// Whether it can be told which of the default classes counts.
pub(super) fn is_order_known(defaults: &[&StorageClass]) -> bool {
    defaults.len() < 2 || defaults.iter().all(|class| made(class).is_some())
}

/// The class that claims without one get; a note where there is none, a finding where nobody can say.
pub(super) fn in_effect<'c>(cluster: &'c Cluster, rec: &mut Rec<'_>) -> Option<&'c StorageClass> {
    let defaults = defaults(classes(cluster, rec)?);
    if !is_order_known(&defaults) {
        let message = format!(
            "{} are default, and which is the youngest cannot be told, since `creationTimestamp` is not given",
            list(&defaults)
        );
        rec.dnf(CLUSTER, message);
        return None;
    }
    if defaults.is_empty() {
        rec.note(CLUSTER, "not asked: there is no default storage class");
    }
    defaults.first().copied()
}

/// The names of classes in words.
pub(super) fn list(classes: &[&StorageClass]) -> String {
    let names: Vec<String> = classes.iter().map(|class| format!("`{}`", name(class))).collect();
    match names.as_slice() {
        [names @ .., last] if !names.is_empty() => format!("{} and {last}", names.join(", ")),
        _ => names.concat(),
    }
}

/// Whether volumes of the class outlive a node, by its provisioner.
pub(super) fn is_lasting(class: &StorageClass) -> bool {
    let none = BTreeMap::new();
    let parameters = class.parameters.as_ref().unwrap_or(&none);
    Provisioner::of(&class.provisioner).is_some_and(|known| match known.backing {
        Backing::Network => known.read_write_once,
        Backing::Nodes => known.copies(parameters).is_some_and(|copies| copies > 1),
        Backing::Node | Backing::Ephemeral => false,
    })
}

/// The annotation of a class as a value of the inventory.
fn annotate(class: &StorageClass, value: &str) -> Edit {
    let object = Object::kubernetes(name(class));
    Edit::set(source::STORAGE_CLASSES.name, object, ["metadata", "annotations", MARK], value)
}

/// What makes a class the default.
pub(super) fn mark(class: &StorageClass) -> Way {
    let command = format!("kubectl annotate --overwrite storageclass {} {MARK}=true", operand(name(class)));
    Way::new(command, [annotate(class, "true")])
}

/// What takes the mark from classes.
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

/// What makes another class the only default, where there are some whose volumes last. New claims then get other volumes, at another
/// price, so that it is the provider's choice.
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
    let question = "From which class are claims without one to get their volumes?";
    (!ways.is_empty()).then(|| Fix::choose(question, ways))
}
