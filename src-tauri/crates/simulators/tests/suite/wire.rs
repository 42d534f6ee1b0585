//! What is written down, and who gets through TLS.

use crate::client::{Bench, KEYS, NOW, REGISTER, builder, signed_in};
use serde_json::json;
use simulators::ekodb::{Key, Options};
use simulators::{TlsMode, journal};

#[tokio::test]
async fn the_journal_holds_what_happened_and_no_secret() {
    let (bench, admin) = signed_in().await;
    let chosen = Key::new("", 0).prefix("eko_ks_").key;
    let chosen = chosen.as_str();
    let body = json!({ "api_key": bench.admin, "key": chosen, "label": format!("copy of {}", bench.shop.key) });
    bench.call("POST", REGISTER, &admin, Some(body)).await;
    bench
        .call("DELETE", &format!("{KEYS}/{chosen}"), &admin, None)
        .await;
    bench
        .call("DELETE", &format!("{KEYS}/{chosen}"), &admin, None)
        .await;
    bench
        .call(
            "GET",
            &format!("/api/find/orders?key={}", bench.shop.key),
            &admin,
            None,
        )
        .await;
    let late = json!({ "label": format!("was {chosen}."), "api_key": bench.admin });
    bench.call("POST", REGISTER, &admin, Some(late)).await;
    let journal = bench.control.journal();
    let text = serde_json::to_string(&journal).unwrap();
    for secret in [bench.admin.as_str(), chosen, &bench.shop.key, &admin] {
        assert!(!text.contains(secret));
        assert!(
            text.contains(&journal::fingerprint(secret)),
            "positive control"
        );
    }
    let lines: Vec<_> = journal
        .iter()
        .map(|entry| (entry.method.as_str(), entry.path.as_str(), entry.status))
        .collect();
    let revoked = format!("{KEYS}/{}", journal::fingerprint(chosen));
    assert_eq!(
        lines,
        [
            ("POST", "/api/auth/token", 200),
            ("POST", REGISTER, 200),
            ("DELETE", revoked.as_str(), 200),
            ("DELETE", revoked.as_str(), 404),
            ("GET", "/api/find/orders", 200),
            ("POST", REGISTER, 200),
        ]
    );
    assert_eq!(journal[0].by, None);
    assert_eq!(
        journal[1].by.as_ref(),
        Some(&bench.control.world().keys[0].id)
    );
    assert_eq!(journal[1].at_ms, NOW);
    assert_eq!(bench.control.requests("DELETE", KEYS), 2);
}

#[tokio::test]
async fn only_a_good_certificate_and_tls_1_3_get_through() {
    let modes = [
        (TlsMode::Ca, true),
        (TlsMode::Plain, true),
        (TlsMode::Expired, false),
        (TlsMode::NotYetValid, false),
        (TlsMode::OtherHost, false),
        (TlsMode::SelfSigned, false),
        (TlsMode::UnknownCa, false),
        (TlsMode::CommonNameOnly, false),
        (TlsMode::ClientUsage, false),
        (TlsMode::CaAsServer, false),
        (TlsMode::Tls12, true),
    ];
    for (tls, accepted) in modes {
        let bench = Bench::new(Options {
            tls,
            ..Options::default()
        })
        .await;
        assert_eq!(
            bench.server.url().starts_with("https://"),
            tls != TlsMode::Plain
        );
        assert_eq!(
            bench.send("GET", "/api/health", None, None).await.is_ok(),
            accepted,
            "{tls:?}"
        );
    }
    let old = Bench::new(Options {
        tls: TlsMode::Tls12,
        ..Options::default()
    })
    .await;
    let modern = builder(&old.server.ca_pem()).tls_version_min(reqwest::tls::Version::TLS_1_3);
    let refused = modern.build().unwrap().get(old.server.url()).send().await;
    assert!(refused.is_err());
    let (bench, _) = signed_in().await;
    let url = format!("{}/api/health", bench.server.url());
    for (limit, accepted) in [
        (reqwest::tls::Version::TLS_1_2, false),
        (reqwest::tls::Version::TLS_1_3, true),
    ] {
        let client = builder(&bench.server.ca_pem())
            .tls_version_max(limit)
            .build()
            .unwrap();
        assert_eq!(client.get(&url).send().await.is_ok(), accepted);
    }
}
