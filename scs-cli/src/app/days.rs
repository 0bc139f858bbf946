//! Numbers of days as option values.

/// A number of days such as `30d` or `4w`.
pub(crate) fn days(text: &str) -> Result<u32, String> {
    let (number, days) = match text.strip_suffix('w') {
        Some(weeks) => (weeks, 7),
        None => (text.strip_suffix('d').unwrap_or(text), 1),
    };
    let number: u32 =
        number.parse().map_err(|_| "expected a number of days such as 30d, or of weeks such as 4w")?;
    number
        .checked_mul(days)
        .filter(|days| *days <= 36_500)
        .ok_or_else(|| "expected at most a hundred years".to_owned())
}
