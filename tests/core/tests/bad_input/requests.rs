//! Requests that a window should not send, and addresses that a person should not give.

use crate::{Case, case};
use app::{Code, Failure, commands, deployments::NewLink};
use core_tests::{Rig, keys_query};
use domain::{Environment, LinkSpec, Secret, TlsMinimum, Trust};
use serde_json::{Value, json};

pub(crate) fn cases() -> Vec<Case> {
    vec![
        case(
            "requests that cannot be read",
            Code::BadRequest,
            unreadable(),
        ),
        case(
            "commands by the wrong door",
            Code::UnknownCommand,
            wrong_doors(),
        ),
        case(
            "unknown deployments",
            Code::DeploymentUnknown,
            unknown_deployments(),
        ),
        case("unknown keys", Code::KeyUnknown, unknown_keys()),
        case(
            "addresses that are none",
            Code::UrlRefused,
            addresses(&[
                "",
                "shop",
                "shop.example:443",
                "ftp://shop.example",
                "https://a:b@shop.example",
                "https://shop.example/x",
                "https://shop.example?key=eko_prod_x",
                "javascript:alert(1)",
            ]),
        ),
        case(
            "plain http",
            Code::PlainHttpRefused,
            addresses(&["http://shop.example", "http://127.0.0.1:1"]),
        ),
        case(
            "a real server in the sample profile",
            Code::NotLoopback,
            addresses(&["https://shop.example"]),
        ),
    ]
}

async fn failures(rig: &Rig, requests: Vec<(&str, Value)>) -> Vec<Failure> {
    let before = rig.picture().await;
    let mut failures = Vec::new();
    for (name, request) in requests {
        let taken = format!("{name} took {request}");
        let Err(failure) = rig.call(name, request).await else {
            panic!("{taken}")
        };
        failures.push(failure);
    }
    assert_eq!(rig.picture().await, before);
    failures
}

async fn unreadable() -> Vec<Failure> {
    let rig = Rig::new().await;
    let mut with_more = keys_query("");
    with_more["sql"] = json!("DROP TABLE keys");
    let mut too_many = keys_query("");
    too_many["limit"] = json!(201);
    let mut none = keys_query("");
    none["limit"] = json!(0);
    let mut negative = keys_query("");
    negative["offset"] = json!(-1);
    let settings = json!({ "theme": "light", "panel_width": 10, "panel_open": true });
    let requests = vec![
        ("keys_list", Value::Null),
        ("keys_list", json!({})),
        ("keys_list", with_more),
        ("keys_list", too_many),
        ("keys_list", none),
        ("keys_list", negative),
        ("app_state", json!({ "ekodb": "eko_prod_planted" })),
        ("secret_offer", json!({ "secret": ["eko_prod_planted"] })),
        (
            "secret_offer",
            json!({ "secret": "eko_prod_planted", "more": 1 }),
        ),
        ("settings_save", settings),
        (
            "settings_save",
            json!({ "theme": "\u{202e}<b>", "panel_width": 400, "panel_open": true }),
        ),
    ];
    failures(&rig, requests).await
}

async fn wrong_doors() -> Vec<Failure> {
    let rig = Rig::new().await;
    let mut failures = Vec::new();
    for (name, own) in commands::COMMANDS {
        for door in [
            commands::Effect::Read,
            commands::Effect::Write,
            commands::Effect::Reveal,
        ] {
            if door != *own {
                failures.push(
                    commands::dispatch(&rig.app, door, name, json!({}))
                        .await
                        .unwrap_err(),
                );
            }
        }
    }
    let odd = commands::dispatch(
        &rig.app,
        commands::Effect::Read,
        "<script>\u{202e}",
        json!({}),
    )
    .await;
    failures.push(odd.unwrap_err());
    failures
}

async fn unknown_deployments() -> Vec<Failure> {
    let rig = Rig::new().await;
    let other = "01919191-0000-7000-8000-000000000000";
    let mut query = keys_query("");
    query["deployment"] = json!("../x");
    let requests = vec![
        ("sync_start", json!({ "deployment": other })),
        ("sync_cancel", json!({ "deployment": "x" })),
        (
            "resource_fields",
            json!({ "deployment": other, "resource": "orders" }),
        ),
        ("keys_list", query),
        ("deployment_link", json!({ "deployment": other })),
        ("deployment_remove_preview", json!({ "deployment": "x" })),
        (
            "deployment_remove",
            json!({ "deployment": other, "confirmation": "x" }),
        ),
    ];
    failures(&rig, requests).await
}

async fn unknown_keys() -> Vec<Failure> {
    let rig = Rig::new().await;
    let other = "01919191-0000-7000-8000-000000000000";
    let requests = vec![
        ("key_show", json!({ "key": other })),
        ("key_show", json!({ "key": "' OR 1=1 --" })),
        (
            "key_rights",
            json!({ "key": other, "text": "", "offset": 0, "limit": 1 }),
        ),
    ];
    failures(&rig, requests).await
}

async fn addresses(urls: &'static [&'static str]) -> Vec<Failure> {
    let rig = Rig::new().await;
    let mut failures = Vec::new();
    for url in urls {
        let link = LinkSpec {
            url: (*url).to_owned(),
            trust: Trust::System,
            tls_minimum: TlsMinimum::Tls13,
            allow_plain_loopback: false,
        };
        let new = NewLink {
            name: "x".to_owned(),
            environment: Environment::Test,
            provider: "ekodb".to_owned(),
            link,
            credential: Secret::new("fake-credential-of-nobody".to_owned()),
        };
        let Err(failure) = app::deployments::add(&rig.app, new).await else {
            panic!("{url}")
        };
        failures.push(failure);
    }
    let all = rig.call("deployments_list", json!({})).await.unwrap();
    assert_eq!(all.as_array().unwrap().len(), 1, "nothing was added");
    failures
}
