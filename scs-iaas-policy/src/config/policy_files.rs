//! The policy files of a service, as oslo.policy reads them: `policy_file` (usually `policy.yaml`), then everything in
//! `policy_dirs` (usually `policy.d`); later files take precedence.

use std::collections::{BTreeMap, BTreeSet};

use super::ConfigFiles;
use super::configuration::Configuration;
use super::found::Found;
use super::place::{is_kolla_source, service_named};
use super::policy::Policy;

/// The combined policy files of a service.
#[derive(Clone, Debug, Default)]
pub struct ServicePolicy<'a> {
    /// The effective rules.
    pub policy: Policy,
    /// The files in order.
    pub files: Vec<&'a str>,
    /// The file that sets each rule.
    decided: BTreeMap<String, &'a str>,
    /// Whether `policy.d` next to the files is read, as far as the configuration shows.
    reads_default: bool,
}

impl<'a> ServicePolicy<'a> {
    /// The file that sets a rule; the first file for a rule that is not set.
    #[must_use]
    pub fn file_of(&self, rule: &str) -> &'a str {
        self.decided.get(rule).or(self.files.first()).copied().unwrap_or_default()
    }

    /// Whether the files affect a rule: they set it, or one that it refers to in `all` (their rules merged with the
    /// service's defaults).
    #[must_use]
    pub fn decides(&self, all: &Policy, rule: &str) -> bool {
        let has = |name: &str| self.policy.expression(name).is_some();
        has(rule) || all.references_of(rule).iter().any(|name| has(name))
    }

    /// A path at which a file of this name would be read after all others; `None` if that is unknown.
    #[must_use]
    pub fn path_behind(&self, file: &str) -> Option<String> {
        let last = *self.files.last()?;
        let directory = parent(last);
        let usual = name(directory) == DEFAULT_DIRECTORY;
        if !self.reads_default || !usual && self.files.len() > 1 {
            return None;
        }
        let directory = if usual { directory.to_owned() } else { joined(directory, DEFAULT_DIRECTORY) };
        let paths = [file.to_owned(), format!("zz-{file}"), format!("zzz-{file}")]
            .map(|file| joined(&directory, &file));
        // An existing file is overwritten.
        paths.into_iter().find(|path| !usual || path.as_str() >= last)
    }
}

/// The policies of a service.
#[derive(Clone, Debug, Default)]
pub struct Policies<'a> {
    /// The readable ones, by machine.
    pub usable: Vec<ServicePolicy<'a>>,
    /// Unreadable files, each with the reason.
    pub unusable: Vec<(&'a str, String)>,
    /// Files that a configuration refers to but the inventory does not have: the configuration and the file.
    pub missing: Vec<(&'a str, String)>,
}

/// Defaults of oslo.policy.
const DEFAULT_FILE: &str = "policy.yaml";
const DEPRECATED_FILE: &str = "policy.json";
const DEFAULT_DIRECTORY: &str = "policy.d";

fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(parent, _)| parent)
}

fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

fn joined(directory: &str, file: &str) -> String {
    if directory.is_empty() { file.to_owned() } else { format!("{directory}/{file}") }
}

/// Whether a file looks like a policy of a service: `policy.yaml` or `policy.json` in a directory named after it, a file of
/// `policy.d` there, or `<service>-policy.yaml`.
fn looks_like_policy(path: &str, service: &str) -> bool {
    // The dashboard has its own copies.
    if path.split(['/', '_', '-']).any(|word| matches!(word, "horizon" | "dashboard")) {
        return false;
    }
    let is_own = |directory: &str| service_named(directory.trim_start_matches('.')) == Some(service);
    let mut directories = parent(path).rsplit('/').filter(|it| !it.is_empty());
    if name(parent(path)) == DEFAULT_DIRECTORY {
        return directories.any(is_own) && !name(path).starts_with('.');
    }
    let stem = [".yaml", ".yml", ".json"].iter().find_map(|extension| name(path).strip_suffix(extension));
    match stem {
        Some("policy") => directories.any(is_own),
        Some(stem) => stem.contains("policy") && stem.split(['-', '_', '.']).any(|word| word == service),
        None => false,
    }
}

/// Whether a configuration keeps the default `policy.d` in its lookup path.
fn reads_default(configuration: &Configuration<'_>) -> bool {
    let is_elsewhere = |file: &str| file.contains('/');
    configuration.value("oslo_policy", "policy_dirs").is_none()
        && !configuration.value("oslo_policy", "policy_file").is_some_and(is_elsewhere)
}

