//! A real HTTPS client that trusts nothing but the simulator's CA.

#![expect(clippy::unwrap_used, reason = "a proof stops at the first surprise")]

use reqwest::{Certificate, Client, Method, Response, redirect};
use serde_json::{Value, json};
use simulators::ekodb::{self, Collection, Dialect, Grant, Key, Options, World};
use simulators::{Control, Server};

/// 2026-01-20T10:30:00Z.
pub(crate) const NOW: i64 = 1_768_905_000_000;

pub(crate) struct Bench {
    pub(crate) server: Server,
    pub(crate) control: Control,
    pub(crate) client: Client,
    pub(crate) admin: String,
    pub(crate) shop: Key,
}

pub(crate) const KEYS: &str = "/api/auth/keys";
pub(crate) const REGISTER: &str = "/api/auth/register";
/// Where grants are read and edited in all dialects but modern.
pub(crate) const PERMISSIONS: &str = "/api/auth/permissions";

/// An admin key, a scoped key `shop-web`, three collections.
pub(crate) fn world() -> (World, String, Key) {
    let shop = Key::new("shop-web", NOW)
        .grant(
            "orders",
            Grant::read_write().exclude(&["note"]).writable(&["status"]),
        )
        .grant("gone", Grant::none())
        .kv("session:", true, true);
    let (world, admin) = World::with_admin(NOW - 1000);
    let world = world
        .key(shop.clone())
        .collection(
            "orders",
            Collection::new(
                "id:UUID!* status:String! total:Decimal! note:String",
                NOW,
                3,
            ),
        )
        .collection(
            "customers",
            Collection::new("id:UUID!* email:String! ssn:String", NOW, 3),
        )
        .collection("audit__ek0_shop", Collection::internal(NOW));
    (world, admin, shop)
}

impl Bench {
    pub(crate) async fn new(options: Options) -> Self {
        let (world, admin, shop) = world();
        let server = ekodb::start(
            Options {
                now_ms: Some(NOW),
                ..options
            },
            world,
        )
        .await
        .unwrap();
        let client = client(&server.ca_pem());
        Self {
            control: server.control(),
            client,
            server,
            admin,
            shop,
        }
    }

    /// A default server of this dialect and a token of its admin.
    pub(crate) async fn of(dialect: Dialect) -> (Self, String) {
        let bench = Self::new(Options::of(dialect)).await;
        let admin = bench.admin_token().await;
        (bench, admin)
    }

    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        token: Option<&str>,
        body: Option<Value>,
    ) -> reqwest::Result<Response> {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let mut request = self
            .client
            .request(method, format!("{}{path}", self.server.url()));
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        request.send().await
    }

    /// Status and JSON (null where there is none).
    pub(crate) async fn call(
        &self,
        method: &str,
        path: &str,
        token: &str,
        body: Option<Value>,
    ) -> (u16, Value) {
        let response = self.send(method, path, Some(token), body).await.unwrap();
        let status = response.status().as_u16();
        (status, response.json().await.unwrap_or(Value::Null))
    }

    pub(crate) async fn token(&self, secret: &str) -> String {
        let response = self.send(
            "POST",
            "/api/auth/token",
            None,
            Some(json!({ "api_key": secret })),
        );
        let body: Value = response.await.unwrap().json().await.unwrap();
        body["token"].as_str().unwrap_or_default().to_owned()
    }

    pub(crate) async fn admin_token(&self) -> String {
        self.token(&self.admin).await
    }
}

/// A fresh default server and a token of its admin.
pub(crate) async fn signed_in() -> (Bench, String) {
    Bench::of(Dialect::Modern).await
}

pub(crate) fn client(ca_pem: &str) -> Client {
    builder(ca_pem).build().unwrap()
}

#[expect(
    clippy::disallowed_methods,
    reason = "a client that is not ours proves the server"
)]
pub(crate) fn builder(ca_pem: &str) -> reqwest::ClientBuilder {
    let builder = Client::builder()
        .no_proxy()
        .redirect(redirect::Policy::none());
    match Certificate::from_pem(ca_pem.as_bytes()) {
        Ok(ca) if !ca_pem.is_empty() => builder.tls_certs_only([ca]),
        Ok(_) | Err(_) => builder,
    }
}
