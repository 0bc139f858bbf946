//! `console` blocks: commands with their output. `…` matches any lines, or the rest of a line.

use crate::pages::{Block, PAGES, blocks, root};
use crate::sandbox::Sandbox;

/// The commands of a block, with the expected output.
fn commands(block: &Block) -> Vec<(&str, Vec<&str>)> {
    let mut commands: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in block.code.lines() {
        match (line.strip_prefix("$ "), commands.last_mut()) {
            (Some(command), _) => commands.push((command, Vec::new())),
            (None, Some((_, output))) => output.push(line),
            (None, None) => assert!(line.is_empty(), "{}: `{line}` is before the first command", block.place),
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
fn commands_print_what_the_pages_show() {
    let sandbox = Sandbox::empty();
    let mut count = 0;
    for block in PAGES.into_iter().flat_map(|page| blocks(page, "console")) {
        for (command, wanted) in commands(&block) {
            count += 1;
            let output = sandbox
                .command("sh")
                .args(["-c", &format!("{{ {command}\n}} 2>&1")])
                .current_dir(root())
                .output()
                .unwrap();
            let printed = String::from_utf8(output.stdout).unwrap();
            let lines: Vec<&str> = printed.lines().map(str::trim_end).collect();
            assert!(
                matches(&wanted, &lines),
                "{}: {command}\nshould print\n{}\nbut prints\n{printed}",
                block.place,
                wanted.join("\n")
            );
        }
    }
    assert!(count > 10, "the pages have commands");
}
