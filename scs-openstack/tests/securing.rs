//! TLS with a certificate authority that is only in the cloud's configuration.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod mock;

use std::sync::Arc;

use mock::{MockCloud, Reply, Request, install_tls_provider, options, token, usual};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use scs_openstack::{OpenError, RequestError, Session, collect};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

/// A cloud with a certificate from its own authority, and that authority's PEM certificate.
async fn cloud() -> (MockCloud, String) {
    cloud_with(usual).await
}

async fn cloud_with(handler: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> (MockCloud, String) {
    install_tls_provider();
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let certificate =
        CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap().signed_by(&key, &authority).unwrap();
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(
            vec![CertificateDer::from(certificate.der().to_vec())],
            PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der())),
        )
        .unwrap();
    (MockCloud::start_with_tls(TlsAcceptor::from(Arc::new(config)), handler).await, authority.pem())
}

#[tokio::test]
async fn the_authority_of_the_configuration_is_trusted() {
    let (cloud, authority) = cloud().await;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ca.pem");
    std::fs::write(&path, authority).unwrap();
    let config = cloud.configured(&format!("cacert: {}", path.display()));
    let session = Session::open(&config, &options()).await.unwrap();
    assert_eq!(session.roles(), ["member", "reader"]);
}

#[tokio::test]
async fn an_unknown_authority_is_not_trusted() {
    let (cloud, _) = cloud().await;
    let error = Session::open(&cloud.config(), &options()).await.unwrap_err();
    assert!(matches!(error, OpenError::Request(RequestError::Certificate { .. })), "{error}");
    assert!(error.to_string().contains("`cacert`"), "{error}");
}

#[tokio::test]
async fn disabled_verification_is_respected() {
    let (cloud, _) = cloud().await;
    assert!(Session::open(&cloud.configured("verify: false"), &options()).await.is_ok());
    assert!(Session::open(&cloud.configured("insecure: true"), &options()).await.is_ok());
}

#[tokio::test]
async fn unusable_certificate_files_are_reported() {
    let (cloud, authority) = cloud().await;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ca.pem");
    for (content, key, expected) in [
        (None, "cacert", "`cacert` of the cloud: cannot be read"),
        (Some("no certificate"), "cacert", "it has no PEM certificate"),
        (Some(authority.as_str()), "cert", "no certificate with its private key"),
    ] {
        if let Some(content) = content {
            std::fs::write(&path, content).unwrap();
        }
        let config = cloud.configured(&format!("{key}: {}", path.display()));
        let error = Session::open(&config, &options()).await.unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
        assert!(error.to_string().contains("ca.pem"), "{error}");
    }
}

#[tokio::test]
async fn no_token_is_sent_over_http_if_keystone_uses_https() {
    let plain = MockCloud::start(usual).await;
    let base = plain.address.clone();
    let (cloud, _) = cloud_with(move |request| {
        if request.is("POST", "/identity/v3/auth/tokens") {
            return token(request, &base, &["member"]);
        }
        usual(request)
    })
    .await;
    let session = Session::open(&cloud.configured("verify: false"), &options()).await.unwrap();
    let document = collect(&session, "2026-11-24T08:00:00Z".parse().unwrap()).await;
    assert_eq!(plain.requests().len(), 0);
    let reason = document.unavailable().find(|(part, _)| *part == "images").unwrap().1;
    let expected =
        format!("image has the URL `{}`, which would receive the token unencrypted", plain.address);
    assert!(reason.starts_with(&expected), "{reason}");
}

#[tokio::test]
async fn unverified_certificates_are_reported() {
    let (cloud, _) = cloud().await;
    for (further, expected) in [("verify: false", true), ("insecure: true", true)] {
        let session = Session::open(&cloud.configured(further), &options()).await.unwrap();
        let document = collect(&session, "2026-11-24T08:00:00Z".parse().unwrap()).await;
        assert_eq!(document.notices().any(|notice| notice.contains("not verified")), expected, "{further}");
    }
    let cloud = MockCloud::start(usual).await;
    let document = collect(&cloud.session().await, "2026-11-24T08:00:00Z".parse().unwrap()).await;
    assert!(!document.notices().any(|notice| notice.contains("not verified")));
}

#[cfg(unix)]
#[tokio::test]
async fn certificate_paths_that_are_not_files_are_rejected() {
    let (cloud, _) = cloud().await;
    for path in ["/dev/zero", "/"] {
        let config = cloud.configured(&format!("cacert: {path}"));
        let error = Session::open(&config, &options()).await.unwrap_err().to_string();
        assert!(error.contains("cannot be read: "), "{error}");
    }
}
