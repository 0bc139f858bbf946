//! INI files as oslo.config parses them.

use std::str::FromStr;

use thiserror::Error;

/// An INI file.
///
/// ```
/// use scs_iaas_policy::config::Ini;
///
/// let file: Ini = "[DEFAULT]\nbackup_driver = 'cinder.backup.drivers.s3.S3BackupDriver'  \n# a comment\n".parse()?;
/// assert_eq!(file.value("DEFAULT", "backup_driver"), Some("cinder.backup.drivers.s3.S3BackupDriver"));
/// assert_eq!(file.value("oslo_policy", "enforce_scope"), None);
/// # Ok::<(), scs_iaas_policy::config::ReadIniError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ini {
    sections: Vec<String>,
    assignments: Vec<Assignment>,
}

/// Error: not a valid INI file.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("not valid INI in line {line}: {message}")]
#[non_exhaustive]
pub struct ReadIniError {
    /// The line number, counted from 1.
    pub line: usize,
    /// The problem.
    pub message: String,
}

/// An option with its value and its line range.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Assignment {
    section: String,
    option: String,
    value: String,
    /// Its first line, counted from 0.
    first: usize,
    /// The line after its last one.
    end: usize,
}

impl FromStr for Ini {
    type Err = ReadIniError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut file = Self::default();
        let mut section: Option<String> = None;
        // Whether the previous line is an assignment that an indented line can continue.
        let mut open = false;
        for (number, line) in text.lines().enumerate() {
            let error = |message: &str| ReadIniError { line: number + 1, message: message.to_owned() };
            let line = line.trim_end();
            if line.is_empty() {
                open = false;
            } else if line.starts_with([' ', '\t']) {
                let Some(assignment) = file.assignments.last_mut().filter(|_| open) else {
                    return Err(error("an indented line has no option to continue"));
                };
                assignment.value.push('\n');
                assignment.value.push_str(line.trim_start());
                assignment.end = number + 1;
            } else if let Some(rest) = line.strip_prefix('[') {
                let name = rest.strip_suffix(']').ok_or_else(|| error("a section must end in `]`"))?;
                if name.is_empty() {
                    return Err(error("the section has no name"));
                }
                let name = normalized(name);
                file.sections.push(name.clone());
                section = Some(name);
                open = false;
            } else if line.starts_with(['#', ';']) {
                open = false;
            } else {
                let (option, value) =
                    line.split_once(['=', ':']).ok_or_else(|| error("expected `option = value`"))?;
                let option = option.trim();
                if option.is_empty() {
                    return Err(error("the option has no name"));
                }
                let section = section.clone().ok_or_else(|| error("option outside a section"))?;
                file.assignments.push(Assignment {
                    section,
                    option: option.replace('-', "_"),
                    value: unquoted(value.trim()).to_owned(),
                    first: number,
                    end: number + 1,
                });
                open = true;
            }
        }
        Ok(file)
    }
}

/// The name of a section, lower-cased except for `DEFAULT`, since case does not matter.
pub(super) fn normalized(section: &str) -> String {
    if section == "DEFAULT" { section.to_owned() } else { section.to_lowercase() }
}

/// A value without its quotation marks.
fn unquoted(value: &str) -> &str {
    ['"', '\''].into_iter().find_map(|mark| value.strip_prefix(mark)?.strip_suffix(mark)).unwrap_or(value)
}

impl Ini {
    /// The names of the sections, in lower case except for `DEFAULT`.
    pub fn sections(&self) -> impl Iterator<Item = &str> {
        self.sections.iter().map(String::as_str)
    }

    /// All assignments in order: section, option and value.
    pub fn assignments(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        self.assignments.iter().map(|it| (it.section.as_str(), it.option.as_str(), it.value.as_str()))
    }

    /// The last value of an option. Dashes and underscores in its name are equivalent.
    #[must_use]
    pub fn value(&self, section: &str, option: &str) -> Option<&str> {
        self.values(section, option).last()
    }

