//! The only room of the network library: connections, the addresses of hosts, redirects, and waiting that can be interrupted.
//!
//! The library's asynchronous face is driven here, on the caller's own thread. Its blocking face
//! would add a thread and a copy for every byte, and could not be interrupted while it waits.

use std::collections::HashMap;
use std::future::Future;
use std::net::ToSocketAddrs as _;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Method, StatusCode, header};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;

use crate::fetch::Patience;
use crate::fetch::answer::{Body, Head};
use crate::fetch::error::Error;
use crate::fetch::identity::{self, Identity};
use crate::fetch::netrc::Netrc;
use crate::fetch::reason::{self, Reason, deepest};
use crate::fetch::redirect;
use crate::fetch::url::{Url, is_exposed};
use crate::progress::Progress;

/// How often a wait looks up to see whether the user asked to stop.
const TICK: Duration = Duration::from_millis(100);

/// What a client is allowed, and how it behaves.
#[derive(Debug, Clone)]
pub struct ClientOptions {
    /// Plain http is well even where no digest is known.
    pub insecure: bool,
    /// The network is off limits; files of this machine are not.
    pub offline: bool,
    /// The most bytes of a file whose size nobody stated.
    pub limit: u64,
    /// How long it waits.
    pub patience: Patience,
    /// Whom it believes over TLS, and who it is.
    pub identity: Identity,
    /// The file with users and passwords by host.
    pub netrc: Option<PathBuf>,
}

impl Default for ClientOptions {
    fn default() -> Self {
        Self {
            insecure: false,
            offline: false,
            limit: 4 << 30,
            patience: Patience::default(),
            identity: Identity::default(),
            netrc: None,
        }
    }
}

/// Speaks http. Costs nothing until the first request; shared by threads.
#[derive(Debug, Default)]
pub struct Client {
    options: ClientOptions,
    runtime: OnceLock<Runtime>,
    plain: OnceLock<reqwest::Client>,
    secure: OnceLock<reqwest::Client>,
    netrc: OnceLock<Netrc>,
    dead: Mutex<HashMap<String, Reason>>,
    /// What the user is to know, said at the next wait.
    notes: Mutex<Vec<String>>,
}

/// One question to one address.
#[derive(Debug, Clone, Default)]
pub(super) struct Ask {
    /// Whether to ask for the head alone.
    pub(super) head_only: bool,
    /// Whether a digest is known, so that plain http does no harm.
    pub(super) pinned: bool,
    /// The bytes wanted: from, and up to and including.
    pub(super) range: Option<(u64, Option<u64>)>,
    /// Only if the copy is still this one (`If-Range`).
    pub(super) same: Option<String>,
    /// Only if the copy is no longer this one (`If-None-Match`).
    pub(super) unless: Option<String>,
}

impl Client {
    /// A client that has not done anything yet.
    pub fn new(options: ClientOptions) -> Self {
        let mut client = Self::default();
        client.options = options;
        client
    }

    /// Whether the network is off limits.
    pub fn is_offline(&self) -> bool {
        self.options.offline
    }

    pub(super) fn options(&self) -> &ClientOptions {
        &self.options
    }

    /// Why this address need not be asked: its host was tried in vain before.
    pub(super) fn known_dead(&self, url: &Url) -> Option<Reason> {
        let dead = self.dead.lock().unwrap_or_else(PoisonError::into_inner);
        dead.get(&url.host()?).cloned()
    }

    /// Remembers a host that cannot be reached for the rest of this run.
    pub(super) fn remember(&self, url: &Url, reason: &Reason) {
        if let Some(host) = url.host().filter(|_| reason.is_of_the_host()) {
            let mut dead = self.dead.lock().unwrap_or_else(PoisonError::into_inner);
            dead.insert(host, reason.clone());
        }
    }

