//! Reads scope files; problems are reported with their line, and the rest of the file is used.

mod fields;
mod module;
mod reader;
mod test_case;
mod version;

use std::collections::{HashMap, HashSet};
use std::str::FromStr;

use jiff::civil::Date;
use scs_standards::wording::mapping_with;
use scs_standards::{Severity, yaml};
use thiserror::Error;

use self::reader::{Fields, Reader, brief};
use super::tree::{Node, Value};
use super::{Prerequisite, Reach, Scope, ScopeVersion, Variable};

/// Error: not a scope file.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReadScopeError {
    /// Not YAML.
    #[error("not valid YAML: {0}")]
    Yaml(String),
    /// Something other than a scope.
    #[error(
        "not a certificate scope: expected a mapping with `uuid`, `name`, `modules`, `timeline` and `versions`, found {0}"
    )]
    Shape(String),
}

/// The keys of each descriptor, as listed in scs-0003-v1.
const SCOPE: &[&str] =
    &["uuid", "name", "url", "prerequisite", "variables", "scripts", "modules", "timeline", "versions"];
const PREREQUISITE: &[&str] = &["name", "url"];

impl FromStr for Scope {
    type Err = ReadScopeError;

    /// Reads a scope file.
    ///
    /// # Errors
    ///
    /// If it is not YAML or not a scope. All other problems are in [`Scope::problems`], and the rest of the file
    /// is used; see [`ScopeVersion::incomplete`] for versions with unknown includes.
    ///
    /// ```
    /// use scs_certificates::Scope;
    ///
    /// let scope: Scope = "
    /// uuid: 50393e6f-2ae1-4c5c-a62c-3b75f2abef3f
    /// name: SCS-compatible IaaS
    /// url: https://example.com/scope.yaml
    /// scripts: []
    /// modules: []
    /// timelin: []
    /// versions: []
    /// ".parse()?;
    /// assert_eq!(scope.problems()[0].to_string(), "line 7: unknown key `timelin` (did you mean `timeline`?)");
    /// assert_eq!(scope.problems()[1].to_string(), "the key `timeline` is missing");
    /// # Ok::<(), scs_certificates::ReadScopeError>(())
    /// ```
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // Names such as `n` are not booleans.
        let options = serde_saphyr::options! { strict_booleans: true };
        let tree: Node = serde_saphyr::from_str_with_options(text.trim_start_matches('\u{feff}'), options)
            .map_err(|error| ReadScopeError::Yaml(yaml::reason(&error)))?;
        let Some(map) = tree.map() else { return Err(ReadScopeError::Shape(tree.kind())) };
        if !map.iter().any(|(key, _)| matches!(key.as_str(), "modules" | "timeline" | "versions" | "scripts"))
        {
            return Err(ReadScopeError::Shape(mapping_with(map.iter().map(|(key, _)| key))));
        }
        let mut reader = Reader::new();
        let mut scope = reader.scope(&tree);
        scope.problems = reader.problems;
        let lines = scope.problems.iter().map(|problem| problem.line).collect();
        let places = tree.places(&lines);
        for problem in &mut scope.problems {
            problem.place = places.get(&problem.line).cloned().unwrap_or_default();
        }
        scope.problems.sort_by_key(|problem| if problem.line == 0 { u64::MAX } else { problem.line });
        let errors = first_errors(&scope);
        for (version, error) in scope.versions.iter_mut().zip(errors) {
            version.error = error;
        }
        Ok(scope)
    }
}

/// The first error that affects each version, as an index into the problems.
fn first_errors(scope: &Scope) -> Vec<Option<usize>> {
    let mut whole: Option<usize> = None;
    let (mut modules, mut cases, mut versions) = (HashMap::new(), HashMap::new(), HashMap::new());
    let mut days: Vec<(Date, usize)> = Vec::new();
    for (place, problem) in scope.problems.iter().enumerate() {
        if problem.severity != Severity::Error {
            continue;
        }
        match &problem.reach {
            Reach::Scope => whole = whole.or(Some(place)),
            Reach::Module(id) => _ = modules.entry(&**id).or_insert(place),
            Reach::TestCases(ids) => {
                for id in ids.iter() {
                    cases.entry(id.as_str()).or_insert(place);
                }
            }
            Reach::Version(name) => _ = versions.entry(&**name).or_insert(place),
            Reach::UnnamedOn(day) => days.push((*day, place)),
        }
    }
    let wrong: HashSet<Date> = days.iter().map(|(day, _)| *day).collect();
    let mut named: HashSet<(&str, Date)> = HashSet::new();
    for entry in scope.timeline.entries().iter().filter(|entry| wrong.contains(&entry.date)) {
        named.extend(entry.versions.iter().map(|(name, _)| (name.as_str(), entry.date)));
    }
    let first = |version: &ScopeVersion| {
        let name = version.name.as_str();
        let includes = version.includes.iter().map(|include| modules.get(include.module.as_str()));
        let own = version.targets.values().flatten().map(|case| cases.get(case.as_str()));
        let unnamed = days.iter().find(|(day, _)| !named.contains(&(name, *day))).map(|(_, place)| place);
        includes.chain(own).chain([whole.as_ref(), versions.get(name), unnamed]).flatten().min().copied()
    };
    scope.versions.iter().map(first).collect()
}

/// The UUIDs of the included scopes, which no other scope may use.
const KNOWN: [(&str, &str); 2] = [(super::IAAS, "SCS-compatible IaaS"), (super::KAAS, "SCS-compatible KaaS")];

