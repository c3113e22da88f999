//! A loopback server written by hand, so that it can lie: each request is answered by a script.
#![expect(clippy::indexing_slicing, reason = "a test that is wrong panics")]
#![expect(clippy::needless_pass_by_value, reason = "shorter scripts")]

use std::collections::HashMap;
use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _};

/// A running server; stopped when dropped.
pub(crate) struct Server {
    address: SocketAddr,
    scheme: &'static str,
    shared: Arc<Shared>,
    accepting: Option<JoinHandle<()>>,
}

struct Shared {
    answer: Box<dyn Fn(&Request) -> Reply + Send + Sync>,
    tls: Option<Arc<rustls::ServerConfig>>,
    requests: Mutex<Vec<Request>>,
    counts: Mutex<HashMap<String, usize>>,
    stopping: AtomicBool,
}

/// One request, as it came.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// With the query.
    pub(crate) path: String,
    /// Names in lower case.
    pub(crate) headers: HashMap<String, String>,
    /// How many requests for this path came before.
    pub(crate) nth: usize,
}

/// What is sent back.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    raw: Option<Vec<u8>>,
    end: End,
}

/// How a body ends.
#[derive(Debug, Clone, Copy, PartialEq)]
enum End {
    /// As it should.
    Whole,
    /// The connection is closed after this many bytes.
    Cut(usize),
    /// It is reset after this many.
    Reset(usize),
    /// Nothing more comes after this many, and the connection stays open.
    Stall(usize),
    /// Nothing comes at all, not even a head.
    Mute,
    /// This many bytes at a time, with a pause between.
    Drip(usize, Duration),
    /// The body is sent again and again.
    Endless,
}

/// A certificate of `certificates/`, for `localhost` and `127.0.0.1` unless said otherwise.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Certificate {
    /// Signed by the test authority.
    Good,
    /// Signed by the test authority, for another host.
    OtherHost,
    /// Signed by the test authority, valid until February 2020.
    Expired,
    /// Signed by itself.
    SelfSigned,
}

/// Where the certificates are.
pub(crate) const CERTIFICATES: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/certificates");

/// The test authority's certificate, for `SSL_CERT_FILE`.
pub(crate) const AUTHORITY: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/certificates/authority.pem");

/// A client's certificate and its key, for `SSL_CLIENT_CERT`.
pub(crate) const CLIENT: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/certificates/client.pem");

impl Server {
    /// Answers every request by the script.
    pub(crate) fn start(answer: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        Self::listen(SocketAddr::from(([127, 0, 0, 1], 0)), answer, None)
    }

    /// The same at an address that is known beforehand.
    pub(crate) fn start_at(
        address: SocketAddr,
        answer: impl Fn(&Request) -> Reply + Send + Sync + 'static,
    ) -> Self {
        Self::listen(address, answer, None)
    }

    /// The same over TLS.
    pub(crate) fn start_tls(
        certificate: Certificate,
        answer: impl Fn(&Request) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let config = Self::secured().with_no_client_auth();
        Self::listen_secured(config, certificate, answer)
    }

    /// The same, and only for whom the test authority for clients vouches.
    pub(crate) fn start_for_clients(
        answer: impl Fn(&Request) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let mut roots = rustls::RootCertStore::empty();
        roots
            .add(CertificateDer::from_pem_file(format!("{CERTIFICATES}/clients.pem")).unwrap())
            .unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let verifier =
            rustls::server::WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
        let config = Self::secured().with_client_cert_verifier(verifier.build().unwrap());
        Self::listen_secured(config, Certificate::Good, answer)
    }

