//! A server over HTTPS whose own work is not measured: what the simulator behind it answered once is sent again from
//! memory. So download means download.

use http_body_util::{BodyExt, Full};
use hyper::{
    Request, Response,
    body::{Bytes, Incoming},
    header,
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls_pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use simulators::{
    Server, TlsMode,
    ekodb::{self, Options, World},
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::TlsAcceptor;

type Known = Mutex<HashMap<String, (u16, Bytes)>>;

/// The server; it ends with this value.
pub(crate) struct Answers {
    /// Where it is.
    pub(crate) url: String,
    /// Who signed for it, PEM.
    pub(crate) authority: String,
    serving: tokio::task::JoinHandle<()>,
    _behind: Server,
}

impl Answers {
    /// Starts one with this content.
    pub(crate) async fn of(world: World) -> Self {
        let plain = Options {
            tls: TlsMode::Plain,
            ..Options::default()
        };
        let behind = ekodb::start(plain, world).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://{}", listener.local_addr().unwrap());
        let (acceptor, authority) = identity();
        let (port, known) = (behind.port(), Arc::new(Known::default()));
        let serving = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (acceptor, known) = (acceptor.clone(), Arc::clone(&known));
                tokio::spawn(async move {
                    stream.set_nodelay(true).unwrap();
                    // A client may go whenever it likes.
                    let Ok(stream) = acceptor.accept(stream).await else {
                        return;
                    };
                    let answer = service_fn(|request| answer(request, &known, port));
                    let connection = http1::Builder::new();
                    let _ = connection
                        .serve_connection(TokioIo::new(stream), answer)
                        .await;
                });
            }
        });
        Self {
            url,
            authority,
            serving,
            _behind: behind,
        }
    }
}

impl Drop for Answers {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn answer(
    request: Request<Incoming>,
    known: &Known,
    port: u16,
) -> std::io::Result<Response<Full<Bytes>>> {
    let name = format!("{} {}", request.method(), request.uri());
    let remembered = known.lock().unwrap().get(&name).cloned();
    let (status, body) = if let Some(remembered) = remembered {
        remembered
    } else {
        let fresh = ask(request, &name, port).await?;
        known.lock().unwrap().insert(name, fresh.clone());
        fresh
    };
    let response = Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, "application/json");
    response
        .body(Full::new(body))
        .map_err(std::io::Error::other)
}

/// Hands a request on to the simulator. One request a connection, so that its end is the reply's.
async fn ask(request: Request<Incoming>, name: &str, port: u16) -> std::io::Result<(u16, Bytes)> {
    let bearer = request.headers().get(header::AUTHORIZATION);
    let bearer = bearer.map_or_else(String::new, |value| {
        format!("Authorization: {}\r\n", value.to_str().unwrap())
    });
    let body = request.into_body().collect().await.unwrap().to_bytes();
    let head = format!(
        "{name} HTTP/1.1\r\nHost: 127.0.0.1\r\n{bearer}Content-Type: application/json\r\n\
        Content-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(&body).await?;
    let mut reply = Vec::new();
    stream.read_to_end(&mut reply).await?;
    let end = reply
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .unwrap();
    let body = reply.split_off(end + 4);
    let head = String::from_utf8(reply).unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Ok((status, body.into()))
}

fn identity() -> (TlsAcceptor, String) {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params
        .distinguished_name
        .push(DnType::CommonName, "Keystead bench");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = params.self_signed(&key).unwrap().pem();
    let issuer = Issuer::new(params, key);
    let key = KeyPair::generate().unwrap();
    let leaf = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
    let leaf = leaf.signed_by(&key, &issuer).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let cryptography = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(cryptography)
        .with_protocol_versions(&[&rustls::version::TLS13])
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![leaf.der().clone()], key)
        .unwrap();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    (TlsAcceptor::from(Arc::new(config)), authority)
}
