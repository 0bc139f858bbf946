//! The client: the layers of `kube` on a connector with HTTP/2, timeouts and proxies.

use http::Uri;
use hyper_rustls::builderstates::WantsProtocols1;
use hyper_rustls::{FixedServerNameResolver, HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client as HyperClient;
use hyper_util::client::legacy::connect::proxy::{SocksV5, Tunnel};
use hyper_util::client::legacy::connect::{Connect, HttpConnector};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use kube::client::{Body, ConfigExt};
use kube::{Client, Config};
use tower::{BoxError, ServiceBuilder};
use tower_http::decompression::DecompressionLayer;

use super::failure::tls_error;
use crate::config::{Proxy, ProxyKind};
use crate::options::Options;

/// Builds the client; the error is its message.
///
/// It has no retries and no timeouts for requests, both of which `send` has.
pub(super) fn client(config: &Config, proxy: Option<&Proxy>, options: &Options) -> Result<Client, String> {
    let mut config = config.clone();
    let is_https = |uri: &Uri| uri.scheme_str() == Some("https");
    let needs_tls = is_https(&config.cluster_url) || proxy.is_some_and(|proxy| is_https(proxy.uri()));
    if config.root_cert.is_none() && (config.accept_invalid_certs || !needs_tls) {
        // The authorities of the system are not needed, and it may have none.
        config.root_cert = Some(Vec::new());
    }
    let config = &config;
    let mut http = HttpConnector::new();
    http.enforce_http(false);
    http.set_nodelay(true);
    http.set_connect_timeout(Some(options.connect_timeout));
    let Some((proxy, kind)) = proxy.and_then(|proxy| Some((proxy, proxy.kind()?))) else {
        return stacked(config, http);
    };
    let uri: Uri = proxy.uri().clone();
    match kind {
        ProxyKind::Http => stacked(config, tunnel(Tunnel::new(uri, http), proxy)),
        ProxyKind::Https => {
            // CONNECT is sent in HTTP/1.
            let secure = tls(config, None)?.enable_http1().wrap_connector(http);
            stacked(config, tunnel(Tunnel::new(uri, secure), proxy))
        }
        ProxyKind::Socks => {
            let socks = SocksV5::new(uri, http);
            match proxy.credentials() {
                Some((user, password)) => stacked(config, socks.with_auth(user, password)),
                None => stacked(config, socks),
            }
        }
    }
}

fn tunnel<C>(tunnel: Tunnel<C>, proxy: &Proxy) -> Tunnel<C> {
    match proxy.authorization() {
        Some(value) => tunnel.with_auth(value),
        None => tunnel,
    }
}

/// TLS as configured.
fn tls(config: &Config, server_name: Option<&str>) -> Result<HttpsConnectorBuilder<WantsProtocols1>, String> {
    let tls = config.rustls_client_config().map_err(|error| match tls_error(&error) {
        Some(rustls::Error::InconsistentKeys(_)) => {
            "`client-key` is not the key of `client-certificate`".to_owned()
        }
        Some(rustls::Error::General(words)) if words.starts_with("No CA certificates") => {
            "this system has no certificate authorities; set `certificate-authority` of the cluster"
                .to_owned()
        }
        _ => chain(&error),
    })?;
    let builder = HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http();
    let Some(name) = server_name else { return Ok(builder) };
    let name = name.to_owned().try_into().map_err(|_| format!("`tls-server-name` is invalid: `{name}`"))?;
    Ok(builder.with_server_name_resolver(FixedServerNameResolver::new(name)))
}

fn stacked<C>(config: &Config, connector: C) -> Result<Client, String>
where
    C: 'static + Clone + Send + Sync,
    HttpsConnector<C>: Connect + Clone + Send + Sync + 'static,
{
    let builder = tls(config, config.tls_server_name.as_deref())?;
    let https = builder.enable_http1().enable_http2().wrap_connector(connector);
    let mut builder = HyperClient::builder(TokioExecutor::new());
    builder.timer(TokioTimer::new()).pool_timer(TokioTimer::new()).http2_adaptive_window(true);
    let hyper: HyperClient<_, Body> = builder.build(https);
    let service = ServiceBuilder::new()
        .layer(config.base_uri_layer())
        .layer(DecompressionLayer::new().gzip(!config.disable_compression))
        .option_layer(config.auth_layer().map_err(|error| chain(&error))?)
        .layer(config.extra_headers_layer().map_err(|error| chain(&error))?)
        .map_err(BoxError::from)
        .service(hyper);
    Ok(Client::new(service, "default"))
}

/// The messages of an error and its causes, which the client hides.
pub(super) fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = String::new();
    let mut next = Some(error);
    while let Some(error) = next {
        let message = error.to_string();
        // Most errors repeat the message of their cause.
        if !text.contains(&message) {
            if !text.is_empty() {
                text.push_str(": ");
            }
            text.push_str(&message);
        }
        next = error.source();
    }
    text
}
