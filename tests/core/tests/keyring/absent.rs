//! No keyring, or one that nobody opens. Every deadline here is ten minutes: that an answer comes at all is
//! the proof that it does not wait for one.

use vault::KeyringError;

use core_tests::keyring::Daemon;
use core_tests::keyring::{Around, Session, create, entry, patient, read, refusal, runtime};

fn both_say(expected: KeyringError) {
    let keyring = patient();
    runtime().block_on(async {
        assert_eq!(refusal(read(&keyring, &entry('1')).await), expected);
        assert_eq!(refusal(create(&keyring, &entry('1')).await), expected);
    });
}

#[test]
fn without_a_bus_there_is_no_keyring() {
    let proof = "absent::without_a_bus_there_is_no_keyring";
    Session::hold(proof, Around::NoBus(None), |_| {
        both_say(KeyringError::NoKeyring);
    });
}

#[test]
fn with_a_dead_or_senseless_bus_there_is_no_keyring() {
    let proof = "absent::with_a_dead_or_senseless_bus_there_is_no_keyring";
    for address in ["unix:path=/nonexistent/bus", "no address", ""] {
        Session::hold(proof, Around::NoBus(Some(address)), |_| {
            both_say(KeyringError::NoKeyring);
        });
    }
}

#[test]
fn on_a_bus_without_the_service_there_is_no_keyring_until_it_comes() {
    let proof = "absent::on_a_bus_without_the_service_there_is_no_keyring_until_it_comes";
    Session::hold(proof, Around::BareBus, |_| {
        let keyring = patient();
        runtime().block_on(async {
            let none = refusal(create(&keyring, &entry('1')).await);
            assert_eq!(none, KeyringError::NoKeyring);
            let _daemon = Daemon::unlocked();
            create(&keyring, &entry('1')).await.unwrap();
        });
    });
}

#[test]
fn a_service_without_a_default_keyring_is_none() {
    let proof = "absent::a_service_without_a_default_keyring_is_none";
    Session::hold(proof, Around::BareBus, |_| {
        let _daemon = Daemon::locked();
        let none = runtime().block_on(create(&patient(), &entry('1')));
        assert_eq!(refusal(none), KeyringError::NoKeyring);
    });
}

#[test]
fn a_locked_keyring_that_cannot_ask_says_so() {
    let proof = "absent::a_locked_keyring_that_cannot_ask_says_so";
    Session::hold(proof, Around::BareBus, |_| {
        let daemon = Daemon::unlocked();
        let keyring = patient();
        runtime().block_on(create(&keyring, &entry('1'))).unwrap();
        drop(daemon);
        let daemon = Daemon::locked();
        both_say(KeyringError::Locked);
        drop(daemon);
        let _daemon = Daemon::unlocked();
        runtime().block_on(read(&keyring, &entry('1'))).unwrap();
    });
}