impl Reader {
    fn scope(&mut self, tree: &Node) -> Scope {
        let mut scope = Scope::empty();
        let Some(fields) = self.fields(tree, "the scope", SCOPE) else { return scope };
        // Missing top-level keys have no line.
        let fields = Fields { line: 0, ..fields };
        scope.uuid = self.text(&fields, "uuid");
        scope.name = self.text(&fields, "name");
        scope.url = self.text(&fields, "url");
        if !scope.uuid.is_empty() && uuid::Uuid::try_parse(&scope.uuid).is_err() {
            let line = fields.get("uuid").map_or(0, |node| node.line);
            let hint = Some("`uuidgen` generates one".to_owned());
            self.report("scs-0003-uuid", line, format!("`{}` is not a UUID", scope.uuid), hint);
        }
        if let Some((_, name)) =
            KNOWN.iter().find(|(uuid, name)| uuid.eq_ignore_ascii_case(&scope.uuid) && *name != scope.name)
        {
            let line = fields.get("uuid").map_or(0, |node| node.line);
            let hint = Some("`uuidgen` generates one".to_owned());
            self.report("scs-0003-uuid", line, format!("`{}` is the UUID of {name}", scope.uuid), hint);
        }
        self.url(&fields, Some(&scope.url), "`url` of the scope");
        scope.prerequisite = fields.get("prerequisite").and_then(|node| {
            let fields = self.fields(node, "the prerequisite", PREREQUISITE)?;
            let prerequisite =
                Prerequisite { name: self.text(&fields, "name"), url: self.text(&fields, "url") };
            self.url(&fields, Some(&prerequisite.url), "`url` of the prerequisite");
            Some(prerequisite)
        });
        self.level(&fields, &scope);
        scope.variables =
            self.list(&fields, "variables").iter().filter_map(|node| self.variable(node)).collect();
        let scripts = self.required_list(&fields, "scripts").iter();
        let scripts = scripts.filter_map(|node| Some((node.line, self.script(node)?)));
        let (lines, scripts): (Vec<u64>, _) = scripts.unzip();
        scope.scripts = scripts;
        self.unique_test_cases(&mut scope, &lines);
        let modules = self.required_list(&fields, "modules").iter();
        let modules = modules.filter_map(|node| Some((node.line, self.module(node, &scope)?)));
        let (lines_of_modules, modules): (Vec<u64>, _) = modules.unzip();
        scope.modules = modules;
        for (place, module) in scope.modules.iter().enumerate() {
            if scope.index.modules.contains_key(&module.id) {
                let line = lines_of_modules.get(place).copied().unwrap_or_default();
                let message = format!("the module `{}` occurs twice; the first one counts", module.id);
                self.with_reach(
                    |reader| reader.report("scs-0003-module-refs", line, message, None),
                    |()| Reach::Module(module.id.as_str().into()),
                );
            } else {
                scope.index.modules.insert(module.id.clone(), place);
            }
        }
        self.substitutions(&scope, &lines);
        let versions = self.required_list(&fields, "versions");
        for node in versions {
            let read = |reader: &mut Self| {
                let version = reader.version(node, &scope)?;
                let is_known = scope.index.versions.contains_key(&version.name);
                if is_known {
                    let message =
                        format!("the version `{}` occurs twice; the first one counts", version.name);
                    reader.report("scs-0003-module-refs", node.line, message, None);
                }
                Some((version, is_known))
            };
            let read = self.with_reach(read, |read| {
                read.as_ref()
                    .map_or(Reach::Scope, |(version, _)| Reach::Version(version.name.as_str().into()))
            });
            if let Some((version, false)) = read {
                scope.index.versions.insert(version.name.clone(), scope.versions.len());
                scope.versions.push(version);
            }
        }
        scope.timeline = self.timeline(&fields, &scope);
        scope
    }

    /// Checks that the prerequisite is the level below on the same layer. Only levels above SCS-compatible have one.
    fn level(&mut self, fields: &Fields<'_>, scope: &Scope) {
        let (level, layer) = scope.name.split_once(' ').unwrap_or((&scope.name, ""));
        let below = match level {
            "SCS-open" => Some("SCS-compatible"),
            "SCS-sovereign" => Some("SCS-open"),
            "SCS-compatible" => None,
            _ => return,
        };
        let message = match (below, &scope.prerequisite) {
            (None, None) => return,
            (Some(below), Some(given)) if given.name == format!("{below} {layer}") => return,
            (None, Some(given)) => {
                format!(
                    "the prerequisite is `{}`, but there is no level below SCS-compatible",
                    brief(&given.name)
                )
            }
            (Some(below), None) => format!("the prerequisite {below} {layer} is missing"),
            (Some(below), Some(given)) => {
                format!("the prerequisite is `{}`, but should be `{below} {layer}`", brief(&given.name))
            }
        };
        let line = fields.get("prerequisite").map_or(0, |node| node.line);
        self.report("scs-0003-prerequisite", line, message, None);
    }

    fn variable(&mut self, node: &Node) -> Option<Variable> {
        match &node.value {
            Value::Text(name) => Some(Variable { name: name.clone(), default: None }),
            Value::Map(map) => {
                let [(name, value)] = map.as_slice() else {
                    self.unusable("scs-0003-keys", node, "a variable", "a name, or a name with its default");
                    return None;
                };
                Some(Variable { name: name.clone(), default: self.text_from(value, name) })
            }
            _ => {
                self.unusable("scs-0003-keys", node, "a variable", "a name, or a name with its default");
                None
            }
        }
    }
}
