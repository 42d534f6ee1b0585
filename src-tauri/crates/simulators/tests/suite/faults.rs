//! What goes wrong on purpose.

use std::time::Duration;

use crate::client::{Bench, KEYS, REGISTER, signed_in};
use serde_json::{Value, json};
use simulators::ekodb::Options;
use simulators::{Door, Effect, Fault, TlsMode};

async fn struck(effect: Effect) -> reqwest::Result<(reqwest::Response, Bench)> {
    let (bench, admin) = signed_in().await;
    bench.control.fault(Fault::on("GET", KEYS, effect));
    let response = bench.send("GET", KEYS, Some(&admin), None).await?;
    Ok((response, bench))
}

#[tokio::test]
async fn faults_that_answer_in_the_servers_place() {
    let status = Effect::Status {
        status: 503,
        retry_after: Some("soon".to_owned()),
        body: None,
    };
    let (response, _bench) = struck(status).await.unwrap();
    assert_eq!(
        (
            response.status().as_u16(),
            &response.headers()["retry-after"]
        ),
        (503, &"soon".parse().unwrap())
    );
    let (response, _bench) = struck(Effect::Html).await.unwrap();
    assert!(
        response.headers()["content-type"]
            .to_str()
            .unwrap()
            .starts_with("text/html")
    );
    let (response, _bench) = struck(Effect::Empty).await.unwrap();
    assert_eq!(
        (response.status().as_u16(), response.content_length()),
        (200, Some(0))
    );
    let redirect = Effect::Redirect {
        status: 307,
        to: "https://elsewhere.example/".to_owned(),
    };
    let (response, _bench) = struck(redirect).await.unwrap();
    assert_eq!(response.headers()["location"], "https://elsewhere.example/");
    let (response, _bench) = struck(Effect::InvalidToken500).await.unwrap();
    assert_eq!(
        (
            response.status().as_u16(),
            response.text().await.unwrap().contains("Invalid token")
        ),
        (500, true)
    );
    let (response, _bench) = struck(Effect::Deep { levels: 5000 }).await.unwrap();
    assert_eq!(response.text().await.unwrap().len(), 10_000);
    let replace = Effect::Replace {
        status: 418,
        content_type: "text/x".to_owned(),
        body: "[".to_owned(),
    };
    let (response, _bench) = struck(replace).await.unwrap();
    assert_eq!(
        (response.status().as_u16(), response.text().await.unwrap()),
        (418, "[".to_owned())
    );
    let (mut response, _bench) = struck(Effect::Huge { bytes: 3 << 20 }).await.unwrap();
    let mut received = 0;
    let end = loop {
        match response.chunk().await {
            Ok(Some(chunk)) => received += chunk.len(),
            end => break end,
        }
    };
    assert!(end.is_err() && received > 3 << 20, "{received}");
}

#[tokio::test]
async fn faults_of_the_connection() {
    assert!(struck(Effect::Reset).await.is_err());
    let (response, _bench) = struck(Effect::Truncated).await.unwrap();
    assert!(response.content_length().unwrap() > 100 && response.bytes().await.is_err());
    let (response, _bench) = struck(Effect::Encoded).await.unwrap();
    assert_eq!(response.headers()["content-encoding"], "gzip");
    assert_eq!(response.bytes().await.unwrap()[..2], [0x1f, 0x8b]);

    let begun = tokio::time::Instant::now();
    let (response, _bench) = struck(Effect::Drip { ms_per_byte: 1 }).await.unwrap();
    let length = response.content_length().unwrap();
    assert_eq!(response.bytes().await.unwrap().len() as u64, length);
    assert!(begun.elapsed() >= Duration::from_millis(length));

    let (bench, admin) = signed_in().await;
    bench.control.fault(Fault::on("*", KEYS, Effect::Hang));
    let hung = tokio::time::timeout(
        Duration::from_millis(300),
        bench.send("GET", KEYS, Some(&admin), None),
    );
    assert!(hung.await.is_err());
    let entry = bench.control.journal().pop().unwrap();
    assert_eq!((entry.path.as_str(), entry.status), (KEYS, 0));
    assert_eq!(bench.call("GET", KEYS, &admin, None).await.0, 200);
}

