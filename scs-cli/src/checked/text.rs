//! Findings for people: by flavor or image, worst first, each with what to do.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write;

use anstyle::Style;
use scs_registry::Standing;
use scs_standards::written::{markdown, shell};
use scs_standards::{Applicability, Cause, Finding, Fix, Profile, Severity, Verdict};

use super::standing::{BLOCKS, Told, heading};
use super::{Checked, Kind, draft, profile_option};
use crate::color::Palette;
use crate::diagnostic::{brief, visible};
use crate::input::STANDARD_INPUT;
use crate::table::counted;

/// The longest command that is printed. Nova allows 255 characters in names and values.
const LONGEST_COMMAND: usize = 4000;

/// The findings of one source.
pub(crate) fn in_words(checked: &Checked, all: bool, profile: Profile, palette: &Palette) -> String {
    let mut text = String::new();
    // Writing to a string does not fail.
    let _ = writeln!(
        text,
        "{}{}{:#}: {} {}{} ({})",
        palette.strong,
        visible(&checked.name),
        palette.strong,
        checked.count,
        checked.kind.noun(),
        if checked.count == 1 { "" } else { "s" },
        checked.format
    );
    text.push_str(&findings_in_words(&checked.told(), &checked.notices, all, profile, palette));
    summary(&mut text, checked, all, profile, palette);
    text
}

/// Notices and findings, by what they mean for a certificate and the worst subject first, and what waits for a declaration.
pub(crate) fn findings_in_words(
    told: &[Told<'_>],
    notices: &[String],
    all: bool,
    profile: Profile,
    palette: &Palette,
) -> String {
    let mut text = String::new();
    for notice in notices {
        // Writing to a string does not fail.
        let _ = writeln!(text, "{}note{:#}: {}", palette.hint, palette.hint, brief(notice));
    }
    for standing in BLOCKS {
        let shown = shown(told, standing, all);
        if let Some(standing) = standing.filter(|_| !shown.is_empty()) {
            let (heading, strong) = (heading(standing), palette.strong);
            let _ = writeln!(text, "\n{strong}== {heading} =={strong:#}");
        }
        for (subjects, findings) in together(shown) {
            let subjects = subjects.into_iter().map(brief).collect::<Vec<_>>().join(", ");
            let _ = writeln!(text, "\n{}{subjects}{:#}", palette.strong, palette.strong);
            for group in &findings {
                finding_in_words(&mut text, group, profile.other(), palette);
            }
        }
    }
    text.push('\n');
    undeclared(&mut text, told, palette);
    text
}

/// Findings of one subject that say the same, as a rule and the parts of it do, or that the same command removes.
struct Group<'a> {
    first: &'a Finding,
    /// What further findings say that the same command removes.
    also: Vec<&'a str>,
    rules: Vec<&'a str>,
}

/// The findings of a subject in groups. One image may have a hundred thousand properties: no finding looks at all groups.
#[derive(Default)]
struct Groups<'a> {
    all: Vec<Group<'a>>,
    by_message: HashMap<&'a str, usize>,
    by_fix: HashMap<(String, Severity), usize>,
}

impl<'a> Groups<'a> {
    fn take(&mut self, finding: &'a Finding) {
        // All of the fix counts, and what it prints is all of it.
        let fix = finding.fix.as_ref().map(|fix| (format!("{fix:?}"), finding.severity));
        let by_message = self.by_message.get(&*finding.message);
        let by_fix = fix.as_ref().and_then(|fix| self.by_fix.get(fix));
        if let Some(group) =
            by_message.into_iter().chain(by_fix).min().and_then(|index| self.all.get_mut(*index))
        {
            if group.first.message != finding.message {
                group.also.push(&finding.message);
            }
            if !group.rules.contains(&&*finding.rule) {
                group.rules.push(&finding.rule);
            }
            return;
        }
        let index = self.all.len();
        self.by_message.entry(&finding.message).or_insert(index);
        if let Some(fix) = fix {
            self.by_fix.entry(fix).or_insert(index);
        }
        self.all.push(Group { first: finding, also: Vec::new(), rules: vec![&*finding.rule] });
    }
}

