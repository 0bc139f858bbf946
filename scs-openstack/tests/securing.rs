//! TLS with an authority that only the cloud's configuration knows.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod mock;

use std::sync::Arc;

use mock::{MockCloud, options};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use scs_openstack::{OpenError, RequestError, Session};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

/// A cloud with a certificate of its own authority, and that authority's certificate in PEM.
async fn cloud() -> (MockCloud, String) {
    let _ = rustls::crypto::ring::default_provider().install_default();
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
    (MockCloud::start_with_tls(TlsAcceptor::from(Arc::new(config))).await, authority.pem())
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
async fn who_does_not_want_to_know_is_not_told() {
    let (cloud, _) = cloud().await;
    assert!(Session::open(&cloud.configured("verify: false"), &options()).await.is_ok());
    assert!(Session::open(&cloud.configured("insecure: true"), &options()).await.is_ok());
}

#[tokio::test]
async fn files_of_certificates_are_named_when_they_are_of_no_use() {
    let (cloud, authority) = cloud().await;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ca.pem");
    for (content, key, expected) in [
        (None, "cacert", "`cacert` of the cloud: cannot be read"),
        (Some("no certificate"), "cacert", "it has no certificate in PEM"),
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
