//! The rules of scs-0001 over documents.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde_json::Value;

use super::folder::{DocumentFile, DocumentFolder};
use crate::catalogue::{DocumentKind, DocumentStatus};
use crate::context::Context;
use crate::document::{DocumentId, StandardId, Track};
use crate::level::Level;
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
        "a file is named `scs-XXXX-vN-slug.md`, a supplement `scs-XXXX-wN-slug.md`",
        file_name,
    ),
    FORMAT.rule(
        "scs-0001-slug-letter",
        Level::Should,
        "a slug begins with a letter and has single hyphens",
        slug_letter,
    ),
    FORMAT.rule(
        "scs-0001-track-digit",
        Level::Must,
        "the first digit is 0, and the second that of the track",
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
        "supplements, and they alone, list documents of their number",
        supplements,
    ),
    TABLE.rule(
        "scs-0001-dates",
        Level::Must,
        "the dates that the status asks for are there, valid and in order",
        dates,
    ),
    TABLE.rule(
        "scs-0001-replaced-by",
        Level::Should,
        "what is deprecated or rejected, and that alone, lists what replaces it",
        replaced_by,
    ),
    TABLE.rule(
        "scs-0001-replaces",
        Level::Must,
        "from version 2 on a document lists earlier versions that it replaces",
        replaces,
    ),
    TABLE.rule(
        "scs-0001-unknown-field",
        Level::ShouldNot,
        "other fields than those of the table",
        unknown_field,
    ),
    FORMAT.rule(
        "scs-0001-one-stable",
        Level::Must,
        "one version of a standard is Stable at most",
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
        summary: "the dates make a document draft, effective or deprecated on a day",
        test_case: None,
        question: None,
        check: state,
    },
];

/// The rules over documents.
pub fn document_rules() -> impl Iterator<Item = &'static Rule<DocumentFolder>> {
    RULES.iter()
}

/// Asks all rules over documents.
#[must_use]
pub fn lint(folder: &DocumentFolder, context: &Context<'_>) -> Vec<Answer> {
    document_rules().map(|rule| rule.answer(folder, context)).collect()
}

/// What the official checker lets pass, and the text does not.
fn lenient(difference: &'static str) -> Split {
    Split { text: Verdict::Fail, official: Verdict::Pass, difference }
}

/// The documents with front matter that can be read; of the others the rule is told why not.
fn readable<'f>(folder: &'f DocumentFolder, rec: &mut Rec<'_>) -> Vec<&'f DocumentFile> {
    for file in folder.files() {
        if let Err(reason) = &file.front {
            rec.dnf(&file.name, reason.clone());
        }
    }
    folder.files().iter().filter(|file| file.front.is_ok()).collect()
}

fn file_name(folder: &DocumentFolder, rec: &mut Rec<'_>) {
    for file in folder.files() {
        let expected = "scs-XXXX-vN-slug.md, the slug of lower-case letters, digits and hyphens";
        let Some(parts) = file.parts() else {
            rec.fail(&file.name, "it is not named as a document is").compared(expected, &file.name);
            continue;
        };
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if parts.slug.starts_with('-') || !parts.slug.bytes().all(allowed) {
            let message = format!("the slug `{}` has other letters than a slug may have", parts.slug);
            rec.split(lenient("C-098"), &file.name, message).compared(expected, &file.name);
        }
    }
}

fn slug_letter(folder: &DocumentFolder, rec: &mut Rec<'_>) {
    for file in folder.files() {
        let Some(parts) = file.parts() else { continue };
        if !parts.slug.starts_with(|first: char| first.is_ascii_alphabetic()) || parts.slug.contains("--") {
            let message =
                format!("the slug `{}` begins with no letter, or has hyphens side by side", parts.slug);
            rec.split(lenient("C-098"), &file.name, message);
        }
    }
}

