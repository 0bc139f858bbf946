//! The state of a document and its dates.

use jiff::civil::Date;

use super::super::folder::{DocumentFile, DocumentFolder};
use super::considered::{Rec, lenient, readable};
use super::values::{shown, unknown_value};
use crate::catalog::DocumentStatus;
use crate::state::Lifecycle;

pub(super) fn status(folder: &DocumentFolder, rec: &mut Rec<'_>) {
    let all = "Draft, Stable, Deprecated or Rejected";
    for file in readable(folder, rec) {
        match (file.is_supplement(), file.field("status")) {
            (true, None) => {}
            (true, Some(_)) => {
                rec.fail(&file.place, "supplements must not have `status`");
            }
            (false, None) => {
                rec.fail(&file.place, "`status` is missing").compared(all, "not set");
            }
            (false, Some(value)) if value.as_str() == Some("Proposal") => {
                rec.split(lenient("C-098"), &file.place, "`status` is `Proposal`").compared(all, "Proposal");
            }
            (false, Some(value)) => {
                if value.as_str().is_none_or(|text| text.parse::<DocumentStatus>().is_err()) {
                    let known = DocumentStatus::ALL.map(DocumentStatus::name);
                    rec.fail(&file.place, unknown_value("status", value, &known)).compared(all, shown(value));
                }
            }
        }
    }
}

/// A date of the front matter; `Err` if it is not a date.
fn date(file: &DocumentFile, key: &str) -> Result<Option<Date>, String> {
    match file.field(key) {
        None => Ok(None),
        Some(value) => value
            .as_str()
            // Otherwise a time would be read as its date.
            .filter(|text| text.len() == "2026-11-30".len())
            .and_then(|text| text.parse().ok())
            .map(Some)
            .ok_or_else(|| format!("`{key}` is {}, not a date such as 2026-11-30", shown(value))),
    }
}

/// The date of a time, as YAML writes one.
fn date_of_time(text: &str) -> Option<Date> {
    let (date, time) = (text.get(..10)?, text.get(10..)?);
    let hour = time.strip_prefix(['T', 't', ' '])?.trim_start();
    hour.starts_with(|first: char| first.is_ascii_digit()).then(|| date.parse().ok())?
}

pub(super) fn dates(folder: &DocumentFolder, rec: &mut Rec<'_>) {
    for file in readable(folder, rec) {
        let mut read = |key| {
            date(file, key).unwrap_or_else(|problem| {
                let with_time = file.text(key).and_then(date_of_time);
                // The official checker accepts a time as its date.
                match with_time {
                    Some(_) => rec.split(lenient("C-100"), &file.place, problem),
                    None => rec.fail(&file.place, problem),
                };
                with_time
            })
        };
        let (stabilized, deprecated) = (read("stabilized_at"), read("deprecated_at"));
        let rejected = read("rejected_at");
        let wanted = match file.text("status") {
            Some("Stable") => Some(("stabilized_at", stabilized)),
            Some("Deprecated") => Some(("deprecated_at", deprecated)),
            Some("Rejected") => Some(("rejected_at", rejected)),
            _ => None,
        };
        if let Some((key, None)) = wanted
            && file.field(key).is_none()
        {
            rec.fail(&file.place, format!("`{key}` is missing, but `status` requires it"));
        }
        for (key, of) in [("deprecated_at", "Deprecated"), ("rejected_at", "Rejected")] {
            if let Some(status) =
                file.text("status").filter(|status| *status != of && file.field(key).is_some())
            {
                let message = format!("`{key}` is set, but `status` is `{status}`");
                rec.split(lenient("C-098"), &file.place, message)
                    .compared(of, status)
                    .with_severity(crate::finding::Severity::Warning);
            }
        }
        if file.text("status") == Some("Deprecated") && file.field("stabilized_at").is_none() {
            let message = "`stabilized_at` is missing: only a Stable document can become Deprecated";
            rec.split(lenient("C-098"), &file.place, message);
        }
        if let (Some(stabilized), Some(deprecated)) = (stabilized, deprecated)
            && deprecated < stabilized
        {
            let message = format!("deprecated on {deprecated}, before it was stabilized on {stabilized}");
            rec.split(lenient("C-098"), &file.place, message);
        }
    }
}

pub(super) fn proposal(folder: &DocumentFolder, rec: &mut Rec<'_>) {
    for file in readable(folder, rec) {
        let Some(parts) = file.parts().filter(|_| file.is_proposal()) else { continue };
        if parts.edition == 'w' {
            rec.fail(&file.place, "a supplement must have the number of the document that it supplements");
            continue;
        }
        if parts.version != 1 {
            rec.fail(&file.place, "a proposal must have version 1").compared(1, parts.version);
        }
        if let Some(status) = file.field("status").filter(|status| status.as_str() != Some("Draft")) {
            let message = format!("`status` of a proposal must be `Draft`, but is {}", shown(status));
            rec.fail(&file.place, message).compared("Draft", shown(status));
        }
    }
}

pub(super) fn state(folder: &DocumentFolder, rec: &mut Rec<'_>) {
    let today = rec.context().date();
    for file in readable(folder, rec) {
        let lifecycle = Lifecycle {
            stabilized_at: date(file, "stabilized_at").ok().flatten(),
            deprecated_at: date(file, "deprecated_at").ok().flatten(),
        };
        let state = lifecycle.state_on(today);
        if let Some(later) = lifecycle.takes_effect_after(today) {
            rec.note(&file.place, format!("it is {state}, but will not be stabilized before {later}"));
        }
    }
}
