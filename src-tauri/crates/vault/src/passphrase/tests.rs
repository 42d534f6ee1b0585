use super::*;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

const CHEAP: PassphraseCost = PassphraseCost {
    memory: 8,
    passes: 1,
    lanes: 1,
};

fn typed(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

#[test]
fn production_cost() {
    assert_eq!(
        PassphraseCost::default(),
        PassphraseCost {
            memory: 65_536,
            passes: 3,
            lanes: 1
        }
    );
    assert!(PassphraseCost::default().params().is_some());
    assert_eq!(PASSPHRASE_MIN, 10);
}

#[test]
fn the_passphrase_and_no_other_opens_the_key() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data.key");
    let chosen = typed("tëst passphrase");
    assert_eq!(
        DataKey::unlock_with_passphrase(&path, &chosen).unwrap_err(),
        KeyError::Vault(VaultError::KeyMissing)
    );
    let key = DataKey::create_with_passphrase(&path, &chosen, CHEAP).unwrap();
    let again = DataKey::unlock_with_passphrase(&path, &chosen).unwrap();
    assert_eq!(again.bytes(), key.bytes());
    for other in [
        "",
        "tëst passphrasE",
        "tëst passphrase ",
        "te\u{308}st passphrase",
    ] {
        assert_eq!(
            DataKey::unlock_with_passphrase(&path, &typed(other)).unwrap_err(),
            KeyError::WrongPassphrase,
            "{other:?}"
        );
    }
    let written = fs::read(&path).unwrap();
    assert_eq!(written.len(), LEN);
    assert!(!holds(&written, key.bytes()));
    assert!(holds(&[b"x", key.bytes().as_slice()].concat(), key.bytes()));
    let mode = fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn two_files_of_one_passphrase_have_nothing_in_common() {
    let folder = tempfile::tempdir().unwrap();
    let [one, two] = ["one", "two"].map(|name| {
        let path = folder.path().join(name);
        DataKey::create_with_passphrase(&path, &typed("same passphrase"), CHEAP).unwrap();
        fs::read(path).unwrap()
    });
    assert_eq!(one[..HEAD - SALT], two[..HEAD - SALT]);
    assert_ne!(one[HEAD - SALT..HEAD], two[HEAD - SALT..HEAD]);
    assert_ne!(one[HEAD..], two[HEAD..]);
}

#[test]
fn a_short_passphrase_is_refused_by_characters_not_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data.key");
    for short in ["", "123456789", "ééééééééé"] {
        assert_eq!(
            DataKey::create_with_passphrase(&path, &typed(short), CHEAP).unwrap_err(),
            KeyError::PassphraseTooShort
        );
    }
    assert!(!path.exists());
    assert!(DataKey::create_with_passphrase(&path, &typed("éééééééééé"), CHEAP).is_ok());
}

#[test]
fn a_file_is_never_replaced_and_a_broken_start_does_not_matter() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data.key");
    let chosen = typed("test passphrase");
    fs::write(folder.path().join("data.new"), "left by a crash").unwrap();
    DataKey::create_with_passphrase(&path, &chosen, CHEAP).unwrap();
    let before = fs::read(&path).unwrap();
    let link = folder.path().join("link.key");
    symlink(folder.path().join("nowhere"), &link).unwrap();
    for taken in [&path, &link] {
        assert_eq!(
            DataKey::create_with_passphrase(taken, &chosen, CHEAP).unwrap_err(),
            KeyError::FileTaken
        );
    }
    assert_eq!(fs::read(&path).unwrap(), before);
    let names = fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(names, 2, "nothing is left beside the file and the link");
    symlink(&path, folder.path().join("to.key")).unwrap();
    assert_eq!(
        DataKey::unlock_with_passphrase(&folder.path().join("to.key"), &chosen).unwrap_err(),
        KeyError::Vault(VaultError::KeyUnreadable)
    );
}

#[test]
fn no_altered_byte_opens_and_no_altered_cost_is_obeyed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data.key");
    let chosen = typed("test passphrase");
    DataKey::create_with_passphrase(&path, &chosen, CHEAP).unwrap();
    let whole = fs::read(&path).unwrap();
    let opened = |bytes: &[u8]| {
        fs::write(&path, bytes).unwrap();
        DataKey::unlock_with_passphrase(&path, &chosen).map(|_| ())
    };
    assert_eq!(opened(&whole), Ok(()), "the control");
    for at in 0..LEN {
        let mut altered = whole.clone();
        altered[at] ^= 1;
        let error = opened(&altered).unwrap_err();
        let expected = [
            KeyError::WrongPassphrase,
            KeyError::Vault(VaultError::KeyUnreadable),
        ];
        assert!(expected.contains(&error), "byte {at}: {error:?}");
    }
    let unreadable = Err(KeyError::Vault(VaultError::KeyUnreadable));
    assert_eq!(opened(&whole[..LEN - 1]), unreadable);
    for (at, number) in [
        (1, u32::MAX),
        (1, 1024 * 1024 + 1),
        (5, 65),
        (9, 17),
        (5, 0),
    ] {
        let mut greedy = whole.clone();
        greedy[at..at + 4].copy_from_slice(&number.to_le_bytes());
        assert_eq!(opened(&greedy), unreadable, "{number} at {at}");
    }
}

fn holds(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}
