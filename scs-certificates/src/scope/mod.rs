//! Certificate scopes: the test cases that each version requires, and the periods in which versions are valid (scs-0003-v1).
//!
//! | topic | module |
//! | --- | --- |
//! | reading scope files, and their errors | `read`, `problem` |
//! | validity of versions | `timeline` |
//! | lifetime of results | `lifetime` |
//! | changes between two editions of a file | `changes` |

mod changes;
mod facts;
mod lifetime;
mod problem;
mod read;
mod rules;
mod timeline;
mod tree;
mod write;

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::LazyLock;

use jiff::civil::Date;
use scs_standards::wording::and;
use scs_standards::{DocumentId, Severity};
use serde::Serialize;
use thiserror::Error;

pub use lifetime::{Lifetime, ParseLifetimeError};
pub use problem::{Reach, ScopeProblem};
pub use read::ReadScopeError;
pub use rules::{ScopeSubject, check_scope, scope_rules};
pub use timeline::{ParseValidityError, Timeline, TimelineEntry, Validity};

/// A certificate scope as described by its file, which `FromStr` reads and `Serialize` writes again.
///
/// Serializing fails for a scope with errors ([`Scope::problems`]): the file would lack what could not be read.
///
/// ```
/// use scs_certificates::{Scope, Target};
///
/// let scope = Scope::compatible_iaas();
/// let version = scope.version("v5.1")?;
/// assert_eq!(version.target(&Target::Main).len(), 54);
/// // The documents use v5 for the v5.1 of the file.
/// assert_eq!(scope.version("v5")?.name(), "v5.1");
/// assert_eq!(scope.version("v6").unwrap_err().to_string(), "SCS-compatible IaaS has no version `v6`; it has next, v5.1, v4 and v3");
/// # Ok::<(), scs_certificates::UnknownVersionError>(())
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

/// An index by name; of several items with the same name, the first one counts.
#[derive(Clone, Debug, Default)]
struct Index {
    /// The script and the index within it.
    test_cases: HashMap<String, (usize, usize)>,
    modules: HashMap<String, usize>,
    versions: HashMap<String, usize>,
}

/// The scope whose certificate is required first (scs-0003-v1, *Prerequisite descriptor*).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Prerequisite {
    /// The name.
    pub name: String,
    /// The URL of the scope file.
    pub url: String,
}

/// A variable, which differs between subjects and may occur in braces in script arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Variable {
    /// The name.
    pub name: String,
    /// The default value.
    pub default: Option<String>,
}

/// A script and its test cases, or a manual check if it has no executable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Script {
    /// The executable.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub executable: Option<String>,
    /// The arguments.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub args: String,
    /// The environment variables.
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "write::mapping")]
    pub env: Vec<(String, String)>,
    /// The test cases that it covers.
    #[serde(rename = "testcases")]
    pub test_cases: Vec<ScopeTestCase>,
}

/// A test case as described in a scope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ScopeTestCase {
    /// The id.
    pub id: String,
    /// The lifetime of a result.
    pub lifetime: Lifetime,
    /// Whether the file gives no lifetime.
    #[serde(skip)]
    pub has_default_lifetime: bool,
    /// The section of a run that it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    /// The description.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The URL of its documentation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// A version of a standard in terms of test cases.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Module {
    /// The id.
    pub id: String,
    /// The name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The URL of its documentation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The parameters that an include has to set.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parameters: Vec<String>,
    /// The test cases by target.
    pub targets: BTreeMap<Target, Vec<String>>,
}

impl Module {
    /// The document it implements, derived from its id (`scs-0104-v1-2`, `scs-0100-v3.1`) or its URL.
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
    /// Required for a certificate.
    Main,
    /// Recommended.
    Recommended,
    /// May become part of the other targets.
    Preview,
    /// Any other target.
    Other(Box<str>),
}

impl Target {
    /// The name.
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
    /// The first error of the file that affects the version, as an index.
    error: Option<usize>,
}

/// A module included in a version.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Include {
    /// The id of the module.
    pub module: String,
    /// The values of its parameters.
    pub parameters: Vec<(String, String)>,
}

impl ScopeVersion {
    /// The name, such as `v5.1`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The date since which it must not be changed.
    #[must_use]
    pub const fn stabilized_at(&self) -> Option<Date> {
        self.stabilized_at
    }

    /// The included modules.
    #[must_use]
    pub fn includes(&self) -> &[Include] {
        &self.includes
    }

    /// The targets of all modules combined, with their test cases ordered by id.
    #[must_use]
    pub const fn targets(&self) -> &BTreeMap<Target, Vec<String>> {
        &self.targets
    }

    /// The test cases of a target; empty if the version does not have it.
    #[must_use]
    pub fn target(&self, target: &Target) -> &[String] {
        self.targets.get(target).map_or(&[], Vec::as_slice)
    }

    /// Why the test cases are not fully known; such a version cannot be passed.
    #[must_use]
    pub fn incomplete(&self) -> Option<&str> {
        self.incomplete.as_deref()
    }
}

/// Error: unknown scope version.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{scope} has no version `{given}`; it has {known}")]
pub struct UnknownVersionError {
    scope: String,
    given: String,
    known: String,
}

/// Names that documents use for versions of SCS-compatible IaaS but its file does not: v5 was replaced by v5.1,
/// and v3.1 is the file's v3.
const ALIASES: [(&str, &str, &str); 2] = [(IAAS, "v5", "v5.1"), (IAAS, "v3.1", "v3")];

/// The UUID of SCS-compatible IaaS.
const IAAS: &str = "50393e6f-2ae1-4c5c-a62c-3b75f2abef3f";

