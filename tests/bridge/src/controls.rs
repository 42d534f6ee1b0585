//! What a test does to the world around the core: time, clipboard, servers. Under `/test`, and nowhere else.

use crate::{servers::Wanted, stage::Stage};
use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post, put},
};
use core_tests::Clipboard;
use domain::Clock;
use serde_json::{Value, json};
use simulators::{Door, Fault, ekodb::World};
use std::sync::{Arc, atomic::Ordering};

type On = State<Arc<Stage>>;

pub(crate) fn routes() -> Router<Arc<Stage>> {
    Router::new()
        .route("/test/clock", get(clock).post(advance))
        .route("/test/clipboard", get(clipboard).put(set_clipboard))
        .route("/test/desk", get(desk))
        .route("/test/picks", put(set_picks))
        .route("/test/restart", post(restart))
        .route("/test/servers", post(start_servers).delete(stop_servers))
        .route(
            "/test/servers/{name}",
            get(server).post(add_server).delete(stop_server),
        )
        .route(
            "/test/servers/{name}/faults",
            post(fault).delete(clear_faults),
        )
        .route("/test/servers/{name}/door", post(door))
        .route("/test/servers/{name}/world", get(world).put(set_world))
        .route("/test/servers/{name}/journal", get(journal))
}

async fn clock(State(stage): On) -> Json<i64> {
    Json(stage.clock.now().0)
}

/// Moves the core's clock and the servers' by so many milliseconds.
async fn advance(State(stage): On, Json(ms): Json<i64>) -> Json<i64> {
    stage.clock.advance(ms);
    stage.servers.lock().await.advance(ms);
    Json(stage.clock.now().0)
}

async fn clipboard(State(stage): On) -> Json<Value> {
    Json(match &*stage.desk.clipboard.lock().unwrap() {
        Clipboard::Empty => json!({ "kind": "empty" }),
        Clipboard::Text(text) => json!({ "kind": "text", "text": text }),
        Clipboard::Broken => json!({ "kind": "broken" }),
    })
}

/// A text, `null` for none, `false` for a clipboard that is not handed over.
async fn set_clipboard(State(stage): On, Json(held): Json<Value>) -> StatusCode {
    *stage.desk.clipboard.lock().unwrap() = match held {
        Value::String(text) => Clipboard::Text(text),
        Value::Null => Clipboard::Empty,
        Value::Bool(false) => Clipboard::Broken,
        Value::Bool(true) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            return StatusCode::BAD_REQUEST;
        }
    };
    StatusCode::NO_CONTENT
}

/// What the desktop was asked for.
async fn desk(State(stage): On) -> Json<Value> {
    Json(json!({
        "samples_opened": stage.desk.samples_opened.load(Ordering::SeqCst),
        "windows_renewed": stage.desk.windows_renewed.load(Ordering::SeqCst),
    }))
}

/// What a person picks in the next dialogs: a path, `null` for nothing, `false` where no dialog can be shown.
async fn set_picks(State(stage): On, Json(pick): Json<Value>) -> StatusCode {
    *stage.desk.picks.lock().unwrap() = match pick {
        Value::String(path) => Some(Some(path.into())),
        Value::Null => Some(None),
        Value::Bool(false) => None,
        Value::Bool(true) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            return StatusCode::BAD_REQUEST;
        }
    };
    StatusCode::NO_CONTENT
}

async fn restart(State(stage): On) -> StatusCode {
    stage.restart().await;
    StatusCode::NO_CONTENT
}

async fn start_servers(State(stage): On) -> StatusCode {
    let now = stage.clock.now().0;
    stage.servers.lock().await.start_samples(now).await;
    StatusCode::NO_CONTENT
}

async fn stop_servers(State(stage): On) -> StatusCode {
    stage.servers.lock().await.stop(None).await;
    StatusCode::NO_CONTENT
}

async fn server(State(stage): On, Path(name): Path<String>) -> Response {
    found(stage.servers.lock().await.reached(&name).map(Json))
}

async fn add_server(
    State(stage): On,
    Path(name): Path<String>,
    Json(wanted): Json<Wanted>,
) -> Response {
    let now = stage.clock.now().0;
    let mut servers = stage.servers.lock().await;
    servers.add(&name, &wanted, now).await;
    found(servers.reached(&name).map(Json))
}

async fn stop_server(State(stage): On, Path(name): Path<String>) -> StatusCode {
    stage.servers.lock().await.stop(Some(&name)).await;
    StatusCode::NO_CONTENT
}

async fn fault(State(stage): On, Path(name): Path<String>, Json(fault): Json<Fault>) -> Response {
    let servers = stage.servers.lock().await;
    found(servers.control(&name).map(|control| control.fault(fault)))
}

async fn clear_faults(State(stage): On, Path(name): Path<String>) -> Response {
    let servers = stage.servers.lock().await;
    found(
        servers
            .control(&name)
            .map(simulators::Control::clear_faults),
    )
}

async fn door(State(stage): On, Path(name): Path<String>, Json(door): Json<Door>) -> Response {
    let servers = stage.servers.lock().await;
    found(servers.control(&name).map(|control| control.set_door(door)))
}

async fn world(State(stage): On, Path(name): Path<String>) -> Response {
    let servers = stage.servers.lock().await;
    found(servers.control(&name).map(|control| Json(control.world())))
}

/// Changes everything that a server knows, as other administrators would.
async fn set_world(
    State(stage): On,
    Path(name): Path<String>,
    Json(next): Json<World>,
) -> Response {
    let servers = stage.servers.lock().await;
    let control = servers.control(&name);
    found(control.map(|control| control.edit(|world| *world = next)))
}

/// Every request that the server had.
async fn journal(State(stage): On, Path(name): Path<String>) -> Response {
    let servers = stage.servers.lock().await;
    found(
        servers
            .control(&name)
            .map(|control| Json(control.journal())),
    )
}

fn found(answer: Option<impl IntoResponse>) -> Response {
    answer.map_or_else(
        || StatusCode::NOT_FOUND.into_response(),
        IntoResponse::into_response,
    )
}
