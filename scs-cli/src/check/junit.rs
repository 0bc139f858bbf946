//! Test cases as `JUnit` XML: a suite for each subject and version.

use jiff::Timestamp;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use scs_standards::{Finding, Verdict};

use super::Subject;
use crate::checked::fix_in_one_line;
use crate::failure::Failure;

type Xml = Writer<Vec<u8>>;

/// The report.
pub(super) fn report(subjects: &[Subject<'_>], at: Timestamp) -> Result<String, Failure> {
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 2);
    write(&mut xml, subjects, at)?;
    let mut text = String::from_utf8(xml.into_inner())
        .map_err(|error| Failure::new(format!("cannot write XML: {error}")))?;
    text.push('\n');
    Ok(text)
}

fn write(xml: &mut Xml, subjects: &[Subject<'_>], at: Timestamp) -> std::io::Result<()> {
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    xml.write_event(Event::Start(BytesStart::new("testsuites").with_attributes([("name", "scs")])))?;
    for subject in subjects {
        for (name, version) in &subject.checked.versions {
            let decides = Some(name) == subject.checked.deciding.as_ref();
            let count =
                |wanted: Verdict| version.results.values().filter(|it| **it == wanted).count().to_string();
            let title = printable(&format!("{} {name}: {}", subject.scope.name(), subject.name));
            let stamp = at.to_string();
            let suite = BytesStart::new("testsuite").with_attributes([
                ("name", title.as_str()),
                ("timestamp", stamp.trim_end_matches('Z')),
                ("tests", version.results.len().to_string().as_str()),
                ("failures", count(Verdict::Fail).as_str()),
                ("errors", count(Verdict::Dnf).as_str()),
                ("skipped", count(Verdict::Miss).as_str()),
            ]);
            xml.write_event(Event::Start(suite))?;
            for (id, verdict) in &version.results {
                let class = format!("{}.{name}", subject.scope.slug());
                let case = BytesStart::new("testcase")
                    .with_attributes([("classname", class.as_str()), ("name", id)]);
                let element = match verdict {
                    Verdict::Pass => {
                        xml.write_event(Event::Empty(case))?;
                        continue;
                    }
                    Verdict::Fail => "failure",
                    Verdict::Dnf => "error",
                    Verdict::Miss => "skipped",
                };
                xml.write_event(Event::Start(case))?;
                // The findings are those of the version that decides.
                let findings: Vec<&Finding> = subject
                    .checked
                    .findings()
                    .filter(|it| decides && it.test_case == Some(id.as_str()) && it.result == *verdict)
                    .collect();
                explained(xml, element, &findings, reason(subject, id))?;
                xml.write_event(Event::End(BytesEnd::new("testcase")))?;
            }
            xml.write_event(Event::End(BytesEnd::new("testsuite")))?;
        }
    }
    xml.write_event(Event::End(BytesEnd::new("testsuites")))
}

/// Why no rule answers a test case.
fn reason<'s>(subject: &'s Subject<'_>, id: &str) -> Option<&'s str> {
    subject.checked.unanswered.iter().find(|(known, _)| known == id).map(|(_, reason)| *reason)
}

/// The most findings that are told of a test case.
const MOST_TOLD: usize = 50;

fn explained(
    xml: &mut Xml,
    element: &str,
    findings: &[&Finding],
    reason: Option<&str>,
) -> std::io::Result<()> {
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
    let message = reason.map(str::to_owned).or_else(|| lines.first().cloned()).unwrap_or_default();
    let message = printable(message.lines().next().unwrap_or_default());
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
