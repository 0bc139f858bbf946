//! Rights as tables for people.

use std::collections::BTreeSet;

use scs_kubernetes::Account;
use scs_report::{Table, counted};
use scs_standards::written::shell;

use super::Rights;
use super::document::{Document, Needing, Row};
use crate::app::diagnostic::visible;

impl Rights {
    /// The tables, and what is missing.
    pub(super) fn text(&self, document: &Document, width: usize) -> String {
        let mut text = String::new();
        if let Some(user) = &document.user {
            text.extend(["Rights of ", &visible(user), "\n\n"]);
        }
        text.push_str(&self.of_inventory(document).to_text(width));
        if !document.probes.is_empty() {
            text.extend(["\n", &self.of_probes(document).to_text(width)]);
        }
        for row in document.rights.iter().filter(|row| row.error.is_some()) {
            let reason = row.error.as_deref().unwrap_or_default();
            text.extend(["\nnote: ", row.part, ": the API server could not tell: ", &visible(reason), "\n"]);
        }
        let missing: Vec<&Row> = document.rights.iter().filter(|row| row.allowed == Some(false)).collect();
        let of_inventory: Vec<&Row> = missing.iter().copied().filter(|row| row.probe.is_none()).collect();
        if !of_inventory.is_empty() {
            text.extend([
                "\n",
                &counted(of_inventory.len(), "right"),
                " missing: ",
                &lost(&of_inventory),
                "\n",
            ]);
        }
        if self.asks() && !document.probes.is_empty() {
            text.push('\n');
        }
        for probe in document.probes.iter().filter(|_| self.asks()) {
            let result = match probe.can_run {
                Some(true) => "can run".to_owned(),
                None => "may not be able to run: the API server could not tell".to_owned(),
                Some(false) => {
                    format!("cannot run, without the right to {}", scs_report::and(&probe.missing))
                }
            };
            text.extend(["probe ", probe.probe, ": ", &result, "\n"]);
        }
        if let (Some(user), false) = (&document.user, missing.is_empty()) {
            let command = self.grant(&Account::of_user(user));
            text.extend(["hint: grant them as an administrator: ", &visible(&command), "\n"]);
        }
        text
    }

    fn of_inventory(&self, document: &Document) -> Table {
        let version = document.scope_version.as_deref().unwrap_or("no version");
        let rules = format!("Rules that decide ({version})");
        let mut head = vec!["Part", "Right"];
        if self.asks() {
            head.push("Allowed");
        }
        head.extend([rules.as_str(), "Others", "Drafts"]);
        let mut table = Table::new(&head);
        for row in document.rights.iter().filter(|row| row.probe.is_none()) {
            let Needing { rules, other_rules, draft_rules } = &row.rules;
            let mut cells = vec![row.part.to_owned(), row.right.clone()];
            if self.asks() {
                cells.push(word(row.allowed).to_owned());
            }
            cells.extend([some(rules), other_rules.len().to_string(), draft_rules.len().to_string()]);
            table.row(cells);
        }
        table
    }

    fn of_probes(&self, document: &Document) -> Table {
        let mut head = vec!["Right for probes"];
        if self.asks() {
            head.push("Allowed");
        }
        head.push("Needed by");
        let mut table = Table::new(&head);
        let rows: Vec<&Row> = document.rights.iter().filter(|row| row.probe.is_some()).collect();
        let mut told = BTreeSet::new();
        for row in rows.iter().filter(|row| told.insert(row.right.as_str())) {
            let probes = rows.iter().filter(|it| it.right == row.right);
            let probes: Vec<&str> = probes.filter_map(|it| it.probe).collect();
            let mut cells = vec![row.right.clone()];
            if self.asks() {
                cells.push(word(row.allowed).to_owned());
            }
            let optional = if row.optional { " (optional)" } else { "" };
            cells.push(probes.join(", ") + optional);
            table.row(cells);
        }
        table
    }

    /// The command that grants the rights.
    fn grant(&self, account: &Account) -> String {
        let to = match account {
            Account::ServiceAccount { namespace, name } => {
                shell::option("--service-account", &format!("{namespace}:{name}"))
            }
            Account::User(name) => shell::option("--bind-user", name),
            _ => String::new(),
        };
        let kubelets = if self.kubelets { " --kubelets" } else { "" };
        let all_pods = if self.all_pods { " --all-pods" } else { "" };
        let probes: Vec<&str> = self.probe.iter().map(|probe| probe.name()).collect();
        let probes = if probes.is_empty() { String::new() } else { format!(" --probe {}", probes.join(",")) };
        format!("scs k8s rights{kubelets}{all_pods}{probes} {to} | kubectl apply -f -")
    }
}

const fn word(allowed: Option<bool>) -> &'static str {
    match allowed {
        None => "unknown",
        Some(true) => "yes",
        Some(false) => "no",
    }
}

/// `5 rules that decide, 2 other rules and 14 rules of drafts cannot be decided`.
fn lost(missing: &[&Row]) -> String {
    let of = |rules: fn(&Needing) -> &Vec<&'static str>, noun: &str, more: &str| {
        let rules: BTreeSet<_> = missing.iter().flat_map(|row| rules(&row.rules)).collect();
        (!rules.is_empty()).then(|| counted(rules.len(), noun) + more)
    };
    let lost = [
        of(|it| &it.rules, "rule", ""),
        of(|it| &it.other_rules, "rule", " outside the verdict"),
        of(|it| &it.draft_rules, "rule", " of drafts"),
    ];
    let lost: Vec<String> = lost.into_iter().flatten().collect();
    if lost.is_empty() {
        "no rule needs them".to_owned()
    } else {
        format!("{} cannot be decided", scs_report::and(lost))
    }
}

/// The first few of many rules.
fn some(rules: &[&str]) -> String {
    const SHOWN: usize = 3;
    match rules {
        [] => "none".to_owned(),
        rules if rules.len() <= SHOWN => rules.join(", "),
        rules => format!("{} and {} more", rules[..SHOWN - 1].join(", "), rules.len() - SHOWN + 1),
    }
}