/// The UUID of SCS-compatible `KaaS`.
const KAAS: &str = "1fffebe6-fd4b-44d3-a36c-fc58b4bb0180";

static COMPATIBLE_IAAS: LazyLock<Scope> =
    LazyLock::new(|| embedded(include_str!("../../data/scs-compatible-iaas.yaml")));
static COMPATIBLE_KAAS: LazyLock<Scope> =
    LazyLock::new(|| embedded(include_str!("../../data/scs-compatible-kaas.yaml")));

/// Reads an embedded file. A test verifies that it is valid; otherwise the scope would have no versions.
fn embedded(text: &str) -> Scope {
    text.parse::<Scope>().unwrap_or_else(|_| Scope::empty())
}

impl Scope {
    /// The scope SCS-compatible IaaS.
    #[must_use]
    pub fn compatible_iaas() -> &'static Self {
        &COMPATIBLE_IAAS
    }

    /// The scope SCS-compatible `KaaS`.
    #[must_use]
    pub fn compatible_kaas() -> &'static Self {
        &COMPATIBLE_KAAS
    }

    /// All scopes included in the crate.
    #[must_use]
    pub fn embedded() -> [&'static Self; 2] {
        [Self::compatible_iaas(), Self::compatible_kaas()]
    }

    /// Finds an included scope by its name in any spelling (`scs-compatible-iaas`, `SCS-compatible IaaS`) or its UUID.
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

    /// The UUID as written in the file.
    #[must_use]
    pub fn uuid(&self) -> &str {
        &self.uuid
    }

    /// The name, such as `SCS-compatible IaaS`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The name as used in file names and on command lines, such as `scs-compatible-iaas`.
    #[must_use]
    pub fn slug(&self) -> String {
        slug(&self.name)
    }

    /// The URL of the latest file.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The scope whose certificate is required first, if any.
    #[must_use]
    pub const fn prerequisite(&self) -> Option<&Prerequisite> {
        self.prerequisite.as_ref()
    }

    /// The variables, which differ between subjects.
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

    /// The validity periods of the versions.
    #[must_use]
    pub const fn timeline(&self) -> &Timeline {
        &self.timeline
    }

    /// All versions in file order, by convention newest first.
    #[must_use]
    pub fn versions(&self) -> &[ScopeVersion] {
        &self.versions
    }

    /// Finds a version by its name or by an alias used in documents.
    ///
    /// # Errors
    ///
    /// If there is no such version; the message lists the existing ones.
    pub fn version(&self, name: &str) -> Result<&ScopeVersion, UnknownVersionError> {
        let find = |name: &str| self.versions.get(*self.index.versions.get(name)?);
        let alias = || {
            let (.., known) = ALIASES.iter().find(|(uuid, alias, _)| *uuid == self.uuid && *alias == name)?;
            find(known)
        };
        find(name).or_else(alias).ok_or_else(|| {
            let known = and(self.versions.iter().map(ScopeVersion::name));
            let known = if known.is_empty() { "none".to_owned() } else { known };
            UnknownVersionError { scope: self.name.clone(), given: name.to_owned(), known }
        })
    }

    /// The index of a version by its own name.
    pub(crate) fn place_of(&self, name: &str) -> Option<usize> {
        self.index.versions.get(name).copied()
    }

    /// The newest effective version on a day: the one stabilized last.
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

    /// Finds a test case by its id.
    #[must_use]
    pub fn test_case(&self, id: &str) -> Option<&ScopeTestCase> {
        let (script, place) = self.index.test_cases.get(id)?;
        self.scripts.get(*script)?.test_cases.get(*place)
    }

    /// The problems of the file.
    #[must_use]
    pub fn problems(&self) -> &[ScopeProblem] {
        &self.problems
    }

    /// The errors of the file that affect a version: its requirements or its validity may differ from the file. By the text,
    /// such a version cannot be passed.
    ///
    /// ```
    /// use scs_certificates::Scope;
    ///
    /// let scope: Scope = "
    /// uuid: d912d0a5-826a-4b01-bafd-b48f65f76f43
    /// name: SCS-compatible IaaS
    /// url: https://example.com/scope.yaml
    /// scripts: [{testcases: [{id: scs-0999-one}]}]
    /// modules: [{id: scs-0999-v1, targets: {main: [scs-0999-one]}}]
    /// timeline: [{date: 2026-01-01, versions: {v1: effective, v2: draft}}]
    /// versions:
    /// - {version: v1, stabilized_at: 2026-01-01, include: [scs-0999-v1]}
    /// - {version: v2, include: [scs-0999-v2]}
    /// ".parse()?;
    /// assert!(scope.errors_for("v1").next().is_none());
    /// let error = scope.errors_for("v2").next().map(ToString::to_string);
    /// assert_eq!(error.unwrap(), "line 10: v2 includes `scs-0999-v2`, which is not a module (did you mean `scs-0999-v1`?)");
    /// # Ok::<(), scs_certificates::ReadScopeError>(())
    /// ```
    pub fn errors_for<'s>(&'s self, version: &str) -> impl Iterator<Item = &'s ScopeProblem> + use<'s> {
        let version = self.version(version).ok();
        self.errors().filter(move |problem| version.is_some_and(|version| self.touches(problem, version)))
    }

    /// The first of [`errors_for`](Self::errors_for), precomputed.
    #[must_use]
    pub fn first_error_for(&self, version: &ScopeVersion) -> Option<&ScopeProblem> {
        self.problems.get(version.error?)
    }

    /// All errors of the file.
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

/// The name of a scope in file names and on command lines.
pub(crate) fn slug(name: &str) -> String {
    name.to_ascii_lowercase().replace(' ', "-")
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