impl ConfigFiles {
    /// The policies of a service: those its configurations refer to, and, if no configuration shows which are read, those
    /// that look like its policies.
    #[must_use]
    pub fn policies<'a>(&'a self, service: &str) -> Policies<'a> {
        let mut found = Policies::default();
        // Files in the lookup path of a configuration; those it does not read are ignored.
        let mut searched: BTreeSet<String> = BTreeSet::new();
        let mut sets: BTreeMap<Vec<&'a str>, bool> = BTreeMap::new();
        for configuration in &self.configurations(service).usable {
            searched.extend(configuration.directories.iter().map(|it| it.trim_start_matches('/').to_owned()));
            let set = self.read_by(configuration, &mut found);
            sets.insert(set, reads_default(configuration));
        }
        let mut alone: BTreeMap<String, Vec<&'a str>> = BTreeMap::new();
        let named: BTreeSet<&str> = sets.keys().flatten().copied().collect();
        for path in self.all_paths().filter(|path| !named.contains(path)) {
            let in_parts = name(parent(path)) == DEFAULT_DIRECTORY;
            let base = if in_parts { parent(parent(path)) } else { parent(path) };
            let is_usual = in_parts || matches!(name(path), DEFAULT_FILE | DEPRECATED_FILE);
            let known = is_usual && searched.contains(base.trim_start_matches('/'));
            if looks_like_policy(path, service) && !known && !is_kolla_source(path) {
                let group = if is_usual { base.to_owned() } else { path.to_owned() };
                alone.entry(group).or_default().push(path);
            }
        }
        for mut files in alone.into_values() {
            // The directory is read last; the older form of the file only if there is no other.
            files.sort_by_key(|path| (name(parent(path)) == DEFAULT_DIRECTORY, *path));
            if files.iter().any(|path| name(path) == DEFAULT_FILE) {
                files.retain(|path| name(path) != DEPRECATED_FILE);
            }
            sets.insert(files, true);
        }
        for (files, reads_default) in sets.into_iter().filter(|(files, _)| !files.is_empty()) {
            self.merge(files, reads_default, &mut found);
        }
        found.unusable.sort();
        found.unusable.dedup();
        found
    }

    /// The files that a configuration refers to.
    fn read_by<'a>(&'a self, configuration: &Configuration<'a>, found: &mut Policies<'a>) -> Vec<&'a str> {
        let directories = &configuration.directories;
        let locate = |file: &str| {
            if file.starts_with('/') {
                return self.resolve(&configuration.origin, file);
            }
            directories.iter().find_map(|directory| self.given(&joined(directory, file)))
        };
        let explicit = configuration.setting("oslo_policy", "policy_file");
        let main = match explicit {
            Some(setting) => {
                let main = locate(setting.value);
                if main.is_none() {
                    let by = self.given(setting.path).unwrap_or_default();
                    let missing = (by, setting.value.to_owned());
                    if !found.missing.contains(&missing) {
                        found.missing.push(missing);
                    }
                }
                main
            }
            None => locate(DEFAULT_FILE).or_else(|| locate(DEPRECATED_FILE)),
        };
        let mut files: Vec<&'a str> = main.into_iter().collect();
        let mut named: Vec<&str> = configuration
            .settings_of("oslo_policy", "policy_dirs")
            .iter()
            .map(|setting| setting.value.trim_end_matches('/'))
            .collect();
        if named.is_empty() {
            named.push(DEFAULT_DIRECTORY);
        }
        for directory in named {
            let paths: Vec<String> = if directory.starts_with('/') {
                vec![format!("{}{directory}", configuration.origin)]
            } else {
                directories.iter().map(|base| joined(base, directory)).collect()
            };
            let parts = paths.iter().map(|path| self.files_in(path)).find(|parts| !parts.is_empty());
            files.extend(parts.unwrap_or_default().into_iter().filter(|path| !name(path).starts_with('.')));
        }
        files
    }

    fn merge<'a>(&'a self, files: Vec<&'a str>, reads_default: bool, found: &mut Policies<'a>) {
        let mut merged = ServicePolicy { reads_default, ..ServicePolicy::default() };
        for path in files {
            match self.read_one(path, str::parse::<Policy>) {
                Found::Unusable(path, reason) => found.unusable.push((path, reason)),
                Found::File(path, policy) => {
                    merged.decided.extend(policy.names().map(|rule| (rule.to_owned(), path)));
                    merged.policy.overlay(policy);
                    merged.files.push(path);
                }
            }
        }
        if !merged.files.is_empty() {
            found.usable.push(merged);
        }
    }

    /// A file by its path in a configuration or command line on its machine.
    pub(super) fn resolve(&self, of: &str, path: &str) -> Option<&str> {
        let own = joined(of, name(path));
        self.given(&format!("{of}{path}")).or_else(|| self.given(&own).filter(|_| !of.is_empty()))
    }

    /// The files in a directory, sorted by name.
    pub(super) fn files_in(&self, directory: &str) -> Vec<&str> {
        let bare = directory.trim_start_matches('/');
        let mut files = Vec::new();
        for start in [format!("/{bare}/"), format!("{bare}/")] {
            let own = |path: &&str| parent(path).len() + 1 == start.len();
            files.extend(below(&self.files, &start).filter(own));
            files.extend(below(&self.unreadable, &start).filter(own));
        }
        files.sort_unstable();
        files
    }

    /// Whether the inventory has a path, with or without the leading slash.
    fn given(&self, path: &str) -> Option<&str> {
        let bare = path.trim_start_matches('/');
        let paths = [bare.to_owned(), format!("/{bare}")];
        let known = |path: &String| {
            let file = self.files.get_key_value(path).map(|(path, _)| path.as_str());
            file.or_else(|| self.unreadable.get_key_value(path).map(|(path, _)| path.as_str()))
        };
        paths.iter().find_map(known)
    }
}

