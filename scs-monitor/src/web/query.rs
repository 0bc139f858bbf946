//! Parameters of requests, read as the official monitor reads them.

use std::collections::HashMap;
use std::convert::Infallible;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use utoipa::IntoParams;

use super::error::{Error, Invalid};

/// The parameters of a query. Of a repeated one the last counts, and unknown ones are ignored.
#[derive(Clone, Debug, Default)]
pub(super) struct Query(HashMap<String, String>);

impl<S: Sync> FromRequestParts<S> for Query {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let query = parts.uri.query().unwrap_or_default();
        Ok(Self(form_urlencoded::parse(query.as_bytes()).into_owned().collect()))
    }
}

impl Query {
    /// A parameter as text.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// A text to search for. None in the database has a NUL character, and PostgreSQL accepts none.
    pub(super) fn key(&self, name: &'static str) -> Result<Option<&str>, Invalid> {
        match self.text(name) {
            Some(text) if text.contains('\0') => Err(Invalid::nul(["query", name], text)),
            text => Ok(text),
        }
    }

    /// A boolean, in the spellings that the official monitor accepts.
    pub(super) fn flag(&self, name: &'static str) -> Result<Option<bool>, Invalid> {
        let Some(given) = self.text(name) else { return Ok(None) };
        match given.to_ascii_lowercase().as_str() {
            "1" | "true" | "t" | "on" | "yes" | "y" => Ok(Some(true)),
            "0" | "false" | "f" | "off" | "no" | "n" => Ok(Some(false)),
            _ => Err(Invalid::boolean(["query", name], given)),
        }
    }

    /// The part of a list.
    pub(super) fn range(&self) -> Range {
        Range { limit: number("limit", self.text("limit"), 10), skip: number("skip", self.text("skip"), 0) }
    }
}

/// The part of a list to return.
#[derive(Clone, Copy, Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Page {
    /// The largest number of items [default: 10]
    #[param(minimum = 0)]
    #[expect(dead_code, reason = "for the OpenAPI document")]
    limit: Option<i64>,
    /// The number of items to leave out at the beginning [default: 0]
    #[param(minimum = 0)]
    #[expect(dead_code, reason = "for the OpenAPI document")]
    skip: Option<i64>,
}

/// The limit and the number of items to leave out.
#[derive(Debug)]
pub(super) struct Range {
    pub(super) limit: Result<i64, Invalid>,
    pub(super) skip: Result<i64, Invalid>,
}

fn number(name: &'static str, given: Option<&str>, default: i64) -> Result<i64, Invalid> {
    let Some(given) = given else { return Ok(default) };
    let place = ["query", name];
    let digits = digits(given).ok_or_else(|| Invalid::integer(place, given))?;
    if digits.starts_with('-') && digits.chars().any(|digit| !matches!(digit, '-' | '0')) {
        return Err(Invalid::negative(place, given));
    }
    digits.parse().map_err(|_| Invalid::too_large(place, given))
}

/// The digits of an integer, with `-` if it is negative: spaces around it, a plus sign, single underscores between digits and zeros
/// after a point are left out.
fn digits(text: &str) -> Option<String> {
    let text = text.trim();
    let (sign, text) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let text = match text.split_once('.') {
        Some((whole, zeros)) if !zeros.is_empty() && zeros.chars().all(|zero| zero == '0') => whole,
        Some(_) => return None,
        None => text,
    };
    let is_number = |part: &str| !part.is_empty() && part.chars().all(|digit| digit.is_ascii_digit());
    text.split('_').all(is_number).then(|| format!("{sign}{}", text.replace('_', "")))
}

/// The parts of a path, decoded.
#[derive(Clone, Copy, Debug)]
pub(super) struct Path<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        // Nothing has a NUL character in its name, and PostgreSQL does not even look for it.
        if parts.uri.path().contains("%00") {
            return Err(Error::not_found());
        }
        let path = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        path.map(|path| Self(path.0))
            .map_err(|rejection| Error::new(rejection.status(), rejection.body_text()))
    }
}

/// The body of a request, up to the largest size.
#[derive(Clone, Debug)]
pub(super) struct Body(pub(super) Bytes);

impl<S: Send + Sync> FromRequest<S> for Body {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        let body = Bytes::from_request(request, state).await;
        body.map(Self).map_err(|rejection| Error::new(rejection.status(), rejection.body_text()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_have_the_spellings_of_the_official_monitor() {
        for (text, number) in [
            ("+1", "1"),
            (" 1 ", "1"),
            ("1_0", "10"),
            ("007", "007"),
            ("1.0", "1"),
            ("-1", "-1"),
            ("-0", "-0"),
        ] {
            assert_eq!(digits(text).as_deref(), Some(number), "{text}");
        }
        for text in ["1.5", "0x1", "", "true", "_1", "1_", "1__0", "1.", ".0", "+-1", "1 0", "1e3"] {
            assert_eq!(digits(text), None, "{text}");
        }
        assert_eq!(number("limit", Some("-0"), 1).ok(), Some(0));
        assert_eq!(number("limit", Some("9223372036854775807"), 1).ok(), Some(i64::MAX));
        assert!(number("limit", Some("9223372036854775808"), 1).is_err());
    }
}
