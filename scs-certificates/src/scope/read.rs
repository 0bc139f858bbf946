//! Reads scope files; problems are reported with their line, and the rest of the file is used.

use scs_standards::suggestion::nearest;
use scs_standards::wording::{and, mapping_with};
use scs_standards::yaml;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use jiff::civil::Date;
use scs_standards::{Severity, Verdict};
use thiserror::Error;

use super::tree::{Node, Value};
use super::{
    Include, Lifetime, Module, Prerequisite, Reach, Scope, ScopeProblem, ScopeTestCase, ScopeVersion, Script,
    Target, Timeline, TimelineEntry, Validity, Variable,
};

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
const SCRIPT: &[&str] = &["executable", "env", "args", "testcases"];
const TEST_CASE: &[&str] = &["id", "lifetime", "section", "description", "url"];
const MODULE: &[&str] = &["id", "name", "url", "parameters", "targets"];
const ENTRY: &[&str] = &["date", "versions"];
const VERSION: &[&str] = &["version", "include", "stabilized_at"];
const INCLUDE: &[&str] = &["ref", "parameters"];

impl Scope {
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
    /// let scope = Scope::read("
    /// uuid: 50393e6f-2ae1-4c5c-a62c-3b75f2abef3f
    /// name: SCS-compatible IaaS
    /// url: https://example.com/scope.yaml
    /// scripts: []
    /// modules: []
    /// timelin: []
    /// versions: []
    /// ")?;
    /// assert_eq!(scope.problems()[0].to_string(), "line 7: unknown key `timelin` (did you mean `timeline`?)");
    /// assert_eq!(scope.problems()[1].to_string(), "the key `timeline` is missing");
    /// # Ok::<(), scs_certificates::ReadScopeError>(())
    /// ```
    pub fn read(text: &str) -> Result<Self, ReadScopeError> {
        // Names such as `n` are not booleans.
        let options = serde_saphyr::options! { strict_booleans: true };
        let tree: Node = serde_saphyr::from_str_with_options(text.trim_start_matches('\u{feff}'), options)
            .map_err(|error| ReadScopeError::Yaml(yaml::reason(&error)))?;
        let Some(map) = tree.map() else { return Err(ReadScopeError::Shape(tree.kind())) };
        if !map.iter().any(|(key, _)| matches!(key.as_str(), "modules" | "timeline" | "versions" | "scripts"))
        {
            return Err(ReadScopeError::Shape(mapping_with(map.iter().map(|(key, _)| key))));
        }
        let mut reader = Reader { problems: Vec::new(), comparisons: MOST_COMPARISONS, cases: MOST_CASES };
        let mut scope = reader.scope(&tree);
        scope.problems = reader.problems;
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

/// The limit for test cases of all versions together; official scopes have a few hundred. A module that is included in many
/// versions could exhaust the memory.
const MOST_CASES: usize = 1_000_000;

/// The UUIDs of the included scopes, which no other scope may use.
const KNOWN: [(&str, &str); 2] = [(super::IAAS, "SCS-compatible IaaS"), (super::KAAS, "SCS-compatible KaaS")];

/// The limit for name comparisons when looking for suggestions.
const MOST_COMPARISONS: usize = 50_000;

/// The state of reading, with the problems so far.
struct Reader {
    problems: Vec<ScopeProblem>,
    /// The remaining number of name comparisons for suggestions.
    comparisons: usize,
    /// The remaining number of test cases for versions.
    cases: usize,
}

/// A mapping with its allowed keys.
struct Fields<'t> {
    line: u64,
    what: &'static str,
    map: &'t [(String, Node)],
}

impl<'t> Fields<'t> {
    /// The first value of a key; null counts as missing.
    fn get(&self, key: &str) -> Option<&'t Node> {
        let (_, node) = self.map.iter().find(|(known, _)| known == key)?;
        Some(node).filter(|node| !matches!(node.value, Value::Null))
    }
}

impl Reader {
    fn report(&mut self, rule: &'static str, line: u64, message: String, hint: Option<String>) {
        self.push(rule, Severity::Error, line, message, hint);
    }

    fn warn(&mut self, rule: &'static str, line: u64, message: String) {
        self.push(rule, Severity::Warning, line, message, None);
    }

