//! What is read: files, or standard input; and lines out of it, however long or broken they are.

use std::fs::File;
use std::io::{self, BufRead, Read, stdin};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use crate::app::failure::Failure;

/// The longest line that is looked at. The longest names have about a hundred bytes; leading zeros, which the official
/// suite accepts, make them as long as one likes.
pub(crate) const LONGEST_LINE: usize = 16 << 20;

/// What standard input is called in messages.
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
    /// What it is called in messages.
    pub(crate) name: String,
    /// Its bytes.
    pub(crate) reader: Box<dyn Read + Send>,
    /// How many there are, where that is known.
    pub(crate) length: Option<u64>,
}

impl Source {
    /// What it is called in messages.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::StandardInput => STANDARD_INPUT.to_owned(),
            Self::File(path) => path.display().to_string(),
        }
    }

    /// Itself, or the files of a directory that have one of these endings, in the order of their names.
    pub(crate) fn files(&self, endings: &[&str]) -> Result<Vec<Self>, Failure> {
        let Self::File(directory) = self else { return Ok(vec![self.clone()]) };
        if !directory.is_dir() {
            return Ok(vec![self.clone()]);
        }
        let name = self.name();
        let unreadable = |error: io::Error| Failure::unreadable(&name, &error);
        let mut files: Vec<PathBuf> = Vec::new();
        for entry in std::fs::read_dir(directory).map_err(unreadable)? {
            let path = entry.map_err(unreadable)?.path();
            let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
            let known = path
                .extension()
                .is_some_and(|ending| endings.iter().any(|known| ending.eq_ignore_ascii_case(known)));
            // A pipe or a device would have no end.
            if known && !hidden && path.is_file() {
                files.push(path);
            }
        }
        if files.is_empty() {
            let endings: Vec<String> = endings.iter().map(|ending| format!(".{ending}")).collect();
            return Err(Failure::new(format!("{name} has no file that is read here"))
                .hint(format!("names of files end in {}", endings.join(", "))));
        }
        files.sort();
        Ok(files.into_iter().map(Self::File).collect())
    }

    /// Opens it.
    pub(crate) fn open(&self) -> Result<Opened, Failure> {
        let name = self.name();
        match self {
            Self::StandardInput => Ok(Opened { name, reader: Box::new(stdin()), length: None }),
            Self::File(path) => {
                let opened = File::open(path).and_then(|file| {
                    let metadata = file.metadata()?;
                    // Opening a directory succeeds; only reading it would not.
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

/// How files of JSON and YAML end.
pub(crate) const WRITTEN: &[&str] = &["json", "jsonl", "yaml", "yml"];

/// The files of all of them, as [`Source::files`].
pub(crate) fn all_files(sources: &[Source], endings: &[&str]) -> Result<Vec<Source>, Failure> {
    let files = sources.iter().map(|source| source.files(endings)).collect::<Result<Vec<_>, _>>()?;
    Ok(files.into_iter().flatten().collect())
}

/// Says what is the matter with text that some program, such as a shell of Windows, wrote in UTF-16.
pub(crate) fn refuse_other_encodings(name: &str, head: &[u8]) -> Result<(), Failure> {
    if head.starts_with(b"\xFF\xFE") || head.starts_with(b"\xFE\xFF") {
        return Err(Failure::new(format!("{name} is text in UTF-16, which is not read"))
            .hint("save it as UTF-8; in PowerShell, `… | Out-File -Encoding utf8 FILE`"));
    }
    Ok(())
}

/// A line of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Line<'a> {
    /// Counted from 1.
    pub(crate) number: u64,
    /// Without its end (LF or CRLF), and without a byte order mark in the first line.
    pub(crate) bytes: &'a [u8],
    /// Whether bytes beyond [`LONGEST_LINE`] were left out.
    pub(crate) cut: bool,
}

/// Reads lines one by one, as they come; its memory is bounded by the longest line.
#[derive(Debug)]
pub(crate) struct Lines<R> {
    reader: R,
    buffer: Vec<u8>,
    number: u64,
}

impl<R: BufRead> Lines<R> {
    /// The lines of a reader.
    pub(crate) const fn new(reader: R) -> Self {
        Self { reader, buffer: Vec::new(), number: 0 }
    }

    /// The next line that has something in it.
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
                // Asked for again because the borrow checker does not see that the loop ends here.
                let bytes = self::content(&self.buffer, self.number == 1);
                return Ok(Some(Line { number: self.number, bytes, cut }));
            }
        }
    }
}

/// A line without its end and, at the start of the input, without a byte order mark.
pub(crate) fn content(line: &[u8], first: bool) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    if first { line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line) } else { line }
}

/// Whether a line has nothing in it but blanks.
#[inline]
pub(crate) fn is_blank(line: &[u8]) -> bool {
    line.iter().all(|byte| matches!(byte, b' ' | b'\t'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_as_people_have_them() {
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
