//! A directory of wheels and source archives as a PEP 503 index on loopback, for `pip -i`.

mod page;
mod request;

use std::io::{self, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use crate::progress::Progress;
use crate::world;

use page::Answer;
use request::Request;

/// How often it looks whether to stop.
const PAUSE: Duration = Duration::from_millis(20);

/// Longer than a client on the same machine takes.
const PATIENCE: Duration = Duration::from_secs(10);

/// An index that listens.
#[derive(Debug)]
pub struct Index {
    listener: TcpListener,
    directory: PathBuf,
}

impl Index {
    /// Listens on loopback; port 0 is any that is free.
    pub fn listen(directory: &Path, port: u16) -> io::Result<Self> {
        fs_err::read_dir(directory)?;
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
        while !progress.interrupted() {
            match self.listener.accept() {
                Ok((stream, _)) => {
                    let directory = self.directory.clone();
                    // One that cannot be answered is the client's trouble.
                    thread::spawn(move || answer(&stream, &directory).unwrap_or_default());
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => thread::sleep(PAUSE),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// Answers the requests of one connection.
fn answer(stream: &TcpStream, directory: &Path) -> io::Result<()> {
    stream.set_nonblocking(false)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let mut reader = BufReader::new(stream);
    while let Some(request) = Request::read(&mut reader)? {
        let answer = page::answer(&request, directory)?;
        write(stream, &request, answer)?;
    }
    Ok(())
}

fn write(mut stream: &TcpStream, request: &Request, answer: Answer) -> io::Result<()> {
    let head = |status: &str, kind: &str, length: u64, more: &str| {
        format!(
            "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n{more}\r\n"
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
        Answer::File(path) => {
            let mut file = match fs_err::File::open(&path) {
                Ok(file) => file,
                Err(error) if world::absent(&error) => {
                    return write(stream, request, Answer::Nothing);
                }
                Err(error) => return Err(error),
            };
            let length = file.metadata()?.len();
            stream.write_all(head("200 OK", "application/octet-stream", length, "").as_bytes())?;
            if !request.head_only {
                io::copy(&mut file, &mut stream)?;
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