    fn secured() -> rustls::ConfigBuilder<rustls::ServerConfig, rustls::WantsVerifier> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider);
        config.with_safe_default_protocol_versions().unwrap()
    }

    fn listen_secured(
        config: rustls::ConfigBuilder<rustls::ServerConfig, rustls::server::WantsServerCert>,
        certificate: Certificate,
        answer: impl Fn(&Request) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let (chain, key) = certificate.read();
        let config = config.with_single_cert(chain, key).unwrap();
        Self::listen(SocketAddr::from(([127, 0, 0, 1], 0)), answer, Some(Arc::new(config)))
    }

    /// Serves these files and says 404 to everything else.
    pub(crate) fn serving(files: &[(&str, &[u8])]) -> Self {
        let files: HashMap<String, Vec<u8>> =
            files.iter().map(|(path, body)| ((*path).to_owned(), body.to_vec())).collect();
        Self::start(move |request| match files.get(&request.path) {
            Some(body) => Reply::file(request, body),
            None => Reply::status(404),
        })
    }

    fn listen(
        address: SocketAddr,
        answer: impl Fn(&Request) -> Reply + Send + Sync + 'static,
        tls: Option<Arc<rustls::ServerConfig>>,
    ) -> Self {
        let listener = TcpListener::bind(address).unwrap();
        let address = listener.local_addr().unwrap();
        let scheme = if tls.is_some() { "https" } else { "http" };
        let shared = Arc::new(Shared {
            answer: Box::new(answer),
            tls,
            requests: Mutex::default(),
            counts: Mutex::default(),
            stopping: AtomicBool::new(false),
        });
        let accepting = Arc::clone(&shared);
        let accepting = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if accepting.stopping.load(Ordering::SeqCst) {
                    break;
                }
                let (Ok(stream), shared) = (stream, Arc::clone(&accepting)) else { continue };
                // A client that goes away in the middle is part of the tests.
                std::thread::spawn(move || drop(shared.serve(stream)));
            }
        });
        Self { address, scheme, shared, accepting: Some(accepting) }
    }

    /// The address of a path: `http://127.0.0.1:…/path`.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}://{}{path}", self.scheme, self.address)
    }

    /// All requests so far, in order.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.shared.requests.lock().unwrap().clone()
    }

    /// The values of this header in the requests so far; empty where it was not sent.
    pub(crate) fn sent(&self, header: &str) -> Vec<String> {
        let value = |request: Request| request.headers.get(header).cloned().unwrap_or_default();
        self.requests().into_iter().map(value).collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.stopping.store(true, Ordering::SeqCst);
        drop(TcpStream::connect(self.address));
        if let Some(accepting) = self.accepting.take() {
            accepting.join().unwrap();
        }
    }
}

impl Shared {
    fn serve(&self, mut stream: TcpStream) -> io::Result<()> {
        stream.set_nodelay(true)?;
        let Some(config) = &self.tls else { return self.talk(&mut stream.try_clone()?, &stream) };
        let mut session = rustls::ServerConnection::new(Arc::clone(config)).unwrap();
        let raw = stream.try_clone()?;
        self.talk(&mut rustls::Stream::new(&mut session, &mut stream), &raw)?;
        session.send_close_notify();
        session.write_tls(&mut stream).map(drop)
    }

    /// Answers one request after the other, until an answer ends the connection.
    fn talk(&self, stream: &mut (impl Read + Write), raw: &TcpStream) -> io::Result<()> {
        while let Some(mut request) = read_request(stream)? {
            {
                let mut counts = self.counts.lock().unwrap();
                let count = counts.entry(request.path.clone()).or_default();
                request.nth = *count;
                *count += 1;
            }
            self.requests.lock().unwrap().push(request.clone());
            let reply = (self.answer)(&request);
            if !reply.send(stream, raw, request.method == "HEAD")? {
                break;
            }
        }
        raw.shutdown(Shutdown::Write)
    }
}

/// The next request's head but for its last byte; none when the client has closed.
fn read_request(stream: &mut impl Read) -> io::Result<Option<Request>> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r") {
        match stream.read(&mut byte) {
            Ok(0) => return Ok(None),
            Ok(_) => head.push(byte[0]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let mut lines = head.lines();
    let mut first = lines.next().unwrap_or_default().split(' ').map(str::to_owned);
    let (method, path) = (first.next().unwrap_or_default(), first.next().unwrap_or_default());
    let headers = lines.filter_map(|line| line.split_once(": "));
    let headers = headers.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()));
    Ok(Some(Request { method, path, headers: headers.collect(), nth: 0 }))
}

impl Request {
    /// Where an open range starts.
    pub(crate) fn start(&self) -> Option<usize> {
        self.headers.get("range")?.strip_prefix("bytes=")?.split('-').next()?.parse().ok()
    }
}

impl Reply {
    pub(crate) fn status(status: u16) -> Self {
        let headers = Vec::new();
        Self { status, headers, body: Vec::new(), raw: None, end: End::Whole }
            .with("Content-Length", "0")
    }

    /// The whole body, whatever was asked for.
    pub(crate) fn body(body: &[u8]) -> Self {
        let reply = Self::status(200).with("Content-Length", body.len());
        Self { body: body.to_vec(), ..reply }
    }

