//! Test cases as `JUnit` XML: a suite for each subject, with the deciding version.

use std::io::Write;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use scs_registry::{Report, ReportedFinding, RuleReport, VersionReport};
use scs_standards::Verdict;

use crate::fixes::remedy;
use crate::text::{coverage, origin, shows_coverage};
use crate::{Options, RenderError, Shown};

type Xml = Writer<Vec<u8>>;

pub(crate) fn write(shown: &[Shown<'_>], options: &Options, out: &mut dyn Write) -> Result<(), RenderError> {
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    xml.write_event(Event::Start(
        BytesStart::new("testsuites").with_attributes([("name", options.creator.0)]),
    ))?;
    for Shown { report, .. } in shown {
        for suite in suites(report, options) {
            suite.write(&mut xml, report, options)?;
        }
    }
    xml.write_event(Event::End(BytesEnd::new("testsuites")))?;
    out.write_all(&xml.into_inner())?;
    Ok(out.write_all(b"\n")?)
}

/// The test cases of one version.
struct Suite<'a> {
    name: String,
    class: String,
    cases: Vec<Case<'a>>,
}

/// A test case, or a rule that decides without one.
struct Case<'a> {
    name: &'a str,
    result: Verdict,
    findings: Vec<&'a ReportedFinding>,
    /// The message if there is no finding.
    reason: String,
    /// Whether it counts for the verdict; otherwise it is never red.
    decides: bool,
    /// Whether an earlier report has all of its findings.
    is_known: bool,
}

impl Case<'_> {
    const fn element(&self) -> Option<&'static str> {
        match self.result {
            Verdict::Pass => None,
            _ if !self.decides || self.is_known => Some("skipped"),
            Verdict::Fail => Some("failure"),
            Verdict::Dnf => Some("error"),
            Verdict::Miss => Some("skipped"),
        }
    }
}

/// The suites of a report: the deciding version, or all of them.
fn suites<'a>(report: &'a Report, options: &Options) -> Vec<Suite<'a>> {
    let scope = report.scope.as_ref();
    let of = scope.map_or_else(|| report.kind.to_string(), |scope| scope.name.clone());
    let slug = match scope {
        Some(scope) => scope.slug(),
        None => report.kind.to_string(),
    };
    if report.versions.is_empty() {
        let mut cases = deciding_cases(report);
        cases.extend(verdict_case("verdict", report.verdict, &cases, None));
        cases.extend(acceptance_case(report, &cases));
        return vec![Suite { name: format!("{of}: {}", report.subject), class: slug, cases }];
    }
    let mut suites: Vec<Suite<'a>> = report
        .versions
        .iter()
        .map(|(name, version)| (name, version, Some(name) == report.decided_by.as_ref()))
        .filter(|(_, _, decides)| *decides || options.all_versions)
        .map(|(name, version, decides)| {
            let mut cases = if decides { deciding_cases(report) } else { other_cases(name, version) };
            cases.extend(verdict_case(name, version.verdict, &cases, version.because.as_deref()));
            if decides {
                cases.extend(acceptance_case(report, &cases));
            }
            Suite { name: format!("{of} {name}: {}", report.subject), class: format!("{slug}.{name}"), cases }
        })
        .collect();
    if report.decided_by.is_none() {
        let reason = "no version of the scope is effective, so nothing can pass".to_owned();
        let case = Case {
            name: "scope",
            result: Verdict::Dnf,
            findings: Vec::new(),
            reason,
            decides: true,
            is_known: false,
        };
        suites.push(Suite { name: format!("{of}: {}", report.subject), class: slug, cases: vec![case] });
    }
    suites
}

