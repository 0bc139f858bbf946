//! `/history/{subject}/{scope}`: the verdict of each day.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use scs_certificates::Scope;
use serde::Serialize;
use utoipa::ToSchema;

use super::cached::{JSON, SVG, cached};
use super::error::Error;
use super::query::Path;
use crate::history::{Gap, History, HistoryDay, Month, PERIODS, Share};
use crate::selection::subjects;
use crate::service::{Service, View};

/// The history of a subject in a scope.
#[derive(Serialize, ToSchema)]
pub(super) struct HistoryOut<'h> {
    subject: &'h str,
    /// The UUID of the scope.
    scope: &'h str,
    /// The name of the scope.
    scope_name: &'h str,
    /// The first day that would be shown.
    from: String,
    /// Today, of which the verdict is the current one.
    to: String,
    /// The first day with a report within the period. Earlier days count neither as conforming nor as failing.
    first_report: Option<String>,
    /// The days since then.
    days: Vec<DayOut<'h>>,
    /// Calendar months.
    months: Vec<MonthOut>,
    /// The share of the last 30, 90 and 365 days on which it conformed by the text of the standards.
    conformance: BTreeMap<String, ShareOut>,
    /// The longest time without conforming.
    longest_gap: Option<GapOut>,
}

/// The verdict at the end of a day (UTC).
#[derive(Serialize, ToSchema)]
struct DayOut<'h> {
    day: String,
    /// By the text of the standards.
    #[schema(value_type = String)]
    text: scs_standards::Verdict,
    /// As the official monitor decides.
    #[schema(value_type = String)]
    official: scs_standards::Verdict,
    /// The best passed version by the text.
    version: Option<&'h str>,
}

/// A calendar month.
#[derive(Serialize, ToSchema)]
struct MonthOut {
    month: String,
    /// The days since the first report.
    counted: usize,
    /// Those on which it conformed.
    conforming: usize,
}

/// The share of days on which a subject conformed.
#[derive(Serialize, ToSchema)]
struct ShareOut {
    /// The days since the first report.
    counted: usize,
    /// Those on which it conformed.
    conforming: usize,
    /// A number from 0 to 1; nothing if no day counts.
    share: Option<f64>,
}

/// Days in a row without conforming.
#[derive(Serialize, ToSchema)]
struct GapOut {
    from: String,
    /// The last day.
    to: String,
    days: usize,
}

/// The history of a subject or a group: its verdict at the end of each day of the last 18 months
#[utoipa::path(
    get,
    path = "/history/{subject}/{scope}",
    tag = "More",
    params(
        ("subject" = String, Path, description = "A subject, or `group-` with the name of a group, of which the topmost verdict of each day counts"),
        ("scope" = String, Path, description = "The UUID or the name of a scope; with `.svg` for a chart"),
    ),
    responses(
        (status = 200, description = "The history", content(
            (HistoryOut<'_> = "application/json"),
            (String = "image/svg+xml"),
        )),
        (status = 304, description = "The history is the same as before"),
        (status = 404, description = "There is no such scope, or no report for it"),
    ),
)]
pub(super) async fn show(
    State(service): State<Service>,
    Path((subject, file)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let (name, is_image) = file.strip_suffix(".svg").map_or((file.as_str(), false), |name| (name, true));
    let view = service.view().await?;
    let scope = view.config.scopes.find(name).ok_or_else(Error::not_found)?;
    let history = of_name(&service, &view, &subject, scope).await?.ok_or_else(Error::not_found)?;
    let (kind, body) = if is_image {
        (SVG, history.chart(&subject, scope.name()))
    } else {
        (JSON, serde_json::to_string(&HistoryOut::new(&subject, scope, &history)).unwrap_or_default())
    };
    Ok(cached(&headers, StatusCode::OK, kind, body, view.now, None))
}

/// The history of a subject or a group; `None` without any report.
pub(super) async fn of_name(
    service: &Service,
    view: &View,
    name: &str,
    scope: &Scope,
) -> Result<Option<Arc<History>>, Error> {
    let members = subjects(view, name).unwrap_or_default();
    let mut histories = Vec::new();
    for subject in &members {
        histories.extend(service.history(view, subject, scope).await?);
    }
    Ok(match (histories.as_slice(), members.len()) {
        ([one], 1) => Some(Arc::clone(one)),
        (several, count) => History::merged(several, several.len() < count).map(Arc::new),
    })
}

impl<'h> HistoryOut<'h> {
    fn new(subject: &'h str, scope: &'h Scope, history: &'h History) -> Self {
        Self {
            subject,
            scope: scope.uuid(),
            scope_name: scope.name(),
            from: history.from.to_string(),
            to: history.to.to_string(),
            first_report: history.days.first().map(|it| it.day.to_string()),
            days: history.days.iter().map(day_out).collect(),
            months: history.months().into_iter().map(month_out).collect(),
            conformance: PERIODS.into_iter().map(|days| share_out(history.share(days))).collect(),
            longest_gap: history.longest_gap().map(gap_out),
        }
    }
}

fn day_out(it: &HistoryDay) -> DayOut<'_> {
    let HistoryDay { day, text, official, version } = it;
    DayOut { day: day.to_string(), text: *text, official: *official, version: version.as_deref() }
}

fn month_out(month: Month) -> MonthOut {
    let Month { first, counted, conforming } = month;
    MonthOut { month: first.strftime("%Y-%m").to_string(), counted, conforming }
}

fn share_out(share: Share) -> (String, ShareOut) {
    let out = ShareOut { counted: share.counted, conforming: share.conforming, share: share.share() };
    (share.days.to_string(), out)
}

fn gap_out(gap: Gap) -> GapOut {
    GapOut { from: gap.from.to_string(), to: gap.to.to_string(), days: gap.days }
}
