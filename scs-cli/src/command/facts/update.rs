//! `scs facts update`: fetches newer facts, or copies them from another machine.

use std::env;
use std::fmt::Write as _;
use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use indicatif::ProgressBar;
use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use scs_facts::{
    Change, Event, FACTS, Key, Options, Outcome, Proxy, Reason, RequestError, Secret, Source, Store,
    StoreError, Stored, UpdateError, copy, update,
};
use scs_report::{Table, counted};
use serde::Serialize;
use url::Url;

use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::options::Common;
use crate::print::format::Format;
use crate::print::listing;
use crate::source::fetched::{day, differences, embedded_as_of, short, store};
use crate::source::live::{runtime, stopped};

/// `scs facts update`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  scs facts update                                 fetch everything that has changed
  scs facts update kubernetes-releases kubernetes-cves
                                                   only these facts
  scs facts update --to /media/usb/facts           on a machine with a network
  scs facts update --from /media/usb/facts         on a machine without one
  scs facts update --proxy http://proxy.example:3128

Facts are kept in `$XDG_DATA_HOME/scs/facts` (`~/.local/share/scs/facts`), and count where they are newer than \
the built-in ones. A new edition replaces a fact only if it can be read, is neither much shorter nor older, and is plausible: it has \
what is known, no branch far ahead of the newest known one, and no date out of bounds. If a source is down, the fact stays as it is. No other command uses the network for facts.

Official scope files are fetched to compare them: reports say if one differs from the built-in file, whose test \
cases the rules of this program cover. No command uses a fetched scope file by itself; `--scope FILE` does.

GITHUB_TOKEN or GH_TOKEN raises GitHub's limit of requests; it is sent to api.github.com only. Proxies are taken \
from HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY, or from `--proxy`. `scs standards schema facts-update` \
describes the JSON output.

Exit status: 0 every fact is up to date, 1 a fact could not be updated (the table says which edition stays in use: \
the fetched or built-in one, or none), 2 a mistake in an option or a variable, or the directory cannot be used.")]
pub(crate) struct Update {
    /// The facts [default: all that can be fetched; `scs facts list` names them]
    #[arg(value_name = "FACT")]
    facts: Vec<Key>,

    /// Take the facts from this directory, which `--to` filled on another machine
    #[arg(long, value_name = "DIRECTORY", conflicts_with_all = ["proxy", "timeout", "deadline", "source"])]
    from: Option<PathBuf>,

    /// Keep the facts in this directory instead of the usual one
    #[arg(long, value_name = "DIRECTORY")]
    to: Option<PathBuf>,

    /// The proxy for all requests, except to hosts in `NO_PROXY`
    #[arg(long, value_name = "URL")]
    proxy: Option<Url>,

    /// The timeout of a request
    #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = seconds)]
    timeout: Duration,

    /// The time for the whole update
    #[arg(long, value_name = "SECONDS", default_value = "300", value_parser = seconds)]
    deadline: Duration,

    /// Fetch from a mirror: the name of a source and its address, such as
    /// `kubernetes-stable=https://mirror.example/release`
    #[arg(long, value_name = "SOURCE=URL", hide_short_help = true)]
    source: Vec<String>,

    /// Output format
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

fn seconds(text: &str) -> Result<Duration, String> {
    let wrong = "expected a number of seconds from 1 to 86400".to_owned();
    let seconds: u64 = text.strip_suffix('s').unwrap_or(text).parse().map_err(|_| wrong.clone())?;
    if (1..=86_400).contains(&seconds) { Ok(Duration::from_secs(seconds)) } else { Err(wrong) }
}

/// The address may have a password in it, so that errors do not repeat it.
fn mirror(text: &str) -> Result<(Source, Url), String> {
    let (source, url) = text.split_once('=').ok_or("expected SOURCE=URL")?;
    let source: Source = source.parse().map_err(|error| format!("{error}"))?;
    let url: Url = url.parse().map_err(|error| format!("not a URL: {error}"))?;
    match url.scheme() {
        "http" | "https" => Ok((source, url)),
        other => Err(format!("`{other}` is not supported; use http or https")),
    }
}

/// The output of `scs facts update -f json`.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "The output of `scs facts update`")]
pub(crate) struct Document {
    /// scs/facts-update/1.
    schema: &'static str,
    /// The time of the update.
    #[schemars(with = "String", extend("format" = "date-time"))]
    at: Timestamp,
    /// The directory of the facts.
    directory: String,
    /// The outcome for each fact.
    facts: Vec<Row>,
}

/// What happened to a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum What {
    /// There is a new edition.
    Updated,
    /// The known edition is the current one; its date is renewed.
    Unchanged,
    /// The known edition, if any, was kept because there is no usable newer one.
    Kept,
}

/// An edition that other commands use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum InUse {
    /// The one in the directory.
    Fetched,
    /// Part of the program.
    Embedded,
    /// There is none.
    None,
}

