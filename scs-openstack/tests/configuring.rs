//! Sources of configuration, and errors if it is insufficient.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::fs;
use std::path::Path;

use scs_openstack::{AuthMethod, CloudConfig, Clouds, ConfigError, Environment, Interface, Scope, Verify};
use tempfile::TempDir;

const SECRET: &str = "planted-secret-Wm5";

fn dir(files: &[(&str, &str)]) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, content) in files {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    dir
}

/// The clouds in files in the current directory, with these variables.
fn clouds(files: &[(&str, &str)], variables: &[(&str, &str)]) -> Result<Clouds, ConfigError> {
    let dir = dir(files);
    Clouds::read(&Environment::new(dir.path(), variables.iter().copied()))
}

fn cloud(text: &str) -> Result<CloudConfig, ConfigError> {
    clouds(&[("clouds.yaml", text)], &[])?.cloud(Some("c"), None)
}

const AUTH: &str = "auth: {auth_url: 'https://k/v3', username: u, password: planted-secret-Wm5, user_domain_name: d, project_id: p}";

fn with(further: &str) -> Result<CloudConfig, ConfigError> {
    cloud(&format!("clouds:\n  c:\n    {further}\n    {AUTH}\n"))
}

#[test]
fn the_first_file_is_used_unless_a_variable_is_set() {
    let home = dir(&[
        (".config/openstack/clouds.yaml", "clouds: {of-home: {}}"),
        ("named/my.yaml", "clouds: {of-variable: {}}"),
        ("here/clouds.yml", "clouds: {of-directory: {}}"),
        ("xdg/openstack/clouds.json", "{\"clouds\": {\"of-xdg\": {}}}"),
    ]);
    let path = |name: &str| home.path().join(name).display().to_string();
    let names = |current: &str, variables: &[(&str, String)]| {
        let mut all = vec![("HOME", home.path().display().to_string())];
        all.extend_from_slice(variables);
        let clouds = Clouds::read(&Environment::new(path(current), all)).unwrap();
        clouds.names().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(names("elsewhere", &[]), ["of-home"]);
    assert_eq!(names("here", &[]), ["of-directory"]);
    assert_eq!(names("elsewhere", &[("XDG_CONFIG_HOME", path("xdg"))]), ["of-xdg"]);
    assert_eq!(names("here", &[("OS_CLIENT_CONFIG_FILE", path("named/my.yaml"))]), ["of-variable"]);
    // A missing file is ignored.
    assert_eq!(names("here", &[("OS_CLIENT_CONFIG_FILE", path("nowhere.yaml"))]), ["of-directory"]);
}

#[test]
fn secrets_can_be_in_a_separate_file() {
    let clouds = clouds(
        &[
            (
                "clouds.yaml",
                "clouds: {c: {auth: {auth_url: 'https://k', username: u, user_domain_id: d, project_name: p, project_domain_id: d}}}",
            ),
            ("secure.yaml", "clouds: {c: {auth: {password: planted-secret-Wm5}}}"),
        ],
        &[],
    )
    .unwrap();
    let cloud = clouds.cloud(None, None).unwrap();
    assert_eq!(cloud.credentials().method(), AuthMethod::Password);
    assert!(!format!("{cloud:?} {clouds:?}").contains(SECRET));
}

#[test]
fn clouds_override_their_profile() {
    let clouds = clouds(
        &[
            ("clouds.yaml", "clouds: {c: {profile: vendor, region_name: south, auth: {username: u, password: p, domain_name: d}}}"),
            (
                "clouds-public.yaml",
                "public-clouds: {vendor: {auth: {auth_url: 'https://{region_name}.k/v3', username: x}, interface: internalURL}}",
            ),
        ],
        &[],
    )
    .unwrap();
    let cloud = clouds.cloud(Some("c"), None).unwrap();
    assert_eq!(cloud.auth_url().as_str(), "https://south.k/v3");
    assert_eq!(cloud.interface(), Interface::Internal);
    assert_eq!(*cloud.scope(), Scope::Domain { id: None, name: Some("d".to_owned()) });
}

#[test]
fn a_missing_profile_is_reported_if_needed() {
    let with = |public: &str, further: &str| {
        let text = format!(
            "clouds: {{c: {{{further}, auth: {{username: u, password: planted-secret-Wm5, domain_name: d}}}}}}"
        );
        clouds(&[("clouds.yaml", &text), ("clouds-public.yaml", public)], &[])?.cloud(Some("c"), None)
    };
    let public = "public-clouds: {vendor: {auth: {auth_url: 'https://k'}}}";
    for (further, expected) in [
        ("profile: otc", "`clouds.c.profile` is `otc`, which is not in any `clouds-public.yaml`; the"),
        ("cloud: otc", "`clouds.c.cloud` is `otc`"),
        ("profile: otc", "; set `clouds.c.auth.auth_url` and `clouds.c.region_name`"),
        ("profile: otc, auth_url: 'https://k'", "is `otc`"),
        ("profile: [otc]", "`clouds.c.profile` is a list"),
    ] {
        assert_error(with(public, further), expected);
    }
    assert_eq!(with(public, "profile: vendor").unwrap().auth_url().as_str(), "https://k/");
    assert!(with(public, "profile: otc, auth_url: 'https://k', region_name: a").is_ok());
    // Errors in profiles only matter to clouds that use one.
    assert_error(with("public-clouds: [", "profile: vendor"), "clouds-public.yaml: not valid YAML");
    assert!(with("public-clouds: [", "auth_url: 'https://k'").is_ok());
}

#[test]
fn unrelated_variables_are_not_a_profile() {
    let variables =
        [("OS_PROFILE", SECRET), ("OS_AUTH_URL", "https://k"), ("OS_USER_ID", "u"), ("OS_PASSWORD", "p")];
    assert!(clouds(&[], &variables).unwrap().cloud(None, None).is_ok());
}

#[test]
fn variables_are_a_separate_cloud() {
    let variables = [
        ("OS_AUTH_URL", "https://k:5000"),
        ("OS_USERNAME", "u"),
        ("OS_PASSWORD", SECRET),
        ("OS_USER_DOMAIN_NAME", "d"),
        ("OS_PROJECT_NAME", "p"),
        ("OS_PROJECT_DOMAIN_NAME", "d"),
        ("OS_REGION_NAME", "R"),
        ("OS_CACERT", "/etc/ca.pem"),
        ("OS_INTERFACE", "admin"),
        ("OS_LOG_PATH", "/x"),
    ];
    let clouds = clouds(&[("clouds.yaml", "clouds: {a: {}, b: {}}")], &variables).unwrap();
    let cloud = clouds.cloud(None, None).unwrap();
    assert_eq!((cloud.name(), cloud.region()), ("envvars", Some("R")));
    assert_eq!(*cloud.verify(), Verify::Authorities("/etc/ca.pem".into()));
    assert_eq!(cloud.interface(), Interface::Admin);
    assert!(!format!("{cloud:?} {clouds:?}").contains(SECRET));
}

/// As in `openstack configuration show` with the same files and variables.
#[test]
fn some_variables_override_files() {
    let text = format!(
        "clouds:\n  none:\n    cacert: /own\n    interface: internal\n    {AUTH}\n  one:\n    region_name: A\n    verify: no\n    {AUTH}\n  two:\n    regions: [A, {{name: B, values: {{cacert: /region}}}}]\n    {AUTH}\n"
    );
    let authorities = |path: &str| Verify::Authorities(path.into());
    let (region, ca) = (("OS_REGION_NAME", "B"), ("OS_CACERT", "/env"));
    for (name, asked, variables, expected) in [
        ("none", None, &[][..], (None, authorities("/own"), Interface::Internal)),
        ("none", None, &[region, ca], (Some("B"), authorities("/env"), Interface::Internal)),
        ("none", Some("C"), &[region], (Some("C"), authorities("/own"), Interface::Internal)),
        (
            "none",
            None,
            &[("OS_REGION_NAME", ""), ("OS_CACERT", "")],
            (None, authorities("/own"), Interface::Internal),
        ),
        ("none", None, &[("OS_INTERFACE", "admin")], (None, authorities("/own"), Interface::Admin)),
        ("one", None, &[ca], (Some("A"), Verify::Off, Interface::Public)),
        ("two", None, &[ca], (Some("A"), authorities("/env"), Interface::Public)),
        ("two", None, &[region], (Some("B"), authorities("/region"), Interface::Public)),
        ("two", None, &[region, ca], (Some("B"), authorities("/env"), Interface::Public)),
        ("two", Some("A"), &[region], (Some("A"), Verify::System, Interface::Public)),
    ] {
        let clouds = clouds(&[("clouds.yaml", &text)], variables).unwrap();
        let cloud = clouds.cloud(Some(name), asked).unwrap();
        let found = (cloud.region(), cloud.verify().clone(), cloud.interface());
        assert_eq!(found, expected, "{name} {asked:?} {variables:?}");
    }
    let with = |variable| clouds(&[("clouds.yaml", &text)], &[variable]).unwrap().cloud(Some("one"), None);
    assert_error(with(region), "no region `B`, which is set in `OS_REGION_NAME`; it has `A`");
    assert_error(with(("OS_INTERFACE", "both")), "the environment: `OS_INTERFACE` is invalid");
}

#[test]
fn variables_that_only_select_are_not_a_cloud() {
    let text = format!("clouds:\n  a: {{}}\n  c:\n    {AUTH}\n");
    let clouds = clouds(&[("clouds.yaml", &text)], &[("OS_CLOUD", "c"), ("OS_REGION_NAME", "R")]).unwrap();
    assert_eq!(clouds.names().collect::<Vec<_>>(), ["a", "c"]);
    assert_eq!(clouds.cloud(None, None).unwrap().name(), "c");
}

#[test]
fn application_credentials_and_tokens_are_accepted() {
    let by_id = cloud("clouds: {c: {auth_type: v3applicationcredential, auth: {auth_url: 'https://k', application_credential_id: i, application_credential_secret: s}}}").unwrap();
    assert_eq!(by_id.credentials().method(), AuthMethod::ApplicationCredential);
    assert_eq!(*by_id.scope(), Scope::Inherent);
    let token =
        cloud("clouds: {c: {auth_type: token, auth: {auth_url: 'https://k', token: t, project_id: 7}}}")
            .unwrap();
    assert_eq!(token.credentials().method(), AuthMethod::Token);
    assert!(matches!(token.scope(), Scope::Project { id: Some(id), .. } if id == "7"));
    let system =
        cloud("clouds: {c: {auth: {auth_url: 'https://k', user_id: u, password: p, system_scope: all}}}")
            .unwrap();
    assert_eq!(*system.scope(), Scope::System);
}

#[test]
fn regions_can_be_selected_and_have_settings() {
    let text = format!(
        "clouds:\n  c:\n    {AUTH}\n    regions:\n      - north\n      - name: south\n        values: {{interface: internal, auth: {{project_id: q}}}}\n"
    );
    let clouds = clouds(&[("clouds.yaml", &text)], &[]).unwrap();
    assert_eq!(clouds.regions(Some("c")).unwrap(), ["north", "south"]);
    assert_eq!(clouds.cloud(Some("c"), None).unwrap().title(), "c (north)");
    let south = clouds.cloud(Some("c"), Some("south")).unwrap();
    assert_eq!(south.interface(), Interface::Internal);
    assert!(matches!(south.scope(), Scope::Project { id: Some(id), .. } if id == "q"));
    let error = clouds.cloud(Some("c"), Some("west")).unwrap_err();
    assert_eq!(error.to_string(), "the cloud `c` has no region `west`; it has `north`, `south`");
    let listed = with("region_name: 'a, b'").unwrap();
    assert_eq!(listed.title(), "c (a)");
    assert_eq!(with("region_name: a").unwrap().title(), "c");
}

#[test]
fn a_title_has_the_region_if_the_configuration_has_several() {
    let text = format!("clouds:\n  none:\n    {AUTH}\n  one:\n    region_name: R\n    {AUTH}\n");
    for (name, asked, variables, expected) in [
        ("none", None, &[][..], "none"),
        ("none", Some("R"), &[], "none (R)"),
        ("none", Some("R2"), &[], "none (R2)"),
        ("none", None, &[("OS_REGION_NAME", "R")], "none (R)"),
        ("one", Some("R"), &[], "one"),
        ("one", None, &[("OS_REGION_NAME", "R")], "one"),
    ] {
        let clouds = clouds(&[("clouds.yaml", &text)], variables).unwrap();
        assert_eq!(clouds.cloud(Some(name), asked).unwrap().title(), expected);
    }
}

#[test]
fn unquoted_values_are_kept_as_written() {
    for id in ["08123456", "1e5", "0o17", "1_000", "12345678901234567890123456789012", "no", "2026-01-01"] {
        let auth = format!("auth: {{auth_url: 'https://k', user_id: u, password: p, project_id: {id}}}");
        let cloud = cloud(&format!("clouds: {{c: {{region_name: {id}, {auth}}}}}")).unwrap();
        assert_eq!(cloud.region(), Some(id));
        assert!(matches!(cloud.scope(), Scope::Project { id: Some(known), .. } if known == id), "{id}");
    }
    let json = r#"{"clouds": {"c": {"region_name": 1.50, "verify": false, "auth": {"auth_url": "https://k", "user_id": 7, "password": 12345678901234567890123456789012}}}}"#;
    let of_json = clouds(&[("clouds.json", json)], &[]).unwrap().cloud(Some("c"), None).unwrap();
    assert_eq!((of_json.region(), of_json.verify()), (Some("1.50"), &Verify::Off));
}

#[test]
fn the_last_of_duplicate_keys_is_used() {
    assert_eq!(with("region_name: a\n    region_name: b").unwrap().region(), Some("b"));
}

#[test]
fn certificates_are_verified_unless_disabled() {
    for word in ["true", "True", "yes", "on", "YES"] {
        assert_eq!(*with(&format!("verify: {word}")).unwrap().verify(), Verify::System, "{word}");
        assert_eq!(*with(&format!("insecure: {word}")).unwrap().verify(), Verify::Off, "{word}");
    }
    for word in ["false", "False", "no", "off", "OFF"] {
        assert_eq!(*with(&format!("verify: {word}")).unwrap().verify(), Verify::Off, "{word}");
        assert_eq!(*with(&format!("insecure: {word}")).unwrap().verify(), Verify::System, "{word}");
    }
    assert_eq!(*with("insecure: 'True'").unwrap().verify(), Verify::Off);
    let relative = with("cacert: ca.pem").unwrap();
    assert!(
        matches!(relative.verify(), Verify::Authorities(path) if path.is_absolute() && path.ends_with("ca.pem"))
    );
}

#[track_caller]
fn assert_error(result: Result<CloudConfig, ConfigError>, expected: &str) {
    let error = result.unwrap_err();
    let text = error.to_string();
    assert!(text.contains(expected), "{text}");
    assert!(!format!("{text} {error:?}").contains(SECRET), "{text}");
}

#[test]
fn missing_keys_are_reported_with_their_file() {
    for (text, expected) in [
        ("clouds: {c: {}}", "clouds.yaml: `clouds.c.auth.username` is not set"),
        (
            "clouds: {c: {auth: {username: u, password: planted-secret-Wm5}}}",
            "`clouds.c.auth.user_domain_name` is not set",
        ),
        (
            "clouds: {c: {auth: {user_id: u}}}",
            "`clouds.c.auth.password` is not set; put a password into `secure.yaml`",
        ),
        (
            "clouds: {c: {auth: {user_id: u, password: planted-secret-Wm5}}}",
            "`clouds.c.auth.auth_url` is not set",
        ),
        (
            "clouds: {c: {auth: {user_id: u, password: planted-secret-Wm5, auth_url: 'https://k', project_name: p}}}",
            "`clouds.c.auth.project_domain_name` is not set",
        ),
        (
            "clouds: {c: {auth: {user_id: u, password: planted-secret-Wm5, auth_url: 'ftp://k'}}}",
            "`clouds.c.auth.auth_url` is invalid",
        ),
        (
            "clouds: {c: {auth: {user_id: u, password: x, auth_url: 'https://u:planted-secret-Wm5@k'}}}",
            "without a user and a password",
        ),
        ("clouds: {c: {auth: planted-secret-Wm5}}", "`clouds.c.auth` is a string; expected a mapping"),
        (
            "clouds: {c: {auth: {user_id: u, password: [planted-secret-Wm5]}}}",
            "`clouds.c.auth.password` is a list; expected a string",
        ),
        (
            "clouds: {c: {auth_type: v3oidcpassword, auth: {password: planted-secret-Wm5}}}",
            "`clouds.c.auth_type` is invalid",
        ),
        (
            "clouds: {c: {auth_type: token, auth: {password: planted-secret-Wm5}}}",
            "`clouds.c.auth.token` is not set",
        ),
        ("clouds: [planted-secret-Wm5]", "`clouds` is a list; expected a mapping"),
        ("planted-secret-Wm5", "`the file` is a string"),
        ("clouds: {c: {auth: {password: planted-secret-Wm5", "not valid YAML: line"),
        ("clouds:\n  c: &a\n    password: planted-secret-Wm5\n   x: [", "not valid YAML: line"),
    ] {
        assert_error(cloud(text), expected);
    }
    assert_error(with("interface: both"), "`clouds.c.interface` is invalid");
    assert_error(with("api_timeout: soon"), "`clouds.c.api_timeout` is invalid");
    assert_error(with("verify: /etc/ca.pem"), "`clouds.c.verify` is invalid");
}

#[test]
fn errors_in_variables_name_the_variable() {
    let clouds = clouds(&[], &[("OS_AUTH_URL", "https://k"), ("OS_PASSWORD", SECRET)]).unwrap();
    assert_error(clouds.cloud(None, None), "the environment: `OS_USERNAME` is not set");
}

#[test]
fn an_unknown_cloud_lists_known_ones() {
    let two = clouds(&[("clouds.yaml", "clouds: {a: {}, b: {}}")], &[]).unwrap();
    let error = two.cloud(Some("x"), None).unwrap_err().to_string();
    assert!(error.starts_with("no cloud `x`; ") && error.ends_with("clouds.yaml has `a`, `b`"), "{error}");
    let error = two.cloud(None, None).unwrap_err();
    assert!(matches!(&error, ConfigError::NoCloud { clouds, .. } if *clouds == ["a", "b"]), "{error}");
    let none = clouds(&[], &[("HOME", "/nowhere/at/all")]).unwrap();
    let error = none.cloud(Some("x"), None).unwrap_err().to_string();
    assert!(
        error.contains("no clouds are configured") && error.contains("/nowhere/at/all/.config/openstack"),
        "{error}"
    );
}

#[test]
fn broken_json_files_are_reported_without_their_content() {
    let error = clouds(&[("clouds.json", "{\"clouds\": {\"c\": planted-secret-Wm5}}")], &[]).unwrap_err();
    assert!(error.to_string().ends_with("clouds.json: not valid JSON: line 1, column 18"), "{error}");
    let dir = dir(&[]);
    fs::create_dir(dir.path().join("clouds.yaml")).unwrap();
    let error = Clouds::read(&Environment::new(Path::new(dir.path()), [("HOME", "/nowhere")])).unwrap_err();
    assert!(matches!(error, ConfigError::Unreadable { .. }), "{error}");
}

#[test]
fn a_cloud_is_selected_by_either_of_two_variables() {
    for (variable, value, expected) in [
        ("OS_CLOUD", "c", true),
        ("OS_AUTH_URL", "https://k", true),
        ("OS_CLOUD", "", false),
        ("OS_CACERT", "/ca.pem", false),
        ("OS_REGION_NAME", "R", false),
    ] {
        assert_eq!(
            Environment::new("/", [(variable, value)]).names_a_cloud(),
            expected,
            "{variable}={value}"
        );
    }
}

#[test]
fn the_environment_does_not_print_values() {
    let environment = Environment::new("/", [("OS_PASSWORD", SECRET)]);
    assert_eq!(
        format!("{environment:?}"),
        "Environment { variables: [\"OS_PASSWORD\"], current_dir: \"/\" }"
    );
}

#[test]
fn a_missing_file_in_a_variable_is_reported() {
    let error = clouds(&[], &[("HOME", "/nowhere"), ("OS_CLIENT_CONFIG_FILE", "/nope")])
        .unwrap()
        .cloud(Some("x"), None);
    let error = error.unwrap_err().to_string();
    assert!(error.contains("`OS_CLIENT_CONFIG_FILE` is /nope, which does not exist"), "{error}");
    let found = clouds(&[("clouds.yaml", "clouds: {a: {}}")], &[("OS_CLIENT_CONFIG_FILE", "/nope")]).unwrap();
    let error = found.cloud(Some("x"), None).unwrap_err().to_string();
    assert!(error.contains("is /nope, which does not exist") && error.contains("has `a`"), "{error}");
}

#[test]
fn broken_yaml_is_reported_without_secrets() {
    for (text, expected) in [
        ("clouds:\n  c:\n    auth\n      password: planted-secret-Wm5\n", "not valid YAML: line "),
        ("clouds: {c: {auth: {password: planted-secret-Wm5", "not valid YAML: line "),
    ] {
        let error = clouds(&[("clouds.yaml", text)], &[]).unwrap_err().to_string();
        let reason = error.split_once(expected).unwrap_or_else(|| panic!("{error}")).1;
        assert!(reason.split_once(": ").is_some_and(|(_, reason)| reason.len() > 5), "{error}");
        assert!(!error.contains("planted"), "{error}");
    }
}

#[cfg(unix)]
#[test]
fn pipes_and_devices_are_rejected() {
    let dir = dir(&[]);
    let pipe = dir.path().join("clouds.yaml");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let error = Clouds::read(&Environment::new(dir.path(), [("HOME", "/nowhere")])).unwrap_err().to_string();
    assert!(error.contains("it is a device or a named pipe"), "{error}");
    let named = [("HOME", "/nowhere"), ("OS_CLIENT_CONFIG_FILE", "/dev/zero")];
    let error = Clouds::read(&Environment::new("/nowhere", named)).unwrap_err().to_string();
    assert!(error.contains("it is larger than 16 MiB"), "{error}");
}
