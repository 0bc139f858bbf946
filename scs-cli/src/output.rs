//! Where results go: standard output, or a file that appears only when it is complete.

use std::borrow::Cow;
use std::fs;
use std::io::{self, BufWriter, Stdout, Write, stdout};
use std::path::{Path, PathBuf};

use scs_standards::written::{is_tricky, push_visible};
use tempfile::NamedTempFile;

use crate::failure::Failure;

/// How much is written at once.
const BUFFER: usize = 1 << 16;

/// The place for a command's results. [`Output::finish`] must be called, or the file does not appear.
#[derive(Debug)]
pub(crate) enum Output {
    /// Standard output.
    Standard(BufWriter<Stdout>),
    /// A file under a temporary name beside its final one.
    File { writer: BufWriter<NamedTempFile>, path: PathBuf },
    /// Something that is no regular file, such as a named pipe or `/dev/stderr`, and must not be replaced by one.
    Special { writer: BufWriter<fs::File>, path: PathBuf },
}

impl Output {
    /// Opens the place; no path and `-` mean standard output.
    pub(crate) fn open(path: Option<&Path>) -> Result<Self, Failure> {
        let Some(path) = path.filter(|path| *path != Path::new("-")) else {
            return Ok(Self::Standard(BufWriter::with_capacity(BUFFER, stdout())));
        };
        let failed = |error: io::Error| Failure::unwritable(path, &error);
        // Through a symbolic link, the file that it points to is replaced, not the link.
        let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        match fs::metadata(&target) {
            Ok(metadata) if metadata.is_dir() => {
                return Err(failed(io::ErrorKind::IsADirectory.into()).hint("name a file inside of it"));
            }
            Ok(metadata) if !metadata.is_file() => {
                let file = fs::OpenOptions::new().write(true).open(&target).map_err(failed)?;
                return Ok(Self::Special { writer: BufWriter::with_capacity(BUFFER, file), path: target });
            }
            _ => {}
        }
        let directory = match target.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let mut builder = tempfile::Builder::new();
        builder.prefix(".scs-").suffix(".tmp");
        // Temporary files are private; a result is as readable as the file it replaces, or as any new file.
        if let Ok(metadata) = fs::metadata(&target) {
            builder.permissions(metadata.permissions());
        } else {
            readable_as_usual(&mut builder);
        }
        let file = builder.tempfile_in(directory).map_err(failed)?;
        Ok(Self::File { writer: BufWriter::with_capacity(BUFFER, file), path: target })
    }

    /// Writes text for people. Texts of others in it are escaped where it is put together, which alone can tell a line
    /// break of theirs from ours; here, whatever a terminal would take for more than text and colors is spelled out all
    /// the same.
    pub(crate) fn write_text(&mut self, text: &str) -> io::Result<()> {
        self.write_all(for_terminals(text).as_bytes())
    }

    /// Whether this is standard output.
    pub(crate) const fn is_standard(&self) -> bool {
        matches!(self, Self::Standard(_))
    }

    /// Writes out what is left and lets the file appear under its name.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        match self {
            Self::Standard(mut writer) => Ok(writer.flush()?),
            Self::Special { mut writer, path } => {
                writer.flush().map_err(|error| Failure::unwritable(&path, &error))
            }
            Self::File { writer, path } => {
                let failed = |error: io::Error| Failure::unwritable(&path, &error);
                let file = writer.into_inner().map_err(|error| failed(error.into_error()))?;
                file.persist(&path).map_err(|error| failed(error.error))?;
                Ok(())
            }
        }
    }
}

#[cfg(unix)]
fn readable_as_usual(builder: &mut tempfile::Builder<'_, '_>) {
    use std::os::unix::fs::PermissionsExt;
    // The umask takes its bits from these, as for every new file.
    builder.permissions(fs::Permissions::from_mode(0o666));
}

#[cfg(not(unix))]
fn readable_as_usual(_: &mut tempfile::Builder<'_, '_>) {}

/// A text in which nothing but line feeds and colors is left to a terminal to interpret.
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

/// The sequence that sets a color or a style, if a text begins with one.
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
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Standard(writer) => writer.flush(),
            Self::File { writer, .. } => writer.flush(),
            Self::Special { writer, .. } => writer.flush(),
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
