//! What either side takes for a server's address (§1, §10.1).

use ekodb_client::{Client, admin::AdminClient};
use oracle::{ADMIN, Ground, Official, Sent, shown};
use providers::{BaseUrl, UrlRefused};
use simulators::ekodb::Options;

/// What the official admin client says of an address and a key before it sends anything.
fn official(url: &str, key: &str) -> Result<(), String> {
    AdminClient::new(url, key)
        .map(drop)
        .map_err(|error| error.to_string())
}

#[test]
fn an_address_is_refused_before_anything_is_sent() {
    let refused = Err("Invalid configuration: Invalid admin configuration".to_owned());
    let unreadable = Err("Invalid configuration: Invalid admin base URL".to_owned());
    let table = [
        ("http://127.0.0.1:9140", ADMIN, Ok(())),
        ("https://shop.example", ADMIN, Ok(())),
        ("https://shop.example", " ", refused.clone()),
        ("ftp://shop.example", ADMIN, refused.clone()),
        ("https://admin@shop.example", ADMIN, refused.clone()),
        ("https://admin:word@shop.example", ADMIN, refused),
        ("127.0.0.1:9140", ADMIN, unreadable.clone()),
        ("", ADMIN, unreadable),
    ];
    for (url, key, expected) in table {
        assert_eq!(official(url, key), expected, "{url}");
        if expected.is_err() && !key.trim().is_empty() {
            assert!(BaseUrl::parse(url, true).is_err(), "{url}: Keystead too");
        }
    }
    let data = Client::builder().base_url("127.0.0.1:9140").api_key(ADMIN);
    assert!(data.build().is_err());
}

/// The official client drops a path without a word; Keystead says that it cannot be.
#[tokio::test]
async fn a_path_below_the_origin_is_dropped_by_one_and_refused_by_the_other() {
    let ground = Ground::start(Options::default(), |_| {}).await;
    let url = format!("{}/some/prefix/", ground.server.url());
    let client = Official::at(&url);
    assert_eq!(
        ground.control.journal().len(),
        0,
        "making one sends nothing"
    );
    shown(client.admin.list_api_keys().await).unwrap();
    shown(client.data.get_schema("users").await).unwrap();
    let sent: Vec<Sent> = ground.control.journal().iter().map(Sent::from).collect();
    let wanted = [
        Sent::token(),
        Sent::get("/api/auth/keys"),
        Sent::token(),
        Sent::get("/api/schemas/users"),
    ];
    assert_eq!(sent, wanted);

    assert_eq!(BaseUrl::parse(&url, true), Err(UrlRefused::MoreThanOrigin));
}
