mod fake;

use super::*;
use crate::{DataKey, KeyError, VaultError};
use fake::{Fake, Kept};
use keyring_core::Error;
use std::{future::Future, sync::Arc};

const SHORT: Duration = Duration::from_millis(50);
const LONG: Duration = Duration::from_mins(10);

const SOON: KeyringWait = KeyringWait {
    background: SHORT,
    interactive: LONG,
};
const PATIENT: KeyringWait = KeyringWait {
    background: LONG,
    interactive: LONG,
};

fn entry(last: char) -> KeyringEntry {
    KeyringEntry::new(&format!("0192f3a4-5b6c-7d8e-9f01-23456789abc{last}")).unwrap()
}

fn value(text: &str) -> Zeroizing<String> {
    Zeroizing::new(text.to_owned())
}

async fn create(keyring: &Keyring, name: &KeyringEntry) -> Result<(), KeyringError> {
    keyring
        .create(name, value("new"), Patience::Background)
        .await
}

async fn read(keyring: &Keyring, name: &KeyringEntry) -> Result<Option<String>, KeyringError> {
    let read = keyring.read(name, Patience::Background).await;
    read.map(|value| value.map(|text| text.to_string()))
}

/// Until the keyring's thread has come that far.
async fn until(what: &str, mut done: impl FnMut() -> bool) {
    let come = async {
        while !done() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    let come = tokio::time::timeout(Duration::from_secs(30), come).await;
    assert!(come.is_ok(), "waited for {what}");
}

#[test]
fn production_waits() {
    let wait = KeyringWait::default();
    assert_eq!(wait.background, Duration::from_secs(5));
    assert_eq!(wait.interactive, Duration::from_mins(2));
}

#[tokio::test]
async fn an_entry_is_made_once_read_and_removed() {
    let fake = Fake::default();
    let keyring = fake.keyring(PATIENT);
    let name = entry('1');
    assert_eq!(read(&keyring, &name).await, Ok(None));
    assert_eq!(create(&keyring, &name).await, Ok(()));
    assert_eq!(create(&keyring, &name).await, Err(KeyringError::Taken));
    assert_eq!(read(&keyring, &name).await, Ok(Some("new".to_owned())));
    assert_eq!(read(&keyring, &entry('2')).await, Ok(None));
    for _ in 0..2 {
        assert_eq!(keyring.remove(&name, Patience::Interactive).await, Ok(()));
    }
    assert_eq!(read(&keyring, &name).await, Ok(None));
}

#[tokio::test]
async fn a_key_is_made_and_read_and_nothing_else_is_a_key() {
    let fake = Fake::default();
    let keyring = fake.keyring(PATIENT);
    let name = entry('1');
    let read = || DataKey::read_from_keyring(&keyring, &name, Patience::Background);
    let missing = KeyError::Vault(VaultError::KeyMissing);
    assert_eq!(read().await.unwrap_err(), missing);
    let made = DataKey::create_in_keyring(&keyring, &name, Patience::Interactive).await;
    assert_eq!(read().await.unwrap().bytes(), made.unwrap().bytes());
    for other in [
        b"short".as_slice(),
        b"two\nlines",
        b"\xff\xfe",
        b"",
        &[b'_'; 43],
    ] {
        fake.plant(&name, other);
        let damaged = KeyError::Keyring(KeyringError::Damaged);
        assert_eq!(read().await.unwrap_err(), damaged, "{other:?}");
    }
}

#[tokio::test]
async fn only_one_line_is_ever_written() {
    let fake = Fake::default();
    let keyring = fake.keyring(PATIENT);
    let name = entry('1');
    for outside in ["", "two\nlines", "a=b", &"A".repeat(1_201)] {
        let refused = keyring.create(&name, value(outside), Patience::Background);
        assert_eq!(refused.await, Err(KeyringError::Refused));
    }
    assert_eq!(fake.opened(), 0, "the keyring was not even asked");
}

#[tokio::test]
async fn a_value_that_does_not_read_back_equal_is_damaged() {
    for kept in [Kept::Other(b"other".to_vec()), Kept::Nothing] {
        let fake = Fake::default();
        fake.keeps(kept);
        let keyring = fake.keyring(PATIENT);
        let damaged = create(&keyring, &entry('1')).await;
        assert_eq!(damaged, Err(KeyringError::Damaged));
    }
}

#[tokio::test]
async fn no_failure_outlives_its_call() {
    let fake = Fake::default();
    let keyring = fake.keyring(PATIENT);
    fake.refuses_to_open(1);
    assert_eq!(
        read(&keyring, &entry('1')).await,
        Err(KeyringError::NoKeyring)
    );
    assert_eq!(read(&keyring, &entry('1')).await, Ok(None));
    fake.panics(1);
    assert_eq!(
        create(&keyring, &entry('1')).await,
        Err(KeyringError::Refused)
    );
    assert_eq!(create(&keyring, &entry('1')).await, Ok(()));
}

#[tokio::test]
async fn a_hung_call_ends_at_its_deadline_and_holds_up_nobody() {
    let fake = Fake::default();
    let keyring = fake.keyring(SOON);
    let gate = fake.hangs();
    let (answer, ticks) = while_ticking(read(&keyring, &entry('1'))).await;
    assert_eq!(answer, Err(KeyringError::TimedOut));
    assert!(ticks > 0, "the runtime stood still");
    gate.open();
    assert_eq!(
        fake.keyring(PATIENT)
            .remove(&entry('1'), Patience::Background)
            .await,
        Ok(())
    );
}

/// The control of the test above: a call made on the runtime's own thread stops its clock.
#[tokio::test]
async fn a_call_on_the_runtimes_thread_would_be_noticed() {
    let ((), ticks) = while_ticking(async { std::thread::sleep(SHORT) }).await;
    assert_eq!(ticks, 0);
}

async fn while_ticking<T>(act: impl Future<Output = T>) -> (T, u32) {
    let mut ticks = 0;
    let mut tick = tokio::time::interval(Duration::from_millis(2));
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

#[tokio::test]
async fn cancelling_ends_the_users_wait_and_no_other() {
    let fake = Fake::default();
    let keyring = Arc::new(fake.keyring(PATIENT));
    let gate = fake.hangs();
    let waits = [Patience::Interactive, Patience::Background].map(|patience| {
        let keyring = Arc::clone(&keyring);
        tokio::spawn(async move { keyring.read(&entry('1'), patience).await })
    });
    until("both calls", || fake.hanging() == 2).await;
    keyring.cancel();
    let [interactive, background] = waits;
    assert_eq!(interactive.await.unwrap(), Err(KeyringError::Cancelled));
    assert!(!background.is_finished());
    gate.open();
    assert_eq!(background.await.unwrap(), Ok(None));
    // A cancel before the call is none.
    let later = keyring.read(&entry('1'), Patience::Interactive).await;
    assert_eq!(later, Ok(None));
}

#[tokio::test]
async fn an_abandoned_write_is_not_begun_and_none_is_made_beside_it() {
    let fake = Fake::default();
    let keyring = fake.keyring(SOON);
    let gate = fake.hangs();
    assert_eq!(
        create(&keyring, &entry('1')).await,
        Err(KeyringError::TimedOut)
    );
    assert_eq!(
        create(&keyring, &entry('1')).await,
        Err(KeyringError::Refused)
    );
    assert_eq!(
        create(&keyring, &entry('2')).await,
        Err(KeyringError::TimedOut)
    );
    gate.open();
    let patient = Keyring {
        wait: PATIENT,
        ..keyring
    };
    until("the abandoned threads", || fake.closed() == 2).await;
    assert_eq!(fake.writes(), 0);
    assert_eq!(create(&patient, &entry('1')).await, Ok(()));
    assert_eq!(fake.writes(), 1, "the control: a wanted write is counted");
}

#[tokio::test]
async fn threads_that_hang_are_bounded() {
    let fake = Fake::default();
    let keyring = fake.keyring(SOON);
    let gate = fake.hangs();
    for _ in 0..call::MOST {
        assert_eq!(
            read(&keyring, &entry('1')).await,
            Err(KeyringError::TimedOut)
        );
    }
    assert_eq!(fake.hanging(), call::MOST);
    let keyring = Keyring {
        wait: PATIENT,
        ..keyring
    };
    assert_eq!(
        read(&keyring, &entry('1')).await,
        Err(KeyringError::TimedOut)
    );
    assert_eq!(fake.opened(), call::MOST, "one more was started");
    gate.open();
    until("the abandoned threads", || fake.closed() == call::MOST).await;
    assert_eq!(read(&keyring, &entry('1')).await, Ok(None));
}

#[tokio::test]
async fn no_error_holds_a_byte_of_a_value() {
    const PLANTED: &str = "planted-7f3a";
    let cause = || Box::new(std::io::Error::other(PLANTED));
    let bytes = || PLANTED.as_bytes().to_vec();
    let errors: [(fn() -> KeyringError, Error); 8] = [
        (|| KeyringError::Damaged, Error::BadEncoding(bytes())),
        (
            || KeyringError::Damaged,
            Error::BadDataFormat(bytes(), cause()),
        ),
        (
            || KeyringError::Damaged,
            Error::BadStoreFormat(PLANTED.to_owned()),
        ),
        (|| KeyringError::Refused, Error::NoStorageAccess(cause())),
        (|| KeyringError::Refused, Error::PlatformFailure(cause())),
        (|| KeyringError::Ambiguous, Error::Ambiguous(Vec::new())),
        (
            || KeyringError::Refused,
            Error::TooLong(PLANTED.to_owned(), 1),
        ),
        (
            || KeyringError::Refused,
            Error::Invalid(PLANTED.to_owned(), PLANTED.to_owned()),
        ),
    ];
    let mut found_in_theirs = 0;
    for (expected, error) in errors {
        found_in_theirs += usize::from(tells(&format!("{error} {error:?}"), PLANTED));
        let fake = Fake::default();
        fake.fails(error);
        let keyring = fake.keyring(PATIENT);
        let ours = DataKey::read_from_keyring(&keyring, &entry('1'), Patience::Background)
            .await
            .unwrap_err();
        assert_eq!(ours, KeyError::Keyring(expected()));
        assert!(!tells(&format!("{ours} {ours:?} {keyring:?}"), PLANTED));
    }
    assert_eq!(
        found_in_theirs, 7,
        "the control: all of theirs but one tell it"
    );
}

/// Is the value in the text, as it is or as a list of its bytes?
fn tells(text: &str, value: &str) -> bool {
    let listed = format!("{:?}", value.as_bytes());
    text.contains(value) || text.contains(listed.trim_matches(['[', ']']))
}
