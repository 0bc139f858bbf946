//! Inputs: files or standard input, and their lines, however long or broken.

use std::fs::File;
use std::io::{self, BufRead, Read, Write, stdin};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use crate::app::diagnostic::visible;
use crate::app::failure::Failure;

/// The maximum length of a line. The longest names have about a hundred bytes, but leading zeros, which the official
/// suite accepts, can make them arbitrarily long.
pub(crate) const LONGEST_LINE: usize = 16 << 20;

/// The name of standard input in messages.
pub(crate) const STANDARD_INPUT: &str = "standard input";

/// An input as named on the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// `-`.
    StandardInput,
    /// A file.
    File(PathBuf),
}

impl FromStr for Source {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self::from(Path::new(text)))
    }
}

impl From<&Path> for Source {
    fn from(path: &Path) -> Self {
        if path == Path::new("-") { Self::StandardInput } else { Self::File(path.to_owned()) }
    }
}

/// An open input.
pub(crate) struct Opened {
    /// The name in messages.
    pub(crate) name: String,
    /// The content.
    pub(crate) reader: Box<dyn Read + Send>,
    /// The number of bytes, if known.
    pub(crate) length: Option<u64>,
}

/// Tells on standard error which entries of a directory are not read. Hidden ones are not meant to be.
fn warn_of_ignored(directory: &str, ignored: &[PathBuf]) {
    const LISTED: usize = 5;
    if ignored.is_empty() {
        return;
    }
    let name = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        visible(&name).into_owned() + if path.is_dir() { "/" } else { "" }
    };
    let more = match ignored.len().saturating_sub(LISTED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let names: Vec<String> = ignored.iter().take(LISTED).map(name).collect();
    // If standard error is closed, continue.
    let _ = writeln!(io::stderr(), "note: {directory}: not read: {}{more}", names.join(", "));
}

impl Source {
    /// The name in messages.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::StandardInput => STANDARD_INPUT.to_owned(),
            Self::File(path) => path.display().to_string(),
        }
    }

    /// The word on the command line.
    pub(crate) fn argument(&self) -> String {
        match self {
            Self::StandardInput => "-".to_owned(),
            Self::File(path) => path.display().to_string(),
        }
    }

    /// The input itself, or the files in a directory with one of these extensions, sorted by name.
    pub(crate) fn files(&self, endings: &[&str]) -> Result<Vec<Self>, Failure> {
        let Self::File(directory) = self else { return Ok(vec![self.clone()]) };
        if !directory.is_dir() {
            return Ok(vec![self.clone()]);
        }
        let name = self.name();
        let unreadable = |error: io::Error| Failure::unreadable(&name, &error);
        let (mut files, mut ignored): (Vec<PathBuf>, Vec<PathBuf>) = (Vec::new(), Vec::new());
        for entry in std::fs::read_dir(directory).map_err(unreadable)? {
            let path = entry.map_err(unreadable)?.path();
            let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
            let known = path
                .extension()
                .is_some_and(|ending| endings.iter().any(|known| ending.eq_ignore_ascii_case(known)));
            // A pipe or a device may have no end.
            if known && !hidden && path.is_file() {
                files.push(path);
            } else if !hidden {
                ignored.push(path);
            }
        }
        ignored.sort();
        warn_of_ignored(&name, &ignored);
        if files.is_empty() {
            let endings: Vec<String> = endings.iter().map(|ending| format!(".{ending}")).collect();
            return Err(Failure::new(format!("{name} has no files of a supported type"))
                .hint(format!("supported extensions: {}", endings.join(", "))));
        }
        files.sort();
        Ok(files.into_iter().map(Self::File).collect())
    }

    /// Opens the input.
    pub(crate) fn open(&self) -> Result<Opened, Failure> {
        let name = self.name();
        match self {
            Self::StandardInput => Ok(Opened { name, reader: Box::new(stdin()), length: None }),
            Self::File(path) => {
                let opened = File::open(path).and_then(|file| {
                    let metadata = file.metadata()?;
                    // Opening a directory succeeds; only reading it fails.
                    if metadata.is_dir() {
                        return Err(io::ErrorKind::IsADirectory.into());
                    }
                    Ok((file, metadata.is_file().then_some(metadata.len())))
                });
                let (file, length) = opened.map_err(|error| Failure::unreadable(&name, &error))?;
                Ok(Opened { name, reader: Box::new(file), length })
            }
        }
    }
}