/// The paths with this prefix.
fn below<'m, V>(files: &'m BTreeMap<String, V>, start: &str) -> impl Iterator<Item = &'m str> {
    let start = start.to_owned();
    let range = files.range(start.clone()..).map(|(path, _)| path.as_str());
    range.take_while(move |path| path.starts_with(&start))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(files: &[(&str, &str)]) -> ConfigFiles {
        let map: serde_json::Map<String, serde_json::Value> =
            files.iter().map(|(path, text)| ((*path).to_owned(), (*text).into())).collect();
        ConfigFiles::read(&serde_json::Value::Object(map).to_string()).unwrap()
    }

    fn read(given: &[(&str, &str)]) -> Vec<Vec<String>> {
        let given = files(given);
        let policies = given.policies("keystone");
        policies.usable.iter().map(|it| it.files.iter().map(|path| (*path).to_owned()).collect()).collect()
    }

    #[test]
    fn files_are_found_as_in_oslo_policy() {
        let conf = ("/etc/keystone/keystone.conf", "[oslo_policy]\n");
        let main = ("/etc/keystone/policy.yaml", "a: role:a");
        let part = ("/etc/keystone/policy.d/10.yaml", "a: role:b");
        for given in [vec![conf, main, part], vec![main, part]] {
            let paths = [main.0, part.0];
            assert_eq!(read(&given), [paths], "{given:?}");
            let given = files(&given);
            let policy = &given.policies("keystone").usable[0];
            assert_eq!(policy.file_of("a"), part.0);
            assert_eq!(policy.policy.expression("a").unwrap().unwrap().to_string(), "role:b");
            assert_eq!(policy.path_behind("scs.yaml").as_deref(), Some("/etc/keystone/policy.d/scs.yaml"));
        }
        let named =
            ("/etc/keystone/keystone.conf", "[oslo_policy]\npolicy_file = dm.yaml\npolicy_dirs = /etc/x\n");
        let own = ("/etc/keystone/dm.yaml", "b: role:a");
        let other = ("/etc/x/1.yaml", "b: role:c");
        assert_eq!(read(&[named, main, part, own, other]), [[own.0, other.0]]);
        let given = files(&[named]);
        assert_eq!(given.policies("keystone").missing, [(named.0, "dm.yaml".to_owned())]);
        // The older form, if there is no other; a directory with parts of the configuration comes before its own.
        let old = ("/etc/keystone/policy.json", "{}");
        assert_eq!(read(&[conf, old]), [[old.0]]);
        assert_eq!(read(&[conf, old, main]), [[main.0]]);
        let parts = ("/etc/keystone/keystone.conf.d/1.conf", "[oslo_policy]");
        let beside = ("/etc/keystone/keystone.conf.d/policy.yaml", "{}");
        assert_eq!(read(&[conf, parts, beside, main]), [[beside.0]]);
        // Containers and machines.
        let container = ("/etc/kolla/keystone/keystone.conf", "");
        let policy = ("/etc/kolla/keystone/policy.yaml", "{}");
        assert_eq!(read(&[container, policy]), [[policy.0]]);
        assert_eq!(read(&[conf, ("/etc/kolla/config/keystone/policy.yaml", "{}")]), [[""; 0]; 0]);
        assert_eq!(read(&[("keystone-policy.yaml", "{}")]), [["keystone-policy.yaml"]]);
    }
}
