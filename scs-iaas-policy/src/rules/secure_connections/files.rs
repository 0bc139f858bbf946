//! File names, and URLs in files.

use scs_standards::truth::truth;

/// Whether a path has an extension.
pub(super) fn has_extension(path: &str, extension: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, known)| known.eq_ignore_ascii_case(extension))
}

/// A boolean as written in configuration files.
pub(super) fn is_on(value: &str) -> Option<bool> {
    truth(value.trim())
}

/// The parts of a database or broker URL, as parsed by `SQLAlchemy` and `oslo.messaging`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Address {
    /// The dialect or driver, without a `+` suffix, in lower case.
    pub dialect: String,
    /// The user name.
    pub user: Option<String>,
    /// The options after `?` that have a value, in order. Their names are case-sensitive.
    pub query: Vec<(String, String)>,
}

impl Address {
    /// Parses a URL; `None` for other texts.
    pub(super) fn read(text: &str) -> Option<Self> {
        let (scheme, rest) = text.trim().split_once("://")?;
        let dialect = scheme.split('+').next().unwrap_or_default().to_lowercase();
        let is_word = |word: &str| {
            !word.is_empty()
                && word.chars().all(|it| it.is_ascii_alphanumeric() || matches!(it, '+' | '_' | '-'))
        };
        if !is_word(scheme) {
            return None;
        }
        // A password may have any character except `@`, including a question mark.
        let end = rest.find([':', '/']).unwrap_or(rest.len());
        let name_and_rest = match rest.get(end..).and_then(|rest| rest.strip_prefix(':')) {
            Some(behind) if behind.contains('@') => {
                behind.split_once('@').map(|(_, after)| (&rest[..end], after))
            }
            _ => rest[..end].rfind('@').map(|at| (&rest[..at], &rest[at + 1..])),
        };
        let (user, place) = name_and_rest.map_or((None, rest), |(user, place)| (Some(user), place));
        let user = user.filter(|user| !user.is_empty()).map(str::to_owned);
        let query = place.split_once('?').map_or("", |(_, query)| query);
        Some(Self { dialect, user, query: pairs(query) })
    }

    /// The last value of an option.
    pub(super) fn option(&self, name: &str) -> Option<&str> {
        self.query.iter().rfind(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// `name=value` pairs separated by `&`; those without a value are ignored.
pub(super) fn pairs(query: &str) -> Vec<(String, String)> {
    let pairs = form_urlencoded::parse(query.as_bytes()).filter(|(_, value)| !value.is_empty());
    pairs.map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_parsed_as_in_sqlalchemy() {
        for (text, user, ca) in [
            ("mysql+pymysql://n:p@db/nova?ssl_ca=x", Some("n"), Some("x")),
            ("mysql+pymysql://n:p?ssl_ca=x@db/nova", Some("n"), None),
            ("mysql+pymysql://n@db/nova?charset=utf8&ssl_ca=x", Some("n"), Some("x")),
            ("mysql://db/nova?ssl_ca=x", None, Some("x")),
            ("mysql://n:p@db:3306/nova?ssl_ca=", Some("n"), None),
            ("mysql://n:p@db/nova?SSL_CA=x", Some("n"), None),
            ("mysql://n:p@[fd00::1]:3306/nova?ssl_ca=x", Some("n"), Some("x")),
            ("mysql://n:a/b@db/nova?ssl_ca=x", Some("n"), Some("x")),
        ] {
            let address = Address::read(text).unwrap();
            assert_eq!((address.user.as_deref(), address.option("ssl_ca")), (user, ca), "{text}");
            assert_eq!(address.dialect, "mysql");
        }
        for text in ["", "mysql", "://x", "a b://c", "$sql_connection"] {
            assert_eq!(Address::read(text), None, "{text}");
        }
    }
}
