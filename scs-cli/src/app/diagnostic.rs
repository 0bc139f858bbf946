//! Renders the error in an invalid name: the name, a caret under the error, and a hint.

use std::fmt::Write;
use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
pub(crate) use scs_report::brief;
use scs_standards::written::push_visible;
pub(crate) use scs_standards::written::visible;

/// Number of characters shown on each side of the error in a long name.
const AROUND: usize = 40;

/// The location of a name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    /// The name of the file.
    pub(crate) input: &'a str,
    /// The line number, from 1.
    pub(crate) line: u64,
}

/// An error in a name, ready to render.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Diagnostic<'a> {
    /// The name as given.
    pub(crate) name: &'a str,
    /// The byte range of the error; empty where something is missing.
    pub(crate) start: usize,
    /// The end of the range, exclusive.
    pub(crate) end: usize,
    /// The error message.
    pub(crate) message: &'a str,
    /// A valid name to suggest.
    pub(crate) suggestion: Option<&'a str>,
    /// The location of the name, unless it is an argument.
    pub(crate) place: Option<Place<'a>>,
}

impl Diagnostic<'_> {
    /// The rendered error, without a trailing newline.
    pub(crate) fn draw(&self, colored: bool) -> String {
        let message = match self.place {
            // Columns in the drawing refer to the window, so the message states file and line.
            Some(Place { input, line }) => format!("{}:{line}: {}", visible(input), visible(self.message)),
            None => visible(self.message).into_owned(),
        };
        let (window, span) = window(self.name, self.start..self.end);
        let snippet =
            Snippet::source(window).line_numbering(false).annotation(AnnotationKind::Primary.span(span));
        let mut report = vec![Level::ERROR.primary_title(message).element(snippet)];
        if let Some(suggestion) = self.suggestion {
            let hint = Level::HELP.with_name("hint").secondary_title(format!("did you mean `{suggestion}`?"));
            report.push(Group::with_title(hint));
        }
        let renderer = if colored { Renderer::styled() } else { Renderer::plain() };
        renderer.decor_style(DecorStyle::Ascii).term_width(4 * AROUND).render(&report)
    }

    /// The error in one line.
    pub(crate) fn line(&self) -> String {
        // Writing to a string does not fail.
        let (window, _) = window(self.name, self.start..self.end);
        let mut line = format!("{window}: {} (at byte {})", visible(self.message), self.start);
        if let Some(suggestion) = self.suggestion {
            let _ = write!(line, "; did you mean `{suggestion}`?");
        }
        line
    }
}

/// The part of a name around an error, with control characters escaped, and the range of the error in it.
pub(crate) fn window(name: &str, span: Range<usize>) -> (String, Range<usize>) {
    let start = floor(name, span.start);
    let end = floor(name, span.end).max(start);
    let from = name[..start].char_indices().rev().nth(AROUND).map_or(0, |(at, _)| at);
    // A very long range is cut, too: its start is enough.
    let shown_end = name[start..end].char_indices().nth(AROUND).map_or(end, |(at, _)| start + at);
    let to = name[shown_end..].char_indices().nth(AROUND + 1).map_or(name.len(), |(at, _)| shown_end + at);

    let mut shown = String::new();
    if from > 0 {
        shown.push('…');
    }
    name[from..start].chars().for_each(|character| push_visible(&mut shown, character));
    let shown_start = shown.len();
    name[start..shown_end].chars().for_each(|character| push_visible(&mut shown, character));
    let place = shown_start..shown.len();
    name[shown_end..to].chars().for_each(|character| push_visible(&mut shown, character));
    if to < name.len() {
        shown.push('…');
    }
    (shown, place)
}

/// The nearest character boundary at or before an offset.
fn floor(text: &str, offset: usize) -> usize {
    text.floor_char_boundary(offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(name: &str) -> String {
        let error = name.parse::<scs_flavor_naming::FlavorName>().unwrap_err();
        let span = error.span();
        Diagnostic {
            name,
            start: span.start,
            end: span.end,
            message: &error.message(),
            suggestion: error.suggestion(),
            place: None,
        }
        .draw(false)
    }

    #[test]
    fn odd_names_are_drawn() {
        let names = [
            "SCS-2iT-4".to_owned(),
            "SCS-2V".to_owned(),
            "SCS-2V-4-10n_日本_z3".to_owned(),
            "SCS-2V-\u{1b}[31m4".to_owned(),
            "SCS-2V-4\0".to_owned(),
            format!("SCS-2V-4{}", "x".repeat(1 << 20)),
            format!("SCS-2V-{}x", "0".repeat(200)),
        ];
        insta::assert_snapshot!(names.map(|name| drawn(&name)).join("\n\n"));
    }
}
