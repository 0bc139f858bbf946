//! Test cases as `JUnit` XML: a suite for each subject, with the version that decides.

use jiff::Timestamp;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use scs_registry::CheckedVersion;
use scs_standards::{Finding, Verdict};

use super::Subject;
use crate::checked::fix_in_one_line;
use crate::failure::Failure;

type Xml = Writer<Vec<u8>>;

/// The report; `all` versions, or the one that decides.
pub(super) fn report(subjects: &[Subject<'_>], at: Timestamp, all: bool) -> Result<String, Failure> {
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 2);
    write(&mut xml, subjects, at, all)?;
    let mut text = String::from_utf8(xml.into_inner())
        .map_err(|error| Failure::new(format!("cannot write XML: {error}")))?;
    text.push('\n');
    Ok(text)
}

fn write(xml: &mut Xml, subjects: &[Subject<'_>], at: Timestamp, all: bool) -> std::io::Result<()> {
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    xml.write_event(Event::Start(BytesStart::new("testsuites").with_attributes([("name", "scs")])))?;
    for subject in subjects {
        for (name, version) in &subject.checked.versions {
            let decides = Some(name) == subject.checked.deciding.as_ref();
            if decides || all {
                suite(xml, subject, name, version, decides, at)?;
            }
        }
        if subject.checked.deciding.is_none() {
            undecided(xml, subject)?;
        }
    }
    xml.write_event(Event::End(BytesEnd::new("testsuites")))
}

/// A subject of which no version of the scope can be passed.
fn undecided(xml: &mut Xml, subject: &Subject<'_>) -> std::io::Result<()> {
    let title = printable(&format!("{}: {}", subject.scope.name(), subject.name));
    let suite = BytesStart::new("testsuite").with_attributes([
        ("name", title.as_str()),
        ("tests", "1"),
        ("failures", "0"),
        ("errors", "1"),
        ("skipped", "0"),
    ]);
    xml.write_event(Event::Start(suite))?;
    let case = BytesStart::new("testcase").with_attributes([("name", subject.scope.slug().as_str())]);
    xml.write_event(Event::Start(case))?;
    explained(xml, "error", &[], "no version of the scope is effective, so nothing can be passed")?;
    xml.write_event(Event::End(BytesEnd::new("testcase")))?;
    xml.write_event(Event::End(BytesEnd::new("testsuite")))
}

/// A test case, or a rule that decides without one.
struct Case<'a> {
    name: &'a str,
    result: Verdict,
    findings: Vec<&'a Finding>,
    /// What is said where no finding says it.
    reason: String,
}

fn suite(
    xml: &mut Xml,
    subject: &Subject<'_>,
    name: &str,
    version: &CheckedVersion,
    decides: bool,
    at: Timestamp,
) -> std::io::Result<()> {
    let cases: Vec<Case<'_>> = version
        .results
        .iter()
        .map(|(id, result)| case(subject, id, *result, decides))
        .chain(version.deciding_rules.iter().map(|id| rule(subject, name, id, decides)))
        .collect();
    let cases: Vec<Case<'_>> = cases.into_iter().chain(of_version(name, version)).collect();
    let count = |wanted: Verdict| cases.iter().filter(|case| case.result == wanted).count().to_string();
    let title = printable(&format!("{} {name}: {}", subject.scope.name(), subject.name));
    let stamp = at.to_string();
    let suite = BytesStart::new("testsuite").with_attributes([
        ("name", title.as_str()),
        ("timestamp", stamp.trim_end_matches('Z')),
        ("tests", cases.len().to_string().as_str()),
        ("failures", count(Verdict::Fail).as_str()),
        ("errors", count(Verdict::Dnf).as_str()),
        ("skipped", count(Verdict::Miss).as_str()),
    ]);
    xml.write_event(Event::Start(suite))?;
    for Case { name: id, result, findings, reason } in &cases {
        let class = format!("{}.{name}", subject.scope.slug());
        let case = BytesStart::new("testcase").with_attributes([("classname", class.as_str()), ("name", id)]);
        let element = match result {
            Verdict::Pass => {
                xml.write_event(Event::Empty(case))?;
                continue;
            }
            Verdict::Fail => "failure",
            Verdict::Dnf => "error",
            Verdict::Miss => "skipped",
        };
        xml.write_event(Event::Start(case))?;
        explained(xml, element, findings, reason)?;
        xml.write_event(Event::End(BytesEnd::new("testcase")))?;
    }
    xml.write_event(Event::End(BytesEnd::new("testsuite")))
}

