//! Reading versions and the timeline.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::civil::Date;

use super::super::tree::Node;
use super::super::{Include, Module, Reach, Scope, ScopeVersion, Target, Timeline, TimelineEntry, Validity};
use super::reader::{Fields, MOST_CASES, Reader, brief};

const ENTRY: &[&str] = &["date", "versions"];

const VERSION: &[&str] = &["version", "include", "stabilized_at"];

const INCLUDE: &[&str] = &["ref", "parameters"];

impl Reader {
    pub(super) fn version(&mut self, node: &Node, scope: &Scope) -> Option<ScopeVersion> {
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

    pub(super) fn timeline(&mut self, fields: &Fields<'_>, scope: &Scope) -> Timeline {
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
