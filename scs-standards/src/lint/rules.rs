//! The rules of scs-0001 for documents.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde_json::Value;

use super::folder::{DocumentFile, DocumentFolder};
use crate::catalog::{DocumentKind, DocumentStatus};
use crate::context::Context;
use crate::document::{DocumentId, StandardId, Track};
use crate::level::Level;
use crate::profile::Profile;
use crate::rule::{Answer, Heading, Recorder, Rule, Split};
use crate::state::Lifecycle;
use crate::verdict::Verdict;

type Rec<'a> = Recorder<'a, DocumentFolder>;

const DOCUMENTS: &[DocumentId] = &[DocumentId::version(1, 1)];

const FORMAT: Heading = Heading { documents: DOCUMENTS, section: "Document format" };
const TABLE: Heading = Heading { documents: DOCUMENTS, section: "Document format, metadata table" };
const SECTIONS: Heading = Heading { documents: DOCUMENTS, section: "Document format, sections" };

static RULES: &[Rule<DocumentFolder>] = &[
    FORMAT.rule(
        "scs-0001-file-name",
        Level::Must,
        "files are named `scs-XXXX-vN-slug.md`, supplements `scs-XXXX-wN-slug.md`",
        file_name,
    ),
    FORMAT.rule(
        "scs-0001-slug-letter",
        Level::Should,
        "a slug begins with a letter and has no consecutive hyphens",
        slug_letter,
    ),
    FORMAT.rule(
        "scs-0001-track-digit",
        Level::Must,
        "the first digit is 0 and the second is that of the track",
        track_digit,
    ),
    FORMAT.rule(
        "scs-0001-unique-number",
        Level::Must,
        "no two files have the same number and version",
        unique_number,
    ),
    TABLE.rule(
        "scs-0001-type",
        Level::Must,
        "`type` is Procedural, Standard, Decision Record or Supplement",
        kind,
    ),
    TABLE.rule(
        "scs-0001-status",
        Level::Must,
        "`status` is Draft, Stable, Deprecated or Rejected, and supplements have none",
        status,
    ),
    TABLE.rule("scs-0001-track", Level::Must, "`track` is one of the six tracks", track),
    TABLE.rule(
        "scs-0001-supplements",
        Level::Must,
        "only supplements have `supplements`, which lists documents with the same number",
        supplements,
    ),
    TABLE.rule(
        "scs-0001-dates",
        Level::Must,
        "the dates that the status requires are present, valid and in order",
        dates,
    ),
    TABLE.rule(
        "scs-0001-replaced-by",
        Level::Must,
        "only deprecated or rejected documents have `replaced_by`, which lists every replacement",
        replaced_by,
    ),
    TABLE.rule(
        "scs-0001-replaced-by-recommended",
        Level::Should,
        "deprecated or rejected documents name their replacement",
        replaced_by_recommended,
    ),
    TABLE.rule(
        "scs-0001-replaces",
        Level::Must,
        "from version 2 on, a document lists the earlier versions that it replaces",
        replaces,
    ),
    Heading { documents: DOCUMENTS, section: "Proposal of a new document" }.rule(
        "scs-0001-proposal",
        Level::Must,
        "a proposal (number `xxxx`) has version 1 and the status Draft",
        proposal,
    ),
    TABLE.rule("scs-0001-unknown-field", Level::ShouldNot, "fields that are not in the table", unknown_field),
    FORMAT.rule(
        "scs-0001-one-stable",
        Level::Must,
        "at most one version of a standard is Stable",
        one_stable,
    ),
    SECTIONS.rule(
        "scs-0001-sections-standard",
        Level::Must,
        "a Standard has an introduction, a motivation, a decision and conformance tests",
        sections_standard,
    ),
    SECTIONS.rule(
        "scs-0001-sections-record",
        Level::Must,
        "a Decision Record has an abstract, a context and a decision",
        sections_record,
    ),
    Rule {
        id: "scs-0002-state",
        level: Level::May,
        documents: &[DocumentId::version(2, 2)],
        section: "Documentation site",
        summary: "the dates determine whether a document is draft, effective or deprecated",
        test_case: None,
        question: None,
        check: state,
    },
];

/// The rules for documents.
pub fn document_rules() -> impl Iterator<Item = &'static Rule<DocumentFolder>> {
    RULES.iter()
}

