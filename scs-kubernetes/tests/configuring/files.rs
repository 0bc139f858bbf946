//! Kubeconfig files and their syntax.

use crate::{SECRET, cluster, dir, kubeconfig, one, pem, read, set, shown};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use scs_kubernetes::{ConfigError, Environment, Kubeconfigs, Overrides};
use serde_json::json;
use std::fmt::Write as _;
use std::fs;

#[test]
fn the_first_file_that_defines_a_name_wins() {
    let first = kubeconfig("", &[("a", "k", "u")], &json!({"k": {"server": "https://first"}}), &json!({}));
    let second = kubeconfig(
        "b",
        &[("a", "other", "u"), ("b", "l", "u")],
        &json!({"k": {"server": "https://second"}, "l": {"server": "https://l"}}),
        &json!({"u": {"token": "t"}}),
    );
    let dir = dir(&[("1", &first), ("sub/2", &second)]);
    let all = read(&dir, "1::missing:sub/2", &Overrides::default()).unwrap();
    assert_eq!(all.contexts().collect::<Vec<_>>(), ["a", "b"]);
    // An empty `current-context` is not set.
    assert_eq!(all.current(), Some("b"));
    let a = all.cluster(Some("a")).unwrap();
    assert_eq!((a.server().as_str(), a.user(), a.context()), ("https://first", Some("u"), Some("a")));
    assert_eq!(a.place(), format!("{}, context `a`", dir.path().join("1").display()));
    assert_eq!(all.cluster(None).unwrap().server(), "https://l");
    assert_eq!(all.files(), [dir.path().join("1"), dir.path().join("sub/2")]);
    assert_eq!(all.missing(), [dir.path().join("missing")]);
}

#[test]
fn paths_are_relative_to_their_own_file() {
    let (certificate, key) = pem();
    let first = kubeconfig("c", &[("c", "k", "u")], &json!({}), &json!({}));
    let second = kubeconfig(
        "",
        &[],
        &json!({"k": {"server": "https://k", "certificate-authority": "pki/ca.crt"}}),
        &json!({"u": {"client-certificate": "pki/me.crt", "client-key": "pki/me.key", "tokenFile": "token"}}),
    );
    let files = [("1", first.as_str()), ("deep/2", &second), ("deep/pki/ca.crt", &certificate)];
    let complete = dir(&files);
    for (name, content) in [("me.crt", &certificate), ("me.key", &key)] {
        fs::write(complete.path().join("deep/pki").join(name), content).unwrap();
    }
    fs::write(complete.path().join("deep/token"), "t\n").unwrap();
    let all = read(&complete, "1:deep/2", &Overrides::default()).unwrap();
    assert_eq!(all.cluster(None).unwrap().server(), "https://k");

    let incomplete = dir(&files);
    let error = read(&incomplete, "1:deep/2", &Overrides::default()).unwrap().cluster(None).unwrap_err();
    assert_eq!(
        shown(&incomplete, &error),
        "cannot read deep/token (`tokenFile` of deep/2, user `u`): No such file or directory (os error 2)"
    );
}

