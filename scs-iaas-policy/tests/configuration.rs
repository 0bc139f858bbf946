//! Findings on configuration name the file that sets a value, and fixes change that file or add one that is read after it.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail as tests do")]

use scs_iaas_policy::config::Ini;
use scs_iaas_policy::{Cloud, iaas_rules};
use scs_rule_tests::{AT, Parts};
use scs_standards::{
    Applicability, Context, Data, Declaration, Declarations, DeclaredValue, Edit, Finding, Fix, Profile,
    Verdict,
};
use serde_json::{Value, json};

fn findings(rule: &str, parts: &Value, declared: &[(&str, &str)]) -> (Verdict, Vec<Finding>) {
    let given = Parts::of(parts);
    let cloud = Cloud::read(|part| given.given(part));
    let declaration = |(rule, value): &(&str, &str)| Declaration {
        rule: (*rule).to_owned(),
        value: DeclaredValue::Text((*value).to_owned()),
        subjects: Vec::new(),
        statement: None,
        document: None,
        date: "2026-11-01".parse().unwrap(),
        valid_until: "2026-12-31".parse().unwrap(),
        responsible: None,
    };
    let declarations: Declarations = declared.iter().map(declaration).collect();
    let context = Context { at: AT.parse().unwrap(), profile: Profile::Text, declarations: &declarations };
    let rule = iaas_rules().find(|known| known.id == rule).unwrap();
    let answer = rule.answer(&cloud, &context);
    (answer.verdict, answer.findings)
}

fn failure(rule: &str, parts: &Value, declared: &[(&str, &str)]) -> Finding {
    let (verdict, findings) = findings(rule, parts, declared);
    assert_eq!(verdict, Verdict::Fail, "{findings:#?}");
    findings.into_iter().find(|finding| finding.result == Verdict::Fail).unwrap()
}

/// The inventory after the edits of a fix's first way.
fn repaired(parts: &Value, fix: &Fix) -> Value {
    let mut parts = parts.clone();
    for edit in &fix.ways()[0].edits {
        match edit {
            Edit::Set { part, path, value: Data::Text(text), .. } => {
                let file = &mut parts[part.as_str()][path[0].as_str()];
                *file = match &path[1..] {
                    [section, option] => {
                        json!(Ini::set(file.as_str().unwrap(), section, option, text).unwrap())
                    }
                    _ => json!(text),
                };
            }
            other => panic!("{other:?}"),
        }
    }
    parts
}

const NEW: &[(&str, &str)] = &[("openstack-release", "2026.1")];

#[test]
fn findings_and_fixes_name_the_effective_file() {
    let late = "/etc/nova/nova.conf.d/50.conf";
    let rabbit = json!({"config_files": {
        "/etc/nova/nova.conf": "[DEFAULT]\ntransport_url = rabbit://n:***@mq:5671/\n[oslo_messaging_rabbit]\nssl = True\n",
        late: "[oslo_messaging_rabbit]\n# ours\nssl = False\nheartbeat = 5\n",
        "/etc/rabbitmq/rabbitmq.conf": "listeners.ssl.default = 5671\nlisteners.tcp = none\n",
    }, "services": [{"type": "compute"}]});
    let migration = json!({"config_files": {
        "/etc/nova/nova.conf": "[libvirt]\nlive_migration_with_native_tls = True\nlive_migration_scheme = tls\n",
        late: "[libvirt]\nlive_migration_scheme = tcp\n",
    }});
    let scope = json!({"config_files": {
        "/etc/keystone/keystone.conf": "[oslo_policy]\nenforce_scope = True\n",
        "/etc/keystone/keystone.conf.d/1.conf": "[oslo_policy]\nenforce_scope = False\n",
    }});
    for (rule, parts, path) in [
        ("scs-0125-mq-rabbit", &rabbit, late),
        ("scs-0125-live-migration", &migration, late),
        ("scs-0302-enforce-scope", &scope, "/etc/keystone/keystone.conf.d/1.conf"),
    ] {
        let finding = failure(rule, parts, NEW);
        assert_eq!(finding.subject, path, "{rule}");
        let fix = finding.fix.unwrap();
        // The operator knows whether it is safe.
        assert_eq!(fix.applicability(), Applicability::Choose, "{rule}");
        assert!(fix.command().unwrap().contains(path), "{rule}: {fix:?}");
        assert_eq!(findings(rule, &repaired(parts, &fix), NEW).0, Verdict::Pass, "{rule}");
    }
    let fix = failure("scs-0125-mq-rabbit", &rabbit, NEW).fix.unwrap();
    let text = &repaired(&rabbit, &fix)["config_files"][late];
    assert_eq!(text, "[oslo_messaging_rabbit]\n# ours\nssl = true\nheartbeat = 5\n");
}

