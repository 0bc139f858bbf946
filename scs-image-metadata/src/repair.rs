//! The changes that make findings over images disappear.

use std::collections::{BTreeMap, HashMap};

use scs_standards::{Change, Context, DocumentId, Finding, Fix, Severity, Strength, Verdict, Way};
use serde::Serialize;

use crate::commands;
use crate::rules::check_images;
use crate::set::ImageSet;

/// How far a repair of images may go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ImageRepairOptions {
    /// Whether what is only recommended is repaired as well.
    pub recommended: bool,
}

impl ImageRepairOptions {
    /// Also of what is only recommended.
    #[must_use]
    pub const fn recommended(self) -> Self {
        Self { recommended: true }
    }

    /// What is done about a finding unasked.
    fn active(self, finding: &Finding) -> Option<&Way> {
        let is_needed = finding.level.strength() == Strength::Must && finding.result != Verdict::Pass;
        finding.fix.as_ref().filter(|_| is_needed || self.recommended)?.active()
    }
}

/// What repairs the images of a cloud.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct ImageRepair {
    /// What can be changed in place without a question, by image.
    pub changes: Vec<ImageChange>,
    /// What can be changed without a question, and of which a certificate needs nothing.
    pub optional: Vec<Finding>,
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
    pub rules: Vec<std::borrow::Cow<'static, str>>,
}

/// The changes that the rules of the documents propose: those that a certificate needs, and by the options those that are only
/// recommended. Where two of them want another value for the same property, the one of the earlier rule is taken, and the other
/// finding remains.
///
/// ```
/// use scs_image_metadata::{ImageList, ImageRepairOptions, ImageSet, repair_images};
/// use scs_standards::{Context, Declarations, DocumentId, Profile};
///
/// let image = r#"{"images": [{"name": "Ubuntu 24.04", "architecture": "amd64", "hypervisor_type": "kvm"}]}"#;
/// let set = ImageSet::from(image.parse::<ImageList>()?);
/// let declarations = Declarations::default();
/// let at = "2026-11-24T00:00:00Z".parse()?;
/// let context = Context { at, profile: Profile::Text, declarations: &declarations };
/// let documents = [DocumentId::version(102, 1)];
/// let repair = repair_images(&set, &context, &documents, ImageRepairOptions::default());
/// assert!(repair.changes[0].command.starts_with("openstack image set --property architecture=x86_64 "));
/// assert!(!repair.changes[0].command.contains("hypervisor_type"));
/// let repair = repair_images(&set, &context, &documents, ImageRepairOptions::default().recommended());
/// assert!(repair.changes[0].command.contains("--property hypervisor_type=qemu"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn repair_images(
    set: &ImageSet,
    context: &Context<'_>,
    documents: &[DocumentId],
    options: ImageRepairOptions,
) -> ImageRepair {
    /// A change may bring another one with it, as an `os_distro` does a tag; no chain is longer.
    const ROUNDS: usize = 4;
    let mut proposed = Proposed::default();
    let mut repaired = set.clone();
    let mut findings = findings(&repaired, context, documents);
    for _ in 0..ROUNDS {
        if !proposed.take(&repaired, &findings, options) {
            break;
        }
        // What remains is what the rules say of the images as they will be.
        repaired = set.changed(|index| proposed.of_image.get(&index).map(|known| known.changes.as_slice()));
        findings = self::findings(&repaired, context, documents);
    }
    // A note requires nothing.
    findings.retain(|finding| finding.severity != Severity::Info);
    let is_optional = |finding: &Finding| {
        options.active(finding).is_none() && finding.fix.as_ref().and_then(Fix::active).is_some()
    };
    let (optional, mut remaining): (Vec<_>, Vec<_>) = findings.into_iter().partition(is_optional);
    remaining.retain(|finding| finding.result != Verdict::Pass);
    ImageRepair { changes: proposed.into_changes(set), optional, remaining }
}

fn findings(set: &ImageSet, context: &Context<'_>, documents: &[DocumentId]) -> Vec<Finding> {
    check_images(set, context, documents).into_iter().flat_map(|answer| answer.findings).collect()
}

/// What is proposed so far, by the places of the images.
#[derive(Default)]
struct Proposed {
    of_image: BTreeMap<usize, OfImage>,
}

#[derive(Default)]
struct OfImage {
    changes: Vec<Change>,
    rules: Vec<std::borrow::Cow<'static, str>>,
}

impl Proposed {
    /// Takes the changes of findings that need no question, and says whether there were any.
    fn take(&mut self, set: &ImageSet, findings: &[Finding], options: ImageRepairOptions) -> bool {
        let labels: HashMap<String, usize> =
            set.images().iter().enumerate().map(|(index, image)| (image.label(), index)).collect();
        let mut took = false;
        for finding in findings {
            let edits = options.active(finding).map_or(&[][..], |way| way.edits.as_slice());
            let changes: Vec<Change> = edits.iter().filter_map(commands::change).collect();
            let Some(&index) = labels.get(&finding.subject).filter(|_| !changes.is_empty()) else { continue };
            let known = self.of_image.entry(index).or_default();
            let contradicts = |change: &Change| {
                change.property != "tags"
                    && known
                        .changes
                        .iter()
                        .any(|other| other.property == change.property && other.value != change.value)
            };
            if changes.iter().any(contradicts) {
                continue;
            }
            for change in changes {
                if !known.changes.contains(&change) {
                    known.changes.push(change);
                    took = true;
                }
            }
            if !known.rules.contains(&finding.rule) {
                known.rules.push(finding.rule.clone());
            }
        }
        took
    }

    fn into_changes(self, set: &ImageSet) -> Vec<ImageChange> {
        let change = |(index, OfImage { changes, rules }): (usize, OfImage)| {
            let image = set.images().get(index)?;
            let command = commands::command(image, &changes).filter(|_| !changes.is_empty())?;
            let id = image.id().map(str::to_owned);
            Some(ImageChange { subject: image.label(), id, changes, command, rules })
        };
        self.of_image.into_iter().filter_map(change).collect()
    }
}
