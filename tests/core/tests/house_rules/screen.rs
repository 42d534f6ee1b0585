//! The screen knows no provider, no Tauri outside its one door, and no raw HTML; it forgets what was
//! typed in secret, and its development server serves this machine alone.

use crate::tree::{File, assert_kept, tree};

const PROVIDERS: [&str; 4] = ["ekodb", "kuzzle", "ecoevents", "appbase"];
const DOOR: &str = "ui/src/ipc/tauri.ts";
const SERVER: &str = "ui/vite.config.ts";
const RAW: [&str; 6] = [
    "{@html",
    "innerHTML",
    "outerHTML",
    "insertAdjacentHTML",
    "document.write",
    "srcdoc",
];

fn provider_names(files: &[File]) -> Vec<String> {
    let mut found = Vec::new();
    for file in screen(files) {
        if names_provider(&file.path) {
            found.push(file.path.clone());
        }
        found.extend(file.places(names_provider));
    }
    found
}

fn names_provider(text: &str) -> bool {
    let text = text.to_lowercase();
    PROVIDERS.iter().any(|provider| text.contains(provider))
}

fn other_doors(files: &[File]) -> Vec<String> {
    screen(files)
        .filter(|file| file.path != DOOR)
        .flat_map(|file| {
            file.places(|line| line.contains("@tauri-apps") || line.contains("__TAURI"))
        })
        .collect()
}

fn raw_html(files: &[File]) -> Vec<String> {
    // Tests show hostile labels, raw HTML among them.
    screen(files)
        .filter(|file| !file.is_test())
        .flat_map(|file| file.places(|line| RAW.iter().any(|way| line.contains(way))))
        .collect()
}

fn screen(files: &[File]) -> impl Iterator<Item = &File> {
    files.iter().filter(|file| file.path.starts_with("ui/src/"))
}

#[test]
fn the_screen_names_no_provider() {
    assert_kept("a provider's name in the screen", &provider_names(&tree()));
}

#[test]
fn a_providers_name_is_caught() {
    let files = [
        File::new("ui/src/text/errors.json", "{\"a\": \"EkoDB says no\"}"),
        File::new("ui/src/parts/kuzzle.ts", ""),
        File::new("src-tauri/crates/providers/src/ekodb/mod.rs", "ekodb"),
    ];
    assert_eq!(
        provider_names(&files),
        [
            "ui/src/text/errors.json:1: {\"a\": \"EkoDB says no\"}",
            "ui/src/parts/kuzzle.ts"
        ]
    );
}

#[test]
fn one_file_speaks_to_tauri() {
    assert_kept("Tauri imported past the door", &other_doors(&tree()));
}

#[test]
fn a_second_door_is_caught() {
    let import = "import { invoke } from \"@tauri-apps/api/core\";";
    let files = [
        File::new("ui/src/state/keys.svelte.ts", import),
        File::new(DOOR, import),
    ];
    assert_eq!(
        other_doors(&files),
        [format!("ui/src/state/keys.svelte.ts:1: {import}")]
    );
}

#[test]
fn the_screen_draws_text_only() {
    assert_kept("raw HTML in the screen", &raw_html(&tree()));
}

#[test]
fn raw_html_is_caught() {
    for way in RAW {
        assert_eq!(
            raw_html(&[File::new("ui/src/a.svelte", way)]).len(),
            1,
            "{way}"
        );
    }
}

/// A field that hides what is typed also keeps it from the browser's memory and its spell checker.
fn remembering_fields(files: &[File]) -> Vec<String> {
    screen(files)
        .filter(|file| file.has_extension(&["svelte"]) && file.text.contains("\"password\""))
        .filter(|file| {
            !["autocomplete=\"off\"", "spellcheck=\"false\""]
                .iter()
                .all(|off| file.text.contains(off))
        })
        .map(|file| file.path.clone())
        .collect()
}

/// The development server is neither encrypted nor asks who is there: this machine only.
fn open_servers(files: &[File]) -> Vec<String> {
    files
        .iter()
        .filter(|file| file.path == SERVER && !file.text.contains("host: \"127.0.0.1\""))
        .map(|file| format!("{}: serves others than this machine", file.path))
        .collect()
}

#[test]
fn hidden_fields_are_not_remembered() {
    assert_kept(
        "a hidden field that is remembered",
        &remembering_fields(&tree()),
    );
}

#[test]
fn a_remembering_field_is_caught() {
    let kept = "<input type=\"password\" autocomplete=\"off\" spellcheck=\"false\" />";
    assert_eq!(
        remembering_fields(&[File::new("ui/src/a.svelte", kept)]),
        [""; 0]
    );
    for off in ["autocomplete=\"off\"", "spellcheck=\"false\""] {
        let field = kept.replace(off, "");
        assert_eq!(
            remembering_fields(&[File::new("ui/src/a.svelte", &field)]),
            ["ui/src/a.svelte"]
        );
    }
}

#[test]
fn the_development_server_serves_this_machine() {
    let files = tree();
    assert!(files.iter().any(|file| file.path == SERVER), "no {SERVER}");
    assert_kept("an open development server", &open_servers(&files));
}

#[test]
fn an_open_server_is_caught() {
    for host in [
        "server: { host: true }",
        "server: { host: \"0.0.0.0\" }",
        "server: {}",
    ] {
        assert_eq!(open_servers(&[File::new(SERVER, host)]).len(), 1, "{host}");
    }
}