#[test]
fn a_url_without_tls_is_not_fixed_with_an_option() {
    let parts = json!({"config_files": {
        "/etc/nova/nova.conf": "[DEFAULT]\ntransport_url = rabbit://n:***@mq:5671/?ssl=0\n",
        "/etc/rabbitmq/rabbitmq.conf": "listeners.ssl.default = 5671\n",
    }, "services": [{"type": "compute"}]});
    let finding = failure("scs-0125-mq-rabbit", &parts, &[]);
    assert_eq!(finding.fix.unwrap().applicability(), Applicability::Advice);
}

#[test]
fn files_of_kolla_and_other_machines_are_fixed_at_their_source() {
    for path in ["/etc/kolla/keystone/keystone.conf", "node1/etc/keystone/keystone.conf"] {
        let parts = json!({"config_files": {path: "[oslo_policy]\nenforce_scope = False\n"}});
        let finding = failure("scs-0302-enforce-scope", &parts, NEW);
        assert_eq!(finding.subject, path);
        assert_eq!(finding.fix.unwrap().applicability(), Applicability::Advice, "{path}");
    }
}

#[test]
fn a_policy_repair_keeps_existing_rules() {
    let rule = "scs-0116-policy-creator";
    let conf = "[oslo_policy]\nenforce_new_defaults = False\n";
    let main = "/etc/barbican/policy.yaml";
    for policy in [
        "{}",
        "\"creator\": \"role:creator\"\n\"secrets:get\": \"rule:all_users\"\n",
        "# nothing yet",
        "creator: '!'",
        "creator: 'role:a or role:b'",
    ] {
        let parts = json!({
            "services": [{"type": "key-manager"}],
            "config_files": {"/etc/barbican/barbican.conf": conf, main: policy, "/etc/barbican/policy.d/10.yaml": ""},
        });
        let fix = failure(rule, &parts, NEW).fix.unwrap();
        let way = fix.active().unwrap_or_else(|| panic!("{policy:?}: {fix:?}"));
        assert!(!way.command.contains(">>"), "{}", way.command);
        let after = repaired(&parts, &fix);
        assert_eq!(findings(rule, &after, NEW).0, Verdict::Pass, "{policy:?}: {fix:?}");
        // Existing content is unchanged, and doing it twice changes nothing more.
        assert_eq!(after["config_files"][main], parts["config_files"][main]);
        assert_eq!(repaired(&after, &fix), after);
    }
    // Other files in the directory are unknown.
    let parts = json!({
        "services": [{"type": "key-manager"}],
        "config_files": {"/etc/barbican/barbican.conf": conf, main: "{}"},
    });
    assert_eq!(failure(rule, &parts, NEW).fix.unwrap().applicability(), Applicability::Choose);
    // Existing creators stay creators.
    let parts = json!({
        "services": [{"type": "key-manager"}],
        "config_files": {"/etc/barbican/barbican.conf": conf, main: "creator: role:key-keeper\n", "/etc/barbican/policy.d/zz.yaml": ""},
    });
    let fix = failure(rule, &parts, NEW).fix.unwrap();
    let after = repaired(&parts, &fix);
    let added = &after["config_files"]["/etc/barbican/policy.d/zzz-scs-member-is-creator.yaml"];
    assert_eq!(added, "\"creator\": \"(role:key-keeper) or role:member\"\n");
    assert_eq!(findings(rule, &after, NEW).0, Verdict::Pass);
}