    fn push(
        &mut self,
        rule: &'static str,
        severity: Severity,
        line: u64,
        message: String,
        hint: Option<String>,
    ) {
        let reach = Reach::Scope;
        self.problems.push(ScopeProblem {
            rule,
            result: Verdict::Fail,
            severity,
            message,
            hint,
            line,
            reach,
        });
    }

    /// Runs a part of the reading. Its problems affect what `reach` says, unless set by a nested part.
    fn with_reach<T>(&mut self, part: impl FnOnce(&mut Self) -> T, reach: impl FnOnce(&T) -> Reach) -> T {
        let before = self.problems.len();
        let read = part(self);
        if self.problems.len() > before {
            let reach = reach(&read);
            let wide = self.problems.iter_mut().skip(before).filter(|problem| problem.reach == Reach::Scope);
            wide.for_each(|problem| problem.reach = reach.clone());
        }
        read
    }

    /// A suggestion for a misspelled name.
    fn suggestion<'a>(&mut self, given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
        let comparisons = &mut self.comparisons;
        let known = known.into_iter().take_while(|_| {
            *comparisons = comparisons.saturating_sub(1);
            *comparisons > 0
        });
        nearest(given, known).map(|known| format!("did you mean `{known}`?"))
    }

    /// Reports an unreadable value.
    fn unusable(&mut self, rule: &'static str, node: &Node, what: &str, expected: &str) {
        self.problems.push(ScopeProblem {
            rule,
            result: Verdict::Dnf,
            severity: Severity::Error,
            message: format!("{what} is {}, but should be {expected}", node.kind()),
            hint: None,
            line: node.line,
            reach: Reach::Scope,
        });
    }

    fn fields<'t>(&mut self, node: &'t Node, what: &'static str, keys: &[&str]) -> Option<Fields<'t>> {
        let Some(map) = node.map() else {
            self.unusable("scs-0003-keys", node, what, "a mapping");
            return None;
        };
        let mut seen = HashSet::new();
        for (key, value) in map {
            if !keys.contains(&key.as_str()) {
                let hint = match nearest(key, keys.iter().copied()) {
                    Some(known) => format!("did you mean `{known}`?"),
                    None if key == "include" => {
                        "modules cannot include other modules; versions can".to_owned()
                    }
                    None => format!("known keys: {}", and(keys)),
                };
                let message = format!("unknown key `{key}`");
                self.report("scs-0003-unknown-keys", value.line, message, Some(hint));
            }
            if !seen.insert(key) {
                let message = format!("the key `{key}` occurs twice; the first one counts");
                self.report("scs-0003-unknown-keys", value.line, message, None);
            }
        }
        Some(Fields { line: node.line, what, map })
    }

    /// A required string.
    fn text(&mut self, fields: &Fields<'_>, key: &'static str) -> String {
        match fields.get(key) {
            None => {
                let place = if fields.line == 0 { String::new() } else { format!(" in {}", fields.what) };
                self.report("scs-0003-keys", fields.line, format!("the key `{key}` is missing{place}"), None);
                String::new()
            }
            Some(node) => self.text_from(node, key).unwrap_or_default(),
        }
    }

    /// An optional string.
    fn optional_text(&mut self, fields: &Fields<'_>, key: &'static str) -> Option<String> {
        self.text_from(fields.get(key)?, key)
    }

    fn text_from(&mut self, node: &Node, key: &str) -> Option<String> {
        let text = node.text().map(str::to_owned);
        if text.is_none() {
            self.unusable("scs-0003-keys", node, &format!("`{key}`"), "text");
        }
        text
    }

    /// A list; empty if the key is missing.
    fn list<'t>(&mut self, fields: &Fields<'t>, key: &'static str) -> &'t [Node] {
        let Some(node) = fields.get(key) else { return &[] };
        node.list().unwrap_or_else(|| {
            self.unusable("scs-0003-keys", node, &format!("`{key}`"), "a list");
            &[]
        })
    }

    /// A required list.
    fn required_list<'t>(&mut self, fields: &Fields<'t>, key: &'static str) -> &'t [Node] {
        if !fields.map.iter().any(|(known, _)| known == key) {
            self.report("scs-0003-keys", fields.line, format!("the key `{key}` is missing"), None);
        }
        self.list(fields, key)
    }

    /// A mapping from names to strings.
    fn texts(&mut self, fields: &Fields<'_>, key: &'static str) -> Vec<(String, String)> {
        let Some(node) = fields.get(key) else { return Vec::new() };
        let Some(map) = node.map() else {
            self.unusable("scs-0003-keys", node, &format!("`{key}`"), "a mapping");
            return Vec::new();
        };
        map.iter().filter_map(|(name, value)| Some((name.clone(), self.text_from(value, name)?))).collect()
    }

    fn date(&mut self, node: &Node, key: &str) -> Option<Date> {
        // Otherwise a time would be read as its date.
        let text = node.text().filter(|text| text.len() == "2026-11-30".len());
        let date = text.and_then(|text| text.parse().ok());
        if date.is_none() {
            self.unusable("scs-0003-keys", node, &format!("`{key}`"), "a date such as 2026-11-30");
        }
        date
    }

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

    fn script(&mut self, node: &Node) -> Option<Script> {
        let read = |reader: &mut Self| {
            let fields = reader.fields(node, "a script", SCRIPT)?;
            let test_cases = reader.required_list(&fields, "testcases");
            Some(Script {
                executable: reader.optional_text(&fields, "executable"),
                args: reader.optional_text(&fields, "args").unwrap_or_default(),
                env: reader.texts(&fields, "env"),
                test_cases: test_cases.iter().filter_map(|node| reader.test_case(node)).collect(),
            })
        };
        // The test cases of an unreadable script may be used by any version.
        self.with_reach(read, |script| {
            let ids = script.iter().flat_map(|script| &script.test_cases).map(|case| case.id.clone());
            let ids: Arc<[String]> = ids.collect();
            if ids.is_empty() { Reach::Scope } else { Reach::TestCases(ids) }
        })
    }

    fn test_case(&mut self, node: &Node) -> Option<ScopeTestCase> {
        self.with_reach(
            |reader| reader.read_test_case(node),
            |case| match case {
                Some(case) if !case.id.is_empty() => Reach::TestCases(Arc::new([case.id.clone()])),
                _ => Reach::Scope,
            },
        )
    }

    fn read_test_case(&mut self, node: &Node) -> Option<ScopeTestCase> {
        let fields = self.fields(node, "a test case", TEST_CASE)?;
        let id = self.text(&fields, "id");
        if !id.is_empty() && standard_prefix(&id).is_none() {
            let message = format!("the id `{id}` does not begin with a standard's id `scs-XXXX-`");
            self.warn("scs-0003-v2-id-prefix", node.line, message);
        }
        let lifetime = fields.get("lifetime").map(|node| {
            if let Some(Ok(lifetime)) = node.text().map(str::parse) {
                lifetime
            } else {
                let message = format!(
                    "`lifetime` is {}, expected day, week, month, quarter or year; assuming week",
                    node.kind()
                );
                self.report("scs-0003-lifetime", node.line, message, None);
                Lifetime::Week
            }
        });
        let url = self.optional_text(&fields, "url");
        self.url(&fields, url.as_deref(), "`url` of a test case");
        Some(ScopeTestCase {
            id,
            lifetime: lifetime.unwrap_or_default(),
            section: self.optional_text(&fields, "section"),
            description: self.optional_text(&fields, "description"),
            url,
        })
    }

    /// Checks an optional URL.
    fn url(&mut self, fields: &Fields<'_>, url: Option<&str>, what: &str) {
        if let Some(url) = url.filter(|url| !url.is_empty() && !is_url(url)) {
            let line = fields.get("url").map_or(fields.line, |node| node.line);
            let message = format!("{what} is `{}`, not a URL", brief(url));
            self.report(
                "scs-0003-url",
                line,
                message,
                Some("such as `https://example.com/scope.yaml`".to_owned()),
            );
        }
    }

    fn unique_test_cases(&mut self, scope: &mut Scope, lines: &[u64]) {
        for (at, (script, line)) in scope.scripts.iter().zip(lines).enumerate() {
            for (place, case) in script.test_cases.iter().enumerate() {
                if case.id.is_empty() {
                    continue;
                }
                if scope.index.test_cases.contains_key(&case.id) {
                    let message = format!("the test case `{}` occurs twice; the first one counts", case.id);
                    self.with_reach(
                        |reader| reader.report("scs-0003-testcase-unique", *line, message, None),
                        |()| Reach::TestCases(Arc::new([case.id.clone()])),
                    );
                } else {
                    scope.index.test_cases.insert(case.id.clone(), (at, place));
                }
            }
        }
    }

    fn module(&mut self, node: &Node, scope: &Scope) -> Option<Module> {
        self.with_reach(
            |reader| reader.read_module(node, scope),
            |module| match module {
                Some(module) if !module.id.is_empty() => Reach::Module(module.id.as_str().into()),
                _ => Reach::Scope,
            },
        )
    }

    fn read_module(&mut self, node: &Node, scope: &Scope) -> Option<Module> {
        let fields = self.fields(node, "a module", MODULE)?;
        let id = self.text(&fields, "id");
        let parameters = self.parameters(&fields, &id);
        let mut targets: BTreeMap<Target, Vec<String>> = BTreeMap::new();
        match fields.get("targets").map(|node| (node, node.map())) {
            None if fields.map.iter().any(|(key, _)| key == "targets") => {}
            None => {
                // The official files omit it for modules without test cases.
                let message = format!("the key `targets` is missing in `{id}`, so it has no test cases");
                self.warn("scs-0003-keys", node.line, message);
            }
            Some((node, None)) => self.unusable("scs-0003-keys", node, "`targets`", "a mapping"),
            Some((_, Some(map))) => {
                let mut seen: HashMap<&str, &str> = HashMap::new();
                for (name, node) in map {
                    let Some(cases) = node.list() else {
                        self.unusable("scs-0003-keys", node, &format!("the target `{name}`"), "a list");
                        continue;
                    };
                    let target = targets.entry(Target::from(name.as_str())).or_default();
                    for node in cases {
                        let Some(case) = self.text_from(node, name) else { continue };
                        self.case_of_module(node, &case, (name, &id), scope);
                        if let Some(other) = node.text().and_then(|case| seen.insert(case, name)) {
                            let message = if other == name {
                                format!("`{case}` occurs twice in the target `{name}` of `{id}`")
                            } else {
                                format!("`{case}` is in the targets `{other}` and `{name}` of `{id}`")
                            };
                            self.warn("scs-0003-testcase-unique", node.line, message);
                        }
                        target.push(case);
                    }
                }
            }
        }
        let (name, url) = (self.optional_text(&fields, "name"), self.optional_text(&fields, "url"));
        self.url(&fields, url.as_deref(), &format!("`url` of `{id}`"));
        Some(Module { id, name, url, parameters, targets })
    }

    /// Checks that a target of a module names an existing test case of the module's standard.
    fn case_of_module(&mut self, node: &Node, case: &str, (target, module): (&str, &str), scope: &Scope) {
        if scope.test_case(case).is_none() {
            let message =
                format!("the target `{target}` of `{module}` names `{case}`, which is not a test case");
            let hint = self.suggestion(case, scope.test_cases().map(|case| case.id.as_str()));
            self.report("scs-0003-module-refs", node.line, message, hint);
        }
        if let (Some(own), Some(other)) = (standard_prefix(module), standard_prefix(case))
            && own != other
        {
            let message = format!(
                "the id `{case}` begins with a different standard than `{module}`; only test cases of several standards may do so"
            );
            self.warn("scs-0003-v2-id-prefix", node.line, message);
        }
    }

    /// The parameter names of a module: a list by the text; the official files use a mapping with descriptions as
    /// values.
    fn parameters(&mut self, fields: &Fields<'_>, id: &str) -> Vec<String> {
        let Some(node) = fields.get("parameters") else { return Vec::new() };
        if let Some(map) = node.map() {
            let message =
                format!("`parameters` of `{id}` is a mapping, but the text specifies a list of names");
            self.warn("scs-0003-keys", node.line, message);
            return map.iter().map(|(name, _)| name.clone()).collect();
        }
        let names = self.list(fields, "parameters").iter();
        names.filter_map(|node| self.text_from(node, "parameters")).collect()
    }

    /// Checks that every name in braces is a variable or a parameter.
    fn substitutions(&mut self, scope: &Scope, lines: &[u64]) {
        let parameters = scope.modules.iter().flat_map(|module| &module.parameters).map(String::as_str);
        let variables = scope.variables.iter().map(|variable| variable.name.as_str());
        // The runner itself supplies the test cases.
        let known: HashSet<&str> = parameters.chain(variables).chain(["testcases"]).collect();
        for (script, line) in scope.scripts.iter().zip(lines) {
            let texts = std::iter::once(&script.args).chain(script.env.iter().map(|(_, value)| value));
            for name in texts.flat_map(|text| names_in_braces(text)) {
                if !known.contains(name) {
                    let message = format!("`{{{name}}}` is neither a variable nor a parameter");
                    let hint =
                        self.suggestion(name, scope.variables.iter().map(|variable| variable.name.as_str()));
                    let ids = || script.test_cases.iter().map(|case| case.id.clone()).collect();
                    self.with_reach(
                        |reader| reader.report("scs-0003-variables", *line, message, hint),
                        |()| Reach::TestCases(ids()),
                    );
                }
            }
        }
    }

    fn version(&mut self, node: &Node, scope: &Scope) -> Option<ScopeVersion> {
        let fields = self.fields(node, "a version", VERSION)?;
        let name = self.text(&fields, "version");
        let stabilized_at = fields.get("stabilized_at").and_then(|node| self.date(node, "stabilized_at"));
        let mut version = ScopeVersion {
            name,
            stabilized_at,
            includes: Vec::new(),
            targets: BTreeMap::new(),
            incomplete: None,
            error: None,
        };
        // The target and module of each test case.
        let mut seen: HashMap<&str, (&Target, usize)> = HashMap::new();
        for (place, node) in self.required_list(&fields, "include").iter().enumerate() {
            let Some((include, module)) = self.include(node, &version.name, scope) else {
                version.incomplete =
                    Some(format!("unknown include of {} on line {}", version.name, node.line));
                continue;
            };
            let count: usize = module.targets.values().map(Vec::len).sum();
            let Some(left) = self.cases.checked_sub(count) else {
                let message = format!(
                    "the versions up to {} have more than {MOST_CASES} test cases in total",
                    version.name
                );
                self.report("scs-0003-keys", node.line, message.clone(), None);
                version.incomplete = Some(message);
                break;
            };
            self.cases = left;
            for (target, cases) in &module.targets {
                let all = version.targets.entry(target.clone()).or_default();
                for case in cases {
                    let before = seen.insert(case, (target, place));
                    if before.is_some_and(|(_, other)| other != place) {
                        let message =
                            format!("`{case}` is a test case of two modules that {} includes", version.name);
                        self.report("scs-0003-testcase-unique", node.line, message, None);
                    }
                    if before.is_none_or(|(other, _)| other != target) {
                        all.push(case.clone());
                    }
                }
            }
            version.includes.push(include);
        }
        if fields.get("include").is_none() {
            version.incomplete = Some(format!("`include` of {} is missing", version.name));
            // The missing key has been reported already.
            if fields.map.iter().any(|(key, _)| key == "include") {
                self.report(
                    "scs-0003-keys",
                    node.line,
                    format!("`include` of {} is empty", version.name),
                    None,
                );
            }
        }
        version.targets.values_mut().for_each(|cases| {
            cases.sort();
            cases.dedup();
        });
        if version.incomplete.is_none() && version.target(&Target::Main).is_empty() {
            let message =
                format!("{} has no test case in its target `main`, so it cannot be passed", version.name);
            self.report("scs-0003-main-target", node.line, message, None);
        }
        Some(version)
    }

    fn include<'s>(&mut self, node: &Node, version: &str, scope: &'s Scope) -> Option<(Include, &'s Module)> {
        let (id, parameters) = if let Some(id) = node.text() {
            (id.to_owned(), Vec::new())
        } else {
            let fields = self.fields(node, "an include", INCLUDE)?;
            (self.text(&fields, "ref"), self.texts(&fields, "parameters"))
        };
        let Some(module) = scope.module(&id) else {
            let hint = self.suggestion(&id, scope.modules.iter().map(|module| module.id.as_str()));
            let message = format!("{version} includes `{id}`, which is not a module");
            self.report("scs-0003-module-refs", node.line, message, hint);
            return None;
        };
        for parameter in &module.parameters {
            if !parameters.iter().any(|(name, _)| name == parameter) {
                let message = format!("{version} gives `{id}` no value for the parameter `{parameter}`");
                self.report("scs-0003-parameters", node.line, message, None);
            }
        }
        for (name, _) in &parameters {
            if !module.parameters.contains(name) {
                let hint = self.suggestion(name, module.parameters.iter().map(String::as_str));
                let message = format!("`{id}` has no parameter `{name}`");
                self.report("scs-0003-parameters", node.line, message, hint);
            }
        }
        Some((Include { module: id, parameters }, module))
    }

    fn timeline(&mut self, fields: &Fields<'_>, scope: &Scope) -> Timeline {
        let mut entries: Vec<TimelineEntry> = Vec::new();
        let mut days = HashSet::new();
        for node in self.required_list(fields, "timeline") {
            let Some(fields) = self.fields(node, "an entry of the timeline", ENTRY) else { continue };
            let Some(date) = fields.get("date").and_then(|node| self.date(node, "date")) else {
                if fields.get("date").is_none() {
                    let message = "an entry of the timeline has no `date`".to_owned();
                    self.report("scs-0003-keys", node.line, message, None);
                }
                continue;
            };
            if !days.insert(date) {
                let message = format!("two entries for {date}; the first one counts");
                self.report("scs-0003-timeline-codes", node.line, message, None);
            }
            if let Some(before) = entries.last().filter(|before| before.date <= date) {
                let message =
                    format!("{date} comes after {}, but the newest entry should come first", before.date);
                self.warn("scs-0003-timeline-order", node.line, message);
            }
            let versions =
                self.with_reach(|reader| reader.texts(&fields, "versions"), |_| Reach::UnnamedOn(date));
            let versions = versions
                .into_iter()
                .filter_map(|(name, text)| self.validity(node.line, date, name, &text, scope));
            entries.push(TimelineEntry { date, versions: versions.collect() });
        }
        Timeline::new(entries)
    }

    /// The validity of a version in a timeline entry.
    fn validity(
        &mut self,
        line: u64,
        date: Date,
        name: String,
        text: &str,
        scope: &Scope,
    ) -> Option<(String, Validity)> {
        let Some(version) = scope.index.versions.get(&name).and_then(|place| scope.versions.get(*place))
        else {
            let hint = self.suggestion(&name, scope.versions.iter().map(ScopeVersion::name));
            let message = format!("the timeline names `{name}`, which is not a version");
            self.with_reach(
                |reader| reader.report("scs-0003-timeline-codes", line, message, hint),
                |()| Reach::UnnamedOn(date),
            );
            return None;
        };
        let own = |(): &()| Reach::Version(name.as_str().into());
        let Ok(validity) = text.parse::<Validity>() else {
            let message = format!(
                "`{}` of {name} is not effective, warn, draft or deprecated; assuming deprecated",
                brief(text)
            );
            let hint = self.suggestion(text, Validity::ALL.into_iter().map(Validity::name));
            self.with_reach(|reader| reader.report("scs-0003-timeline-codes", line, message, hint), own);
            return None;
        };
        if validity.is_certifiable() && version.stabilized_at.is_none_or(|stabilized| stabilized > date) {
            let message = format!("{name} is `{validity}` from {date} on, but not stable by then");
            self.with_reach(|reader| reader.report("scs-0003-timeline-stable", line, message, None), own);
        }
        Some((name, validity))
    }
}

