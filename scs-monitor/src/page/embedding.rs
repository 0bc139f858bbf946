//! The badge on other pages, and what follows a subject elsewhere.

use super::Links;

/// How others show a subject or a group in a scope, and how they hear of changes.
#[derive(Clone, Debug)]
pub(crate) struct Embedding {
    /// The picture.
    pub(crate) badge: String,
    /// The text for those who do not see it.
    pub(crate) label: String,
    /// The badge as Markdown.
    pub(crate) markdown: String,
    /// The badge as HTML.
    pub(crate) html: String,
    pub(crate) feed: String,
    pub(crate) calendar: String,
}

impl Embedding {
    /// The embedding of a subject, or of a group as `group-NAME`, in a scope with a short name and a name for people.
    pub(crate) fn new(name: &str, slug: &str, scope: &str, links: &Links) -> Self {
        let badge = links.badge(name, slug);
        // Without the language that this visitor has chosen.
        let page = links.clone().in_language(None).with_drafts(false).detail(name, slug);
        let label = format!("{name}: {scope}");
        Self {
            markdown: format!("[![{}]({badge})]({page})", super::text(&label)),
            html: format!("<a href=\"{page}\"><img src=\"{badge}\" alt=\"{}\"></a>", attribute(&label)),
            feed: links.feed(name, slug),
            calendar: links.calendar(name, slug),
            badge,
            label,
        }
    }
}

/// A text as the value of an attribute.
fn attribute(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    text.replace(char::is_control, " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_name_stays_a_text_where_the_badge_is_shown() {
        let links = Links::new("https://monitor.example/", false);
        let it = Embedding::new("a\"](x)<b>", "scs-compatible-kaas", "KaaS", &links);
        assert_eq!(
            it.html,
            "<a href=\"https://monitor.example/page/detail/a%22%5D%28x%29%3Cb%3E/scs-compatible-kaas\">\
             <img src=\"https://monitor.example/badge/a%22%5D%28x%29%3Cb%3E/scs-compatible-kaas.svg\" \
             alt=\"a&quot;](x)&lt;b&gt;: KaaS\"></a>"
        );
        assert!(it.markdown.starts_with("[![a\"\\](x)\\<b\\>: KaaS](https://"), "{}", it.markdown);
        let group = Embedding::new("group-x", "s", "S", &links);
        assert_eq!(group.feed, "https://monitor.example/feed.atom?group=x&scope=s");
    }
}
