//! A check of an inventory for people.

use std::collections::BTreeMap;
use std::fmt::Write;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use scs_certificates::Validity;
use scs_registry::{Checked, CheckedVersion, ShownException, exceptions, open_questions};
use scs_standards::written::markdown;
use scs_standards::{Profile, Severity, Verdict};

use super::Subject;
use crate::checked::{
    Told, counts_in_words, findings_as_markdown, findings_in_words, profile_option, verdict_color,
};
use crate::color::Palette;
use crate::diagnostic::{brief, visible};
use crate::table::{Table, counted};

/// What came out for a subject: what is wrong and how to repair it, then the versions, then what to do next.
pub(super) fn in_words(
    subject: &Subject<'_>,
    at: Timestamp,
    profile: Profile,
    all: bool,
    palette: &Palette,
) -> String {
    let mut text = String::new();
    let checked = &subject.checked;
    let parts: Vec<&str> = subject.inventory.parts().collect();
    let collected = subject.inventory.collected_at().map(|at| format!(" of {at}")).unwrap_or_default();
    // Writing to a string does not fail.
    let _ = writeln!(
        text,
        "{}{}{:#}: {} inventory{collected} with {}",
        palette.strong,
        visible(&subject.name),
        palette.strong,
        subject.inventory.kind(),
        if parts.is_empty() { "no parts".to_owned() } else { brief(&parts.join(", ")).into_owned() }
    );
    let _ = writeln!(text, "{} on {}, by the {} profile", subject.scope.name(), day(at), profile);
    let told = told(checked);
    text.push_str(&findings_in_words(&told, &checked.notices, all, profile, palette));
    let notes = told.iter().filter(|told| told.finding.severity == Severity::Info).count();
    if notes > 0 && !all {
        let _ = writeln!(text, "{} not shown; `--all` shows them\n", counted(notes, "note"));
    }
    for (name, version) in &checked.versions {
        let decides = Some(name) == checked.deciding.as_ref();
        version_in_words(&mut text, name, version, decides, subject, palette);
    }
    for claimed in exceptions(checked, subject.inventory.declarations(), date(at)) {
        let _ = writeln!(text, "{}", exception_in_words(&claimed));
    }
    facts_in_words(&mut text, checked);
    let color = verdict_color(checked.verdict, palette);
    let _ = writeln!(text, "{color}{}{color:#}", checked.verdict);
    if let Some(changes_at) = checked.changes_at.filter(|_| checked.verdict == Verdict::Pass) {
        let _ = writeln!(text, "without a newer check this changes at {changes_at}");
    }
    next(&mut text, subject, at, profile, palette);
    text
}

/// All findings with what they mean for the certificate.
fn told(checked: &Checked) -> Vec<Told<'_>> {
    checked.decided_findings().map(|(finding, decides)| Told::decided(finding, decides)).collect()
}

fn date(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}

/// An exception beside the result that it does not change.
fn exception_in_words(claimed: &ShownException) -> String {
    let result = claimed.result.map_or_else(|| "no result".to_owned(), |result| result.to_string());
    let until = if claimed.in_force { "until" } else { "not in force, until" };
    let granted = claimed.granted_by.as_deref().map_or_else(
        || "it is not said who granted it".to_owned(),
        |body| format!("granted by {}", visible(body)),
    );
    format!(
        "exception claimed for {} ({result} all the same), {until} {}: {}; {granted}",
        visible(&claimed.exception),
        claimed.valid_until,
        visible(&claimed.reason)
    )
}

fn day(at: Timestamp) -> String {
    let text = at.to_string();
    text.strip_suffix("T00:00:00Z").map(str::to_owned).unwrap_or(text)
}

/// The results of a version, those that are not PASS by name; of versions that do not decide the counts.
fn version_in_words(
    text: &mut String,
    name: &str,
    version: &CheckedVersion,
    decides: bool,
    subject: &Subject<'_>,
    palette: &Palette,
) {
    let color = verdict_color(version.verdict, palette);
    let _ = writeln!(
        text,
        "{}{} {name}{:#} ({}): {color}{}{color:#}, {}",
        palette.strong,
        subject.scope.name(),
        palette.strong,
        version.validity,
        version.verdict,
        counts_in_words(version.results.values())
    );
    if version.validity == Validity::Warn && version.verdict == Verdict::Pass {
        let _ = writeln!(text, "  this version is about to expire");
    }
    if !decides {
        return;
    }
    // What has a reason of its own is told by it, everything else by its findings.
    let mut reasons: BTreeMap<(Verdict, &str), Vec<&str>> = BTreeMap::new();
    for (id, verdict) in version.results.iter().filter(|(_, verdict)| **verdict != Verdict::Pass) {
        if let Some(reason) = subject.checked.reason(id) {
            reasons.entry((*verdict, reason)).or_default().push(id);
        } else {
            let color = verdict_color(*verdict, palette);
            let _ = writeln!(text, "  {color}{verdict}{color:#}  {id}");
        }
    }
    for ((verdict, reason), ids) in reasons {
        let color = verdict_color(verdict, palette);
        let _ = writeln!(text, "  {color}{verdict}{color:#}  {}: {reason}", ids.join(", "));
    }
    for (rule, answer) in &subject.checked.answers {
        if version.deciding_rules.contains(&rule.id) && subject.checked.decision.of_answer(rule, answer) {
            let color = verdict_color(answer.verdict, palette);
            let document = rule.documents[0];
            let _ =
                writeln!(text, "  {color}{}{color:#}  {} (a MUST of {document})", answer.verdict, rule.id);
        }
    }
}