/// All test cases of the deciding version, and the rules that decide without one.
fn deciding_cases(report: &Report) -> Vec<Case<'_>> {
    let is_known =
        |findings: &[&ReportedFinding]| !findings.is_empty() && findings.iter().all(|finding| finding.known);
    let cases = report.results.iter().map(|(id, result)| {
        let of_case = |finding: &&ReportedFinding| finding.test_case.as_deref() == Some(id);
        let own = || report.findings.iter().filter(of_case);
        let reason = report.reason(id).map_or_else(|| format!("{result}, without a finding"), str::to_owned);
        let mut result = *result;
        let mut findings: Vec<_> = own().filter(|finding| finding.result == result).collect();
        let decides = !report.advisory.contains(id);
        // Beside known findings, new ones are the reason, even if their result is less severe.
        if own().any(|finding| finding.known) {
            let new: Vec<_> = own().filter(|finding| finding.decides && !finding.known).collect();
            if let Some(topmost) = Verdict::topmost(new.iter().map(|finding| finding.result)) {
                (result, findings) = (topmost, new);
            }
        }
        let is_known = is_known(&findings);
        Case { name: id, result, findings, reason, decides, is_known }
    });
    let has_case = |finding: &ReportedFinding| {
        let case = finding.test_case.as_deref();
        case.is_some_and(|case| {
            report.results.contains_key(case) && !report.advisory.iter().any(|it| it == case)
        })
    };
    let rules = report.rules.iter().filter(|rule| rule.decides && rule.result != Verdict::Pass);
    let rules = rules.filter_map(|rule| {
        let decides = |finding: &&ReportedFinding| finding.decides && !has_case(finding);
        let findings: Vec<_> = report.findings_of(rule).filter(decides).collect();
        let result = Verdict::topmost(findings.iter().map(|finding| finding.result))?;
        let is_known = is_known(&findings);
        let reason = format!("a MUST of {}", rule.document);
        Some(Case { name: &rule.rule, result, findings, reason, decides: true, is_known })
    });
    cases.chain(rules).collect()
}

/// The test cases of a version that does not decide. The report does not have its findings.
fn other_cases<'a>(name: &str, version: &'a VersionReport) -> Vec<Case<'a>> {
    let case = |(id, result): (&'a String, &Verdict)| {
        let reason = format!("{result}; {name} does not decide, so its findings are not listed");
        Case { name: id, result: *result, findings: Vec::new(), reason, decides: true, is_known: false }
    };
    let rule = |id: &'a String| {
        let own = |row: &&RuleReport| row.rule == id.as_str();
        let result = version.rules.iter().find(own).map_or(Verdict::Fail, |row| row.result);
        let reason = format!("a MUST of {name} is not met");
        Case { name: id, result, findings: Vec::new(), reason, decides: true, is_known: false }
    };
    version.results.iter().map(case).chain(version.deciding_rules.iter().map(rule)).collect()
}

/// A test case for the version itself, if it did not pass although nothing else is red: `JUnit` readers treat skipped tests as passed.
fn verdict_case<'a>(
    name: &'a str,
    verdict: Verdict,
    cases: &[Case<'_>],
    because: Option<&str>,
) -> Option<Case<'a>> {
    let is_red = |case: &Case<'_>| matches!(case.element(), Some("failure" | "error"));
    // Known test cases were red in an earlier report.
    let is_reported = cases.iter().any(|case| is_red(case) || case.is_known && case.decides);
    if verdict == Verdict::Pass || (is_reported && because.is_none()) {
        return None;
    }
    let reason =
        because.map_or_else(|| format!("the verdict is {verdict}: required data are missing"), str::to_owned);
    Some(Case { name, result: Verdict::Dnf, findings: Vec::new(), reason, decides: true, is_known: false })
}

