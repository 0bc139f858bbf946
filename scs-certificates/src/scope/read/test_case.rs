//! Reading scripts and their test cases.

use std::sync::Arc;

use super::super::tree::Node;
use super::super::{Lifetime, Reach, Scope, ScopeTestCase, Script};
use super::module::standard_prefix;
use super::reader::{Fields, Reader, brief};

const SCRIPT: &[&str] = &["executable", "env", "args", "testcases"];

const TEST_CASE: &[&str] = &["id", "lifetime", "section", "description", "url"];

/// Whether a text is an absolute URL: a scheme, `://` and a non-empty rest without spaces.
fn is_url(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else { return false };
    let letters = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let has_host = !host.is_empty() || scheme.eq_ignore_ascii_case("file");
    scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(letters)
        && has_host
        && rest.len() > 1
        && !rest.contains(|letter: char| {
            letter.is_whitespace()
                || letter.is_control()
                || matches!(letter, '<' | '>' | '"' | '{' | '}' | '|' | '\\' | '^' | '`')
        })
}

impl Reader {
    pub(super) fn script(&mut self, node: &Node) -> Option<Script> {
        let read = |reader: &mut Self| {
            let fields = reader.fields(node, "a script", SCRIPT)?;
            let test_cases = reader.required_list(&fields, "testcases");
            Some(Script {
                executable: reader.optional_text(&fields, "executable"),
                args: reader.optional_text(&fields, "args").unwrap_or_default(),
                env: reader.texts(&fields, "env"),
                test_cases: test_cases.iter().filter_map(|node| reader.test_case(node)).collect(),
            })
        };
        // The test cases of an unreadable script may be used by any version.
        self.with_reach(read, |script| {
            let ids = script.iter().flat_map(|script| &script.test_cases).map(|case| case.id.clone());
            let ids: Arc<[String]> = ids.collect();
            if ids.is_empty() { Reach::Scope } else { Reach::TestCases(ids) }
        })
    }

    pub(super) fn test_case(&mut self, node: &Node) -> Option<ScopeTestCase> {
        self.with_reach(
            |reader| reader.read_test_case(node),
            |case| match case {
                Some(case) if !case.id.is_empty() => Reach::TestCases(Arc::new([case.id.clone()])),
                _ => Reach::Scope,
            },
        )
    }

    fn read_test_case(&mut self, node: &Node) -> Option<ScopeTestCase> {
        let fields = self.fields(node, "a test case", TEST_CASE)?;
        let id = self.text(&fields, "id");
        if !id.is_empty() && standard_prefix(&id).is_none() {
            let message = format!("the id `{id}` does not begin with a standard's id `scs-XXXX-`");
            self.warn("scs-0003-v2-id-prefix", node.line, message);
        }
        let lifetime = fields.get("lifetime").map(|node| {
            if let Some(Ok(lifetime)) = node.text().map(str::parse) {
                lifetime
            } else {
                let message = format!(
                    "`lifetime` is {}, expected day, week, month, quarter or year; assuming week",
                    node.kind()
                );
                self.report("scs-0003-lifetime", node.line, message, None);
                Lifetime::Week
            }
        });
        let url = self.optional_text(&fields, "url");
        self.url(&fields, url.as_deref(), "`url` of a test case");
        Some(ScopeTestCase {
            id,
            has_default_lifetime: lifetime.is_none(),
            lifetime: lifetime.unwrap_or_default(),
            section: self.optional_text(&fields, "section"),
            description: self.optional_text(&fields, "description"),
            url,
        })
    }

    /// Checks an optional URL.
    pub(super) fn url(&mut self, fields: &Fields<'_>, url: Option<&str>, what: &str) {
        if let Some(url) = url.filter(|url| !url.is_empty() && !is_url(url)) {
            let line = fields.get("url").map_or(fields.line, |node| node.line);
            let message = format!("{what} is `{}`, not a URL", brief(url));
            self.report(
                "scs-0003-url",
                line,
                message,
                Some("such as `https://example.com/scope.yaml`".to_owned()),
            );
        }
    }

    pub(super) fn unique_test_cases(&mut self, scope: &mut Scope, lines: &[u64]) {
        for (at, (script, line)) in scope.scripts.iter().zip(lines).enumerate() {
            for (place, case) in script.test_cases.iter().enumerate() {
                if case.id.is_empty() {
                    continue;
                }
                if scope.index.test_cases.contains_key(&case.id) {
                    let message = format!("the test case `{}` occurs twice; the first one counts", case.id);
                    self.with_reach(
                        |reader| reader.report("scs-0003-testcase-unique", *line, message, None),
                        |()| Reach::TestCases(Arc::new([case.id.clone()])),
                    );
                } else {
                    scope.index.test_cases.insert(case.id.clone(), (at, place));
                }
            }
        }
    }
}
