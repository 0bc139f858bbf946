//! Certificate scopes: which test cases a subject has to pass, in which version, and when a version counts (scs-0003-v1).
//!
//! | question | module |
//! | --- | --- |
//! | how is a scope file read, and what can be wrong with it? | `read`, `problem` |
//! | which versions count on a day? | `timeline` |
//! | how long is a result valid? | `lifetime` |
//! | what has changed between two editions of a file? | `changes` |

mod changes;
mod facts;
mod lifetime;
mod problem;
mod read;
mod rules;
mod timeline;
mod tree;

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use jiff::civil::Date;
use scs_standards::{DocumentId, Severity};
use thiserror::Error;

pub use lifetime::{Lifetime, ParseLifetimeError};
pub use problem::{Reach, ScopeProblem};
pub use read::ReadScopeError;
pub use rules::{ScopeSubject, check_scope, scope_rules};
pub use timeline::{ParseValidityError, Timeline, TimelineEntry, Validity};

/// A certificate scope, as its file describes it.
///
/// ```
/// use scs_certificates::{Scope, Target};
///
/// let scope = Scope::compatible_iaas();
/// let version = scope.version("v5.1")?;
/// assert_eq!(version.target(&Target::Main).len(), 54);
/// // The documents speak of v5 where the file has v5.1.
/// assert_eq!(scope.version("v5")?.name(), "v5.1");
/// assert_eq!(scope.version("v6").unwrap_err().to_string(), "SCS-compatible IaaS has no version `v6`; it has next, v5.1, v4 and v3");
/// # Ok::<(), scs_certificates::UnknownVersion>(())
/// ```
#[derive(Clone, Debug)]
pub struct Scope {
    uuid: String,
    name: String,
    url: String,
    prerequisite: Option<Prerequisite>,
    variables: Vec<Variable>,
    scripts: Vec<Script>,
    modules: Vec<Module>,
    timeline: Timeline,
    versions: Vec<ScopeVersion>,
    problems: Vec<ScopeProblem>,
    index: Index,
}

/// Where the things of a scope are by their names; of several of the same name the first one counts.
#[derive(Clone, Debug, Default)]
struct Index {
    /// The script and the place in it.
    test_cases: HashMap<String, (usize, usize)>,
    modules: HashMap<String, usize>,
    versions: HashMap<String, usize>,
}

/// The scope whose certificate must be held before (scs-0003-v1, *Prerequisite descriptor*).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prerequisite {
    /// Its name.
    pub name: String,
    /// Where its file is.
    pub url: String,
}

/// What is different for each subject, and may stand in braces in the arguments of scripts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Its value where none is given.
    pub default: Option<String>,
}

/// A script, or a manual check where it has no executable, and its test cases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// What is run.
    pub executable: Option<String>,
    /// With which arguments.
    pub args: String,
    /// In which environment.
    pub env: Vec<(String, String)>,
    /// The test cases that it answers.
    pub test_cases: Vec<ScopeTestCase>,
}

/// A test case as a scope describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeTestCase {
    /// Its id.
    pub id: String,
    /// How long a result is valid.
    pub lifetime: Lifetime,
    /// The section of a run that it belongs to.
    pub section: Option<String>,
    /// What it says.
    pub description: Option<String>,
    /// Where it is described.
    pub url: Option<String>,
}

/// A version of a standard as test cases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Module {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub name: Option<String>,
    /// Where it is described.
    pub url: Option<String>,
    /// What an include has to give.
    pub parameters: Vec<String>,
    /// The test cases of each target.
    pub targets: BTreeMap<Target, Vec<String>>,
}

impl Module {
    /// The document that it is about: by its id, `scs-0104-v1-2` and `scs-0100-v3.1`, or by its address.
    ///
    /// ```
    /// use scs_certificates::Scope;
    ///
    /// let module = Scope::compatible_kaas().module("cncf-k8s-conformance").unwrap();
    /// assert_eq!(module.document().unwrap().to_string(), "scs-0201-v1");
    /// ```
    #[must_use]
    pub fn document(&self) -> Option<DocumentId> {
        let read = |text: &str| -> Option<DocumentId> {
            let rest = text.strip_prefix("scs-")?;
            let (number, rest) = rest.split_once("-v")?;
            let digits = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
            format!("scs-{number}-v{}", rest.get(..digits)?).parse().ok()
        };
        read(&self.id).or_else(|| read(self.url.as_deref()?.rsplit('/').next()?))
    }
}

