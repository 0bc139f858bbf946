//! `scs standards lint`: checks standard documents against scs-0001.

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
use crate::print::report::{Extent, ReportOptions, context};

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
        let folder = DocumentFolder::new(folder::documents(&self.paths)?);
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
        self.report.print(&[Shown::new(&report).in_file(&report.subject)], &Extent::default(), common)
    }
}
