//! Restores what was before a repair.

use std::path::Path;

use scs_kubernetes::{Change, Session, Undo, check_undo, undo};
use scs_report::counted;
use scs_standards::written::visible;
use tokio::runtime::Runtime;

use super::{failed, shown};
use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::source::live::{agreed, say};

/// Undoes the changes of a file, the last one first, if all values are as they were left.
pub(super) fn undo_file(
    runtime: &Runtime,
    session: &Session,
    file: &Path,
    yes: bool,
) -> Result<Exit, Failure> {
    let text = std::fs::read_to_string(file)
        .map_err(|error| Failure::unreadable(&file.display().to_string(), &error))?;
    let read: Undo = serde_json::from_str(&text).map_err(|error| {
        Failure::new(format!("{} is not an undo file: {error}", file.display()))
            .hint("`scs k8s repair --apply` writes one before it changes anything")
    })?;
    let server = session.cluster().server();
    if read.server != server {
        return Err(Failure::new(format!(
            "{} is about the API server {}, not {server}",
            file.display(),
            visible(&read.server)
        )));
    }
    let found = runtime.block_on(check_undo(session, &read)).map_err(|error| {
        Failure::new(format!("nothing is undone: {error}"))
            .hint("restore the other values by hand; the undo file has the old ones")
    })?;
    for change in &found.gone {
        say(&format!("{}: skipped, since it is gone\n", visible(&change.target().to_string())))?;
    }
    let left = found.left;
    if left.is_empty() {
        say("nothing to undo\n")?;
        return Ok(Exit::Success);
    }
    say(&left.iter().map(|change| shown::diff(change, true)).collect::<String>())?;
    let question = format!("undo {} in {}?", counted(left.len(), "change"), session.cluster().title());
    if !yes && !agreed(&question, "use `--yes` to undo the changes without confirmation")? {
        say("no changes made\n")?;
        return Ok(Exit::Findings);
    }
    for change in left {
        restore(runtime, session, change, file)?;
    }
    Ok(Exit::Success)
}

fn restore(runtime: &Runtime, session: &Session, change: &Change, file: &Path) -> Result<(), Failure> {
    runtime.block_on(undo(session, change)).map_err(|error| failed(&error, Some(file)))?;
    say(&format!("{}: restored\n", visible(&change.target().to_string())))
}
