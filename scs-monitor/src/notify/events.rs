//! Finds events: failures in a row, results that expire soon, and verdicts that time has changed.

use std::collections::{BTreeMap, HashSet};

use jiff::{SignedDuration, Timestamp};
use scs_certificates::{Lifetime, Scope};
use serde_json::{Value, json};
use uuid::Uuid;

use super::text;
use crate::bootstrap::Notify;
use crate::changes::{BothVersions, name};
use crate::page::Links;
use crate::service::{Service, View};
use crate::standing::Standing;
use crate::store::{Channel, CountedReport, NewNotification, StoreError};

/// How long an instance may look for events without saying so again.
const LEASE: SignedDuration = SignedDuration::from_secs(60);

/// The number of reports that are looked at to find the begin of a failure.
const REPORTS: i64 = 100;

/// Results with a lifetime of one day are renewed daily, so there is not much time to warn.
const BEFORE_A_DAY: SignedDuration = SignedDuration::from_hours(6);

/// A subject in a scope, with its contact.
struct Followed<'v> {
    subject: &'v str,
    scope: &'v Scope,
    standing: &'v Standing,
    contact: &'v Notify,
    url: String,
}

/// Looks for events unless another instance does.
pub(super) async fn find(service: &Service) -> Result<(), StoreError> {
    let view = service.renew().await?;
    let Some(looked_at) = service.store().lease(service.instance(), view.now, LEASE).await? else {
        return Ok(());
    };
    let new_reports: HashSet<(String, String)> =
        service.store().changed_since(looked_at).await?.into_iter().collect();
    let verdicts = service.store().followed().await?;
    let links = Links::new(&service.settings().base_url, false);
    for (subject, uuid, standing) in view.snapshot.all() {
        let account = view.config.bootstrap.account(subject);
        let (Some(contact), Some(scope)) =
            (account.and_then(|account| account.notify.as_ref()), view.config.scopes.get(uuid))
        else {
            continue;
        };
        let url = links.detail(subject, &scope.slug());
        let it = Followed { subject, scope, standing, contact, url };
        let key = (subject.to_owned(), uuid.to_owned());
        let (known, has_reports) = (verdicts.get(&key), new_reports.contains(&key));
        if has_reports || known.is_none() {
            failures(service, &view, &it).await?;
        }
        expiries(service, &view, &it).await?;
        let verdict = standing.text.verdict.to_string();
        if known != Some(&verdict) {
            if let (Some(before), false) = (known, has_reports) {
                let event = by_time(&it, before, &verdict, view.now);
                store(service, &it, event, view.now).await?;
            }
            service.store().follow(subject, uuid, &verdict).await?;
        }
    }
    service.store().looked_at(service.instance(), view.snapshot.revision).await
}

/// An event before it has an id.
struct Event {
    kind: &'static str,
    object: String,
    /// What makes it the same event when it is found again.
    key: String,
    happened_at: Timestamp,
    body: Value,
}

async fn store(service: &Service, it: &Followed<'_>, event: Event, now: Timestamp) -> Result<(), StoreError> {
    let Event { kind, object, key, happened_at, mut body } = event;
    let key = [kind, it.subject, it.scope.uuid(), &key].join("\0");
    let id = Uuid::new_v5(&Uuid::NAMESPACE_URL, key.as_bytes()).to_string();
    let (title, lines) = text::of(kind, it.subject, it.scope.name(), &body, it.contact.language);
    if let Some(body) = body.as_object_mut() {
        body.insert("id".to_owned(), json!(id));
        body.insert("kind".to_owned(), json!(kind));
        body.insert("subject".to_owned(), json!(it.subject));
        body.insert("scope".to_owned(), json!({"uuid": it.scope.uuid(), "name": it.scope.name()}));
        body.insert("happened_at".to_owned(), json!(happened_at));
        body.insert("url".to_owned(), json!(it.url));
        body.insert("title".to_owned(), json!(title));
        body.insert("text".to_owned(), json!(lines));
    }
    let mut channels = Vec::new();
    if !it.contact.email.is_empty() {
        channels.push(Channel::Email);
    }
    if it.contact.webhook.is_some() {
        channels.push(Channel::Webhook);
    }
    let new = NewNotification { id, subject: it.subject.to_owned(), kind, object, happened_at, body };
    if service.store().notify(&new, &channels, now).await? {
        tracing::info!(subject = it.subject, kind, id = new.id, "notification");
    }
    Ok(())
}

