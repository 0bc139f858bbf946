//! Folders of standard documents.

use std::path::{Path, PathBuf};

use crate::app::failure::Failure;
use crate::app::files;
use crate::app::input::Source;

/// The Markdown files of folders in the order of their names, and single files, each with its path relative to the given folder;
/// of several folders, with the folder as well, so that equal names stay apart.
pub(super) fn documents(paths: &[PathBuf]) -> Result<Vec<(String, String)>, Failure> {
    let mut documents = Vec::new();
    let is_only = paths.len() == 1;
    for path in paths {
        if !path.is_dir() {
            documents.push(read(path, is_only)?);
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
            // Opening a pipe would wait for a writer, and documents are not kept in pipes.
            if !std::fs::metadata(entry).map_err(failed)?.is_file() {
                return Err(Failure::new(format!("{} is not a file", entry.display()))
                    .hint("a folder of standards has its documents as files"));
            }
            documents.push(read(entry, is_only)?);
        }
    }
    Ok(documents)
}

fn read(path: &Path, by_name: bool) -> Result<(String, String), Failure> {
    let text = files::text(Source::from(path).open()?, files::WRITTEN)?;
    let name = if by_name { path.file_name().unwrap_or_default() } else { path.as_os_str() };
    let name = name.to_string_lossy().into_owned();
    Ok((name, text))
}
