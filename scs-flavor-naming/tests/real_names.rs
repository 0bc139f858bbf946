//! Names used by real clouds and their documentation, compared with the official parser, and the messages for
//! rejected ones.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

use std::fmt::Write;

use scs_flavor_naming::{Parser, Syntax};
use scs_standards::Profile;

/// The name, then the official answer.
fn names() -> impl Iterator<Item = (&'static str, Vec<&'static str>)> {
    include_str!("data/real-names.tsv").lines().filter(|line| !line.starts_with('#')).map(|line| {
        let mut columns = line.split('\t');
        (columns.next().expect("a name"), columns.collect())
    })
}

#[test]
fn the_official_profile_matches_the_official_parser() {
    let parser = Parser::new(Profile::Official);
    let mut count = 0;
    for (name, official) in names() {
        count += 1;
        let ours = match parser.parse(name) {
            Ok(parsed) => {
                let spelled = |name: scs_flavor_naming::FlavorName, syntax| {
                    name.spelled_by(syntax, Profile::Official)
                        .expect("the official outputter prints everything")
                };
                vec![
                    parsed.syntax.name().to_owned(),
                    spelled(parsed.name, Syntax::V3),
                    spelled(parsed.name.short(), Syntax::V3),
                    spelled(parsed.name, Syntax::V1),
                ]
            }
            Err(error) => vec![if error.is_not_scs() { "." } else { "-" }.to_owned()],
        };
        assert_eq!(ours, official, "{name}");
    }
    assert_eq!(count, 488);
}

#[test]
fn messages_for_rejected_names() {
    let parser = Parser::new(Profile::Text);
    let mut messages = String::new();
    for (name, official) in names() {
        match parser.parse(name) {
            Err(error) if !error.is_not_scs() => {
                let _ = writeln!(messages, "{name:<36} {error}");
            }
            Err(_) => assert_eq!(official, ["."], "{name}"),
            Ok(_) => {}
        }
    }
    insta::assert_snapshot!(messages);
}
