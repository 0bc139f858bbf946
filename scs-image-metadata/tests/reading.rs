//! Reading of images; unreadable entries never count as absent.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

use std::fmt::Write;

use scs_image_metadata::{IMAGE_DOCUMENTS, ImageFormat, ImageList, ImageSet, image_rules};
use scs_standards::listed::{ListKind, ReadListError};
use scs_standards::subject::{Image, ImageKey};
use scs_standards::{Answer, Context, Declaration, Declarations, DeclaredValue, Profile, Verdict};
use serde_json::{Value, json};

fn answer(rule: &str, set: &ImageSet) -> Answer {
    answer_with(rule, set, &Declarations::default())
}

fn answer_with(rule: &str, set: &ImageSet, declarations: &Declarations) -> Answer {
    let rule =
        IMAGE_DOCUMENTS.into_iter().flat_map(image_rules).find(|known| known.id == rule).expect("a rule");
    let at = "2026-11-24T00:00:00Z".parse().expect("a time");
    rule.answer(set, &Context { at, profile: Profile::Text, declarations })
}

fn list(images: &[Value]) -> ImageList {
    json!({ "images": images }).to_string().parse().expect("images")
}

#[test]
fn several_documents_are_one_list() {
    let show = |name: &str| {
        format!(
            "{{\n \"name\": \"{name}\",\n \"properties\": {{\"min_disk\": 8, \"os_distro\": \"debian\"}}\n}}\n"
        )
    };
    let text = format!("{}{}", show("Debian 12"), show("Debian 13"));
    let list: ImageList = text.parse().expect("images");
    assert_eq!((list.images.len(), list.broken.len(), list.format), (2, 0, ImageFormat::Show));
    assert_eq!(list.images[1].1.text(ImageKey::OsDistro), Some("debian"));
    // On one line, and lists.
    let list: ImageList =
        r#"{"name": "a"} {"images": [{"name": "b"}]}[{"name": "c"}]"#.parse().expect("images");
    assert_eq!(list.images.len(), 3);
    // Truncated text and other values are reported.
    let list: ImageList = format!("{}{{\"name\": ", show("a")).parse().expect("images");
    assert_eq!((list.images.len(), list.broken.len()), (1, 1));
    let list: ImageList = format!("{}{{\"nothing\": 1}}", show("a")).parse().expect("images");
    assert_eq!((list.images.len(), list.broken.len()), (1, 1));
    // YAML documents.
    let list: ImageList = "images: [{name: a}]\n---\nimages: [{name: b}]\n".parse().expect("images");
    assert_eq!(list.images.len(), 2);
}

