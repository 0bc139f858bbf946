//! `scs k8s versions`: which Kubernetes versions a provider has to offer, and by when.

use std::fmt::Write;

use clap::Args;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use schemars::JsonSchema;
use scs_k8s_policy::{BranchForecast, K8sVersion, OfferedVersion, Step, forecast};
use scs_registry::{Inventory, Kind};
use scs_standards::{Given, Hint};
use serde::Serialize;

use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::input::Source;
use crate::app::options::Common;
use crate::print::format::Format;
use crate::print::hint::worded;
use crate::print::listing;
use crate::source::facts::{Facts, ReadFacts};
use crate::source::inventories::read_inventory;
use scs_report::Table;

/// `scs k8s versions`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  scs k8s versions                                 required branches and dates
  scs k8s versions --offered v1.36.4,v1.35.9       when to replace each of them
  scs k8s versions --inventory cluster.json        use its `offered_versions`
  scs k8s versions --k8s-releases releases.json --offered v1.36.4
                                                   with newer release data

Months are calendar months, and the last day of a branch is included (scs-0210-v2, Decision).

Exit status: 0 nothing is overdue, 1 something is overdue or unknown, 2 an input could not be read.")]
pub(crate) struct Versions {
    /// Offered versions, separated by commas
    #[arg(long, value_name = "VERSION", value_delimiter = ',', value_parser = version)]
    offered: Vec<K8sVersion>,

    /// Inventory of a cluster, to add its `offered_versions`; `-` is standard input
    #[arg(long, value_name = "INVENTORY")]
    inventory: Option<Source>,

    #[command(flatten)]
    facts: Facts,

    /// Output format
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

fn version(text: &str) -> Result<K8sVersion, String> {
    text.parse().map_err(|error| format!("{error}"))
}

/// A Kubernetes branch.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "A branch in the output of `scs k8s versions`")]
pub(crate) struct Row {
    branch: String,
    /// The newest known release.
    newest: Option<String>,
    /// The offered versions of the branch.
    offered: Vec<String>,
    /// maintained, ended or unknown.
    state: &'static str,
    /// The last day of maintenance by the project.
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    end_of_life: Option<Date>,
    /// The next action.
    next: Option<NextStep>,
    /// Missing data, and how to supply them.
    unknown: Option<String>,
    /// The data that would help.
    #[serde(skip)]
    hints: Vec<Hint>,
}

/// An action with a deadline.
#[derive(Serialize, JsonSchema)]
struct NextStep {
    /// The rule that is broken after the deadline.
    rule: &'static str,
    /// The deadline.
    #[schemars(with = "String", extend("format" = "date-time"))]
    until: Timestamp,
    /// Whether the deadline has passed.
    overdue: bool,
    /// The version to offer; null to stop offering the branch.
    offer: Option<String>,
    /// The critical CVE that the version fixes, if that is the reason.
    cve: Option<String>,
}

impl NextStep {
    fn of(step: Step, at: Timestamp) -> Self {
        let overdue = step.is_overdue(at);
        let Step { rule, until, offer, cve } = step;
        Self { rule, until, overdue, offer: offer.map(|version| version.to_string()), cve }
    }

