//! A keyring that answers nothing: the daemon is stopped with all its connections open.

use std::future::Future;
use std::thread::sleep;
use std::time::Duration;

use vault::{DataKey, Keyring, KeyringError, KeyringWait, Patience, Vault};

use core_tests::keyring::Daemon;
use core_tests::keyring::{
    Around, LONG, SHORT, Session, create, entry, patient, read, refusal, runtime,
};

#[test]
fn a_hung_keyring_stalls_nobody_and_is_used_again_when_it_goes_on() {
    let proof = "hung::a_hung_keyring_stalls_nobody_and_is_used_again_when_it_goes_on";
    Session::hold(proof, Around::BareBus, |_| {
        let daemon = Daemon::unlocked();
        let keyring = Keyring::new(KeyringWait {
            background: SHORT,
            interactive: LONG,
        });
        let (name, interactive) = (entry('1'), Patience::Interactive);
        runtime().block_on(async {
            let made = DataKey::create_in_keyring(&keyring, &name, interactive).await;
            let canary = Vault::new(made.unwrap()).canary().unwrap();

            daemon.stop();
            for _ in 0..3 {
                let (answer, ticks) = while_ticking(read(&keyring, &name)).await;
                assert_eq!(refusal(answer), KeyringError::TimedOut);
                assert!(ticks >= 10, "the runtime stood still: {ticks} ticks");
            }
            let (answer, _) = while_ticking(create(&keyring, &entry('2'))).await;
            assert_eq!(refusal(answer), KeyringError::TimedOut);

            daemon.go_on();
            let again = DataKey::read_from_keyring(&keyring, &name, interactive).await;
            assert_eq!(Vault::new(again.unwrap()).check(&canary), Ok(()));
        });
    });
}

#[test]
fn the_user_can_stop_waiting_for_a_hung_keyring() {
    let proof = "hung::the_user_can_stop_waiting_for_a_hung_keyring";
    Session::hold(proof, Around::BareBus, |_| {
        let daemon = Daemon::unlocked();
        let keyring = patient();
        daemon.stop();
        runtime().block_on(async {
            let name = entry('1');
            let wait = DataKey::create_in_keyring(&keyring, &name, Patience::Interactive);
            let cancel = async {
                tokio::time::sleep(SHORT).await;
                keyring.cancel();
            };
            let (answer, ()) = tokio::join!(wait, cancel);
            assert_eq!(refusal(answer), KeyringError::Cancelled);
        });
    });
}

#[test]
fn a_process_ends_while_its_keyring_hangs() {
    let proof = "hung::a_process_ends_while_its_keyring_hangs";
    Session::hold(proof, Around::BareBus, |session| {
        match session.step() {
            Some("ours") => {
                let keyring = patient();
                let name = entry('1');
                let call = runtime()
                    .block_on(async { tokio::time::timeout(SHORT, read(&keyring, &name)).await });
                assert!(call.is_err(), "the keyring answered: {call:?}");
            }
            Some("blocking") => {
                let runtime = runtime();
                drop(runtime.spawn_blocking(|| sleep(LONG)));
                runtime.block_on(async { tokio::time::sleep(SHORT).await });
            }
            step => {
                assert_eq!(step, None);
                let daemon = Daemon::unlocked();
                daemon.stop();
                let ended = session.process("ours").ended_within(Duration::from_mins(1));
                assert!(ended.is_some_and(|status| status.success()), "{ended:?}");
                // The control: the same process with a blocking task instead stays for its ten minutes.
                let stays = session
                    .process("blocking")
                    .ended_within(Duration::from_secs(3));
                assert_eq!(stays, None);
            }
        }
    });
}

/// Runs `act` beside a clock on the same thread, and counts how often the clock came round.
async fn while_ticking<T>(act: impl Future<Output = T>) -> (T, u32) {
    let mut ticks = 0;
    let mut tick = tokio::time::interval(Duration::from_millis(5));
    tick.tick().await;
    tokio::pin!(act);
    loop {
        tokio::select! {
            biased;
            answer = &mut act => return (answer, ticks),
            _ = tick.tick() => ticks += 1,
        }
    }
}
