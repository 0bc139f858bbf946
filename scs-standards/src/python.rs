//! Python's character classes. The official test suite parses numbers and lines with Python, and rules that reproduce its
//! verdicts must parse the same way; the standards themselves mean ASCII digits.

/// The zeros of the decimal digits of Unicode 14 (general category `Nd`), each followed by one to nine.
const ZEROS: [u32; 66] = [
    0x30, 0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xDE6, 0xE50,
    0xED0, 0xF20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40,
    0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10, 0x104A0, 0x10D30, 0x11066,
    0x110F0, 0x11136, 0x111D0, 0x112F0, 0x11450, 0x114D0, 0x11650, 0x116C0, 0x11730, 0x118E0, 0x11950,
    0x11C50, 0x11D50, 0x11DA0, 0x16A60, 0x16AC0, 0x16B50, 0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6,
    0x1E140, 0x1E2F0, 0x1E950, 0x1FBF0,
];

/// The value of a decimal digit of any script, as accepted by `int`, `str.isdecimal` and `\d`.
///
/// ```
/// use scs_standards::python::decimal;
/// assert_eq!(['7', '٧', '７', '²', 'x'].map(decimal), [Some(7), Some(7), Some(7), None, None]);
/// ```
#[must_use]
pub fn decimal(character: char) -> Option<u8> {
    let code = u32::from(character);
    let index = ZEROS.partition_point(|zero| *zero <= code).checked_sub(1)?;
    let value = code - ZEROS.get(index)?;
    u8::try_from(value).ok().filter(|value| *value < 10)
}

/// Whether a text is non-empty and consists of decimal digits, like `str.isdecimal`.
#[must_use]
pub fn is_decimal(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|character| decimal(character).is_some())
}

/// Replaces decimal digits of other scripts by ASCII digits, like `int`.
///
/// ```
/// use scs_standards::python::with_ascii_digits;
/// assert_eq!(with_ascii_digits("v1.३３.2"), "v1.33.2");
/// ```
#[must_use]
pub fn with_ascii_digits(text: &str) -> std::borrow::Cow<'_, str> {
    if text.is_ascii() {
        return text.into();
    }
    let ascii = |character| decimal(character).map_or(character, |value| char::from(b'0' + value));
    text.chars().map(ascii).collect::<String>().into()
}

/// Whether a character is whitespace, as for `str.strip` and `\s`.
#[must_use]
pub fn is_space(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{1c}'..='\u{1f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_are_in_order_and_have_ten_digits_each() {
        assert!(ZEROS.windows(2).all(|pair| pair[0] + 10 <= pair[1]));
        let values =
            |zero: u32| (zero..zero + 11).filter_map(char::from_u32).map(decimal).collect::<Vec<_>>();
        for zero in ZEROS {
            let digits: Vec<_> = (0..10).map(Some).collect();
            assert_eq!(values(zero)[..10], digits, "{zero:x}");
        }
        assert!(!is_decimal("") && !is_decimal("1²") && is_decimal("1１"));
        assert!(is_space('\u{1f}') && is_space('\u{a0}') && !is_space('\u{200b}'));
    }
}
