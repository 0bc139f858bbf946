//! The ingress controller for customers, and its class.

use k8s_openapi::api::networking::v1::IngressClass;
use scs_standards::shell::operand;
use scs_standards::wording::quoted;
use scs_standards::{CLUSTER, Edit, Fix, Judgment, Object, Way, is_vacuous, judge};

use crate::rules::Rec;
use crate::subject::{Cluster, source};

const DEFAULT_CLASS: &str = "ingressclass.kubernetes.io/is-default-class";

pub(super) fn ingress(cluster: &Cluster, rec: &mut Rec<'_>) {
    let declared = rec.context().declarations.has_entry_for(rec.rule().id);
    let Some(classes) = cluster.ingress_classes.data() else {
        if declared {
            judge_ingress(rec);
        } else {
            rec.needs(&cluster.ingress_classes, source::INGRESS_CLASSES);
        }
        return;
    };
    let defaults: Vec<String> =
        classes.entries().iter().filter(|class| mark(class).as_deref() == Some("true")).map(name).collect();
    match defaults.as_slice() {
        [_] => return,
        [_, _, ..] => {
            let message =
                format!("{} ingress classes are marked default: {}", defaults.len(), quoted(&defaults));
            rec.warn(CLUSTER, message);
            return;
        }
        [] => {}
    }
    // The offered controller need not be in this cluster.
    if declared {
        judge_ingress(rec);
        return;
    }
    if !classes.report_unreadable(rec, source::INGRESS_CLASSES.name) {
        return;
    }
    if classes.entries().is_empty() {
        let message = format!(
            "there is no ingress class, and none is declared as available to customers; declare {}",
            rec.rule().question.map_or("it", |question| question.values)
        );
        rec.miss(CLUSTER, message).undeclared();
        return;
    }
    let names: Vec<String> = classes.entries().iter().map(name).collect();
    let actual = classes.entries().iter().find_map(mark).unwrap_or_else(|| "not set".to_owned());
    let entry = rec
        .fail(CLUSTER, format!("none of the ingress classes is marked default: {}", quoted(&names)))
        .compared(format!("`{DEFAULT_CLASS}: \"true\"`"), actual);
    // Only the provider knows which of several controllers is managed.
    let usable = classes.entries().iter().filter(|class| !name(class).is_empty());
    let ways: Vec<Way> = usable
        .map(|class| {
            let own = name(class);
            let command =
                format!("kubectl annotate --overwrite ingressclass {} {DEFAULT_CLASS}=true", operand(&own));
            let edit = Edit::set(
                source::INGRESS_CLASSES.name,
                Object::kubernetes(own.as_str()),
                ["metadata", "annotations", DEFAULT_CLASS],
                "true",
            );
            Way::new(command, [edit]).when(format!("it is `{own}`"))
        })
        .collect();
    if ways.is_empty() {
        return;
    }
    entry.repaired_by(Fix::choose(
        "Which class has the managed controller? If none has, create one for it.",
        ways,
    ));
}

fn name(class: &IngressClass) -> String {
    class.metadata.name.clone().unwrap_or_default()
}

/// The value of the default annotation.
fn mark(class: &IngressClass) -> Option<String> {
    class.metadata.annotations.as_ref()?.get(DEFAULT_CLASS).cloned()
}

fn judge_ingress(rec: &mut Rec<'_>) {
    judge(rec, [CLUSTER], |_, value| match value.text().map(str::trim) {
        Some("none") => Judgment::Breaks("no managed ingress controller is offered".to_owned()),
        Some(name) if !is_vacuous(name) => Judgment::Satisfies,
        _ => Judgment::Unusable,
    });
}
