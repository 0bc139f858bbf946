//! Sentences of explanations.

use scs_standards::{Applicability, DocumentId, Finding, Fix};

use super::counted::Counted;
use super::document::RuleRow;

pub(super) fn finding_line(finding: &Finding) -> String {
    let other = finding
        .other_profile
        .as_ref()
        .map(|other| format!(" (other profile: {}, {})", other.result, other.difference));
    format!("{} {}: {}{}", finding.result, finding.subject, finding.message, other.unwrap_or_default())
}

pub(super) fn fix_lines(fix: &Fix) -> String {
    let command = |way: &scs_standards::Way| {
        let mark = if way.destructive { " (destructive)" } else { "" };
        let lines: Vec<String> = way
            .command
            .lines()
            .filter(|line| !line.trim().is_empty())
            .map(|line| format!("`{line}`"))
            .collect();
        (lines.join(", then "), mark)
    };
    match fix {
        Fix::Safe(way) => {
            let (command, mark) = command(way);
            format!("{}{mark}: {command}", word(Applicability::Safe))
        }
        Fix::Choose { question, ways } => {
            let ways = ways.iter().map(|way| {
                let (command, mark) = command(way);
                let when = way.when.as_ref().map(|when| format!("if {when}: ")).unwrap_or_default();
                format!("\n- {when}{command}{mark}")
            });
            format!("{}: {question}{}", word(Applicability::Choose), ways.collect::<String>())
        }
        Fix::Advice(advice) => format!("{}: {advice}", word(Applicability::Advice)),
    }
}

/// The part of a message that says what to do: the clauses from the first one that begins with such a verb.
pub(super) fn advice_in(message: &str) -> Option<&str> {
    const VERBS: [&str; 35] = [
        "add",
        "allow",
        "change",
        "check",
        "choose",
        "configure",
        "correct",
        "create",
        "declare",
        "delete",
        "disable",
        "enable",
        "give",
        "keep",
        "list",
        "make",
        "move",
        "name",
        "offer",
        "raise",
        "register",
        "remove",
        "renew",
        "replace",
        "require",
        "restrict",
        "run",
        "send",
        "set",
        "spread",
        "stop",
        "subscribe",
        "upgrade",
        "upload",
        "use",
    ];
    // What a finding quotes of a declaration is no step.
    let message = message.split_once(" (declared ").map_or(message, |(said, _)| said);
    let ends = message.match_indices("; ").map(|(at, end)| at + end.len());
    ends.filter_map(|start| message.get(start..))
        .find(|clause| clause.split(' ').next().is_some_and(|word| VERBS.contains(&word)))
}

/// How far a repair may be trusted.
const fn word(applicability: Applicability) -> &'static str {
    match applicability {
        Applicability::Safe => "Safe to run",
        Applicability::Choose => "Your choice",
        Applicability::Advice => "Advice",
    }
}

pub(super) fn rule_line(rule: &RuleRow) -> String {
    format!("`{}` ({}, {}): {}", rule.id, rule.level, rule.document, rule.asks)
}

pub(super) fn list(documents: &[DocumentId]) -> String {
    documents.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

pub(super) fn quoted(ids: &[String]) -> String {
    ids.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", ")
}

/// Many test cases by what their ids have in common.
pub(super) fn cases(ids: &[String]) -> String {
    match ids {
        [first, rest @ ..] if rest.len() > 2 => {
            let common = rest.iter().fold(first.as_str(), |common, id| {
                let same = common.char_indices().zip(id.chars()).take_while(|((_, one), other)| one == other);
                let end = same.last().map_or(0, |((start, letter), _)| start + letter.len_utf8());
                common.get(..end).unwrap_or_default()
            });
            format!("`{common}…` ({} test cases)", ids.len())
        }
        _ => quoted(ids),
    }
}

/// The scope versions, those with the same test cases in one line.
pub(super) fn counted(counted: &[Counted], without_case: &str) -> String {
    /// A scope, a target, and the test cases in it.
    type Key<'c> = (&'c str, Option<&'c str>, Vec<String>);
    let mut lines: Vec<(Key<'_>, Vec<String>)> = Vec::new();
    let mut versions: Vec<(Key<'_>, &Counted)> = Vec::new();
    for entry in counted {
        let case = entry.test_case.clone();
        let known = versions.iter_mut().find(|((scope, target, _), known)| {
            *scope == entry.scope && *target == entry.target.as_deref() && known.version == entry.version
        });
        match known {
            Some(((_, _, cases), _)) => cases.extend(case),
            None => {
                versions.push(((&entry.scope, entry.target.as_deref(), case.into_iter().collect()), entry));
            }
        }
    }
    for (key, entry) in versions {
        let version = format!("{} ({})", entry.version, entry.validity);
        match lines.iter_mut().find(|(known, _)| *known == key) {
            Some((_, versions)) => versions.push(version),
            None => lines.push((key, vec![version])),
        }
    }
    if lines.is_empty() {
        return "no scope version".to_owned();
    }
    let lines: Vec<String> = lines
        .iter()
        .map(|((scope, target, ids), versions)| {
            let how = match target {
                Some(target) => format!("target {target}, {}", cases(ids)),
                None => without_case.to_owned(),
            };
            let colon = if how.is_empty() { "" } else { ": " };
            format!("{scope} {}{colon}{how}", versions.join(", "))
        })
        .collect();
    lines.join("\n")
}

/// With a capital and a full stop.
pub(super) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let Some(first) = letters.next() else { return String::new() };
    let end = if text.ends_with(['.', '?', '!']) { "" } else { "." };
    format!("{}{}{end}", first.to_uppercase(), letters.as_str())
}

#[cfg(test)]
mod tests {
    use super::advice_in;

    #[test]
    fn advice_is_the_clauses_that_say_what_to_do() {
        let message = "`dns-integration` is not offered; add `dns` to `[ml2] extension_drivers`; restart it";
        assert_eq!(advice_in(message), Some("add `dns` to `[ml2] extension_drivers`; restart it"));
        assert_eq!(
            advice_in("`min_ram` is `-1`; it must be a number; set another one"),
            Some("set another one")
        );
        assert_eq!(advice_in("`min_ram` is `-1`; it must be a whole number of MiB above 0"), None);
    }
}