    /// All values of an option that can be set several times.
    pub fn values<'a>(&'a self, section: &str, option: &str) -> impl Iterator<Item = &'a str> {
        let (section, option) = (section.to_owned(), option.to_owned());
        let same = move |it: &&Assignment| it.section == section && it.option == option;
        self.assignments.iter().filter(same).map(|it| it.value.as_str())
    }

    /// The text of a file with an option set: its last assignment is replaced, or a new one is added at the end of its
    /// section. All other lines are unchanged.
    ///
    /// ```
    /// use scs_iaas_policy::config::Ini;
    ///
    /// let text = "[a]\nx = 1\n\n[b]\nx = 2\n";
    /// assert_eq!(Ini::set(text, "a", "x", "3")?, "[a]\nx = 3\n\n[b]\nx = 2\n");
    /// assert_eq!(Ini::set(text, "a", "y", "3")?, "[a]\nx = 1\ny = 3\n\n[b]\nx = 2\n");
    /// assert_eq!(Ini::set(text, "c", "y", "3")?, "[a]\nx = 1\n\n[b]\nx = 2\n\n[c]\ny = 3\n");
    /// # Ok::<(), scs_iaas_policy::config::ReadIniError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the text is not an INI file.
    pub fn set(text: &str, section: &str, option: &str, value: &str) -> Result<String, ReadIniError> {
        let file: Self = text.parse()?;
        let mut lines: Vec<&str> = text.lines().collect();
        let line = format!("{option} = {value}");
        let own = |it: &&Assignment| it.section == section && it.option == option;
        let header = |line: &str| {
            let name = line.trim_end().strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
            name.is_some_and(|name| normalized(name) == section)
        };
        let added = format!("[{section}]");
        if let Some(last) = file.assignments.iter().rfind(own) {
            lines.splice(last.first..last.end, [line.as_str()]);
        } else if let Some(start) = lines.iter().rposition(|line| header(line)) {
            let of_section = file.assignments.iter().rfind(|it| it.section == section && it.first > start);
            let behind = of_section.map_or(start + 1, |last| last.end);
            lines.insert(behind, &line);
        } else {
            if lines.last().is_some_and(|line| !line.trim().is_empty()) {
                lines.push("");
            }
            lines.extend([added.as_str(), line.as_str()]);
        }
        let mut text = lines.join("\n");
        text.push('\n');
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_parsed_as_in_oslo_config() {
        let file: Ini =
            "[Database]\nconnection: 'a=b'\n[DEFAULT]\nx = 1\n  2\nx = \"3\nmy-option = 4\n".parse().unwrap();
        assert_eq!(file.value("database", "connection"), Some("a=b"));
        assert_eq!(file.values("DEFAULT", "x").collect::<Vec<_>>(), ["1\n2", "\"3"]);
        assert_eq!(file.value("DEFAULT", "my_option"), Some("4"));
    }

    #[test]
    fn invalid_files_are_errors_with_a_line_number() {
        for (text, line) in [
            ("x = 1", 1),
            ("[a", 1),
            ("[]", 1),
            ("[a]\nx", 2),
            ("[a]\n = 1", 2),
            ("[a]\n x", 2),
            ("[a]\nx=1\n\n y", 4),
        ] {
            assert_eq!(text.parse::<Ini>().unwrap_err().line, line, "{text}");
        }
    }

    #[test]
    fn setting_an_option_twice_changes_nothing_more() {
        let text = "# head\n[a]\nx = 1\n  2\n# tail\n[A]\ny = 1";
        let once = Ini::set(text, "a", "x", "3").unwrap();
        assert_eq!(once, "# head\n[a]\nx = 3\n# tail\n[A]\ny = 1\n");
        assert_eq!(Ini::set(&once, "a", "x", "3").unwrap(), once);
        let added = Ini::set(text, "a", "z", "3").unwrap();
        assert_eq!(added.parse::<Ini>().unwrap().value("a", "z"), Some("3"));
        assert_eq!(Ini::set("", "a", "z", "3").unwrap(), "[a]\nz = 3\n");
    }
}
