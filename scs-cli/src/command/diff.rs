//! `scs diff`: what has changed between two inventories or reports.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use clap::Args;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use scs_certificates::Scope;
use scs_registry::compare::{Change, FindingChange, Trend};
use scs_registry::{
    CompareError, Comparison, Report, ScopeChoice, Selection, Standing, Subject, check, compare,
};
use scs_report::{Table, counted};
use scs_standards::written::markdown;
use scs_standards::{Context, Declarations, Profile, Verdict};

use crate::app::diagnostic::brief;
use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::files;
use crate::app::input::Source;
use crate::app::options::Common;
use crate::print::format::Format;
use crate::print::listing::{self, Medium};
use crate::source::facts::{Facts, ReadFacts};
use crate::source::inventories::{self, Inputs};
use crate::source::scope as scope_file;

/// `scs diff`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  scs diff yesterday.yaml today.yaml               what has changed between two inventories
  scs diff report.json cloud.yaml                  between an earlier report and the cloud as it is
  scs diff -f markdown old.json new.json           for an issue
  scs diff --scope-version next old.yaml new.yaml  by another version of the scope

A report is what `scs check -f json` prints. Inventories are checked now, or at the time of `--at`.
A finding is the same as long as rule, document and subject are; new wording is not a change.
Exit status: 0 nothing got worse, 1 the verdict, a test case or a finding that decides got worse,
2 an input could not be read, or the two cannot be compared.")]
pub(crate) struct Diff {
    /// The inventory or report to compare with; `-` is standard input
    #[arg(value_name = "OLD")]
    old: Source,

    /// The newer inventory or report
    #[arg(value_name = "NEW")]
    new: Source,

    /// The certificate scope, by name or as a file [default: by the kind of the inventory]
    #[arg(long, value_name = "NAME|FILE")]
    scope: Option<String>,

    /// The version of the scope that decides [default: the newest effective one]
    #[arg(long, value_name = "VERSION")]
    scope_version: Option<String>,

    /// Declarations of the provider, in addition to those of the inventories
    #[arg(long, value_name = "FILE")]
    declarations: Option<Source>,

    #[command(flatten)]
    facts: Facts,

    /// List changed notes as well
    #[arg(long)]
    all: bool,

    /// Output format
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

/// Everything that the check of an inventory rests on.
struct Basis<'a> {
    scope: Option<&'a Scope>,
    choice: ScopeChoice,
    declarations: Declarations,
    facts: ReadFacts,
    at: Timestamp,
    profile: Profile,
}

impl Diff {
    pub(crate) fn run(&self, common: &Common) -> Result<Exit, Failure> {
        let at = crate::app::at::now(common.at);
        let profile = common.profile();
        let facts = self.facts.read(at)?;
        let scope = self.scope.as_deref().map(|name| scope_file::scope(name, profile)).transpose()?;
        let mut choice = ScopeChoice::default();
        choice.version.clone_from(&self.scope_version);
        let basis = Basis {
            scope: scope.as_deref(),
            choice,
            declarations: files::declarations(self.declarations.as_ref())?,
            facts,
            at,
            profile,
        };
        let (old, new) = (basis.report(&self.old)?, basis.report(&self.new)?);
        let comparison = compare(&old, &new).map_err(|error| refused(&error))?;
        listing::print_with(
            common,
            self.format,
            &comparison,
            |width| page(&comparison, Medium::Terminal(width), self.all),
            || page(&comparison, Medium::Markdown, self.all),
        )?;
        Ok(Exit::success_if(!comparison.worse))
    }
}

impl Basis<'_> {
    /// The report that a file holds, or that the check of its inventory gives.
    fn report(&self, source: &Source) -> Result<Report, Failure> {
        let Inputs { mut inventories, mut reports } =
            inventories::inventories_and_reports(std::slice::from_ref(source))?;
        match (inventories.pop(), reports.pop(), inventories.is_empty() && reports.is_empty()) {
            (Some(given), None, true) => {
                let kind = given.inventory.kind();
                let scope = self.scope.unwrap_or_else(|| kind.scope());
                let context =
                    Context { at: self.at, profile: self.profile, declarations: &self.declarations };
                let selection = Selection::of_scope(scope, kind, context.date(), &self.choice)
                    .map_err(|error| Failure::new(error.to_string()))?;
                let name = given.inventory.subject().unwrap_or(&given.name);
                let subject = self.facts.applied(Subject::inventory(name, &given.inventory), kind);
                Ok(check(&subject, &selection, &context))
            }
            (None, Some((_, report)), true) => Ok(report),
            _ => Err(Failure::new(format!("{}: not one subject, but several or none", source.name()))
                .hint("OLD and NEW are one inventory or one report each")),
        }
    }
}

/// Why two reports cannot be compared, and what to do about it.
fn refused(error: &CompareError) -> Failure {
    let hint = match error {
        CompareError::Profiles { .. } => {
            "an inventory is checked by the profile of `--profile`; check again so that both have the same"
        }
        CompareError::Scopes { .. } => {
            "an inventory is checked against the scope of `--scope`; check again so that both have the same"
        }
        CompareError::Selections { .. } => "check again with the same `--only`, `--target` and `--all-rules`",
        _ => "compare two clouds, or two clusters",
    };
    Failure::new(error.to_string()).hint(hint)
}

/// The word for a result; `-` where there is none.
fn word(result: Option<Verdict>) -> &'static str {
    result.map_or("-", Verdict::name)
}

fn heading(text: &mut String, medium: Medium, title: &str) {
    // Writing to a string does not fail.
    let _ =
        if medium.is_markdown() { write!(text, "\n### {title}\n\n") } else { write!(text, "\n{title}\n") };
}

