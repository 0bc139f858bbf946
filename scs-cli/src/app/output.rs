//! The output of results: standard output, or a file that appears only once it is complete.

mod staged;

use std::borrow::Cow;
use std::fs;
use std::io::{self, BufWriter, Stdout, Write, stdout};
use std::path::{Path, PathBuf};

use scs_standards::written::{is_tricky, push_visible};

use crate::app::failure::Failure;

use staged::{Place, Readers, Staged, parent};

/// The size of the write buffer in bytes.
const BUFFER: usize = 1 << 16;

/// The destination of a command's results. [`Output::finish`] must be called, or the file does not appear.
#[derive(Debug)]
pub(crate) enum Output {
    /// Standard output.
    Standard(BufWriter<Stdout>),
    /// A file that appears under its name once it is complete.
    File { writer: BufWriter<Staged>, place: Place },
    /// A special file, such as a named pipe or `/dev/stderr`, that must not be replaced by a regular file.
    Special { writer: BufWriter<fs::File>, path: PathBuf },
    /// Memory, for a result that is printed in another format afterwards.
    Memory(Vec<u8>),
}

impl Output {
    /// Opens the output; no path or `-` means standard output.
    pub(crate) fn open(path: Option<&Path>) -> Result<Self, Failure> {
        Self::open_for(path, Readers::Usual)
    }

    /// Like [`Output::open`], but a new file is readable only by its owner; an existing file keeps its mode.
    pub(crate) fn open_private(path: Option<&Path>) -> Result<Self, Failure> {
        Self::open_for(path, Readers::Owner)
    }

    fn open_for(path: Option<&Path>, readers: Readers) -> Result<Self, Failure> {
        let Some(path) = path.filter(|path| *path != Path::new("-")) else {
            return Ok(Self::Standard(BufWriter::with_capacity(BUFFER, stdout())));
        };
        let failed = |error: io::Error| Failure::unwritable(path, &error);
        // Replaces the target of a symbolic link, not the link.
        let target = match fs::canonicalize(path) {
            Ok(target) => target,
            Err(error) if fs::symlink_metadata(path).is_ok_and(|it| it.is_symlink()) => {
                return Err(Failure::new(format!(
                    "cannot write {}: broken symbolic link ({error})",
                    path.display()
                ))
                .hint("name the file itself, or remove the link"));
            }
            Err(_) => path.to_owned(),
        };
        let existing = fs::metadata(&target).ok();
        match &existing {
            Some(metadata) if metadata.is_dir() => {
                return Err(failed(io::ErrorKind::IsADirectory.into()).hint("name a file in this directory"));
            }
            Some(metadata) if !metadata.is_file() => {
                let file = fs::OpenOptions::new().write(true).open(&target).map_err(failed)?;
                return Ok(Self::Special { writer: BufWriter::with_capacity(BUFFER, file), path: target });
            }
            // Root could write it, but a read-only file is not meant to be replaced.
            Some(metadata) if metadata.permissions().readonly() => {
                return Err(Failure::new(format!("cannot write {}: it is read-only", path.display()))
                    .hint("name another file, or make it writable"));
            }
            Some(_) => {
                fs::OpenOptions::new().write(true).open(&target).map_err(failed)?;
            }
            None => {}
        }
        let staged = Staged::create(parent(&target), readers).map_err(failed)?;
        let place = Place {
            permissions: existing.as_ref().map(without_special_bits),
            has_other_names: existing.as_ref().is_some_and(has_other_names),
            path: target,
        };
        Ok(Self::File { writer: BufWriter::with_capacity(BUFFER, staged), place })
    }

    /// Writes text for people. Untrusted parts are already escaped where the text is composed, because only there can
    /// their line breaks be told from ours; as a second barrier, this escapes everything a terminal could interpret
    /// except line breaks and colors.
    pub(crate) fn write_text(&mut self, text: &str) -> io::Result<()> {
        self.write_all(for_terminals(text).as_bytes())
    }

    /// Whether this is standard output.
    pub(crate) const fn is_standard(&self) -> bool {
        matches!(self, Self::Standard(_))
    }

    /// Flushes the output and makes the file appear under its name.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        match self {
            Self::Standard(mut writer) => Ok(writer.flush()?),
            Self::Memory(_) => Ok(()),
            Self::Special { mut writer, path } => {
                writer.flush().map_err(|error| Failure::unwritable(&path, &error))
            }
            Self::File { writer, place } => {
                let failed = |error: io::Error| Failure::unwritable(&place.path, &error);
                let staged = writer.into_inner().map_err(|error| failed(error.into_error()))?;
                staged.place(&place).map_err(failed)
            }
        }
    }
}

#[cfg(unix)]
fn without_special_bits(metadata: &fs::Metadata) -> fs::Permissions {
    use std::os::unix::fs::PermissionsExt;
    fs::Permissions::from_mode(metadata.permissions().mode() & 0o777)
}

#[cfg(not(unix))]
fn without_special_bits(metadata: &fs::Metadata) -> fs::Permissions {
    metadata.permissions()
}

#[cfg(unix)]
fn has_other_names(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    metadata.nlink() > 1
}

#[cfg(not(unix))]
fn has_other_names(_: &fs::Metadata) -> bool {
    false
}

/// Escapes everything that a terminal could interpret, except line feeds and colors.
pub(crate) fn for_terminals(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|character| is_tricky(character) && character != '\n') {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let length = match color(rest) {
            Some(sequence) => {
                shown.push_str(sequence);
                sequence.len()
            }
            None if character == '\n' => {
                shown.push('\n');
                1
            }
            None => {
                push_visible(&mut shown, character);
                character.len_utf8()
            }
        };
        rest = &rest[length..];
    }
    Cow::Owned(shown)
}

/// The escape sequence for a color or style at the start of a text, if there is one.
fn color(text: &str) -> Option<&str> {
    let parameters = text.strip_prefix("\u{1b}[")?;
    let length = parameters.find(|letter: char| !letter.is_ascii_digit() && letter != ';')?;
    parameters[length..].starts_with('m').then(|| &text[..length + 3])
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Standard(writer) => writer.write(bytes),
            Self::File { writer, .. } => writer.write(bytes),
            Self::Special { writer, .. } => writer.write(bytes),
            Self::Memory(memory) => memory.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Standard(writer) => writer.flush(),
            Self::File { writer, .. } => writer.flush(),
            Self::Special { writer, .. } => writer.flush(),
            Self::Memory(memory) => memory.flush(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colors_and_lines_are_left_to_terminals() {
        for text in ["", "a\nb", "\u{1b}[1m\u{1b}[31merror\u{1b}[0m: a\n"] {
            assert_eq!(for_terminals(text), text);
        }
        let text = "\u{1b}]0;t\u{7}\u{1b}[2K\u{1b}[1mx\r\u{9b}1m\u{1b}[1";
        assert_eq!(for_terminals(text), "\\u{1b}]0;t\\u{7}\\u{1b}[2K\u{1b}[1mx\\r\\u{9b}1m\\u{1b}[1");
    }
}
