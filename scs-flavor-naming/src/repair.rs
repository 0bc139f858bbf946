//! What to change so that the findings over flavors disappear.
//!
//! The repairs are those of the findings. What can be done without a question is applied to the flavors and they are checked again,
//! until nothing of the kind is left; what is asked, and what the certificate does not need, is listed.

use std::collections::{BTreeMap, HashMap, HashSet};

use scs_standards::subject::Flavor;
use scs_standards::{
    Answer, Applicability, Context, Data, DocumentId, Edit, Finding, Fix, Severity, Strength, Verdict, Way,
};

use crate::evidence;
use crate::fixes;
use crate::properties::{PropertyKey, UntypedDisk};
use crate::rules::{FlavorSet, Offer, answers, untrue};

/// How far a repair may go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RepairOptions {
    /// The type of the disks of which neither name nor table tells it.
    pub untyped_disk: UntypedDisk,
    /// Whether flavors with an SCS name also get the properties that they do not need but may have.
    pub complete: bool,
    /// Whether what is merely recommended is repaired as well.
    pub recommended: bool,
}

impl RepairOptions {
    /// With the type of the disks of which neither name nor table tells it.
    #[must_use]
    pub const fn with_untyped_disk(self, untyped_disk: UntypedDisk) -> Self {
        Self { untyped_disk, ..self }
    }

    /// Also with the properties that flavors with an SCS name may have.
    #[must_use]
    pub const fn complete(self) -> Self {
        Self { complete: true, ..self }
    }

    /// Also of what is merely recommended.
    #[must_use]
    pub const fn recommended(self) -> Self {
        Self { recommended: true, ..self }
    }
}

/// The changes of one flavor's properties.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct PropertyChange {
    /// The flavor.
    pub flavor: String,
    /// Its id, where it is known: a name may be the id of another flavor.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub id: Option<String>,
    /// What to set.
    pub set: BTreeMap<String, String>,
    /// What to remove.
    pub unset: Vec<String>,
    /// The commands that do it.
    pub commands: Vec<String>,
}

/// A new flavor that a finding asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct NewFlavor {
    /// The rule that asks for it.
    pub rule: std::borrow::Cow<'static, str>,
    /// The flavor that is missing.
    pub subject: String,
    /// Why.
    pub message: String,
    /// The command.
    pub command: String,
    /// What it adds to an inventory.
    pub edits: Vec<Edit>,
}

/// Everything that can be done about a set of flavors.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Repair {
    /// The changes of properties, in the order of the flavors.
    pub changes: Vec<PropertyChange>,
    /// The new flavors that are needed beside.
    pub new_flavors: Vec<NewFlavor>,
    /// The findings that have a repair of which a certificate needs nothing.
    pub optional: Vec<Finding>,
    /// The findings whose repair waits for an answer, or removes something.
    pub choices: Vec<Finding>,
    /// The findings that remain when all of that is done.
    pub remaining: Vec<Finding>,
    /// The flavors with the changes and the new ones.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub repaired: FlavorSet,
}

/// After as many rounds nothing new is expected: a repair seldom makes room for another one.
const MOST_ROUNDS: usize = 8;

/// Works out the changes.
///
/// ```
/// use scs_flavor_naming::{FlavorSet, RepairOptions, repair_flavors};
/// use scs_standards::subject::Flavor;
/// use scs_standards::{Context, Declarations, DocumentId, Profile};
///
/// let flavor = Flavor {
///     name: "SCS-2V-8".into(),
///     vcpus: Some(2),
///     ram_mib: Some(8192),
///     disk_gb: Some(0),
///     extra_specs: Some([("scs:name-v1".to_owned(), "SCS-2V-8".to_owned())].into()),
///     ..Flavor::default()
/// };
/// let declarations = Declarations::default();
/// let at = "2026-11-23T00:00:00Z".parse()?;
/// let context = Context { at, profile: Profile::Text, declarations: &declarations };
/// let documents = [DocumentId::version(103, 1)];
/// let repair = repair_flavors(&FlavorSet::new(vec![flavor], vec![]), &context, &documents, RepairOptions::default());
/// assert_eq!(
///     repair.changes[0].commands,
///     ["openstack flavor set --property scs:cpu-type=shared-core --property scs:name-v1=SCS-2V:8 \
///       --property scs:name-v2=SCS-2V-8 SCS-2V-8"]
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn repair_flavors(
    set: &FlavorSet,
    context: &Context<'_>,
    documents: &[DocumentId],
    options: RepairOptions,
) -> Repair {
    let mut work = Work::new(set);
    let mut new_flavors = Vec::new();
    let mut is_completed = !options.complete;
    let mut found = answers(set, context, documents);
    for _ in 0..MOST_ROUNDS {
        let mut changed = false;
        for finding in broken(&found) {
            let Some(way) = active(finding, options) else { continue };
            if !work.take(&way.edits) {
                continue;
            }
            changed = true;
            if way.edits.iter().any(|edit| matches!(edit, Edit::Create { .. })) {
                new_flavors.push(NewFlavor {
                    rule: finding.rule.clone(),
                    subject: finding.subject.clone(),
                    message: finding.message.clone(),
                    command: way.command.clone(),
                    edits: way.edits.clone(),
                });
            }
        }
        if !changed && !is_completed {
            is_completed = true;
            changed = work.complete(context, options);
        }
        if !changed {
            break;
        }
        work.next_round();
        found = answers(&work.set, context, documents);
    }
    let (mut optional, mut choices, mut remaining) = (Vec::new(), Vec::new(), Vec::new());
    for finding in broken(&found) {
        let fix = finding.fix.as_ref();
        // What the type of disk answers is no question any more.
        let answer = fix.and_then(|fix| answered(fix, options.untyped_disk));
        let fix = answer.map(|way| Fix::Safe(Way { when: None, ..way.clone() })).or_else(|| fix.cloned());
        let list = match fix.as_ref().map(Fix::applicability) {
            Some(Applicability::Safe) if fix.as_ref().is_some_and(|fix| !fix.is_destructive()) => {
                &mut optional
            }
            Some(Applicability::Safe | Applicability::Choose) => &mut choices,
            Some(Applicability::Advice) | None => &mut remaining,
        };
        list.push(Finding { fix, ..finding.clone() });
    }
    let changes = changes(set, &work.set);
    Repair { changes, new_flavors, optional, choices, remaining, repaired: work.set }
}

