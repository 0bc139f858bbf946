//! Restores what was before a repair.

use std::path::Path;

use scs_kubernetes::{RepairError, Session, Undo, check_undo, undo};
use scs_report::counted;
use scs_standards::written::visible;
use tokio::runtime::Runtime;

use super::shown::{self, Document, Made, Row};
use super::{RepairFormat, UNASKED, failed};
use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::files;
use crate::app::options::Common;
use crate::app::output::Output;
use crate::source::live::{agreed, say};

/// How the changes of a file are undone.
#[derive(Clone, Copy, Debug)]
pub(super) struct Undoing<'f> {
    pub(super) file: &'f Path,
    /// Whether they are undone, and not only shown.
    pub(super) apply: bool,
    /// Whether nobody is asked.
    pub(super) yes: bool,
    pub(super) format: RepairFormat,
}

impl Undoing<'_> {
    /// Shows what would be restored, and restores it if that is wanted, the last change first, if all values are as they were left.
    pub(super) fn run(self, runtime: &Runtime, session: &Session, common: &Common) -> Result<Exit, Failure> {
        let read = self.read(session)?;
        let found = runtime.block_on(check_undo(session, &read)).map_err(|error| {
            Failure::new(format!("nothing is undone: {error}"))
                .hint("restore the other values by hand; the undo file has the old ones")
        })?;
        for change in &found.gone {
            say(&format!("{}: skipped, since it is gone\n", visible(&change.target().to_string())))?;
        }
        let left = found.left;
        let mut output = Output::open(common.output.as_deref())?;
        let mut document = Document {
            changes: left.iter().map(|change| Row::of(change, true)).collect(),
            applied: false,
            undo: None,
            choices: Vec::new(),
            other_fixes: 0,
        };
        if self.format == RepairFormat::Text {
            let diffs: String = left.iter().map(|change| shown::diff(change, true)).collect();
            output.write_text(if left.is_empty() { "Nothing to undo.\n" } else { &diffs })?;
            std::io::Write::flush(&mut output)?;
        }
        let mut failure = None;
        let is_wanted = self.apply && !left.is_empty();
        let question = format!("undo {} in {}?", counted(left.len(), "change"), session.cluster().title());
        if is_wanted && (self.yes || agreed(&question, UNASKED)?) {
            for (change, row) in left.iter().zip(&mut document.changes) {
                match runtime.block_on(undo(session, change)) {
                    Ok(()) => row.made = Made::Yes,
                    Err(error) => {
                        let is_unknown = matches!(error, RepairError::Unknown { .. });
                        row.made = if is_unknown { Made::Unknown } else { Made::No };
                        failure = Some(failed(&error, Some(self.file)));
                        break;
                    }
                }
                say(&format!("{}: restored\n", visible(&change.target().to_string())))?;
            }
            document.applied = failure.is_none();
        } else if is_wanted {
            say("no changes made\n")?;
        }
        if self.format == RepairFormat::Json {
            files::write_document(&mut output, &document, false)?;
        }
        output.finish()?;
        failure.map_or(Ok(()), Err)?;
        Ok(Exit::success_if(document.applied || left.is_empty()))
    }

    /// The undo file, which has to be about this API server.
    fn read(self, session: &Session) -> Result<Undo, Failure> {
        let file = self.file.display();
        let text = std::fs::read_to_string(self.file)
            .map_err(|error| Failure::unreadable(&file.to_string(), &error))?;
        let read: Undo = serde_json::from_str(&text).map_err(|error| {
            Failure::new(format!("{file} is not an undo file: {error}"))
                .hint("`scs k8s repair --apply` writes one before it changes anything")
        })?;
        let server = session.cluster().server();
        if read.server != server {
            let other = visible(&read.server);
            return Err(Failure::new(format!("{file} is about the API server {other}, not {server}")));
        }
        Ok(read)
    }
}
