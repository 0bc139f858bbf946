//! Console lines and the markers in them.

use std::borrow::Cow;

use memchr::memmem::Finder;
use nom::branch::alt;
use nom::bytes::complete::{take_till, take_while, take_while1};
use nom::character::complete::{anychar, char, one_of};
use nom::combinator::{recognize, value, verify};
use nom::sequence::terminated;
use nom::{IResult, Parser};

/// The prefix of each result.
pub(crate) const MARKER: &str = "_scs-test-";

/// The distance to look back for signs that a marker belongs to a command instead of a result.
const BEFORE: usize = 4_096;
/// The maximum length of a result; the flags of a CPU need less than half of it.
const LONGEST: usize = 16_384;

/// Texts that follow a marker only in commands: parts of the commands in the official user data and in ours.
const COMMANDS: [&str; 2] = ["$0", "> /dev/console"];

/// A marker with its context within the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Marked<'a> {
    /// The text after the marker, up to the next marker or the end of the line.
    pub(super) text: &'a str,
    /// The text as read by the official suite, if this is the first marker of the line: the whole rest of the line.
    pub(super) official: Option<&'a str>,
    /// Whether it belongs to a command, for example one echoed by a kernel or cloud-init.
    pub(super) is_echo: bool,
    /// Whether it is inside a message of the kernel or of a program other than cloud-init.
    pub(super) is_in_message: bool,
    /// Whether it ends with the text instead of a line ending.
    pub(super) breaks_off: bool,
}

/// All markers of a text, in a single pass.
pub(super) fn markers(text: &str) -> impl Iterator<Item = Marked<'_>> {
    let finder = Finder::new(MARKER);
    let mut from = 0;
    std::iter::from_fn(move || {
        let rest = text.get(from..)?;
        let at = from + finder.find(rest.as_bytes())?;
        let start = text.get(from..at).map_or(from, |before| from + after_last_end(before));
        let end = text.get(at..).and_then(first_end).map(|length| at + length);
        from = end.unwrap_or(text.len());
        let line = text.get(start..from)?;
        Some(pieces(line, at - start, end.is_none()))
    })
    .flatten()
}

/// The markers of a line, given the first one.
fn pieces(line: &str, first: usize, is_last: bool) -> impl Iterator<Item = Marked<'_>> {
    let mut is_echo = false;
    let mut is_in_message = false;
    let mut before = line.get(..first).unwrap_or_default();
    let mut rest = line.get(first..).and_then(|rest| rest.strip_prefix(MARKER));
    let mut official = rest;
    std::iter::from_fn(move || {
        let all = rest?;
        let (text, following) = all.split_once(MARKER).map_or((all, None), |(text, next)| (text, Some(next)));
        is_echo = is_echo || ends_like_a_command(before) || COMMANDS.iter().any(|part| text.contains(part));
        is_in_message = is_foreign(before).unwrap_or(is_in_message);
        before = text;
        rest = following;
        Some(Marked {
            text,
            official: official.take(),
            is_echo,
            is_in_message,
            breaks_off: is_last && following.is_none(),
        })
    })
}

/// Whose message continues after this text, judging by the last time stamp: `[   70.4] cloud-init[513]: ` begins a line of the
/// program that runs the test, `[    3.1] printk: ` one of another program. `None` without a time stamp.
fn is_foreign(before: &str) -> Option<bool> {
    let near = look_back(before);
    let message = near.char_indices().rev().filter(|(_, c)| *c == '[').find_map(|(at, _)| {
        let rest = near.get(at + 1..)?.trim_start();
        let (stamp, rest) = rest.split_once(']')?;
        let (seconds, fraction) = stamp.split_once('.')?;
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        (is_number(seconds) && is_number(fraction)).then_some(rest)
    })?;
    let (message, _) = cleaned(message);
    let of_cloud_init = message
        .strip_prefix("cloud-init")
        .map(|rest| {
            rest.strip_prefix('[').and_then(|rest| rest.split_once(']')).map_or(rest, |(_, rest)| rest)
        })
        .is_some_and(|rest| rest.starts_with(':'));
    Some(!message.is_empty() && !of_cloud_init)
}

/// The end of a text, limited to the look-back distance.
fn look_back(before: &str) -> &str {
    let mut start = before.len().saturating_sub(BEFORE);
    while !before.is_char_boundary(start) {
        start += 1;
    }
    before.get(start..).unwrap_or_default()
}

/// Whether a marker after this text belongs to a command: it is quoted or assigned, or preceded by a word of
/// a shell or of the kernel command line.
fn ends_like_a_command(before: &str) -> bool {
    let near = look_back(before);
    // Odd quotation marks open; after a closing one, a result may follow.
    let opens = |mark: char| near.ends_with(mark) && near.matches(mark).count() % 2 == 1;
    ['"', '\'', '`'].into_iter().any(opens)
        || near.ends_with(['=', '$', '\\', '(', '{'])
        || ["awk ", "echo ", "printf ", "sed "].iter().any(|word| near.contains(word))
        || near.contains("ommand line: ")
}

