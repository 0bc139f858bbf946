//! Checks the output of the commands on the front pages: `…` matches any lines, or the rest of a line.

#![cfg(unix)]

use std::path::Path;
use std::process::Command;

const PAGES: [&str; 4] = [
    include_str!("../../README.md"),
    include_str!("../../docs/operators.md"),
    include_str!("../../docs/flavors.md"),
    include_str!("../../scs-cli/README.md"),
];

/// The commands of a page, with the expected output.
fn commands(page: &'static str) -> Vec<(&'static str, Vec<&'static str>)> {
    let mut commands: Vec<(&str, Vec<&str>)> = Vec::new();
    for block in page.split("```console\n").skip(1) {
        for line in block.split("\n```").next().unwrap_or_default().lines() {
            match (line.strip_prefix("$ "), commands.last_mut()) {
                (Some(command), _) => commands.push((command, Vec::new())),
                (None, Some((_, output))) => output.push(line),
                (None, None) => assert!(line.is_empty(), "`{line}` is before the first command"),
            }
        }
    }
    commands
}

/// Whether the output matches the page.
fn matches(wanted: &[&str], printed: &[&str]) -> bool {
    match (wanted, printed) {
        ([], _) => printed.iter().all(|line| line.is_empty()),
        (["…", rest @ ..], _) => (0..=printed.len()).any(|skipped| matches(rest, &printed[skipped..])),
        ([line, rest @ ..], [first, others @ ..]) => {
            let same = match line.strip_suffix('…') {
                Some(begin) => first.starts_with(begin),
                None => line == first,
            };
            same && matches(rest, others)
        }
        (_, []) => false,
    }
}

#[test]
fn commands_print_what_the_pages_say() {
    let program = Path::new(env!("CARGO_BIN_EXE_decode_name")).with_file_name("scs");
    let commands: Vec<_> = PAGES.into_iter().flat_map(commands).collect();
    assert!(commands.len() > 10, "the pages have commands");
    if !program.is_file() {
        eprintln!("skipped: build the program first with `cargo build -p scs-cli`");
        return;
    }
    for (command, wanted) in commands {
        let command = format!("scs() {{ '{}' \"$@\"; }}; {command} 2>&1", program.display());
        let output = Command::new("sh")
            .args(["-c", &command])
            .env("NO_COLOR", "1")
            .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
            .output()
            .unwrap();
        let printed = String::from_utf8(output.stdout).unwrap();
        let lines: Vec<&str> = printed.lines().map(str::trim_end).collect();
        assert!(
            matches(&wanted, &lines),
            "{command}\nshould print\n{}\nbut prints\n{printed}",
            wanted.join("\n")
        );
    }
}
