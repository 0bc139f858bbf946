//! Reports for people at a terminal.

use std::collections::BTreeMap;
use std::fmt::Write;

use anstyle::Style;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use scs_certificates::Validity;
use scs_registry::{NameCounts, Report, ShownException, VersionReport};
use scs_standards::{Fix, Verdict};

use crate::fixes::{command, label, way_label};
use crate::groups::{Block, Group, Hidden, blocks, counts_by_area, hidden};
use crate::table::Table;
use crate::wording::{and, brief, counted, heading, test_case_counts};
use crate::{Options, Shown, wrap};

/// The maximum number of listed subjects for a cause.
const MOST_SUBJECTS: usize = 12;

/// The maximum number of listed rules for a cause.
const MOST_RULES: usize = 8;

/// The maximum number of listed fixes for a cause, unless everything is listed.
const MOST_FIXES: usize = 4;

/// All reports, with a summary table if there are several.
pub(crate) fn page(shown: &[Shown<'_>], options: &Options) -> String {
    let mut page = Page { text: String::new(), options };
    for (place, one) in shown.iter().enumerate() {
        if place > 0 {
            page.blank();
        }
        page.report(one);
    }
    if shown.len() > 1 {
        page.blank();
        let table = overview(shown).to_text(options.width);
        page.text.push_str(&table);
    }
    page.text
}

/// A table of subjects and versions, like the public table of compatible clouds.
pub(crate) fn overview(shown: &[Shown<'_>]) -> Table {
    let mut columns: Vec<(&str, &str)> = Vec::new();
    for Shown { report, .. } in shown {
        let scope = report.scope.as_ref().map_or("", |scope| scope.name.as_str());
        for name in report.versions.keys() {
            if !columns.contains(&(scope, name)) {
                columns.push((scope, name));
            }
        }
    }
    let heads: Vec<String> =
        columns.iter().map(|(scope, version)| format!("{scope} {version}").trim().to_owned()).collect();
    let head: Vec<&str> =
        ["Subject", "Verdict"].into_iter().chain(heads.iter().map(String::as_str)).collect();
    let mut table = Table::new(&head);
    for Shown { report, .. } in shown {
        let own = report.scope.as_ref().map_or("", |scope| scope.name.as_str());
        let cells = columns.iter().map(|(scope, version)| {
            let found = report.versions.get(*version).filter(|_| own == *scope);
            found.map_or_else(|| "-".to_owned(), |version| version.verdict.to_string())
        });
        let first = [brief(&report.subject).into_owned(), report.verdict.to_string()];
        table.row(first.into_iter().chain(cells));
    }
    table
}

/// The date, with the time if it is not midnight (UTC).
///
/// ```
/// assert_eq!(scs_report::day("2026-11-24T00:00:00Z".parse()?), "2026-11-24");
/// # Ok::<(), jiff::Error>(())
/// ```
#[must_use]
pub fn day(at: jiff::Timestamp) -> String {
    let text = at.to_string();
    text.strip_suffix("T00:00:00Z").map(str::to_owned).unwrap_or(text)
}

/// A claimed exception, with the result that it does not change.
pub(crate) fn exception(claimed: &ShownException) -> String {
    let result = claimed.result.map_or_else(|| "no result".to_owned(), |result| format!("still {result}"));
    let state = if claimed.in_force { "valid through" } else { "not in force; valid through" };
    let granted = claimed
        .granted_by
        .as_deref()
        .map_or_else(|| "grantor not stated".to_owned(), |body| format!("granted by {}", brief(body)));
    format!(
        "exception claimed for {} ({result}), {state} {}: {}; {granted}",
        brief(&claimed.exception),
        claimed.valid_until,
        brief(&claimed.reason)
    )
}

/// The first line about a subject.
pub(crate) fn introduction(report: &Report) -> String {
    let collected = report.collected_at.map(|at| format!(" of {}", day(at))).unwrap_or_default();
    let kind = if report.scope.is_some() {
        format!("{} inventory{collected}", report.kind)
    } else {
        content(report)
    };
    let parts = if shows_coverage(report) {
        format!(", {}", coverage(report))
    } else if report.parts.is_empty() {
        String::new()
    } else {
        format!(" with {}", and(&report.parts))
    };
    format!("{kind}{}", brief(&parts))
}

/// Whether a report names how much was collected: for inventories that say who collected them, and for those with a gap.
pub(crate) fn shows_coverage(report: &Report) -> bool {
    report.collected_from.is_some() || !report.unavailable.is_empty()
}

/// `read 9 of 12 parts, without pods, nodes and versions; 18 of 74 rules DNF`.
pub(crate) fn coverage(report: &Report) -> String {
    let unfinished = report.rules.iter().filter(|row| row.result == Verdict::Dnf).count();
    let unfinished = match unfinished {
        0 => String::new(),
        count => format!("; {count} of {} DNF", counted(report.rules.len(), "rule")),
    };
    let missing = match report.unavailable.len() {
        0 => String::new(),
        _ => format!(", without {}", and(report.unavailable.keys())),
    };
    format!("{}{missing}{unfinished}", report.coverage())
}

/// The server and the user that an inventory was collected with.
pub(crate) fn origin(report: &Report) -> Option<String> {
    let from = report.collected_from.as_ref()?;
    Some(format!("collected from {}", brief(&from.to_string())))
}

/// `17 images (glance)`.
fn content(report: &Report) -> String {
    if let Some(NameCounts { valid, invalid, not_scs, .. }) = report.counts {
        let names = valid + invalid + not_scs;
        let plural = if names == 1 { "" } else { "s" };
        return format!("{names} name{plural}: {valid} valid, {invalid} invalid, {not_scs} not SCS");
    }
    let format = report.format.as_deref().map(|format| format!(" ({format})")).unwrap_or_default();
    match report.count {
        Some(count) => {
            let noun = report.kind.to_string();
            counted(count, noun.strip_suffix('s').unwrap_or(&noun)) + &format
        }
        None => format!("{}{format}", report.kind),
    }
}

/// `SCS-compatible IaaS v5.1 (effective): FAIL, 54 test cases: …`, without the colors.
pub(crate) fn version_label(report: &Report, name: &str, version: &VersionReport) -> String {
    let scope = report.scope.as_ref().map(|scope| format!("{} ", scope.name)).unwrap_or_default();
    let state = match version.validity {
        Some(Validity::Warn) => " (about to expire)".to_owned(),
        Some(validity) => format!(" ({validity})"),
        None => format!(" ({})", and(version.documents.iter().map(ToString::to_string))),
    };
    format!("{scope}{name}{state}")
}

/// The number of rules that decide without a test case: otherwise a FAIL beside passed test cases looks like an error.
pub(crate) fn alone(version: &VersionReport) -> String {
    match version.deciding_rules.len() {
        0 => String::new(),
        count => format!(
            "; {} without a test case decide{}",
            counted(count, "rule"),
            if count == 1 { "s" } else { "" }
        ),
    }
}

/// A summary of the findings that are not listed; `None` if all are.
pub(crate) fn not_listed(report: &Report, options: &Options) -> Option<String> {
    let Hidden { recommendations, unanswered, notes } = hidden(report, options);
    let counts =
        [(recommendations, "recommendation"), (unanswered.len(), "unanswered rule"), (notes, "note")];
    let parts: Vec<String> = counts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, noun)| counted(count, noun))
        .collect();
    if parts.is_empty() {
        return None;
    }
    let more = options.more.as_deref().map(|more| format!("; {more}")).unwrap_or_default();
    Some(format!("not listed: {}{more}", and(&parts)))
}

