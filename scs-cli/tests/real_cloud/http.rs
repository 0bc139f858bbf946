//! A minimal HTTP implementation for tests: one request per connection.

use std::io::{self, BufRead, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

/// A request or an answer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Message {
    /// The first line, without its end.
    pub(crate) first: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Message {
    /// Reads the next message; `None` if the peer closed the connection. A response without a length ends with the connection.
    pub(crate) fn read(from: &mut impl BufRead, is_answer: bool) -> io::Result<Option<Self>> {
        let mut message = Self::default();
        if from.read_line(&mut message.first)? == 0 {
            return Ok(None);
        }
        message.first.truncate(message.first.trim_end().len());
        loop {
            let mut line = String::new();
            if from.read_line(&mut line)? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let Some((name, value)) = line.trim_end().split_once(':') else { break };
            message.headers.push((name.to_lowercase(), value.trim().to_owned()));
        }
        match message.header("content-length").and_then(|length| length.parse().ok()) {
            Some(length) => {
                message.body.resize(length, 0);
                from.read_exact(&mut message.body)?;
            }
            None if is_answer => {
                from.read_to_end(&mut message.body)?;
            }
            None => {}
        }
        Ok(Some(message))
    }

    pub(crate) fn write(&self, to: &mut impl Write) -> io::Result<()> {
        let mut bytes = Vec::with_capacity(self.body.len() + 1_000);
        write!(bytes, "{}\r\n", self.first)?;
        for (name, value) in &self.headers {
            write!(bytes, "{name}: {value}\r\n")?;
        }
        bytes.extend_from_slice(b"\r\n");
        bytes.extend_from_slice(&self.body);
        // In one piece, to avoid delays in the network.
        to.write_all(&bytes)?;
        to.flush()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The second word of the first line: the path of a request, the status of an answer.
    pub(crate) fn target(&self) -> &str {
        self.first.split(' ').nth(1).unwrap_or_default()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// Removes hop-by-hop headers.
    pub(crate) fn without_hops(mut self) -> Self {
        const HOPS: [&str; 6] =
            ["connection", "content-length", "host", "keep-alive", "transfer-encoding", "expect"];
        self.headers.retain(|(name, _)| !HOPS.contains(&name.as_str()));
        self
    }
}

/// A URL: scheme and host, and the rest.
pub(crate) fn split(url: &str) -> (&str, &str) {
    let start = url.find("://").map_or(0, |at| at + 3);
    let end = url[start..].find('/').map_or(url.len(), |at| start + at);
    url.split_at(end)
}

/// Sends a request to an address without TLS, and returns the response.
pub(crate) fn exchange(origin: &str, request: Message) -> io::Result<Message> {
    let host = origin.trim_start_matches("http://");
    let stream = TcpStream::connect(host)?;
    stream.set_read_timeout(Some(Duration::from_mins(1)))?;
    let mut request = request.without_hops();
    // Servers do not send chunked responses to older HTTP versions.
    request.first = request.first.replace("HTTP/1.1", "HTTP/1.0");
    let length = request.body.len().to_string();
    for (name, value) in [("host", host), ("connection", "close"), ("content-length", &length)] {
        request.headers.push((name.to_owned(), value.to_owned()));
    }
    request.write(&mut &stream)?;
    Message::read(&mut io::BufReader::new(stream), true)?.ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
}

/// A request with a token.
pub(crate) fn call(method: &str, url: &str, token: Option<&str>, body: Option<&Value>) -> Message {
    let (origin, path) = split(url);
    let mut request = Message { first: format!("{method} {path} HTTP/1.0"), ..Message::default() };
    request.headers.push(("accept".to_owned(), "application/json".to_owned()));
    if let Some(token) = token {
        request.headers.push(("x-auth-token".to_owned(), token.to_owned()));
    }
    if let Some(body) = body {
        request.headers.push(("content-type".to_owned(), "application/json".to_owned()));
        request.body = body.to_string().into_bytes();
    }
    exchange(origin, request).unwrap_or_else(|error| panic!("{method} {url}: {error}"))
}
