//! `scs facts list`: the dated facts, their age, and what to do about it.

use std::fmt::Write;

use clap::Args;
use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use scs_facts::{FACTS, Fact, Freshness, Key, Stored};
use scs_image_metadata::ImageData;
use scs_registry::embedded_facts;
use scs_report::{Table, counted};
use serde::Serialize;

use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::options::Common;
use crate::print::format::Format;
use crate::print::listing;
use crate::source::facts::Facts;
use crate::source::fetched::{day, differences, embedded_as_of, ignored, short, store};

/// `scs facts list`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  scs facts list                                   how old is everything that checks rest on?
  scs facts list --at 2027-03-01                   will it still be fresh enough in March?
  scs facts list -f json                           for monitoring
  scs facts list --facts embedded                  only the data of this program

The newest of built-in, fetched and given facts counts. Facts about Kubernetes are fresh for 45 days; \
afterwards, rules that a newer fact could turn are DNF.

Exit status: 0 all facts are fresh enough, 1 a fact is too old, missing or unusable, 2 a file could not be read.")]
pub(crate) struct List {
    #[command(flatten)]
    facts: Facts,

    /// Output format
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

/// The output of `scs facts list -f json`.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "The output of `scs facts list`")]
pub(crate) struct Document {
    /// scs/facts/1.
    schema: &'static str,
    /// The time for which the ages are.
    #[schemars(with = "String", extend("format" = "date-time"))]
    at: Timestamp,
    /// The directory of fetched facts; null if there is no home directory.
    directory: Option<String>,
    /// The facts: first those that can be fetched.
    facts: Vec<Row>,
}

/// Where a fact comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Origin {
    /// Part of the program.
    Embedded,
    /// Fetched by `scs facts update`.
    Fetched,
    /// A file on the command line.
    Given,
    /// There is none.
    None,
}

impl Origin {
    const fn name(self) -> &'static str {
        match self {
            Self::Embedded => "embedded",
            Self::Fetched => "fetched",
            Self::Given => "given",
            Self::None => "-",
        }
    }
}

/// A fact.
#[derive(Serialize, JsonSchema)]
struct Row {
    /// Its name on the command line.
    key: &'static str,
    /// What it is.
    name: String,
    /// The date of the newest entry, or of the edition.
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    as_of: Option<Date>,
    /// Its age in days; negative if it is newer than `at`.
    age_days: Option<i64>,
    origin: Origin,
    /// Its file, unless it is embedded.
    file: Option<String>,
    /// Where it comes from.
    source: Option<String>,
    /// The documents whose rules rest on it.
    documents: Vec<&'static str>,
    /// Whether it is fresh enough; null if its age does not matter.
    fresh: Option<bool>,
    /// The last day on which it is fresh enough.
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    fresh_until: Option<Date>,
    /// What to run for a newer one; null if that is not needed.
    run: Option<String>,
    /// Differences of an official scope file from the built-in one, which checks use.
    differences: Vec<String>,
    /// Notices, such as a file that is ignored.
    notices: Vec<String>,
}

/// Facts that cannot be fetched, by the name of their list in the registry, with what rests on them.
const EMBEDDED: [(&str, &str, &[&str]); 6] = [
    ("documents", "standards and scopes", &["scs-0001-v1", "scs-0002-v2"]),
    ("conformance", "Kubernetes conformance tests", &["scs-0201-v1", "scs-0219-v1"]),
    ("distributions", "distributions", &["scs-0102-v1", "scs-0102-v2", "scs-0104-v2"]),
    ("standard-images", "standard images", &["scs-0104-v1"]),
    ("openstack-values", "OpenStack's values of image properties", &["scs-0102-v1", "scs-0102-v2"]),
    ("openstack-releases", "OpenStack releases", &["scs-0124-v1"]),
];

