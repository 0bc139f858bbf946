//! Repairs of images make no unknown claims, lose nothing, and fix their findings.

#![expect(clippy::expect_used, clippy::panic, reason = "helpers of tests fail as tests do")]

use scs_image_metadata::{
    ImageList, ImageOptions, ImageRepairOptions, ImageSet, check_images, repair_images,
};
use scs_standards::{
    Answer, Applicability, Context, Data, Declarations, DocumentId, Edit, Finding, Fix, Profile, Verdict,
};
use serde_json::{Value, json};

const V1: [DocumentId; 2] = [DocumentId::version(102, 1), DocumentId::version(104, 1)];
const V2: [DocumentId; 2] = [DocumentId::version(102, 2), DocumentId::version(104, 2)];

fn image(own: &Value) -> Value {
    let mut image = json!({
        "id": "i1", "name": "Debian 12", "visibility": "public", "os_hidden": false, "status": "active",
        "disk_format": "qcow2", "size": 2_147_483_648_u64, "virtual_size": 3_758_096_384_u64, "min_disk": 8, "min_ram": 512,
        "created_at": "2026-11-21T03:00:00Z", "tags": ["os:debian", "managed_by_example"],
        "os_hash_algo": "sha256", "os_hash_value": "0".repeat(64), "architecture": "x86_64",
        "os_distro": "debian", "os_version": "12", "os_purpose": "generic",
        "hw_disk_bus": "scsi", "hw_scsi_model": "virtio-scsi", "hypervisor_type": "qemu",
        "image_build_date": "2026-11-20", "image_original_user": "debian",
        "image_source": "https://cloud.debian.org/images/cloud/bookworm/latest/x.qcow2",
        "image_description": "https://cloud.debian.org/images/cloud/bookworm/",
        "replace_frequency": "monthly", "provided_until": "2027-12-31", "uuid_validity": "last-3",
    });
    let fields = image.as_object_mut().expect("an object");
    for (key, value) in own.as_object().expect("an object") {
        if value == "absent" {
            fields.remove(key);
        } else {
            fields.insert(key.clone(), value.clone());
        }
    }
    image
}

fn set(images: &[Value]) -> ImageSet {
    let images: Vec<Value> = images.iter().map(image).collect();
    ImageSet::from(json!({ "images": images }).to_string().parse::<ImageList>().expect("images"))
}

