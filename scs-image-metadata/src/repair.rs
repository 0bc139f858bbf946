//! Fixes for all findings about images.

use std::collections::{BTreeMap, HashMap};

use scs_standards::{Change, Context, DocumentId, Finding, Fix, Severity, Strength, Verdict, Way};
use serde::Serialize;

use crate::commands;
use crate::rules::check_images;
use crate::set::ImageSet;

/// Options of a repair.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ImageRepairOptions {
    /// Whether to also fix violations of mere recommendations.
    pub recommended: bool,
}

impl ImageRepairOptions {
    /// Also fixes violations of mere recommendations.
    #[must_use]
    pub const fn recommended(self) -> Self {
        Self { recommended: true }
    }

    /// The way that applies to a finding automatically.
    fn active(self, finding: &Finding) -> Option<&Way> {
        let is_needed = finding.level.strength() == Strength::Must && finding.result != Verdict::Pass;
        finding.fix.as_ref().filter(|_| is_needed || self.recommended)?.active()
    }
}

/// The fixes for the images of a cloud.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct ImageRepair {
    /// Safe changes of existing images, by image.
    pub changes: Vec<ImageChange>,
    /// Findings with safe changes that a certificate does not require.
    pub optional: Vec<Finding>,
    /// Findings that require a new image or a decision; choices list their ways.
    pub remaining: Vec<Finding>,
}

/// The changes to one image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ImageChange {
    /// The image, as named in findings.
    pub subject: String,
    /// Its UUID, if known.
    pub id: Option<String>,
    /// The changed properties; `tags` adds one.
    pub changes: Vec<Change>,
    /// The command for the changes.
    pub command: String,
    /// The rules whose findings are fixed.
    pub rules: Vec<std::borrow::Cow<'static, str>>,
}

/// Computes the changes proposed by the rules of the documents: those required for a certificate and, optionally, recommended
/// ones. If two rules propose different values for the same property, the earlier rule wins, and the finding of the other
/// remains.
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
    /// The maximum length of a chain of changes, such as an `os_distro` that leads to a tag.
    const ROUNDS: usize = 4;
    let mut proposed = Proposed::default();
    let mut repaired = set.clone();
    let mut findings = findings(&repaired, context, documents);
    for _ in 0..ROUNDS {
        if !proposed.take(&repaired, &findings, options) {
            break;
        }
        // The remaining findings are those about the changed images.
        repaired = set.changed(|index| proposed.of_image.get(&index).map(|known| known.changes.as_slice()));
        findings = self::findings(&repaired, context, documents);
    }
    // Notes require no changes.
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

/// The changes proposed so far, by image index.
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
    /// Records the safe changes of findings; returns whether there were any.
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