#[test]
fn other_things_are_not_images() {
    for (text, kind) in [
        (
            r#"[{"ID": "1", "Name": "SCS-2V-4", "RAM": 4096, "Disk": 0, "VCPUs": 2, "Is Public": true}]"#,
            ListKind::Flavors,
        ),
        (r#"{"flavors": [{"id": "1", "name": "SCS-2V-4", "vcpus": 2, "ram": 4096}]}"#, ListKind::Flavors),
        (
            r#"[{"id": "1", "name": "SCS-2V-4", "vcpus": 2, "ram": 4096, "properties": {}}]"#,
            ListKind::Flavors,
        ),
        (r#"{"name": "SCS-2V-4", "vcpus": 2, "ram": 4096}"#, ListKind::Flavors),
        (r#"{"volume_types": [{"name": "LUKS"}]}"#, ListKind::VolumeTypes),
        (r#"[{"name": "LUKS", "extra_specs": {}, "is_public": true}]"#, ListKind::VolumeTypes),
        (r#"[{"Name": "nova", "Type": "compute", "Endpoints": []}]"#, ListKind::Services),
        (r#"[{"name": "public", "router:external": true}]"#, ListKind::Networks),
        (r#"{"apiVersion": "v1", "kind": "List", "items": []}"#, ListKind::Kubernetes),
        (
            r#"{"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n"}, "status": {}}"#,
            ListKind::Kubernetes,
        ),
        ("- { name: SCS-2V-4, vcpus: 2, ram: 4096 }\n", ListKind::Flavors),
    ] {
        assert_eq!(
            text.parse::<ImageList>(),
            Err(ReadListError::OtherKind { expected: ListKind::Images, found: kind }),
            "{text}"
        );
    }
    // Among images, they are unreadable entries.
    let list: ImageList =
        r#"[{"name": "Debian 12"}, {"name": "SCS-2V-4", "vcpus": 2}]"#.parse().expect("images");
    assert_eq!((list.images.len(), list.broken.len()), (1, 1));
}

#[test]
fn an_unreadable_entry_may_be_the_missing_image() {
    let old = json!({"id": "1", "name": "Debian 12", "image_build_date": "2026-01-20", "replace_frequency": "monthly", "provided_until": "2027-12-31"});
    let broken = ImageSet::from(list(&[old.clone(), json!(7)]));
    for rule in [
        "scs-0104-image-ubuntu-2404",
        "scs-0102-image-recency",
        "scs-0104-v2-ubuntu-latest",
        "scs-0104-v2-capi-present",
    ] {
        let answer = answer(rule, &broken);
        assert_eq!(answer.verdict, Verdict::Dnf, "{rule}: {answer:#?}");
    }
    // An image that may be the unreadable one does not count as removed.
    let promised = json!({"id": "2", "name": "Debian 12", "uuid_validity": "forever"});
    let earlier = || list(std::slice::from_ref(&promised));
    let gone = |images: &[Value]| {
        answer("scs-0102-uuid-until", &ImageSet::from(list(images)).with_earlier(earlier())).verdict
    };
    assert_eq!(gone(std::slice::from_ref(&old)), Verdict::Fail);
    assert_eq!(gone(&[old.clone(), json!(7)]), Verdict::Dnf);
    let half = ImageSet::from(list(&[old.clone(), promised.clone()]))
        .with_earlier(list(&[promised.clone(), json!(7)]));
    assert_eq!(answer("scs-0102-uuid-until", &half).verdict, Verdict::Dnf);
}

#[test]
fn unusable_images_count_as_missing() {
    let promised = |validity: &str| json!({"id": "2", "name": "Debian 12", "visibility": "public", "status": "active", "uuid_validity": validity, "image_build_date": "2026-10-01"});
    let now = |beside: Value| {
        let mut image =
            json!({"id": "2", "name": "x", "visibility": "public", "status": "active", "os_hidden": true});
        image.as_object_mut().expect("an object").extend(beside.as_object().expect("an object").clone());
        image
    };
    for (beside, verdict) in [
        (json!({}), Verdict::Pass),
        (json!({"visibility": "community"}), Verdict::Pass),
        (json!({"status": "deactivated"}), Verdict::Fail),
        (json!({"status": "queued"}), Verdict::Fail),
        (json!({"visibility": "private"}), Verdict::Fail),
        (json!({"visibility": "shared"}), Verdict::Fail),
    ] {
        for (rule, validity) in [
            ("scs-0102-uuid-until", "forever"),
            ("scs-0102-uuid-until", "2027-01-01"),
            ("scs-0102-last-n", "last-1"),
        ] {
            let set = ImageSet::from(list(&[now(beside.clone())])).with_earlier(list(&[promised(validity)]));
            assert_eq!(answer(rule, &set).verdict, verdict, "{rule} {validity} {beside}");
        }
    }
    // Nor does it replace another one.
    let old = json!({"id": "1", "name": "Debian 12", "image_build_date": "2026-01-20", "replace_frequency": "monthly", "provided_until": "2027-12-31", "status": "active"});
    for (status, verdict) in
        [("active", Verdict::Pass), ("queued", Verdict::Fail), ("deactivated", Verdict::Fail)]
    {
        let new = json!({"id": "2", "name": "Debian 12", "image_build_date": "2026-11-20", "replace_frequency": "monthly", "provided_until": "2027-12-31", "status": status});
        let set = ImageSet::from(list(&[old.clone(), new]));
        assert_eq!(answer("scs-0102-image-recency", &set).verdict, verdict, "{status}");
    }
}

#[test]
fn upload_roles_must_be_roles() {
    let set = ImageSet::from(list(&[]));
    for (roles, verdict) in [
        (json!(["member"]), Verdict::Pass),
        (json!(["admin", "member"]), Verdict::Pass),
        (json!("image_uploader"), Verdict::Dnf),
        (json!("rule:admin"), Verdict::Dnf),
        (json!(["_member_"]), Verdict::Pass),
        (json!(["admin"]), Verdict::Fail),
        (json!(["Admin"]), Verdict::Fail),
        (json!(["none"]), Verdict::Dnf),
        (json!(["nobody"]), Verdict::Dnf),
        (json!("no one"), Verdict::Dnf),
        (json!("none at all"), Verdict::Dnf),
        (json!(["member", "none"]), Verdict::Dnf),
        (json!([" "]), Verdict::Dnf),
        (json!([]), Verdict::Dnf),
    ] {
        let declaration = Declaration {
            rule: "scs-0104-upload".to_owned(),
            value: serde_json::from_value::<DeclaredValue>(roles.clone()).expect("a value"),
            subjects: Vec::new(),
            statement: None,
            document: None,
            date: "2026-10-01".parse().expect("a day"),
            valid_until: "2026-12-31".parse().expect("a day"),
            responsible: None,
        };
        let declarations = Declarations::new(vec![declaration]);
        assert_eq!(answer_with("scs-0104-upload", &set, &declarations).verdict, verdict, "{roles}");
    }
}

#[test]
fn names_follow_the_standard() {
    for (name, verdict) in [
        ("Ubuntu 24.04", Verdict::Pass),
        ("Ubuntu 24.04 Minimal", Verdict::Pass),
        ("Ubuntu 24.04 20261101", Verdict::Pass),
        ("ubuntu-24.04", Verdict::Fail),
        ("ubuntu 24.04", Verdict::Fail),
        ("Ubuntu-24.04", Verdict::Fail),
        ("Ubuntu_24.04", Verdict::Fail),
        ("  ", Verdict::Fail),
    ] {
        let image =
            json!({"name": name, "os_distro": "ubuntu", "os_version": "24.04", "os_purpose": "generic"});
        assert_eq!(answer("scs-0102-naming", &ImageSet::from(list(&[image]))).verdict, verdict, "{name}");
    }
}

#[test]
fn a_list_may_only_become_narrower() {
    let file = |scheme: &str| {
        format!("images: [{{name: capi, name_scheme: '{scheme}', source: https://a.example.org/}}]")
    };
    for (before, after, breaks) in [
        ("ubuntu-capi-image( |-)v[0-9]", "ubuntu-capi-image-v[0-9]", false),
        ("ubuntu-capi-image-v[0-9]", "ubuntu-capi-image( |-)v[0-9]", true),
    ] {
        let read = |text: &str| file(text).parse::<scs_image_metadata::Specification>().expect("a list");
        assert_eq!(!read(after).breaks(&read(before)).is_empty(), breaks, "{after} after {before}");
    }
}

#[test]
fn images_may_have_many_properties() {
    let mut text = String::from("{\"images\": [{\"name\": \"Debian 12\"");
    for number in 0..200_000 {
        // Writing to a string cannot fail.
        let _ = write!(text, ", \"p{number}\": 1");
    }
    text.push_str("}]}");
    let list: ImageList = text.parse().expect("an image");
    assert_eq!(list.images.len(), 1);
}

#[test]
fn sets_of_images_are_created_from_images() {
    let images: Vec<Image> = list(&[json!({"name": "Debian 12"}), json!({"name": "Debian 13"})])
        .images
        .into_iter()
        .map(|(_, image)| image)
        .collect();
    let names =
        |set: &ImageSet| set.images().iter().map(scs_image_metadata::CheckedImage::label).collect::<Vec<_>>();
    for set in [ImageSet::from(images.clone()), images.clone().into_iter().collect()] {
        assert_eq!(names(&set), ["Debian 12", "Debian 13"]);
        assert!(set.broken().is_empty());
    }
    let set = ImageSet::from(images).with_broken(vec!["image 3: a string, not an object".to_owned()]);
    assert_eq!(set.broken().len(), 1);
}

#[test]
fn lists_are_written_with_their_problems() {
    let list: ImageList =
        r#"{"images": [{"name": "Debian 13", "min_disk": 8}, 7], "next": "/v2/images?marker=1"}"#
            .parse()
            .expect("images");
    let written = serde_json::to_value(&list).expect("JSON");
    assert_eq!(
        written,
        json!({
            "format": "Glance's API",
            "images": [{"name": "Debian 13", "min_disk": 8}],
            "broken": ["image 2 (line 1): a number, not an object"],
            "incomplete": "the list is incomplete: it continues on another page (`next`)",
            "notices": list.notices,
        })
    );
    let again: ImageList = written.to_string().parse().expect("images");
    assert_eq!(
        again.images.iter().map(|(_, image)| image).collect::<Vec<_>>(),
        list.images.iter().map(|(_, image)| image).collect::<Vec<_>>()
    );
}
