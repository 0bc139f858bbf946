//! `scs standards lint`: checks standard documents against scs-0001.

use std::path::{Path, PathBuf};

use clap::Args;
use scs_registry::{Selection, Subject, check};
use scs_report::{Shown, counted};
use scs_standards::Declarations;
use scs_standards::lint::DocumentFolder;

use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::files;
use crate::app::input::Source;
use crate::app::options::Common;
use crate::print::report::{ReportOptions, context};

/// `scs standards lint`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  scs standards lint standards/Standards           a checkout of the standards
  scs standards lint --profile official Standards  like the official checker

Templates and files without a document's name or front matter are skipped. Relations are resolved among the \
given files.

Exit status: 0 no MUST is broken, 1 a MUST is broken, 2 a file could not be read.")]
pub(crate) struct Lint {
    /// Documents, or folders of documents
    #[arg(value_name = "DIR|FILE", required = true)]
    paths: Vec<PathBuf>,

    #[command(flatten)]
    report: ReportOptions,
}

impl Lint {
    pub(super) fn run(&self, common: &Common) -> Result<Exit, Failure> {
        let folder = DocumentFolder::new(self.files()?);
        if folder.is_empty() {
            return Err(Failure::new("the files include no standard document")
                .hint("file names of documents have the form scs-XXXX-vN-slug.md"));
        }
        let none = Declarations::default();
        let name = self.paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ");
        let ignored = folder.ignored().len();
        let notices = (ignored > 0).then(|| format!("skipped {}", counted(ignored, "other file")));
        let subject = Subject::documents(name, &folder).with_notices(notices);
        let report = check(&subject, &Selection::of_rules(), &context(common, &none));
        self.report.print(&[Shown::new(&report).in_file(&report.subject)], false, common)
    }

    /// The files by name; files of folders are sorted.
    fn files(&self) -> Result<Vec<(String, String)>, Failure> {
        let mut files = Vec::new();
        for path in &self.paths {
            if !path.is_dir() {
                files.push(read(path)?);
                continue;
            }
            let failed = |error| Failure::unreadable(&path.display().to_string(), &error);
            let mut entries: Vec<PathBuf> = std::fs::read_dir(path)
                .map_err(failed)?
                .map(|entry| entry.map(|entry| entry.path()))
                .collect::<Result<_, _>>()
                .map_err(failed)?;
            entries.sort();
            for entry in entries.iter().filter(|entry| entry.extension().is_some_and(|it| it == "md")) {
                // Opening a pipe would block until there is a writer.
                if !std::fs::metadata(entry).map_err(failed)?.is_file() {
                    return Err(Failure::new(format!("{} is not a file", entry.display()))
                        .hint("documents have to be regular files"));
                }
                files.push(read(entry)?);
            }
        }
        Ok(files)
    }
}

fn read(path: &Path) -> Result<(String, String), Failure> {
    let text = files::text(Source::from(path).open()?, files::WRITTEN)?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Ok((name, text))
}
