//! Requirements of revision 1.0 that revision 1.1 no longer recommends (C-057, C-058).

use scs_standards::subject::{Image, ImageKey};
use scs_standards::written::shell::operand;
use scs_standards::{Broken, CLOUD, Edit, Fix, Given, Object};

use super::inputs::{CONSOLE, FLAVORS, IMAGES, Rec, VM};
use crate::console::Rngd;
use crate::evidence::{EntropyEvidence, EntropyRevision};

/// Whether revision 1.0 applies; otherwise records a note.
fn is_asked_for(evidence: &EntropyEvidence, rec: &mut Rec<'_>) -> bool {
    let revision = evidence.revision.unwrap_or_else(|| EntropyRevision::at(rec.context().date()));
    if revision == EntropyRevision::V1_1 {
        rec.note(CLOUD, "required only by revision 1.0; revision 1.1 no longer recommends it, and the scopes have not required it since 2026-06-25");
    }
    revision == EntropyRevision::V1_0
}

pub(super) fn flavor_property(evidence: &EntropyEvidence, rec: &mut Rec<'_>) {
    const PROPERTY: &str = "hw_rng:allowed";
    if !is_asked_for(evidence, rec) {
        return;
    }
    let Some(flavors) = rec.needs(&evidence.flavors, FLAVORS) else { return };
    for flavor in flavors.entries() {
        let name = &flavor.name;
        if let Some(reason) = flavor.unusable("extra_specs") {
            rec.dnf(name, format!("the extra specs cannot be used: {reason}"));
            continue;
        }
        if flavor.extra_specs.is_none() {
            rec.miss(name, "the extra specs are missing");
            continue;
        }
        match flavor.extra_spec(PROPERTY) {
            Some("True") => {}
            found => {
                let found = found.unwrap_or("not set");
                rec.fail(name, format!("`{PROPERTY}` is {found}; revision 1.0 requires True"))
                    .compared("True", found)
                    .repaired_by(Fix::safe(
                        format!("openstack flavor set --property {PROPERTY}=True {}", operand(name)),
                        [Edit::set(FLAVORS.name, Object::named(name), ["extra_specs", PROPERTY], "True")],
                    ));
            }
        }
    }
    broken(flavors.broken(), FLAVORS.name, rec);
}

pub(super) fn image_property(evidence: &EntropyEvidence, rec: &mut Rec<'_>) {
    if !is_asked_for(evidence, rec) {
        return;
    }
    let Some(images) = rec.needs(&evidence.images, IMAGES) else { return };
    for image in images.entries() {
        let name = image
            .text(ImageKey::Name)
            .or_else(|| image.text(ImageKey::Id))
            .unwrap_or("an image without a name");
        match image.text(ImageKey::HwRngModel) {
            Some("virtio") => {}
            found => {
                let found = found.unwrap_or("not set");
                rec.fail(name, format!("`hw_rng_model` is {found}; revision 1.0 requires virtio"))
                    .compared("virtio", found)
                    .repaired_by(with_generator(image, name));
            }
        }
    }
    broken(images.broken(), IMAGES.name, rec);
}

/// The fix that gives servers of an image a random number generator.
fn with_generator(image: &Image, name: &str) -> Fix {
    let property = ImageKey::HwRngModel.name();
    let (word, object) = match (image.text(ImageKey::Id), image.text(ImageKey::Name)) {
        (Some(id), _) => (id, Object::with_id(id)),
        (None, Some(name)) => (name, Object::named(name)),
        (None, None) => return Fix::advice(format!("set `{property}` of {name} to `virtio`")),
    };
    Fix::safe(
        format!("openstack image set --property {property}=virtio {}", operand(word)),
        [Edit::set(IMAGES.name, object, [property], "virtio")],
    )
}

/// Unreadable entries prevent a PASS.
fn broken(broken: &[Broken], part: &str, rec: &mut Rec<'_>) {
    for entry in broken {
        rec.dnf(part, format!("unreadable: {}", entry.reason));
    }
}

pub(super) fn rngd(evidence: &EntropyEvidence, rec: &mut Rec<'_>) {
    if !is_asked_for(evidence, rec) {
        return;
    }
    let Some(console) = rec.needs(&evidence.console, CONSOLE) else { return };
    match &console.rngd {
        Given::Data(Rngd::Running) => {}
        // The suite checks only whether the service is installed.
        Given::Data(Rngd::Stopped) => {
            rec.warn(
                VM,
                "the service `rngd` is installed but not running; start it with `systemctl start rngd`",
            );
        }
        Given::Data(Rngd::Absent) => {
            rec.fail(VM, "the service `rngd` is not installed; use an image with rng-tools")
                .compared("rngd", "not installed");
        }
        Given::Unusable(reason) => {
            rec.dnf(VM, format!("the state of `rngd` is unknown: {reason}"));
        }
        Given::Missing => {
            rec.dnf(VM, "the console output has no line with `_scs-test-rngd:`");
        }
    }
}

pub(super) fn hwrng_present(evidence: &EntropyEvidence, rec: &mut Rec<'_>) {
    let Some(console) = rec.needs(&evidence.console, CONSOLE) else { return };
    let available = match &console.hwrng_available {
        Given::Data(available) => available,
        Given::Missing => {
            rec.miss(VM, "the console output does not contain the hardware random number generators");
            return;
        }
        Given::Unusable(reason) => {
            rec.dnf(VM, format!("the hardware random number generators are unknown: {reason}"));
            return;
        }
    };
    let uses = match (&console.hwrng_current, &console.hwrng_readable) {
        (Given::Data(current), _) => Some(current.is_some()),
        (_, Given::Data(readable)) => Some(*readable),
        _ => None,
    };
    let names = available.join(", ");
    match (available.is_empty(), uses) {
        (true, _) => {
            rec.note(VM, "no hardware random number generator, which is optional");
        }
        (false, Some(true)) => {
            rec.note(VM, format!("the hardware random number generator is in use ({names})"));
        }
        (false, Some(false)) => {
            let message = format!(
                "the hardware random number generator ({names}) is not in use; `rngd` would feed the kernel from it"
            );
            rec.fail(VM, message).compared(&names, "none");
        }
        (false, None) => {
            rec.dnf(
                VM,
                format!("it is unknown whether the hardware random number generator ({names}) is in use"),
            );
        }
    }
}
