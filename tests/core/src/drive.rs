//! A person who takes a rotation from its plan to its end, one command at a time.

use crate::TestClock;
use app::{App, Failure};
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};

/// Runs a command as the window would, by the right door.
///
/// # Errors
/// The command's.
pub async fn call(app: &Arc<App>, name: &str, request: Value) -> Result<Value, Failure> {
    let effect = app::commands::COMMANDS
        .iter()
        .find(|(known, _)| *known == name)
        .unwrap()
        .1;
    app::commands::dispatch(app, effect, name, request).await
}

/// Looks at what a wish comes to and begins it; the operation's id.
///
/// # Errors
/// Why it cannot be done.
pub async fn begin(app: &Arc<App>, wish: &Value) -> Result<Value, Failure> {
    let plan = call(app, "rotation_plan", wish.clone()).await?;
    let begun = json!({ "wish": wish, "plan": plan["plan"] });
    Ok(call(app, "rotation_begin", begun).await?["operation"].clone())
}

/// Where an operation stands.
pub async fn show(app: &Arc<App>, operation: &Value) -> Value {
    call(app, "rotation_show", json!({ "operation": operation }))
        .await
        .unwrap()
}

/// Where it stands once nothing goes on by itself.
pub async fn rest(app: &Arc<App>, operation: &Value) -> Value {
    loop {
        let view = show(app, operation).await;
        if view["running"] == json!(false) {
            return view;
        }
        tokio::time::sleep(Duration::from_millis(3)).await;
    }
}

/// One act of a person, and where it rests after it.
///
/// # Errors
/// Why it is not possible.
pub async fn act(app: &Arc<App>, operation: &Value, act: Value) -> Result<Value, Failure> {
    let request = json!({ "operation": operation, "act": act });
    call(app, "rotation_act", request).await?;
    Ok(rest(app, operation).await)
}

/// Ends a key with the words that are asked for, and where it rests after it.
///
/// # Errors
/// Why it is refused.
pub async fn revoke(app: &Arc<App>, operation: &Value, of: &str) -> Result<Value, Failure> {
    let view = show(app, operation).await;
    let typed = match of {
        "old" => view["confirmation"].clone(),
        _ => view["rollback_confirmation"].clone(),
    };
    let request = json!({ "operation": operation, "of": of, "typed": typed });
    call(app, "rotation_revoke", request).await?;
    Ok(rest(app, operation).await)
}

/// Does what leads on until `until` is reached, the operation ends, or a person would have to think.
pub async fn drive(app: &Arc<App>, clock: &TestClock, operation: &Value, until: &str) -> Value {
    let mut view = rest(app, operation).await;
    // Every step leads on, and there are fewer than this many.
    for _ in 0..60 {
        let state = view["state"].as_str().unwrap().to_owned();
        if state == until || ["closed", "rolled_back", "abandoned"].contains(&state.as_str()) {
            return view;
        }
        let next = match state.as_str() {
            "verified" => {
                let request = json!({ "operation": operation, "to": { "to": "person", "name": "M. Example" } });
                call(app, "rotation_deliver", request)
                    .await
                    .map(|_| Value::Null)
            }
            "delivered" if view["purpose"] == json!("create") => {
                act(app, operation, json!({ "act": "finish" })).await
            }
            "delivered" => {
                act(
                    app,
                    operation,
                    json!({ "act": "confirm", "by": "M. Example" }),
                )
                .await
            }
            "adopted" if view["acts"].as_array().unwrap().contains(&json!("pause")) => {
                act(app, operation, json!({ "act": "pause" })).await
            }
            "adopted" | "paused" => act(app, operation, json!({ "act": "begin_soak" })).await,
            "soaking" if view["acts"].as_array().unwrap().contains(&json!("revoke")) => {
                revoke(app, operation, "old").await
            }
            "soaking" => act(app, operation, json!({ "act": "skip_soak" })).await,
            "planned" if view["purpose"] == json!("revoke") => revoke(app, operation, "old").await,
            "equipped" => act(app, operation, json!({ "act": "verify" })).await,
            "create_unknown" => {
                clock.advance(61_000);
                act(app, operation, json!({ "act": "again" })).await
            }
            "planned" | "created" | "revoked" | "revoke_unknown" | "create_refused" => {
                act(app, operation, json!({ "act": "again" })).await
            }
            _ => return view,
        };
        view = rest(app, operation).await;
        if next.is_err() && view["state"] == json!(state) {
            return view;
        }
    }
    panic!("it does not come to an end: {view:#}");
}
