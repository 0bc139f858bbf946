//! What expires, and what changed: events for calendars and entries for feeds.

use std::collections::BTreeMap;

use atom_syndication::{Entry, Feed, FixedDateTime, Link, Person, Text};
use icalendar::{Component, Event, Property};
use jiff::Timestamp;
use jiff::civil::Date;
use scs_certificates::{Scope, Validity};
use scs_standards::Verdict;
use scs_standards::written::visible;
use uuid::Uuid;

use crate::badge::day;
use crate::history::History;
use crate::page::Links;
use crate::service::View;
use crate::standing::Standing;

/// Something that happens on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AgendaItem {
    pub(crate) day: Date,
    /// What makes it the same item when it is asked for again.
    key: Vec<String>,
    pub(crate) title: String,
    pub(crate) text: String,
    /// The page about it.
    pub(crate) url: String,
}

impl AgendaItem {
    fn uuid(&self) -> Uuid {
        Uuid::new_v5(&Uuid::NAMESPACE_URL, self.key.join("\0").as_bytes())
    }
}

fn key(kind: &str, subject: &str, scope: &str, more: impl std::fmt::Display) -> Vec<String> {
    vec![kind.to_owned(), subject.to_owned(), scope.to_owned(), more.to_string()]
}

/// The number of days of changes in a feed.
const FEED_DAYS: i64 = 90;

/// The largest number of entries in a feed.
const FEED_ENTRIES: usize = 500;

/// What will happen to a subject in a scope without a new report.
pub(crate) fn upcoming(
    view: &View,
    subject: &str,
    scope: &Scope,
    standing: &Standing,
    links: &Links,
) -> Vec<AgendaItem> {
    let (uuid, name) = (scope.uuid(), scope.name());
    let url = links.detail(subject, &scope.slug());
    let mut by_day: BTreeMap<Date, Vec<&str>> = BTreeMap::new();
    for (case, result) in &standing.results {
        if let Some(known) = scope.test_case(case) {
            by_day.entry(day(known.lifetime.expires(result.checked_at))).or_default().push(case);
        }
    }
    let expiries = by_day.into_iter().map(|(day, cases)| AgendaItem {
        day,
        key: key("expiry", subject, uuid, day),
        title: format!("{subject}: results of {name} expire ({})", cases.len()),
        text: cases.join("\n"),
        url: url.clone(),
    });
    let mut items: Vec<AgendaItem> = expiries.collect();
    if let Some(at) = standing.text.changes_at {
        let verdict = standing.text.verdict;
        let what = if verdict == Verdict::Pass { "no longer conforms" } else { "verdict changes" };
        items.push(AgendaItem {
            day: day(at),
            key: key("verdict", subject, uuid, day(at)),
            title: format!("{subject}: {what} to {name} unless it is checked again"),
            text: format!("{verdict} until {at}"),
            url: url.clone(),
        });
    }
    let best = standing.text.best.as_deref();
    let periods = best.map(|best| scope.timeline().periods(best)).unwrap_or_default();
    let today = day(view.now);
    for (from, _, validity) in periods {
        if from > today && validity != Validity::Effective {
            let version = best.unwrap_or_default();
            let meaning = if validity == Validity::Warn { "is about to expire" } else { "expires" };
            items.push(AgendaItem {
                day: from,
                key: key("version", subject, uuid, format!("{version} {from}")),
                title: format!("{subject}: {name} {version} {meaning}"),
                text: format!("{version} is {validity} from {from}"),
                url: url.clone(),
            });
        }
    }
    items
}

/// The ends of certificates that are valid now or later.
pub(crate) fn ends_of_certificates(view: &View, links: &Links) -> Vec<(String, String, AgendaItem)> {
    let today = day(view.now);
    let valid = view
        .config
        .certificates
        .iter()
        .filter(|it| it.revoked.is_none() && it.certificate.valid_until() > today);
    valid
        .map(|it| {
            let (subject, until) = (it.certificate.subject(), it.certificate.valid_until());
            let name = format!("{} {}", it.certificate.scope(), it.certificate.version());
            let item = AgendaItem {
                day: until,
                key: key("certificate", subject, &it.scope, format!("{name} {until}")),
                title: format!("{subject}: certificate for {name} expires"),
                text: format!("issued on {}", it.certificate.issued()),
                url: links.detail(subject, &it.scope),
            };
            (subject.to_owned(), it.scope.clone(), item)
        })
        .collect()
}

