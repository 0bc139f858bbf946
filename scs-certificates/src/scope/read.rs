//! Reading a scope file: everything that is wrong with it is told with its line, and the rest counts.

use std::collections::BTreeMap;

use jiff::civil::Date;
use scs_standards::{Severity, Verdict};
use thiserror::Error;

use super::tree::{Node, Value};
use super::{
    Include, Lifetime, Module, Prerequisite, Scope, ScopeProblem, ScopeTestCase, ScopeVersion, Script,
    Target, Timeline, TimelineEntry, Validity, Variable, all_of,
};

/// A text that is no scope file.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReadScopeError {
    /// It is no YAML.
    #[error("not valid YAML: {0}")]
    Yaml(String),
    /// It is something else.
    #[error(
        "no certificate scope: expected a mapping with `uuid`, `name`, `modules`, `timeline` and `versions`, found {0}"
    )]
    Shape(String),
}

/// The keys of each descriptor, as scs-0003-v1 lists them.
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
    /// When it is no YAML, or something else than a scope. What else is wrong is in [`Scope::problems`], and the rest
    /// counts; a version of which it is not known what it includes is [`ScopeVersion::incomplete`].
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
    /// assert_eq!(scope.problems()[0].to_string(), "line 7: the key `timelin` is not known here (did you mean `timeline`?)");
    /// assert_eq!(scope.problems()[1].to_string(), "the key `timeline` is missing");
    /// # Ok::<(), scs_certificates::ReadScopeError>(())
    /// ```
    pub fn read(text: &str) -> Result<Self, ReadScopeError> {
        // Names such as `n` are no truth values.
        let options = serde_saphyr::options! { strict_booleans: true };
        let tree: Node = serde_saphyr::from_str_with_options(text.trim_start_matches('\u{feff}'), options)
            .map_err(|error| {
                let text = error.to_string();
                // The first line says what and where; the rest repeats the document.
                let line = text.lines().next().unwrap_or_default();
                ReadScopeError::Yaml(line.strip_prefix("error: ").unwrap_or(line).to_owned())
            })?;
        let Some(map) = tree.map() else { return Err(ReadScopeError::Shape(tree.kind())) };
        if !map.iter().any(|(key, _)| matches!(key.as_str(), "modules" | "timeline" | "versions" | "scripts"))
        {
            let keys: Vec<String> = map.iter().take(4).map(|(key, _)| format!("`{key}`")).collect();
            let found = if keys.is_empty() {
                "an empty mapping".to_owned()
            } else {
                format!("a mapping with {}", keys.join(", "))
            };
            return Err(ReadScopeError::Shape(found));
        }
        let mut reader = Reader { problems: Vec::new() };
        let mut scope = reader.scope(&tree);
        scope.problems = reader.problems;
        scope.problems.sort_by_key(|problem| if problem.line == 0 { u64::MAX } else { problem.line });
        Ok(scope)
    }
}

/// What is wrong so far.
struct Reader {
    problems: Vec<ScopeProblem>,
}

/// A mapping with the keys that it may have.
struct Fields<'t> {
    line: u64,
    what: &'static str,
    map: &'t [(String, Node)],
}

impl<'t> Fields<'t> {
    /// The first value of a key; nothing counts as not there.
    fn get(&self, key: &str) -> Option<&'t Node> {
        let (_, node) = self.map.iter().find(|(known, _)| known == key)?;
        Some(node).filter(|node| !matches!(node.value, Value::Null))
    }
}

impl Reader {
    fn tell(&mut self, rule: &'static str, line: u64, message: String, hint: Option<String>) {
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
        self.problems.push(ScopeProblem { rule, result: Verdict::Fail, severity, message, hint, line });
    }

    /// What cannot be read at all.
    fn unusable(&mut self, rule: &'static str, node: &Node, what: &str, expected: &str) {
        self.problems.push(ScopeProblem {
            rule,
            result: Verdict::Dnf,
            severity: Severity::Error,
            message: format!("{what} is {}, but should be {expected}", node.kind()),
            hint: None,
            line: node.line,
        });
    }

