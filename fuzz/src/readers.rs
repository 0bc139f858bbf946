//! The readers of all other inputs, and the writers that text must not be able to escape.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use scs_certificates::report::signature::{Revoked, Signers, verify};
use scs_iaas_policy::config::ConfigFiles;
use scs_iaas_policy::{Cloud, iaas_rules};
use scs_k8s_policy::{EndsOfLife, KubernetesFacts, Releases, forecast};
use scs_openstack::{Clouds, Environment};
use scs_registry::apply_edits;
use scs_registry::assembly::{Input, assemble};
use scs_standards::lint::{DocumentFolder, lint};
use scs_standards::written::{Comment, CommentedOut, is_tricky, markdown, shell, visible, yaml};
use scs_standards::{Context, Declarations, Edit, Given, Profile, Verdict};
use serde_json::{Value, json};

/// Reading releases and end-of-life dates: never panics, entries are in order, and facts cut off at a day have nothing later.
///
/// # Panics
///
/// If one of these guarantees is broken.
pub fn read_facts(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    if let Ok(ends) = text.parse::<EndsOfLife>() {
        assert!(ends.iter().map(|(branch, _)| branch).is_sorted());
    }
    let Ok(releases) = text.parse::<Releases>() else { return };
    let Ok(at) = "2026-11-24T00:00:00Z".parse::<Timestamp>() else { return };
    assert!(releases.until(at).all().iter().all(|release| release.published_at <= at));
    let facts = KubernetesFacts::embedded().clone().with_releases(releases);
    for at in [Timestamp::MIN, at, Timestamp::MAX] {
        let _ = forecast(&facts, &[], at);
    }
}

/// Reading a `clouds.yaml`: never panics for any cloud and region.
///
/// # Panics
///
/// If one of these guarantees is broken.
pub fn read_clouds(input: &[u8]) {
    let Ok(directory) = tempfile::tempdir() else { return };
    if std::fs::write(directory.path().join("clouds.yaml"), input).is_err() {
        return;
    }
    let Ok(clouds) = Clouds::read(&Environment::new(directory.path(), [("HOME", "/nowhere")])) else {
        return;
    };
    let names: Vec<String> = clouds.names().map(str::to_owned).collect();
    for name in names.iter().map(|name| Some(name.as_str())).chain([None, Some("none")]) {
        let regions = clouds.regions(name).unwrap_or_default();
        for region in regions.iter().map(|region| Some(region.as_str())).chain([None, Some("none")]) {
            let _ = clouds.cloud(name, region).map(|cloud| format!("{cloud:?}"));
        }
    }
}

/// Linting a document: never panics, and everything except PASS has a finding.
///
/// # Panics
///
/// If one of these guarantees is broken.
pub fn read_document(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let folder = DocumentFolder::new([("scs-0999-v1-example.md".to_owned(), text.to_owned())]);
    let declarations = Declarations::default();
    for profile in Profile::ALL {
        let context = Context { at: Timestamp::UNIX_EPOCH, profile, declarations: &declarations };
        for answer in lint(&folder, &context) {
            assert!(answer.verdict == Verdict::Pass || !answer.findings.is_empty(), "{}", answer.rule);
        }
    }
}

/// Reading signatures, allowed signers and revoked keys: never panics, and no text verifies as a signature of something else.
///
/// # Panics
///
/// If one of these guarantees is broken.
pub fn read_signature(input: &[u8]) {
    let revoked = Revoked::read(input);
    assert!(revoked.as_ref().map_or_else(|error| !error.to_string().is_empty(), |_| true));
    let Ok(text) = std::str::from_utf8(input) else { return };
    let keys = [Signers::from_file(text, &TimeZone::UTC), Signers::from_key(text), Signers::from_key(KEY)];
    for signers in keys.into_iter().flatten() {
        assert!(verify(b"a report that nobody signed", text, &signers, None, Timestamp::UNIX_EPOCH).is_err());
    }
}

/// A public key without a private key.
const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl nobody";

/// Reading declarations: never panics, and a declaration in force answers the question.
///
/// # Panics
///
/// If one of these guarantees is broken.
pub fn read_declarations(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let Ok(entries) = serde_json::from_str::<Value>(text) else { return };
    let document = json!({"kind": "cloud", "flavors": [], "declarations": entries}).to_string();
    let Ok(inventory) = document.parse::<scs_registry::Inventory>() else { return };
    for declaration in inventory.declarations().iter() {
        assert!(!declaration.to_string().is_empty());
    }
    assert!(inventory.declarations().unusable().all(|entry| !entry.to_string().is_empty()));
}