/// A named collection of test cases (scs-0003-v1, *Basic concepts*).
///
/// ```
/// use scs_certificates::Target;
///
/// assert_eq!(Target::from("main"), Target::Main);
/// assert_eq!(Target::from("encrypted").to_string(), "encrypted");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// What a certificate needs.
    Main,
    /// What is recommended.
    Recommended,
    /// What may become part of the others.
    Preview,
    /// Any other.
    Other(Box<str>),
}

impl Target {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Main => "main",
            Self::Recommended => "recommended",
            Self::Preview => "preview",
            Self::Other(name) => name,
        }
    }
}

impl From<&str> for Target {
    fn from(name: &str) -> Self {
        match name {
            "main" => Self::Main,
            "recommended" => Self::Recommended,
            "preview" => Self::Preview,
            other => Self::Other(other.into()),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A version of a scope, which includes modules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeVersion {
    name: String,
    stabilized_at: Option<Date>,
    includes: Vec<Include>,
    targets: BTreeMap<Target, Vec<String>>,
    incomplete: Option<String>,
    /// The first problem of the file that is an error and touches it.
    error: Option<usize>,
}

/// A module in a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Include {
    /// The module's id.
    pub module: String,
    /// The values of its parameters.
    pub parameters: Vec<(String, String)>,
}

impl ScopeVersion {
    /// Its name, such as `v5.1`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Since when it may not be changed.
    #[must_use]
    pub const fn stabilized_at(&self) -> Option<Date> {
        self.stabilized_at
    }

    /// Its modules.
    #[must_use]
    pub fn includes(&self) -> &[Include] {
        &self.includes
    }

    /// The targets of all modules together, each with its test cases in the order of their ids.
    #[must_use]
    pub const fn targets(&self) -> &BTreeMap<Target, Vec<String>> {
        &self.targets
    }

    /// The test cases of a target; none where the version does not have it.
    #[must_use]
    pub fn target(&self, target: &Target) -> &[String] {
        self.targets.get(target).map_or(&[], Vec::as_slice)
    }

    /// Why it cannot be said which test cases it has, so that nothing passes it.
    #[must_use]
    pub fn incomplete(&self) -> Option<&str> {
        self.incomplete.as_deref()
    }
}

/// A version that a scope does not have.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{scope} has no version `{given}`; it has {known}")]
pub struct UnknownVersion {
    scope: String,
    given: String,
    known: String,
}

/// Names that documents use for versions of SCS-compatible IaaS and that its file does not have: v5 was replaced by v5.1,
/// and what is called v3.1 there is the file's v3.
const ALIASES: [(&str, &str, &str); 2] = [(IAAS, "v5", "v5.1"), (IAAS, "v3.1", "v3")];

/// The UUID of SCS-compatible IaaS.
const IAAS: &str = "50393e6f-2ae1-4c5c-a62c-3b75f2abef3f";

/// The UUID of SCS-compatible `KaaS`.
const KAAS: &str = "1fffebe6-fd4b-44d3-a36c-fc58b4bb0180";

static COMPATIBLE_IAAS: LazyLock<Scope> =
    LazyLock::new(|| embedded(include_str!("../../data/scs-compatible-iaas.yaml")));
static COMPATIBLE_KAAS: LazyLock<Scope> =
    LazyLock::new(|| embedded(include_str!("../../data/scs-compatible-kaas.yaml")));

/// A file that is part of the program. That it can be read a test makes sure; without it the scope would have no versions.
fn embedded(text: &str) -> Scope {
    Scope::read(text).unwrap_or_else(|_| Scope::empty())
}

impl Scope {
    /// SCS-compatible IaaS.
    #[must_use]
    pub fn compatible_iaas() -> &'static Self {
        &COMPATIBLE_IAAS
    }

    /// SCS-compatible `KaaS`.
    #[must_use]
    pub fn compatible_kaas() -> &'static Self {
        &COMPATIBLE_KAAS
    }