#[tokio::test]
async fn faults_that_apply_the_request() {
    let (bench, admin) = signed_in().await;
    bench
        .control
        .fault(Fault::on("POST", REGISTER, Effect::AppliedThenLost));
    let lost = bench
        .send(
            "POST",
            REGISTER,
            Some(&admin),
            Some(json!({ "label": "lost" })),
        )
        .await;
    assert!(lost.is_err());
    assert_eq!(
        bench.control.requests("POST", REGISTER),
        1,
        "the client did not repeat it by itself"
    );
    assert_eq!(bench.control.world().keys.len(), 3);

    bench
        .control
        .fault(Fault::on("POST", REGISTER, Effect::Delay { ms: 60_000 }));
    let late = bench.send(
        "POST",
        REGISTER,
        Some(&admin),
        Some(json!({ "label": "late" })),
    );
    assert!(
        tokio::time::timeout(Duration::from_millis(300), late)
            .await
            .is_err()
    );
    assert_eq!(bench.control.world().keys.len(), 4);

    bench
        .control
        .fault(Fault::on("POST", REGISTER, Effect::RippleWarning));
    let (_, record) = bench
        .call("POST", REGISTER, &admin, Some(json!({ "label": "ripple" })))
        .await;
    assert_eq!(record["ripple_warning"], "Incomplete propagation");

    let orders = format!("{KEYS}/{}/permissions/collections/orders", bench.shop.id);
    bench
        .control
        .fault(Fault::on("PUT", KEYS, Effect::DropRestrictions));
    let body = json!({ "read": true, "write": true, "exclude_fields": ["note"] });
    assert_eq!(
        bench
            .call("PUT", &orders, &admin, Some(body.clone()))
            .await
            .0,
        200
    );
    assert_eq!(
        bench.call("GET", &orders, &admin, None).await.1["exclude_fields"],
        Value::Null
    );
    bench.call("PUT", &orders, &admin, Some(body)).await;
    assert_eq!(
        bench.call("GET", &orders, &admin, None).await.1["exclude_fields"],
        json!(["note"])
    );
}

#[tokio::test]
async fn faults_wait_strike_and_expire() {
    let (bench, admin) = signed_in().await;
    let unavailable = || Effect::Status {
        status: 503,
        retry_after: None,
        body: None,
    };
    bench
        .control
        .fault(Fault::on("GET", KEYS, unavailable()).after(1).times(2));
    let mut seen = Vec::new();
    for _ in 0..5 {
        seen.push(bench.call("GET", KEYS, &admin, None).await.0);
    }
    assert_eq!(seen, [200, 503, 503, 200, 200]);
    bench
        .control
        .fault(Fault::always("GET", KEYS, unavailable()));
    for _ in 0..5 {
        assert_eq!(bench.call("GET", KEYS, &admin, None).await.0, 503);
    }
    assert_eq!(
        bench.call("GET", "/api/collections", &admin, None).await.0,
        200,
        "another path"
    );
    bench.control.clear_faults();
    assert_eq!(bench.call("GET", KEYS, &admin, None).await.0, 200);
}

#[tokio::test]
async fn a_door_stops_connections_before_there_is_a_request() {
    for tls in [TlsMode::Ca, TlsMode::Plain] {
        let bench = Bench::new(Options {
            tls,
            ..Options::default()
        })
        .await;
        let fresh = || crate::client::client(&bench.server.ca_pem());
        let url = format!("{}/api/health", bench.server.url());
        let pooled = fresh();
        assert_eq!(pooled.get(&url).send().await.unwrap().status(), 200);
        bench.control.clear_journal();

        bench.control.set_door(Door::Refusing);
        for client in [&pooled, &fresh()] {
            assert!(client.get(&url).send().await.is_err());
        }
        bench.control.set_door(Door::Open);
        assert_eq!(pooled.get(&url).send().await.unwrap().status(), 200);
        bench.control.clear_journal();

        bench.control.set_door(Door::Silent);
        for client in [&pooled, &fresh()] {
            let hung = tokio::time::timeout(Duration::from_millis(300), client.get(&url).send());
            assert!(hung.await.is_err(), "neither a reply nor an error");
        }
        let hasty = crate::client::builder(&bench.server.ca_pem());
        let hasty = hasty.connect_timeout(Duration::from_millis(300));
        let request = hasty.build().unwrap().get(&url).send();
        match tokio::time::timeout(Duration::from_secs(1), request).await {
            Ok(hung) => assert!(hung.unwrap_err().is_connect(), "in the TLS handshake"),
            Err(_) => assert_eq!(tls, TlsMode::Plain, "no handshake to hang in"),
        }
        assert_eq!(bench.control.journal(), []);
        bench.control.set_door(Door::Open);
        assert_eq!(fresh().get(&url).send().await.unwrap().status(), 200);
    }
}