    fn fields<'t>(&mut self, node: &'t Node, what: &'static str, keys: &[&str]) -> Option<Fields<'t>> {
        let Some(map) = node.map() else {
            self.unusable("scs-0003-keys", node, what, "a mapping");
            return None;
        };
        for (index, (key, value)) in map.iter().enumerate() {
            if !keys.contains(&key.as_str()) {
                let meant = keys
                    .iter()
                    .map(|known| (strsim::damerau_levenshtein(key, known), known))
                    .filter(|(distance, known)| *distance <= 2 && 2 * distance < known.len())
                    .min();
                let hint = match meant {
                    Some((_, known)) => format!("did you mean `{known}`?"),
                    None if key == "include" => "a module includes no other module; versions do".to_owned(),
                    None => format!("known are {}", all_of(keys.iter().copied())),
                };
                let message = format!("the key `{key}` is not known here");
                self.tell("scs-0003-unknown-keys", value.line, message, Some(hint));
            }
            if map.get(..index).is_some_and(|before| before.iter().any(|(known, _)| known == key)) {
                let message = format!("the key `{key}` is there twice; the first one counts");
                self.tell("scs-0003-unknown-keys", value.line, message, None);
            }
        }
        Some(Fields { line: node.line, what, map })
    }

    /// A text that must be there.
    fn text(&mut self, fields: &Fields<'_>, key: &'static str) -> String {
        match fields.get(key) {
            None => {
                let place = if fields.line == 0 { String::new() } else { format!(" in {}", fields.what) };
                self.tell("scs-0003-keys", fields.line, format!("the key `{key}` is missing{place}"), None);
                String::new()
            }
            Some(node) => self.text_of(node, key).unwrap_or_default(),
        }
    }

    /// A text that may be there.
    fn maybe(&mut self, fields: &Fields<'_>, key: &'static str) -> Option<String> {
        self.text_of(fields.get(key)?, key)
    }

    fn text_of(&mut self, node: &Node, key: &str) -> Option<String> {
        let text = node.text().map(str::to_owned);
        if text.is_none() {
            self.unusable("scs-0003-keys", node, &format!("`{key}`"), "text");
        }
        text
    }

    /// A list; empty where the key is not there.
    fn list<'t>(&mut self, fields: &Fields<'t>, key: &'static str) -> &'t [Node] {
        let Some(node) = fields.get(key) else { return &[] };
        node.list().unwrap_or_else(|| {
            self.unusable("scs-0003-keys", node, &format!("`{key}`"), "a list");
            &[]
        })
    }

    /// A list that must be there.
    fn required_list<'t>(&mut self, fields: &Fields<'t>, key: &'static str) -> &'t [Node] {
        if !fields.map.iter().any(|(known, _)| known == key) {
            self.tell("scs-0003-keys", fields.line, format!("the key `{key}` is missing"), None);
        }
        self.list(fields, key)
    }

    /// Names with texts.
    fn texts(&mut self, fields: &Fields<'_>, key: &'static str) -> Vec<(String, String)> {
        let Some(node) = fields.get(key) else { return Vec::new() };
        let Some(map) = node.map() else {
            self.unusable("scs-0003-keys", node, &format!("`{key}`"), "a mapping");
            return Vec::new();
        };
        map.iter().filter_map(|(name, value)| Some((name.clone(), self.text_of(value, name)?))).collect()
    }

    fn date(&mut self, node: &Node, key: &str) -> Option<Date> {
        let date = node.text().and_then(|text| text.parse().ok());
        if date.is_none() {
            self.unusable("scs-0003-keys", node, &format!("`{key}`"), "a date such as 2026-11-30");
        }
        date
    }

