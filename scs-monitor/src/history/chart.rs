//! The chart of a history, as SVG without scripts.

use askama::Template;
use scs_standards::Verdict;
use scs_standards::written::visible;

use super::{History, HistoryDay};

/// The width of a day, in pixels.
const DAY: f64 = 1.6;
/// The height of a bar.
const BAR: f64 = 36.0;
const LEFT: f64 = 64.0;
const TOPS: [f64; 2] = [30.0, 82.0];

/// A number of days as a coordinate.
fn number(days: usize) -> f64 {
    f64::from(u32::try_from(days).unwrap_or(u32::MAX))
}

/// Days in a row with the same verdict.
struct Bar {
    x: String,
    y: String,
    width: String,
    height: String,
    class: &'static str,
    title: String,
}

struct Label {
    x: String,
    text: String,
}

#[derive(Template)]
#[template(path = "svg/history.svg")]
struct Svg<'h> {
    title: &'h str,
    description: &'h str,
    width: String,
    bars: Vec<Bar>,
    labels: Vec<Label>,
}

impl History {
    /// The chart: a bar for each run of days with the same verdict, by the text and as the official monitor decides. The
    /// height tells the verdict, too, for those who do not see the colors.
    pub(crate) fn chart(&self, subject: &str, scope: &str) -> String {
        let (subject, scope) = (visible(subject), visible(scope));
        let mut bars = self.bars(TOPS[0], |it| it.text);
        bars.extend(self.bars(TOPS[1], |it| it.official));
        let months =
            self.all_days().filter(|(_, day)| day.day() == 1 && matches!(day.month(), 1 | 4 | 7 | 10));
        let labels = months.map(|(place, day)| Label {
            x: pixels(LEFT + DAY * place),
            text: day.strftime("%Y-%m").to_string(),
        });
        let svg = Svg {
            title: &format!("{subject}: {scope}"),
            description: &self.description(),
            width: pixels(LEFT + DAY * number(self.all_days().count()) + 16.0),
            bars,
            labels: labels.collect(),
        };
        svg.render().unwrap_or_default()
    }

    /// All days that are shown, with their places, those before the first report included.
    fn all_days(&self) -> impl Iterator<Item = (f64, jiff::civil::Date)> {
        let days = self.from.series(jiff::Span::new().days(1)).take_while(|day| *day <= self.to);
        days.scan(0.0, |place, day| {
            *place += 1.0;
            Some((*place - 1.0, day))
        })
    }

    fn bars(&self, top: f64, verdict: fn(&HistoryDay) -> Verdict) -> Vec<Bar> {
        let runs = self.days.chunk_by(|a, b| verdict(a) == verdict(b));
        runs.filter_map(|run| {
            let (first, last) = (run.first()?, run.last()?);
            let verdict = verdict(first);
            let (class, height) = match verdict {
                Verdict::Pass => ("pass", BAR),
                Verdict::Dnf | Verdict::Miss => ("open", BAR * 0.6),
                Verdict::Fail => ("fail", BAR * 0.3),
            };
            let place = self.from.until(first.day).map_or(0, |span| span.get_days());
            Some(Bar {
                x: pixels(LEFT + DAY * f64::from(place)),
                y: pixels(top + BAR - height),
                width: pixels(DAY * number(run.len())),
                height: pixels(height),
                class,
                title: format!("{} to {}: {verdict}", first.day, last.day),
            })
        })
        .collect()
    }

    /// The chart in words: the table of months.
    fn description(&self) -> String {
        let Some(first) = self.days.first() else { return "No reports yet.".to_owned() };
        let months = self.months().into_iter().map(|month| {
            format!("{}: {} of {}", month.first.strftime("%Y-%m"), month.conforming, month.counted)
        });
        let gap = self.longest_gap().map_or_else(
            || "It conformed on all days.".to_owned(),
            |gap| format!("The longest gap has {} days, from {} to {}.", gap.days, gap.from, gap.to),
        );
        format!(
            "Verdict of each day from {} to {}; days before the first report are empty. {gap} Conforming days by month: {}.",
            first.day,
            self.to,
            months.collect::<Vec<_>>().join(", ")
        )
    }
}

fn pixels(number: f64) -> String {
    let text = format!("{number:.1}");
    text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
}
