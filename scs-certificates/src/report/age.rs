//! Groups results by the age of their evidence.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use scs_standards::Verdict;

/// Results grouped by age, each group with its time: results of the check itself first, even if there are none, then results
/// with older evidence, newest first.
///
/// A report has one time for all its results, and a result is as old as its evidence. Older results are grouped by the day of
/// their evidence, since results expire by day; the time of a group is that of its oldest result.
///
/// ```
/// use scs_certificates::report::by_age;
/// use scs_standards::Verdict;
///
/// let at = |text: &str| text.parse::<jiff::Timestamp>();
/// let checked_at = at("2026-10-20T00:00:00Z")?;
/// let results = [
///     ("fresh", None),
///     ("old", Some(at("2026-10-10T09:00:00Z")?)),
///     ("as-old", Some(at("2026-10-10T17:00:00Z")?)),
///     // No result is newer than the check.
///     ("later", Some(at("2026-10-21T00:00:00Z")?)),
/// ];
/// let parts = by_age(checked_at, results.map(|(case, time)| (case.to_owned(), Verdict::Pass, time)));
/// let found: Vec<String> = parts.iter().map(|(time, results)| format!("{time} {}", results.len())).collect();
/// assert_eq!(found, ["2026-10-20T00:00:00Z 2", "2026-10-10T09:00:00Z 2"]);
/// # Ok::<(), jiff::Error>(())
/// ```
pub fn by_age(
    checked_at: Timestamp,
    results: impl IntoIterator<Item = (String, Verdict, Option<Timestamp>)>,
) -> Vec<(Timestamp, BTreeMap<String, Verdict>)> {
    let mut own = BTreeMap::new();
    let mut older: BTreeMap<Date, (Timestamp, BTreeMap<String, Verdict>)> = BTreeMap::new();
    for (case, result, time) in results {
        match time.filter(|time| *time < checked_at) {
            None => _ = own.insert(case, result),
            Some(time) => {
                let day = time.to_zoned(TimeZone::UTC).date();
                let (oldest, part) = older.entry(day).or_insert_with(|| (time, BTreeMap::new()));
                *oldest = time.min(*oldest);
                part.insert(case, result);
            }
        }
    }
    std::iter::once((checked_at, own)).chain(older.into_values().rev()).collect()
}