/// The findings of a block by subject, those with the weightiest finding first; without `all`, what was not declared and does
/// not decide, and what is only good to know, is left to the summary.
fn shown<'a>(told: &[Told<'a>], standing: Option<Standing>, all: bool) -> Vec<(&'a str, Vec<Group<'a>>)> {
    let mut by_subject: BTreeMap<&str, Groups<'_>> = BTreeMap::new();
    for Told { finding, .. } in told.iter().filter(|told| told.standing == standing) {
        let decides = standing == Some(Standing::Blocks);
        if !all && !decides && (finding.severity == Severity::Info || is_undeclared(finding)) {
            continue;
        }
        by_subject.entry(&finding.subject).or_default().take(finding);
    }
    let mut shown: Vec<_> = by_subject.into_iter().map(|(subject, groups)| (subject, groups.all)).collect();
    for (_, groups) in &mut shown {
        groups.sort_by_key(|group| group.first.severity);
    }
    shown.sort_by(|(one, groups), (other, others)| {
        let weight = |groups: &[Group<'_>]| groups.first().map(|group| group.first.severity);
        let by_name = || scs_flavor_naming::compare_names(one, other);
        weight(groups).cmp(&weight(others)).then_with(by_name)
    });
    shown
}

/// The subjects of which one and the same thing could not be answered, and nothing else is said, are told together.
fn together<'a>(shown: Vec<(&'a str, Vec<Group<'a>>)>) -> Vec<(Vec<&'a str>, Vec<Group<'a>>)> {
    let mut told: Vec<(Vec<&str>, Vec<Group<'_>>)> = Vec::new();
    let mut places = BTreeMap::new();
    for (subject, mut groups) in shown {
        if let [group] = &mut groups[..]
            && matches!(group.first.result, Verdict::Dnf | Verdict::Miss)
        {
            let Finding { severity, section, message, .. } = group.first;
            let place = *places.entry((severity, section, message)).or_insert(told.len());
            if let Some((subjects, same)) = told.get_mut(place) {
                subjects.push(subject);
                for same in same {
                    group.rules.retain(|rule| !same.rules.contains(rule));
                    same.rules.append(&mut group.rules);
                }
                continue;
            }
        }
        told.push((vec![subject], groups));
    }
    told
}

/// What waits for a declaration of the provider.
fn is_undeclared(finding: &Finding) -> bool {
    finding.cause == Cause::Undeclared
}

fn finding_in_words(text: &mut String, group: &Group<'_>, other_profile: Profile, palette: &Palette) {
    let finding = group.first;
    let color = severity_color(finding.severity, palette);
    let label = match finding.result {
        Verdict::Miss | Verdict::Dnf => finding.result.name().to_owned(),
        Verdict::Fail | Verdict::Pass => finding.severity.to_string(),
    };
    let _ = writeln!(text, "  {color}{label}{color:#}: {}", brief(&finding.message));
    for also in &group.also {
        let _ = writeln!(text, "    and {}", brief(also));
    }
    let faint = palette.faint;
    let _ = writeln!(
        text,
        "    {faint}{} [{}; {}{}, {}]{faint:#}",
        finding.level,
        few(&group.rules),
        finding.document,
        draft::mark(finding),
        finding.section
    );
    if let Some(fix) = &finding.fix {
        fix_in_words(text, fix, palette);
    }
    if let Some(other) = &finding.other_profile {
        let _ = writeln!(text, "    {other_profile}: {} ({})", other.result, other.difference);
    }
}

/// How many rules of one and the same finding are named.
const MOST_RULES: usize = 8;

/// The first of the rules; what cannot be read concerns nearly all of them.
fn few(rules: &[&str]) -> String {
    match rules.get(..MOST_RULES) {
        Some(first) if rules.len() > MOST_RULES => {
            format!("{} and {} more", first.join(", "), rules.len() - MOST_RULES)
        }
        _ => rules.join(", "),
    }
}

/// What removes a finding: one line for each way, under the question that decides among them.
fn fix_in_words(text: &mut String, fix: &Fix, palette: &Palette) {
    let good = palette.good;
    if let Some(words) = fix.words() {
        let _ = writeln!(text, "    {good}{}{good:#}: {}", label(fix), brief(words));
    }
    let indent = if fix.words().is_some() { "      " } else { "    " };
    for way in fix.ways() {
        let when = way.when.as_deref().map_or(String::new(), |when| format!(" if {}", brief(when)));
        let warning = if way.destructive { " (destructive)" } else { "" };
        let _ = writeln!(text, "{indent}{good}fix{good:#}{when}{warning}: {}", command(&way.command));
    }
}

const fn label(fix: &Fix) -> &'static str {
    match fix.applicability() {
        Applicability::Safe => "fix",
        Applicability::Choose => "choose",
        Applicability::Advice => "advice",
    }
}

