//! Tables as aligned text, Markdown and HTML. Cells can have any text, which is escaped here.

use comfy_table::presets::NOTHING;
use comfy_table::{ColumnConstraint, ContentArrangement, Width};
use maud::{Markup, html};
use scs_standards::written::{markdown, visible};

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
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table without rows.
    #[must_use]
    pub fn new(head: &[&str]) -> Self {
        Self { head: head.iter().map(|cell| visible(cell).into_owned()).collect(), rows: Vec::new() }
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

    /// Aligned columns within `width` terminal columns. Cells wrap between words; words are never split, so long words can make the
    /// table wider.
    #[must_use]
    pub fn to_text(&self, width: usize) -> String {
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
            let right = if place + 1 == columns { 0 } else { 2 };
            column.set_padding((0, right));
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
        let rule = format!("| {} |\n", vec!["---"; self.head.len()].join(" | "));
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
