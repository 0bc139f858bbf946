//! Reports as a self-contained HTML page, for example for email.

use maud::{DOCTYPE, Markup, PreEscaped, html};
use scs_standards::Verdict;
use scs_standards::catalog::Catalog;
use scs_standards::written::{Span, spans};

use crate::fixes::{command, label, way_label};
use crate::groups::{Block, Group, blocks};
use crate::text::{
    alone, areas, day, exception, facts, holds_until, introduction, not_listed, origin, overview, reasons,
    remark, restrictions, version_label,
};
use crate::wording::{and, brief, heading, test_case_counts};
use crate::{Options, Shown};

/// The style of the page: system fonts, and colors that also work in print.
const STYLE: &str = "
body { font: 15px/1.5 system-ui, sans-serif; color: #1b1f24; background: #fff; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; border-bottom: 2px solid #d0d7de; margin-top: 2rem; } h3 { font-size: 1rem; margin-bottom: 0.3rem; }
table { border-collapse: collapse; margin: 1rem 0; } th, td { border: 1px solid #d0d7de; padding: 0.25rem 0.6rem; text-align: left; vertical-align: top; }
th { background: #f6f8fa; } code, pre { font: 13px/1.45 ui-monospace, monospace; background: #f6f8fa; } pre { padding: 0.4rem 0.6rem; white-space: pre-wrap; overflow-wrap: anywhere; margin: 0.2rem 0; }
.verdict { font-weight: 700; padding: 0.1rem 0.5rem; border-radius: 0.3rem; border: 1px solid currentColor; }
.PASS { color: #116329; } .FAIL, .error { color: #a40e26; } .MISS, .DNF, .warning { color: #7d4e00; } .info { color: #0550ae; }
.finding { border-left: 3px solid #d0d7de; padding-left: 0.8rem; margin: 0.8rem 0; } .subjects { font-weight: 600; overflow-wrap: anywhere; } .citation, footer { color: #57606a; font-size: 0.85rem; }
@media (prefers-color-scheme: dark) { body { background: #0d1117; color: #e6edf3; } th, code, pre { background: #161b22; } th, td, h2, .finding { border-color: #30363d; }
.PASS { color: #3fb950; } .FAIL, .error { color: #ff7b72; } .MISS, .DNF, .warning { color: #d29922; } .info { color: #79c0ff; } .citation, footer { color: #8d96a0; } }
";

pub(crate) fn page(shown: &[Shown<'_>], options: &Options) -> String {
    let title = match shown {
        [one] => format!("{}: {}", brief(&one.report.subject), one.report.verdict),
        several => format!("{} subjects", several.len()),
    };
    let (name, version) = options.creator;
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                @if shown.len() > 1 { (overview(shown).to_html()) }
                @for one in shown { (report(one, options)) }
                footer { "Written by " (name) " " (version) }
            }
        }
    }
    .into_string()
        + "\n"
}

fn report(shown: &Shown<'_>, options: &Options) -> Markup {
    let report = shown.report;
    html! {
        h1 { (brief(&report.subject)) " " (badge(report.verdict)) (remark(report)) }
        p { (introduction(report)) ", checked on " (day(report.at)) ", profile: " (report.profile) }
        @if !report.versions.is_empty() {
            ul {
                @for (name, version) in &report.versions {
                    li {
                        (version_label(report, name, version)) ": " (badge(version.verdict)) " "
                        (test_case_counts(version.results.values().copied())) (alone(version))
                    }
                }
            }
        }
        @if let Some(line) = origin(report) { p { (code(&line)) } }
        @for line in restrictions(report) { p { (code(&line)) } }
        @if let Some(line) = holds_until(report) { p { (line) } }
        @for notice in &report.notices { p { span.info { "note" } ": " (code(&brief(notice))) } }
        @if !report.results.is_empty() { (areas(report).to_html()) }
        @for listed in blocks(report, options) { (block(&listed, report.is_about_certificate(), options)) }
        @if !reasons(report).is_empty() {
            ul {
                @for ((verdict, reason), ids) in reasons(report) {
                    li { (badge(verdict)) " " (ids.join(", ")) ": " (code(&brief(reason))) }
                }
            }
        }
        @if let Some(line) = not_listed(report, options) { p { (code(&line)) } }
        @if !report.questions.is_empty() {
            h2 { "Questions that only you can answer" }
            table {
                thead { tr { th { "Declare" } th { "Values" } th { "Example" } } }
                tbody {
                    @for question in &report.questions {
                        tr { td { code { (question.name) } } td { (question.values) } td { code { (question.example) } } }
                    }
                }
            }
        }
        @for claimed in &report.exceptions { p { (exception(claimed)) } }
        @for line in facts(report) { p.citation { (line) } }
        @for step in &shown.next { p { span.info { "next" } ": " (code(step)) } }
    }
}

fn block(block: &Block<'_>, is_about_certificate: bool, options: &Options) -> Markup {
    html! {
        h2 { (heading(block.standing, is_about_certificate)) }
        @for area in &block.areas {
            @if is_about_certificate { h3 { (area.name) } }
            @for group in &area.groups { (finding(group, options)) }
        }
    }
}

fn finding(group: &Group<'_>, options: &Options) -> Markup {
    let first = group.first;
    let result = match first.result {
        Verdict::Miss | Verdict::Dnf => first.result.to_string(),
        Verdict::Fail | Verdict::Pass => first.severity.to_string(),
    };
    let subjects: Vec<_> = group.subjects.iter().map(|subject| brief(subject)).collect();
    let url = Catalog::embedded().get(first.document).map(scs_standards::catalog::Document::url);
    html! {
        div.finding {
            div.subjects { (subjects.join(", ")) }
            div { span class=(result) { (result) } (if first.known { " (known)" } else { "" }) ": " (code(&brief(&first.message))) }
            @for also in &group.also { div { "and " (code(&brief(also))) } }
            div.citation {
                (first.level) " " (and(&group.rules)) ", "
                @if let Some(url) = url { a href=(url) { (first.document) } } @else { (first.document) }
                @if first.draft { " (draft)" }
                ", " (first.section)
            }
            @for fix in &group.fixes {
                @if let Some(words) = fix.words() { div { (label(fix)) ": " (code(&brief(words))) } }
                @for way in fix.ways() { div { (way_label(way)) ":" pre { (command(&way.command)) } } }
            }
            @if let Some(hint) = first.hint.as_ref().and_then(options.hint) { div { "hint: " (code(&hint)) } }
        }
    }
}

fn badge(verdict: Verdict) -> Markup {
    html! { span class={ "verdict " (verdict.name()) } { (verdict) } }
}

/// Renders text between backticks as code.
fn code(text: &str) -> Markup {
    html! {
        @for span in spans(text) {
            @match span { Span::Code(code) => code { (code) }, Span::Words(words) => (words) }
        }
    }
}
