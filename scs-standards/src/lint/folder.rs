//! A folder of standard documents, parsed leniently.

use serde_json::{Map, Value};

use crate::markdown::Lines;
use crate::yaml;

/// A folder of documents.
#[derive(Clone, Debug)]
pub struct DocumentFolder {
    files: Vec<DocumentFile>,
    ignored: Vec<String>,
}

/// A document file.
#[derive(Clone, Debug)]
pub(super) struct DocumentFile {
    /// The path as given, which identifies it in findings.
    pub(super) place: String,
    /// The name of the file, by which documents refer to each other.
    pub(super) name: String,
    /// The front matter, or the reason why it is unusable.
    pub(super) front: Result<Map<String, Value>, String>,
    /// The levels and texts of the headings.
    pub(super) headings: Vec<(usize, String)>,
}

impl DocumentFolder {
    /// Parses files by path; documents refer to each other by the last part of it, the file name. Templates and files that have
    /// neither a document's name nor its front matter are ignored.
    #[must_use]
    pub fn new(files: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut folder = Self { files: Vec::new(), ignored: Vec::new() };
        for (place, text) in files {
            let lower = file_name(&place).to_ascii_lowercase();
            let is_markdown =
                std::path::Path::new(&lower).extension().is_some_and(|extension| extension == "md");
            // The version is a letter, too, where that of a proposal is 1.
            let is_template = lower.starts_with("scs-xxxx-vn-");
            if !is_markdown || is_template {
                folder.ignored.push(place);
                continue;
            }
            let file = file(place, &text);
            let has_fields =
                ["type", "status", "track"].iter().filter(|key| file.field(key).is_some()).count() > 1;
            if lower.starts_with("scs-") || has_fields {
                folder.files.push(file);
            } else {
                folder.ignored.push(file.place);
            }
        }
        folder.files.sort_by(|one, other| (&one.name, &one.place).cmp(&(&other.name, &other.place)));
        folder
    }

    /// The number of documents.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there are no documents.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The files that are not documents: templates and notes about the folder itself.
    #[must_use]
    pub fn ignored(&self) -> &[String] {
        &self.ignored
    }

    pub(super) fn files(&self) -> &[DocumentFile] {
        &self.files
    }

    pub(super) fn get(&self, name: &str) -> Option<&DocumentFile> {
        let place = self.files.binary_search_by(|file| file.name.as_str().cmp(name)).ok()?;
        self.files.get(place)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }
}

/// The parts of a file name such as `scs-0100-v3-flavor-naming.md`; the number of a proposal is `xxxx`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NameParts<'n> {
    pub(super) number: &'n str,
    /// `v` or `w`.
    pub(super) edition: char,
    pub(super) version: u32,
    pub(super) slug: &'n str,
}

/// The placeholder for the number of a proposed document.
const PROPOSED: &str = "xxxx";

impl DocumentFile {
    /// The parts of the file name; `None` if it is not well-formed.
    pub(super) fn parts(&self) -> Option<NameParts<'_>> {
        let rest = self.name.strip_prefix("scs-")?.strip_suffix(".md")?;
        let (number, rest) = rest.split_once('-')?;
        let (edition, slug) = rest.split_once('-')?;
        let digits = edition.strip_prefix(['v', 'w'])?;
        let is_number = number == PROPOSED || number.bytes().all(|byte| byte.is_ascii_digit());
        let plain = !digits.starts_with(['0', '+']) && is_number;
        let parts =
            NameParts { number, edition: edition.chars().next()?, version: digits.parse().ok()?, slug };
        (plain && number.len() == 4 && !slug.is_empty()).then_some(parts)
    }

    /// Whether the official checker considers it: it skips files with other names, and proposals.
    pub(super) fn is_checked_officially(&self) -> bool {
        self.name.starts_with("scs-") && !self.name.to_ascii_lowercase().starts_with("scs-xxxx")
    }

    /// Whether it is a proposal without a number.
    pub(super) fn is_proposal(&self) -> bool {
        self.parts().is_some_and(|parts| parts.number == PROPOSED)
    }

    /// Whether it is a supplement, by its name.
    pub(super) fn is_supplement(&self) -> bool {
        self.parts().is_some_and(|parts| parts.edition == 'w')
    }

    /// A field of the front matter, if set.
    pub(super) fn field(&self, key: &str) -> Option<&Value> {
        self.front.as_ref().ok()?.get(key).filter(|value| !value.is_null())
    }

    /// A field of the front matter, if it is text.
    pub(super) fn text(&self, key: &str) -> Option<&str> {
        self.field(key)?.as_str()
    }

    /// The entries of a field: those of a list, or a single text.
    pub(super) fn entries(&self, key: &str) -> Vec<&str> {
        match self.field(key) {
            Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
            Some(Value::String(text)) => vec![text],
            _ => Vec::new(),
        }
    }
}

/// The last part of a path.
fn file_name(place: &str) -> &str {
    place.rsplit(['/', '\\']).next().unwrap_or(place)
}

fn file(place: String, text: &str) -> DocumentFile {
    let text = text.trim_start_matches('\u{feff}');
    let front = front_matter(text);
    // Otherwise the last line of the front matter would become a heading.
    let body = body(text);
    let headings = Lines::of(body)
        .filter_map(|line| line.heading)
        .map(|(level, title)| (level, title.to_owned()))
        .collect();
    let name = file_name(&place).to_owned();
    DocumentFile { place, name, front, headings }
}

/// The text after the front matter.
fn body(text: &str) -> &str {
    let Some(rest) = text.strip_prefix("---") else { return text };
    let mut end = text.len() - rest.len();
    for (index, line) in rest.split_inclusive('\n').enumerate() {
        end += line.len();
        if index > 0 && line.trim_end() == "---" {
            return text.get(end..).unwrap_or_default();
        }
    }
    text
}

/// The front matter of a document: the fields between the first two lines `---`.
///
/// # Errors
///
/// When it is missing, does not end, or is not a mapping in YAML.
///
/// ```
/// use scs_standards::lint::front_matter;
///
/// let fields = front_matter("---\ntrack: IaaS\n---\n\n## Introduction\n").unwrap();
/// assert_eq!(fields["track"], "IaaS");
/// assert_eq!(front_matter("## Introduction\n").unwrap_err(), "the front matter is missing");
/// ```
pub fn front_matter(text: &str) -> Result<Map<String, Value>, String> {
    let rest = text.strip_prefix("---").ok_or("the front matter is missing")?;
    let rest =
        rest.trim_start_matches([' ', '\r']).strip_prefix('\n').ok_or("the front matter is missing")?;
    let mut end = 0;
    let closed = rest.split_inclusive('\n').any(|line| {
        let closes = line.trim_end() == "---";
        if !closes {
            end += line.len();
        }
        closes
    });
    if !closed {
        return Err("the front matter is not closed".to_owned());
    }
    let yaml = rest.get(..end).unwrap_or_default();
    match serde_saphyr::from_str::<Value>(yaml) {
        Ok(Value::Object(map)) => Ok(map),
        Ok(Value::Null) => Err("the front matter is empty".to_owned()),
        Ok(_) => Err("the front matter is not a mapping".to_owned()),
        Err(error) => {
            let reason = yaml::reason(&error);
            Err(format!("the front matter is not valid YAML: {reason}"))
        }
    }
}
