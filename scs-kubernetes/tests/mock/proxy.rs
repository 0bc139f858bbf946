//! Proxies, which connect to one server whatever they are asked for.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;

/// A running proxy.
pub(crate) struct Proxy {
    /// Host and port.
    pub(crate) address: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    /// An HTTP proxy for CONNECT, which connects to this port of the machine, or answers with this status.
    pub(crate) async fn http(to: Result<u16, u16>) -> Self {
        Self::start(move |stream, log| connect(stream, to, log)).await
    }

    /// The same with TLS.
    pub(crate) async fn https(config: ServerConfig, to: Result<u16, u16>) -> Self {
        let acceptor = TlsAcceptor::from(Arc::new(config));
        Self::start(move |stream, log| {
            let acceptor = acceptor.clone();
            async move { connect(acceptor.accept(stream).await.unwrap(), to, log).await }
        })
        .await
    }

    /// A SOCKS proxy that asks for user and password, and connects to this port of the machine.
    pub(crate) async fn socks(port: u16) -> Self {
        Self::start(move |mut stream, log| async move {
            let mut start = [0; 2];
            stream.read_exact(&mut start).await.unwrap();
            let mut methods = vec![0; usize::from(start[1])];
            stream.read_exact(&mut methods).await.unwrap();
            stream.write_all(&[5, 2]).await.unwrap();
            stream.read_u8().await.unwrap();
            let user = text(&mut stream).await;
            let password = text(&mut stream).await;
            stream.write_all(&[1, 0]).await.unwrap();
            let mut asked = [0; 4];
            stream.read_exact(&mut asked).await.unwrap();
            assert_eq!(asked, [5, 1, 0, 3], "a name");
            let host = text(&mut stream).await;
            let asked_port = stream.read_u16().await.unwrap();
            log.lock().unwrap().push(format!("{user} {password} {host}:{asked_port}"));
            stream.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).await.unwrap();
            forward(stream, port).await;
        })
        .await
    }

    async fn start<F>(serve: impl Fn(TcpStream, Arc<Mutex<Vec<String>>>) -> F + Send + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&requests);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&log)));
            }
        });
        Self { address, requests }
    }

    /// The heads of the requests so far.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

async fn connect<S>(mut stream: S, to: Result<u16, u16>, log: Arc<Mutex<Vec<String>>>)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    log.lock().unwrap().push(String::from_utf8(head).unwrap());
    match to {
        Ok(port) => {
            stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await.unwrap();
            forward(stream, port).await;
        }
        Err(status) => {
            let answer = format!("HTTP/1.1 {status} Status\r\ncontent-length: 0\r\n\r\n");
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    }
}

async fn text(stream: &mut TcpStream) -> String {
    let length = stream.read_u8().await.unwrap();
    let mut bytes = vec![0; usize::from(length)];
    stream.read_exact(&mut bytes).await.unwrap();
    String::from_utf8(bytes).unwrap()
}

async fn forward(mut stream: impl AsyncRead + AsyncWrite + Unpin, port: u16) {
    let mut server = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let _ = copy_bidirectional(&mut stream, &mut server).await;
}