/// What was chosen that a certificate does not rest on; a verdict about part of the test cases is not one about all.
pub(crate) fn restrictions(report: &Report) -> Vec<String> {
    let selection = &report.selection;
    let only = selection
        .only
        .as_ref()
        .map(|only| format!("note: only test cases that match `{}` were checked", brief(only)));
    let targets = (!selection.targets.is_empty()).then(|| {
        format!(
            "note: the target {} decides, not `main`",
            and(selection.targets.iter().map(|target| format!("`{target}`")))
        )
    });
    only.into_iter().chain(targets).collect()
}

/// The reason why the acceptance differs from the verdict, in parentheses.
pub(crate) fn remark(report: &Report) -> String {
    let remark = report.acceptance.as_ref().and_then(|acceptance| acceptance.remark(report.verdict));
    remark.map(|remark| format!(" ({remark})")).unwrap_or_default()
}

/// The test cases by area and result.
pub(crate) fn areas(report: &Report) -> Table {
    let mut table = Table::new(&["Area", "PASS", "FAIL", "DNF", "MISS"]).with_numbers(1..5);
    for (area, counts) in counts_by_area(report) {
        table.row([area.to_owned()].into_iter().chain(counts.iter().map(ToString::to_string)));
    }
    table
}

/// The end of the verdict's validity, if known.
pub(crate) fn holds_until(report: &Report) -> Option<String> {
    let changes_at = report.changes_at.filter(|_| report.verdict == Verdict::Pass)?;
    Some(format!("valid until {} unless checked again", day(changes_at)))
}

