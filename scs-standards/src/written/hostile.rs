//! Passes hostile texts through every writer and reads them back with real parsers and a real shell.

use std::process::{Command, Stdio};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::{Comment, CommentedOut, hcl, is_tricky, markdown, shell, visible, yaml};

/// Fragments that are special to some reader.
const PIECES: &[&str] = &[
    "\n",
    "\r",
    "\r\n",
    "\u{85}",
    "\u{2028}",
    "\u{2029}",
    "\u{b}",
    "\u{c}",
    "\0",
    "\t",
    "\u{8}",
    "\u{7f}",
    "\u{1b}[2K",
    "\u{1b}]0;t\u{7}",
    "\u{9b}31m",
    "\u{9d}",
    "\u{202e}",
    "\u{61c}",
    "\u{feff}",
    "\u{e0041}",
    "\u{fffe}",
    "\u{ffff}",
    "'",
    "''",
    "\"",
    "`",
    "``",
    "\\",
    "\\n",
    "\\0",
    "\\\n",
    "$",
    "$(id)",
    "${",
    "$${",
    "%{",
    "%%{",
    "$IFS",
    "%s",
    "%",
    "!",
    "!!",
    "~",
    "*",
    "?",
    "[a-z]",
    "{a,b}",
    ";",
    "&",
    "&&",
    "|",
    "||",
    "<",
    ">",
    ">>/tmp/x",
    "(",
    ")",
    "#",
    " #",
    "# ",
    "--",
    "-x",
    "--help",
    "=",
    "a=b",
    " ",
    "  ",
    "---\n",
    "\n---\n",
    "...\n",
    ": ",
    "- ",
    "? ",
    "&a ",
    "*a",
    "!!int ",
    "|\n",
    ">\n",
    "no",
    "1e3",
    "0x1",
    "null",
    "~",
    "{}",
    "[]",
    "<img src=x onerror=alert(1)>",
    "<b>",
    "</td>",
    "<!--",
    "-->",
    "&amp;",
    "&#60;",
    "[x](javascript:alert(1))",
    "![](http://evil.example/x)",
    "<http://evil.example>",
    "http://evil.example/",
    "https://evil.example",
    "www.evil.example",
    "a@evil.example",
    "mailto:a@evil.example",
    "ftp://evil.example",
    "[x]",
    "[x]: http://evil.example",
    "^[x]",
    "1. ",
    "1) ",
    "> ",
    "+ ",
    "===",
    "$x$",
    "~~x~~",
    "__x__",
    "a",
    "é",
    "日本",
    "🦀",
    "\u{301}",
];

fn text() -> impl Strategy<Value = String> {
    let piece =
        prop_oneof![4 => select(PIECES).prop_map(str::to_owned), 1 => any::<char>().prop_map(String::from)];
    vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

/// The arguments that a command receives from a shell.
fn arguments(sh: &str, words: &[String]) -> Vec<String> {
    let script = format!("set -eu\n/usr/bin/env printf '%s\\0' {}\n", words.join(" "));
    let output = Command::new(sh).args(["-c", &script]).stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{script}: {}", String::from_utf8_lossy(&output.stderr));
    let mut read: Vec<String> =
        String::from_utf8(output.stdout).unwrap().split('\0').map(str::to_owned).collect();
    read.pop();
    read
}

/// The installed shells; `sh` exists everywhere.
fn shells() -> impl Iterator<Item = &'static str> {
    ["sh", "bash", "dash", "ksh", "zsh"].into_iter().filter(|sh| {
        let run = Command::new(sh).args(["-c", ":"]).stdout(Stdio::null()).stderr(Stdio::null()).status();
        run.is_ok_and(|status| status.success())
    })
}

fn no_tricks(written: &str) -> Result<(), TestCaseError> {
    prop_assert!(!written.chars().any(is_tricky), "{written:?}");
    Ok(())
}

/// Markdown constructs that plain text must not contain.
fn forbidden(document: &str) -> Option<String> {
    let mut options = comrak::Options::default();
    options.extension.autolink = true;
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.extension.footnotes = true;
    options.extension.math_dollars = true;
    options.render.r#unsafe = true;
    let html = comrak::markdown_to_html(document, &options);
    let tags = html.split('<').skip(1).filter_map(|tag| tag.split('>').next());
    let mut odd = tags.filter(|tag| {
        let allowed = ["table", "thead", "tbody", "tr", "th", "td", "p", "code", "ul", "li"];
        !allowed.contains(&tag.trim_start_matches('/'))
    });
    odd.next().map(|tag| format!("<{tag}> in {html}"))
}

