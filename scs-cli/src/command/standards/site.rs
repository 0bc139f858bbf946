//! `scs standards docs --site`: the pages of the documentation site.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use scs_registry::docs::DocsStyle;
use scs_registry::docs::site::{SiteDocuments, SiteFile, SiteTexts, site};

use super::folder;
use crate::app::diagnostic::visible;
use crate::app::difference::difference;
use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::files;
use crate::app::input::Source;
use crate::app::options::Common;
use crate::app::output::Output;
use scs_report::counted;

/// The documents that are built into the program.
const EMBEDDED: &str = "embedded";

/// What is written, and where.
pub(super) struct Site<'a> {
    /// The folder of the site.
    pub(super) root: &'a Path,
    /// Where the documents are.
    pub(super) documents: Option<&'a Path>,
    /// The file of introductions.
    pub(super) texts: Option<&'a Path>,
    /// Whether to compare only.
    pub(super) check: bool,
}

/// Writes the pages, or compares them with those that are there.
pub(super) fn run(
    common: &Common,
    given: &Site<'_>,
    today: Date,
    style: &DocsStyle,
) -> Result<Exit, Failure> {
    let Site { root, check, .. } = *given;
    if !root.is_dir() {
        return Err(Failure::new(format!("{} is not a folder", root.display()))
            .hint("name a checkout of https://github.com/SovereignCloudStack/docs"));
    }
    let (documents, name) = documents(root, given.documents)?;
    let texts = given.texts.map_or_else(|| Ok(SiteTexts::default()), texts)?;
    let mut output = Output::open(common.output.as_deref())?;
    let mut changes = 0;
    for file in site(&documents, &texts, today, style) {
        let path = root.join(&file.path);
        let current = match fs::read(&path) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(Failure::unreadable(&path.display().to_string(), &error)),
        };
        if current == file.content {
            continue;
        }
        changes += 1;
        if check {
            output.write_text(&difference(&file.path, &current, &file.content))?;
        } else {
            write(&path, &file)?;
        }
    }
    let verb = if check { "out of date" } else { "written" };
    let documents = counted(documents.len(), "document");
    output.write_text(&format!(
        "{documents} from {}, {} {verb}\n",
        visible(&name),
        counted(changes, "page")
    ))?;
    output.finish()?;
    Ok(Exit::success_if(changes == 0 || !check))
}

/// The documents, and where they are from.
fn documents(root: &Path, source: Option<&Path>) -> Result<(SiteDocuments, String), Failure> {
    if source.is_some_and(|source| source == Path::new(EMBEDDED)) {
        return Ok((SiteDocuments::embedded(), "the embedded catalog".to_owned()));
    }
    let folder: PathBuf = source.map_or_else(|| root.join("standards"), Path::to_owned);
    let name = folder.display().to_string();
    let files = folder::documents(std::slice::from_ref(&folder))?;
    let documents = SiteDocuments::from_files(files).map_err(|error| Failure::new(error.to_string()))?;
    if documents.is_empty() {
        return Err(Failure::new(format!("no standard documents in {name}"))
            .hint("name their folder with `--documents DIR`; `--documents embedded` uses those built in"));
    }
    Ok((documents, name))
}

/// The introductions of a file.
fn texts(path: &Path) -> Result<SiteTexts, Failure> {
    let yaml = files::text(Source::from(path).open()?, files::WRITTEN)?;
    SiteTexts::read(&yaml).map_err(|error| Failure::new(format!("{}: {error}", path.display())))
}

fn write(path: &Path, file: &SiteFile) -> Result<(), Failure> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| Failure::unwritable(folder, &error))?;
    }
    let mut output = Output::open(Some(path))?;
    output.write_all(file.content.as_bytes())?;
    output.finish()
}