fn track_digit(folder: &DocumentFolder, rec: &mut Rec<'_>) {
    for file in folder.files() {
        let Some(parts) = file.parts() else { continue };
        let number = parts.number.parse().ok().and_then(StandardId::new);
        let named = file.text("track").and_then(|track| track.parse::<Track>().ok());
        match number.map(StandardId::track) {
            Some(Some(track)) if named.is_none_or(|named| named == track) => {}
            Some(Some(track)) => {
                let message = format!("its number is one of track {track}");
                rec.split(lenient("C-098"), &file.name, message)
                    .compared(track, named.map(Track::name).unwrap_or_default());
            }
            _ => {
                let message = format!("no track has numbers such as {}", parts.number);
                rec.split(lenient("C-098"), &file.name, message).compared("0000 to 0599", parts.number);
            }
        }
    }
}

fn unique_number(folder: &DocumentFolder, rec: &mut Rec<'_>) {
    let mut known: BTreeMap<(&str, char, u32), &str> = BTreeMap::new();
    for file in folder.files() {
        let Some(parts) = file.parts() else { continue };
        if let Some(other) = known.insert((parts.number, parts.edition, parts.version), &file.name) {
            rec.fail(&file.name, format!("{other} has the same number and version"));
        }
    }
}

/// A value for a message.
fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), |text| format!("`{text}`"))
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
                    let message = format!("`type` is {kind}, but the name is that of another");
                    rec.fail(&file.name, message)
                        .compared("Supplement for `-wN-`, and for nothing else", kind);
                }
                _ => {
                    rec.fail(&file.name, format!("`type` is {}", shown(value))).compared(all, shown(value));
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
                rec.fail(&file.name, "a supplement has no `status`");
            }
            (false, None) => {
                rec.fail(&file.name, "`status` is missing").compared(all, "not set");
            }
            (false, Some(value)) if value.as_str() == Some("Proposal") => {
                rec.split(lenient("C-098"), &file.name, "`status` is `Proposal`").compared(all, "Proposal");
            }
            (false, Some(value)) => {
                if value.as_str().is_none_or(|text| text.parse::<DocumentStatus>().is_err()) {
                    rec.fail(&file.name, format!("`status` is {}", shown(value))).compared(all, shown(value));
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
            Some(_) => format!("`track` is {found}"),
        };
        // The official checker does not look at those of supplements.
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
                rec.split(lenient("C-098"), &file.name, "only a supplement lists what it supplements");
            }
            (true, Some(Value::Array(_))) => {
                for entry in file.entries("supplements") {
                    let number = |name: &str| name.get(4..8).map(str::to_owned);
                    if !folder.has(entry) {
                        rec.fail(&file.name, format!("it supplements `{entry}`, which is not there"));
                    } else if number(entry) != number(&file.name) {
                        let message = format!("it supplements `{entry}`, which has another number");
                        rec.split(lenient("C-098"), &file.name, message);
                    }
                }
            }
            (true, _) => {
                rec.fail(&file.name, "`supplements` is missing, or no list")
                    .compared("a list of file names", "none");
            }
        }
    }
}

/// A date of the front matter; `Err` where there is something else.
fn date(file: &DocumentFile, key: &str) -> Result<Option<Date>, String> {
    match file.field(key) {
        None => Ok(None),
        Some(value) => value
            .as_str()
            .and_then(|text| text.parse().ok())
            .map(Some)
            .ok_or_else(|| format!("`{key}` is {}, no date such as 2026-11-30", shown(value))),
    }
}