/// A fix in one line without formatting.
pub(crate) fn fix_in_one_line(fix: &Fix) -> String {
    let words = fix.words().map(|words| format!("{}: {words}", label(fix)));
    let ways = fix.ways().iter().map(|way| {
        let when = way.when.as_deref().map_or(String::new(), |when| format!(" if {when}"));
        let warning = if way.destructive { " (destructive)" } else { "" };
        format!("fix{when}{warning}: {}", way.command)
    });
    words.into_iter().chain(ways).collect::<Vec<_>>().join("; ")
}

/// A fix in a cell of a table.
fn fix_in_markdown(fix: &Fix) -> String {
    let words = fix.words().map(|words| format!("{}: {}", label(fix), markdown::cell(&brief(words))));
    let ways = fix.ways().iter().map(|way| {
        let when = way
            .when
            .as_deref()
            .map_or(String::new(), |when| format!("if {}: ", markdown::cell(&brief(when))));
        let warning = if way.destructive { " (destructive)" } else { "" };
        format!("{when}{}{warning}", markdown::code_cell(&command(&way.command)))
    });
    words.into_iter().chain(ways).collect::<Vec<_>>().join("; ")
}

/// A command, unless it is so long that nobody could read it, and that a part of it would be another command.
fn command(command: &str) -> Cow<'_, str> {
    if command.len() > LONGEST_COMMAND {
        return Cow::Borrowed("(a very long command, which `-f json` has)");
    }
    visible(command)
}

/// The rules that rest on declarations which nobody made, in one paragraph.
fn undeclared(text: &mut String, told: &[Told<'_>], palette: &Palette) {
    let waiting = told.iter().filter(|told| told.standing != Some(Standing::Blocks));
    let mut rules: Vec<&str> =
        waiting.map(|told| told.finding).filter(|it| is_undeclared(it)).map(|it| &*it.rule).collect();
    let mut seen = BTreeSet::new();
    rules.retain(|rule| seen.insert(*rule));
    if rules.is_empty() {
        return;
    }
    let _ = writeln!(
        text,
        "{}MISS{:#}: {} information that only you have; declare it with `--declarations FILE` (`--all` says what):\n  {}",
        palette.warning,
        palette.warning,
        if rules.len() == 1 { "1 rule needs".to_owned() } else { format!("{} rules need", rules.len()) },
        rules.join(", ")
    );
}

/// `54 test cases: 50 PASS, 4 FAIL`.
pub(crate) fn counts_in_words<'a>(results: impl Iterator<Item = &'a Verdict>) -> String {
    let results: Vec<Verdict> = results.copied().collect();
    let count = |wanted: Verdict| results.iter().filter(|verdict| **verdict == wanted).count();
    let counts: Vec<String> = [Verdict::Pass, Verdict::Fail, Verdict::Dnf, Verdict::Miss]
        .into_iter()
        .filter(|verdict| count(*verdict) > 0)
        .map(|verdict| format!("{} {verdict}", count(verdict)))
        .collect();
    let all = counted(results.len(), "test case");
    if counts.is_empty() { all } else { format!("{all}: {}", counts.join(", ")) }
}