/// Reading the configuration of services from several files: never panics, and everything except PASS has a reason.
///
/// # Panics
///
/// If one of these guarantees is broken.
pub fn read_config(input: &[u8]) {
    const PATHS: [&str; 5] = [
        "/etc/nova/nova.conf",
        "/etc/nova/nova.conf.d/50.conf",
        "/etc/keystone/keystone.conf",
        "/etc/keystone/policy.d/10.yaml",
        "/etc/barbican/barbican.conf",
    ];
    let Ok(text) = std::str::from_utf8(input) else { return };
    let files: BTreeMap<&str, &str> =
        PATHS.into_iter().zip(text.split("\n---\n").chain(std::iter::repeat(text))).collect();
    let files = json!(files).to_string();
    let Ok(read) = ConfigFiles::read(&files) else { return };
    assert_eq!(read.paths().count(), PATHS.len(), "no file is dropped");
    cloud("config_files", &files);
}

/// Reading scans of ports and of TLS: never panics, and everything except PASS has a reason.
///
/// # Panics
///
/// If one of these guarantees is broken.
pub fn read_scan(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let quoted = Value::from(text).to_string();
    for part in [text, &quoted] {
        if serde_json::from_str::<Value>(part).is_ok() {
            super::cluster("port_scan", part, &[217]);
            cloud("tls_scan", part);
        }
    }
}

/// Checks a cloud with only one part.
fn cloud(part: &str, json: &str) {
    let services = r#"[{"type": "compute"}, {"type": "identity"}, {"type": "key-manager"}]"#;
    let cloud = Cloud::read(|name| match name {
        "services" if part != name => Given::Data(services),
        name if name == part => Given::Data(json),
        _ => Given::Missing,
    });
    let declarations = Declarations::default();
    let context = Context { at: Timestamp::UNIX_EPOCH, profile: Profile::Text, declarations: &declarations };
    for rule in iaas_rules() {
        let answer = rule.answer(&cloud, &context);
        assert!(answer.verdict == Verdict::Pass || !answer.findings.is_empty(), "{}", answer.rule);
    }
}

/// Assembling inputs: never panics, and an inventory names its inputs.
///
/// # Panics
///
/// If one of these guarantees is broken.
pub fn read_parts(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let inputs =
        text.split("\n===\n").enumerate().map(|(number, text)| Input::new(format!("{number}.json"), text));
    match assemble(inputs) {
        Ok(assembled) => assert!(assembled.iter().all(|one| !one.inputs.is_empty())),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

/// Applying edits to an inventory: never panics, and the new values are set.
///
/// # Panics
///
/// If one of these guarantees is broken.
pub fn apply(input: &[u8]) {
    let Ok((mut inventory, edits)) = serde_json::from_slice::<(Value, Vec<Edit>)>(input) else { return };
    for edit in &edits {
        if let Err(error) = apply_edits(&mut inventory, std::slice::from_ref(edit)) {
            assert!(!error.to_string().is_empty());
        }
    }
}

/// Embedding any text in machine-readable output: it is read back unchanged, and cannot escape a comment, word or cell.
///
/// # Panics
///
/// If one of these guarantees is broken.
pub fn write_texts(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let comment = Comment(text).to_string();
    assert_eq!(comment.lines().count().max(1), 1, "a comment is one line: {comment:?}");
    assert!(!comment.contains(is_tricky), "{comment:?}");
    assert!(CommentedOut(text).to_string().lines().all(|line| line.starts_with('#')));
    assert!(!visible(text).contains(|sign: char| is_tricky(sign)), "{text:?}");
    if !text.contains(is_tricky) {
        assert_eq!(shlex_words(&shell::operand(text)), [text.to_owned()], "{text:?}");
    }
    let scalar = yaml::scalar(text);
    assert!(!scalar.contains('\n'), "{scalar:?}");
    let cell = markdown::cell(text);
    let document = format!("| a | b |\n| --- | --- |\n| {cell} | end |\n");
    let html = html_of(&document);
    let mut tags = html.split('<').skip(1).filter_map(|tag| tag.split('>').next());
    let of_table = ["table", "thead", "tbody", "tr", "th", "td", "code"];
    assert!(tags.all(|tag| of_table.contains(&tag.trim_start_matches('/'))), "{cell:?}: {html}");
    assert!(html.matches("<td>").count() == 2 && html.contains("<td>end</td>"), "{cell:?}: {html}");
}

/// A Markdown document as rendered, including tags in the text.
fn html_of(document: &str) -> String {
    let mut options = comrak::Options::default();
    options.extension.autolink = true;
    options.extension.table = true;
    options.render.r#unsafe = true;
    comrak::markdown_to_html(document, &options)
}

/// The words of a line as a shell splits it, without a leading `--`.
fn shlex_words(line: &str) -> Vec<String> {
    let words = shlex::split(line).unwrap_or_default();
    if words.len() > 1 && words[0] == "--" { words[1..].to_vec() } else { words }
}