/// Whether a character ends a line for the official suite, which splits like Python. Terminals mostly agree.
const fn ends_line(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn first_end(text: &str) -> Option<usize> {
    text.find(ends_line)
}

/// The offset at which the last line begins.
fn after_last_end(text: &str) -> usize {
    text.char_indices().rfind(|(_, c)| ends_line(*c)).map_or(0, |(at, c)| at + c.len_utf8())
}

/// `entropy-avail: 256`: the section and the text after the colon; `end` has neither.
pub(super) fn section(text: &str) -> IResult<&str, &str> {
    let name = take_while1(|c: char| c.is_ascii_alphanumeric() || c == '-');
    terminated(name, char(':')).parse(text)
}

/// Whether a text is the end marker, whatever follows.
pub(super) fn is_end(text: &str) -> bool {
    text.strip_prefix("end")
        .is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || "-'\":".contains(c)))
}

/// An escape sequence that moves the cursor, or sets a color or title.
fn escape(text: &str) -> IResult<&str, ()> {
    const ESCAPE: char = '\u{1b}';
    let parameters = || take_while(|c| matches!(c, '\u{20}'..='\u{3f}'));
    let control = (char('['), parameters(), verify(anychar, |c| matches!(c, '\u{40}'..='\u{7e}')));
    let text_end = alt((recognize(char('\u{7}')), recognize((char(ESCAPE), char('\\')))));
    let command = (one_of("]P^_"), take_till(|c| matches!(c, '\u{7}' | ESCAPE)), text_end);
    let other = (take_while(|c| matches!(c, '\u{20}'..='\u{2f}')), anychar);
    (char(ESCAPE), alt((value((), control), value((), command), value((), other)))).map(|_| ()).parse(text)
}

/// A result without surrounding colors, NUL bytes and spaces; and whether it was truncated for exceeding the maximum length.
pub(super) fn cleaned(text: &str) -> (Cow<'_, str>, bool) {
    let mut end = text.len().min(LONGEST);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let short = text.get(..end).unwrap_or_default();
    let was_cut = short.len() < text.len();
    if !short.contains(|c: char| c.is_control() && c != '\t') {
        return (Cow::Borrowed(short.trim()), was_cut);
    }
    let mut clean = String::with_capacity(short.len());
    let mut rest = short;
    while let Some(c) = rest.chars().next() {
        if let Ok((after, ())) = escape(rest) {
            rest = after;
            continue;
        }
        if !c.is_control() || c == '\t' {
            clean.push(c);
        }
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
    }
    (Cow::Owned(clean.trim().to_owned()), was_cut)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colors_and_nul_bytes_are_removed() {
        for text in
            ["256", " 256\0", "\u{1b}[1;32m256\u{1b}[0m", "\u{1b}]0;title\u{7}256", "\u{1b}(B256\u{1b}"]
        {
            assert_eq!(cleaned(text).0, "256", "{text:?}");
        }
    }

    #[test]
    fn messages_of_other_programs_are_not_results() {
        let is_in_message = |line: &'static str| markers(line).all(|marked| marked.is_in_message);
        for line in [
            "[    3.1] printk: _scs-test-entropy-avail: 256",
            "[    4.1] usb 1-1: Product: _scs-test-fips-test: rngtest: FIPS 140-2 successes: 1000",
            "[   70.4] cloud-init[513]: x [   71.0] usb 1-1: _scs-test-end",
            "[   12.000000] systemd[1]: Started _scs-test-end",
            "[    3.1] \u{1b}[1mprintk: _scs-test-rngd: _scs-test-end",
        ] {
            assert!(is_in_message(line), "{line}");
        }
        for line in [
            "_scs-test-end",
            "[   70.4] cloud-init[513]: _scs-test-entropy-avail: 256",
            "[   70.4] cloud-init: _scs-test-entropy-avail: 256",
            "[   70.4] random: crng init done[   70.5] cloud-init[513]: _scs-test-rngd: y",
            "[   70.4] _scs-test-end",
            "[  OK  ] Started x_scs-test-rngd: y",
        ] {
            assert!(!is_in_message(line), "{line}");
        }
    }

    #[test]
    fn commands_are_not_results() {
        let echo = |line: &'static str| markers(line).all(|marked| marked.is_echo);
        for line in [
            r#"cat /proc/sys/kernel/random/entropy_avail | awk '$0="_scs-test-entropy-avail: "$0'"#,
            "[    0.000000] Kernel command line: BOOT_IMAGE=/vmlinuz x _scs-test-entropy-avail: 256",
            "[    0.000000] Command line: BOOT_IMAGE=/vmlinuz x=_scs-test-entropy-avail: 256 _scs-test-end",
            "+ echo _scs-test-end",
            "  - echo '_scs-test-end'",
            "final_message: \"_scs-test-end\"",
            r#"_scs-test-entropy-avail: "$0'"#,
        ] {
            assert!(echo(line), "{line}");
        }
        for line in
            ["_scs-test-end", "[   70.4] cloud-init[513]: _scs-test-entropy-avail: 256", "x_scs-test-rngd: y"]
        {
            assert!(!echo(line), "{line}");
        }
    }
}
