//! `scs standards lint`: a folder of standard documents by scs-0001.

use std::path::PathBuf;

use clap::Args;
use scs_registry::{Selection, Subject, check};
use scs_report::{Shown, counted};
use scs_standards::Declarations;
use scs_standards::lint::DocumentFolder;

use super::folder;
use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::options::Common;
use crate::print::report::{ReportOptions, context};

/// `scs standards lint`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  scs standards lint standards/Standards           a checkout of the standards
  scs standards lint --profile official Standards  what the official checker would say

Templates, and files that are neither named as a document nor have the front matter of one, are left out. Relations are looked up among the files that are given.
Exit status: 0 no MUST is broken, 1 one is, 2 a file could not be read.")]
pub(crate) struct Lint {
    /// Folders of documents, or documents
    #[arg(value_name = "DIR|FILE", required = true)]
    paths: Vec<PathBuf>,

    #[command(flatten)]
    report: ReportOptions,
}

impl Lint {
    pub(super) fn run(&self, common: &Common) -> Result<Exit, Failure> {
        let folder = DocumentFolder::new(folder::documents(&self.paths)?);
        if folder.is_empty() {
            return Err(Failure::new("there is no standard document among the files")
                .hint("documents are named scs-XXXX-vN-slug.md"));
        }
        let none = Declarations::default();
        let name = self.paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ");
        let ignored = folder.ignored().len();
        let notices = (ignored > 0).then(|| format!("skipped {}", counted(ignored, "other file")));
        let subject = Subject::documents(name, &folder).with_notices(notices);
        let report = check(&subject, &Selection::of_rules(), &context(common, &none));
        self.report.print(&[Shown::new(&report).in_file(&report.subject)], false, common)
    }
}