fn summary(text: &mut String, checked: &Checked, all: bool, profile: Profile, palette: &Palette) {
    let _ = writeln!(text, "{}", counts_in_words(checked.results.values()));
    for (id, verdict) in checked.results.iter().filter(|(_, verdict)| **verdict != Verdict::Pass) {
        let advisory = if checked.advisory.contains(id) { " (recommended only)" } else { "" };
        let _ = writeln!(
            text,
            "  {}{verdict}{:#}  {id}{advisory}",
            verdict_color(*verdict, palette),
            palette.bad
        );
    }
    for (rule, answer) in checked.answers.iter().filter(|(_, answer)| answer.verdict != Verdict::Pass) {
        let of_case = rule.test_case.is_some_and(|case| checked.decision.has_case(case));
        if !of_case && checked.decision.of_answer(rule, answer) {
            let color = verdict_color(answer.verdict, palette);
            let _ = writeln!(text, "  {color}{}{color:#}  {} (rule)", answer.verdict, rule.id);
        }
    }
    let notes = checked.findings().filter(|(finding, _)| finding.severity == Severity::Info).count();
    if notes > 0 && !all {
        let _ = writeln!(text, "{notes} notes are not shown; `--all` shows them");
    }
    let color = verdict_color(checked.verdict, palette);
    let _ = writeln!(text, "{color}{}{color:#}", checked.verdict);
    if !checked.versions.is_empty() {
        let verdicts =
            checked.versions.iter().map(|(version, outcome)| format!("by {version} {}", outcome.verdict));
        let _ = writeln!(text, "{}", verdicts.collect::<Vec<_>>().join(", "));
    }
    let repairable = checked.findings().any(|(finding, _)| finding.fix.is_some());
    // Of a machine, or of the little that is looked at beside it, nothing is repaired together.
    if repairable && checked.kind != Kind::Machine {
        let (hint, option) = (palette.hint, profile_option(profile));
        let _ = writeln!(
            text,
            "{hint}next{hint:#}: `scs {} repair{option} {}` prints all commands together",
            checked.kind.noun(),
            if !checked.is_one_file {
                "FILE".to_owned()
            } else if checked.name == STANDARD_INPUT {
                "-".to_owned()
            } else {
                shell::operand(&checked.name)
            }
        );
    }
}

pub(crate) const fn verdict_color(verdict: Verdict, palette: &Palette) -> Style {
    match verdict {
        Verdict::Pass => palette.good,
        Verdict::Fail => palette.bad,
        Verdict::Miss | Verdict::Dnf => palette.warning,
    }
}

/// The findings of one source as Markdown, for an issue.
pub(crate) fn as_markdown(checked: &Checked, all: bool) -> String {
    let mut text = format!("## {}: {}\n\n", markdown::text(&brief(&checked.name)), checked.verdict);
    let head = match checked.kind {
        Kind::Flavor => "Flavor",
        Kind::Image => "Image",
        Kind::Machine => "Subject",
    };
    text.push_str(&findings_as_markdown(head, &checked.told(), all));
    text.push_str("| Test case | Result |\n| --- | --- |\n");
    for (id, verdict) in &checked.results {
        let _ = writeln!(text, "| {id} | {verdict} |");
    }
    text.push('\n');
    text
}

/// Findings as tables in Markdown, one for each block, the subjects under `head`.
pub(crate) fn findings_as_markdown(head: &str, told: &[Told<'_>], all: bool) -> String {
    let cell = |text: &str| markdown::cell(&brief(text));
    let mut text = String::new();
    for standing in BLOCKS {
        let shown = shown(told, standing, all);
        if shown.is_empty() {
            continue;
        }
        if let Some(standing) = standing {
            let _ = writeln!(text, "### {}\n", heading(standing));
        }
        let _ =
            writeln!(text, "| {head} | Severity | Finding | Rule | Fix |\n| --- | --- | --- | --- | --- |");
        for (subject, groups) in shown {
            for group in groups {
                let fix = group.first.fix.as_ref().map_or(String::new(), fix_in_markdown);
                let _ = writeln!(
                    text,
                    "| {} | {} | {} | {}{} | {fix} |",
                    cell(subject),
                    group.first.severity,
                    cell(&group.first.message),
                    group.rules.join(", "),
                    draft::mark(group.first)
                );
            }
        }
        text.push('\n');
    }
    text
}

/// The color of a severity.
pub(crate) const fn severity_color(severity: Severity, palette: &Palette) -> Style {
    match severity {
        Severity::Error => palette.bad,
        Severity::Warning => palette.warning,
        Severity::Info => palette.hint,
    }
}
