//! The rules of scs-0001 for documents.

mod considered;
mod file_names;
mod names;
mod replacement;
mod sections;
mod states;
mod values;

use serde_json::Value;

use self::considered::{Rec, lenient, readable};
use self::file_names::{Names, names};
use self::names::{file_name, slug_letter, track_digit, unique_number};
use self::replacement::{one_stable, replaced_by, replaced_by_recommended, replaces};
use self::sections::{sections_record, sections_standard};
use self::states::{dates, proposal, state, status};
use self::values::{shown, unknown_value};
use super::folder::{DocumentFile, DocumentFolder};
use crate::catalog::DocumentKind;
use crate::context::Context;
use crate::document::{DocumentId, Track};
use crate::level::Level;
use crate::rule::{Answer, Heading, Rule};
use crate::wording::quoted;

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

fn kind(folder: &DocumentFolder, rec: &mut Rec<'_>) {
    let all = "Procedural, Standard, Decision Record or Supplement";
    for file in readable(folder, rec) {
        match file.field("type") {
            None => {
                rec.fail(&file.place, "`type` is missing").compared(all, "not set");
            }
            Some(value) => match value.as_str().map(str::parse::<DocumentKind>) {
                Some(Ok(kind)) if (kind == DocumentKind::Supplement) == file.is_supplement() => {}
                Some(Ok(kind)) => {
                    let message = format!("`type` is {kind}, which does not match the file name");
                    rec.fail(&file.place, message).compared("Supplement exactly for `-wN-`", kind);
                }
                _ => {
                    let known = DocumentKind::ALL.map(DocumentKind::name);
                    rec.fail(&file.place, unknown_value("type", value, &known)).compared(all, shown(value));
                }
            },
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
            rec.split(lenient("C-098"), &file.place, message)
        } else {
            rec.fail(&file.place, message)
        };
        entry.compared(&all, found);
    }
}

fn supplements(folder: &DocumentFolder, rec: &mut Rec<'_>) {
    for file in readable(folder, rec) {
        match (file.is_supplement(), file.field("supplements")) {
            (false, None) => {}
            (false, Some(_)) => {
                rec.split(lenient("C-098"), &file.place, "only supplements may have `supplements`");
            }
            (true, None) => {
                rec.fail(&file.place, "`supplements` is missing").compared("a list of file names", "not set");
            }
            (true, Some(value)) => {
                let Names { names, problems } = names(file, "supplements");
                for problem in problems {
                    // The official checker accepts any list.
                    let entry = if value.is_array() {
                        rec.split(lenient("C-100"), &file.place, problem)
                    } else {
                        rec.fail(&file.place, problem)
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
        rec.fail(&file.place, format!("it supplements `{entry}`, which does not exist"));
        return;
    }
    if number(entry) != number(&file.name) {
        let message = format!("it supplements `{entry}`, which has a different number");
        rec.split(lenient("C-098"), &file.place, message);
    }
    if folder.get(entry).is_some_and(DocumentFile::is_supplement) {
        let message = format!("it supplements `{entry}`, which is a supplement itself");
        rec.split(lenient("C-098"), &file.place, message);
    }
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
        let unknown =
            file.front.iter().flat_map(serde_json::Map::keys).filter(|key| !FIELDS.contains(&key.as_str()));
        let unknown = quoted(unknown);
        if !unknown.is_empty() {
            let message = format!("unknown fields: {unknown}");
            rec.split(lenient("C-100"), &file.place, message);
        }
    }
}
