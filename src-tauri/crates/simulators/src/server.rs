//! A running server: its listener and its connections.

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, JoinSet};

use crate::control::Control;
use crate::ekodb;
use crate::exchange::Exchange;
use crate::fault::Door;
use crate::host::{Host, Provider, held};
use crate::tls::Identity;

/// A running server over a world `W`. Stops when dropped; [`Server::stop`] also waits for it.
pub struct Server<W = ekodb::World> {
    port: u16,
    identity: Identity,
    host: Arc<Host<W>>,
    task: Option<(oneshot::Sender<Infallible>, JoinHandle<()>)>,
}

impl<W> Server<W> {
    /// `https://127.0.0.1:PORT`, or `http://…` for [`crate::TlsMode::Plain`].
    pub fn url(&self) -> String {
        let scheme = if self.identity.acceptor.is_some() {
            "https"
        } else {
            "http"
        };
        format!("{scheme}://127.0.0.1:{}", self.port)
    }

    /// The TCP port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The certificate authority a client is to trust, PEM; empty for [`crate::TlsMode::Plain`].
    pub fn ca_pem(&self) -> String {
        self.identity.ca_pem.clone()
    }

    /// A handle for tests; it outlives the server, but then changes nothing any more.
    pub fn control(&self) -> Control<W> {
        Control::new(Arc::clone(&self.host))
    }

    /// Ends every connection without a goodbye and frees the port.
    pub async fn stop(mut self) {
        if let Some((stop, task)) = self.task.take() {
            drop(stop);
            // The task ends by itself or by a panic that it has already reported; both are the end.
            drop(task.await);
        }
    }
}

impl<W> Drop for Server<W> {
    fn drop(&mut self) {
        if let Some((_, task)) = self.task.take() {
            task.abort();
        }
    }
}

/// Binds 127.0.0.1; `port` 0 = any free one.
pub(crate) async fn bind(port: u16) -> io::Result<TcpListener> {
    TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await
}

/// Serves `provider` over `host` on a bound listener.
pub(crate) fn serve<W>(
    listener: TcpListener,
    identity: Identity,
    host: Arc<Host<W>>,
    provider: Arc<dyn Provider<W>>,
) -> io::Result<Server<W>>
where
    W: Clone + Serialize + DeserializeOwned + Send + 'static,
{
    let port = listener.local_addr()?.port();
    let (stop, stopped) = oneshot::channel();
    let task = tokio::spawn(accept(
        listener,
        identity.clone(),
        Arc::clone(&host),
        provider,
        stopped,
    ));
    Ok(Server {
        port,
        identity,
        host,
        task: Some((stop, task)),
    })
}

async fn accept<W>(
    listener: TcpListener,
    identity: Identity,
    host: Arc<Host<W>>,
    provider: Arc<dyn Provider<W>>,
    mut stopped: oneshot::Receiver<Infallible>,
) where
    W: Clone + Serialize + DeserializeOwned + Send + 'static,
{
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            _ = &mut stopped => break,
            accepted = listener.accept() => {
                if let Ok((stream, _)) = accepted {
                    let reset = Arc::new(AtomicBool::new(false));
                    let exchange = Exchange { host: Arc::clone(&host), provider: Arc::clone(&provider), reset };
                    connections.spawn(connection(stream, identity.clone(), exchange));
                }
            }
            Some(_) = connections.join_next() => {}
        }
    }
    connections.shutdown().await;
}

/// One connection until it ends. Its errors are the client's business: it sees them as a broken connection.
async fn connection<W>(stream: TcpStream, identity: Identity, exchange: Exchange<W>)
where
    W: Clone + Serialize + DeserializeOwned + Send + 'static,
{
    drop(stream.set_nodelay(true));
    let door = *held(&exchange.host.door);
    match door {
        Door::Open => {}
        Door::Refusing => return drop(stream.set_zero_linger()),
        Door::Silent => return std::future::pending().await,
    }
    let exchange = Arc::new(exchange);
    match identity.acceptor {
        None => {
            if let Some(stream) = talk(stream, &exchange).await {
                drop(stream.set_zero_linger());
            }
        }
        Some(acceptor) => {
            let Ok(stream) = acceptor.accept(stream).await else {
                return;
            };
            if let Some(stream) = talk(stream, &exchange).await {
                drop(stream.get_ref().0.set_zero_linger());
            }
        }
    }
}

/// Gives the stream back when it is to be reset.
async fn talk<W, S>(stream: S, exchange: &Arc<Exchange<W>>) -> Option<S>
where
    W: Clone + Serialize + DeserializeOwned + Send + 'static,
    S: AsyncRead + AsyncWrite + Unpin,
{
    let answer = service_fn(|request| {
        let exchange = Arc::clone(exchange);
        async move { exchange.run(request).await }
    });
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), answer);
    let ended = Pin::new(&mut connection).await;
    let reset = ended.is_err() && exchange.reset.load(Ordering::Relaxed);
    reset.then(|| connection.into_parts().io.into_inner())
}