    /// The file, or the part of it that was asked for, as a good server does it.
    pub(crate) fn file(request: &Request, body: &[u8]) -> Self {
        let tag = format!(
            "\"{:x}\"",
            body.iter().fold(7_u64, |hash, byte| hash * 31 % 9_999_991 + u64::from(*byte))
        );
        let same = request.headers.get("if-range").is_none_or(|wanted| *wanted == tag);
        match request.headers.get("range").and_then(|range| range.strip_prefix("bytes=")) {
            Some(range) if same => {
                let (start, end) = range.split_once('-').unwrap();
                let start: usize = start.parse().unwrap();
                let end = end.parse().map_or(body.len(), |end: usize| (end + 1).min(body.len()));
                if start >= end {
                    return Self::status(416)
                        .with("Content-Range", format!("bytes */{}", body.len()));
                }
                let range = format!("bytes {start}-{}/{}", end - 1, body.len());
                Self { status: 206, ..Self::body(&body[start..end]) }
                    .with("Content-Range", range)
                    .with("ETag", tag)
            }
            _ if request.headers.get("if-none-match") == Some(&tag) => Self::status(304),
            _ => Self::body(body).with("ETag", tag),
        }
    }

    pub(crate) fn redirect(to: &str) -> Self {
        Self::status(302).with("Location", to)
    }

    /// These bytes and nothing else: no head is made for them.
    pub(crate) fn raw(bytes: &[u8]) -> Self {
        Self { raw: Some(bytes.to_vec()), ..Self::status(200) }
    }

    /// No answer: the connection stays open and silent.
    pub(crate) fn mute() -> Self {
        Self { end: End::Mute, ..Self::status(200) }
    }

    pub(crate) fn code(self, status: u16) -> Self {
        Self { status, ..self }
    }

    /// Sets a header, whatever it was.
    pub(crate) fn with(self, name: &str, value: impl ToString) -> Self {
        let mut reply = self.without(name);
        reply.headers.push((name.to_owned(), value.to_string()));
        reply
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self
    }

    pub(crate) fn cut(self, after: usize) -> Self {
        Self { end: End::Cut(after), ..self }
    }

    pub(crate) fn reset(self, after: usize) -> Self {
        Self { end: End::Reset(after), ..self }
    }

    pub(crate) fn stall(self, after: usize) -> Self {
        Self { end: End::Stall(after), ..self }
    }

    pub(crate) fn drip(self, count: usize, pause: Duration) -> Self {
        Self { end: End::Drip(count, pause), ..self }
    }

    pub(crate) fn endless(self) -> Self {
        Self { end: End::Endless, ..self.without("Content-Length") }
    }

    /// Whether the connection is good for another request.
    fn send(
        &self,
        stream: &mut impl ReadWrite,
        raw: &TcpStream,
        head_only: bool,
    ) -> io::Result<bool> {
        if !matches!(self.end, End::Reset(_)) {
            stream.read_exact(&mut [0])?;
        }
        if let Some(bytes) = &self.raw {
            stream.write_all(bytes)?;
            return Ok(false);
        }
        if self.end == End::Mute {
            return linger(raw);
        }
        let mut head = format!("HTTP/1.1 {} Scripted\r\n", self.status);
        for (name, value) in &self.headers {
            head.extend([name, ": ", value, "\r\n"]);
        }
        head.push_str("\r\n");
        stream.write_all(head.as_bytes())?;
        if head_only {
            return Ok(true);
        }
        match self.end {
            End::Whole => {
                stream.write_all(&self.body)?;
                Ok(self.headers.iter().any(|(name, _)| name == "Content-Length"))
            }
            End::Cut(after) => stream.write_all(&self.body[..after]).map(|()| false),
            End::Reset(after) => {
                stream.write_all(&self.body[..after])?;
                // Closed with a byte of the request unread, a connection is reset.
                Err(io::ErrorKind::ConnectionReset.into())
            }
            End::Stall(after) => {
                stream.write_all(&self.body[..after])?;
                stream.flush()?;
                linger(raw)
            }
            End::Mute => linger(raw),
            End::Drip(count, pause) => {
                for piece in self.body.chunks(count) {
                    stream.write_all(piece)?;
                    stream.flush()?;
                    std::thread::sleep(pause);
                }
                Ok(false)
            }
            End::Endless => loop {
                stream.write_all(&self.body)?;
            },
        }
    }
}

trait ReadWrite: Read + Write {}

impl<T: Read + Write> ReadWrite for T {}

/// Says nothing until the client goes.
fn linger(raw: &TcpStream) -> io::Result<bool> {
    let mut raw = raw.try_clone()?;
    raw.read(&mut [0]).map(|_| false)
}

impl Certificate {
    fn read(self) -> (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>) {
        let name = match self {
            Self::Good => "good",
            Self::OtherHost => "other",
            Self::Expired => "expired",
            Self::SelfSigned => "alone",
        };
        let chain = CertificateDer::from_pem_file(format!("{CERTIFICATES}/{name}.pem")).unwrap();
        let key = PrivateKeyDer::from_pem_file(format!("{CERTIFICATES}/key.pem")).unwrap();
        (vec![chain], key)
    }
}
