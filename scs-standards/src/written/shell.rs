//! Words for a POSIX shell.

use super::visible::is_tricky;

/// What a word with a NUL becomes: no argument of a command can hold one, so the shell stops there with this message.
const REFUSED: &str = "\"${SCS_NUL:?no argument can hold a NUL character}\"";

/// A word as a POSIX shell reads it back, byte for byte, in one line and without control characters.
///
/// Where it has control or invisible characters, it is written as a `printf` of them. A text with a NUL, which no argument
/// of a command can hold, becomes a word that ends the script with a message.
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

/// A word that is not taken for an option by the command it is given to, as the first of its operands.
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

/// Words that are not taken for options by the command they are given to, as the first of its operands.
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

/// An option with its value, which is not taken for another option.
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

/// A word through `printf`, which writes bytes by their octal numbers.
fn printed(word: &str) -> String {
    // A substitution drops line feeds at its end, so they stand after it: they are the last character of `IFS`.
    let shown = word.trim_end_matches('\n');
    let line_feeds = "${IFS#??}".repeat(word.len() - shown.len());
    let mut text = String::from("\"");
    if !shown.is_empty() {
        text.push_str("$(printf '");
        let mut letter = [0; 4];
        for (number, character) in shown.chars().enumerate() {
            let like_an_option = number == 0 && character == '-';
            // Those that mean something to `printf`, to quotes or to an interactive shell are numbers as well.
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
