//! The facts of a scope as text, to compare editions of a file regardless of wording and layout.

use std::fmt::Write;

use super::Scope;

impl Scope {
    /// Ids, membership, parameters, timeline and lifetimes, one per line, in a canonical order. Two files with the same
    /// facts are equivalent.
    ///
    /// ```
    /// use scs_certificates::Scope;
    ///
    /// let facts = Scope::compatible_kaas().facts();
    /// assert!(facts.contains("case cncf-k8s-conformance year heavy\n"));
    /// assert!(facts.contains("timeline 2024-11-26 v1 effective\n"));
    /// ```
    #[must_use]
    pub fn facts(&self) -> String {
        let mut lines = vec![format!("scope {} {} {}", self.uuid(), self.slug(), self.url())];
        if let Some(prerequisite) = self.prerequisite() {
            lines.push(format!("prerequisite {} {}", prerequisite.name, prerequisite.url));
        }
        for variable in self.variables() {
            lines.push(format!("variable {} {}", variable.name, variable.default.as_deref().unwrap_or("-")));
        }
        for script in self.scripts() {
            let executable = script.executable.as_deref().unwrap_or("manual");
            for case in &script.test_cases {
                let section = case.section.as_deref().unwrap_or("-");
                lines.push(format!("case {} {} {section}", case.id, case.lifetime));
                lines.push(format!("script {} {executable} {}", case.id, script.args));
            }
        }
        for module in self.modules() {
            lines.push(format!("module {} ({})", module.id, module.parameters.join(" ")));
            for (target, cases) in &module.targets {
                for case in cases {
                    lines.push(format!("module {} {target} {case}", module.id));
                }
            }
        }
        for entry in self.timeline().entries() {
            for (version, validity) in &entry.versions {
                lines.push(format!("timeline {} {version} {validity}", entry.date));
            }
        }
        for version in self.versions() {
            let stabilized = version.stabilized_at().map_or_else(|| "-".to_owned(), |date| date.to_string());
            lines.push(format!("version {} {stabilized}", version.name()));
            for include in version.includes() {
                let mut line = format!("version {} includes {}", version.name(), include.module);
                for (name, value) in &include.parameters {
                    // Writing to a string cannot fail.
                    let _ = write!(line, " {name}={value}");
                }
                lines.push(line);
            }
        }
        lines.sort();
        lines.push(String::new());
        lines.join("\n")
    }
}