fn with_context<T>(ask: impl FnOnce(&Context<'_>) -> T) -> T {
    let declarations = Declarations::default();
    let at = "2026-11-24T00:00:00Z".parse().expect("a time");
    ask(&Context { at, profile: Profile::Text, declarations: &declarations })
}

fn answers(set: &ImageSet, documents: &[DocumentId]) -> Vec<Answer> {
    with_context(|context| check_images(set, context, documents))
}

fn findings(images: &[Value], documents: &[DocumentId], rule: &str) -> Vec<Finding> {
    let answers = answers(&set(images), documents);
    answers.into_iter().flat_map(|answer| answer.findings).filter(|finding| finding.rule == rule).collect()
}

/// The repair of the first finding of a rule.
fn repair(rule: &str, own: &Value) -> Fix {
    let findings = findings(std::slice::from_ref(own), &V1, rule);
    findings
        .into_iter()
        .find_map(|finding| finding.fix)
        .unwrap_or_else(|| panic!("{rule} repairs nothing of {own}"))
}

fn sets(fix: &Fix) -> Vec<(String, Data)> {
    let edits = fix.active().map_or(&[][..], |way| way.edits.as_slice());
    edits
        .iter()
        .map(|edit| match edit {
            Edit::Set { path, value, .. } => (path.join("."), value.clone()),
            other => panic!("{other:?}"),
        })
        .collect()
}

#[test]
fn commitments_are_corrected_and_not_truncated() {
    for given in ["Last-3", "last-3 ", "LAST-3", "last 3", "last_3", "last3", "last-03"] {
        let fix = repair("scs-0102-prop-uuid_validity", &json!({"uuid_validity": given}));
        assert_eq!(sets(&fix), [("uuid_validity".to_owned(), Data::from("last-3"))], "{given}");
    }
    for given in ["last-0", "foreverr"] {
        let fix = repair("scs-0102-prop-uuid_validity", &json!({"uuid_validity": given}));
        assert_eq!(fix.applicability(), Applicability::Choose, "{given}");
    }
    for given in ["last-", "last-n", "lastly"] {
        let findings = findings(&[json!({"uuid_validity": given})], &V1, "scs-0102-prop-uuid_validity");
        assert!(findings.iter().all(|finding| finding.fix.is_none()), "{given}: {findings:#?}");
    }
}

#[test]
fn min_disk_covers_the_virtual_size() {
    let rule = "scs-0102-prop-min_disk";
    for (own, disk) in [
        (json!({"min_disk": 0}), 4),
        (json!({"min_disk": 1}), 4),
        (json!({"min_disk": 3}), 4),
        (json!({"min_disk": "absent"}), 4),
        // The intended value is kept if it is large enough.
        (json!({"min_disk": "8GB"}), 8),
        (json!({"min_disk": "8 GiB"}), 8),
        (json!({"min_disk": "1GB"}), 4),
        (json!({"min_disk": 0, "disk_format": "raw", "virtual_size": null}), 2),
        (json!({"min_disk": "8GB", "virtual_size": null}), 8),
        (json!({"min_disk": 99_999_999}), 4),
    ] {
        assert_eq!(sets(&repair(rule, &own)), [("min_disk".to_owned(), Data::Number(disk))], "{own}");
    }
    // The size of a compressed file does not determine the disk.
    for own in
        [json!({"min_disk": 0, "virtual_size": null}), json!({"min_disk": 1, "virtual_size": "absent"})]
    {
        let fix = repair(rule, &own);
        assert_eq!(fix.applicability(), Applicability::Choose, "{own}");
        assert_eq!(fix.command(), Some("openstack image set --min-disk 2 i1"), "{own}");
    }
    assert!(findings(&[json!({"min_disk": 4})], &V1, rule).is_empty());
    let unreadable = findings(&[json!({"virtual_size": "big"})], &V1, rule);
    assert_eq!(unreadable[0].result, Verdict::Dnf);
}

#[test]
fn device_changes_are_choices() {
    for (rule, own) in [
        ("scs-0102-prop-hw_disk_bus", json!({"hw_disk_bus": "absent"})),
        ("scs-0102-prop-hw_disk_bus", json!({"hw_disk_bus": "virtio-scsi"})),
        ("scs-0102-prop-hw_disk_bus", json!({"hw_disk_bus": "SCSI"})),
        ("scs-0102-prop-hw_scsi_model", json!({"hw_scsi_model": "absent"})),
        ("scs-0102-prop-hw_firmware_type", json!({"hw_firmware_type": "efi"})),
        ("scs-0102-prop-hw_firmware_type", json!({"os_secure_boot": "required"})),
        ("scs-0102-prop-os_secure_boot", json!({"os_secure_boot": "true"})),
        ("scs-0102-prop-hw_mem_encryption", json!({"hw_mem_encryption": "true"})),
        ("scs-0102-trait", json!({"trait:HW_CPU_X86_AVX2": "yes"})),
        // A name and a property that disagree: one of them is wrong.
        ("scs-0102-naming", json!({"os_distro": "ubuntu", "os_version": "24.04"})),
        ("scs-0102-prop-os_distro", json!({"os_distro": "Ubuntu"})),
        ("scs-0102-old-image", json!({"name": "Debian 12 20261001"})),
        // A custom image may have a different user.
        (
            "scs-0102-prop-image_original_user",
            json!({"image_original_user": "absent", "image_source": "private"}),
        ),
        ("scs-0102-prop-replace_frequency", json!({"replace_frequency": "montly"})),
    ] {
        let fix = repair(rule, &own);
        assert_eq!(fix.applicability(), Applicability::Choose, "{rule} of {own}: {fix:#?}");
        assert!(fix.active().is_none());
    }
    // Floppy disks and SATA are valid and not changed.
    for bus in ["sata", "fdc"] {
        let findings = findings(&[json!({"hw_disk_bus": bus})], &V1, "scs-0102-prop-hw_disk_bus");
        assert!(
            findings.iter().all(|finding| finding.result == Verdict::Pass && finding.fix.is_none()),
            "{findings:#?}"
        );
    }
}

#[test]
fn misspelled_values_are_corrected() {
    for (rule, own, property, value) in [
        ("scs-0102-prop-architecture", json!({"architecture": "amd64"}), "architecture", "x86_64"),
        ("scs-0102-prop-hypervisor_type", json!({"hypervisor_type": "kvm"}), "hypervisor_type", "qemu"),
        (
            "scs-0102-prop-replace_frequency",
            json!({"replace_frequency": "Monthly "}),
            "replace_frequency",
            "monthly",
        ),
        (
            "scs-0102-prop-provided_until",
            json!({"provided_until": "2027-1-5"}),
            "provided_until",
            "2027-01-05",
        ),
        ("scs-0102-prop-os_distro", json!({"os_distro": "Debian"}), "os_distro", "debian"),
        ("scs-0102-prop-os_distro", json!({"os_distro": "absent"}), "os_distro", "debian"),
        ("scs-0102-prop-os_version", json!({"os_version": "absent"}), "os_version", "12"),
        (
            "scs-0102-prop-image_original_user",
            json!({"image_original_user": "absent"}),
            "image_original_user",
            "debian",
        ),
    ] {
        assert_eq!(sets(&repair(rule, &own)), [(property.to_owned(), Data::from(value))], "{own}");
    }
    // A tag is added to the existing ones.
    let tag = repair("scs-0102-tag-os", &json!({"tags": ["managed_by_example", "mine"]}));
    let tags = ["managed_by_example", "mine", "os:debian"].map(Data::from).to_vec();
    assert_eq!(sets(&tag), [("tags".to_owned(), Data::List(tags))]);
}

#[test]
fn repairs_do_not_create_a_second_generic_image() {
    // Both would be generic images of Debian 12.
    let images = [json!({}), json!({"id": "i2", "name": "Debian 12 lts", "os_distro": "absent"})];
    let fix = findings(&images, &V1, "scs-0102-prop-os_distro").remove(0).fix.expect("a repair");
    assert_eq!(fix.applicability(), Applicability::Choose);
    let images = [json!({"os_purpose": "absent"}), json!({"id": "i2", "os_purpose": "absent"})];
    for finding in findings(&images, &V1, "scs-0102-prop-os_purpose") {
        assert_eq!(finding.fix.expect("a repair").applicability(), Applicability::Choose);
    }
    // A distribution that is not in OpenStack's list leads to another warning, which the question mentions.
    let images = [
        json!({"os_distro": "centos", "os_version": "9", "name": "AlmaLinux 9"}),
        json!({"id": "i2", "os_distro": "centos", "os_version": "9", "name": "CentOS Stream 9"}),
    ];
    let collisions = findings(&images, &V1, "scs-0102-os_purpose-uniqueness");
    let alma = collisions.iter().find(|finding| finding.subject == "AlmaLinux 9").expect("a collision");
    let fix = alma.fix.as_ref().expect("a repair");
    assert_eq!((fix.applicability(), fix.ways().len()), (Applicability::Choose, 2));
    assert!(fix.words().is_some_and(|words| words.contains("not in OpenStack's list")), "{fix:#?}");
}

#[test]
fn repairs_that_reveal_findings_are_choices() {
    for (rule, own) in [
        // Red Hat Enterprise Linux needs a license, and the image does not say who provides it.
        (
            "scs-0102-prop-os_distro",
            json!({"name": "RHEL 9", "os_distro": "absent", "os_version": "9", "tags": ["os:rhel"]}),
        ),
        // The name does not contain the distribution.
        ("scs-0102-prop-os_distro", json!({"name": "golden", "os_distro": "Debian"})),
        // A lower frequency than recommended.
        ("scs-0102-prop-replace_frequency", json!({"replace_frequency": "Yearly"})),
        (
            "scs-0102-prop-provided_until",
            json!({"provided_until": "2027-1-5", "uuid_validity": "2026-12-31"}),
        ),
        ("scs-0102-prop-uuid_validity", json!({"uuid_validity": "2026-12-1"})),
    ] {
        let fix = repair(rule, &own);
        assert_eq!(fix.applicability(), Applicability::Choose, "{rule} of {own}: {fix:#?}");
        assert!(
            fix.words().is_some_and(|words| words.starts_with("This reveals another finding: ")),
            "{fix:#?}"
        );
    }
}

#[test]
fn rotated_images_are_recognized_by_their_suffix() {
    let old = |name: &str| json!({"id": "i2", "name": name, "image_build_date": "2026-10-05", "created_at": "2026-10-05T14:20:00Z"});
    for name in [
        "Debian 12 (20261005)",
        "Debian 12 (20261005-1220)",
        "Debian 12 (20261005.1)",
        "Debian 12 20261005-1220",
    ] {
        let images = [json!({}), old(name)];
        assert!(findings(&images, &V1, "scs-0102-image-recency").is_empty(), "{name}");
        let warning = findings(&images, &V1, "scs-0102-old-image").remove(0);
        let fix = warning.fix.expect("a repair");
        assert_eq!(fix.active(), None, "somebody may use it by its name: {name}");
        let commands: Vec<&str> = fix.ways().iter().map(|way| way.command.as_str()).collect();
        assert_eq!(
            commands,
            ["openstack image set --name 'Debian 12 20261005' i2", "openstack image set --hidden i2"]
        );
        // On its own, it is the current image; a new one gets the base name.
        let alone = findings(&[old(name)], &V1, "scs-0102-image-recency").remove(0);
        assert_eq!(alone.result, Verdict::Fail);
        assert!(alone.message.contains("upload a new build as `Debian 12`"), "{}", alone.message);
    }
    // Two images of the same day cannot both get the date as suffix.
    let images = [
        json!({}),
        old("Debian 12 (20261005-1220)"),
        json!({"id": "i3", "name": "Debian 12 (20261005-1500)", "image_build_date": "2026-10-05"}),
    ];
    let commands: Vec<String> = findings(&images, &V1, "scs-0102-old-image")
        .into_iter()
        .filter_map(|finding| Some(finding.fix?.command()?.to_owned()))
        .collect();
    assert_eq!(
        commands,
        ["openstack image set --name 'Debian 12 20261005' i2", "openstack image set --hidden i3"]
    );
}

#[test]
fn repaired_images_have_neither_the_old_findings_nor_new_ones() {
    let wild = [
        json!({"uuid_validity": "Last-3", "min_disk": "8GB", "hypervisor_type": "kvm", "replace_frequency": "Monthly"}),
        json!({"id": "i2", "image_build_date": "2026-10-01", "created_at": "2026-10-02T00:00:00Z"}),
        json!({"id": "i3", "name": "Debian 12 (20260901-1220)", "image_build_date": "2026-09-01", "created_at": "2026-09-02T00:00:00Z"}),
        json!({"id": "i4", "name": "Ubuntu 24.04", "os_distro": "absent", "os_version": "absent", "os_purpose": "absent", "tags": [], "image_source": "https://cloud-images.ubuntu.com/noble/x"}),
        json!({"id": "i5", "name": "Rocky 9", "os_distro": "Rocky", "os_version": "9", "image_original_user": "absent", "min_disk": 1}),
        json!({"id": "i6", "name": "it's -x", "os_distro": "debian", "architecture": "amd64", "os_purpose": "custom"}),
    ];
    for documents in [V1, V2] {
        let before = answers(&set(&wild), &documents);
        let known: Vec<(&str, &str)> = before
            .iter()
            .flat_map(|answer| &answer.findings)
            .map(|finding| (&*finding.rule, finding.subject.as_str()))
            .collect();
        let options = ImageRepairOptions::default().recommended();
        let repair = with_context(|context| repair_images(&set(&wild), context, &documents, options));
        assert!(!repair.changes.is_empty());
        for left in &repair.remaining {
            // Names change, so that remaining findings may be about another one.
            let is_old = known.iter().any(|(rule, _)| *rule == left.rule);
            assert!(is_old, "new: {left:#?}");
            assert!(left.fix.as_ref().and_then(Fix::active).is_none(), "not repaired: {left:#?}");
        }
    }
}

#[test]
fn no_repair_guesses_a_year() {
    let documents = V1;
    for key in ["image_build_date", "provided_until", "uuid_validity", "maintained_until"] {
        let rule = format!(
            "scs-0102-{}",
            if key == "maintained_until" { "maintained-until".to_owned() } else { format!("prop-{key}") }
        );
        for given in ["26-11-10", "27/12/31", "7-1-1", "0027-12-31", "1969-12-31", "31.12.2027"] {
            let own = json!({key: given});
            let found = findings(std::slice::from_ref(&own), &documents, &rule);
            let [finding] = &found[..] else { panic!("{own}: {found:#?}") };
            assert_eq!((finding.result, &finding.fix), (Verdict::Fail, &None), "{own}: {finding:#?}");
        }
    }
    let found =
        findings(&[json!({"provided_until": "0027-12-31"})], &documents, "scs-0102-prop-provided_until");
    assert_eq!(found[0].message, "`provided_until` is `0027-12-31`; years before 1970 are not plausible");
    // Recency does not depend on a commitment that ended in the year 27.
    let old = json!({"provided_until": "0027-12-31", "image_build_date": "2026-08-01", "created_at": "2026-08-02T00:00:00Z"});
    assert_eq!(findings(&[old], &documents, "scs-0102-image-recency")[0].result, Verdict::Fail);
    let definitions = "
images:
  - name: Debian 12
    multi: true
    meta: { provided_until: 27-12-31, uuid_validity: '0027-12-31', maintained_until: 1027-12-31 }
    versions:
      - { version: '20261101', url: 'https://cloud.debian.org/b', build_date: 26-11-01 }
";
    let list: ImageList = definitions.parse().expect("definitions");
    let answers = answers(&ImageSet::from(list.in_file("debian.yml")), &documents);
    for key in ["prop-image_build_date", "prop-provided_until", "prop-uuid_validity", "maintained-until"] {
        let rule = format!("scs-0102-{key}");
        let mut found =
            answers.iter().flat_map(|answer| &answer.findings).filter(|finding| finding.rule == rule);
        let finding = found.next().unwrap_or_else(|| panic!("{rule} finds nothing"));
        assert_eq!((finding.result, &finding.fix), (Verdict::Fail, &None), "{finding:#?}");
    }
}

#[test]
fn dates_are_set_only_without_loss() {
    for (key, given, meant) in [
        ("image_build_date", "2026-11-10T00:30:00+02:00", "2026-11-09 22:30:00"),
        ("image_build_date", "2026-11-10 00:30 -0130", "2026-11-10 02:00"),
        ("image_build_date", "2026-11-10T08:30:00.5Z", "2026-11-10 08:30:00"),
        ("image_build_date", "2026/11/9", "2026-11-09"),
        ("provided_until", "2028-01-01T00:30:00+02:00", "2027-12-31"),
        ("provided_until", "2027-12-31T00:00:00Z", "2027-12-31"),
    ] {
        let fix = repair(&format!("scs-0102-prop-{key}"), &json!({key: given, "uuid_validity": "forever"}));
        assert_eq!(sets(&fix), [(key.to_owned(), Data::from(meant))], "{given}");
    }
    for (key, given) in [
        ("image_build_date", "2026-11-10 25:00"),
        ("image_build_date", "2026-11-10T00:30:00+25:00"),
        ("image_build_date", "2026-11-10 08:30 CET"),
        ("provided_until", "2027-12-31 or notice"),
        ("uuid_validity", "2027-12-31 or notice"),
        ("maintained_until", "2027-12-31 (LTS)"),
    ] {
        let rule = if key == "maintained_until" {
            "scs-0102-maintained-until"
        } else {
            &format!("scs-0102-prop-{key}")
        };
        let fix = repair(rule, &json!({key: given}));
        assert_eq!(fix.applicability(), Applicability::Choose, "{given}: {fix:#?}");
    }
}

#[test]
fn an_unreadable_registration_time_is_reported() {
    for (own, result, message) in [
        (json!({"created_at": "bogus"}), Verdict::Dnf, "`created_at` is `bogus`; it must be a time"),
        (
            json!({"created_at": "0001-01-01T00:00:00Z"}),
            Verdict::Dnf,
            "`created_at` is `0001-01-01T00:00:00Z`; it must",
        ),
        (json!({"created_at": null}), Verdict::Dnf, "`created_at` is null"),
        (json!({"created_at": "absent"}), Verdict::Miss, "the time of registration is missing"),
    ] {
        let finding = findings(std::slice::from_ref(&own), &V1, "scs-0102-prop-image_build_date").remove(0);
        assert_eq!(finding.result, result, "{own}");
        assert!(finding.message.starts_with(message), "{}", finding.message);
    }
}

#[test]
fn recommended_changes_are_optional() {
    let recommended =
        json!({"hypervisor_type": "KVM", "os_purpose": "Generic", "hw_watchdog_action": "Reset", "tags": []});
    let images =
        set(&[recommended, json!({"id": "i2", "name": "Debian 12 old", "image_build_date": "2026-10-01"})]);
    let options = ImageRepairOptions::default();
    let waiting = with_context(|context| repair_images(&images, context, &V1, options));
    assert!(waiting.changes.is_empty(), "{:#?}", waiting.changes);
    let rules: Vec<&str> = waiting.optional.iter().map(|finding| &*finding.rule).collect();
    assert!(
        rules.contains(&"scs-0102-prop-hypervisor_type") && rules.contains(&"scs-0102-tag-os"),
        "{rules:?}"
    );
    let done = with_context(|context| repair_images(&images, context, &V1, options.recommended()));
    assert_eq!(done.changes.len(), 1, "{:#?}", done.changes);
    assert!(done.optional.is_empty());
    // A name that may be in use is kept.
    assert!(done.changes.iter().all(|change| change.changes.iter().all(|change| change.property != "name")));
}

#[test]
fn existing_values_are_not_replaced_automatically() {
    let fix = repair("scs-0102-prop-os_purpose", &json!({"os_purpose": "database"}));
    assert_eq!(fix.applicability(), Applicability::Choose, "{fix:#?}");
}

#[test]
fn option_like_names_and_duplicate_ids_are_handled() {
    let named = json!({"id": "absent", "name": "-x", "replace_frequency": "Monthly"});
    let fix = repair("scs-0102-prop-replace_frequency", &named);
    assert_eq!(fix.command(), Some("openstack image set --property replace_frequency=monthly -- -x"));
    let twins =
        [json!({"replace_frequency": "Monthly"}), json!({"name": "other", "replace_frequency": "Monthly"})];
    for finding in findings(&twins, &V1, "scs-0102-prop-replace_frequency") {
        assert_eq!(finding.fix, None, "a command would mean both");
    }
    let hostile = repair(
        "scs-0102-prop-replace_frequency",
        &json!({"id": "absent", "name": "a\nb", "replace_frequency": "Monthly"}),
    );
    assert!(hostile.command().is_some_and(|command| !command.contains('\n')), "{hostile:#?}");
}

#[test]
fn definitions_are_repaired_in_their_file() {
    let definitions = "
images:
  - name: Debian 12
    multi: true
    min_disk: 8
    min_ram: 512
    status: active
    visibility: public
    meta: { architecture: amd64, hypervisor_type: kvm, replace_frequency: Monthly, os_distro: debian }
    versions:
      - { version: '20261001', url: 'https://cloud.debian.org/a', meta: { replace_frequency: Weekly } }
      - { version: '20261101', url: 'https://cloud.debian.org/b' }
";
    let commands = |file: Option<&str>| {
        let list: ImageList = definitions.parse().expect("definitions");
        let list = match file {
            Some(file) => list.in_file(file),
            None => list,
        };
        let answers = answers(&ImageSet::from(list), &V1);
        let of = |rule: &str| {
            let findings = answers.iter().flat_map(|answer| &answer.findings);
            findings
                .filter(|finding| finding.rule == rule)
                .find_map(|finding| finding.fix.clone())
                .expect("a repair")
        };
        ["architecture", "image_original_user", "replace_frequency"]
            .map(|key| of(&format!("scs-0102-prop-{key}")))
    };
    let [architecture, user, frequency] = commands(Some("etc/images/debian.yml"));
    assert_eq!(
        architecture.command(),
        Some(
            r#"yq -i '(.images[] | select(.name == "Debian 12")).["meta"]["architecture"] = "x86_64"' etc/images/debian.yml"#
        )
    );
    assert_eq!(sets(&architecture), [("meta.architecture".to_owned(), Data::from("x86_64"))]);
    assert_eq!(sets(&user), [("login".to_owned(), Data::from("debian"))]);
    // A version overrides the value.
    assert_eq!(frequency.applicability(), Applicability::Advice);
    // The file is unknown.
    let [architecture, ..] = commands(None);
    assert_eq!(
        architecture.words(),
        Some("in the definition `Debian 12`, set `meta.architecture` to `x86_64`")
    );
}

#[test]
fn a_release_after_its_end_of_life_has_an_end_and_others_may_have() {
    let old = |name: &str, distro: &str, version: &str, until: &str| {
        let own = json!({
            "name": name, "os_distro": distro, "os_version": version, "image_build_date": "2026-01-01", "provided_until": until,
        });
        let found = findings(&[own], &V1, "scs-0102-image-recency");
        found.first().map(|finding| finding.message.clone()).unwrap_or_default()
    };
    let ended = old("Ubuntu 18.04", "ubuntu", "18.04", "2027-12-31");
    let end = "Ubuntu 18.04 reached its end of life on 2023-05-31 (regular support): hide it and end its `provided_until`";
    assert!(ended.contains(end), "{ended}");
    let promised = old("Ubuntu 18.04", "ubuntu", "18.04", "none");
    assert!(
        promised.contains("(regular support): hide it, or upload a new build as `Ubuntu 18.04`"),
        "{promised}"
    );
    let supported = old("Ubuntu 24.04", "ubuntu", "24.04", "2027-12-31");
    assert!(
        supported.ends_with("upload a new build as `Ubuntu 24.04` and hide or rename this one"),
        "{supported}"
    );
    // The calendar says nothing about it.
    let unknown = old("Fedora 37", "fedora", "37", "2027-12-31");
    assert!(
        unknown.contains("or hide it and end its `provided_until` if its release reached its end of life"),
        "{unknown}"
    );
    // Name and property contradict each other.
    let contradictory = old("Ubuntu 18.04", "ubuntu", "24.04", "2027-12-31");
    assert!(!contradictory.contains("(regular support)"), "{contradictory}");
}

#[test]
fn an_image_is_not_hidden_for_one_of_another_system() {
    let named = |id: &str, built: &str, architecture: &str| json!({"id": id, "image_build_date": built, "architecture": architecture});
    let newer = named("new", "2026-11-20", "x86_64");
    for (architecture, replaces) in [("x86_64", true), ("aarch64", false)] {
        for rule in ["scs-0102-old-image", "scs-0102-oldgeneric"] {
            let found = findings(&[named("old", "2026-10-20", architecture), newer.clone()], &V2, rule);
            let fix = found.iter().find_map(|finding| finding.fix.as_ref()).expect("a fix");
            assert_eq!(fix.command().is_some(), replaces, "{rule}: {fix:?}");
        }
    }
}

#[test]
fn an_image_is_due_on_the_last_day_on_which_it_is_fresh() {
    let own = json!({"image_build_date": "2026-11-20", "provided_until": "2027-12-31"});
    let at = |day: &str| {
        let at = format!("{day}T00:00:00Z").parse().expect("a time");
        let declarations = Declarations::default();
        let context = Context { at, profile: Profile::Text, declarations: &declarations };
        let set = set(std::slice::from_ref(&own)).with_options(ImageOptions::default().with_horizon_days(3));
        let found = check_images(&set, &context, &V1).into_iter().flat_map(|answer| answer.findings);
        found.filter(|it| it.rule == "scs-0102-image-recency").map(|it| it.message).collect::<String>()
    };
    assert_eq!(at("2026-12-21"), "due for replacement by 2026-12-23 (in 2 days)");
    assert_eq!(at("2026-12-23"), "due for replacement by 2026-12-23 (today)");
    assert!(at("2026-12-24").contains("overdue since 2026-12-24"));
}