/// The findings that something has to be done about.
fn broken(answers: &[Answer]) -> impl Iterator<Item = &Finding> {
    let findings = answers.iter().flat_map(|answer| &answer.findings);
    findings.filter(|finding| finding.result == Verdict::Fail && finding.severity != Severity::Info)
}

/// What is done about a finding unasked, by these options.
fn active(finding: &Finding, options: RepairOptions) -> Option<&Way> {
    let is_wanted = match finding.level.strength() {
        Strength::Must => true,
        Strength::Should => options.recommended,
        Strength::May => false,
    };
    let fix = finding.fix.as_ref().filter(|_| is_wanted)?;
    fix.active().or_else(|| answered(fix, options.untyped_disk))
}

/// The way that the type of disk answers, where nothing else is asked.
fn answered(fix: &Fix, untyped_disk: UntypedDisk) -> Option<&Way> {
    let UntypedDisk::As(kind) = untyped_disk else { return None };
    let ways = if asks_for_disk_type(fix) { fix.ways() } else { &[] };
    ways.iter().find(|way| disk_type_of(way) == Some(kind.key()) && !way.destructive)
}

/// Whether a repair waits for nothing but the type of a disk, which [`RepairOptions::untyped_disk`] tells.
#[must_use]
pub fn asks_for_disk_type(fix: &Fix) -> bool {
    let ways = fix.ways();
    ways.len() > 1 && ways.iter().all(|way| disk_type_of(way).is_some())
}

/// The type of the root disk that a way sets.
fn disk_type_of(way: &Way) -> Option<&str> {
    way.edits.iter().find_map(|edit| match edit {
        Edit::Set { path, value, .. } if path.last().is_some_and(|key| key == "scs:disk0-type") => {
            value.text()
        }
        Edit::Create { object: Data::Map(object), .. } => match object.get("extra_specs") {
            Some(Data::Map(specs)) => specs.get("scs:disk0-type")?.text(),
            _ => None,
        },
        _ => None,
    })
}

/// The flavors as they become.
struct Work {
    set: FlavorSet,
    flavors: Vec<Flavor>,
    /// The numbers of the flavors, by the field and the value that edits name them by.
    numbers: HashMap<(String, String), usize>,
    /// What has been changed in this round: the flavor, and the property.
    taken: HashSet<(usize, String)>,
    /// The names of new flavors.
    new: HashSet<String>,
}

impl Work {
    fn new(set: &FlavorSet) -> Self {
        let flavors: Vec<Flavor> = set.offers().iter().map(|offer| offer.flavor().clone()).collect();
        let mut numbers = HashMap::with_capacity(2 * flavors.len());
        for (number, flavor) in flavors.iter().enumerate() {
            let ids = flavor.id.iter().map(|id| ("id".to_owned(), id.clone()));
            for key in ids.chain([("name".to_owned(), flavor.name.clone())]) {
                numbers.entry(key).or_insert(number);
            }
        }
        Self { set: set.clone(), flavors, numbers, taken: HashSet::new(), new: HashSet::new() }
    }