/// The cells of the last row of a table.
fn cells(html: &str) -> usize {
    html.rsplit("<tr>").next().map_or(0, |row| row.matches("<td>").count())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn visible_texts_are_one_line(text in text()) {
        no_tricks(&visible(&text))?;
    }

    #[test]
    fn text_cannot_break_out_of_a_comment(text in text()) {
        let line = Comment(&text).to_string();
        no_tricks(&line)?;
        prop_assert!(line.starts_with('#'));
        let document = format!("{line}\na: 1\n");
        let read: serde_json::Value = serde_saphyr::from_str(&document).unwrap();
        prop_assert_eq!(read, serde_json::json!({"a": 1}));
        let read: ::hcl::Body = ::hcl::from_str(&format!("{line}\na = 1\n")).unwrap();
        prop_assert_eq!(read.attributes().count(), 1);
        prop_assert_eq!(shlex::split(&line), Some(Vec::new()));
        for line in CommentedOut(&text).to_string().lines() {
            no_tricks(line)?;
            prop_assert!(line.starts_with('#'));
        }
    }

    #[test]
    fn yaml_reads_scalars_back(text in text()) {
        let written = yaml::scalar(&text);
        no_tricks(&written)?;
        let document = format!("? {written}\n: [{written}, {{k: {written}}}] # {written}\nlast: 1\n");
        let read: serde_json::Value = serde_saphyr::from_str(&document).map_err(|error| TestCaseError::fail(format!("{error}: {document}")))?;
        let expected = serde_json::json!({&text: [&text, {"k": &text}], "last": 1});
        if text == "last" {
            return Ok(());
        }
        prop_assert_eq!(read, expected);
        let word = yaml::word(&text);
        no_tricks(&word)?;
        let read: serde_json::Value = serde_saphyr::from_str(&format!("? {word}\n: {word} # x\nlast: 1\n")).unwrap();
        prop_assert_eq!(read, serde_json::json!({&text: text, "last": 1}));
    }

    #[test]
    fn hcl_reads_strings_back(text in text()) {
        let written = hcl::string(&text);
        no_tricks(&written)?;
        let read: serde_json::Value = ::hcl::from_str(&format!("a = {written}\nb = 1\n")).unwrap();
        prop_assert_eq!(read, serde_json::json!({"a": text, "b": 1}));
    }

    #[test]
    fn markdown_stays_plain(text in text()) {
        for written in [markdown::text(&text), markdown::code(&text)] {
            no_tricks(&written)?;
            for document in [written.clone(), format!("- {written}\n"), format!("- x: {written} (y)\n")] {
                prop_assert_eq!(forbidden(&document), None, "{}", document);
            }
        }
        let cell = markdown::cell(&text);
        no_tricks(&cell)?;
        let document = format!("| a | b |\n| --- | --- |\n| {cell} | end |\n");
        prop_assert_eq!(forbidden(&document), None, "{}", document);
        let mut options = comrak::Options::default();
        options.extension.table = true;
        let html = comrak::markdown_to_html(&document, &options);
        prop_assert_eq!(cells(&html), 2, "{}", html);
        prop_assert!(html.contains("<td>end</td>"), "{}", html);
    }

    #[test]
    fn shlex_reads_quiet_words_back(text in text()) {
        let written = shell::quote(&text);
        no_tricks(&written)?;
        if !text.chars().any(is_tricky) {
            prop_assert_eq!(shlex::split(&written), Some(vec![text]));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn shells_preserve_every_byte(texts in vec(text(), 1..40)) {
        let texts: Vec<String> = texts.into_iter().map(|text| text.replace('\0', "")).collect();
        let words: Vec<String> = texts.iter().map(|text| shell::quote(text)).collect();
        for sh in shells() {
            prop_assert_eq!(&arguments(sh, &words), &texts, "{}", sh);
        }
    }
}

#[test]
fn every_piece_is_one_argument() {
    let texts: Vec<String> = PIECES.iter().map(|piece| piece.replace('\0', "")).collect();
    let words: Vec<String> = texts.iter().map(|text| shell::quote(text)).collect();
    for sh in shells() {
        assert_eq!(arguments(sh, &words), texts, "{sh}");
    }
}

#[test]
fn a_nul_character_ends_the_script() {
    let script = format!("/usr/bin/env printf %s {}", shell::quote("a\0b"));
    let output = Command::new("sh").args(["-c", &script]).output().unwrap();
    assert!(!output.status.success());
    assert_eq!(output.stdout, b"");
}

#[test]
fn operands_and_values_are_not_parsed_as_options() {
    assert_eq!(shell::operand("-o=yaml"), "-- -o=yaml");
    assert_eq!(shell::operand("a"), "a");
    assert_eq!(shell::option("--property", "--x=1"), "--property=--x=1");
    assert_eq!(shell::option("--property", "x=1"), "--property x=1");
}

#[test]
fn markdown_keeps_code_and_escapes_the_rest() {
    let html = |written: String| comrak::markdown_to_html(&written, &comrak::Options::default());
    assert_eq!(
        html(markdown::text("`a` is <b> & 1*2*3")),
        "<p><code>a</code> is &lt;b&gt; &amp; 1*2*3</p>\n"
    );
    assert_eq!(html(markdown::text("1. x")), "<p>1. x</p>\n");
    assert_eq!(html(markdown::text("# x")), "<p># x</p>\n");
    assert_eq!(html(markdown::text("a ` b")), "<p>a ` b</p>\n");
    assert_eq!(html(markdown::code("`` ` ``")), "<p><code>`` ` ``</code></p>\n");
}
