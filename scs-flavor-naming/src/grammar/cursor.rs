//! The rest of a name during parsing, and the basic parsers: letters, words, numbers.

use std::num::NonZeroU32;

use nom::IResult;

use crate::dialect::{Dialect, Numbers};
use crate::reader::{Mistake, Place, Reader};

/// The rest of a name, with its reader.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'a, R> {
    pub(super) rest: &'a [u8],
    pub(super) reader: R,
}

pub(super) type Res<'a, R, T> = IResult<Cursor<'a, R>, T, ()>;

impl<'a, R: Reader> Cursor<'a, R> {
    #[inline]
    pub(super) const fn new(name: &'a [u8], reader: R) -> Self {
        Self { rest: name, reader }
    }

    #[inline]
    pub(super) fn dialect(self) -> Dialect {
        self.reader.dialect()
    }

    #[inline]
    pub(super) const fn at(self, rest: &'a [u8]) -> Self {
        Self { rest, ..self }
    }

    /// Fails because something else may follow here.
    #[inline]
    pub(super) fn expected<T>(self, place: Place, tokens: &[&'static str]) -> Res<'a, R, T> {
        self.reader.expected(self.rest.len(), place, tokens);
        Err(nom::Err::Error(()))
    }

    /// Fails because the text is recognizable but invalid.
    #[inline]
    pub(super) fn mistake<T>(self, width: usize, mistake: Mistake) -> Res<'a, R, T> {
        self.reader.mistake(self.rest.len(), width, mistake);
        Err(nom::Err::Failure(()))
    }

    #[inline]
    pub(super) fn byte(self, byte: u8, place: Place, token: &'static str) -> Res<'a, R, ()> {
        match self.rest.split_first() {
            Some((&first, rest)) if first == byte => Ok((self.at(rest), ())),
            _ => self.expected(place, &[token]),
        }
    }

    /// An optional letter.
    #[inline]
    pub(super) fn flag(self, byte: u8, place: Place, token: &'static str) -> (Self, bool) {
        match self.byte(byte, place, token) {
            Ok((rest, ())) => (rest, true),
            Err(_) => (self, false),
        }
    }

    /// The value of the following digits, `None` beyond 32 bits, and their number.
    #[inline]
    pub(super) fn digits(self) -> (Option<u32>, usize) {
        let mut value = 0u32;
        let mut width = 0;
        for byte in self.rest {
            let digit = byte.wrapping_sub(b'0');
            if digit > 9 {
                break;
            }
            value = value.wrapping_mul(10).wrapping_add(u32::from(digit));
            width += 1;
        }
        // Nine digits always fit; checking every step would cost as much as the rest of the loop.
        if width <= 9 { (Some(value), width) } else { (many_digits(&self.rest[..width]), width) }
    }

    /// Up to `most` letters `h`.
    #[inline]
    pub(super) fn run_of_h(self, most: u8, place: Place) -> Res<'a, R, u8> {
        let mut input = self;
        let mut count = 0;
        while let [b'h', rest @ ..] = input.rest {
            if count == most {
                let all = self.rest.iter().take_while(|&&byte| byte == b'h').count();
                return self.mistake(all, Mistake::TooManyH);
            }
            input = input.at(rest);
            count += 1;
        }
        if count < most {
            input.reader.expected(input.rest.len(), place, &["h"]);
        }
        Ok((input, count))
    }
}

/// A fixed word after an extension separator.
#[inline]
pub(super) fn word<'a, R: Reader>(
    bytes: &'static [u8],
    token: &'static str,
    place: Place,
) -> impl Fn(Cursor<'a, R>) -> Res<'a, R, ()> {
    move |input| match input.rest.strip_prefix(bytes) {
        Some(rest) => Ok((input.at(rest), ())),
        None => input.expected(place, &[token]),
    }
}

/// A letter of a table.
#[inline]
pub(super) fn letter<'a, R: Reader, T>(
    from_letter: fn(u8) -> Option<T>,
    place: Place,
    tokens: &'static [&'static str],
) -> impl Fn(Cursor<'a, R>) -> Res<'a, R, T> {
    move |input| match input.rest.split_first().and_then(|(&byte, rest)| Some((rest, from_letter(byte)?))) {
        Some((rest, value)) => Ok((input.at(rest), value)),
        None => input.expected(place, tokens),
    }
}

/// A positive number of at most 32 bits, in a format that the dialect accepts.
#[inline]
pub(super) fn number<'a, R: Reader>(place: Place) -> impl Fn(Cursor<'a, R>) -> Res<'a, R, NonZeroU32> {
    move |input| {
        let (value, width) = input.digits();
        if width == 0 {
            return input.expected(place, &["number"]);
        }
        if input.rest[0] == b'0' && (input.dialect().numbers == Numbers::Canonical || value == Some(0)) {
            let mistake = if value == Some(0) { Mistake::Zero } else { Mistake::LeadingZero };
            return input.mistake(width, mistake);
        }
        match value.and_then(NonZeroU32::new) {
            Some(value) => Ok((input.at(&input.rest[width..]), value)),
            None => input.mistake(width, Mistake::TooLarge),
        }
    }
}

/// The value of digits that may exceed 32 bits.
#[cold]
fn many_digits(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0u32, |value, digit| value.checked_mul(10)?.checked_add(u32::from(digit - b'0')))
}
