//! The mock API server in HTTP/2.

use std::io;
use std::sync::Arc;

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::Notify;

use super::{Connection, Reply, Request};

/// Serves a connection. A response that is cut is complete, but the last one of its connection.
pub(crate) async fn serve<S>(stream: S, connection: Connection)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let connection = Arc::new(connection);
    let end = Arc::new(Notify::new());
    let goes_away = Arc::clone(&end);
    let service = service_fn(move |request: http::Request<Incoming>| {
        let (connection, end) = (Arc::clone(&connection), Arc::clone(&end));
        async move {
            let mut reply = connection.reply(received(request).await).await;
            if let Reply::Cut(last, _) = reply {
                end.notify_one();
                reply = *last;
            }
            let Reply::Answer(status, headers, body) = reply else {
                return Err(io::Error::other("not in HTTP/2"));
            };
            let mut response = http::Response::builder().status(status);
            for (name, value) in headers {
                response = response.header(name, value);
            }
            Ok(response.body(Full::new(Bytes::from(body))).unwrap())
        }
    });
    let mut serving = std::pin::pin!(
        http2::Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), service)
    );
    tokio::select! {
        _ = &mut serving => return,
        () = goes_away.notified() => serving.as_mut().graceful_shutdown(),
    }
    let _ = serving.await;
}

async fn received(request: http::Request<Incoming>) -> Request {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    let header = |(name, value): (&http::HeaderName, &http::HeaderValue)| {
        (name.as_str().to_owned(), value.to_str().unwrap().to_owned())
    };
    Request {
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: parts.headers.iter().map(header).collect(),
        body: String::from_utf8(body.to_vec()).unwrap(),
        version: format!("{:?}", parts.version),
        ..Request::default()
    }
}
