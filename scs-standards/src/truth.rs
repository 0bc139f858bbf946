//! Booleans written as words.

/// A boolean as OpenStack's services and clients read it: `true`, `yes`, `on` and `1`, or their opposites, in any case.
/// `None` for another word.
///
/// ```
/// use scs_standards::truth::truth;
///
/// assert_eq!(["True", "off", "t"].map(truth), [Some(true), Some(false), None]);
/// ```
#[must_use]
pub fn truth(word: &str) -> Option<bool> {
    const TRUE: [&str; 4] = ["true", "yes", "on", "1"];
    const FALSE: [&str; 4] = ["false", "no", "off", "0"];
    let is = |words: [&str; 4]| words.iter().any(|known| word.eq_ignore_ascii_case(known));
    if is(TRUE) { Some(true) } else { is(FALSE).then_some(false) }
}
