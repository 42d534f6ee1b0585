//! Who may come in: the page's files are for anybody on this machine, everything else is for who has the
//! run's token.

use crate::{calls, controls, page, stage::Stage};
use axum::{
    Router,
    extract::{Request, State},
    http::{StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use std::sync::Arc;

/// Everything that is answered. What the token guards is one router, so that no route of it is forgotten.
pub(crate) fn routes(stage: &Arc<Stage>) -> Router {
    let guarded = Router::new()
        .merge(calls::routes())
        .merge(controls::routes())
        .route_layer(middleware::from_fn_with_state(Arc::clone(stage), has_token));
    Router::new()
        .merge(guarded)
        .fallback(page::file)
        .layer(middleware::from_fn_with_state(
            Arc::clone(stage),
            asks_for_us,
        ))
        .with_state(Arc::clone(stage))
}

async fn has_token(State(stage): State<Arc<Stage>>, request: Request, next: Next) -> Response {
    let wanted = format!("Bearer {}", stage.token);
    let sent = request.headers().get(header::AUTHORIZATION);
    if sent.is_some_and(|sent| sent.as_bytes() == wanted.as_bytes()) {
        next.run(request).await
    } else {
        StatusCode::UNAUTHORIZED.into_response()
    }
}

/// A page of another name that was made to resolve to this machine does not get in.
async fn asks_for_us(State(stage): State<Arc<Stage>>, request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST);
    if host.is_some_and(|host| host.as_bytes() == stage.host.as_bytes()) {
        next.run(request).await
    } else {
        StatusCode::MISDIRECTED_REQUEST.into_response()
    }
}
