//! OpenStack client commands that change flavors.

use std::fmt::Write;

use scs_standards::written::{is_tricky, shell};

/// The maximum number of properties per command, since the length of a command line is limited.
const MOST_PROPERTIES: usize = 200;

/// Whether a text can be displayed unchanged.
pub(crate) fn is_plain(text: &str) -> bool {
    !text.is_empty() && !text.contains(is_tricky)
}

/// Whether a text can be passed as a command argument.
fn fits(text: &str) -> bool {
    !text.contains('\0')
}

/// An operand, which must not look like an option.
fn last_word(word: &str) -> Option<String> {
    (!word.is_empty() && fits(word)).then(|| shell::operand(word))
}

/// An option with its value.
fn option(name: &str, value: &str) -> Option<String> {
    fits(value).then(|| format!(" {}", shell::option(&format!("--{name}"), value)))
}

/// Sets properties of a flavor.
pub(crate) fn set<'a>(
    flavor: &str,
    properties: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Option<String> {
    let options = properties.into_iter().map(|(key, value)| property(key, value));
    in_pieces("openstack flavor set", &options.collect::<Option<Vec<_>>>()?, flavor)
}

/// Removes properties of a flavor.
pub(crate) fn unset<'a>(flavor: &str, keys: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let options = keys.into_iter().map(|key| option("property", key).filter(|_| !key.is_empty()));
    in_pieces("openstack flavor unset", &options.collect::<Option<Vec<_>>>()?, flavor)
}

fn in_pieces(command: &str, options: &[String], flavor: &str) -> Option<String> {
    let flavor = last_word(flavor)?;
    let pieces = options.chunks(MOST_PROPERTIES);
    let commands: Vec<String> =
        pieces.map(|options| format!("{command}{} {flavor}", options.concat())).collect();
    (!commands.is_empty()).then(|| commands.join(" && "))
}

/// `--property KEY=VALUE`; the client splits at the first `=`.
fn property(key: &str, value: &str) -> Option<String> {
    if key.is_empty() || key.contains('=') {
        return None;
    }
    option("property", &format!("{key}={value}"))
}

/// Deletes a flavor.
pub(crate) fn delete(flavor: &str) -> Option<String> {
    Some(format!("openstack flavor delete {}", last_word(flavor)?))
}

/// Creates a flavor with its figures, further options and properties.
pub(crate) fn create(
    name: &str,
    figures: &[(&str, u64)],
    texts: &[(&str, &str)],
    public: bool,
    properties: &[(String, String)],
) -> Option<String> {
    let mut command = "openstack flavor create".to_owned();
    for (name, figure) in figures {
        // Writing to a string cannot fail.
        let _ = write!(command, " --{name} {figure}");
    }
    for (name, text) in texts {
        command.push_str(&option(name, text)?);
    }
    command.push_str(if public { " --public" } else { " --private" });
    for (key, value) in properties {
        command.push_str(&property(key, value)?);
    }
    Some(format!("{command} {}", last_word(name)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_not_parsed_as_options() {
        assert_eq!(set("-x", [("a", "b")]).unwrap(), "openstack flavor set --property a=b -- -x");
        assert_eq!(set("x", [("-a", "b c")]).unwrap(), "openstack flavor set --property='-a=b c' x");
        assert_eq!(delete("--all").unwrap(), "openstack flavor delete -- --all");
    }

    #[test]
    fn inexpressible_texts_have_no_command() {
        for odd in ["a\0b", ""] {
            assert_eq!(delete(odd), None, "{odd:?}");
            assert_eq!(unset("x", [odd]), None, "{odd:?}");
        }
        for odd in ["a\nb", "a\u{1b}[2J", "a\rb", "a\u{85}b", "a\u{2028}b", "a\u{202E}b", "\u{E0041}"] {
            assert!(!delete(odd).unwrap().contains(is_tricky), "{odd:?}");
        }
        assert_eq!(set("x", [("a", "b\0c")]), None);
        assert_eq!(set("x", [("a=b", "c")]), None);
        assert_eq!(set("x", [("a", "")]).unwrap(), "openstack flavor set --property a= x");
    }

    #[test]
    fn many_properties_are_changed_in_several_steps() {
        let keys: Vec<String> = (0..450).map(|number| format!("k{number}")).collect();
        let command = unset("x", keys.iter().map(String::as_str)).unwrap();
        assert_eq!(command.matches("openstack flavor unset").count(), 3);
        assert_eq!(command.matches("--property").count(), 450);
    }
}