    /// Waits for the future, at most until then; looks up now and then whether to stop.
    pub(super) fn wait<T>(
        &self,
        progress: &dyn Progress,
        until: Option<Instant>,
        future: impl Future<Output = T>,
    ) -> Result<Option<T>, Error> {
        let runtime = self.runtime()?;
        let mut future = pin!(future);
        loop {
            if progress.interrupted() {
                return Err(Error::Interrupted);
            }
            let left = until.map(|until| until.saturating_duration_since(Instant::now()));
            let tick = left.map_or(TICK, |left| left.min(TICK));
            // Within an async block: a timer can be made inside the runtime alone.
            let tick = async { tokio::time::timeout(tick, future.as_mut()).await };
            let ticked = runtime.block_on(tick);
            for note in std::mem::take(&mut *self.notes()) {
                progress.note(&note);
            }
            match ticked {
                Ok(value) => return Ok(Some(value)),
                // As it was before the tick: what is ready in the last moment still counts.
                Err(_) if left.is_some_and(|left| left.is_zero()) => return Ok(None),
                Err(_) => {}
            }
        }
    }

    /// Asks, follows redirects, and brings the head and the first bytes of the answer.
    pub(super) async fn ask(&self, url: &Url, ask: &Ask) -> Result<(Head, Body), Reason> {
        if self.options.offline {
            return Err(Reason::Offline);
        }
        let Some(first) = url.remote() else {
            return Err(Reason::Local("a file of this machine".to_owned()));
        };
        let mut visited = vec![first.clone()];
        while let Some(at) = visited.last() {
            // At every hop: what begins on this machine may lead to another.
            if is_exposed(at) && !ask.pinned && !self.options.insecure {
                return Err(Reason::Exposed);
            }
            let response = self.timed(self.send(at, ask)).await?;
            if !is_redirect(response.status()) {
                let head = Head::read(response.status().as_u16(), response.headers());
                let mut body = Body::new(response);
                if head.has_body() {
                    self.timed(body.look_ahead()).await.map_err(at_the_start)?;
                }
                return Ok((head, body));
            }
            let location = response.headers().get(header::LOCATION);
            let location = location.and_then(|location| location.to_str().ok());
            visited.push(redirect::follow(&visited, location)?);
        }
        Err(Reason::Redirect(redirect::Refusal::Nowhere))
    }

    async fn send(&self, url: &reqwest::Url, ask: &Ask) -> Result<reqwest::Response, Reason> {
        let method = if ask.head_only { Method::HEAD } else { Method::GET };
        let mut request = self.http(url.scheme() == "https")?.request(method, url.clone());
        request = request.header(header::ACCEPT_ENCODING, "identity");
        // What the address itself says goes first, as with curl.
        if let (Some(host), None) = (url.host_str(), url.password())
            && let Some(known) = self.netrc().entry(host, url.username())
        {
            request = request.basic_auth(&known.login, Some(&known.password));
        }
        if let Some((from, to)) = ask.range {
            let to = to.map(|to| to.to_string()).unwrap_or_default();
            request = request.header(header::RANGE, format!("bytes={from}-{to}"));
        }
        for (name, value) in [(header::IF_RANGE, &ask.same), (header::IF_NONE_MATCH, &ask.unless)] {
            if let Some(value) = value {
                request = request.header(name, value);
            }
        }
        request.send().await.map_err(|error| reason::reason(&error))
    }

    /// A step that has come to nothing after the idle time is dead.
    async fn timed<T>(&self, step: impl Future<Output = Result<T, Reason>>) -> Result<T, Reason> {
        let idle = self.options.patience.idle;
        tokio::time::timeout(idle, step).await.unwrap_or(Err(Reason::Silent(idle)))
    }

    fn runtime(&self) -> Result<&Runtime, Error> {
        if let Some(runtime) = self.runtime.get() {
            return Ok(runtime);
        }
        let runtime = Builder::new_current_thread().enable_all().build().map_err(Error::Start)?;
        Ok(self.runtime.get_or_init(|| runtime))
    }