    fn scope(&mut self, tree: &Node) -> Scope {
        let mut scope = Scope::empty();
        let Some(fields) = self.fields(tree, "the scope", SCOPE) else { return scope };
        // What is missing in the file as a whole has no line.
        let fields = Fields { line: 0, ..fields };
        scope.uuid = self.text(&fields, "uuid");
        scope.name = self.text(&fields, "name");
        scope.url = self.text(&fields, "url");
        if !scope.uuid.is_empty() && uuid::Uuid::try_parse(&scope.uuid).is_err() {
            let line = fields.get("uuid").map_or(0, |node| node.line);
            let hint = Some("`uuidgen` makes one".to_owned());
            self.tell("scs-0003-uuid", line, format!("`{}` is no UUID", scope.uuid), hint);
        }
        scope.prerequisite = fields.get("prerequisite").and_then(|node| {
            let fields = self.fields(node, "the prerequisite", PREREQUISITE)?;
            Some(Prerequisite { name: self.text(&fields, "name"), url: self.text(&fields, "url") })
        });
        scope.variables =
            self.list(&fields, "variables").iter().filter_map(|node| self.variable(node)).collect();
        let scripts = self.required_list(&fields, "scripts");
        scope.scripts = scripts.iter().filter_map(|node| self.script(node)).collect();
        self.unique_test_cases(&scope, scripts);
        let modules = self.required_list(&fields, "modules");
        scope.modules = modules.iter().filter_map(|node| self.module(node, &scope)).collect();
        for (index, module) in scope.modules.iter().enumerate() {
            if scope.modules.iter().take(index).any(|other| other.id == module.id) {
                let line = modules.get(index).map_or(0, |node| node.line);
                let message = format!("the module `{}` is there twice; the first one counts", module.id);
                self.tell("scs-0003-module-refs", line, message, None);
            }
        }
        self.substitutions(&scope, scripts);
        let versions = self.required_list(&fields, "versions");
        for node in versions {
            if let Some(version) = self.version(node, &scope) {
                if scope.versions.iter().any(|known| known.name == version.name) {
                    let message =
                        format!("the version `{}` is there twice; the first one counts", version.name);
                    self.tell("scs-0003-module-refs", node.line, message, None);
                } else {
                    scope.versions.push(version);
                }
            }
        }
        scope.timeline = self.timeline(&fields, &scope);
        scope
    }

    fn variable(&mut self, node: &Node) -> Option<Variable> {
        match &node.value {
            Value::Text(name) => Some(Variable { name: name.clone(), default: None }),
            Value::Map(map) => {
                let [(name, value)] = map.as_slice() else {
                    self.unusable("scs-0003-keys", node, "a variable", "a name, or a name with its default");
                    return None;
                };
                Some(Variable { name: name.clone(), default: self.text_of(value, name) })
            }
            _ => {
                self.unusable("scs-0003-keys", node, "a variable", "a name, or a name with its default");
                None
            }
        }
    }

    fn script(&mut self, node: &Node) -> Option<Script> {
        let fields = self.fields(node, "a script", SCRIPT)?;
        let test_cases = self.required_list(&fields, "testcases");
        Some(Script {
            executable: self.maybe(&fields, "executable"),
            args: self.maybe(&fields, "args").unwrap_or_default(),
            env: self.texts(&fields, "env"),
            test_cases: test_cases.iter().filter_map(|node| self.test_case(node)).collect(),
        })
    }

    fn test_case(&mut self, node: &Node) -> Option<ScopeTestCase> {
        let fields = self.fields(node, "a test case", TEST_CASE)?;
        let id = self.text(&fields, "id");
        if !id.is_empty() && !has_standard_prefix(&id) {
            let message = format!("the id `{id}` does not begin with that of a standard, `scs-XXXX-`");
            self.warn("scs-0003-v2-id-prefix", node.line, message);
        }
        let lifetime = fields.get("lifetime").map(|node| {
            if let Some(Ok(lifetime)) = node.text().map(str::parse) {
                lifetime
            } else {
                let message = format!(
                    "`lifetime` is {}, which is none of day, week, month, quarter and year; week counts",
                    node.kind()
                );
                self.tell("scs-0003-lifetime", node.line, message, None);
                Lifetime::Week
            }
        });
        Some(ScopeTestCase {
            id,
            lifetime: lifetime.unwrap_or_default(),
            section: self.maybe(&fields, "section"),
            description: self.maybe(&fields, "description"),
            url: self.maybe(&fields, "url"),
        })
    }

