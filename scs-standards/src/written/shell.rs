//! Words for a POSIX shell.

use super::visible::is_tricky;

/// Replacement for a word with NUL: arguments cannot contain NUL, so the shell stops with this message.
const REFUSED: &str = "\"${SCS_NUL:?arguments cannot contain NUL characters}\"";

/// Quotes a word for a POSIX shell, which reads it back byte for byte. The result is one line without control characters.
///
/// Control and invisible characters are written with `printf`. A text with NUL, which arguments
/// cannot contain, becomes a word that ends the script with a message.
///
/// ```
/// use scs_standards::written::shell::quote;
///
/// assert_eq!(quote("SCS-2V-8"), "SCS-2V-8");
/// assert_eq!(quote("Ubuntu 24.04"), "'Ubuntu 24.04'");
/// assert_eq!(quote("it's"), r"'it'\''s'");
/// assert_eq!(quote("a\nb"), r#""$(printf 'a\012b')""#);
/// ```
#[must_use]
pub fn quote(word: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:/=+,@%".contains(&byte);
    if !word.is_empty() && word.bytes().all(plain) {
        word.to_owned()
    } else if !word.chars().any(is_tricky) {
        format!("'{}'", word.replace('\'', r"'\''"))
    } else if word.contains('\0') {
        REFUSED.to_owned()
    } else {
        printed(word)
    }
}

/// Quotes the first operand of a command so that it is not parsed as an option.
///
/// ```
/// use scs_standards::written::shell::operand;
///
/// assert_eq!(format!("openstack flavor delete {}", operand("SCS-2V-8")), "openstack flavor delete SCS-2V-8");
/// assert_eq!(format!("openstack flavor delete {}", operand("-x")), "openstack flavor delete -- -x");
/// ```
#[must_use]
pub fn operand(word: &str) -> String {
    if word.starts_with('-') { format!("-- {}", quote(word)) } else { quote(word) }
}

/// Quotes the operands of a command so that none is parsed as an option.
///
/// ```
/// use scs_standards::written::shell::operands;
///
/// assert_eq!(operands(["a", "b c"]), "a 'b c'");
/// assert_eq!(operands(["a", "--all"]), "-- a --all");
/// ```
#[must_use]
pub fn operands<'w>(words: impl IntoIterator<Item = &'w str>) -> String {
    let words: Vec<&str> = words.into_iter().collect();
    let quoted: Vec<String> = words.iter().map(|word| quote(word)).collect();
    let ends = if words.iter().any(|word| word.starts_with('-')) { "-- " } else { "" };
    format!("{ends}{}", quoted.join(" "))
}

/// Writes an option with its value so that the value is not parsed as another option.
///
/// ```
/// use scs_standards::written::shell::option;
///
/// assert_eq!(option("--name", "Ubuntu 24.04"), "--name 'Ubuntu 24.04'");
/// assert_eq!(option("--name", "-x"), "--name=-x");
/// ```
#[must_use]
pub fn option(name: &str, value: &str) -> String {
    let between = if value.starts_with('-') { '=' } else { ' ' };
    format!("{name}{between}{}", quote(value))
}

/// Writes a word with `printf` and octal escapes.
fn printed(word: &str) -> String {
    // Command substitution strips trailing line feeds, so they are appended: they are the last character of `IFS`.
    let shown = word.trim_end_matches('\n');
    let line_feeds = "${IFS#??}".repeat(word.len() - shown.len());
    let mut text = String::from("\"");
    if !shown.is_empty() {
        text.push_str("$(printf '");
        let mut letter = [0; 4];
        for (number, character) in shown.chars().enumerate() {
            let like_an_option = number == 0 && character == '-';
            // Characters that are special to `printf`, quotes or interactive shells are escaped as well.
            if like_an_option
                || is_tricky(character)
                || matches!(character, '\'' | '\\' | '%' | '!' | '"' | '`' | '$')
            {
                for byte in character.encode_utf8(&mut letter).bytes() {
                    text.extend(['\\', digit(byte >> 6), digit(byte >> 3), digit(byte)]);
                }
            } else {
                text.push(character);
            }
        }
        text.push_str("')");
    }
    text + &line_feeds + "\""
}

/// The last octal digit of a byte.
fn digit(byte: u8) -> char {
    char::from(b'0' + (byte & 7))
}
