//! The inputs of `scs check`: inventories, parts of them, and directories of such files.

use std::path::Path;

use scs_registry::assembly::{AssembleError, Assembled, Input, assemble};
use scs_registry::inventory::ReadInventoryError;
use scs_registry::{Inventory, Report};

use super::origin::Origin;
use super::reports;
use crate::app::failure::Failure;
use crate::app::files::{self, Limit};
use crate::app::input::{self, Source};
use crate::source::kinds;

/// An inventory of a large cloud has some ten MiB.
const LIMIT: Limit =
    Limit { bytes: 1 << 30, what: "an inventory", hint: "an inventory is about one cloud or one cluster" };

/// An inventory to check, and its origin.
pub(crate) struct Given {
    pub(crate) origin: Origin,
    /// The default name of its subject.
    pub(crate) name: String,
    pub(crate) inventory: Inventory,
}

/// The inputs: inventories and earlier reports.
pub(crate) struct Inputs {
    pub(crate) inventories: Vec<Given>,
    /// Each with the name of its file.
    pub(crate) reports: Vec<(String, Report)>,
}

/// Reads inventories; parts of the same kind together form one inventory.
pub(crate) fn inventories(sources: &[Source]) -> Result<Vec<Given>, Failure> {
    let inputs = read(sources)?;
    for input in &inputs {
        // An incomplete report is not an inventory either.
        if !matches!(reports::read(&input.name, &input.text), Ok(None)) {
            return Err(Failure::new(format!("{}: a report, not an inventory", input.name)).hint(
                "`scs diff` compares reports, `scs certificate evaluate --results` evaluates one, and `scs calendar` shows when its results expire",
            ));
        }
    }
    assembled(inputs, sources)
}

/// The inventories of the inputs, and the reports in JSON among them.
pub(crate) fn inventories_and_reports(sources: &[Source]) -> Result<Inputs, Failure> {
    let (mut inputs, mut reports) = (Vec::new(), Vec::new());
    for input in read(sources)? {
        match reports::read(&input.name, &input.text)? {
            Some(read) => reports.extend(read.into_iter().map(|report| (input.name.clone(), report))),
            None => inputs.push(input),
        }
    }
    // Without any input, the reports are all there is.
    let inventories = if inputs.is_empty() { Vec::new() } else { assembled(inputs, sources)? };
    Ok(Inputs { inventories, reports })
}

fn read(sources: &[Source]) -> Result<Vec<Input>, Failure> {
    let mut inputs = Vec::new();
    for source in sources {
        for file in source.files(input::WRITTEN)? {
            inputs.push(Input::new(file.name(), files::text(file.open()?, LIMIT)?));
        }
    }
    Ok(inputs)
}

fn assembled(inputs: Vec<Input>, sources: &[Source]) -> Result<Vec<Given>, Failure> {
    let directory = match sources {
        [Source::File(path)] if path.is_dir() => Some(path.as_path()),
        _ => None,
    };
    let assembled = assemble(inputs).map_err(|error| refused(&error))?;
    Ok(assembled.into_iter().map(|one| given(one, directory)).collect())
}

fn given(Assembled { inputs, inventory }: Assembled, directory: Option<&Path>) -> Given {
    let name = match (inputs.as_slice(), directory) {
        ([one], _) => stem(one),
        (_, Some(directory)) => stem(&directory.display().to_string()),
        _ => inventory.kind().to_string(),
    };
    let origin = match directory {
        Some(directory) => Origin::File(directory.display().to_string()),
        None => Origin::of_files(inputs),
    };
    Given { origin, name, inventory }
}

/// Reads an inventory of any kind, from a file or a directory.
pub(crate) fn read_inventory(source: &Source) -> Result<Inventory, Failure> {
    read_parts(std::slice::from_ref(source))
}

/// Reads an inventory, or the parts of one, from files and directories.
pub(crate) fn read_parts(sources: &[Source]) -> Result<Inventory, Failure> {
    let mut inventories = inventories(sources)?;
    if let (Some(one), true) = (inventories.pop(), inventories.is_empty()) {
        return Ok(one.inventory);
    }
    let names: Vec<String> = sources.iter().map(Source::name).collect();
    Err(Failure::new(format!("{}: these are several inventories", names.join(", ")))
        .hint("give one at a time"))
}

/// The error for inputs that do not form an inventory, with a hint.
fn refused(error: &AssembleError) -> Failure {
    match error {
        AssembleError::Several(errors) => Failure::Several(errors.iter().map(refused).collect()),
        AssembleError::WrongKind { input, content } => kinds::refused(input, content, None),
        AssembleError::Unreadable { error: ReadInventoryError::Json(_) | ReadInventoryError::Yaml(_), .. } => {
            Failure::new(error.to_string())
                .hint("check that the file is complete; expected the output of a client with `-f json` or `-o json`")
        }
        AssembleError::Twice { .. } => Failure::new(error.to_string())
            .hint("give each part once; lists from several files are merged unless a complete inventory has that part"),
        _ => Failure::new(error.to_string()).hint(
            "`scs standards schema inventory` describes an inventory; its parts are the output of clients with `-f json` or `-o json`",
        ),
    }
}

/// The name of a file without its directory and extension.
fn stem(name: &str) -> String {
    Path::new(name).file_stem().map_or_else(|| name.to_owned(), |stem| stem.to_string_lossy().into_owned())
}