/// The dates of the facts used by rules.
pub(crate) fn facts(report: &Report) -> Vec<String> {
    let mut by_day: BTreeMap<Date, Vec<&str>> = BTreeMap::new();
    for row in &report.rules {
        if let Some(as_of) = row.facts_as_of {
            by_day.entry(as_of.to_zoned(TimeZone::UTC).date()).or_default().push(&row.rule);
        }
    }
    by_day
        .into_iter()
        .map(|(day, rules)| format!("based on data as of {day}: {}", rules.join(", ")))
        .collect()
}

/// The unanswered test cases with a separate reason, by result and reason.
pub(crate) fn reasons(report: &Report) -> BTreeMap<(Verdict, &str), Vec<&str>> {
    let mut reasons: BTreeMap<(Verdict, &str), Vec<&str>> = BTreeMap::new();
    for (id, verdict) in report.results.iter().filter(|(_, verdict)| **verdict != Verdict::Pass) {
        if let Some(reason) = report.reason(id) {
            reasons.entry((*verdict, reason)).or_default().push(id);
        }
    }
    reasons
}

struct Page<'a> {
    text: String,
    options: &'a Options,
}

impl Page<'_> {
    fn report(&mut self, shown: &Shown<'_>) {
        let (report, palette) = (shown.report, self.options.palette);
        let name = styled(palette.strong, &brief(&report.subject));
        self.line(0, &format!("{name}: {}", introduction(report)));
        if let Some(line) = origin(report) {
            self.line(0, &line);
        }
        if report.scope.is_some() {
            self.line(0, &format!("checked on {}, profile: {}", day(report.at), report.profile));
            for line in restrictions(report) {
                self.line(0, &line);
            }
        }
        for notice in &report.notices {
            self.line(0, &format!("{}: {}", styled(palette.hint, "note"), brief(notice)));
        }
        self.blank();
        for (name, version) in &report.versions {
            let label = version_label(report, name, version);
            let decides = Some(name) == report.decided_by.as_ref();
            let label = if decides { styled(palette.strong, &label) } else { label };
            self.line(
                0,
                &format!(
                    "{label}: {}, {}{}",
                    self.verdict(version.verdict),
                    counts(&version.results),
                    alone(version)
                ),
            );
        }
        if report.versions.is_empty() && !report.results.is_empty() {
            self.line(0, &counts(&report.results));
        }
        for block in blocks(report, self.options) {
            self.block(report, &block);
        }
        self.unexplained(report);
        if let Some(line) = not_listed(report, self.options) {
            self.blank();
            self.line(0, &line);
        }
        if report.scope.is_some() && !report.results.is_empty() {
            self.blank();
            let table = areas(report).to_text(self.options.width);
            self.text.push_str(&table);
        }
        self.blank();
        for claimed in &report.exceptions {
            self.line(0, &exception(claimed));
        }
        for line in facts(report) {
            self.line(0, &line);
        }
        self.line(0, &format!("{}{}", self.verdict(report.verdict), remark(report)));
        if let Some(line) = holds_until(report) {
            self.line(0, &line);
        }
        for step in &shown.next {
            self.line(0, &format!("{}: {step}", styled(palette.hint, "next")));
        }
    }

    fn block(&mut self, report: &Report, block: &Block<'_>) {
        let strong = self.options.palette.strong;
        self.blank();
        let title = heading(block.standing, report.is_about_certificate());
        self.line(0, &styled(strong, &format!("== {title} ==")));
        for area in &block.areas {
            self.blank();
            if report.is_about_certificate() {
                self.line(0, &styled(strong, area.name));
            }
            let mut last: &[&str] = &[];
            for group in &area.groups {
                if group.subjects != last {
                    let subjects = self.subjects(group);
                    self.line(2, &styled(strong, &subjects));
                }
                self.group(report, group);
                last = &group.subjects;
            }
        }
    }

    fn group(&mut self, report: &Report, group: &Group<'_>) {
        let palette = self.options.palette;
        let finding = group.first;
        let label = match finding.result {
            Verdict::Miss | Verdict::Dnf => finding.result.name().to_owned(),
            Verdict::Fail | Verdict::Pass => finding.severity.to_string(),
        };
        let known = if finding.known { " (known)" } else { "" };
        let label = styled(palette.of_severity(finding.severity), &label) + known;
        let place = match (&finding.file, finding.line) {
            (Some(file), Some(line)) => format!("{}:{line}: ", brief(file)),
            (None, Some(line)) => format!("line {line}: "),
            _ => String::new(),
        };
        self.line(4, &format!("{place}{label}: {}", brief(&finding.message)));
        for also in &group.also {
            self.line(4, &format!("and {}", brief(also)));
        }
        let draft = if finding.draft { " (draft)" } else { "" };
        let citation = format!(
            "{} [{}; {}{draft}, {}]",
            finding.level,
            few(&group.rules, MOST_RULES, "more"),
            finding.document,
            finding.section
        );
        self.line(4, &styled(palette.faint, &citation));
        let most = if self.lists_everything() { usize::MAX } else { MOST_FIXES };
        for fix in group.fixes.iter().take(most) {
            self.fix(fix);
        }
        if group.fixes.len() > most {
            self.line(
                4,
                &format!("and {}", counted(group.fixes.len() - most, "similar fix").replace("fixs", "fixes")),
            );
        }
        if let Some(hint) = finding.hint.as_ref().and_then(self.options.hint) {
            self.line(4, &format!("{}: {hint}", styled(palette.hint, "hint")));
        }
        if let Some(other) = &finding.other_profile {
            self.line(4, &format!("{}: {} ({})", report.profile.other(), other.result, other.difference));
        }
    }

    /// The fix of a finding: the question, followed by a line for each option.
    fn fix(&mut self, fix: &Fix) {
        let good = self.options.palette.good;
        if let Some(words) = fix.words() {
            self.line(4, &format!("{}: {}", styled(good, label(fix)), brief(words)));
        }
        let indent = if fix.words().is_some() { 6 } else { 4 };
        for way in fix.ways() {
            self.command(indent, &format!("{}: ", styled(good, &way_label(way))), &command(&way.command));
        }
    }

    /// Test cases with a reason instead of a finding.
    fn unexplained(&mut self, report: &Report) {
        let reasons = reasons(report);
        if reasons.is_empty() {
            return;
        }
        self.blank();
        for ((verdict, reason), ids) in reasons {
            let most = if self.lists_everything() { usize::MAX } else { MOST_RULES };
            let line = format!("{}: {}: {}", self.verdict(verdict), few(&ids, most, "more"), brief(reason));
            self.line(2, &line);
        }
    }

    fn subjects(&self, group: &Group<'_>) -> String {
        let subjects: Vec<String> =
            group.subjects.iter().map(|subject| brief(subject).into_owned()).collect();
        let subjects: Vec<&str> = subjects.iter().map(String::as_str).collect();
        few(&subjects, if self.lists_everything() { usize::MAX } else { MOST_SUBJECTS }, "more")
    }

    fn lists_everything(&self) -> bool {
        self.options.min_severity == Some(scs_standards::Severity::Info)
    }

    fn verdict(&self, verdict: Verdict) -> String {
        styled(self.options.palette.of_verdict(verdict), verdict.name())
    }

    fn blank(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// A paragraph, wrapped between words.
    fn line(&mut self, indent: usize, content: &str) {
        self.text.push_str(&wrap::paragraph(content, self.options.width, indent, indent + 2));
    }

    /// A command, wrapped with backslashes, so that it can be copied.
    fn command(&mut self, indent: usize, label: &str, command: &str) {
        let mut line = format!("{}{label}", " ".repeat(indent));
        let mut width = textwrap::core::display_width(&line);
        let mut is_first = true;
        for word in words(command) {
            let own = textwrap::core::display_width(word);
            // Two columns for the backslash.
            if !is_first && width + 1 + own + 2 > self.options.width {
                let _ = writeln!(self.text, "{line} \\");
                line = " ".repeat(indent + 4);
                width = line.len();
                is_first = true;
            }
            if !is_first {
                line.push(' ');
                width += 1;
            }
            line.push_str(word);
            width += own;
            is_first = false;
        }
        self.text.extend([line.as_str(), "\n"]);
    }
}

