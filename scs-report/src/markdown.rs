//! Reports for issues and wikis.

use std::fmt::Write;

use scs_standards::Verdict;
use scs_standards::written::markdown;

use crate::fixes::in_markdown;
use crate::groups::{Block, blocks};
use crate::text::{
    alone, areas, day, exception, facts, holds_until, introduction, not_listed, origin, overview, reasons,
    remark, restrictions, version_label,
};
use crate::wording::{brief, heading, test_case_counts};
use crate::{Options, Shown};

pub(crate) fn page(shown: &[Shown<'_>], options: &Options) -> String {
    let mut text = String::new();
    if shown.len() > 1 {
        text.extend([overview(shown).to_markdown(), "\n".to_owned()]);
    }
    for (place, one) in shown.iter().enumerate() {
        if place > 0 {
            text.push('\n');
        }
        report(&mut text, one, options);
    }
    text
}

// Writing to a string does not fail.
fn report(text: &mut String, shown: &Shown<'_>, options: &Options) {
    let report = shown.report;
    let _ = writeln!(
        text,
        "## {}: {}{}\n",
        markdown::text(&brief(&report.subject)),
        report.verdict,
        remark(report)
    );
    let _ = writeln!(
        text,
        "{}, checked on {}, profile: {}\n",
        markdown::text(&introduction(report)),
        day(report.at),
        report.profile
    );
    for (name, version) in &report.versions {
        let label = markdown::text(&version_label(report, name, version));
        let counts = test_case_counts(version.results.values().copied());
        let _ = writeln!(text, "- {label}: **{}**, {counts}{}", version.verdict, alone(version));
    }
    if let Some(line) = origin(report) {
        let _ = writeln!(text, "- {}", markdown::text(&line));
    }
    for line in restrictions(report) {
        let _ = writeln!(text, "- {}", markdown::text(&line));
    }
    for notice in &report.notices {
        let _ = writeln!(text, "- note: {}", markdown::text(&brief(notice)));
    }
    if text.ends_with("- ") || !(report.versions.is_empty() && report.notices.is_empty()) {
        text.push('\n');
    }
    for listed in blocks(report, options) {
        block(text, &listed, report.is_about_certificate(), options);
    }
    for ((verdict, reason), ids) in reasons(report) {
        let _ = writeln!(text, "- {verdict}: {}: {}", ids.join(", "), markdown::text(&brief(reason)));
    }
    if let Some(line) = not_listed(report, options) {
        let _ = writeln!(text, "{}\n", markdown::text(&line));
    }
    for claimed in &report.exceptions {
        let _ = writeln!(text, "{}\n", markdown::text(&exception(claimed)));
    }
    if report.scope.is_some() && !report.results.is_empty() {
        text.extend([areas(report).to_markdown(), "\n".to_owned()]);
    }
    for line in facts(report).iter().chain(&holds_until(report)) {
        let _ = writeln!(text, "{}\n", markdown::text(line));
    }
    let open: Vec<_> = report.results.iter().filter(|(_, verdict)| **verdict != Verdict::Pass).collect();
    if !open.is_empty() {
        text.push_str("| Test case | Result |\n| --- | --- |\n");
        for (id, verdict) in open {
            let _ = writeln!(text, "| {id} | {verdict} |");
        }
        text.push('\n');
    }
    for step in &shown.next {
        let _ = writeln!(text, "- next: {}", markdown::text(step));
    }
}

fn block(text: &mut String, block: &Block<'_>, is_about_certificate: bool, options: &Options) {
    let cell = |text: &str| markdown::cell(&brief(text));
    let _ = writeln!(text, "### {}\n", heading(block.standing, is_about_certificate));
    text.push_str(
        "| Area | Subject | Result | Finding | Rule | Fix |\n| --- | --- | --- | --- | --- | --- |\n",
    );
    for area in &block.areas {
        for group in &area.groups {
            let finding = group.first;
            let known = if finding.known { " (known)" } else { "" };
            let result = match finding.result {
                Verdict::Miss | Verdict::Dnf => finding.result.to_string() + known,
                Verdict::Fail | Verdict::Pass => finding.severity.to_string() + known,
            };
            let messages: Vec<String> = std::iter::once(finding.message.as_str())
                .chain(group.also.iter().copied())
                .map(cell)
                .collect();
            let hint = finding.hint.as_ref().and_then(options.hint).map(|hint| format!("hint: {hint}"));
            let fixes: Vec<String> =
                group.fixes.iter().map(|fix| in_markdown(fix)).chain(hint.as_deref().map(cell)).collect();
            let _ = writeln!(
                text,
                "| {} | {} | {result} | {} | {}{} | {} |",
                area.name,
                group.subjects.iter().map(|subject| cell(subject)).collect::<Vec<_>>().join(", "),
                messages.join("; "),
                group.rules.join(", "),
                if finding.draft { " (draft)" } else { "" },
                fixes.join("; ")
            );
        }
    }
    text.push('\n');
}
