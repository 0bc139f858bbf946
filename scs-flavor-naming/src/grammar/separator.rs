//! The separators of the parts, by the version of the dialect.

use super::cursor::{Cursor, Res};
use crate::reader::{Place, Reader};

/// `":"` or `"-"` between the core parts.
#[inline]
pub(super) fn core<R: Reader>(input: Cursor<'_, R>) -> Res<'_, R, ()> {
    let separator = input.dialect().core_separator();
    input.byte(separator, Place::End, if separator == b':' { ":" } else { "-" })
}

/// `"-"` or `"_"` before an extension.
#[inline]
pub(super) fn extension<R: Reader>(input: Cursor<'_, R>) -> Res<'_, R, ()> {
    let separator = input.dialect().extension_separator();
    input.byte(separator, Place::End, if separator == b'-' { "-" } else { "_" })
}