    fn unique_test_cases(&mut self, scope: &Scope, scripts: &[Node]) {
        let mut seen = std::collections::HashSet::new();
        for (script, node) in scope.scripts.iter().zip(scripts) {
            for case in &script.test_cases {
                if !case.id.is_empty() && !seen.insert(&case.id) {
                    let message = format!("the test case `{}` is there twice; the first one counts", case.id);
                    self.tell("scs-0003-testcase-unique", node.line, message, None);
                }
            }
        }
    }

    fn module(&mut self, node: &Node, scope: &Scope) -> Option<Module> {
        let fields = self.fields(node, "a module", MODULE)?;
        let id = self.text(&fields, "id");
        let parameters = self.parameters(&fields, &id);
        let mut targets: BTreeMap<Target, Vec<String>> = BTreeMap::new();
        match fields.get("targets").map(|node| (node, node.map())) {
            None if fields.map.iter().any(|(key, _)| key == "targets") => {}
            None => {
                // The official files leave it out where there is none.
                let message = format!("the key `targets` is missing in `{id}`, which has no test cases then");
                self.warn("scs-0003-keys", node.line, message);
            }
            Some((node, None)) => self.unusable("scs-0003-keys", node, "`targets`", "a mapping"),
            Some((_, Some(map))) => {
                for (name, node) in map {
                    let Some(cases) = node.list() else {
                        self.unusable("scs-0003-keys", node, &format!("the target `{name}`"), "a list");
                        continue;
                    };
                    for node in cases {
                        let Some(case) = self.text_of(node, name) else { continue };
                        if scope.test_case(&case).is_none() {
                            let ids = scope.test_cases().map(|case| case.id.as_str());
                            let message = format!(
                                "the target `{name}` of `{id}` names `{case}`, which is no test case"
                            );
                            self.tell("scs-0003-module-refs", node.line, message, meant(&case, ids));
                        }
                        targets.entry(Target::from(name.as_str())).or_default().push(case);
                    }
                }
            }
        }
        let (name, url) = (self.maybe(&fields, "name"), self.maybe(&fields, "url"));
        Some(Module { id, name, url, parameters, targets })
    }

    /// The names of a module's parameters: a list by the text; the official files have a mapping, whose values say what they
    /// are.
    fn parameters(&mut self, fields: &Fields<'_>, id: &str) -> Vec<String> {
        let Some(node) = fields.get("parameters") else { return Vec::new() };
        if let Some(map) = node.map() {
            let message = format!("`parameters` of `{id}` is a mapping, where the text has a list of names");
            self.warn("scs-0003-keys", node.line, message);
            return map.iter().map(|(name, _)| name.clone()).collect();
        }
        let names = self.list(fields, "parameters").iter();
        names.filter_map(|node| self.text_of(node, "parameters")).collect()
    }

