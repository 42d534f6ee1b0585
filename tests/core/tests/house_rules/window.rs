//! The window is not trusted: `tauri.conf.json`, the shell's manifest and the shell's own code.

use serde_json::{Value, json};

use crate::edges::{Needs, declared, metadata, planted};
use crate::tree::{File, assert_kept, is_comment, names, tree};

pub(crate) const CONFIG: &str = "src-tauri/tauri.conf.json";
const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
    font-src 'self'; connect-src ipc: http://ipc.localhost; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'; object-src 'none'";

/// Settings with one right value; `null` stands for a setting that must be absent.
fn required() -> [(&'static str, Value); 11] {
    [
        ("/app/security/csp", json!(CSP)),
        ("/app/security/devCsp", Value::Null),
        ("/app/security/freezePrototype", json!(true)),
        ("/app/security/assetProtocol", Value::Null),
        (
            "/app/security/dangerousDisableAssetCspModification",
            Value::Null,
        ),
        ("/app/security/dangerousUseHttpScheme", Value::Null),
        ("/app/withGlobalTauri", json!(false)),
        ("/build/devUrl", Value::Null),
        ("/build/beforeDevCommand", Value::Null),
        ("/plugins/updater", Value::Null),
        ("/bundle/createUpdaterArtifacts", Value::Null),
    ]
}

/// What every window says.
fn of_each_window() -> [(&'static str, Value); 4] {
    [
        ("/create", json!(false)),
        ("/incognito", json!(true)),
        ("/devtools", json!(false)),
        ("/dragDropEnabled", json!(false)),
    ]
}

fn config_breaches(config: &Value) -> Vec<String> {
    let mut found = differences("", config, &required());
    let windows = config.pointer("/app/windows").and_then(Value::as_array);
    match windows {
        Some(windows) if !windows.is_empty() => {
            for (at, window) in windows.iter().enumerate() {
                found.extend(differences(
                    &format!("/app/windows/{at}"),
                    window,
                    &of_each_window(),
                ));
            }
        }
        _ => found.push("/app/windows: none is described".to_owned()),
    }
    found
}

fn differences(place: &str, config: &Value, wanted: &[(&str, Value)]) -> Vec<String> {
    wanted
        .iter()
        .filter_map(|(pointer, wanted)| {
            let present = config.pointer(pointer).unwrap_or(&Value::Null);
            (present != wanted).then(|| format!("{place}{pointer} is {present}, not {wanted}"))
        })
        .collect()
}

/// Windows are built by code that refuses to leave the program's own pages, never with developer
/// tools, and never with a memory of their own but in the build that a driver steers.
fn shell_breaches(files: &[File]) -> Vec<String> {
    let mut found = Vec::new();
    for file in files
        .iter()
        .filter(|file| file.path.starts_with("src-tauri/src/"))
    {
        let lines: Vec<&str> = file.text.lines().collect();
        for (at, line) in lines.iter().enumerate() {
            let near = lines.get(at.saturating_sub(3)..=at).unwrap_or_default();
            let steered = near.iter().any(|line| is_driver_only(line));
            let refused = names(line, "open_devtools")
                || line.contains(".devtools(true")
                || (names(line, "incognito") && !line.contains("incognito(true)") && !steered);
            if refused && !is_comment(line) {
                found.push(format!("{}:{}: {}", file.path, at + 1, line.trim()));
            }
        }
        if file.text.contains("WebviewWindowBuilder::") && !file.text.contains(".on_navigation(") {
            found.push(format!(
                "{}: builds a window without on_navigation",
                file.path
            ));
        }
    }
    found
}

fn is_driver_only(line: &str) -> bool {
    let cfg =
        line.contains("cfg(feature = \"driver\")") || line.contains("cfg!(feature = \"driver\")");
    cfg && !line.trim_start().starts_with("//")
}

/// Tauri's own features that would open the window: developer tools and files over a protocol; and the one
/// of ours that opens private readers to a fuzzer.
fn feature_breaches(needs: &[Needs]) -> Vec<String> {
    needs
        .iter()
        .flat_map(|need| {
            let opening: &[&str] = match need.library.as_str() {
                "tauri" => &["devtools", "protocol-asset", "isolation"],
                "providers" => &["fuzzing"],
                _ => &[],
            };
            let opened = |feature: &&String| opening.contains(&feature.as_str());
            need.features
                .iter()
                .filter(opened)
                .map(|f| format!("{} asks {} for {f}", need.member, need.library))
        })
        .collect()
}

/// What a crate's features switch on by themselves: `(feature, what it names)`.
fn default_breaches(features: &[(String, Vec<String>)]) -> Vec<String> {
    let mut reached = vec!["default".to_owned()];
    let mut at = 0;
    while let Some(feature) = reached.get(at).cloned() {
        let named = features
            .iter()
            .filter(|(name, _)| *name == feature)
            .flat_map(|(_, named)| named);
        for name in named {
            if !reached.contains(name) {
                reached.push(name.clone());
            }
        }
        at += 1;
    }
    let mut found: Vec<String> = reached
        .into_iter()
        .filter(|name| ["beacon", "driver", "fuzzing"].contains(&last_part(name)))
        .map(|name| format!("{name} is on by default"))
        .collect();
    let tools = features.iter().flat_map(|(_, named)| named).filter(|name| {
        ["tauri/devtools", "tauri?/devtools", "tauri/protocol-asset"].contains(&name.as_str())
            || (name.contains('/') && last_part(name) == "fuzzing")
    });
    found.extend(tools.map(|name| format!("a feature switches on {name}")));
    found
}

fn last_part(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

#[test]
fn the_configuration_trusts_no_window() {
    assert_kept(CONFIG, &config_breaches(&parsed(&tree(), CONFIG)));
}

#[test]
fn a_laxer_configuration_is_caught() {
    let mut good = json!({ "app": { "security": {}, "windows": [{}] }, "build": {}, "plugins": {}, "bundle": {} });
    for (pointer, value) in required().into_iter().filter(|(_, value)| !value.is_null()) {
        put(&mut good, pointer, value);
    }
    for (pointer, value) in of_each_window() {
        put(&mut good, &format!("/app/windows/0{pointer}"), value);
    }
    assert_eq!(config_breaches(&good), [""; 0]);

    let everywhere = required().map(|(pointer, _)| pointer.to_owned());
    let in_a_window = of_each_window().map(|(pointer, _)| format!("/app/windows/0{pointer}"));
    for pointer in everywhere.iter().chain(&in_a_window) {
        let mut laxer = good.clone();
        put(&mut laxer, pointer, json!("other"));
        assert_eq!(config_breaches(&laxer).len(), 1, "{pointer}");
    }
    assert_eq!(
        config_breaches(&json!({})).len(),
        4,
        "what must be there, and the windows"
    );
}

#[test]
fn the_shell_opens_no_window_wider() {
    assert_kept("a window opened wider", &shell_breaches(&tree()));
}

#[test]
fn a_wider_window_is_caught() {
    for text in [
        "window.open_devtools();",
        "builder.devtools(true)",
        "builder.incognito(false)",
        "config.incognito = false;",
        "#[cfg(not(feature = \"driver\"))]\nlet builder = builder.incognito(false);",
        "WebviewWindowBuilder::new(app, \"main\", url).build()",
    ] {
        assert_eq!(
            shell_breaches(&[File::new("src-tauri/src/a.rs", text)]).len(),
            1,
            "{text}"
        );
    }
    for text in [
        "#[cfg(feature = \"driver\")]\nlet builder = builder.incognito(false);",
        "let builder = builder.incognito(!cfg!(feature = \"driver\"));",
        "WebviewWindowBuilder::new(app, \"main\", url).on_navigation(stays).build()",
    ] {
        assert_eq!(
            shell_breaches(&[File::new("src-tauri/src/a.rs", text)]),
            [""; 0],
            "{text}"
        );
    }
}

#[test]
fn no_feature_opens_the_window() {
    let mut found = feature_breaches(&declared());
    for package in metadata().packages {
        found.extend(default_breaches(
            &package.features.into_iter().collect::<Vec<_>>(),
        ));
    }
    assert_kept("a feature that opens the window", &found);
}

#[test]
fn an_opening_feature_is_caught() {
    let mut need = planted("keystead", "tauri");
    need.features = vec!["wry".to_owned(), "devtools".to_owned()];
    assert_eq!(
        feature_breaches(&[need]),
        ["keystead asks tauri for devtools"]
    );
    let mut need = planted("app", "providers");
    need.features = vec!["fuzzing".to_owned()];
    assert_eq!(
        feature_breaches(&[need]),
        ["app asks providers for fuzzing"]
    );

    let feature = |name: &str, named: &str| (name.to_owned(), vec![named.to_owned()]);
    let by_default = [feature("default", "steered"), feature("steered", "driver")];
    assert_eq!(default_breaches(&by_default), ["driver is on by default"]);
    let by_default = [feature("default", "fuzzing")];
    assert_eq!(default_breaches(&by_default), ["fuzzing is on by default"]);
    let door = [feature("tests", "providers/fuzzing")];
    assert_eq!(
        default_breaches(&door),
        ["a feature switches on providers/fuzzing"]
    );
    let tools = [feature("driver", "tauri/devtools")];
    assert_eq!(
        default_breaches(&tools),
        ["a feature switches on tauri/devtools"]
    );
}

/// The JSON file of that path.
pub(crate) fn parsed(files: &[File], path: &str) -> Value {
    let file = files
        .iter()
        .find(|file| file.path == path)
        .unwrap_or_else(|| panic!("no {path}"));
    serde_json::from_str(&file.text).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn put(config: &mut Value, pointer: &str, value: Value) {
    let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
    config.pointer_mut(parent).expect("the parent")[key] = value;
}
