//! Which window may call what: the capability files, and the commands that exist at all.

use serde_json::{Value, json};

use crate::tree::{File, assert_kept, tree};
use crate::window::{CONFIG, parsed};

const FOLDER: &str = "src-tauri/capabilities/";
const BUILD: &str = "src-tauri/build.rs";
/// Window, and all it may call.
const WINDOWS: [(&str, &[&str]); 2] = [
    (
        "main",
        &["allow-call-read", "allow-call-write", "allow-subscribe"],
    ),
    ("reveal", &["allow-call-reveal"]),
];
const COMMANDS: [&str; 4] = ["call_read", "call_reveal", "call_write", "subscribe"];
/// What a capability may say; anything else widens it (`remote`, `webviews`, …).
const KEYS: [&str; 6] = [
    "$schema",
    "identifier",
    "description",
    "windows",
    "permissions",
    "local",
];

fn capability_breaches(name: &str, capability: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let Some((window, permissions)) = WINDOWS.iter().find(|(window, _)| *window == name) else {
        return vec![format!("{FOLDER}{name}.json: no window has that name")];
    };
    for (key, wanted) in [
        ("windows", vec![*window]),
        ("permissions", permissions.to_vec()),
    ] {
        let present = capability.get(key).and_then(strings);
        if present.as_ref() != Some(&wanted) {
            found.push(format!(
                "{FOLDER}{name}.json: {key} is {present:?}, not {wanted:?}"
            ));
        }
    }
    if capability
        .get("local")
        .is_some_and(|local| *local != json!(true))
    {
        found.push(format!("{FOLDER}{name}.json: local is not true"));
    }
    let keys = capability
        .as_object()
        .into_iter()
        .flat_map(|object| object.keys());
    let unknown = keys.filter(|key| !KEYS.contains(&key.as_str()));
    found.extend(unknown.map(|key| format!("{FOLDER}{name}.json: says {key}")));
    found
}

/// The list, sorted; none where anything in it is not a plain string.
fn strings(list: &Value) -> Option<Vec<&str>> {
    let mut list: Vec<&str> = list
        .as_array()?
        .iter()
        .map(Value::as_str)
        .collect::<Option<_>>()?;
    list.sort_unstable();
    Some(list)
}

fn folder_breaches(files: &[File]) -> Vec<String> {
    let mut present: Vec<&str> = files
        .iter()
        .filter_map(|file| file.path.strip_prefix(FOLDER))
        .collect();
    present.sort_unstable();
    let wanted = WINDOWS.map(|(window, _)| format!("{window}.json"));
    if present == wanted {
        return Vec::new();
    }
    vec![format!("{FOLDER} holds {present:?}, not {wanted:?}")]
}

/// A configuration that names capabilities names those two, and describes none itself.
fn named_breaches(config: &Value) -> Vec<String> {
    let Some(named) = config.pointer("/app/security/capabilities") else {
        return Vec::new();
    };
    if strings(named) == Some(WINDOWS.map(|(window, _)| window).to_vec()) {
        return Vec::new();
    }
    vec![format!("{CONFIG}: capabilities are {named}")]
}

/// Without this list in the build script, Tauri lets every window call every command.
fn command_breaches(build: &str) -> Vec<String> {
    let listed = build
        .split_once("commands(")
        .and_then(|(_, rest)| rest.split_once(')'));
    let mut commands: Vec<&str> = listed
        .map(|(list, _)| list.split('"').skip(1).step_by(2).collect())
        .unwrap_or_default();
    commands.sort_unstable();
    if build.contains("AppManifest") && commands == COMMANDS {
        return Vec::new();
    }
    vec![format!("{BUILD}: lists {commands:?}, not {COMMANDS:?}")]
}

#[test]
fn each_window_calls_what_it_may() {
    let files = tree();
    let mut found = folder_breaches(&files);
    for (window, _) in WINDOWS {
        found.extend(capability_breaches(
            window,
            &parsed(&files, &format!("{FOLDER}{window}.json")),
        ));
    }
    found.extend(named_breaches(&parsed(&files, CONFIG)));
    assert_kept("capabilities", &found);
}

#[test]
fn a_wider_capability_is_caught() {
    let good = json!({
        "identifier": "main",
        "windows": ["main"],
        "permissions": ["allow-subscribe", "allow-call-read", "allow-call-write"],
    });
    assert_eq!(capability_breaches("main", &good), [""; 0]);
    for (key, value) in [
        ("windows", json!(["*"])),
        ("windows", json!(["main", "reveal"])),
        (
            "permissions",
            json!([
                "allow-call-read",
                "allow-call-write",
                "allow-subscribe",
                "core:default"
            ]),
        ),
        ("permissions", json!([{ "identifier": "allow-call-read" }])),
        ("remote", json!({ "urls": ["https://example.org"] })),
        ("webviews", json!(["main"])),
        ("local", json!(false)),
    ] {
        let mut wider = good.clone();
        wider[key] = value;
        assert_eq!(capability_breaches("main", &wider).len(), 1, "{key}");
    }
    assert_eq!(capability_breaches("other", &good).len(), 1);
}

#[test]
fn a_third_capability_is_caught() {
    let file = |name: &str| File::new(&format!("{FOLDER}{name}"), "{}");
    assert_eq!(
        folder_breaches(&[file("main.json"), file("reveal.json")]),
        [""; 0]
    );
    assert_eq!(
        folder_breaches(&[file("main.json"), file("reveal.json"), file("z.toml")]).len(),
        1
    );
    assert_eq!(folder_breaches(&[file("main.json")]).len(), 1);

    let named = |list: Value| json!({ "app": { "security": { "capabilities": list } } });
    assert_eq!(named_breaches(&named(json!(["main", "reveal"]))), [""; 0]);
    assert_eq!(
        named_breaches(&named(json!(["main", { "identifier": "reveal" }]))).len(),
        1
    );
}

#[test]
fn the_build_script_lists_the_commands() {
    let files = tree();
    let build = files
        .iter()
        .find(|file| file.path == BUILD)
        .unwrap_or_else(|| panic!("no {BUILD}"));
    assert_kept("the commands Tauri knows", &command_breaches(&build.text));
}

#[test]
fn an_unlisted_command_is_caught() {
    let list = |names: &str| format!("AppManifest::new().commands(&[{names}])");
    let all = list(r#""call_read", "call_write", "call_reveal", "subscribe""#);
    assert_eq!(command_breaches(&all), [""; 0]);
    for build in [
        list(r#""call_read""#),
        all.replace("AppManifest", "Other"),
        String::new(),
    ] {
        assert_eq!(command_breaches(&build).len(), 1, "{build}");
    }
}