impl List {
    pub(crate) fn run(&self, common: &Common) -> Result<Exit, Failure> {
        let at = crate::app::at::now(common.at);
        // Given files are read as a check would read them.
        let read = self.facts.read(at)?;
        let mut rows: Vec<Row> = FACTS.iter().map(|fact| self.row(fact, at)).collect();
        for row in &mut rows {
            if row.origin != Origin::Given {
                continue;
            }
            let as_of = match row.key {
                "kubernetes-releases" => read.facts.releases_as_of(at),
                "kubernetes-cves" => read.facts.cves_as_of(at),
                _ => None,
            };
            let as_of = as_of.map(day);
            let key: Option<Key> = row.key.parse().ok();
            let until = as_of.zip(key).and_then(|(as_of, key)| key.fact().freshness.until(as_of));
            row.dated(as_of, until, at);
        }
        let embedded = embedded_facts();
        for (key, name, documents) in EMBEDDED {
            let facts = embedded.iter().find(|facts| facts.name == name);
            let mut row = Row::new(key, name, documents);
            row.origin = Origin::Embedded;
            row.source = facts.and_then(|facts| facts.source.clone());
            row.dated(facts.and_then(|facts| facts.as_of), None, at);
            rows.push(row);
        }
        let is_fresh = |row: &Row| row.fresh != Some(false) && row.notices.is_empty();
        let success = rows.iter().all(is_fresh);
        let directory = store().map(|store| store.directory().display().to_string());
        let document = Document { schema: "scs/facts/1", at, directory, facts: rows };
        listing::print_with(
            common,
            self.format,
            &document,
            |width| document.in_words(width),
            || document.table().to_markdown(),
        )?;
        Ok(Exit::success_if(success))
    }

    fn row(&self, fact: &Fact, at: Timestamp) -> Row {
        let mut row = Row::new(fact.key.name(), fact.name, fact.documents);
        let embedded = embedded_as_of(fact.key);
        let stored = self.facts.fetched().stored(fact.key).unwrap_or_else(|broken| {
            row.notices.push(ignored(&broken));
            None
        });
        if let Some((_, file)) = self.facts.given().find(|(key, _)| *key == fact.key) {
            row.origin = Origin::Given;
            row.file = Some(file.name());
            // The date of a list of ends of life is unknown, so its age does not matter.
            return row;
        }
        let newer =
            stored.filter(|stored| embedded.is_none_or(|embedded| day(stored.metadata.as_of) >= embedded));
        if let Some(stored) = newer {
            row.fetched(fact, &stored, at);
        } else {
            row.embedded(fact, embedded, at);
        }
        if row.fresh == Some(false) || !row.notices.is_empty() {
            row.run = Some(format!("scs facts update {}", fact.key));
        }
        row
    }
}

