//! The wording of fixes.

use std::borrow::Cow;

use scs_standards::written::{markdown, visible};
use scs_standards::{Applicability, Finding, Fix, Way};

use crate::Options;
use crate::wording::brief;

/// The maximum length of a printed command. Nova allows 255 characters in names and values.
const LONGEST_COMMAND: usize = 4000;

/// The label in front of a fix.
pub(crate) const fn label(fix: &Fix) -> &'static str {
    match fix.applicability() {
        Applicability::Safe => "fix",
        Applicability::Choose => "choose",
        Applicability::Advice => "advice",
    }
}

/// `fix if it is a local SSD (destructive)`.
pub(crate) fn way_label(way: &Way) -> String {
    let when = way.when.as_deref().map_or(String::new(), |when| format!(" if {}", brief(when)));
    let warning = if way.destructive { " (destructive)" } else { "" };
    format!("fix{when}{warning}")
}

/// A command, or a note if it is too long to print: a truncated command would be a different one.
pub(crate) fn command(command: &str) -> Cow<'_, str> {
    if command.len() > LONGEST_COMMAND {
        return Cow::Borrowed("(a very long command; see the JSON output)");
    }
    visible(command)
}

/// The fix and the hint of a finding as one line of plain text; empty if there is neither.
pub(crate) fn remedy(finding: &Finding, options: &Options) -> String {
    let hint = finding.hint.as_ref().and_then(options.hint).map(|hint| format!("hint: {hint}"));
    finding.fix.as_ref().map(in_one_line).into_iter().chain(hint).collect::<Vec<_>>().join("; ")
}

/// A fix as one line of plain text.
fn in_one_line(fix: &Fix) -> String {
    let words = fix.words().map(|words| format!("{}: {words}", label(fix)));
    let ways = fix.ways().iter().map(|way| {
        let when = way.when.as_deref().map_or(String::new(), |when| format!(" if {when}"));
        let warning = if way.destructive { " (destructive)" } else { "" };
        format!("fix{when}{warning}: {}", way.command)
    });
    words.into_iter().chain(ways).collect::<Vec<_>>().join("; ")
}

/// A fix as a cell of a Markdown table.
pub(crate) fn in_markdown(fix: &Fix) -> String {
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