/// The outcome for a fact.
#[derive(Serialize, JsonSchema)]
struct Row {
    /// The key of the fact, as in `scs facts list`.
    key: &'static str,
    result: What,
    /// The reason why it was kept.
    reason: Option<String>,
    /// When the source allows requests again.
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    retry_at: Option<Timestamp>,
    /// The date of the fact that is in the directory now; null if there is none.
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    as_of: Option<Date>,
    /// The edition that is in use now: the newer one of those in the directory and in the program.
    in_use: InUse,
    /// The date of the edition that is in use; null if there is none, or if it has no date.
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    in_use_as_of: Option<Date>,
    /// When it was fetched.
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    fetched_at: Option<Timestamp>,
    /// Where it was fetched.
    source: Option<String>,
    /// The file that keeps it.
    file: Option<String>,
    /// The SHA-256 hash of its file.
    sha256: Option<String>,
    /// Differences of an official scope file from the built-in one, which checks use.
    differences: Vec<String>,
    /// What else is worth knowing.
    notices: Vec<String>,
    #[serde(skip)]
    hint: Option<&'static str>,
}

impl Update {
    pub(crate) fn run(&self, common: &Common) -> Result<Exit, Failure> {
        let clock = crate::app::at::now(None);
        // A fact must not be dated in the future: it would stay fresh for too long.
        let at = crate::app::at::now(common.at).min(clock);
        let to = self.to.as_ref().map(Store::new).or_else(store);
        let to = to.ok_or_else(|| {
            Failure::new(
                "there is no directory for facts: neither `XDG_DATA_HOME` nor a home directory is set",
            )
            .hint("name one with `--to DIRECTORY`")
        })?;
        let keys = self.keys();
        let outcomes = match &self.from {
            Some(from) => {
                let from = Store::new(from);
                if !from.directory().is_dir() {
                    let message = format!("{} is not a directory", from.directory().display());
                    return Err(Failure::new(message).hint("`scs facts update --to DIRECTORY` fills one"));
                }
                runtime()?.block_on(copy(&from, &to, &keys, clock)).map_err(|error| failed(&error))?
            }
            None => self.fetch(&to, &keys, at)?,
        };
        let success = !outcomes.iter().any(Outcome::is_kept);
        let facts = outcomes.into_iter().map(|outcome| Row::of(outcome, &to, clock)).collect();
        let directory = to.directory().display().to_string();
        let document = Document { schema: "scs/facts-update/1", at, directory, facts };
        listing::print_with(
            common,
            self.format,
            &document,
            |width| document.in_words(width),
            || document.table().to_markdown(),
        )?;
        Ok(Exit::success_if(success))
    }

    /// The selected facts, in the order of the table.
    fn keys(&self) -> Vec<Key> {
        let is_selected = |key: &Key| self.facts.is_empty() || self.facts.contains(key);
        FACTS.iter().map(|fact| fact.key).filter(is_selected).collect()
    }

    fn fetch(&self, to: &Store, keys: &[Key], at: Timestamp) -> Result<Vec<Outcome>, Failure> {
        let mirrors: Result<Vec<_>, String> = self.source.iter().map(|text| mirror(text)).collect();
        let mirrors =
            mirrors.map_err(|reason| Failure::new(format!("invalid value for `--source`: {reason}")))?;
        let bar = io::stderr().is_terminal().then(ProgressBar::new_spinner);
        let mut options = Options::default();
        if let Some(bar) = bar.clone() {
            bar.enable_steady_tick(Duration::from_millis(120));
            options = options.with_progress(move |event| {
                if let Event::Requested(_, url) = event {
                    bar.set_message(url.to_owned());
                }
            });
        }
        options.timeout = self.timeout;
        options.limits.total_time = self.deadline;
        if let Some(url) = &self.proxy {
            options.proxy = Proxy::Url(url.clone());
        }
        for (source, url) in mirrors {
            options = options.with_source(source, url);
        }
        // A mirror has no use for the token.
        if !options.is_replaced(Source::KubernetesReleases)
            && let Some(token) = ["GITHUB_TOKEN", "GH_TOKEN"].iter().find_map(|name| token(name))
        {
            options = options.with_github_token(token);
        }
        let outcomes = runtime()?.block_on(async {
            tokio::select! {
                outcomes = update(to, keys, &options, at) => outcomes.map_err(|error| failed(&error)),
                () = stopped() => {
                    Err(Failure::new("interrupted").hint("facts that were already fetched are complete"))
                }
            }
        });
        if let Some(bar) = bar {
            bar.finish_and_clear();
        }
        outcomes
    }
}

fn token(name: &str) -> Option<Secret> {
    env::var(name)
        .ok()
        .filter(|token| !token.trim().is_empty())
        .map(|token| Secret::from(token.trim().to_owned()))
}