fn page(comparison: &Comparison, medium: Medium, all: bool) -> String {
    let Comparison { old, new, .. } = comparison;
    let is_markdown = medium.is_markdown();
    let line = |text: &str| {
        if is_markdown {
            format!("- {}\n", markdown::text(&brief(text)))
        } else {
            format!("{}\n", brief(text))
        }
    };
    let mut text = String::new();
    let verdict = if old.verdict == new.verdict {
        format!("{} (unchanged)", new.verdict)
    } else {
        format!("{} -> {}", old.verdict, new.verdict)
    };
    let _ = if is_markdown {
        write!(text, "## {}: {verdict}\n\n", markdown::text(&brief(&new.subject)))
    } else {
        writeln!(text, "{}: {verdict}\n", brief(&new.subject))
    };
    text.push_str(&medium.table(&sides(comparison)));
    if !comparison.notices.is_empty() {
        text.push('\n');
        for notice in &comparison.notices {
            text.push_str(&line(&format!("note: {notice}")));
        }
    }
    if !comparison.versions.is_empty() {
        heading(&mut text, medium, "Versions");
        for (name, change) in &comparison.versions {
            text.push_str(&line(&format!("{name}: {} -> {}", word(change.old), word(change.new))));
        }
    }
    for (trend, title) in [(Trend::Worse, "Worse"), (Trend::Better, "Better"), (Trend::Neutral, "Notes")] {
        let mut changes = comparison.findings_of(trend).peekable();
        if changes.peek().is_some() && (all || trend != Trend::Neutral) {
            heading(&mut text, medium, title);
            text.push_str(&findings(medium, changes));
        }
    }
    if !comparison.results.is_empty() {
        heading(&mut text, medium, "Test cases");
        let mut groups: BTreeMap<(Trend, &str, &str), Vec<&str>> = BTreeMap::new();
        for (case, change) in &comparison.results {
            let key = (change.trend, word(change.old), word(change.new));
            groups.entry(key).or_default().push(case);
        }
        for ((_, was, is), cases) in groups {
            let _ = if is_markdown {
                writeln!(text, "- {was} -> {is}: {}", cases.join(", "))
            } else {
                writeln!(text, "{was} -> {is}: {}", cases.join(", "))
            };
        }
    }
    text.push('\n');
    text.push_str(&summary(comparison, all));
    text
}

/// Both reports side by side.
fn sides(comparison: &Comparison) -> Table {
    let mut table = Table::new(&["", "subject", "collected", "checked for", "version", "verdict"]);
    let day = |at: Timestamp| at.to_zoned(TimeZone::UTC).date().to_string();
    for (name, side) in [("old", &comparison.old), ("new", &comparison.new)] {
        table.row([
            name.to_owned(),
            brief(&side.subject).into_owned(),
            side.collected_at.map_or_else(|| "-".to_owned(), day),
            day(side.at),
            side.decided_by.clone().unwrap_or_else(|| "-".to_owned()),
            side.verdict.to_string(),
        ]);
    }
    table
}

/// How a finding has changed: `FAIL -> PASS`, `new FAIL`, `gone FAIL`.
fn how(change: &FindingChange) -> String {
    let result = change.finding.result;
    match (change.change, change.old_result) {
        (Change::New, _) => format!("new {result}"),
        (Change::Gone, _) => format!("gone {result}"),
        (Change::Changed, Some(was)) if was != result => format!("{was} -> {result}"),
        (Change::Changed, _) => format!("changed {result}"),
    }
}

const fn weight(change: &FindingChange) -> &'static str {
    match change.weight {
        Standing::Blocks => "blocks the certificate",
        Standing::Violates => "breaks a MUST",
        Standing::Open => "open question",
        Standing::Advice => "advice",
    }
}

fn findings<'f>(medium: Medium, changes: impl Iterator<Item = &'f FindingChange>) -> String {
    let mut table = Table::new(&["Change", "Weight", "Subject", "Finding", "Rule"]);
    let mut text = String::new();
    for change in changes {
        let finding = &change.finding;
        let old = change.old_message.as_ref().filter(|old| **old != finding.message);
        if medium.is_markdown() {
            let old = old.map(|old| format!(" (was: {old})")).unwrap_or_default();
            table.row([
                how(change),
                weight(change).to_owned(),
                brief(&finding.subject).into_owned(),
                brief(&(finding.message.clone() + &old)).into_owned(),
                finding.rule.to_string(),
            ]);
            continue;
        }
        // Writing to a string does not fail.
        let _ = writeln!(
            text,
            "  {}: {}: {} ({}) [{}]",
            how(change),
            brief(&finding.subject),
            brief(&finding.message),
            weight(change),
            finding.rule
        );
        if let Some(old) = old {
            let _ = writeln!(text, "    was: {}", brief(old));
        }
    }
    if medium.is_markdown() { table.to_markdown() } else { text }
}

fn summary(comparison: &Comparison, all: bool) -> String {
    if !comparison.has_changes() {
        return "Nothing has changed.\n".to_owned();
    }
    let count = |trend: Trend| comparison.findings_of(trend).count();
    let decides = |change: &&FindingChange| change.finding.decides;
    let blocking = comparison.findings_of(Trend::Worse).filter(decides).count();
    let notes = match count(Trend::Neutral) {
        0 => String::new(),
        notes if all => format!(", {}", counted(notes, "note")),
        notes => format!(", {} (`--all` lists them)", counted(notes, "note")),
    };
    format!(
        "{} worse ({blocking} blocking), {} better{notes}.\n",
        counted(count(Trend::Worse), "finding"),
        count(Trend::Better)
    )
}