/// How the verdict of a subject changed in the last days.
pub(crate) fn past(subject: &str, scope: &Scope, history: &History, links: &Links) -> Vec<AgendaItem> {
    let first = history.to.checked_sub(jiff::Span::new().days(FEED_DAYS)).unwrap_or(Date::MIN);
    let changes = history.changes().filter(|change| change.day >= first);
    changes
        .map(|change| {
            let worded = |verdict: Verdict, version: Option<&str>| match version {
                Some(version) => format!("{verdict} ({version})"),
                None => verdict.to_string(),
            };
            let before = worded(change.before.text, change.before.version.as_deref());
            let after = worded(change.after.text, change.after.version.as_deref());
            AgendaItem {
                day: change.day,
                key: key("change", subject, scope.uuid(), format!("{} {before} {after}", change.day)),
                title: format!("{subject}: {} {after}, was {before}", scope.name()),
                text: format!("verdict of {} by the text of the standards", change.day),
                url: links.detail(subject, &scope.slug()),
            }
        })
        .collect()
}

/// Issues and revocations of certificates in the last days, with subject and scope.
pub(crate) fn past_of_certificates(view: &View, links: &Links) -> Vec<(String, String, AgendaItem)> {
    let today = day(view.now);
    let first = today.checked_sub(jiff::Span::new().days(FEED_DAYS)).unwrap_or(Date::MIN);
    let mut items = Vec::new();
    for it in view.config.certificates.iter() {
        let (subject, certificate) = (it.certificate.subject(), &it.certificate);
        let name = format!("{} {}", certificate.scope(), certificate.version());
        for (day, what) in [(Some(certificate.issued()), "issued"), (it.revoked, "revoked")] {
            if let Some(day) = day.filter(|day| (first..=today).contains(day)) {
                let item = AgendaItem {
                    day,
                    key: key(what, subject, &it.scope, format!("{name} {day}")),
                    title: format!("{subject}: certificate for {name} {what}"),
                    text: format!("valid until {}", certificate.valid_until()),
                    url: links.detail(subject, &it.scope),
                };
                items.push((subject.to_owned(), it.scope.clone(), item));
            }
        }
    }
    items
}

/// The items as a calendar (RFC 5545): all-day events, which keep their UIDs.
pub(crate) fn calendar(mut items: Vec<AgendaItem>, now: Timestamp) -> String {
    items.sort_by(|a, b| (a.day, &a.key).cmp(&(b.day, &b.key)));
    let mut calendar = icalendar::Calendar::empty();
    calendar
        .append_property(Property::new("VERSION", "2.0"))
        .append_property(Property::new(
            "PRODID",
            concat!("-//scs//scs-monitor ", env!("CARGO_PKG_VERSION"), "//EN"),
        ))
        .append_property(Property::new("CALSCALE", "GREGORIAN"))
        .name("SCS compliance");
    // By the day, so that the same calendar has the same ETag.
    let stamp = format!("{}T000000Z", day(now).strftime("%Y%m%d"));
    for item in &items {
        let mut start = Property::new("DTSTART", item.day.strftime("%Y%m%d").to_string());
        let text: Vec<_> = item.text.lines().map(visible).collect();
        let mut event = Event::new();
        event
            .uid(&item.uuid().to_string())
            .summary(&visible(&item.title))
            .description(&text.join("\n"))
            .append_property(Property::new("DTSTAMP", &stamp))
            .append_property(start.add_parameter("VALUE", "DATE").done())
            .append_property(Property::new("TRANSP", "TRANSPARENT"));
        if item.url.starts_with("http") {
            event.append_property(Property::new("URL", &item.url));
        }
        calendar.push(event.done());
    }
    calendar.to_string()
}

fn midnight(day: Date) -> FixedDateTime {
    format!("{day}T00:00:00+00:00").parse().unwrap_or_default()
}

/// The items as a feed (RFC 4287), newest first; entries keep their ids.
pub(crate) fn feed(mut items: Vec<AgendaItem>, base: &str, selection: &str) -> String {
    items.sort_by(|a, b| (b.day, &b.key).cmp(&(a.day, &a.key)));
    items.truncate(FEED_ENTRIES);
    let link = |url: &str, rel: &str| Link { href: url.to_owned(), rel: rel.to_owned(), ..Link::default() };
    let id = Uuid::new_v5(&Uuid::NAMESPACE_URL, format!("{base}\0{selection}").as_bytes());
    let entries = items.iter().map(|item| Entry {
        title: Text::plain(visible(&item.title)),
        id: item.uuid().urn().to_string(),
        updated: midnight(item.day),
        links: vec![link(&item.url, "alternate")],
        summary: Some(Text::plain(visible(&item.text))),
        ..Entry::default()
    });
    let feed = Feed {
        title: Text::plain("SCS compliance"),
        id: id.urn().to_string(),
        updated: items.first().map_or_else(FixedDateTime::default, |item| midnight(item.day)),
        authors: vec![Person { name: "SCS compliance monitor".to_owned(), ..Person::default() }],
        links: vec![link(&format!("{base}feed.atom{selection}"), "self")],
        entries: entries.collect(),
        ..Feed::default()
    };
    feed.to_string()
}
