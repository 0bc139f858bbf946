//! Option files as database servers, message brokers and libvirt parse them.

/// The options of a file with their sections.
///
/// Unlike [`super::Ini`], it accepts options without a value, quoted values, and comments after values.
///
/// ```
/// use scs_iaas_policy::config::Options;
///
/// let file = Options::read("[mysqld]\nskip-name-resolve\nssl-ca = \"/etc/ca.pem\" # ours\n");
/// assert_eq!(file.value(&["mysqld"], "ssl_ca"), Some("/etc/ca.pem"));
/// assert_eq!(file.value(&["mysqld"], "skip_name_resolve"), Some(""));
/// assert_eq!(file.value(&["client"], "ssl_ca"), None);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    options: Vec<(String, String, String)>,
    sections: Vec<String>,
}

impl Options {
    /// Parses a file. Options before the first section are in the section `""`.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let mut file = Self::default();
        let mut section = String::new();
        for line in text.lines().map(str::trim) {
            if line.is_empty() || line.starts_with(['#', ';', '!']) {
                continue;
            }
            if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.split(']').next()) {
                section = name.trim().to_lowercase();
                file.sections.push(section.clone());
                continue;
            }
            let (name, value) = line.split_once('=').unwrap_or((line, ""));
            file.options.push((section.clone(), same(name), unquoted(value)));
        }
        file
    }

    /// The names of the sections, in lower case.
    pub fn sections(&self) -> impl Iterator<Item = &str> {
        self.sections.iter().map(String::as_str)
    }

    /// The last value of an option in the given sections. Dashes and underscores in names are equivalent.
    #[must_use]
    pub fn value(&self, sections: &[&str], option: &str) -> Option<&str> {
        let of_sections = |known: &str| sections.contains(&known);
        let mut found =
            self.options.iter().filter(|(section, name, _)| of_sections(section) && *name == same(option));
        found.next_back().map(|(_, _, value)| value.as_str())
    }

    /// All options outside sections, with their values.
    pub fn plain(&self) -> impl Iterator<Item = (&str, &str)> {
        let plain = self.options.iter().filter(|(section, _, _)| section.is_empty());
        plain.map(|(_, name, value)| (name.as_str(), value.as_str()))
    }
}

fn same(name: &str) -> String {
    name.trim().to_lowercase().replace('-', "_")
}

/// A value without its quotes, or without a trailing comment.
fn unquoted(value: &str) -> String {
    let value = value.trim();
    for quote in ['"', '\''] {
        if let Some((inner, _)) = value.strip_prefix(quote).and_then(|rest| rest.split_once(quote)) {
            return inner.to_owned();
        }
    }
    // A `#` within a word is part of it.
    let end = value.find(" #").or_else(|| value.find("\t#")).unwrap_or(value.len());
    value[..end].trim_end().to_owned()
}