/// Test cases that failed several times in a row. A DNF neither counts nor ends a row.
async fn failures(service: &Service, view: &View, it: &Followed<'_>) -> Result<(), StoreError> {
    let failing: Vec<&str> = it
        .standing
        .results
        .iter()
        .filter(|(_, result)| result.result == Some(-1) && result.checked_at <= view.now)
        .map(|(case, _)| case.as_str())
        .collect();
    if failing.is_empty() {
        return Ok(());
    }
    let reports = service.store().last_reports(it.subject, it.scope.uuid(), view.now, REPORTS).await?;
    for case in failing {
        let mut in_row = Vec::new();
        let mut before = None;
        for report in &reports {
            match result_of(report, case) {
                Some(-1) => in_row.push(report),
                Some(1) => {
                    before = Some(report);
                    break;
                }
                _ => {}
            }
        }
        let Some(nth) = in_row.len().checked_sub(it.contact.failures).and_then(|place| in_row.get(place))
        else {
            continue;
        };
        let object = format!("{} {case}", it.scope.uuid());
        // The row may have begun before the reports that were looked at, and have been told then.
        let is_cut = i64::try_from(reports.len()).is_ok_and(|count| count >= REPORTS);
        let oldest = reports.last().filter(|_| !is_cut);
        let since = before.or(oldest).map_or(Timestamp::MIN, |report| report.report.checked_at);
        if service.store().is_notified_since(it.subject, "failed", &object, since).await? {
            continue;
        }
        let Some(newest) = in_row.first() else { continue };
        let documents = [
            match before {
                Some(before) => document(service, before).await?,
                None => Value::Null,
            },
            document(service, newest).await?,
        ];
        let software = BothVersions::new(&documents[0], &documents[1]);
        let body = json!({
            "test_case": case,
            "failures": in_row.len(),
            "before": before.map(|report| result_out(report, 1)),
            "after": result_out(newest, -1),
            "software": software,
        });
        let event = Event {
            kind: "failed",
            object,
            key: format!("{case}\0{}", nth.report.uuid),
            happened_at: nth.report.checked_at,
            body,
        };
        store(service, it, event, view.now).await?;
    }
    Ok(())
}

async fn document(service: &Service, report: &CountedReport) -> Result<Value, StoreError> {
    Ok(service.store().report(&report.report.uuid).await?.map(|(_, document)| document).unwrap_or_default())
}

fn result_out(report: &CountedReport, result: i8) -> Value {
    json!({"result": name(result), "checked_at": report.report.checked_at, "report": report.report.uuid})
}

/// The result of a test case in a report; of several versions of the scope, the topmost.
fn result_of(report: &CountedReport, case: &str) -> Option<i8> {
    report.report.results.values().filter_map(|cases| *cases.get(case)?).min()
}

/// Results that expire soon, one event for each time.
async fn expiries(service: &Service, view: &View, it: &Followed<'_>) -> Result<(), StoreError> {
    let mut soon: BTreeMap<Timestamp, Vec<&str>> = BTreeMap::new();
    for (case, result) in &it.standing.results {
        let Some(known) = it.scope.test_case(case) else { continue };
        let expires = known.lifetime.expires(result.checked_at);
        let before = match known.lifetime {
            Lifetime::Day => it.contact.before.min(BEFORE_A_DAY),
            _ => it.contact.before,
        };
        if result.checked_at <= view.now && expires.duration_since(view.now) <= before {
            soon.entry(expires).or_default().push(case);
        }
    }
    for (expires, cases) in soon {
        let event = Event {
            kind: "expires",
            object: it.scope.uuid().to_owned(),
            key: expires.to_string(),
            happened_at: view.now,
            body: json!({"expires_at": expires, "test_cases": cases}),
        };
        store(service, it, event, view.now).await?;
    }
    Ok(())
}

/// A verdict that changed without a new report.
fn by_time(it: &Followed<'_>, before: &str, after: &str, now: Timestamp) -> Event {
    let day = crate::badge::day(now);
    Event {
        kind: "verdict",
        object: it.scope.uuid().to_owned(),
        key: format!("{before}\0{after}\0{day}"),
        happened_at: now,
        body: json!({
            "before": before,
            "after": after,
            "expired": it.standing.expired.keys().collect::<Vec<_>>(),
        }),
    }
}
