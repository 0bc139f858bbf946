//! `scs calendar`: what is due, expires or changes on which day.

use std::fmt::Write as _;
use std::io::Write as _;

use clap::{Args, ValueEnum};
use icalendar::{Component, Event, Property};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Unit};
use scs_certificates::Scope;
use scs_k8s_policy::KubernetesFacts;
use scs_registry::{Calendar, CalendarEvent, Kind, Report, calendar, calendar_of_report};
use scs_report::{Table, counted};
use scs_standards::written::visible;
use scs_standards::{Context, Declarations};
use uuid::Uuid;

use crate::app::days::days;
use crate::app::diagnostic::brief;
use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::files;
use crate::app::input::Source;
use crate::app::options::Common;
use crate::app::output::Output;
use crate::print::format::Format;
use crate::print::listing;
use crate::source::facts::Facts;
use crate::source::inventories::{self, Given, Inputs};
use crate::source::scope as scope_file;

/// `scs calendar`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  scs calendar cloud.yaml                          what is overdue, and what is due within 90 days
  scs calendar --horizon 2w cloud.yaml cluster.yaml
                                                   several subjects, the next two weeks
  scs calendar --subject my-cloud images.json --declarations declarations.yaml
                                                   parts of an inventory, as clients print them
  scs calendar report.json                         when the results of an earlier check expire
  scs calendar -f ics -o scs.ics cloud.yaml        for a calendar program

A date is the last day on which everything is still in order, so act by then. Overdue events come
first. Ends of images and changes of the scope are announced as well; they are not deadlines.
Exit status: 0 nothing is overdue or due within the horizon, 1 something is, 2 an input could not be
read.")]
pub(crate) struct CalendarOf {
    /// Inventories, parts of them, reports of `scs check -f json`, or directories of such files; `-` is standard input
    #[arg(value_name = "INPUT", required = true)]
    inputs: Vec<Source>,

    /// How many days to look ahead
    #[arg(long, value_name = "DAYS", value_parser = days, default_value = "90d")]
    horizon: u32,

    /// The certificate scope, by name or as a file [default: by the kind of the inventory]
    #[arg(long, value_name = "NAME|FILE")]
    scope: Option<String>,

    /// Name of the subject [default: as the inventory or its file is]
    #[arg(long, value_name = "NAME")]
    subject: Option<String>,

    /// Declarations of the provider, in addition to those of the inventory
    #[arg(long, value_name = "FILE")]
    declarations: Option<Source>,

    #[command(flatten)]
    facts: Facts,

    /// Output format
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    format: CalendarFormat,
}

/// The format of a calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum CalendarFormat {
    /// Text for people
    Text,
    /// JSON (scs/calendar/1)
    Json,
    /// Same data as json, in YAML
    Yaml,
    /// Markdown table
    Markdown,
    /// All-day events in iCalendar format
    Ics,
}

impl CalendarOf {
    pub(crate) fn run(&self, common: &Common) -> Result<Exit, Failure> {
        let at = crate::app::at::now(common.at);
        let profile = common.profile();
        let declarations = files::declarations(self.declarations.as_ref())?;
        let read = self.facts.read(at)?;
        let scope = self.scope.as_deref().map(|name| scope_file::scope(name, profile)).transpose()?;
        let Inputs { inventories, reports } = inventories::inventories_and_reports(&self.inputs)?;
        if self.subject.is_some() && inventories.len() > 1 {
            return Err(Failure::new("`--subject` names one subject, but several inventories are given")
                .hint("give each inventory a key `subject`"));
        }
        let none = Declarations::default();
        let context = Context { at, profile, declarations: &none };
        let mut all = Calendar::empty(at, self.horizon);
        let mut has_cluster = false;
        for Given { name, inventory, .. } in inventories {
            let kind = inventory.kind();
            has_cluster |= kind == Kind::Cluster;
            let name = self.subject.clone().or(inventory.subject().map(str::to_owned)).unwrap_or(name);
            let inventory = inventory.with_subject(name).with_declarations(&declarations);
            let scope = scope.as_deref().unwrap_or_else(|| kind.scope());
            all = all.and(calendar(&inventory, scope, &read.facts, &context, self.horizon));
        }
        for (file, report) in &reports {
            let scope = scope_of(file, report, scope.as_deref())?;
            all = all.and(calendar_of_report(report, scope, at, self.horizon));
        }
        if has_cluster {
            all.notices.extend(read.notices());
        }
        let format = match self.format {
            CalendarFormat::Text => Format::Text,
            CalendarFormat::Json => Format::Json,
            CalendarFormat::Yaml => Format::Yaml,
            CalendarFormat::Markdown => Format::Markdown,
            CalendarFormat::Ics => {
                let mut output = Output::open(common.output.as_deref())?;
                // Its lines end with a carriage return, which no other text has.
                output.write_all(as_icalendar(&all).as_bytes())?;
                output.finish()?;
                return Ok(Exit::success_if(!all.has_deadlines()));
            }
        };
        let facts = has_cluster.then_some(&read.facts);
        let text = |width| in_words(&all, facts, width);
        listing::print_with(common, format, &all, text, || as_table(&all).to_markdown())?;
        Ok(Exit::success_if(!all.has_deadlines()))
    }
}