/// The version itself, where nothing else is red although it did not pass: programs that read this take what was skipped for good.
fn of_version<'a>(name: &'a str, version: &CheckedVersion) -> Option<Case<'a>> {
    let is_red = |result: &Verdict| matches!(result, Verdict::Fail | Verdict::Dnf);
    let is_told = version.results.values().any(is_red) || !version.deciding_rules.is_empty();
    if version.verdict == Verdict::Pass || (is_told && version.because.is_none()) {
        return None;
    }
    let reason = version.because.clone().unwrap_or_else(|| {
        format!("the verdict of {name} is {}: data are missing that it asks for", version.verdict)
    });
    Some(Case { name, result: Verdict::Dnf, findings: Vec::new(), reason })
}

/// A test case. The findings are those of the version that decides.
fn case<'a>(subject: &'a Subject<'_>, id: &'a str, result: Verdict, decides: bool) -> Case<'a> {
    let own =
        |finding: &&Finding| decides && finding.test_case.as_deref() == Some(id) && finding.result == result;
    let reason = match subject.checked.reason(id).filter(|_| decides) {
        Some(reason) => reason.to_owned(),
        None if decides => format!("{result}, without a finding"),
        None => format!("{result}; this version does not decide, so its findings are not told"),
    };
    Case { name: id, result, findings: subject.checked.findings().filter(own).collect(), reason }
}

/// A rule that decides without a test case.
fn rule<'a>(subject: &'a Subject<'_>, version: &str, id: &'a str, decides: bool) -> Case<'a> {
    let own = |(finding, blocks): &(&Finding, bool)| decides && *blocks && finding.rule == id;
    let findings: Vec<&Finding> =
        subject.checked.decided_findings().filter(own).map(|(finding, _)| finding).collect();
    let result = Verdict::topmost(findings.iter().map(|finding| finding.result)).unwrap_or(Verdict::Fail);
    Case { name: id, result, findings, reason: format!("a MUST of {version} is not met") }
}

/// The most findings that are told of a test case.
const MOST_TOLD: usize = 50;

fn explained(xml: &mut Xml, element: &str, findings: &[&Finding], reason: &str) -> std::io::Result<()> {
    let mut lines: Vec<String> = findings
        .iter()
        .take(MOST_TOLD)
        .map(|finding| {
            let fix =
                finding.fix.as_ref().map(|fix| format!("\n  {}", fix_in_one_line(fix))).unwrap_or_default();
            format!(
                "{}: {} [{}, {}]{fix}",
                finding.subject, finding.message, finding.document, finding.section
            )
        })
        .collect();
    if findings.len() > MOST_TOLD {
        lines.push(format!("… and {} more", findings.len() - MOST_TOLD));
    }
    let message = lines.first().map_or(reason, String::as_str);
    let message = printable(message.lines().next().unwrap_or(reason));
    let start = BytesStart::new(element).with_attributes([("message", message.as_str())]);
    if lines.is_empty() {
        return xml.write_event(Event::Empty(start));
    }
    xml.write_event(Event::Start(start))?;
    xml.write_event(Event::Text(BytesText::new(&printable(&lines.join("\n")))))?;
    xml.write_event(Event::End(BytesEnd::new(element)))
}

/// Without the control characters that XML has no place for.
fn printable(text: &str) -> String {
    let allowed = |letter: char| !letter.is_control() || matches!(letter, '\n' | '\t');
    text.chars()
        .map(
            |letter| {
                if allowed(letter) && !matches!(letter, '\u{fffe}' | '\u{ffff}') {
                    letter
                } else {
                    '\u{fffd}'
                }
            },
        )
        .collect()
}
