//! Explanations as pages, one for each standard.

use jiff::civil::Date;
use scs_standards::catalog::Catalog;

use super::document::StandardTopic;
use super::rule::RuleTopic;
use super::written::push_markdown;
use super::{Topic, facts};
use crate::docs::DocsStyle;
use crate::docs::page::{Page, plain};
use crate::domain::RuleInfo;
use crate::registry::Registry;

/// A page of `docs/explain`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExplainPage {
    /// The name of its file, `scs-0100.md`.
    pub name: String,
    /// Its text.
    pub content: String,
}

/// A page for each standard with rules, a page about data files, and an index, with the states of a day.
///
/// ```
/// use jiff::civil::date;
/// use scs_registry::explain::pages;
///
/// let pages = pages(date(2026, 11, 24));
/// assert!(pages.iter().any(|page| page.name == "scs-0102.md" && page.content.contains("`scs-0102-prop-min_disk`")));
/// ```
#[must_use]
pub fn pages(day: Date) -> Vec<ExplainPage> {
    let registry = Registry::new();
    let style = DocsStyle::default();
    let mut index = Page::new(&style);
    index.text("# Rules explained");
    index.text(
        "Each standard has a page that explains its rules: requirement, reason, a passing and a failing example, fixes, and the \
         scope versions that count the rule. `scs explain ID` prints the same for one rule, test case, document, difference or \
         data file. Differences between the texts and the official test suite are in [differences.md](../differences.md), data \
         files in [facts.md](facts.md).",
    );
    index.head(&["Standard", "Title", "Rules"]);
    let mut pages = Vec::new();
    let mut standards: Vec<_> = Catalog::embedded().iter().map(|document| document.id().standard()).collect();
    standards.dedup();
    for standard in standards {
        let is_own = |rule: &&RuleInfo| rule.documents.first().is_some_and(|id| id.standard() == standard);
        let rules: Vec<&RuleInfo> = registry.rules().filter(is_own).collect();
        if rules.is_empty() {
            continue;
        }
        let topic = StandardTopic::new(&registry, standard, day);
        let name = format!("{standard}.md");
        index.row(&[&format!("[{standard}]({name})"), &plain(&topic.title), &rules.len()]);
        let mut page = Page::new(&style);
        page.text(&format!("# {standard}: {}", plain(&topic.title)));
        let blocks = Topic::Standard(topic).blocks();
        push_markdown(&mut page, 0, blocks.get(1..).unwrap_or_default());
        // Rules with the same requirement, such as one per standard flavor, share an explanation.
        for rules in rules.chunk_by(|one, other| (one.summary, one.level) == (other.summary, other.level)) {
            let [first, others @ ..] = rules else { continue };
            push_markdown(&mut page, 0, &RuleTopic::new(&registry, first, day).blocks());
            if !others.is_empty() {
                let others: Vec<String> = others.iter().map(|rule| format!("`{}`", rule.id)).collect();
                page.text(&format!("The same applies to {}.", others.join(", ")));
            }
        }
        pages.push(ExplainPage { name, content: page.finish() });
    }
    pages.push(facts_page(&style));
    pages.push(ExplainPage { name: "README.md".to_owned(), content: index.finish() });
    pages
}

/// The page about data files.
fn facts_page(style: &DocsStyle) -> ExplainPage {
    let mut page = Page::new(style);
    page.text("# Facts");
    page.text("Data files with facts that change independently of the code. They are built into the program, each with a date.");
    for facts in facts::all() {
        push_markdown(&mut page, 0, &Topic::Facts(facts.clone()).blocks());
    }
    ExplainPage { name: "facts.md".to_owned(), content: page.finish() }
}
