//! The inventories of live clouds and clusters, saved on request.

use std::path::{Path, PathBuf};

use scs_collector::Document;
use scs_registry::Inventory;

use crate::app::failure::Failure;
use crate::app::output::Output;
use crate::source::inventories::Given;
use crate::source::origin::{Origin, file_name};

/// What was collected from several clouds or clusters.
#[derive(Default)]
pub(crate) struct Collected {
    /// The inventories, each named after its cloud or cluster.
    pub(crate) inventories: Vec<Given>,
    /// The errors of the others.
    pub(crate) failures: Vec<Failure>,
}

/// Where inventories are saved: nowhere, in one file, or in one file each.
pub(crate) struct Saving(Option<Vec<PathBuf>>);

impl Saving {
    /// The file to save to, or one file in the directory for each of several titles. Fails before anything is collected.
    pub(crate) fn new(place: Option<&Path>, titles: &[String]) -> Result<Self, Failure> {
        place.map(|place| paths(place, titles)).transpose().map(Self)
    }

    /// Saves documents, in the order of the titles, before they are evaluated.
    pub(crate) fn save(
        &self,
        documents: impl IntoIterator<Item = (String, Origin, Result<Document, Failure>)>,
    ) -> Result<Collected, Failure> {
        let mut collected = Collected::default();
        for (index, (title, origin, document)) in documents.into_iter().enumerate() {
            let document = match document {
                Ok(document) => document,
                Err(failure) => {
                    collected.failures.push(failure);
                    continue;
                }
            };
            let origin = match self.0.as_ref().and_then(|paths| paths.get(index)) {
                None => origin,
                Some(path) => {
                    let mut output = Output::open_private(Some(path))?;
                    document.write(&mut output)?;
                    output.finish()?;
                    Origin::File(path.display().to_string())
                }
            };
            match document.into_json().parse::<Inventory>() {
                Ok(inventory) => collected.inventories.push(Given { origin, name: title, inventory }),
                Err(error) => collected
                    .failures
                    .push(Failure::new(format!("the data of `{title}` are not an inventory: {error}"))),
            }
        }
        Ok(collected)
    }
}

fn paths(place: &Path, titles: &[String]) -> Result<Vec<PathBuf>, Failure> {
    if titles.len() == 1 && !place.is_dir() {
        return Ok(vec![place.to_owned()]);
    }
    let files: Vec<String> = titles.iter().map(|title| file_name(title)).collect();
    for (index, file) in files.iter().enumerate() {
        if let Some(before) = files[..index].iter().position(|known| known == file) {
            return Err(Failure::new(format!(
                "`{}` and `{}` would both be saved as {file}",
                titles[before], titles[index]
            ))
            .hint("name each of them once, or save them in separate runs"));
        }
    }
    std::fs::create_dir_all(place).map_err(|error| Failure::unwritable(place, &error))?;
    Ok(files.into_iter().map(|file| place.join(file)).collect())
}
