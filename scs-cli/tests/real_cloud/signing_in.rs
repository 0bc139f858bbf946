//! Authentication of the user and of the cloud.

use serde_json::{Value, json};

use crate::cloud::{ADMIN, Cloud, MEMBER, Phase};
use crate::http::{Message, call, exchange, split};
use crate::proxy::Proxy;

const INVENTORY: [&str; 3] = ["inventory", "--os-cloud", "it"];

#[track_caller]
fn fails(cloud: &Cloud, config: &Value, message: &str) {
    let outcome = cloud.run_on(config, &INVENTORY);
    assert_eq!((outcome.status, outcome.stdout.as_str()), (2, ""), "{outcome:?}");
    assert!(outcome.stderr.contains(message), "{message}: {}", outcome.stderr);
    outcome.without(&cloud.secrets());
}

#[test]
fn an_administrator_has_to_be_meant() {
    let Some(cloud) = Cloud::in_phase(&Phase::ALL) else { return };
    let refused = cloud.run(&["check", "--os-cloud", ADMIN]);
    assert_eq!((refused.status, refused.stdout.as_str()), (2, ""));
    assert!(refused.stderr.contains("has the role `admin`"), "{}", refused.stderr);
    assert!(refused.stderr.contains("`--as-admin`"), "{}", refused.stderr);
    let inventory = cloud.run(&["inventory", "--os-cloud", ADMIN, "--as-admin"]);
    assert_eq!(inventory.status, 0, "{}", inventory.stderr);
    let document = inventory.json();
    // Denied to members.
    let roles: Vec<&str> =
        document["role_list"].as_array().unwrap().iter().map(|role| role["name"].as_str().unwrap()).collect();
    assert!(roles.contains(&"member") && roles.contains(&"admin"), "{roles:?}");
    let encryption = document["volume_type_encryption"].as_array().unwrap();
    let encrypts = |name: &str| {
        let found = encryption.iter().find(|entry| entry["volume_type"] == name).unwrap();
        found["provider"].as_str().map(str::to_owned)
    };
    assert_eq!(encrypts("luks").as_deref(), Some("luks"));
    assert_eq!(encrypts("hdd"), None);
    inventory.without(&cloud.secrets());
}

#[test]
fn a_wrong_password_is_said_to_be_wrong() {
    let Some(cloud) = Cloud::in_phase(&[Phase::Good]) else { return };
    let mut config = cloud.clouds[MEMBER].clone();
    config["auth"]["password"] = json!("not-the-password-8Kq2");
    let outcome = cloud.run_on(&config, &INVENTORY);
    assert_eq!((outcome.status, outcome.stdout.as_str()), (2, ""));
    assert!(outcome.stderr.contains("rejected the credentials: check the user"), "{}", outcome.stderr);
    outcome.without(&["not-the-password-8Kq2".to_owned()]);
}

#[test]
fn a_token_serves_until_it_is_taken_back() {
    let Some(cloud) = Cloud::in_phase(&[Phase::Good]) else { return };
    let token = cloud.token(MEMBER);
    let mut config = cloud.clouds[MEMBER].clone();
    let auth = json!({
        "auth_url": cloud.auth_url(), "token": token.secret,
        "project_name": config["auth"]["project_name"], "project_domain_name": config["auth"]["project_domain_name"],
    });
    config["auth"] = auth;
    config["auth_type"] = json!("token");
    let outcome = cloud.run_on(&config, &INVENTORY);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    assert!(outcome.json()["flavors"].as_array().unwrap().len() > 30);
    outcome.without(std::slice::from_ref(&token.secret));
    // Keystone reports revoked and expired tokens in the same way.
    let url = format!("{}/auth/tokens", cloud.auth_url());
    let (origin, path) = split(&url);
    let mut request = Message { first: format!("DELETE {path} HTTP/1.0"), ..Message::default() };
    for header in ["x-auth-token", "x-subject-token"] {
        request.headers.push((header.to_owned(), token.secret.clone()));
    }
    let answer = exchange(origin, request).unwrap();
    assert_eq!(answer.target(), "204", "{}", answer.first);
    fails(cloud, &config, "the token has expired or was revoked; get a new one");
}

#[test]
fn an_application_credential_serves_as_well() {
    let Some(cloud) = Cloud::in_phase(&[Phase::Good]) else { return };
    let token = cloud.token(MEMBER);
    let credentials = format!("{}/users/{}/application_credentials", cloud.auth_url(), token.user);
    let secret = "planted-secret-of-a-test-5Jw9";
    let body = json!({"application_credential": {
        "name": format!("end-to-end {}", std::process::id()), "secret": secret, "roles": [{"name": "member"}],
    }});
    let made = call("POST", &credentials, Some(&token.secret), Some(&body));
    assert_eq!(made.target(), "201", "{}", String::from_utf8_lossy(&made.body));
    let id = made.json()["application_credential"]["id"].as_str().unwrap().to_owned();
    let config = json!({
        "auth_type": "v3applicationcredential", "region_name": "RegionOne",
        "auth": {
            "auth_url": cloud.auth_url(),
            "application_credential_id": id, "application_credential_secret": secret,
        },
    });
    let outcome = cloud.run_on(&config, &INVENTORY);
    let deleted = call("DELETE", &format!("{credentials}/{id}"), Some(&token.secret), None);
    assert_eq!(deleted.target(), "204", "{}", deleted.first);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    assert!(outcome.json()["images"].as_array().unwrap().len() > 5);
    outcome.without(&[secret.to_owned()]);
    fails(cloud, &config, "check the application credential: it may have expired or been deleted");
}

#[test]
fn an_authority_of_the_cloud_s_own_has_to_be_named() {
    let Some(cloud) = Cloud::in_phase(&[Phase::Good]) else { return };
    let proxy = Proxy::start_with_tls(cloud);
    let mut config = proxy.cloud(cloud);
    fails(cloud, &config, "no secure connection");
    fails(cloud, &config, "set its file as `cacert`");
    let path = cloud.path("authority.pem");
    std::fs::write(&path, proxy.authority.as_ref().unwrap()).unwrap();
    config["cacert"] = json!(path);
    let outcome = cloud.run_on(&config, &INVENTORY);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    assert!(outcome.json()["images"].as_array().unwrap().len() > 5);
    // Another authority does not help.
    let other = Proxy::start_with_tls(cloud);
    std::fs::write(&path, other.authority.as_ref().unwrap()).unwrap();
    fails(cloud, &config, "no secure connection");
    // Without the option, nothing is printed.
    config.as_object_mut().unwrap().remove("cacert");
    config["verify"] = json!(false);
    assert_eq!(cloud.run_on(&config, &INVENTORY).status, 0);
}
