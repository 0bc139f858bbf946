//! Changes as people and programs see them.

use schemars::JsonSchema;
use scs_kubernetes::{Change, Entry};
use serde::Serialize;
use serde_json::Value;

use super::fixes::Choice;
use crate::app::diagnostic::visible;
use crate::app::difference::difference;

/// The changes of a cluster.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "The output of `scs k8s repair`")]
pub(crate) struct Document {
    /// The changes.
    pub(super) changes: Vec<Row>,
    /// Whether all of them were made.
    pub(super) applied: bool,
    /// The file that undoes them.
    pub(super) undo: Option<String>,
    /// Fixes that are only made with `--choose ID`.
    pub(super) choices: Vec<ChoiceRow>,
    /// The number of findings with other fixes, which `scs check` prints.
    pub(super) other_fixes: usize,
}

/// A change of an object.
#[derive(Serialize, JsonSchema)]
pub(super) struct Row {
    /// `patch`, `create`, `replace` or `delete`.
    change: &'static str,
    kind: &'static str,
    name: String,
    /// Labels and annotations.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    entries: Vec<EntryRow>,
    /// The new object, or its specification; omitted if the object is deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    object: Option<Value>,
    /// Whether it was made.
    pub(super) made: Made,
}

/// Whether a change was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Made {
    No,
    Yes,
    /// It may have been made: the answer of the server was lost.
    Unknown,
}

/// A label or an annotation.
#[derive(Serialize, JsonSchema)]
struct EntryRow {
    /// `labels` or `annotations`.
    of: &'static str,
    key: String,
    /// The old value; null if it was not set.
    before: Option<String>,
    /// The new value; null to remove it.
    after: Option<String>,
}

/// A fix that has to be named.
#[derive(Serialize, JsonSchema)]
pub(super) struct ChoiceRow {
    /// The value of `--choose`.
    id: String,
    question: Option<String>,
    /// The answer for which this fix applies.
    when: Option<String>,
    command: String,
    destructive: bool,
}

impl From<&Choice> for ChoiceRow {
    fn from(choice: &Choice) -> Self {
        let way = &choice.way;
        Self {
            id: choice.id.clone(),
            question: choice.question.clone(),
            when: way.when.clone(),
            command: way.command.clone(),
            destructive: way.destructive,
        }
    }
}

impl Row {
    /// A change, or undoing it.
    pub(super) fn of(change: &Change, back: bool) -> Self {
        let target = change.target();
        let row = |entry: &Entry| {
            let (before, after) = turned(entry.before.clone(), entry.after.clone(), back);
            EntryRow { of: entry.of.key(), key: entry.key.clone(), before, after }
        };
        let (word, entries, object) = match change {
            Change::Patch { entries, .. } => ("patch", entries.iter().map(row).collect(), None),
            Change::Create { .. } if back => ("delete", Vec::new(), None),
            Change::Create { object, .. } => ("create", Vec::new(), Some(object.clone())),
            Change::Replace { before, after, .. } => {
                ("replace", Vec::new(), Some(turned(before, after, back).1.clone()))
            }
            _ => ("patch", Vec::new(), None),
        };
        let (kind, name) = (target.resource.kind(), target.name.clone());
        Self { change: word, kind, name, entries, object, made: Made::No }
    }
}

fn yaml(value: &Value) -> String {
    serde_saphyr::to_string(value).unwrap_or_default()
}

/// The old and the new value, or the other way round.
fn turned<T>(before: T, after: T, back: bool) -> (T, T) {
    if back { (after, before) } else { (before, after) }
}

/// The difference that a change makes, or undoing it.
pub(super) fn diff(change: &Change, back: bool) -> String {
    let mut text = format!("{}\n", visible(&change.target().to_string()));
    match change {
        Change::Patch { entries, .. } => {
            for entry in entries {
                let what = entry.of.key().trim_end_matches('s');
                let (before, after) = turned(&entry.before, &entry.after, back);
                for (sign, value) in [("-", before), ("+", after)] {
                    if let Some(value) = value {
                        text.extend([format!(
                            "  {sign} {what} {}={}\n",
                            visible(&entry.key),
                            visible(value)
                        )]);
                    }
                }
            }
        }
        Change::Create { object, .. } => {
            let sign = if back { '-' } else { '+' };
            text.extend(yaml(object).lines().map(|line| format!("  {sign} {}\n", visible(line))));
        }
        Change::Replace { before, after, .. } => {
            let (before, after) = (yaml(before), yaml(after));
            let (before, after) = turned(before, after, back);
            let lines = difference("spec", &before, &after);
            text.extend(lines.lines().map(|line| format!("  {}\n", visible(line))));
        }
        _ => {}
    }
    text
}

/// The choices that are left, in words.
pub(super) fn choices(choices: &[Choice]) -> String {
    if choices.is_empty() {
        return String::new();
    }
    let mut text = "Fixes that need a decision:\n".to_owned();
    let mut asked = None;
    for Choice { id, question, way, .. } in choices {
        if question.is_some() && asked != question.as_ref() {
            text.extend([format!("  {}\n", visible(question.as_deref().unwrap_or_default()))]);
        }
        asked = question.as_ref();
        let when = way.when.as_deref().map(|when| format!(" if {when}")).unwrap_or_default();
        let destructive = if way.destructive { " (destructive)" } else { "" };
        let id = scs_standards::written::shell::option("--choose", id);
        text.extend([format!("    {}{}{destructive}\n", visible(&id), visible(&when))]);
    }
    text
}