    fn in_words(&self) -> String {
        let what = match &self.offer {
            Some(version) => format!("offer {version}"),
            None => "stop offering it".to_owned(),
        };
        let why = self.cve.as_ref().map(|cve| format!(", fixes {cve}")).unwrap_or_default();
        format!("{what}{why} [{}]", self.rule)
    }
}

impl Row {
    fn of(branch: BranchForecast, at: Timestamp) -> Self {
        let state = match branch.end_of_life {
            _ if branch.has_ended => "ended",
            Some(_) => "maintained",
            None => "unknown",
        };
        Self {
            branch: branch.branch.to_string(),
            newest: branch.newest.map(|version| version.to_string()),
            offered: branch.offered.iter().map(ToString::to_string).collect(),
            state,
            end_of_life: branch.end_of_life,
            next: branch.next.map(|step| NextStep::of(step, at)),
            unknown: branch.unknown,
            hints: branch.hints,
        }
    }
}

impl Versions {
    pub(crate) fn run(&self, common: &Common) -> Result<Exit, Failure> {
        let at = crate::app::at::now(common.at);
        let ReadFacts { facts, left_out, later, of_clusters, .. } = self.facts.read(at)?;
        let mut offered: Vec<OfferedVersion> =
            self.offered.iter().cloned().map(OfferedVersion::new).collect();
        let mut notices = left_out;
        if let Some(source) = &self.inventory {
            let (listed, broken) = offered_in_inventory(source)?;
            offered.extend(listed);
            notices.extend(broken);
        }
        // Entries dated after the check do not make the result incomplete, and neither do the origins of facts.
        let is_complete = notices.is_empty();
        notices.extend(later.into_iter().chain(of_clusters));
        let rows: Vec<Row> =
            forecast(&facts, &offered, at).into_iter().map(|branch| Row::of(branch, at)).collect();
        let text = |width| in_words(&rows, &notices, facts.releases_as_of(at), at, width);
        listing::print_with(common, self.format, &rows, text, || as_table(&rows).to_markdown())?;
        let is_ok = |row: &Row| row.unknown.is_none() && row.next.as_ref().is_none_or(|next| !next.overdue);
        Ok(Exit::success_if(rows.iter().all(is_ok) && is_complete))
    }
}

/// Reads the offered versions of an inventory, with a notice for each unreadable one.
fn offered_in_inventory(source: &Source) -> Result<(Vec<OfferedVersion>, Vec<String>), Failure> {
    let name = source.name();
    let inventory: Inventory = read_inventory(source)?;
    if inventory.kind() != Kind::Cluster {
        return Err(Failure::new(format!("{name} is about a cloud"))
            .hint("Kubernetes versions are in an inventory with `kind: cluster`"));
    }
    match inventory.given("offered_versions").read(OfferedVersion::read_list) {
        Given::Missing => Err(Failure::new(format!("{name} has no `offered_versions`"))
            .hint("add the list of all offered versions, or use `--offered`")),
        Given::Unusable(reason) => Err(Failure::new(format!("{name}: `offered_versions`: {reason}"))),
        Given::Data(listed) => {
            let (offered, broken) = listed.into_parts();
            let broken = broken.iter().map(|broken| format!("{name}: `offered_versions`: {broken}"));
            Ok((offered, broken.collect()))
        }
    }
}

fn day(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).date().to_string()
}

fn in_words(
    rows: &[Row],
    notices: &[String],
    as_of: Option<Timestamp>,
    at: Timestamp,
    width: usize,
) -> String {
    // Writing to a string does not fail.
    let mut text = String::new();
    for notice in notices {
        let _ = writeln!(text, "note: {notice}");
    }
    text.push_str(&as_table(rows).to_text(width));
    let as_of = as_of.map_or_else(|| "an unknown day".to_owned(), day);
    let now: Zoned = at.to_zoned(TimeZone::UTC);
    let _ = writeln!(text, "\nAs of {}; release data up to {as_of}. Past dates are overdue.", now.date());
    for row in rows {
        if let Some(unknown) = &row.unknown {
            let _ = writeln!(text, "{}: {unknown}", row.branch);
        }
    }
    let mut hints: Vec<String> = rows.iter().flat_map(|row| &row.hints).filter_map(worded).collect();
    hints.dedup();
    for hint in hints {
        let _ = writeln!(text, "hint: {hint}");
    }
    text
}

fn as_table(rows: &[Row]) -> Table {
    let mut table = Table::new(&["branch", "newest patch", "offered", "act by", "end of life", "next step"]);
    for row in rows {
        let or_dash =
            |text: Option<String>| text.filter(|text| !text.is_empty()).unwrap_or_else(|| "-".to_owned());
        let until = row
            .next
            .as_ref()
            .map(|next| format!("{}{}", day(next.until), if next.overdue { " (overdue)" } else { "" }));
        table.row([
            row.branch.clone(),
            or_dash(row.newest.clone()),
            or_dash(Some(row.offered.join(", "))),
            or_dash(until),
            or_dash(row.end_of_life.map(|end| end.to_string())),
            or_dash(row.next.as_ref().map(NextStep::in_words)),
        ]);
    }
    table
}
