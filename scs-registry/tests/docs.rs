//! Pages with tables and folders of documents, with arbitrary content.

use jiff::civil::{Date, date};
use proptest::prelude::*;
use scs_registry::docs::site::{SiteDocuments, SiteTexts, site};
use scs_registry::docs::{DocsStyle, inject, tables_in};
use scs_registry::explain::explain;

const DAY: Date = date(2026, 11, 24);

/// Lines with a meaning in pages.
const LINES: &[&str] = &[
    "---",
    "title: Page",
    "# Page",
    "## Part",
    "===",
    "text",
    "",
    "```",
    "~~~~",
    "    indented",
    "<!--",
    "-->",
    "<!-- scs: scopes -->",
    "<!-- scs: end -->",
    "{/* scs: timeline */}",
    "{/* scs: end */}",
    "<!-- scs:scopes -->",
    "`<!-- scs: naming -->`",
    "`` ` ``` ```` `",
];

fn line() -> impl Strategy<Value = String> {
    prop_oneof![9 => proptest::sample::select(LINES).prop_map(str::to_owned), 1 => ".*"]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_updated_page_is_up_to_date(lines in proptest::collection::vec(line(), 0..12), crlf: bool) {
        let page = lines.join(if crlf { "\r\n" } else { "\n" });
        if let Ok(updated) = inject(&page, DAY, &DocsStyle::default()) {
            prop_assert_eq!(tables_in(&updated), tables_in(&page));
            let again = inject(&updated, DAY, &DocsStyle::default());
            prop_assert_eq!(again.as_ref(), Ok(&updated));
            if tables_in(&page) == 0 {
                prop_assert_eq!(updated, page);
            }
        }
    }

    #[test]
    fn any_folder_of_documents_is_shown_or_refused(
        name in "scs-[0-9x]{4}-[vw][0-9]{1,3}-[a-zA-Z./]{0,4}\\.md",
        fields in proptest::collection::vec(("(title|type|track|status|stabilized_at|deprecated_at|description)", ".*"), 0..6),
    ) {
        let fields: String = fields.iter().flat_map(|(key, value)| [key, ": ", value, "\n"]).collect();
        let usual = "---\ntitle: T\ntype: Standard\ntrack: IaaS\n---\n".to_owned();
        let files = [(name.clone(), format!("---\n{fields}---\n")), ("scs-0100-v1-a.md".to_owned(), usual.clone()), (name, usual)];
        for file in files {
            if let Ok(documents) = SiteDocuments::from_files([file]) {
                for file in site(&documents, &SiteTexts::default(), DAY, &DocsStyle::default()) {
                    prop_assert!(!file.path.contains("..") && !file.path.starts_with('/'), "{}", file.path);
                }
            }
        }
    }

    #[test]
    fn any_id_is_explained_or_unknown(id in ".{0,40}") {
        if let Ok(explanation) = explain(&id, DAY) {
            prop_assert!(!explanation.text().is_empty() && !explanation.markdown(&DocsStyle::default()).is_empty());
        }
    }
}
