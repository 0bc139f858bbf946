//! Tables as aligned text, Markdown and HTML. Cells can have any text, which is escaped here.

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Width};
use maud::{Markup, html};
use scs_standards::written::{markdown, visible};

use crate::wrap;

/// By how many columns the layout may be narrower than the terminal.
const SLACK: usize = 12;

/// A table: a head, and rows with as many cells.
///
/// ```
/// use scs_report::Table;
///
/// let mut table = Table::new(&["name", "state"]);
/// table.row(["scs-0100-v3".to_owned(), "effective".to_owned()]);
/// assert_eq!(table.to_text(100), "name         state\nscs-0100-v3  effective\n");
/// assert_eq!(table.to_markdown(), "| name | state |\n| --- | --- |\n| scs-0100-v3 | effective |\n");
/// ```
#[derive(Clone, Debug)]
pub struct Table {
    head: Vec<String>,
    /// The columns with numbers, which are aligned to the right.
    numbers: Vec<usize>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table without rows.
    #[must_use]
    pub fn new(head: &[&str]) -> Self {
        Self {
            head: head.iter().map(|cell| visible(cell).into_owned()).collect(),
            numbers: Vec::new(),
            rows: Vec::new(),
        }
    }

    /// Aligns these columns, counted from 0, to the right.
    #[must_use]
    pub fn with_numbers(self, columns: impl IntoIterator<Item = usize>) -> Self {
        Self { numbers: columns.into_iter().collect(), ..self }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().map(|cell| visible(&cell).into_owned()).collect());
    }

    /// Whether there are no rows.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Aligned columns within `width` terminal columns. Cells wrap between words, and words are never split: if that needs more
    /// columns, each row becomes a paragraph with a line per cell.
    ///
    /// ```
    /// let mut table = scs_report::Table::new(&["rule", "summary"]);
    /// table.row(["scs-0100-syntax-check".to_owned(), "names are valid".to_owned()]);
    /// assert_eq!(table.to_text(20), "scs-0100-syntax-check\n  summary: names are\n    valid\n");
    /// ```
    #[must_use]
    pub fn to_text(&self, width: usize) -> String {
        let fits = |text: &String| text.lines().all(|line| textwrap::core::display_width(line) <= width);
        // A layout for slightly fewer columns may fit where the one for all of them does not, and a smaller gap may help.
        let layouts = [2, 1].into_iter().flat_map(|gap| (0..=SLACK).map(move |less| (gap, less)));
        let mut layouts = layouts.map(|(gap, less)| self.aligned(width.saturating_sub(less), gap));
        layouts.find(fits).unwrap_or_else(|| self.as_paragraphs(width))
    }

    /// A paragraph per row: the first cell, then the others with the head of their column.
    fn as_paragraphs(&self, width: usize) -> String {
        let mut text = String::new();
        for row in &self.rows {
            let cells = self.head.iter().zip(row).filter(|(_, cell)| !cell.is_empty());
            for (number, (head, cell)) in cells.enumerate() {
                if number == 0 {
                    text.extend([cell.as_str(), "\n"]);
                } else {
                    text.push_str(&wrap::paragraph(&format!("{head}: {cell}"), width, 2, 4));
                }
            }
        }
        text
    }

    fn aligned(&self, width: usize, gap: u16) -> String {
        let mut table = comfy_table::Table::new();
        table
            .load_style(NOTHING)
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_width(u16::try_from(width).unwrap_or(u16::MAX));
        table.set_header(&self.head);
        for row in &self.rows {
            table.add_row(row);
        }
        let columns = self.head.len();
        for (place, column) in table.column_iter_mut().enumerate() {
            let cells = std::iter::once(&self.head).chain(&self.rows).filter_map(|row| row.get(place));
            let words = cells.flat_map(|cell| cell.split(' ')).map(textwrap::core::display_width);
            let longest = u16::try_from(words.max().unwrap_or(0)).unwrap_or(u16::MAX);
            let right = if place + 1 == columns { 0 } else { gap };
            column.set_padding((0, right));
            if self.numbers.contains(&place) {
                column.set_cell_alignment(CellAlignment::Right);
            }
            column
                .set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(longest.saturating_add(right))));
        }
        let mut text = String::new();
        for line in table.to_string().lines() {
            text.extend([line.trim_end(), "\n"]);
        }
        text
    }

    /// A table in Markdown.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let line = |cells: &[String]| {
            let cells: Vec<String> = cells.iter().map(|cell| markdown::cell(cell)).collect();
            format!("| {} |\n", cells.join(" | "))
        };
        let rule: Vec<&str> = (0..self.head.len())
            .map(|column| if self.numbers.contains(&column) { "---:" } else { "---" })
            .collect();
        let rule = format!("| {} |\n", rule.join(" | "));
        std::iter::once(line(&self.head)).chain([rule]).chain(self.rows.iter().map(|row| line(row))).collect()
    }

    pub(crate) fn to_html(&self) -> Markup {
        html! {
            table {
                thead { tr { @for cell in &self.head { th { (cell) } } } }
                tbody { @for row in &self.rows { tr { @for cell in row { td { (cell) } } } } }
            }
        }
    }
}