#[test]
fn the_option_replaces_the_variable() {
    let text =
        |name: &str| kubeconfig(name, &[(name, "k", "")], &json!({"k": {"server": "https://k"}}), &json!({}));
    let dir = dir(&[("1", &text("one")), ("2", &text("two")), ("home/.kube/config", &text("home"))]);
    let home = dir.path().join("home").display().to_string();
    let names = |variable: &str, option: Option<&str>| {
        let overrides = set(|overrides| overrides.kubeconfig = option.map(Into::into));
        let environment = Environment::new(dir.path(), [("HOME", home.as_str()), ("KUBECONFIG", variable)]);
        let all = Kubeconfigs::read(&environment, &overrides).unwrap();
        assert!(all.missing().is_empty());
        all.contexts().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(names("1", Some("2")), ["two"]);
    assert_eq!(names("1", None), ["one"]);
    assert_eq!(names("", None), ["home"]);
    assert_eq!(names(":", None), ["home"]);
    let error = read(&dir, "1", &set(|overrides| overrides.kubeconfig = Some("3".into()))).unwrap_err();
    assert_eq!(shown(&dir, &error), "cannot read 3: No such file or directory (os error 2)");
}

#[test]
fn unreadable_files_are_not_skipped() {
    let dir = dir(&[("file", ""), ("folder/x", "")]);
    for (listed, expected) in [
        ("folder", "cannot read folder: Is a directory (os error 21)"),
        ("file/x", "cannot read file/x: Not a directory (os error 20)"),
    ] {
        let error = read(&dir, listed, &Overrides::default()).map(|all| all.cluster(None)).unwrap_err();
        assert_eq!(shown(&dir, &error), expected);
    }
}

#[test]
fn encodings_of_windows_are_read() {
    let text = one(&json!({"server": "https://k"}), &json!({}));
    let dir = dir(&[]);
    let little: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    for bytes in
        [little, [&[0xef, 0xbb, 0xbf], text.as_bytes()].concat(), text.replace('\n', "\r\n").into_bytes()]
    {
        fs::write(dir.path().join("config"), bytes).unwrap();
        let all = read(&dir, "config", &Overrides::default()).unwrap();
        assert_eq!(all.cluster(None).unwrap().server(), "https://k");
    }
    fs::write(dir.path().join("config"), [0xff, 0xfe, 0x00, 0xd8]).unwrap();
    let error = read(&dir, "config", &Overrides::default()).unwrap_err();
    assert_eq!(shown(&dir, &error), "config: not a kubeconfig: it is not text in UTF-8 or UTF-16");
}

#[test]
fn documents_of_one_file_are_merged() {
    let text = format!(
        "{}\n---\n{}\n",
        kubeconfig("c", &[("c", "k", "")], &json!({}), &json!({})),
        kubeconfig("d", &[], &json!({"k": {"server": "https://k"}}), &json!({}))
    );
    assert_eq!(cluster(&text).unwrap().server(), "https://k");
}

#[test]
fn messages_about_syntax_have_a_position_and_no_content() {
    for (text, expected) in [
        (SECRET.to_owned(), "line 1 column 1: expected mapping start"),
        (format!("users:\n- name: a\n  user: {SECRET}\n"), "line 3 column 9: expected mapping start"),
        (format!("users:\n- user: {{token: {SECRET}}}\n"), "line 2 column 3: missing field `name`"),
        (
            format!("users:\n- name: a\n  user: {{token: [{SECRET}]}}\n"),
            "line 3 column 17: expected string scalar",
        ),
        (format!("users:\n- name: a\n  user: {{token: \"{SECRET}}}\n"), "line 3 column 17: unclosed quote"),
        (
            format!("users:\n- name: a\n  user: {{token: a, token: {SECRET}}}\n"),
            "line 3 column 20: duplicate mapping key `token` is not allowed here",
        ),
        (
            format!("users:\n- name: a\n  user: {{{SECRET}: a, {SECRET}: b}}\n"),
            "line 3 column 33: duplicate mapping key `…` is not allowed here",
        ),
        (
            format!("users:\n- name: a\n  user: {{exec: {{interactiveMode: {SECRET}}}}}\n"),
            "line 3 column 34: unknown variant `…`, expected one of Never, IfAvailable, Always",
        ),
        (format!("kind: Secret\nstringData: {{a: {SECRET}}}\n"), "its `kind` is `Secret`, not `Config`"),
    ] {
        let dir = dir(&[("config", &text)]);
        let error = read(&dir, "config", &Overrides::default()).unwrap_err();
        assert_eq!(shown(&dir, &error), format!("config: not a kubeconfig: {expected}"));
    }
}

#[test]
fn documents_that_grow_are_refused() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..9 {
        let last = format!("*a{}", level - 1);
        writeln!(text, "a{level}: &a{level} [{}]", [last.as_str(); 9].join(", ")).unwrap();
    }
    assert!(matches!(cluster(&text), Err(ConfigError::Syntax { .. })));
    assert!(matches!(cluster(&"[".repeat(100_000)), Err(ConfigError::Syntax { .. })));
}

#[test]
fn changed_kubeconfigs_neither_panic_nor_disclose() {
    let user = json!({
        "token": SECRET, "password": SECRET, "client-key-data": STANDARD.encode(SECRET), "as": "me",
        "exec": {"command": "x", "apiVersion": "client.authentication.k8s.io/v1", "env": [{"name": "A", "value": SECRET}]},
    });
    let keys = json!({"server": "https://k:6443", "certificate-authority-data": STANDARD.encode(pem().0), "proxy-url": format!("http://me:{SECRET}@p")});
    let json = one(&keys, &user).into_bytes();
    let yaml = format!("contexts: [{{name: c, context: {{cluster: k, user: u}}}}]\ncurrent-context: c\nclusters:\n- name: k\n  cluster:\n    server: https://k\nusers:\n- name: u\n  user:\n    token: {SECRET}\n    username: u\n    password: {SECRET}\n").into_bytes();
    let mut random = fastrand::Rng::with_seed(17);
    let (mut errors, mut reads) = (0, 0);
    for text in [json, yaml] {
        for _ in 0..1_500 {
            let mut changed = text.clone();
            for _ in 0..random.usize(1..4) {
                let at = random.usize(..changed.len());
                match random.u8(..3) {
                    0 => changed[at] = *random.choice(b"\0\n\t \"'{}[]:,&*!-#%@/x").unwrap(),
                    1 if changed.len() > 8 => drop(changed.remove(at)),
                    _ => changed.truncate(at.max(8)),
                }
            }
            let dir = dir(&[]);
            fs::write(dir.path().join("config"), changed).unwrap();
            match read(&dir, "config", &Overrides::default()).and_then(|all| all.cluster(None)) {
                Ok(config) => {
                    reads += 1;
                    assert!(!format!("{config:?}").contains(SECRET));
                }
                Err(error) => {
                    errors += 1;
                    shown(&dir, &error);
                }
            }
        }
    }
    assert!(errors > 500 && reads > 50, "{errors} {reads}");
}
