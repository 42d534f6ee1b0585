//! A wire between a client and the server that keeps what the client said, byte for byte. It is the control of the
//! server's journal, which hides secrets and says nothing of the order of headers.

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// A tapped wire; it is cut with this.
pub struct Tap {
    /// What a client is to connect to.
    pub url: String,
    said: Arc<Mutex<Vec<u8>>>,
    task: JoinHandle<()>,
}

impl Tap {
    /// A wire to the server on this port of 127.0.0.1.
    pub async fn to(port: u16) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let said = Arc::new(Mutex::new(Vec::new()));
        let keeper = Arc::clone(&said);
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(carry(client, port, Arc::clone(&keeper)));
            }
        });
        Self { url, said, task }
    }

    /// What the client has said so far. `host` and tokens read `<host>` and `<jwt>`.
    pub fn said(&self) -> String {
        let said = String::from_utf8(self.said.lock().unwrap().clone()).unwrap();
        let host = self.url.trim_start_matches("http://");
        let said = said.replace("\r\n", "\n").replace(host, "<host>");
        let words = said
            .split_inclusive('\n')
            .map(|line| match line.split_once("Bearer ") {
                Some((before, _)) => format!("{before}Bearer <jwt>\n"),
                None => line.to_owned(),
            });
        words.collect()
    }
}

impl Drop for Tap {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn carry(client: TcpStream, port: u16, said: Arc<Mutex<Vec<u8>>>) {
    let Ok(server) = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await else {
        return;
    };
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let asking = async {
        let mut buffer = [0; 4096];
        while let Ok(read @ 1..) = from_client.read(&mut buffer).await {
            let piece = buffer.get(..read).unwrap_or_default();
            // Kept before it is passed on: whoever has the reply finds the request here.
            said.lock().unwrap().extend_from_slice(piece);
            if to_server.write_all(piece).await.is_err() {
                return;
            }
        }
    };
    let answering = tokio::io::copy(&mut from_server, &mut to_client);
    tokio::select! {
        () = asking => {}
        _ = answering => {}
    }
}