impl Row {
    fn new(key: &'static str, name: &str, documents: &[&'static str]) -> Self {
        Self {
            key,
            name: name.to_owned(),
            as_of: None,
            age_days: None,
            origin: Origin::None,
            file: None,
            source: None,
            documents: documents.to_vec(),
            fresh: None,
            fresh_until: None,
            run: None,
            differences: Vec::new(),
            notices: Vec::new(),
        }
    }

    fn embedded(&mut self, fact: &Fact, as_of: Option<Date>, at: Timestamp) {
        let is_embedded = fact.embedded().is_some();
        self.origin = if is_embedded { Origin::Embedded } else { Origin::None };
        let until = match fact.key {
            Key::DistributionReleases => Some(ImageData::embedded().releases.complete_until),
            _ => as_of.and_then(|as_of| fact.freshness.until(as_of)),
        };
        self.source = fact.sources.first().map(|source| short(source.url()).to_owned());
        self.dated(as_of, until, at);
        // Without any, rules are DNF as with old ones.
        if !is_embedded {
            self.fresh = Some(false);
        }
    }

    fn fetched(&mut self, fact: &Fact, stored: &Stored, at: Timestamp) {
        self.origin = Origin::Fetched;
        self.file = Some(stored.path.display().to_string());
        self.source = Some(short(&stored.metadata.source).to_owned());
        self.differences = differences(stored);
        let as_of = day(stored.metadata.as_of);
        let until = match fact.freshness {
            Freshness::Stated => stored.summary.complete_until,
            freshness => freshness.until(as_of),
        };
        self.dated(Some(as_of), until, at);
    }

    fn dated(&mut self, as_of: Option<Date>, until: Option<Date>, at: Timestamp) {
        let today = day(at);
        self.as_of = as_of;
        self.age_days =
            as_of.and_then(|as_of| as_of.until(today).ok()).map(|span| i64::from(span.get_days()));
        self.fresh_until = until;
        self.fresh = until.map(|until| today <= until);
    }

    fn origin_in_words(&self) -> String {
        match (self.origin, &self.file) {
            (Origin::Given, Some(file)) => file.clone(),
            (origin, _) => origin.name().to_owned(),
        }
    }

    /// The host of the source, or the name of its repository.
    fn source_in_words(&self) -> Option<String> {
        let source = self.source.as_deref()?;
        let host = source.split('/').next().unwrap_or_default();
        let shown =
            if host.contains(['.', ':']) { host } else { source.split(' ').next().unwrap_or_default() };
        Some(shown.to_owned())
    }

    fn freshness(&self) -> String {
        match (self.fresh, self.fresh_until) {
            (Some(true), Some(until)) => until.to_string(),
            (Some(false), Some(until)) => format!("{until} (past)"),
            (Some(false), None) => "missing".to_owned(),
            _ => "-".to_owned(),
        }
    }
}

impl Document {
    fn table(&self) -> Table {
        self.table_with(&["fact", "as of", "age", "fresh until", "origin", "source", "used by"])
    }

    /// Without the sources, which would make it wider than a terminal.
    fn narrow_table(&self) -> Table {
        self.table_with(&["fact", "as of", "age", "fresh until", "origin", "used by"])
    }

    fn table_with(&self, columns: &[&'static str]) -> Table {
        let mut table = Table::new(columns);
        for row in &self.facts {
            let or_dash = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
            table.row(columns.iter().map(|column| match *column {
                "fact" => row.key.to_owned(),
                "as of" => or_dash(row.as_of.map(|day| day.to_string())),
                "age" => or_dash(row.age_days.map(|days| counted(days, "day"))),
                "fresh until" => row.freshness(),
                "origin" => row.origin_in_words(),
                "source" => or_dash(row.source_in_words()),
                _ => row.documents.join(", "),
            }));
        }
        table
    }

    fn in_words(&self, width: usize) -> String {
        let mut text = self.narrow_table().to_text(width);
        // Writing to a string does not fail.
        let _ = match &self.directory {
            Some(directory) => writeln!(text, "\nAs of {}. Fetched facts are in {directory}.", day(self.at)),
            None => writeln!(text, "\nAs of {}.", day(self.at)),
        };
        let source = |row: &Row| Some(format!("{} {}", row.key, row.source_in_words()?));
        let sources: Vec<String> = self.facts.iter().filter_map(source).collect();
        let _ = writeln!(text, "Sources: {}.", sources.join(", "));
        for row in &self.facts {
            for notice in &row.notices {
                let _ = writeln!(text, "note: {notice}");
            }
            if let (Some(file), false) = (&row.file, row.differences.is_empty()) {
                let differences = counted(row.differences.len(), "difference");
                let _ = writeln!(
                    text,
                    "note: {} has {differences} from the built-in scope file, which checks use; `--scope {file}` uses it",
                    row.key
                );
                for difference in &row.differences {
                    let _ = writeln!(text, "  {difference}");
                }
            }
        }
        let too_old: Vec<&str> =
            self.facts.iter().filter(|row| row.run.is_some()).map(|row| row.key).collect();
        if !too_old.is_empty() {
            let _ = writeln!(text, "hint: `scs facts update {}` fetches newer facts", too_old.join(" "));
        }
        text
    }
}
