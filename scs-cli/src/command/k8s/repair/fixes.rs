//! The fixes of a report that are patches: those that are safe, and those that somebody has to choose.

use scs_kubernetes::is_patch;
use scs_registry::Report;
use scs_standards::{Edit, Way};

use crate::app::failure::Failure;

/// A fix that is only made if it is named.
#[derive(Clone, Debug)]
pub(super) struct Choice {
    /// `RULE/SUBJECT`, with `#NUMBER` if there are several ways.
    pub(super) id: String,
    /// The ids of other findings with the same fix.
    aliases: Vec<String>,
    /// The question that it answers.
    pub(super) question: Option<String>,
    pub(super) way: Way,
}

impl Choice {
    fn is_called(&self, name: &str) -> bool {
        self.id == name || self.aliases.iter().any(|alias| alias == name)
    }
}

/// The fixes of a report.
#[derive(Clone, Debug, Default)]
pub(super) struct Fixes {
    /// The edits of safe fixes.
    pub(super) safe: Vec<Edit>,
    pub(super) choices: Vec<Choice>,
    /// The number of findings that a patch does not fix.
    pub(super) others: usize,
}

impl Fixes {
    pub(super) fn of(report: &Report) -> Self {
        let mut fixes = Self::default();
        for reported in &report.findings {
            let finding = &reported.finding;
            let Some(fix) = &finding.fix else { continue };
            let ways: Vec<&Way> = fix.ways().iter().filter(|way| is_made_of_patches(way)).collect();
            if ways.is_empty() {
                fixes.others += 1;
                continue;
            }
            if let Some(way) = fix.active() {
                fixes.safe.extend(way.edits.iter().cloned());
                continue;
            }
            let base = format!("{}/{}", finding.rule, finding.subject);
            // Two rules about the same object may have the same fix.
            for (index, way) in ways.iter().enumerate() {
                let id = if ways.len() == 1 { base.clone() } else { format!("{base}#{}", index + 1) };
                if let Some(known) = fixes.choices.iter_mut().find(|known| known.way.edits == way.edits) {
                    known.aliases.push(id);
                    continue;
                }
                let question = fix.words().map(str::to_owned);
                fixes.choices.push(Choice { id, aliases: Vec::new(), question, way: (*way).clone() });
            }
        }
        fixes
    }

    /// Takes the named fixes out of the choices; returns the edits of these and of the safe ones.
    pub(super) fn chosen(&mut self, names: &[String]) -> Result<Vec<Edit>, Failure> {
        let mut edits = self.safe.clone();
        for name in names {
            let Some(index) = self.choices.iter().position(|choice| choice.is_called(name)) else {
                let known: Vec<&str> = self.choices.iter().map(|choice| choice.id.as_str()).collect();
                let failure = Failure::new(format!("there is no fix `{name}` to choose"));
                return Err(if known.is_empty() {
                    failure.hint("no fix needs to be chosen; leave out `--choose`")
                } else {
                    failure.hint(format!("the fixes to choose from are {}", known.join(", ")))
                });
            };
            edits.extend(self.choices.remove(index).way.edits);
        }
        // The other answers to the same question no longer apply.
        let answered: Vec<&str> = names.iter().filter_map(|name| Some(name.rsplit_once('#')?.0)).collect();
        self.choices
            .retain(|choice| !choice.id.rsplit_once('#').is_some_and(|(base, _)| answered.contains(&base)));
        Ok(edits)
    }
}

/// Whether all that a way does are patches. One that does nothing in an inventory may do anything.
fn is_made_of_patches(way: &Way) -> bool {
    !way.edits.is_empty() && way.edits.iter().all(is_patch)
}
