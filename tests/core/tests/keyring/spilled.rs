//! What lies in the keyring, and what errors tell of it.

use std::collections::HashMap;
use std::fmt::Debug;
use std::sync::Arc;

use keyring_core::{CredentialStore, Entry};
use vault::{KeyringEntry, KeyringError, Vault};
use zbus_secret_service_keyring_store::{Store, cred::Specifier};

use core_tests::keyring::Daemon;
use core_tests::keyring::{Around, Session, create, entry, patient, read, runtime};

#[test]
fn every_value_is_one_opaque_line_under_an_opaque_name() {
    let proof = "spilled::every_value_is_one_opaque_line_under_an_opaque_name";
    Session::hold(proof, Around::BareBus, |_| {
        let _daemon = Daemon::unlocked();
        let keyring = patient();
        for at in '0'..='9' {
            runtime().block_on(create(&keyring, &entry(at))).unwrap();
            let line = theirs(&entry(at), None).get_password().unwrap();
            let in_grammar = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
            assert!(line.len() == 43 && line.chars().all(in_grammar));
        }
        let name = entry('1');
        let item = theirs(&name, None);
        let named: &Specifier = item.as_any().downcast_ref().unwrap();
        assert_eq!(named.get_label().unwrap(), "Keystead data key");
        let mut told: Vec<_> = item.get_attributes().unwrap().into_iter().collect();
        told.retain(|(name, _)| !name.starts_with("xdg:"));
        told.sort();
        let expected = [("service", "keystead"), ("username", name.as_str())];
        let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(told, expected);
    });
}

#[test]
fn no_error_and_no_debug_text_holds_what_the_keyring_holds() {
    let proof = "spilled::no_error_and_no_debug_text_holds_what_the_keyring_holds";
    Session::hold(proof, Around::BareBus, |_| {
        let _daemon = Daemon::unlocked();
        let keyring = patient();
        let mut told = Vec::new();
        let mut secrets = Vec::new();

        let key = runtime().block_on(create(&keyring, &entry('1'))).unwrap();
        secrets.push(theirs(&entry('1'), None).get_secret().unwrap());
        told.extend([text(&key), text(&keyring), text(&entry('1'))]);
        told.push(text(&Vault::new(key)));

        for (at, planted) in [
            ('2', b"planted one\nplanted two".as_slice()),
            ('3', b"\xff\xfeplanted three"),
            ('4', b"planted-four"),
        ] {
            theirs(&entry(at), None).set_secret(planted).unwrap();
            secrets.push(planted.to_vec());
            let error = runtime().block_on(read(&keyring, &entry(at))).unwrap_err();
            assert_eq!(error, KeyringError::Damaged.into(), "{at}");
            told.extend([error.to_string(), text(&error)]);
        }

        theirs(&entry('1'), Some("Login"))
            .set_secret(b"planted-five")
            .unwrap();
        secrets.push(b"planted-five".to_vec());
        let error = runtime().block_on(read(&keyring, &entry('1'))).unwrap_err();
        assert_eq!(error, KeyringError::Ambiguous.into());
        told.extend([error.to_string(), text(&error)]);

        let told = told.join(" ");
        for secret in &secrets {
            assert!(!tells(&told, secret), "a secret in: {told}");
        }
        // The controls: the library's own error tells one, and a planted one is found in both ways.
        let their_error = theirs(&entry('3'), None).get_password().unwrap_err();
        assert!(tells(&text(&their_error), &secrets[2]));
        let plain = String::from_utf8(secrets[0].clone()).unwrap();
        assert!(tells(&format!("{told} {plain}"), &secrets[0]));
    });
}

/// The same entry through the library alone.
fn theirs(name: &KeyringEntry, collection: Option<&str>) -> Entry {
    let store: Arc<CredentialStore> = Store::new().unwrap();
    let modifiers: HashMap<_, _> = collection
        .map(|name| ("target", name))
        .into_iter()
        .collect();
    store
        .build("keystead", name.as_str(), Some(&modifiers))
        .unwrap()
}

fn text(value: &impl Debug) -> String {
    format!("{value:?}")
}

/// Is the secret in the text: as it is, escaped, or as a list of its bytes?
fn tells(text: &str, secret: &[u8]) -> bool {
    let listed = format!("{secret:?}");
    let plain = String::from_utf8_lossy(secret);
    let escaped = format!("{plain:?}");
    [
        listed.trim_matches(['[', ']']),
        &plain,
        escaped.trim_matches('"'),
    ]
    .iter()
    .any(|form| text.contains(form))
}
