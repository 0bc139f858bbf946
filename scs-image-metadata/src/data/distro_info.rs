//! The release calendars in Debian's package distro-info-data: CSV files with a header and without quotes.

use jiff::civil::Date;

use super::read::ReadDataError;
use super::releases::{DistributionReleases, Release};

/// Years before this one are of no interest: no image of such a release is offered.
const FIRST_YEAR: i16 = 2014;
/// The columns that every file has.
const COLUMNS: [&str; 5] = ["version", "series", "created", "release", "eol"];

/// The releases in `ubuntu.csv`: those with support for years have ` LTS` after their version.
pub(super) fn ubuntu(csv: &str) -> Result<DistributionReleases, ReadDataError> {
    of("ubuntu", "Ubuntu", csv, |version| match version.strip_suffix(" LTS") {
        Some(version) => (version, true),
        None => (version, false),
    })
}

/// The releases in `debian.csv`: every stable one.
pub(super) fn debian(csv: &str) -> Result<DistributionReleases, ReadDataError> {
    of("debian", "Debian", csv, |version| (version, true))
}

fn of(
    id: &str,
    name: &str,
    csv: &str,
    version: fn(&str) -> (&str, bool),
) -> Result<DistributionReleases, ReadDataError> {
    let wrong = |reason: String| ReadDataError::of("distro-info-data", format!("{name}: {reason}"));
    let mut lines = (1_usize..).zip(csv.lines());
    let header: Vec<&str> = lines.next().map(|(_, line)| line.split(',').collect()).unwrap_or_default();
    let place = |column: &str| header.iter().position(|known| *known == column);
    let columns = COLUMNS.map(place);
    let [Some(versions), Some(series), Some(_), Some(release), Some(end)] = columns else {
        return Err(wrong(format!("the first line does not have the columns {}", COLUMNS.join(", "))));
    };
    let mut releases = Vec::new();
    for (number, line) in lines.filter(|(_, line)| !line.trim().is_empty()) {
        let cells: Vec<&str> = line.split(',').map(str::trim).collect();
        let cell = |index: usize| cells.get(index).copied().filter(|cell| !cell.is_empty());
        if cells.len() < 4 || cells.len() > header.len() {
            return Err(wrong(format!("line {number} has {} columns", cells.len())));
        }
        let date = |text: &str| {
            text.parse::<Date>().map_err(|_| wrong(format!("line {number}: `{text}` is not a date")))
        };
        // Sid has no version, and a planned release has no date.
        let (Some(text), Some(day)) = (cell(versions), cell(release)) else { continue };
        let day = date(day)?;
        if day.year() < FIRST_YEAR {
            continue;
        }
        let (version, long_term) = version(text);
        let codename = cell(series).ok_or_else(|| wrong(format!("line {number}: no `series`")))?;
        let end_of_life = cell(end).ok_or_else(|| wrong(format!("line {number}: no `eol`")))?;
        let end_of_life = date(end_of_life)?;
        releases.push(Release {
            version: version.to_owned(),
            codename: codename.to_owned(),
            released: day,
            end_of_life,
            long_term,
        });
    }
    if releases.is_empty() {
        return Err(wrong("no release has a version and a date".to_owned()));
    }
    // Newer interim releases are listed after older long-term ones in some versions of the file.
    releases.sort_by_key(|release| release.released);
    Ok(DistributionReleases { id: id.to_owned(), name: name.to_owned(), releases })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "version,codename,series,created,release,eol,eol-server";

    #[test]
    fn planned_and_old_releases_are_skipped() {
        let csv = format!(
            "{HEADER}\n13.10,Saucy Salamander,saucy,2013-04-25,2013-10-17,2014-07-17\n\
             24.10,Oracular Oriole,oracular,2024-04-25,2024-10-10,2025-07-10\n\
             24.04 LTS,Noble Numbat,noble,2023-10-12,2024-04-25,2029-05-31,2029-05-31\n\
             27.04,Some Name,some,2026-10-15\n"
        );
        let releases = ubuntu(&csv).unwrap().releases;
        let known: Vec<(&str, bool)> =
            releases.iter().map(|release| (release.version.as_str(), release.long_term)).collect();
        assert_eq!(known, [("24.04", true), ("24.10", false)]);
    }

    #[test]
    fn other_texts_are_errors() {
        for (csv, reason) in [
            ("", "the first line does not have the columns"),
            ("<!DOCTYPE html>\n<html>", "the first line does not have the columns"),
            (HEADER, "no release has a version and a date"),
            (&format!("{HEADER}\n24.04 LTS,No"), "line 2 has 2 columns"),
            (&format!("{HEADER}\n24.04 LTS,N,noble,2023-10-12,2024-04"), "line 2: `2024-04` is not a date"),
            (&format!("{HEADER}\n24.04 LTS,N,noble,2023-10-12,2024-04-25"), "line 2: no `eol`"),
        ] {
            let error = ubuntu(csv).unwrap_err().to_string();
            assert!(error.contains(reason), "{csv}: {error}");
        }
    }
}