#[test]
fn a_missing_policy_is_miss_and_not_created() {
    let conf = "[crypto]\nenabled_crypto_plugins = p11_crypto\n[oslo_policy]\nenforce_new_defaults = False\n";
    let parts = json!({
        "services": [{"type": "key-manager"}],
        "config_files": {"/etc/barbican/barbican.conf": conf},
    });
    let (verdict, findings) = findings("scs-0116-policy-creator", &parts, NEW);
    assert_eq!(verdict, Verdict::Miss);
    assert!(findings.iter().all(|finding| finding.fix.is_none()), "{findings:#?}");
}

#[test]
fn all_services_without_configuration_are_listed() {
    let parts = json!({"config_files": {
        "/etc/nova/nova.conf": "[database]\nconnection = mysql://n:p@db/n?ssl_ca=/x\n",
        "/etc/glance/glance-api.conf": "[DEFAULT]\n",
    }, "services": [
        {"type": "compute"}, {"type": "image"}, {"type": "volumev3"}, {"type": "object-store", "name": "swift"},
        {"type": "stacks", "name": "heat"},
    ]});
    let (verdict, findings) = findings("scs-0125-db-clients", &parts, &[]);
    assert_eq!(verdict, Verdict::Miss);
    let said: Vec<&str> = findings.iter().map(|finding| finding.message.as_str()).collect();
    assert!(said[0].contains("missing: cinder, heat;"), "{said:?}");
    assert!(said[1].contains("database connection (`[database] connection`): glance;"), "{said:?}");
}

#[test]
fn one_finding_lists_the_entries_of_the_old_policy() {
    let policy: String = ["base_get_domain", "base_list_roles", "is_domain_manager", "identity:get_user"]
        .map(|name| format!("\"{name}\": \"role:admin\"\n"))
        .concat();
    let parts = json!({"config_files": {"/etc/keystone/policy.yaml": policy}});
    let (verdict, findings) = findings("scs-0302-old-policy-gone", &parts, NEW);
    assert_eq!((verdict, findings.len()), (Verdict::Fail, 1));
    assert!(findings[0].message.contains("`base_get_domain` and 3 more"), "{}", findings[0].message);
}

#[test]
fn a_missing_policy_shows_which_file_to_add() {
    let parts = json!({"config_files": {"/etc/keystone/keystone.conf": ""}});
    let (verdict, said) = findings("scs-0302-no-admin", &parts, NEW);
    assert_eq!(verdict, Verdict::Miss);
    assert!(said[0].message.contains("if it does not exist, provide an empty string"), "{}", said[0].message);
    let input = json!({"config_files": {"/etc/kolla/config/keystone/policy.yaml": "{}"}});
    let (_, said) = findings("scs-0302-no-admin", &input, NEW);
    assert!(said[0].message.contains("Kolla"), "{}", said[0].message);
}