    /// Whether every name in braces is a variable or a parameter.
    fn substitutions(&mut self, scope: &Scope, scripts: &[Node]) {
        // The runner itself gives the test cases.
        let is_known = |name: &str| {
            name == "testcases"
                || scope.variables.iter().any(|variable| variable.name == name)
                || scope.modules.iter().any(|module| module.parameters.iter().any(|known| known == name))
        };
        for (script, node) in scope.scripts.iter().zip(scripts) {
            let texts = std::iter::once(&script.args).chain(script.env.iter().map(|(_, value)| value));
            for name in texts.flat_map(|text| names_in_braces(text)) {
                if !is_known(name) {
                    let message = format!("`{{{name}}}` is neither a variable nor a parameter");
                    let known = scope.variables.iter().map(|variable| variable.name.as_str());
                    self.tell("scs-0003-variables", node.line, message, meant(name, known));
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
        };
        for node in self.required_list(&fields, "include") {
            match self.include(node, &version.name, scope) {
                Some((include, module)) => {
                    for (target, cases) in &module.targets {
                        let all = version.targets.entry(target.clone()).or_default();
                        for case in cases {
                            if all.contains(case) {
                                let message = format!(
                                    "`{case}` is in the target `{target}` of two modules of {}",
                                    version.name
                                );
                                self.tell("scs-0003-testcase-unique", node.line, message, None);
                            } else {
                                all.push(case.clone());
                            }
                        }
                    }
                    version.includes.push(include);
                }
                None => {
                    version.incomplete =
                        Some(format!("what {} includes on line {} is not known", version.name, node.line));
                }
            }
        }
        if fields.get("include").is_none() {
            version.incomplete = Some(format!("{} does not say what it includes", version.name));
        }
        version.targets.values_mut().for_each(|cases| cases.sort());
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
            let hint = meant(&id, scope.modules.iter().map(|module| module.id.as_str()));
            let message = format!("{version} includes `{id}`, which is no module");
            self.tell("scs-0003-module-refs", node.line, message, hint);
            return None;
        };
        for parameter in &module.parameters {
            if !parameters.iter().any(|(name, _)| name == parameter) {
                let message = format!("{version} gives `{id}` no value for the parameter `{parameter}`");
                self.tell("scs-0003-parameters", node.line, message, None);
            }
        }
        for (name, _) in &parameters {
            if !module.parameters.contains(name) {
                let hint = meant(name, module.parameters.iter().map(String::as_str));
                let message = format!("`{id}` has no parameter `{name}`");
                self.tell("scs-0003-parameters", node.line, message, hint);
            }
        }
        Some((Include { module: id, parameters }, module))
    }

    fn timeline(&mut self, fields: &Fields<'_>, scope: &Scope) -> Timeline {
        let mut entries: Vec<TimelineEntry> = Vec::new();
        for node in self.required_list(fields, "timeline") {
            let Some(fields) = self.fields(node, "an entry of the timeline", ENTRY) else { continue };
            let Some(date) = fields.get("date").and_then(|node| self.date(node, "date")) else {
                if fields.get("date").is_none() {
                    self.tell(
                        "scs-0003-keys",
                        node.line,
                        "an entry of the timeline has no `date`".to_owned(),
                        None,
                    );
                }
                continue;
            };
            if let Some(before) = entries.last().filter(|before| before.date <= date) {
                let message =
                    format!("{date} stands behind {}, though the newest should come first", before.date);
                self.warn("scs-0003-timeline-order", node.line, message);
            }
            let mut versions = Vec::new();
            for (name, text) in self.texts(&fields, "versions") {
                if !scope.versions.iter().any(|version| version.name == name) {
                    let hint = meant(&name, scope.versions.iter().map(ScopeVersion::name));
                    let message = format!("the timeline names `{name}`, which is no version");
                    self.tell("scs-0003-timeline-codes", node.line, message, hint);
                    continue;
                }
                let Ok(validity) = text.parse::<Validity>() else {
                    let message = format!(
                        "`{text}` of {name} is none of effective, warn, draft and deprecated; deprecated counts"
                    );
                    let hint = meant(&text, Validity::ALL.into_iter().map(Validity::name));
                    self.tell("scs-0003-timeline-codes", node.line, message, hint);
                    continue;
                };
                let stabilized = scope
                    .versions
                    .iter()
                    .find(|version| version.name == name)
                    .and_then(|version| version.stabilized_at);
                if validity.is_certifiable() && stabilized.is_none_or(|stabilized| stabilized > date) {
                    let message = format!("{name} is `{validity}` from {date} on, but not stable by then");
                    self.tell("scs-0003-timeline-stable", node.line, message, None);
                }
                versions.push((name, validity));
            }
            entries.push(TimelineEntry { date, versions });
        }
        Timeline::new(entries)
    }
}

/// The names in single braces; doubled ones stand for themselves.
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

/// `scs-0100-…`.
fn has_standard_prefix(id: &str) -> bool {
    let digits = id.strip_prefix("scs-").and_then(|rest| rest.split_once('-')).map(|(digits, _)| digits);
    digits.is_some_and(|digits| digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The name that may have been meant.
fn meant<'a>(given: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    known
        .map(|known| (strsim::damerau_levenshtein(given, known), known))
        .min()
        .filter(|(distance, known)| *distance <= 3 && 2 * distance < known.len())
        .map(|(_, known)| format!("did you mean `{known}`?"))
}
