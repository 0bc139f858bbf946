//! The pages of the documentation site about standards: an overview, a page for each track and standard, the sidebar, and pages for
//! scopes, rules and test cases.

mod document;
mod file;
mod pages;
mod sidebar;
mod texts;
mod tree;

use jiff::civil::Date;

pub use document::{ReadSiteError, SiteDocuments};
pub use file::SiteFile;
pub use texts::{ReadTextsError, SiteTexts};

use super::DocsStyle;
use tree::Tree;

/// All files for a set of documents on a day. Links start with the base URL of the style, which is `/standards/` for the site.
///
/// ```
/// use jiff::civil::date;
/// use scs_registry::docs::DocsStyle;
/// use scs_registry::docs::site::{SiteDocuments, SiteTexts, site};
///
/// let style = DocsStyle::default().with_base_url("/standards/")?;
/// let files = site(&SiteDocuments::embedded(), &SiteTexts::default(), date(2026, 11, 24), &style);
/// let overview = files.iter().find(|file| file.path == "standards/standards/overview.mdx").unwrap();
/// assert!(overview.content.contains("| [scs-0100](/standards/iaas/scs-0100) | IaaS | SCS Flavor Naming Standard |"));
/// assert!(files.iter().any(|file| file.path == "sidebarsStandardsItems.js"));
/// # Ok::<(), scs_registry::docs::StyleError>(())
/// ```
#[must_use]
pub fn site(documents: &SiteDocuments, texts: &SiteTexts, day: Date, style: &DocsStyle) -> Vec<SiteFile> {
    let tree = Tree::new(documents);
    let mut files = vec![pages::overview(&tree, texts, day, style)];
    for track in &tree.tracks {
        files.push(pages::track(track, texts, day, style));
        files.extend(track.standards.iter().map(|standard| pages::standard(track, standard, day, style)));
    }
    files.extend(pages::checks(day, style));
    files.push(sidebar::sidebar(&tree));
    files
}
