//! What all whole pages have around their content.

use scs_certificates::Scope;

use super::texts::{Texts, fill, texts};
use super::{Links, assets};
use crate::language::Language;
use crate::scopes::Scopes;

/// The frame of a page.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    pub(crate) language: Language,
    pub(crate) texts: &'static Texts,
    pub(crate) title: String,
    /// The address of the style sheet, and of the script.
    pub(crate) style: String,
    pub(crate) script: String,
    /// The icon of the service.
    pub(crate) icon: String,
    pub(crate) navigation: Vec<NavigationLink>,
    /// The page in other languages.
    pub(crate) languages: Vec<LanguageLink>,
    pub(crate) status: String,
    pub(crate) openapi: String,
    /// The time of the data.
    pub(crate) time: String,
}

/// A link of the main navigation.
#[derive(Clone, Debug)]
pub(crate) struct NavigationLink {
    pub(crate) text: String,
    pub(crate) url: String,
    /// Whether it leads to the page itself.
    pub(crate) is_current: bool,
}

/// The page in a language.
#[derive(Clone, Debug)]
pub(crate) struct LanguageLink {
    pub(crate) language: Language,
    pub(crate) url: String,
    pub(crate) is_current: bool,
}

/// A request for a page, as far as its frame depends on it.
#[derive(Clone, Debug)]
pub(crate) struct Visit {
    pub(crate) language: Language,
    /// Whether the address names the language. Then links lead to pages in this language as well.
    pub(crate) is_language_chosen: bool,
    /// The path without leading slash.
    pub(crate) path: String,
    /// The parameters of the query other than the language.
    pub(crate) parameters: Vec<(String, String)>,
}

impl Frame {
    /// The frame of a page with a title.
    pub(crate) fn new(
        title: String,
        visit: &Visit,
        links: &Links,
        scopes: &Scopes,
        now: jiff::Timestamp,
    ) -> Self {
        let texts = texts(visit.language);
        let overview = links.overview();
        let page = |url: &str| url.split('?').next() == Some(&links.to(&visit.path));
        let mut navigation = vec![NavigationLink {
            text: texts.overview.to_owned(),
            is_current: page(&overview),
            url: overview,
        }];
        let mut scopes: Vec<&Scope> = scopes.iter().collect();
        scopes.sort_by_key(|scope| scope.name());
        navigation.extend(scopes.into_iter().map(|scope| {
            let url = links.scope(scope.uuid());
            let is_current = page(&url) || page(&links.scope(&scope.slug()));
            NavigationLink { text: scope.name().to_owned(), url, is_current }
        }));
        for (text, url) in [(texts.standards, links.standards()), (texts.certificates, links.certificates())]
        {
            let is_current = page(&url);
            navigation.push(NavigationLink { text: text.to_owned(), url, is_current });
        }
        let languages = Language::ALL.into_iter().map(|language| {
            let parameters = visit.parameters.iter().map(|(key, value)| (key.as_str(), value.as_str()));
            let query = super::query(parameters.chain([("lang", language.tag())]));
            let is_current = language == visit.language;
            LanguageLink { language, url: format!("{}?{query}", links.to(&visit.path)), is_current }
        });
        Self {
            language: visit.language,
            texts,
            style: links.to(&assets::path(&assets::STYLE)),
            script: links.to(&assets::path(&assets::SCRIPT)),
            icon: links.to(&assets::path(&assets::ICON)),
            navigation,
            languages: languages.collect(),
            status: links.to("status"),
            openapi: links.to("openapi.json"),
            time: fill(texts.as_of, "time", super::minute(now)),
            title,
        }
    }
}