    /// Makes the changes of one way, all or none; whether it did.
    fn take(&mut self, edits: &[Edit]) -> bool {
        let mut places = Vec::with_capacity(edits.len());
        for edit in edits {
            match edit {
                Edit::Set { object: Some(object), path, .. }
                | Edit::Unset { object: Some(object), path, .. } => {
                    let ([field], [_, key]) = (&object.field[..], &path[..]) else { return false };
                    let found = self.numbers.get(&(field.clone(), object.value.clone()));
                    let Some(&number) = found else { return false };
                    if self.taken.contains(&(number, key.clone())) {
                        return false;
                    }
                    places.push(Some((number, key.clone())));
                }
                Edit::Create { object, .. } => {
                    let Some(flavor) = created(object) else { return false };
                    if !self.new.insert(flavor.name.clone()) {
                        return false;
                    }
                    self.flavors.push(flavor);
                    places.push(None);
                }
                Edit::Set { .. } | Edit::Unset { .. } | Edit::Argument { .. } | Edit::Delete { .. } => {
                    return false;
                }
            }
        }
        for (edit, place) in edits.iter().zip(places) {
            let Some((number, key)) = place else { continue };
            let Some(flavor) = self.flavors.get_mut(number) else { continue };
            let specs = flavor.extra_specs.get_or_insert_default();
            match edit {
                Edit::Set { value: Data::Text(value), .. } => specs.insert(key.clone(), value.clone()),
                _ => specs.remove(&key),
            };
            self.taken.insert((number, key));
        }
        !edits.is_empty()
    }

    fn next_round(&mut self) {
        self.taken.clear();
        let set = FlavorSet::new(self.flavors.clone(), self.set.broken().to_vec());
        self.set = if self.set.are_definitions() { set.as_definitions() } else { set };
    }

    /// Gives every flavor with a true name the properties that follow from it; whether there were any.
    fn complete(&mut self, context: &Context<'_>, options: RepairOptions) -> bool {
        let mut changed = false;
        for (offer, flavor) in self.set.offers().iter().zip(&mut self.flavors) {
            let Some(parsed) = offer.parsed(context.profile) else { continue };
            let Some(specs) = &mut flavor.extra_specs else { continue };
            if !untrue(&parsed.name, offer, context.profile).is_empty() {
                continue;
            }
            let before = specs.len();
            let may_be_better =
                evidence::least_cpu_class(offer.flavor()).is_some_and(|it| it.least > parsed.name.cpu.kind);
            for (key, value) in parsed.name.properties(context.profile, options.untyped_disk) {
                if may_be_better && key == PropertyKey::CpuType {
                    continue;
                }
                specs.entry(key.to_string()).or_insert(value);
            }
            changed |= specs.len() > before;
        }
        changed
    }
}

/// A flavor as an edit adds it.
pub(crate) fn created(object: &Data) -> Option<Flavor> {
    let Data::Map(fields) = object else { return None };
    let number = |key: &str| match fields.get(key) {
        Some(Data::Number(number)) => u64::try_from(*number).ok(),
        _ => None,
    };
    let flag = |key: &str| match fields.get(key) {
        Some(Data::Bool(flag)) => Some(*flag),
        _ => None,
    };
    let text = |key: &str| fields.get(key).and_then(Data::text).map(str::to_owned);
    let specs = match fields.get("extra_specs") {
        Some(Data::Map(specs)) => {
            specs.iter().filter_map(|(key, value)| Some((key.clone(), value.text()?.to_owned())))
        }
        _ => return None,
    };
    Some(Flavor {
        name: text("name")?,
        id: None,
        vcpus: number("vcpus"),
        ram_mib: number("ram"),
        disk_gb: number("disk"),
        ephemeral_gb: number("OS-FLV-EXT-DATA:ephemeral"),
        swap_mib: number("swap"),
        rxtx_factor: text("rxtx_factor"),
        description: text("description"),
        is_public: flag("os-flavor-access:is_public"),
        disabled: flag("OS-FLV-DISABLED:disabled"),
        extra_specs: Some(specs.collect()),
        unusable: Vec::new(),
    })
}

/// How the properties of the flavors that were there differ.
fn changes(before: &FlavorSet, after: &FlavorSet) -> Vec<PropertyChange> {
    let pairs = before.offers().iter().map(Offer::flavor).zip(after.offers().iter().map(Offer::flavor));
    pairs.filter_map(|(old, new)| change(before, old, new)).collect()
}

fn change(all: &FlavorSet, old: &Flavor, new: &Flavor) -> Option<PropertyChange> {
    let none = BTreeMap::new();
    let (before, after) =
        (old.extra_specs.as_ref().unwrap_or(&none), new.extra_specs.as_ref().unwrap_or(&none));
    let set: BTreeMap<String, String> = after
        .iter()
        .filter(|(key, value)| before.get(*key) != Some(value))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    let unset: Vec<String> = before.keys().filter(|key| !after.contains_key(*key)).cloned().collect();
    if set.is_empty() && unset.is_empty() {
        return None;
    }
    let commands = fixes::commands(all, old, &set, &unset);
    Some(PropertyChange { flavor: old.name.clone(), id: old.id.clone(), set, unset, commands })
}