fn dates(folder: &DocumentFolder, rec: &mut Rec<'_>) {
    for file in readable(folder, rec) {
        let mut read = |key| {
            date(file, key).unwrap_or_else(|problem| {
                rec.fail(&file.name, problem);
                None
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
            rec.fail(&file.name, format!("`{key}` is missing, though `status` asks for it"));
        }
        if let (Some(stabilized), Some(deprecated)) = (stabilized, deprecated)
            && deprecated < stabilized
        {
            let message = format!("it was deprecated on {deprecated}, before it was stable on {stabilized}");
            rec.split(lenient("C-098"), &file.name, message);
        }
    }
}

fn replaced_by(folder: &DocumentFolder, rec: &mut Rec<'_>) {
    for file in readable(folder, rec) {
        let is_over = matches!(file.text("status"), Some("Deprecated" | "Rejected"));
        match (is_over, file.field("replaced_by")) {
            (false, Some(_)) => {
                rec.fail(
                    &file.name,
                    "`replaced_by` is there, but the document is neither Deprecated nor Rejected",
                );
            }
            (true, None) => {
                rec.split(lenient("C-099"), &file.name, "`replaced_by` would say what to read instead");
            }
            (_, Some(value)) if !value.is_array() => {
                rec.split(lenient("C-100"), &file.name, "`replaced_by` is no list");
            }
            _ => {}
        }
    }
}

fn replaces(folder: &DocumentFolder, rec: &mut Rec<'_>) {
    for file in readable(folder, rec) {
        let Some(parts) = file.parts().filter(|parts| parts.edition == 'v') else { continue };
        let entries = file.entries("replaces");
        match file.field("replaces") {
            None if parts.version > 1 => {
                let message = "`replaces` is missing, though it is a later version";
                rec.fail(&file.name, message).compared("a list of file names", "not set");
            }
            Some(value) if !value.is_array() => {
                rec.split(lenient("C-100"), &file.name, "`replaces` is no list");
            }
            _ => {}
        }
        for entry in entries {
            if entry == file.name {
                rec.split(lenient("C-100"), &file.name, "it replaces itself");
            } else if !folder.has(entry) {
                let message = format!("it replaces `{entry}`, which is not there");
                // The official checker does not look at those of first versions.
                if parts.version > 1 {
                    rec.fail(&file.name, message);
                } else {
                    rec.split(lenient("C-100"), &file.name, message);
                }
            } else if !is_earlier(folder, entry, parts.number, parts.version) {
                let message =
                    format!("it replaces `{entry}`, which is no earlier version of the same number");
                rec.split(lenient("C-100"), &file.name, message);
            }
        }
    }
}

fn is_earlier(folder: &DocumentFolder, name: &str, number: &str, version: u32) -> bool {
    let parts = folder.files().iter().find(|file| file.name == name).and_then(DocumentFile::parts);
    parts.is_some_and(|parts| parts.number == number && parts.version < version)
}

/// The fields of the table, and title and description, which every page has.
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
            let message = format!("no field of the table: {}", unknown.join(", "));
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
        rec.fail(format!("scs-{number}"), message).compared("one at most", names.len());
    }
}

/// Words of which one stands in the heading of a decision.
const DECISION: &[&str] = &[
    "decision",
    "regulation",
    "standard",
    "guideline",
    "solution",
    "proposal",
    "specification",
    "design",
    "format",
    "requirements",
];

fn sections(folder: &DocumentFolder, rec: &mut Rec<'_>, of: DocumentKind, wanted: &[(&str, &[&str])]) {
    for file in readable(folder, rec) {
        if file.text("type") != Some(of.name()) {
            continue;
        }
        let missing: Vec<&str> = wanted
            .iter()
            .filter(|(_, words)| {
                let has = |heading: &String| {
                    let heading = heading.to_lowercase();
                    words.iter().any(|word| heading.contains(word))
                };
                !file.headings.iter().any(has)
            })
            .map(|(name, _)| *name)
            .collect();
        if !missing.is_empty() {
            let message = format!("sections that a {of} has are missing: {}", missing.join(", "));
            // Most documents lack some, so it weighs as a warning.
            rec.split(lenient("C-099"), &file.name, message).weighing(crate::finding::Severity::Warning);
        }
    }
}

fn sections_standard(folder: &DocumentFolder, rec: &mut Rec<'_>) {
    let wanted: &[(&str, &[&str])] = &[
        ("Introduction", &["introduction"]),
        ("Motivation", &["motivation"]),
        ("a decision", DECISION),
        ("Conformance Tests", &["conformance test"]),
    ];
    sections(folder, rec, DocumentKind::Standard, wanted);
}

fn sections_record(folder: &DocumentFolder, rec: &mut Rec<'_>) {
    let wanted: &[(&str, &[&str])] =
        &[("Abstract", &["abstract"]), ("Context", &["context"]), ("a decision", DECISION)];
    sections(folder, rec, DocumentKind::DecisionRecord, wanted);
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
            rec.note(&file.name, format!("it is {state}, though it is stabilised on {later} only"));
        }
    }
}
