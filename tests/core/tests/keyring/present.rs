//! A keyring that works.

use std::fs;
use std::path::Path;

use domain::Sealed;
use vault::{KeyError, KeyringError, Patience, Vault, VaultError};

use core_tests::keyring::Daemon;
use core_tests::keyring::{Around, Session, create, entry, patient, read, refusal, runtime};

#[test]
fn a_key_comes_back_in_another_process_and_after_a_restart() {
    let proof = "present::a_key_comes_back_in_another_process_and_after_a_restart";
    Session::hold(proof, Around::BareBus, |session| {
        let keyring = patient();
        let canary = session.home().join("canary");
        if session.step().is_some() {
            let key = runtime().block_on(read(&keyring, &entry('1'))).unwrap();
            assert_eq!(Vault::new(key).check(&kept(&canary)), Ok(()));
            // The control: the canary of another key is told apart.
            let other = runtime().block_on(read(&keyring, &entry('2'))).unwrap();
            let other = Vault::new(other).check(&kept(&canary));
            assert_eq!(other, Err(VaultError::WrongKey));
            return;
        }
        let daemon = Daemon::unlocked();
        let key = runtime().block_on(create(&keyring, &entry('1'))).unwrap();
        runtime().block_on(create(&keyring, &entry('2'))).unwrap();
        keep(&canary, &Vault::new(key).canary().unwrap());
        session.process("read").succeeds();
        drop(daemon);
        let _again = Daemon::unlocked();
        session.process("read").succeeds();
    });
}

#[test]
fn an_entry_is_never_written_over_and_a_wiped_one_is_missing() {
    let proof = "present::an_entry_is_never_written_over_and_a_wiped_one_is_missing";
    Session::hold(proof, Around::BareBus, |_| {
        let _daemon = Daemon::unlocked();
        let (keyring, name) = (patient(), entry('1'));
        let missing = KeyError::Vault(VaultError::KeyMissing);
        runtime().block_on(async {
            assert_eq!(read(&keyring, &name).await.unwrap_err(), missing);
            let made = Vault::new(create(&keyring, &name).await.unwrap());
            let taken = refusal(create(&keyring, &name).await);
            assert_eq!(taken, KeyringError::Taken);
            let same = Vault::new(read(&keyring, &name).await.unwrap());
            assert_eq!(same.check(&made.canary().unwrap()), Ok(()));
            for _ in 0..2 {
                keyring.remove(&name, Patience::Background).await.unwrap();
            }
            assert_eq!(read(&keyring, &name).await.unwrap_err(), missing);
            create(&keyring, &name).await.unwrap();
        });
    });
}

/// The data key as few bytes as the session's other processes need to know it by.
fn keep(path: &Path, canary: &Sealed) {
    let bytes = [&[canary.version], &*canary.nonce, &*canary.ciphertext].concat();
    fs::write(path, bytes).unwrap();
}

fn kept(path: &Path) -> Sealed {
    let bytes = fs::read(path).unwrap();
    let (head, ciphertext) = bytes.split_at(25);
    Sealed {
        version: head[0],
        nonce: head[1..].to_vec(),
        ciphertext: ciphertext.to_vec(),
    }
}
