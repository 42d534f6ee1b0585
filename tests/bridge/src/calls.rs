//! The doors that the shell has, over HTTP.

use crate::stage::Stage;
use app::{
    Events,
    commands::{Effect, dispatch},
};
use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    response::{
        IntoResponse, Response, Sse,
        sse::{self, KeepAlive},
    },
    routing::{get, post},
};
use futures_util::{Stream, stream};
use serde_json::Value;
use std::{collections::VecDeque, convert::Infallible, sync::Arc};

/// What the main window may ask for, as the shell grants it.
const CAPABILITY: &str = include_str!("../../../src-tauri/capabilities/main.json");

pub(crate) fn routes() -> Router<Arc<Stage>> {
    Router::new()
        .route("/call/{effect}/{name}", post(call))
        .route("/events", get(events))
}

/// A failure is 422 with the failure as the body; a door that the window does not have is 403.
async fn call(
    State(stage): State<Arc<Stage>>,
    Path((effect, name)): Path<(String, String)>,
    Json(request): Json<Value>,
) -> Response {
    let doors = [Effect::Read, Effect::Write, Effect::Reveal];
    let Some(effect) = doors.into_iter().find(|door| door.word() == effect) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    if !is_granted(effect) {
        return StatusCode::FORBIDDEN.into_response();
    }
    match dispatch(&stage.app().await, effect, &name, request).await {
        Ok(response) => Json(response).into_response(),
        Err(failure) => (StatusCode::UNPROCESSABLE_ENTITY, Json(failure)).into_response(),
    }
}

fn is_granted(effect: Effect) -> bool {
    let capability: Value = serde_json::from_str(CAPABILITY).unwrap();
    let wanted = format!("allow-call-{}", effect.word());
    let granted = capability["permissions"].as_array().unwrap();
    granted.iter().any(|permission| *permission == *wanted)
}

async fn events(
    State(stage): State<Arc<Stage>>,
) -> Sse<impl Stream<Item = Result<sse::Event, Infallible>>> {
    let begun = (Events::of(&stage.app().await), VecDeque::new());
    let stream = stream::unfold(begun, async |(mut events, mut waiting)| {
        while waiting.is_empty() {
            waiting.extend(events.next().await?);
        }
        let event = waiting.pop_front()?;
        let told = sse::Event::default().json_data(event).unwrap();
        Some((Ok(told), (events, waiting)))
    });
    Sse::new(stream).keep_alive(KeepAlive::default())
}