/// The scope of a report: the given one, which has to be the same, or the one of the program.
fn scope_of<'s>(file: &str, report: &Report, given: Option<&'s Scope>) -> Result<&'s Scope, Failure> {
    let Some(about) = &report.scope else {
        return Err(Failure::new(format!(
            "{file}: the report is not about a scope, so its results do not expire"
        ))
        .hint("use a report of `scs check -f json`"));
    };
    let is_same = |scope: &&Scope| scope.uuid().eq_ignore_ascii_case(&about.uuid);
    match given {
        Some(given) if is_same(&given) => Ok(given),
        Some(given) => Err(Failure::new(format!(
            "{file}: the report is about {}, not about {}",
            about.name,
            given.name()
        ))
        .hint("name the scope of the report with `--scope`, or leave it out")),
        None => Scope::embedded().into_iter().find(is_same).ok_or_else(|| {
            Failure::new(format!("{file}: the scope {} ({}) is not built in", about.name, about.uuid))
                .hint("name its file with `--scope FILE`")
        }),
    }
}

/// The UTC day of a moment.
fn day(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}

fn in_words(calendar: &Calendar, facts: Option<&KubernetesFacts>, width: usize) -> String {
    // Writing to a string does not fail.
    let mut text = String::new();
    for notice in &calendar.notices {
        let _ = writeln!(text, "note: {}", brief(notice));
    }
    let today = day(calendar.at);
    if calendar.events.is_empty() {
        let _ = writeln!(text, "nothing is overdue or due by {}", calendar.until);
    } else {
        text.push_str(&as_table(calendar).to_text(width));
        let overdue = calendar.events.iter().filter(|event| event.overdue).count();
        let due = calendar.events.iter().filter(|event| event.deadline && !event.overdue).count();
        let more = calendar.events.len() - overdue - due;
        let more = if more == 0 { String::new() } else { format!(", {} announced", counted(more, "change")) };
        let _ = writeln!(
            text,
            "\nAs of {today}: {overdue} overdue, {due} due by {}{more}. Deadlines include their date.",
            calendar.until
        );
    }
    if let Some(as_of) = facts.and_then(|facts| facts.releases_as_of(calendar.at)) {
        let _ = writeln!(text, "Kubernetes release data up to {}.", day(as_of));
    }
    text
}

fn as_table(calendar: &Calendar) -> Table {
    let today = day(calendar.at);
    let is_one = calendar.events.windows(2).all(|pair| pair[0].of == pair[1].of);
    let mut table = Table::new(&["date", "due", "kind", "subject", "what happens", "what to do"]);
    for event in &calendar.events {
        let subject = if is_one { event.subject.clone() } else { format!("{}: {}", event.of, event.subject) };
        table.row([
            event.date.to_string(),
            when(event, today),
            event.kind.to_string(),
            brief(&subject).into_owned(),
            brief(&event.event).into_owned(),
            event.action.as_deref().map_or_else(|| "-".to_owned(), |action| brief(action).into_owned()),
        ]);
    }
    table
}

/// How far away an event is.
fn when(event: &CalendarEvent, today: Date) -> String {
    if event.overdue {
        return "overdue".to_owned();
    }
    let days = today.until((Unit::Day, event.date)).map_or(0, |span| span.get_days());
    match days {
        0 => "today".to_owned(),
        1 => "in 1 day".to_owned(),
        days => format!("in {days} days"),
    }
}

/// The calendar in iCalendar format (RFC 5545): an all-day event for each, which keeps its UID as long as it is the same.
fn as_icalendar(calendar: &Calendar) -> String {
    let mut document = icalendar::Calendar::empty();
    document
        .append_property(Property::new("VERSION", "2.0"))
        .append_property(Property::new("PRODID", concat!("-//scs//scs ", env!("CARGO_PKG_VERSION"), "//EN")))
        .append_property(Property::new("CALSCALE", "GREGORIAN"))
        .name("SCS");
    let stamp = calendar.at.strftime("%Y%m%dT%H%M%SZ").to_string();
    for event in &calendar.events {
        document.push(as_icalendar_event(event, &stamp));
    }
    document.to_string()
}

fn as_icalendar_event(event: &CalendarEvent, stamp: &str) -> Event {
    // Control characters are spelled out: iCalendar has no place for them.
    let CalendarEvent { of, subject, event: what, action, rule, .. } = event;
    let late = if event.overdue { "overdue: " } else { "" };
    let summary = format!("{late}{subject}: {what} ({of})");
    let action = action.as_ref().map(|action| format!("{}\n", visible(action)));
    let rule = rule.as_ref().map(|rule| format!("rule: {}\n", visible(rule)));
    let description = [action, rule].into_iter().flatten().collect::<String>();
    let mut written = Event::new();
    written
        .uid(&uid(event).to_string())
        .summary(&visible(&summary))
        .description(description.trim_end())
        .append_property(Property::new("DTSTAMP", stamp))
        .append_property(
            Property::new("DTSTART", event.date.strftime("%Y%m%d").to_string())
                .add_parameter("VALUE", "DATE")
                .done(),
        )
        .append_property(Property::new("CATEGORIES", event.kind.name()))
        .append_property(Property::new("TRANSP", "TRANSPARENT"));
    written.done()
}

/// The hash of an event: of what it is about and its day, not of when it was computed.
fn uid(event: &CalendarEvent) -> Uuid {
    let date = event.date.to_string();
    let facts = [&event.of, event.kind.name(), &date, &event.subject, &event.event];
    Uuid::new_v5(&Uuid::NAMESPACE_URL, facts.join("\0").as_bytes())
}