/// The words of a command, between which it can be continued on the next line, but not within quotes. A trailing comment is one
/// word: otherwise its second line would be run.
fn words(command: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut quote: Option<char> = None;
    let mut is_escaped = false;
    let mut start = 0;
    for (place, letter) in command.char_indices() {
        match (quote, letter) {
            _ if is_escaped => is_escaped = false,
            (None | Some('"'), '\\') => is_escaped = true,
            (None, '\'' | '"') => quote = Some(letter),
            (Some(open), _) if open == letter => quote = None,
            (None, ' ') => {
                words.push(&command[start..place]);
                start = place + 1;
            }
            (None, '#') if place == start => break,
            _ => {}
        }
    }
    words.push(&command[start..]);
    words
}

/// Lists the first words and counts the others.
fn few(words: &[&str], most: usize, rest: &str) -> String {
    match words.get(..most) {
        Some(first) if words.len() > most => {
            format!("{} and {} {rest}", first.join(", "), words.len() - most)
        }
        _ => words.join(", "),
    }
}

fn counts(results: &BTreeMap<String, Verdict>) -> String {
    test_case_counts(results.values().copied())
}

fn styled(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_wrap_outside_of_quotes() {
        let options = Options { width: 30, ..Options::default() };
        let mut page = Page { text: String::new(), options: &options };
        page.command(2, "fix: ", "openstack flavor set --property 'a b=c  d' SCS-2V-8");
        assert_eq!(
            page.text,
            "  fix: openstack flavor set \\\n      --property 'a b=c  d' \\\n      SCS-2V-8\n"
        );
    }

    #[test]
    fn wrapped_commands_mean_the_same() {
        let options = Options { width: 20, ..Options::default() };
        for command in [
            "openstack flavor set --property 'scs:name-v1=SCS-2V:8' \"a b\" c\\ d",
            "printf 'x: y\\n- z' > /etc/a.yaml && systemctl restart k3s # on server-1, later",
            "kubectl patch x -p '{\"a\": {\"b c\": \"it'\\''s\"}}'",
        ] {
            let mut page = Page { text: String::new(), options: &options };
            page.command(0, "", command);
            assert_eq!(page.text.trim_end().replace(" \\\n    ", " "), command);
        }
    }

    #[test]
    fn words_of_commands_keep_their_quotes() {
        assert_eq!(words(r#"a 'b c' "d \" e" f\ g"#), ["a", "'b c'", r#""d \" e""#, r"f\ g"]);
        assert_eq!(words("a b # c d"), ["a", "b", "# c d"]);
    }
}
