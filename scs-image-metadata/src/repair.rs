//! The changes that make findings over images disappear.

use std::collections::{HashMap, HashSet};

use scs_standards::{Change, Context, DocumentId, Finding, Fix, Severity, Verdict};
use serde::Serialize;

use crate::commands;
use crate::rules::check_images;
use crate::set::{CheckedImage, ImageSet};

/// What repairs the images of a cloud.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct ImageRepair {
    /// What can be changed in place without a question, by image.
    pub changes: Vec<ImageChange>,
    /// What requires a new image or the decision of a person; where there is a choice, the finding has the ways.
    pub remaining: Vec<Finding>,
}

/// The changes to one image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ImageChange {
    /// The image, as findings call it.
    pub subject: String,
    /// Its UUID, where it is known.
    pub id: Option<String>,
    /// The properties that get other values; `tags` adds one.
    pub changes: Vec<Change>,
    /// The command that makes the changes.
    pub command: String,
    /// The rules whose findings disappear.
    pub rules: Vec<&'static str>,
}

/// The changes that the rules of the documents propose. Where two of them want another value for the same property, the
/// one of the earlier rule is taken, and the other finding remains.
///
/// ```
/// use scs_image_metadata::{ImageList, ImageSet, repair_images};
/// use scs_standards::{Context, Declarations, DocumentId, Profile};
///
/// let list: ImageList = r#"{"images": [{"name": "Ubuntu 24.04", "hypervisor_type": "kvm"}]}"#.parse()?;
/// let declarations = Declarations::default();
/// let at = "2026-11-24T00:00:00Z".parse()?;
/// let context = Context { at, profile: Profile::Text, declarations: &declarations };
/// let repair = repair_images(&ImageSet::from(list), &context, &[DocumentId::version(102, 1)]);
/// assert!(repair.changes[0].command.contains("--property hypervisor_type=qemu"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn repair_images(set: &ImageSet, context: &Context<'_>, documents: &[DocumentId]) -> ImageRepair {
    let mut repair = ImageRepair::default();
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut names: HashSet<String> = HashSet::new();
    for finding in check_images(set, context, documents).into_iter().flat_map(|answer| answer.findings) {
        let edits = finding.fix.as_ref().and_then(Fix::active).map_or(&[][..], |way| way.edits.as_slice());
        let proposed: Vec<Change> = edits.iter().filter_map(commands::change).collect();
        if proposed.is_empty() {
            continue;
        }
        let place = *places.entry(finding.subject.clone()).or_insert_with(|| {
            repair.changes.push(ImageChange {
                subject: finding.subject.clone(),
                id: None,
                changes: Vec::new(),
                command: String::new(),
                rules: Vec::new(),
            });
            repair.changes.len() - 1
        });
        let known = &mut repair.changes[place];
        let contradicts = |change: &Change| {
            change.property != "tags"
                && known
                    .changes
                    .iter()
                    .any(|other| other.property == change.property && other.value != change.value)
        };
        // No two images get the same name, and none that another one has.
        let is_taken = |change: &Change| {
            let name = change.value.as_deref().filter(|_| change.property == "name");
            name.is_some_and(|name| {
                set.last_named(name).is_some() || (names.contains(name) && !known.changes.contains(change))
            })
        };
        if proposed.iter().any(|change| contradicts(change) || is_taken(change)) {
            continue;
        }
        names.extend(
            proposed.iter().filter(|change| change.property == "name").filter_map(|change| change.value.clone()),
        );
        for change in proposed {
            if !known.changes.contains(&change) {
                known.changes.push(change);
            }
        }
        if !known.rules.contains(&finding.rule) {
            known.rules.push(finding.rule);
        }
    }
    let labels: HashMap<String, &CheckedImage> =
        set.images().iter().map(|image| (image.label(), image)).collect();
    repair.changes.retain_mut(|change| {
        let image = labels.get(&change.subject);
        change.id = image.and_then(|image| image.id()).map(str::to_owned);
        change.command =
            image.and_then(|image| commands::command(image, &change.changes)).unwrap_or_default();
        !change.command.is_empty()
    });
    // What remains is what the rules say of the images as they will be: a repaired property may bring two of them closer.
    let changes: HashMap<&str, &[Change]> =
        repair.changes.iter().map(|change| (change.subject.as_str(), change.changes.as_slice())).collect();
    let left = check_images(&set.changed(|label| changes.get(label).copied()), context, documents);
    // A note requires nothing.
    let counts = |finding: &Finding| finding.result != Verdict::Pass && finding.severity != Severity::Info;
    repair.remaining = left.into_iter().flat_map(|answer| answer.findings).filter(counts).collect();
    repair
}