#[test]
fn each_instance_of_a_service_reads_its_own_files() {
    let bad = "[cinder]\ncross_az_attach = True\n";
    let good = "[cinder]\ncross_az_attach = False\n";
    let zones = json!({"compute": [], "volume": [{"zoneName": "a"}, {"zoneName": "b"}]});
    for (bad_path, good_path, expected) in [
        ("/etc/nova/nova.conf", "/etc/nova-cell2/nova.conf", Verdict::Fail),
        ("/etc/nova-cell2/nova.conf", "/etc/nova/nova.conf", Verdict::Fail),
        ("/etc/kolla/nova-api/nova.conf", "/etc/kolla/nova-compute/nova.conf", Verdict::Fail),
        ("node1/etc/nova/nova.conf", "node2/etc/nova/nova.conf", Verdict::Fail),
        ("/etc/nova/nova.conf", "/etc/nova/nova.conf.d/1.conf", Verdict::Pass),
        // It is not read if the other one exists.
        ("/etc/nova.conf", "/etc/nova/nova.conf", Verdict::Pass),
        // It is read by one program only.
        ("/etc/nova/nova-api.conf", "/etc/nova/nova.conf", Verdict::Fail),
        ("/usr/share/nova/nova-dist.conf", "/etc/nova/nova.conf", Verdict::Pass),
    ] {
        let parts = json!({"availability_zones": zones, "config_files": {bad_path: bad, good_path: good}});
        let (verdict, findings) = findings("scs-0121-cross-attach", &parts, &[]);
        assert_eq!(verdict, expected, "{bad_path}, {good_path}: {findings:#?}");
    }
}

#[test]
fn files_on_command_lines_are_read_in_order() {
    let unit = |arguments: &str| format!("[Service]\nExecStart=/usr/bin/keystone-wsgi-public {arguments}\n");
    let conf = "/etc/keystone/keystone.conf";
    let check = |arguments: &str, files: &[(&str, &str)]| {
        let mut parts = json!({"config_files": {"/lib/systemd/system/keystone.service": unit(arguments)}});
        for (path, text) in files {
            parts["config_files"][*path] = json!(text);
        }
        findings("scs-0302-enforce-scope", &parts, NEW).0
    };
    let (on, off) = ("[oslo_policy]\nenforce_scope = True\n", "[oslo_policy]\nenforce_scope = False\n");
    let late = "/etc/keystone/late.conf";
    let part = "/srv/parts/1.conf";
    let usual = "/etc/keystone/keystone.conf.d/1.conf";
    let both = "--config-file /etc/keystone/keystone.conf --config-file=/etc/keystone/late.conf";
    assert_eq!(check(both, &[(late, on)]), Verdict::Miss);
    assert_eq!(check("--config-file /etc/keystone/late.conf", &[(late, on)]), Verdict::Pass);
    assert_eq!(check("--config-file /etc/keystone/late.conf", &[(late, off)]), Verdict::Fail);
    // Other programs still read the default directory; one on the command line replaces it.
    assert_eq!(check("--config-file /etc/keystone/late.conf", &[(late, on), (usual, off)]), Verdict::Fail);
    assert_eq!(check("--config-dir /srv/parts/", &[(part, off), (usual, on), (conf, on)]), Verdict::Fail);
    assert_eq!(check("--config-dir /srv/parts", &[(part, "invalid_value"), (conf, on)]), Verdict::Dnf);
}

#[test]
fn opening_security_groups_needs_confirmation() {
    let template = |direction: &str, family: &str, protocol: Option<&str>, default: bool| json!({"direction": direction, "ethertype": family, "protocol": protocol, "used_in_default_sg": default, "used_in_non_default_sg": !default});
    let parts = json!({"default_security_group_rules": [
        template("egress", "IPv4", Some("tcp"), true), template("egress", "IPv6", None, true),
        template("egress", "IPv4", None, false), template("egress", "IPv6", None, false),
    ]});
    let group = json!({"security_group_rules_of_default_group": [
        {"direction": "egress", "ethertype": "IPv4", "security_group_id": "d"},
    ], "security_group_rules_of_new_group": []});
    for (rule, parts) in [
        ("scs-0115-egress-all", &parts),
        ("scs-0115-ingress-same-group", &parts),
        ("scs-0115-ingress-same-group", &group),
    ] {
        let fix = failure(rule, parts, &[]).fix.unwrap();
        assert_eq!(fix.applicability(), Applicability::Choose, "{rule}");
        assert!(fix.active().is_none() && fix.command().is_some(), "{rule}: {fix:?}");
    }
}