fn failed(error: &UpdateError) -> Failure {
    let failure = Failure::new(error.to_string());
    match error {
        UpdateError::Store(StoreError::Write { .. }) => {
            failure.hint("name another directory with `--to DIRECTORY`")
        }
        UpdateError::Proxy { .. } => failure
            .hint("set it to an address such as `http://proxy.example:3128`, unset it, or use `--proxy`"),
        UpdateError::Store(StoreError::Locked { .. }) => failure.hint("try again when it is done"),
        _ => failure,
    }
}

/// What to do about a fact that was kept.
fn hint(reason: &Reason) -> Option<&'static str> {
    let Reason::Request(error) = reason else { return None };
    match error {
        RequestError::RateLimited { with_token: false, .. } => {
            Some("set `GITHUB_TOKEN` to a token of GitHub, which allows more requests")
        }
        RequestError::TokenRejected { .. } => Some("set `GITHUB_TOKEN` to a valid token, or unset it"),
        RequestError::Html { .. } | RequestError::Unreachable { .. } => Some(
            "if the network needs a proxy, set `HTTPS_PROXY` or `--proxy`; without a network, use `--from DIRECTORY`",
        ),
        RequestError::Timeout { .. } => Some("`--timeout SECONDS` waits longer for a response"),
        RequestError::Stopped { .. } => Some("`--deadline SECONDS` allows more time"),
        _ => None,
    }
}

/// The edition that is in use, with its date, if the one in the directory has a date.
fn in_use(key: Key, fetched: Option<Date>) -> (InUse, Option<Date>) {
    let embedded = embedded_as_of(key);
    match fetched.filter(|fetched| embedded.is_none_or(|embedded| *fetched >= embedded)) {
        Some(fetched) => (InUse::Fetched, Some(fetched)),
        None if key.fact().embedded().is_some() => (InUse::Embedded, embedded),
        None => (InUse::None, None),
    }
}

impl Row {
    fn of(outcome: Outcome, store: &Store, now: Timestamp) -> Self {
        let Outcome { key, change, metadata, notices, .. } = outcome;
        let fact = key.fact();
        let (result, reason) = match change {
            Change::Updated => (What::Updated, None),
            Change::Unchanged => (What::Unchanged, None),
            Change::Kept(reason) => (What::Kept, Some(reason)),
            _ => (What::Kept, None),
        };
        let retry_at = match &reason {
            Some(Reason::Request(RequestError::RateLimited { resets_at, .. })) => *resets_at,
            _ => None,
        };
        let stored: Option<Stored> =
            metadata.is_some().then(|| store.read(fact, now).ok().flatten()).flatten();
        let (in_use, in_use_as_of) = in_use(key, metadata.as_ref().map(|metadata| day(metadata.as_of)));
        Self {
            key: key.name(),
            result,
            in_use,
            in_use_as_of,
            hint: reason.as_ref().and_then(hint),
            reason: reason.as_ref().map(ToString::to_string),
            retry_at,
            as_of: metadata.as_ref().map(|metadata| day(metadata.as_of)),
            fetched_at: metadata.as_ref().map(|metadata| metadata.fetched_at),
            source: metadata.as_ref().map(|metadata| metadata.source.clone()),
            file: metadata.as_ref().map(|_| store.path(fact).display().to_string()),
            sha256: metadata.map(|metadata| metadata.sha256),
            differences: stored.as_ref().map(differences).unwrap_or_default(),
            notices,
        }
    }
}

impl Document {
    fn table(&self) -> Table {
        let mut table = Table::new(&["fact", "result", "in use as of", "source"]);
        for row in &self.facts {
            let result = match row.result {
                What::Updated => "updated".to_owned(),
                What::Unchanged => "unchanged".to_owned(),
                What::Kept => format!("kept: {}", row.reason.as_deref().unwrap_or_default()),
            };
            let or_dash = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
            let source = match row.in_use {
                InUse::Fetched => or_dash(row.source.as_deref().map(|source| short(source).to_owned())),
                InUse::Embedded => "built-in".to_owned(),
                InUse::None => "none".to_owned(),
            };
            table.row([
                row.key.to_owned(),
                result,
                or_dash(row.in_use_as_of.map(|day| day.to_string())),
                source,
            ]);
        }
        table
    }

    fn in_words(&self, width: usize) -> String {
        let mut text = self.table().to_text(width);
        // Writing to a string does not fail.
        let _ = writeln!(text, "\nFacts are in {}.", self.directory);
        for row in &self.facts {
            for notice in &row.notices {
                let _ = writeln!(text, "note: {}: {notice}", row.key);
            }
            if !row.differences.is_empty() {
                let differences = counted(row.differences.len(), "difference");
                let _ = writeln!(
                    text,
                    "note: {}: {differences} from the built-in scope file, which checks use; `scs facts list` lists them",
                    row.key
                );
            }
        }
        let mut hints: Vec<&str> = self.facts.iter().filter_map(|row| row.hint).collect();
        hints.sort_unstable();
        hints.dedup();
        for hint in hints {
            let _ = writeln!(text, "hint: {hint}");
        }
        text
    }
}