/// Until when the facts are known that answers rest on.
fn facts_in_words(text: &mut String, checked: &Checked) {
    let mut by_day: BTreeMap<Date, Vec<&str>> = BTreeMap::new();
    for (rule, answer) in &checked.answers {
        if let Some(as_of) = answer.facts_as_of {
            by_day.entry(date(as_of)).or_default().push(rule.id);
        }
    }
    for (day, rules) in by_day {
        let _ = writeln!(text, "by facts known until {day}: {}", rules.join(", "));
    }
}

/// What to do next.
fn next(text: &mut String, subject: &Subject<'_>, at: Timestamp, profile: Profile, palette: &Palette) {
    let (hint, option) = (palette.hint, profile_option(profile));
    let failing = subject.checked.findings().any(|finding| finding.fix.is_some());
    if failing {
        let _ = writeln!(text, "{hint}next{hint:#}: run the commands above{}", subject.origin.follow_up());
    }
    let undeclared = open_questions(&subject.checked, subject.inventory.declarations(), date(at)).len();
    if undeclared > 0 {
        let (files, made_by) = subject.origin.as_files();
        let made_by = made_by.map(|command| format!("`{command}`, then ")).unwrap_or_default();
        let _ = writeln!(
            text,
            "{hint}next{hint:#}: {made_by}`scs certificate questionnaire{option} {files}` prints what waits for an answer ({})",
            counted(undeclared, "declaration")
        );
    }
}

/// Subject by version, as the public table of compatible clouds has it.
pub(super) fn table(subjects: &[Subject<'_>]) -> Table {
    let mut columns: Vec<(String, String)> = Vec::new();
    for subject in subjects {
        for (name, _) in &subject.checked.versions {
            let column = (subject.scope.name().to_owned(), name.clone());
            if !columns.contains(&column) {
                columns.push(column);
            }
        }
    }
    let heads: Vec<String> = columns.iter().map(|(scope, version)| format!("{scope} {version}")).collect();
    let head: Vec<&str> =
        ["Subject", "Verdict"].into_iter().chain(heads.iter().map(String::as_str)).collect();
    let mut table = Table::new(&head);
    for subject in subjects {
        let cells = columns.iter().map(|(scope, version)| {
            let of = subject.checked.versions.iter().filter(|_| subject.scope.name() == scope);
            let found = of.into_iter().find(|(name, _)| name == version);
            found.map_or_else(|| "–".to_owned(), |(_, version)| version.verdict.to_string())
        });
        let first = [visible(&subject.name).into_owned(), subject.checked.verdict.to_string()];
        table.row(first.into_iter().chain(cells));
    }
    table
}

/// A subject as Markdown.
pub(super) fn as_markdown(subject: &Subject<'_>, at: Timestamp, all: bool) -> String {
    let checked = &subject.checked;
    let mut text = format!(
        "## {}: {}\n\n{} on {}\n\n",
        markdown::text(&brief(&subject.name)),
        checked.verdict,
        subject.scope.name(),
        day(at)
    );
    for (name, version) in &checked.versions {
        let _ = writeln!(
            text,
            "- {name} ({}): {}, {}",
            version.validity,
            version.verdict,
            counts_in_words(version.results.values())
        );
    }
    text.push('\n');
    text.push_str(&findings_as_markdown("Subject", &told(checked), all));
    for claimed in exceptions(checked, subject.inventory.declarations(), date(at)) {
        let _ = writeln!(text, "\n{}", exception_in_words(&claimed));
    }
    text.push_str("\n| Test case | Result |\n| --- | --- |\n");
    for (id, verdict) in checked.results() {
        let _ = writeln!(text, "| {id} | {verdict} |");
    }
    text.push('\n');
    text
}