/// Runs all rules for documents.
#[must_use]
pub fn lint(folder: &DocumentFolder, context: &Context<'_>) -> Vec<Answer> {
    document_rules().map(|rule| rule.answer(folder, context)).collect()
}

/// A violation that the official checker accepts.
fn lenient(difference: &'static str) -> Split {
    Split { text: Verdict::Fail, official: Verdict::Pass, difference }
}

/// The documents that the profile considers.
fn documents<'f>(
    folder: &'f DocumentFolder,
    rec: &Rec<'_>,
) -> impl Iterator<Item = &'f DocumentFile> + use<'f> {
    let is_text = rec.context().profile == Profile::Text;
    folder.files().iter().filter(move |file| is_text || file.is_checked_officially())
}

/// The documents with readable front matter; for the others, the reason is recorded.
fn readable<'f>(folder: &'f DocumentFolder, rec: &mut Rec<'_>) -> Vec<&'f DocumentFile> {
    let (readable, others): (Vec<_>, Vec<_>) = documents(folder, rec).partition(|file| file.front.is_ok());
    for file in others {
        if let Err(reason) = &file.front {
            rec.dnf(&file.name, reason.clone());
        }
    }
    readable
}

/// A suggestion, as the end of a sentence.
fn meant(given: &str, known: &[&str]) -> String {
    let folded = given.to_lowercase();
    known
        .iter()
        .map(|known| (strsim::damerau_levenshtein(&folded, &known.to_lowercase()), known))
        .min()
        .filter(|(distance, known)| 3 * distance < known.len())
        .map(|(_, known)| format!("; did you mean `{known}`?"))
        .unwrap_or_default()
}

/// The message for a value that is not one of the known ones.
fn unknown_value(key: &str, value: &Value, known: &[&str]) -> String {
    let meant = value.as_str().map(|given| meant(given, known)).unwrap_or_default();
    format!("`{key}` is {}, expected one of {}{meant}", shown(value), known.join(", "))
}

fn file_name(folder: &DocumentFolder, rec: &mut Rec<'_>) {
    for file in documents(folder, rec) {
        let expected = "scs-XXXX-vN-slug.md, with a slug of lower-case letters, digits and hyphens";
        let Some(parts) = file.parts() else {
            rec.fail(&file.name, "file name must be `scs-XXXX-vN-slug.md`").compared(expected, &file.name);
            continue;
        };
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if parts.slug.starts_with('-') || !parts.slug.bytes().all(allowed) {
            let message = format!(
                "the slug `{}` contains characters other than lower-case letters, digits and hyphens",
                parts.slug
            );
            rec.split(lenient("C-098"), &file.name, message).compared(expected, &file.name);
        }
    }
}

fn slug_letter(folder: &DocumentFolder, rec: &mut Rec<'_>) {
    for file in documents(folder, rec) {
        let Some(parts) = file.parts() else { continue };
        if !parts.slug.starts_with(|first: char| first.is_ascii_alphabetic()) || parts.slug.contains("--") {
            let message =
                format!("the slug `{}` does not begin with a letter, or has consecutive hyphens", parts.slug);
            rec.split(lenient("C-098"), &file.name, message);
        }
    }
}

fn track_digit(folder: &DocumentFolder, rec: &mut Rec<'_>) {
    for file in documents(folder, rec) {
        let Some(parts) = file.parts().filter(|_| !file.is_proposal()) else { continue };
        let number = parts.number.parse().ok().and_then(StandardId::new);
        let named = file.text("track").and_then(|track| track.parse::<Track>().ok());
        match number.map(StandardId::track) {
            Some(Some(track)) if named.is_none_or(|named| named == track) => {}
            Some(Some(track)) => {
                let message = format!("its number belongs to the track {track}");
                rec.split(lenient("C-098"), &file.name, message)
                    .compared(track, named.map(Track::name).unwrap_or_default());
            }
            _ => {
                let message = format!("no track uses the number {}", parts.number);
                rec.split(lenient("C-098"), &file.name, message).compared("0000 to 0599", parts.number);
            }
        }
    }
}

