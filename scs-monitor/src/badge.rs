//! Badges: the standing of a subject in a scope by the text of the standards, in one line.

use askama::Template;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use scs_certificates::{Scope, Target, Validity};
use scs_standards::Verdict;
use scs_standards::written::visible;
use serde::Serialize;
use utoipa::ToSchema;

use crate::selection::subjects;
use crate::service::View;
use crate::standing::Standing;

/// Where a subject stands; of a group, the worst member represents all, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum State {
    /// Nothing of this name is known.
    Unknown,
    /// A test case failed.
    Failing,
    /// All missing results are expired ones.
    Expired,
    /// Results are missing, or a test case did not finish.
    Incomplete,
    /// A version that is about to expire is passed.
    Warn,
    /// An effective version is passed.
    Passing,
}

impl State {
    /// The state of a standing.
    pub(crate) fn new(scope: &Scope, standing: &Standing, now: Timestamp) -> Self {
        let evaluation = &standing.text;
        let outcome = |name: &str| evaluation.versions.iter().find(|(it, _)| it == name).map(|(_, it)| it);
        match evaluation.verdict {
            Verdict::Pass => match evaluation.best.as_deref().and_then(outcome) {
                Some(best) if best.validity == Validity::Effective => Self::Passing,
                _ => Self::Warn,
            },
            Verdict::Fail => Self::Failing,
            Verdict::Dnf => Self::Incomplete,
            Verdict::Miss => {
                let newest = scope.newest_effective(day(now)).map(scs_certificates::ScopeVersion::name);
                let main = newest.and_then(outcome).and_then(|it| it.targets.get(Target::Main.name()));
                let missing = main.map(|main| main.missing.as_slice()).unwrap_or_default();
                let all_expired = missing.iter().all(|case| standing.expired.contains_key(case));
                if !missing.is_empty() && all_expired { Self::Expired } else { Self::Incomplete }
            }
        }
    }

    /// The words on the badge.
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Failing => "failing",
            Self::Expired => "results expired",
            Self::Incomplete => "incomplete",
            Self::Warn => "compliant · version about to expire",
            Self::Passing => "compliant · passing",
        }
    }

    /// A background with enough contrast to white text, on dark and light pages.
    const fn color(self) -> &'static str {
        match self {
            Self::Unknown => "#57606a",
            Self::Failing => "#b3202c",
            Self::Expired | Self::Incomplete | Self::Warn => "#8a5a00",
            Self::Passing => "#1a7f37",
        }
    }

    /// The name of the color for shields.io.
    const fn color_name(self) -> &'static str {
        match self {
            Self::Unknown => "lightgrey",
            Self::Failing => "red",
            Self::Expired | Self::Incomplete => "yellow",
            Self::Warn => "orange",
            Self::Passing => "brightgreen",
        }
    }
}

/// The day of a time in UTC.
pub(crate) fn day(time: Timestamp) -> Date {
    time.to_zoned(TimeZone::UTC).date()
}

/// A badge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Badge {
    /// The name of the scope.
    pub(crate) scope: String,
    pub(crate) state: State,
    /// The best passed version.
    pub(crate) version: Option<String>,
    /// The day of the last check.
    pub(crate) checked: Option<Date>,
    /// When the state may change without a new report.
    pub(crate) until: Option<Timestamp>,
}

/// The JSON that shields.io makes a badge from.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ShieldsBadge {
    schema_version: u8,
    label: String,
    message: String,
    color: &'static str,
    is_error: bool,
}

#[derive(Template)]
#[template(path = "svg/badge.svg")]
struct Svg<'b> {
    title: &'b str,
    label: &'b str,
    message: &'b str,
    color: &'static str,
    width: usize,
    split: usize,
    right_flat: usize,
    label_width: usize,
    message_width: usize,
    label_middle: usize,
    message_middle: usize,
}

impl Badge {
    /// The badge of a subject or a group; `None` for the scope if there is no such scope.
    pub(crate) fn new(view: &View, name: &str, scope: Option<&Scope>) -> Self {
        let unknown = |scope: &str| Self {
            scope: scope.to_owned(),
            state: State::Unknown,
            version: None,
            checked: None,
            until: None,
        };
        let Some(scope) = scope else { return unknown("SCS") };
        let Some(subjects) = subjects(view, name) else { return unknown(scope.name()) };
        let mut badges: Vec<Self> =
            subjects.into_iter().map(|subject| Self::of_subject(view, subject, scope)).collect();
        let until = badges.iter().filter_map(|badge| badge.until).min();
        let checked = badges.iter().filter_map(|badge| badge.checked).min();
        badges.sort_by_key(|badge| badge.state);
        match badges.into_iter().next() {
            Some(worst) => Self { checked, until, ..worst },
            None => unknown(scope.name()),
        }
    }

    fn of_subject(view: &View, subject: &str, scope: &Scope) -> Self {
        let standing = view.snapshot.standing(subject, scope);
        let checked = standing.and_then(|standing| {
            let times = standing.results.values().map(|result| result.checked_at);
            times.chain(standing.expired.values().copied()).filter(|at| *at <= view.now).max()
        });
        Self {
            scope: scope.name().to_owned(),
            state: standing.map_or(State::Incomplete, |it| State::new(scope, it, view.now)),
            version: standing.and_then(|standing| standing.text.best.clone()),
            checked: checked.map(day),
            until: standing.and_then(|standing| standing.until),
        }
    }

    /// State, version and date.
    fn message(&self) -> String {
        let parts = [
            Some(self.state.words().to_owned()),
            self.version.clone(),
            self.checked.map(|day| day.to_string()),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }

    /// The badge as SVG.
    pub(crate) fn svg(&self) -> String {
        let (label, message) = (visible(&self.scope), self.message());
        let message = visible(&message);
        let (label_width, message_width) = (width(&label), width(&message));
        let split = label_width + 2 * PADDING;
        let right = message_width + 2 * PADDING;
        let svg = Svg {
            title: &format!("{label}: {message}"),
            label: &label,
            message: &message,
            color: self.state.color(),
            width: split + right,
            split,
            right_flat: right - 3,
            label_width,
            message_width,
            label_middle: split / 2,
            message_middle: split + right / 2,
        };
        svg.render().unwrap_or_default()
    }

    /// The badge as JSON for shields.io.
    pub(crate) fn shields(&self) -> ShieldsBadge {
        ShieldsBadge {
            schema_version: 1,
            label: self.scope.clone(),
            message: self.message(),
            color: self.state.color_name(),
            is_error: self.state == State::Unknown,
        }
    }
}

/// The space beside a text, in pixels.
const PADDING: usize = 6;

/// The width of a text in pixels; the image fits the text into it.
fn width(text: &str) -> usize {
    text.chars().map(|character| if matches!(character, 'i' | 'l' | '.' | '·' | ' ') { 4 } else { 7 }).sum()
}
