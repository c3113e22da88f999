//! A directory of wheels and source archives as a PEP 503 index on loopback, for `pip -i`.
//!
//! Each connection has a thread of its own, as many at once as `CONNECTIONS`: who asks slowly holds up nobody, and is
//! left after `PATIENCE`.

mod page;

use std::io::{self, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::disk::Directory;
use crate::progress::Progress;

use page::{Answer, Connection, Request};

/// How often it looks whether to stop.
const PAUSE: Duration = Duration::from_millis(20);

/// Longer than a client on the same machine takes over a request.
const PATIENCE: Duration = Duration::from_secs(10);

/// Connections that are answered at once; more are closed unanswered.
const CONNECTIONS: usize = 256;

/// An index that listens.
#[derive(Debug)]
pub struct Index {
    listener: TcpListener,
    directory: PathBuf,
}

impl Index {
    /// Listens on loopback; port 0 is any that is free.
    pub fn listen(directory: &Path, port: u16) -> io::Result<Self> {
        Directory::open(directory)?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        listener.set_nonblocking(true)?;
        Ok(Self { listener, directory: directory.to_owned() })
    }

    /// Where it listens.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Answers until it is asked to stop.
    pub fn serve(&self, progress: &dyn Progress) -> io::Result<()> {
        let open = Arc::new(AtomicUsize::new(0));
        while !progress.interrupted() {
            match self.listener.accept() {
                Ok((stream, _)) if open.load(Ordering::SeqCst) < CONNECTIONS => {
                    self.attend(stream, Counted::one_more(&open));
                }
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => thread::sleep(PAUSE),
                // The client was gone again; or no descriptor is free, until another connection ends.
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
                Err(_) if open.load(Ordering::SeqCst) > 0 => thread::sleep(PAUSE),
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Answers a connection in a thread of its own; where none is to be had it is closed.
    fn attend(&self, stream: TcpStream, counted: Counted) {
        let directory = self.directory.clone();
        let begun = thread::Builder::new().spawn(move || {
            let _counted = counted;
            // One that cannot be answered is the client's trouble.
            answer(&stream, &directory).unwrap_or_default();
        });
        drop(begun);
    }
}

/// One of the connections that are open.
struct Counted(Arc<AtomicUsize>);

impl Counted {
    fn one_more(open: &Arc<AtomicUsize>) -> Self {
        open.fetch_add(1, Ordering::SeqCst);
        Self(Arc::clone(open))
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// A stream whose reader has to be done by a certain moment, however little comes at a time.
struct Patient<'s> {
    stream: &'s TcpStream,
    until: Instant,
}

impl io::Read for Patient<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        self.stream.set_read_timeout(Some(left))?;
        let mut stream = self.stream;
        stream.read(buffer)
    }
}

/// Answers the requests of one connection.
fn answer(stream: &TcpStream, directory: &Path) -> io::Result<()> {
    stream.set_nonblocking(false)?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let directory = Directory::open(directory)?;
    let mut reader = BufReader::new(Patient { stream, until: Instant::now() + PATIENCE });
    while let Some(request) = Request::read(&mut reader)? {
        let answer = page::answer(&request, &directory)?;
        write(stream, &request, answer)?;
        if request.connection == Connection::Ends {
            return Ok(());
        }
        reader.get_mut().until = Instant::now() + PATIENCE;
    }
    Ok(())
}

fn write(mut stream: &TcpStream, request: &Request, answer: Answer) -> io::Result<()> {
    let head = |status: &str, kind: &str, length: u64, more: &str| {
        let connection = match request.connection {
            Connection::Stays => "",
            Connection::Ends => "Connection: close\r\n",
        };
        format!(
            "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n{connection}{more}\r\n"
        )
    };
    match answer {
        Answer::Page(text) => {
            let length = u64::try_from(text.len()).unwrap_or_default();
            stream.write_all(head("200 OK", "text/html; charset=utf-8", length, "").as_bytes())?;
            if !request.head_only {
                stream.write_all(text.as_bytes())?;
            }
        }
        Answer::File(file) => {
            let length = file.metadata()?.len();
            stream.write_all(head("200 OK", "application/octet-stream", length, "").as_bytes())?;
            if !request.head_only {
                // No more than was said, should it grow meanwhile.
                io::copy(&mut io::Read::take(file, length), &mut stream)?;
            }
        }
        Answer::Elsewhere(place) => {
            let place = format!("Location: {place}\r\n");
            stream.write_all(head("301 Moved Permanently", "text/plain", 0, &place).as_bytes())?;
        }
        Answer::Nothing => {
            stream.write_all(head("404 Not Found", "text/plain", 0, "").as_bytes())?;
        }
        Answer::NotAllowed => {
            stream.write_all(
                head("405 Method Not Allowed", "text/plain", 0, "Allow: GET, HEAD\r\n").as_bytes(),
            )?;
        }
    }
    stream.flush()
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;
    use std::sync::atomic::AtomicBool;

    use super::*;
    use crate::progress::{Silent, Task};

    /// Stops when it is told to.
    #[derive(Default)]
    struct Until(AtomicBool);

    impl Progress for Until {
        fn begin(&self, _: &str, _: Option<u64>) -> Box<dyn Task> {
            Box::new(Silent)
        }
        fn note(&self, _: &str) {}
        fn interrupted(&self) -> bool {
            self.0.load(Ordering::SeqCst)
        }
    }

    /// What is answered to these bytes until the index closes.
    fn asked(address: SocketAddr, bytes: &[u8]) -> String {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(bytes).unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn who_asks_for_the_end_gets_it_and_who_asks_slowly_holds_up_nobody() {
        let folder = tempfile::tempdir().unwrap();
        fs_err::write(folder.path().join("thing-1.0-py3-none-any.whl"), "wheel").unwrap();
        let index = Index::listen(folder.path(), 0).unwrap();
        let (address, until) = (index.address().unwrap(), Until::default());
        thread::scope(|scope| {
            let served = scope.spawn(|| index.serve(&until));
            let slow: Vec<_> = (0..20).map(|_| TcpStream::connect(address).unwrap()).collect();
            for stream in &slow {
                let mut stream = stream;
                stream.write_all(b"GET /sim").unwrap();
            }
            for request in [
                &b"GET /files/thing-1.0-py3-none-any.whl HTTP/1.0\r\n\r\n"[..],
                b"GET /files/thing-1.0-py3-none-any.whl HTTP/1.1\r\nConnection: Close\r\n\r\n",
                b"GET /simple/ HTTP/1.1\r\n\r\nGET /files/thing-1.0-py3-none-any.whl HTTP/1.1\r\nconnection: close\r\n\r\n",
            ] {
                let text = asked(address, request);
                assert!(text.ends_with("Connection: close\r\n\r\nwheel"), "{text}");
            }
            until.0.store(true, Ordering::SeqCst);
            served.join().unwrap().unwrap();
        });
    }
}
