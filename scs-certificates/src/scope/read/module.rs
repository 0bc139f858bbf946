//! Reading modules with their targets and parameters.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::super::tree::Node;
use super::super::{Module, Reach, Scope, Target};
use super::reader::{Fields, Reader};

const MODULE: &[&str] = &["id", "name", "url", "parameters", "targets"];

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
pub(super) fn standard_prefix(id: &str) -> Option<&str> {
    let digits = id.strip_prefix("scs-").and_then(|rest| rest.split_once('-')).map(|(digits, _)| digits)?;
    (digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(id.get(..8)?)
}

impl Reader {
    pub(super) fn module(&mut self, node: &Node, scope: &Scope) -> Option<Module> {
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
    pub(super) fn parameters(&mut self, fields: &Fields<'_>, id: &str) -> Vec<String> {
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
    pub(super) fn substitutions(&mut self, scope: &Scope, lines: &[u64]) {
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
}