fn unique_number(folder: &DocumentFolder, rec: &mut Rec<'_>) {
    let mut known: BTreeMap<(&str, char, u32), &str> = BTreeMap::new();
    for file in documents(folder, rec) {
        // Proposals have no numbers yet.
        let Some(parts) = file.parts().filter(|_| !file.is_proposal()) else { continue };
        if let Some(other) = known.insert((parts.number, parts.edition, parts.version), &file.name) {
            rec.fail(&file.name, format!("{other} has the same number and version"));
        }
    }
}

/// A value, formatted for a message.
fn shown(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let text = match text.char_indices().nth(80) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    };
    if value.is_string() { format!("`{text}`") } else { text }
}

/// A list of file names in the front matter.
struct Names<'f> {
    names: Vec<&'f str>,
    /// The problems with the list.
    problems: Vec<String>,
}

fn names<'f>(file: &'f DocumentFile, key: &str) -> Names<'f> {
    let mut names = Names { names: Vec::new(), problems: Vec::new() };
    match file.field(key) {
        None => {}
        Some(Value::Array(list)) => {
            if list.is_empty() {
                names.problems.push(format!("`{key}` is empty, expected a list of file names"));
            }
            for entry in list {
                match entry.as_str() {
                    Some(name) => names.names.push(name),
                    None => names
                        .problems
                        .push(format!("`{key}` has the entry {}, not a file name", shown(entry))),
                }
            }
        }
        Some(value) => {
            names.names.extend(value.as_str());
            names.problems.push(format!("`{key}` is {}, not a list of file names", shown(value)));
        }
    }
    names
}

fn kind(folder: &DocumentFolder, rec: &mut Rec<'_>) {
    let all = "Procedural, Standard, Decision Record or Supplement";
    for file in readable(folder, rec) {
        match file.field("type") {
            None => {
                rec.fail(&file.name, "`type` is missing").compared(all, "not set");
            }
            Some(value) => match value.as_str().map(str::parse::<DocumentKind>) {
                Some(Ok(kind)) if (kind == DocumentKind::Supplement) == file.is_supplement() => {}
                Some(Ok(kind)) => {
                    let message = format!("`type` is {kind}, which does not match the file name");
                    rec.fail(&file.name, message).compared("Supplement exactly for `-wN-`", kind);
                }
                _ => {
                    let known = DocumentKind::ALL.map(DocumentKind::name);
                    rec.fail(&file.name, unknown_value("type", value, &known)).compared(all, shown(value));
                }
            },
        }
    }
}

fn status(folder: &DocumentFolder, rec: &mut Rec<'_>) {
    let all = "Draft, Stable, Deprecated or Rejected";
    for file in readable(folder, rec) {
        match (file.is_supplement(), file.field("status")) {
            (true, None) => {}
            (true, Some(_)) => {
                rec.fail(&file.name, "supplements must not have `status`");
            }
            (false, None) => {
                rec.fail(&file.name, "`status` is missing").compared(all, "not set");
            }
            (false, Some(value)) if value.as_str() == Some("Proposal") => {
                rec.split(lenient("C-098"), &file.name, "`status` is `Proposal`").compared(all, "Proposal");
            }
            (false, Some(value)) => {
                if value.as_str().is_none_or(|text| text.parse::<DocumentStatus>().is_err()) {
                    let known = DocumentStatus::ALL.map(DocumentStatus::name);
                    rec.fail(&file.name, unknown_value("status", value, &known)).compared(all, shown(value));
                }
            }
        }
    }
}

fn track(folder: &DocumentFolder, rec: &mut Rec<'_>) {
    let all = Track::ALL.map(Track::name).join(", ");
    for file in readable(folder, rec) {
        let value = file.field("track");
        if value.and_then(Value::as_str).is_some_and(|text| text.parse::<Track>().is_ok()) {
            continue;
        }
        let found = value.map_or_else(|| "not set".to_owned(), shown);
        let message = match value {
            None => "`track` is missing".to_owned(),
            Some(value) => unknown_value("track", value, &Track::ALL.map(Track::name)),
        };
        // The official checker ignores the track of supplements.
        let entry = if file.is_supplement() {
            rec.split(lenient("C-098"), &file.name, message)
        } else {
            rec.fail(&file.name, message)
        };
        entry.compared(&all, found);
    }
}

