//! `Properties` printed as a single string by older OpenStack clients: `a='b', c='d'`.

use std::collections::BTreeMap;

use nom::branch::alt;
use nom::bytes::complete::{tag, take_while, take_while1};
use nom::character::complete::{char, multispace0};
use nom::combinator::all_consuming;
use nom::multi::separated_list0;
use nom::sequence::{delimited, separated_pair};
use nom::{IResult, Parser};

/// Parses the string.
///
/// # Errors
///
/// If it is not a list of `key='value'`.
pub(super) fn read(text: &str) -> Result<BTreeMap<String, String>, String> {
    let separator = (multispace0, tag(","), multispace0);
    let mut list = all_consuming(delimited(multispace0, separated_list0(separator, pair), multispace0));
    match list.parse(text) {
        Ok((_, pairs)) => {
            let mut properties = BTreeMap::new();
            for (key, value) in pairs {
                let earlier = properties.insert(key.to_owned(), value.to_owned());
                if earlier.is_some_and(|earlier| earlier != value) {
                    return Err(format!("the property `{key}` has several values"));
                }
            }
            Ok(properties)
        }
        Err(_) => Err("expected properties such as `scs:cpu-type='shared-core', …`".to_owned()),
    }
}

/// `key='value'`; keys have colons but no `=`.
fn pair(input: &str) -> IResult<&str, (&str, &str)> {
    let key = take_while1(|letter: char| !matches!(letter, '=' | ',' | '\'' | '"'));
    separated_pair(key, char('='), value).parse(input)
}

fn value(input: &str) -> IResult<&str, &str> {
    let quoted = |quote: char| delimited(char(quote), take_while(move |letter| letter != quote), char(quote));
    alt((quoted('\''), quoted('"'), take_while(|letter| letter != ','))).parse(input)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn client_strings_are_parsed() {
        let pairs = |text| {
            read(text).map(|pairs| {
                pairs.into_iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>()
            })
        };
        assert_eq!(
            pairs("scs:cpu-type='shared-core', scs:name-v1='SCS-1V:4'"),
            Ok(vec!["scs:cpu-type=shared-core".to_owned(), "scs:name-v1=SCS-1V:4".to_owned()])
        );
        assert_eq!(pairs(""), Ok(Vec::new()));
        assert_eq!(pairs("a='x, y', b=z"), Ok(vec!["a=x, y".to_owned(), "b=z".to_owned()]));
        assert!(pairs("nonsense").is_err());
        assert_eq!(pairs("a='1', a='2'"), Err("the property `a` has several values".to_owned()));
        assert!(
            pairs("a='open").is_ok_and(|pairs| pairs == ["a='open"]),
            "an open quote is kept as it stands"
        );
    }
}
