//! The languages of whole pages, and which one a client gets.

/// A language of the service's own texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Language {
    /// American English, the language of Markdown and fragments as well.
    #[default]
    English,
    German,
}

impl Language {
    pub(crate) const ALL: [Self; 2] = [Self::English, Self::German];

    /// The tag in HTML and in `?lang=`.
    pub(crate) const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
        }
    }

    /// Its name in itself.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::German => "Deutsch",
        }
    }

    /// The language of a tag such as `de` or `de-AT`.
    pub(crate) fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split('-').next().unwrap_or_default().trim();
        Self::ALL.into_iter().find(|language| language.tag().eq_ignore_ascii_case(primary))
    }

    /// The preferred language of an `Accept-Language` header; of equal ones the first.
    pub(crate) fn preferred(header: &str) -> Self {
        let mut best: Option<(f32, Self)> = None;
        for range in header.split(',').take(50) {
            let mut parts = range.split(';');
            let language = Self::from_tag(parts.next().unwrap_or_default());
            let quality = parts.find_map(|part| part.trim().strip_prefix("q=")?.trim().parse().ok());
            let quality: f32 = quality.unwrap_or(1.0);
            if let Some(language) = language
                && quality > best.map_or(0.0, |(quality, _)| quality)
            {
                best = Some((quality, language));
            }
        }
        best.map(|(_, language)| language).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_preferred_language_wins() {
        assert_eq!(Language::preferred("de-DE,de;q=0.9,en;q=0.8"), Language::German);
        assert_eq!(Language::preferred("fr, en;q=0.5, de;q=0.7"), Language::German);
        assert_eq!(Language::preferred("en, de"), Language::English);
        assert_eq!(Language::preferred("de;q=0, fr"), Language::English);
        assert_eq!(Language::preferred("*;q=oops,;;,"), Language::English);
    }
}