    /// Plain http needs no CA certificates: a machine without any still reaches its mirror, and
    /// parsing them (5 ms) is left out.
    fn http(&self, secure: bool) -> Result<&reqwest::Client, Reason> {
        let cell = if secure { &self.secure } else { &self.plain };
        if let Some(client) = cell.get() {
            return Ok(client);
        }
        // Refused when one is installed already, which then is the one wanted.
        drop(rustls::crypto::ring::default_provider().install_default());
        let client = if secure {
            self.secured()?
        } else {
            self.builder().tls_certs_only([]).build().map_err(untrusted)?
        };
        Ok(cell.get_or_init(|| client))
    }

    fn builder(&self) -> reqwest::ClientBuilder {
        reqwest::Client::builder()
            .user_agent("pyman")
            .connect_timeout(self.options.patience.connect)
            // Where to go on, and how often, is judged here (`redirect`, `sources`); a Referer would tell the next host the
            // whole address of the last, its query too.
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .http1_only()
            .dns_resolver(System)
    }

    /// Believes whom the system believes, or the variables say; the built-in authorities where there is nobody.
    fn secured(&self) -> Result<reqwest::Client, Reason> {
        let chosen = &self.options.identity;
        chosen.check()?;
        let certificate = chosen.certificate()?;
        let mut builder = self.builder();
        if let Some(certificate) = &certificate {
            builder = builder.identity(certificate.identity().map_err(untrusted)?);
        }
        match builder.build() {
            Ok(client) => return Ok(client),
            Err(error) if chosen.is_chosen() => return Err(untrusted(error)),
            Err(_) => {}
        }
        let config = identity::built_in(certificate)
            .map_err(|error| Reason::Untrusted(error.to_string()))?;
        let client = self.builder().tls_backend_preconfigured(config).build().map_err(untrusted)?;
        self.notes().push("this machine has no CA certificates: the built-in ones are used".into());
        Ok(client)
    }

    fn netrc(&self) -> &Netrc {
        self.netrc.get_or_init(|| {
            let file = self.options.netrc.as_deref();
            file.map_or_else(|| Ok(Netrc::default()), Netrc::read).unwrap_or_else(|error| {
                self.notes().push(format!("passwords cannot be read: {error}"));
                Netrc::default()
            })
        })
    }

    fn notes(&self) -> MutexGuard<'_, Vec<String>> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Client {
    /// A name that is still being looked up would otherwise be waited for.
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn untrusted(error: reqwest::Error) -> Reason {
    Reason::Untrusted(deepest(&error))
}

/// However a body ends before its first byte, for people it is one thing.
fn at_the_start(reason: Reason) -> Reason {
    match reason {
        Reason::Broken(_) => {
            Reason::Broken("the connection ended before the first byte".to_owned())
        }
        other => other,
    }
}

fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

/// Asks the system for the addresses of a host, each on a thread of its own: its resolver takes as long as it likes. The
/// library's own way ends the whole program where no thread is to be had; here that is an error.
#[derive(Debug, Clone, Copy)]
pub(super) struct System;

impl Resolve for System {
    fn resolve(&self, name: Name) -> Resolving {
        let (sender, receiver) = oneshot::channel();
        let begun = thread::Builder::new().spawn(move || {
            // The port is the connection's business. Nobody may be waiting for the answer any more.
            sender.send((name.as_str(), 0).to_socket_addrs()).unwrap_or_default();
        });
        Box::pin(async move {
            begun?;
            let found: Addrs = Box::new(receiver.await??);
            Ok(found)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(host: &str) -> Result<Addrs, String> {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let asked = System.resolve(host.parse().unwrap());
        runtime.block_on(asked).map_err(|error| error.to_string())
    }

    #[test]
    fn a_host_has_addresses_or_a_reason_why_not() {
        assert!(ask("localhost").unwrap().any(|address| address.ip().is_loopback()));
        assert!(ask("no-such-host.invalid").is_err());
    }
}