/// The beginning of a text, for messages.
fn brief(text: &str) -> String {
    text.chars().take(80).collect()
}

/// Whether a text is an absolute URL: a scheme, `://` and a non-empty rest without spaces.
fn is_url(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else { return false };
    let letters = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let has_host = !host.is_empty() || scheme.eq_ignore_ascii_case("file");
    scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(letters)
        && has_host
        && rest.len() > 1
        && !rest.contains(|letter: char| {
            letter.is_whitespace()
                || letter.is_control()
                || matches!(letter, '<' | '>' | '"' | '{' | '}' | '|' | '\\' | '^' | '`')
        })
}

/// The names in single braces; doubled braces are literal.
fn names_in_braces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            let (_, after) = rest.split_once('{')?;
            if let Some(after) = after.strip_prefix('{') {
                rest = after;
                continue;
            }
            let (name, after) = after.split_once('}')?;
            rest = after;
            return Some(name);
        }
    })
}

/// The standard's id at the beginning of a test case id: `scs-0100` for `scs-0100-syntax-check`.
fn standard_prefix(id: &str) -> Option<&str> {
    let digits = id.strip_prefix("scs-").and_then(|rest| rest.split_once('-')).map(|(digits, _)| digits)?;
    (digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(id.get(..8)?)
}