fn supplements(folder: &DocumentFolder, rec: &mut Rec<'_>) {
    for file in readable(folder, rec) {
        match (file.is_supplement(), file.field("supplements")) {
            (false, None) => {}
            (false, Some(_)) => {
                rec.split(lenient("C-098"), &file.name, "only supplements may have `supplements`");
            }
            (true, None) => {
                rec.fail(&file.name, "`supplements` is missing").compared("a list of file names", "not set");
            }
            (true, Some(value)) => {
                let Names { names, problems } = names(file, "supplements");
                for problem in problems {
                    // The official checker accepts any list.
                    let entry = if value.is_array() {
                        rec.split(lenient("C-100"), &file.name, problem)
                    } else {
                        rec.fail(&file.name, problem)
                    };
                    entry.compared("a list of file names", shown(value));
                }
                for entry in names {
                    supplemented(folder, file, entry, rec);
                }
            }
        }
    }
}

/// Whether the supplemented document exists, has the same number, and is not a supplement itself.
fn supplemented(folder: &DocumentFolder, file: &DocumentFile, entry: &str, rec: &mut Rec<'_>) {
    let number = |name: &str| name.get(4..8).map(str::to_owned);
    if !folder.has(entry) {
        rec.fail(&file.name, format!("it supplements `{entry}`, which does not exist"));
        return;
    }
    if number(entry) != number(&file.name) {
        let message = format!("it supplements `{entry}`, which has a different number");
        rec.split(lenient("C-098"), &file.name, message);
    }
    if folder.get(entry).is_some_and(DocumentFile::is_supplement) {
        let message = format!("it supplements `{entry}`, which is a supplement itself");
        rec.split(lenient("C-098"), &file.name, message);
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

fn dates(folder: &DocumentFolder, rec: &mut Rec<'_>) {
    for file in readable(folder, rec) {
        let mut read = |key| {
            date(file, key).unwrap_or_else(|problem| {
                let with_time = file.text(key).and_then(date_of_time);
                // The official checker accepts a time as its date.
                match with_time {
                    Some(_) => rec.split(lenient("C-100"), &file.name, problem),
                    None => rec.fail(&file.name, problem),
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
            rec.fail(&file.name, format!("`{key}` is missing, but `status` requires it"));
        }
        for (key, of) in [("deprecated_at", "Deprecated"), ("rejected_at", "Rejected")] {
            if let Some(status) =
                file.text("status").filter(|status| *status != of && file.field(key).is_some())
            {
                let message = format!("`{key}` is set, but `status` is `{status}`");
                rec.split(lenient("C-098"), &file.name, message)
                    .compared(of, status)
                    .with_severity(crate::finding::Severity::Warning);
            }
        }
        if file.text("status") == Some("Deprecated") && file.field("stabilized_at").is_none() {
            let message = "`stabilized_at` is missing: only a Stable document can become Deprecated";
            rec.split(lenient("C-098"), &file.name, message);
        }
        if let (Some(stabilized), Some(deprecated)) = (stabilized, deprecated)
            && deprecated < stabilized
        {
            let message = format!("deprecated on {deprecated}, before it was stabilized on {stabilized}");
            rec.split(lenient("C-098"), &file.name, message);
        }
    }
}

/// `replaced_by` is forbidden unless the document is deprecated or rejected, and must list all replacements, if any
/// (*Document format*, table; *Deprecation phase*; *Rejection*).
fn replaced_by(folder: &DocumentFolder, rec: &mut Rec<'_>) {
    let mut replacements: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for file in documents(folder, rec) {
        for name in file.entries("replaces").into_iter().filter(|name| *name != file.name) {
            replacements.entry(name).or_default().push(&file.name);
        }
    }
    for file in readable(folder, rec) {
        let value = file.field("replaced_by");
        if !is_inactive(file) {
            if let Some(value) = value {
                let message = "`replaced_by` is set, but the document is neither Deprecated nor Rejected";
                rec.fail(&file.name, message).compared("not set", shown(value));
            }
            continue;
        }
        let Names { names, problems } = names(file, "replaced_by");
        for problem in problems {
            rec.split(lenient("C-100"), &file.name, problem);
        }
        for name in &names {
            if *name == file.name {
                rec.split(lenient("C-100"), &file.name, "it is replaced by itself");
            } else if !folder.has(name) {
                rec.split(
                    lenient("C-100"),
                    &file.name,
                    format!("it is replaced by `{name}`, which does not exist"),
                );
            }
        }
        for name in
            replacements.get(file.name.as_str()).into_iter().flatten().filter(|name| !names.contains(name))
        {
            let message = format!("`{name}` replaces it, but is missing from `replaced_by`");
            rec.split(lenient("C-112"), &file.name, message)
                .compared(name, value.map_or("not set".into(), shown));
        }
    }
}

/// Whether a document is deprecated or rejected.
fn is_inactive(file: &DocumentFile) -> bool {
    matches!(file.text("status"), Some("Deprecated" | "Rejected"))
}

fn replaced_by_recommended(folder: &DocumentFolder, rec: &mut Rec<'_>) {
    for file in readable(folder, rec) {
        if is_inactive(file) && file.field("replaced_by").is_none() {
            rec.split(
                lenient("C-099"),
                &file.name,
                "`replaced_by` is missing; it should name the replacement",
            )
            .compared("a list of file names", "not set");
        }
    }
}

fn proposal(folder: &DocumentFolder, rec: &mut Rec<'_>) {
    for file in readable(folder, rec) {
        let Some(parts) = file.parts().filter(|_| file.is_proposal()) else { continue };
        if parts.edition == 'w' {
            rec.fail(&file.name, "a supplement must have the number of the document that it supplements");
            continue;
        }
        if parts.version != 1 {
            rec.fail(&file.name, "a proposal must have version 1").compared(1, parts.version);
        }
        if let Some(status) = file.field("status").filter(|status| status.as_str() != Some("Draft")) {
            let message = format!("`status` of a proposal must be `Draft`, but is {}", shown(status));
            rec.fail(&file.name, message).compared("Draft", shown(status));
        }
    }
}

fn replaces(folder: &DocumentFolder, rec: &mut Rec<'_>) {
    for file in readable(folder, rec) {
        let Some(parts) = file.parts().filter(|parts| parts.edition == 'v') else { continue };
        let Names { names: entries, problems } = names(file, "replaces");
        if file.field("replaces").is_none() && parts.version > 1 {
            let message = "`replaces` is missing, but this is not the first version";
            rec.fail(&file.name, message).compared("a list of file names", "not set");
        }
        for problem in problems {
            rec.split(lenient("C-100"), &file.name, problem)
                .compared("a list of file names", "no valid list");
        }
        for entry in entries {
            if entry == file.name {
                rec.split(lenient("C-100"), &file.name, "it replaces itself");
            } else if !folder.has(entry) {
                let message = format!("it replaces `{entry}`, which does not exist");
                // The official checker ignores this field in first versions.
                if parts.version > 1 {
                    rec.fail(&file.name, message);
                } else {
                    rec.split(lenient("C-100"), &file.name, message);
                }
            } else if !is_earlier(folder, entry, parts.number, parts.version) {
                let message =
                    format!("it replaces `{entry}`, which is not an earlier version of the same number");
                rec.split(lenient("C-100"), &file.name, message);
            }
        }
    }
}

fn is_earlier(folder: &DocumentFolder, name: &str, number: &str, version: u32) -> bool {
    let parts = folder.get(name).and_then(DocumentFile::parts);
    parts.is_some_and(|parts| parts.number == number && parts.version < version)
}

/// The fields of the table, plus title and description, which every page has.
const FIELDS: &[&str] = &[
    "title",
    "description",
    "type",
    "status",
    "track",
    "supplements",
    "deprecated_at",
    "stabilized_at",
    "rejected_at",
    "replaced_by",
    "replaces",
];

fn unknown_field(folder: &DocumentFolder, rec: &mut Rec<'_>) {
    for file in readable(folder, rec) {
        let unknown: Vec<String> = file
            .front
            .iter()
            .flat_map(serde_json::Map::keys)
            .filter(|key| !FIELDS.contains(&key.as_str()))
            .map(|key| format!("`{key}`"))
            .collect();
        if !unknown.is_empty() {
            let message = format!("unknown fields: {}", unknown.join(", "));
            rec.split(lenient("C-100"), &file.name, message);
        }
    }
}

fn one_stable(folder: &DocumentFolder, rec: &mut Rec<'_>) {
    let mut stable: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for file in readable(folder, rec) {
        if let Some(parts) = file.parts().filter(|_| file.text("status") == Some("Stable")) {
            stable.entry(parts.number).or_default().push(&file.name);
        }
    }
    for (number, names) in stable.into_iter().filter(|(_, names)| names.len() > 1) {
        let message = format!("{} versions are Stable: {}", names.len(), names.join(", "));
        rec.fail(format!("scs-{number}"), message).compared("at most one", names.len());
    }
}

/// Words that identify the heading of a decision.
const DECISION: &[&str] = &[
    "decision",
    "decisions",
    "regulation",
    "regulations",
    "standard",
    "standards",
    "guideline",
    "guidelines",
    "solution",
    "proposal",
    "specification",
    "requirements",
];

/// Words that identify sections about something other than the decision: other sections of the text, alternatives and
/// earlier versions, and notes.
const ASIDE: &[&str] = &[
    "abstract",
    "acknowledgements",
    "alternatives",
    "appendix",
    "conformance",
    "consequences",
    "considerations",
    "considered",
    "context",
    "documents",
    "example",
    "examples",
    "history",
    "implementation",
    "introduction",
    "motivation",
    "open",
    "options",
    "previous",
    "references",
    "related",
    "scope",
    "terminology",
    "versions",
];

/// Whether one of the sections is about the decision, judging by its heading and the headings above it.
fn has_decision(headings: &[(usize, String)]) -> bool {
    // A single top-level heading above all others is the page title, which contains all sections.
    let is_first = headings.first().is_some_and(|(level, _)| *level == 1);
    let has_title = is_first && headings.iter().filter(|(level, _)| *level == 1).count() == 1;
    let mut aside: Option<usize> = None;
    headings.iter().any(|(level, heading)| {
        let words: Vec<String> = heading
            .split(|letter: char| !letter.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect();
        let has = |known: &[&str]| words.iter().any(|word| known.contains(&word.as_str()));
        if aside.is_some_and(|outer| *level <= outer) {
            aside = None;
        }
        let is_title = has_title && *level == 1;
        if aside.is_none() && !is_title && has(ASIDE) {
            aside = Some(*level);
        }
        // On its own, it introduces the key words of RFC 2119 or the criteria for a decision.
        let is_preface = words == ["requirements"];
        aside.is_none() && !is_title && !is_preface && has(DECISION)
    })
}

/// A required section.
enum Section {
    /// A section with these words in its heading.
    Named(&'static str, &'static str),
    /// The decision.
    Decision,
}

fn sections(folder: &DocumentFolder, rec: &mut Rec<'_>, of: DocumentKind, wanted: &[Section]) {
    for file in readable(folder, rec) {
        if file.text("type") != Some(of.name()) {
            continue;
        }
        let missing: Vec<&str> = wanted
            .iter()
            .filter_map(|section| match section {
                Section::Named(name, words) => {
                    let has = |(_, heading): &(usize, String)| heading.to_lowercase().contains(words);
                    (!file.headings.iter().any(has)).then_some(*name)
                }
                Section::Decision => (!has_decision(&file.headings)).then_some("Decision"),
            })
            .collect();
        if !missing.is_empty() {
            let message = format!("missing sections: {}", missing.join(", "));
            // Most documents lack some, so it is only a warning.
            rec.split(lenient("C-099"), &file.name, message).with_severity(crate::finding::Severity::Warning);
        }
    }
}

fn sections_standard(folder: &DocumentFolder, rec: &mut Rec<'_>) {
    let wanted = [
        Section::Named("Introduction", "introduction"),
        Section::Named("Motivation", "motivation"),
        Section::Decision,
        Section::Named("Conformance Tests", "conformance test"),
    ];
    sections(folder, rec, DocumentKind::Standard, &wanted);
}

fn sections_record(folder: &DocumentFolder, rec: &mut Rec<'_>) {
    let wanted =
        [Section::Named("Abstract", "abstract"), Section::Named("Context", "context"), Section::Decision];
    sections(folder, rec, DocumentKind::DecisionRecord, &wanted);
}

fn state(folder: &DocumentFolder, rec: &mut Rec<'_>) {
    let today = rec.context().date();
    for file in readable(folder, rec) {
        let lifecycle = Lifecycle {
            stabilized_at: date(file, "stabilized_at").ok().flatten(),
            deprecated_at: date(file, "deprecated_at").ok().flatten(),
        };
        let state = lifecycle.state_on(today);
        if let Some(later) = lifecycle.takes_effect_after(today) {
            rec.note(&file.name, format!("it is {state}, but will not be stabilized before {later}"));
        }
    }
}