/// The extensions of JSON and YAML files.
pub(crate) const WRITTEN: &[&str] = &["json", "jsonl", "yaml", "yml"];

/// The files of all sources; see [`Source::files`].
pub(crate) fn all_files(sources: &[Source], endings: &[&str]) -> Result<Vec<Source>, Failure> {
    let files = sources.iter().map(|source| source.files(endings)).collect::<Result<Vec<_>, _>>()?;
    Ok(files.into_iter().flatten().collect())
}

/// Rejects UTF-16 text, as Windows shells write it.
pub(crate) fn refuse_other_encodings(name: &str, head: &[u8]) -> Result<(), Failure> {
    if head.starts_with(b"\xFF\xFE") || head.starts_with(b"\xFE\xFF") {
        return Err(Failure::new(format!("{name} is UTF-16 text, which is not supported"))
            .hint("save it as UTF-8; in PowerShell, `… | Out-File -Encoding utf8 FILE`"));
    }
    Ok(())
}

/// A line of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Line<'a> {
    /// Counted from 1.
    pub(crate) number: u64,
    /// The content without the line break (LF or CRLF), and without a byte order mark in the first line.
    pub(crate) bytes: &'a [u8],
    /// Whether the line was cut at [`LONGEST_LINE`].
    pub(crate) cut: bool,
}

/// Reads lines as they arrive; memory use is bounded by the longest line.
#[derive(Debug)]
pub(crate) struct Lines<R> {
    reader: R,
    buffer: Vec<u8>,
    number: u64,
}

impl<R: BufRead> Lines<R> {
    /// Reads the lines of a reader.
    pub(crate) const fn new(reader: R) -> Self {
        Self { reader, buffer: Vec::new(), number: 0 }
    }

    /// Returns the next line that is not blank.
    pub(crate) fn next_filled(&mut self) -> io::Result<Option<Line<'_>>> {
        loop {
            self.buffer.clear();
            let limit = LONGEST_LINE as u64 + 1;
            let read = (&mut self.reader).take(limit).read_until(b'\n', &mut self.buffer)?;
            if read == 0 {
                return Ok(None);
            }
            self.number += 1;
            let mut cut = false;
            if self.buffer.last() != Some(&b'\n') && self.buffer.len() > LONGEST_LINE {
                self.buffer.truncate(LONGEST_LINE);
                self.reader.skip_until(b'\n')?;
                cut = true;
            }
            let content = content(&self.buffer, self.number == 1);
            if !is_blank(content) {
                // Computed again because the borrow checker does not see that the loop ends here.
                let bytes = self::content(&self.buffer, self.number == 1);
                return Ok(Some(Line { number: self.number, bytes, cut }));
            }
        }
    }
}

/// A line without its line break and, at the start of the input, without a byte order mark.
pub(crate) fn content(line: &[u8], first: bool) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    if first { line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line) } else { line }
}

/// Whether a line has only spaces and tabs.
#[inline]
pub(crate) fn is_blank(line: &[u8]) -> bool {
    line.iter().all(|byte| matches!(byte, b' ' | b'\t'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_breaks_and_byte_order_marks_are_removed() {
        let text = b"\xEF\xBB\xBFone\r\n\r\n  \ntwo\nthree \xFF";
        let mut lines = Lines::new(&text[..]);
        let mut seen = Vec::new();
        while let Some(line) = lines.next_filled().unwrap() {
            seen.push((line.number, line.bytes.to_vec()));
        }
        assert_eq!(seen, [(1, b"one".to_vec()), (4, b"two".to_vec()), (5, b"three \xFF".to_vec())]);
    }

    #[test]
    fn endless_lines_are_cut() {
        let text = [vec![b'x'; LONGEST_LINE + 10], b"\nnext".to_vec()].concat();
        let mut lines = Lines::new(&text[..]);
        let first = lines.next_filled().unwrap().unwrap();
        assert!(first.cut);
        assert_eq!(first.bytes.len(), LONGEST_LINE);
        let second = lines.next_filled().unwrap().unwrap();
        assert_eq!((second.number, second.bytes, second.cut), (2, &b"next"[..], false));
    }
}
