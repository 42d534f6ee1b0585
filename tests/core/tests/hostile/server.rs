//! A TLS server that answers one kind of request with given bytes, and everything else as an ekoDB would.

use crate::{case::Step, token};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use std::{
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinSet,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::aws_lc_rs,
        pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
        version::TLS13,
    },
    server::TlsStream,
};

/// An authority and the certificate that it gave the servers of this test.
pub(crate) struct Authority {
    pub(crate) pem: String,
    acceptor: TlsAcceptor,
}

/// One server on a port of its own; it ends with this.
pub(crate) struct Site {
    pub(crate) url: String,
    state: Arc<Mutex<State>>,
    _task: tokio_util::task::AbortOnDropHandle<()>,
}

#[derive(Default)]
struct State {
    hostile: Option<(String, bool, Arc<Vec<Step>>)>,
    journal: Vec<Seen>,
}

/// A request that arrived.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) line: String,
    pub(crate) has_token: bool,
    pub(crate) has_cookie: bool,
}

impl Authority {
    pub(crate) fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let pem = params.self_signed(&key).unwrap().pem();
        let issuer = Issuer::new(params, key);
        let leaf_key = KeyPair::generate().unwrap();
        let mut leaf = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
        leaf.distinguished_name = rcgen::DistinguishedName::new();
        let certificate = leaf.signed_by(&leaf_key, &issuer).unwrap();
        let leaf_key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(leaf_key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_protocol_versions(&[&TLS13])
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], leaf_key)
            .unwrap();
        Self {
            pem,
            acceptor: TlsAcceptor::from(Arc::new(config)),
        }
    }

    /// A server that is friendly until it is told otherwise.
    pub(crate) async fn serve(&self) -> Site {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("https://{}", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(State::default()));
        let (acceptor, shared) = (self.acceptor.clone(), Arc::clone(&state));
        let task = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, state) = (acceptor.clone(), Arc::clone(&shared));
                // What the client makes of it is what counts; the server has nothing to say about it.
                connections.spawn(async move { drop(converse(stream, &acceptor, &state).await) });
            }
        });
        Site {
            url,
            state,
            _task: tokio_util::task::AbortOnDropHandle::new(task),
        }
    }
}

impl Site {
    /// From now on such requests get this reply; what was seen before is forgotten.
    pub(crate) fn arm(&self, request: (String, bool), steps: Arc<Vec<Step>>) {
        let mut state = locked(&self.state);
        state.hostile = Some((request.0, request.1, steps));
        state.journal.clear();
    }

    /// Every request since.
    pub(crate) fn journal(&self) -> Vec<Seen> {
        locked(&self.state).journal.clone()
    }
}

fn locked(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn converse(
    stream: TcpStream,
    acceptor: &TlsAcceptor,
    state: &Mutex<State>,
) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut tls = acceptor.accept(stream).await?;
    while let Some(seen) = next_request(&mut tls).await? {
        let hostile = {
            let mut state = locked(state);
            state.journal.push(seen.clone());
            let armed = state.hostile.as_ref();
            armed
                .filter(|(line, has_token, _)| *line == seen.line && *has_token == seen.has_token)
                .map(|(_, _, steps)| Arc::clone(steps))
        };
        if let Some(steps) = hostile {
            if !play(&mut tls, &steps).await? {
                return Ok(());
            }
        } else {
            let body = friendly(&seen.line);
            let head = crate::case::JSON_HEAD;
            let reply = format!("{head}Content-Length: {}\r\n\r\n{body}", body.len());
            tls.write_all(reply.as_bytes()).await?;
            tls.flush().await?;
        }
    }
    tls.shutdown().await
}

/// Head and body of a request; of the head, what the journal keeps. `None` when the client has gone.
async fn next_request(tls: &mut TlsStream<TcpStream>) -> io::Result<Option<Seen>> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|end| end == b"\r\n\r\n") {
            break at + 4;
        }
        if !matches!(tls.read_buf(&mut bytes).await, Ok(1..)) {
            return Ok(None);
        }
    };
    let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
    let header = |name: &str| {
        head.lines()
            .find_map(|line| line.strip_prefix(name))
            .map(str::trim)
    };
    let length = header("content-length:").map_or(0, |length| length.parse().unwrap());
    // Nobody sends a second request before the first is answered.
    tls.read_exact(&mut vec![0; end + length - bytes.len()])
        .await?;
    let mut words = head.split(' ');
    let (verb, path) = (words.next().unwrap(), words.next().unwrap());
    Ok(Some(Seen {
        line: format!("{} {}", verb.to_uppercase(), path.replace("%3a", "%3A")),
        has_token: header("authorization:").is_some(),
        has_cookie: header("cookie:").is_some(),
    }))
}

/// Whether the connection goes on.
async fn play(tls: &mut TlsStream<TcpStream>, steps: &[Step]) -> io::Result<bool> {
    for step in steps {
        match step {
            Step::Bytes(bytes) => tls.write_all(bytes).await?,
            Step::Again(bytes, times) => {
                let at_once = ((16 << 10) / bytes.len() + 1).min(*times);
                let many = bytes.repeat(at_once);
                for _ in 0..times / at_once {
                    tls.write_all(&many).await?;
                }
                tls.write_all(&bytes.repeat(times % at_once)).await?;
            }
            Step::Drip(bytes) => {
                for byte in bytes.iter().cycle() {
                    tls.write_all(&[*byte]).await?;
                    tls.flush().await?;
                    tokio::time::sleep(Duration::from_millis(40)).await;
                }
            }
            Step::Silence => {
                tls.flush().await?;
                // Ends when the client does.
                while tls.read_u8().await.is_ok() {}
                return Ok(false);
            }
            Step::NotTls => {
                tls.flush().await?;
                tls.get_mut()
                    .0
                    .write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                    .await?;
                return Ok(false);
            }
            Step::Cut => {
                tls.flush().await?;
                return Ok(false);
            }
            Step::Reset => {
                tls.flush().await?;
                tls.get_ref().0.set_zero_linger()?;
                return Ok(false);
            }
            Step::Keep => {
                tls.flush().await?;
                return Ok(true);
            }
        }
    }
    tls.flush().await?;
    tls.shutdown().await?;
    // Until the client has gone too: a socket that closes on unread bytes would tear its own reply down.
    while tls.read_u8().await.is_ok() {}
    Ok(false)
}

fn friendly(line: &str) -> String {
    match line {
        "GET /api/health" => r#"{"status":"ok","integrity_ok":true,"version":"0.80.0"}"#.into(),
        "POST /api/auth/token" => format!(r#"{{"token":"{}"}}"#, token::good()),
        "GET /api/auth/keys/me/permissions" => r#"{"admin":true,"collections":{},"kv":[]}"#.into(),
        "GET /api/auth/permissions" => r#"{"is_admin":false,"collection_permissions":{}}"#.into(),
        "GET /api/auth/keys" => "[]".into(),
        "GET /api/collections?exclude_internal=true" => r#"{"collections":["users"]}"#.into(),
        "GET /api/schemas/users" => r#"{"fields":{}}"#.into(),
        _ => r#"{"before":null,"after":null}"#.into(),
    }
}