    /// The scopes that are part of the crate.
    #[must_use]
    pub fn embedded() -> [&'static Self; 2] {
        [Self::compatible_iaas(), Self::compatible_kaas()]
    }

    /// A scope of the crate by its name in any spelling (`scs-compatible-iaas`, `SCS-compatible IaaS`) or its UUID.
    ///
    /// ```
    /// use scs_certificates::Scope;
    ///
    /// assert_eq!(Scope::named("scs-compatible-kaas").unwrap().name(), "SCS-compatible KaaS");
    /// assert!(Scope::named("scs-open-iaas").is_none());
    /// ```
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        let folded = |name: &str| name.to_ascii_lowercase().replace([' ', '_'], "-");
        Self::embedded()
            .into_iter()
            .find(|scope| folded(scope.name()) == folded(name) || scope.uuid.eq_ignore_ascii_case(name))
    }

    fn empty() -> Self {
        Self {
            uuid: String::new(),
            name: String::new(),
            url: String::new(),
            prerequisite: None,
            variables: Vec::new(),
            scripts: Vec::new(),
            modules: Vec::new(),
            timeline: Timeline::default(),
            versions: Vec::new(),
            problems: Vec::new(),
            index: Index::default(),
        }
    }

    /// The UUID, as the file writes it.
    #[must_use]
    pub fn uuid(&self) -> &str {
        &self.uuid
    }

    /// The name, such as `SCS-compatible IaaS`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The name as it stands in file names and on command lines, such as `scs-compatible-iaas`.
    #[must_use]
    pub fn slug(&self) -> String {
        slug(&self.name)
    }

    /// Where the latest file is.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The scope whose certificate must be held before.
    #[must_use]
    pub const fn prerequisite(&self) -> Option<&Prerequisite> {
        self.prerequisite.as_ref()
    }

    /// What is different for each subject.
    #[must_use]
    pub fn variables(&self) -> &[Variable] {
        &self.variables
    }

    /// The scripts and manual checks.
    #[must_use]
    pub fn scripts(&self) -> &[Script] {
        &self.scripts
    }

    /// The modules.
    #[must_use]
    pub fn modules(&self) -> &[Module] {
        &self.modules
    }

    /// A module by its id.
    #[must_use]
    pub fn module(&self, id: &str) -> Option<&Module> {
        self.modules.get(*self.index.modules.get(id)?)
    }

    /// When which version counts.
    #[must_use]
    pub const fn timeline(&self) -> &Timeline {
        &self.timeline
    }

    /// All versions, in the order of the file: the newest first, by custom.
    #[must_use]
    pub fn versions(&self) -> &[ScopeVersion] {
        &self.versions
    }

    /// A version by its name, or by a name that documents use for it.
    ///
    /// # Errors
    ///
    /// When there is none of that name; the message lists those that there are.
    pub fn version(&self, name: &str) -> Result<&ScopeVersion, UnknownVersion> {
        let find = |name: &str| self.versions.get(*self.index.versions.get(name)?);
        let alias = || {
            let (.., known) = ALIASES.iter().find(|(uuid, alias, _)| *uuid == self.uuid && *alias == name)?;
            find(known)
        };
        find(name).or_else(alias).ok_or_else(|| UnknownVersion {
            scope: self.name.clone(),
            given: name.to_owned(),
            known: all_of(self.versions.iter().map(ScopeVersion::name)),
        })
    }

    /// The place of a version by its own name.
    pub(crate) fn place_of(&self, name: &str) -> Option<usize> {
        self.index.versions.get(name).copied()
    }

    /// The newest version that is effective on a day: the one that was stabilized last.
    #[must_use]
    pub fn newest_effective(&self, day: Date) -> Option<&ScopeVersion> {
        let validities = self.timeline.validities(day);
        self.versions
            .iter()
            .rev()
            .filter(|version| validities.get(version.name.as_str()) == Some(&Validity::Effective))
            .max_by_key(|version| version.stabilized_at)
    }

    /// All test cases.
    pub fn test_cases(&self) -> impl Iterator<Item = &ScopeTestCase> {
        self.scripts.iter().flat_map(|script| &script.test_cases)
    }

    /// A test case by its id.
    #[must_use]
    pub fn test_case(&self, id: &str) -> Option<&ScopeTestCase> {
        let (script, place) = self.index.test_cases.get(id)?;
        self.scripts.get(*script)?.test_cases.get(*place)
    }

    /// What is wrong with the file.
    #[must_use]
    pub fn problems(&self) -> &[ScopeProblem] {
        &self.problems
    }

    /// The errors of the file that touch a version: what it asks for, or when it counts, may not be what the file says. Nothing
    /// passes such a version by the text.
    ///
    /// ```
    /// use scs_certificates::Scope;
    ///
    /// let scope = Scope::read("
    /// uuid: d912d0a5-826a-4b01-bafd-b48f65f76f43
    /// name: SCS-compatible IaaS
    /// url: https://example.com/scope.yaml
    /// scripts: [{testcases: [{id: scs-0999-one}]}]
    /// modules: [{id: scs-0999-v1, targets: {main: [scs-0999-one]}}]
    /// timeline: [{date: 2026-01-01, versions: {v1: effective, v2: draft}}]
    /// versions:
    /// - {version: v1, stabilized_at: 2026-01-01, include: [scs-0999-v1]}
    /// - {version: v2, include: [scs-0999-v2]}
    /// ")?;
    /// assert!(scope.errors_for("v1").next().is_none());
    /// let error = scope.errors_for("v2").next().map(ToString::to_string);
    /// assert_eq!(error.unwrap(), "line 10: v2 includes `scs-0999-v2`, which is not a module (did you mean `scs-0999-v1`?)");
    /// # Ok::<(), scs_certificates::ReadScopeError>(())
    /// ```
    pub fn errors_for<'s>(&'s self, version: &str) -> impl Iterator<Item = &'s ScopeProblem> + use<'s> {
        let version = self.version(version).ok();
        self.errors().filter(move |problem| version.is_some_and(|version| self.touches(problem, version)))
    }

    /// The first of [`errors_for`](Self::errors_for), which is known without a search.
    #[must_use]
    pub fn first_error_for(&self, version: &ScopeVersion) -> Option<&ScopeProblem> {
        self.problems.get(version.error?)
    }

    /// Everything that is an error, whatever it touches.
    pub fn errors(&self) -> impl Iterator<Item = &ScopeProblem> {
        self.problems.iter().filter(|problem| problem.severity == Severity::Error)
    }

    fn touches(&self, problem: &ScopeProblem, version: &ScopeVersion) -> bool {
        match &problem.reach {
            Reach::Scope => true,
            Reach::Module(id) => version.includes.iter().any(|include| *include.module == **id),
            // The cases of a target are in the order of their ids.
            Reach::TestCases(ids) => {
                ids.iter().any(|id| version.targets.values().any(|cases| cases.binary_search(id).is_ok()))
            }
            Reach::Version(name) => version.name == **name,
            Reach::UnnamedOn(day) => self.timeline.entries().iter().any(|entry| {
                entry.date == *day && !entry.versions.iter().any(|(name, _)| *name == version.name)
            }),
        }
    }
}

