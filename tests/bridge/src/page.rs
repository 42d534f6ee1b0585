//! The screen's files, under the policy that the window has.

use crate::stage::Stage;
use axum::{
    extract::{Request, State},
    http::{Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::Value;
use std::sync::Arc;

/// As the shell has it.
const CONFIG: &str = include_str!("../../../src-tauri/tauri.conf.json");
/// What Tauri runs before the page's own scripts where `freezePrototype` is set.
const FREEZE: &str = "Object.freeze(Object.prototype);\n";
const FREEZE_AT: &str = "/freeze-prototype.js";

/// The window's content policy, but that the core is asked over HTTP.
pub(crate) fn policy() -> String {
    let config: Value = serde_json::from_str(CONFIG).unwrap();
    let policy = config["app"]["security"]["csp"].as_str().unwrap();
    let directives = policy.split(';').map(str::trim).map(|directive| {
        if directive.starts_with("connect-src ") {
            "connect-src 'self'"
        } else {
            directive
        }
    });
    directives.collect::<Vec<_>>().join("; ")
}

/// A file of the screen.
pub(crate) async fn file(State(stage): State<Arc<Stage>>, request: Request) -> Response {
    if request.method() != Method::GET {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let path = match request.uri().path() {
        "/" => "/index.html",
        path => path,
    };
    let is_plain = path.split('/').skip(1).all(|part| {
        !part.is_empty()
            && !part.starts_with('.')
            && part
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
    });
    if path == FREEZE_AT {
        return answer("text/javascript", FREEZE.into());
    }
    if !is_plain {
        return StatusCode::NOT_FOUND.into_response();
    }
    match tokio::fs::read(stage.screen.join(path.trim_start_matches('/'))).await {
        Ok(bytes) if path == "/index.html" => answer(kind(path), frozen(bytes)),
        Ok(bytes) => answer(kind(path), bytes),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

/// The page, with the script that freezes prototypes before all others.
fn frozen(page: Vec<u8>) -> Vec<u8> {
    let config: Value = serde_json::from_str(CONFIG).unwrap();
    assert_eq!(config["app"]["security"]["freezePrototype"], true);
    let page = String::from_utf8(page).unwrap();
    let (before, after) = page.split_once("<head>").expect("the page has a head");
    format!("{before}<head><script src=\"{FREEZE_AT}\"></script>{after}").into_bytes()
}

fn answer(kind: &'static str, bytes: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_SECURITY_POLICY, policy()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (header::REFERRER_POLICY, "no-referrer".to_owned()),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, bytes).into_response()
}

fn kind(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, end)| end) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript",
        Some("css") => "text/css",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}
