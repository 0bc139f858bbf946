//! Each fix can be followed: its question has a step for every answer, and its commands can be run as they are.

use scs_standards::{Fix, Way};

/// The beginnings of sentences that say what to do otherwise.
const OTHERWISE: [&str; 3] = ["Otherwise ", "otherwise ", "If "];

/// What is wrong with the words and commands of a fix.
pub(crate) fn faults(fix: &Fix) -> Vec<String> {
    let mut faults: Vec<String> = fix.ways().iter().filter_map(placeholder).collect();
    if let Fix::Choose { question, ways } = fix {
        if !question.contains('?') {
            faults.push(format!("asks nothing: {question}"));
        }
        if ways.len() == 1 && !OTHERWISE.iter().any(|words| question.contains(words)) {
            faults.push(format!("has no step for the other answer: {question}"));
        }
        if ways.len() > 1 && ways.iter().any(|way| way.when.is_none()) {
            faults.push(format!("has a way without an answer: {question}"));
        }
    }
    faults
}

/// A word in capitals that a shell would pass on as it is.
fn placeholder(way: &Way) -> Option<String> {
    /// Sections of configuration files, what descriptions say, and Neutron's word for the group of a default rule.
    const REAL: [&str; 3] = ["DEFAULT", "LUKS", "PARENT"];
    let mut is_quoted = false;
    let words = way.command.split(|letter: char| {
        is_quoted ^= letter == '\'';
        letter.is_whitespace() && !is_quoted
    });
    let mut values = words.flat_map(|word| word.split('=')).map(|value| value.trim_matches('\''));
    let is_placeholder = |value: &&str| {
        let letters = value.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
        value.len() > 1 && letters && !REAL.contains(value)
    };
    let found = values.find(is_placeholder)?;
    Some(format!("`{found}` in a command is a placeholder: {}", way.command))
}

#[test]
fn a_placeholder_and_an_open_question_are_found() {
    let label = "kubectl label node a topology.kubernetes.io/zone=";
    let asked = |command: &str, question: &str| faults(&Fix::choose(question, [Way::new(command, [])]));
    assert_eq!(asked(&format!("{label}az1"), "Is it? Otherwise correct the plan.").len(), 0);
    assert_eq!(asked(&format!("{label}ZONE"), "Is it? Otherwise correct the plan.").len(), 1);
    assert_eq!(asked(&format!("{label}az1"), "Is it?").len(), 1);
    assert_eq!(faults(&Fix::safe("openstack volume type set --public NAME", [])).len(), 1);
    let parent = "openstack default security group rule create --ingress --remote-group PARENT";
    assert_eq!(faults(&Fix::safe(parent, [])).len(), 0);
    assert_eq!(faults(&Fix::safe("openstack volume type set --description 'on LUKS or RBD' a", [])).len(), 0);
}