/// The name of a scope as it stands in file names and on command lines.
pub(crate) fn slug(name: &str) -> String {
    name.to_ascii_lowercase().replace(' ', "-")
}

impl FromStr for Scope {
    type Err = ReadScopeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::read(text)
    }
}

/// Words as the end of a sentence: `a, b and c`.
fn all_of<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let words: Vec<&str> = words.into_iter().collect();
    match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        Some((last, _)) => (*last).to_owned(),
        None => "none".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_name_their_documents() {
        for (id, url, document) in [
            ("scs-0100-v3.1", None, Some("scs-0100-v3")),
            ("scs-0104-v1-2", None, Some("scs-0104-v1")),
            ("scs-0102-v2-rec", None, Some("scs-0102-v2")),
            (
                "cncf-k8s-conformance",
                Some("https://docs.scs.community/standards/scs-0201-v1-cncf-conformance"),
                Some("scs-0201-v1"),
            ),
            ("opc-v2022.11", Some("https://example.com/guidelines"), None),
        ] {
            let (id, url) = (id.to_owned(), url.map(str::to_owned));
            let module = Module { id, name: None, url, parameters: Vec::new(), targets: BTreeMap::new() };
            let found = module.document().map(|document| document.to_string());
            assert_eq!(found.as_deref(), document, "{}", module.id);
        }
    }
}