/// A test case for a report that is not accepted although no test case is red.
fn acceptance_case<'a>(report: &'a Report, cases: &[Case<'_>]) -> Option<Case<'a>> {
    let acceptance = report.acceptance.as_ref().filter(|acceptance| !acceptance.accepted)?;
    let is_red = |case: &Case<'_>| matches!(case.element(), Some("failure" | "error"));
    if cases.iter().any(is_red) {
        return None;
    }
    Some(Case {
        name: "fail-on",
        result: Verdict::Fail,
        findings: report
            .findings
            .iter()
            .filter(|finding| finding.is_rejected_by(acceptance.fail_on))
            .collect(),
        reason: acceptance.remark(report.verdict).unwrap_or_else(|| "not accepted".to_owned()),
        decides: true,
        is_known: false,
    })
}

impl Suite<'_> {
    fn write(&self, xml: &mut Xml, report: &Report, options: &Options) -> std::io::Result<()> {
        let count =
            |wanted| self.cases.iter().filter(|case| case.element() == Some(wanted)).count().to_string();
        let (name, stamp) = (printable(&self.name), report.at.to_string());
        let suite = BytesStart::new("testsuite").with_attributes([
            ("name", name.as_str()),
            ("timestamp", stamp.trim_end_matches('Z')),
            ("tests", self.cases.len().to_string().as_str()),
            ("failures", count("failure").as_str()),
            ("errors", count("error").as_str()),
            ("skipped", count("skipped").as_str()),
        ]);
        xml.write_event(Event::Start(suite))?;
        properties(xml, report)?;
        for case in &self.cases {
            let start = BytesStart::new("testcase")
                .with_attributes([("classname", self.class.as_str()), ("name", case.name)]);
            let Some(element) = case.element() else {
                xml.write_event(Event::Empty(start))?;
                continue;
            };
            xml.write_event(Event::Start(start))?;
            explained(xml, element, &case.findings, &case.reason, options)?;
            xml.write_event(Event::End(BytesEnd::new("testcase")))?;
        }
        xml.write_event(Event::End(BytesEnd::new("testsuite")))
    }
}

/// How the inventory was collected, if it says so.
fn properties(xml: &mut Xml, report: &Report) -> std::io::Result<()> {
    if !shows_coverage(report) {
        return Ok(());
    }
    xml.write_event(Event::Start(BytesStart::new("properties")))?;
    let values = [("coverage", Some(coverage(report))), ("origin", origin(report))];
    for (name, value) in values {
        let Some(value) = value else { continue };
        let property = BytesStart::new("property")
            .with_attributes([("name", name), ("value", printable(&value).as_ref())]);
        xml.write_event(Event::Empty(property))?;
    }
    xml.write_event(Event::End(BytesEnd::new("properties")))
}

/// The maximum number of listed findings for a test case.
const MOST_FINDINGS: usize = 50;

fn explained(
    xml: &mut Xml,
    element: &str,
    findings: &[&ReportedFinding],
    reason: &str,
    options: &Options,
) -> std::io::Result<()> {
    let mut lines: Vec<String> = findings
        .iter()
        .take(MOST_FINDINGS)
        .map(|finding| {
            let remedy = remedy(finding, options);
            let indent = if remedy.is_empty() { "" } else { "\n  " };
            format!(
                "{}: {} [{}, {}]{indent}{remedy}",
                finding.subject, finding.message, finding.document, finding.section
            )
        })
        .collect();
    if findings.len() > MOST_FINDINGS {
        lines.push(format!("… and {} more", findings.len() - MOST_FINDINGS));
    }
    let message = findings
        .first()
        .map_or_else(|| reason.to_owned(), |finding| format!("{}: {}", finding.subject, finding.message));
    let message = printable(&message);
    let start = BytesStart::new(element).with_attributes([("message", message.as_str())]);
    if lines.is_empty() {
        return xml.write_event(Event::Empty(start));
    }
    xml.write_event(Event::Start(start))?;
    xml.write_event(Event::Text(BytesText::new(&printable(&lines.join("\n")))))?;
    xml.write_event(Event::End(BytesEnd::new(element)))
}

/// Removes control characters that XML does not allow.
fn printable(text: &str) -> String {
    let is_allowed = |letter: char| {
        (!letter.is_control() || matches!(letter, '\n' | '\t')) && !matches!(letter, '\u{fffe}' | '\u{ffff}')
    };
    text.chars().map(|letter| if is_allowed(letter) { letter } else { '\u{fffd}' }).collect()
}
