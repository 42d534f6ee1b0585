//! The data key behind a passphrase, where there is no keyring.
//!
//! The file, 102 bytes: version · memory in KiB, passes, lanes (each 4 bytes, little-endian) · salt (16) ·
//! version of the seal · nonce (24) · data key and tag (48). All before the seal is bound into it.
//!
//! The passphrase is taken byte for byte as it was typed, in UTF-8, without Unicode normalisation: one with
//! accents may have to be typed on the same kind of system that it was chosen on.

use crate::{DataKey, KeyError, VaultError, file, seal};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use domain::{Sealed, Secret};
use std::{io::ErrorKind, path::Path};
use zeroize::Zeroizing;

/// The fewest characters (Unicode scalar values) of a new passphrase.
pub const PASSPHRASE_MIN: usize = 10;

const VERSION: u8 = 1;
const SALT: usize = 16;
const HEAD: usize = 1 + 3 * 4 + SALT;
const NONCE: usize = 24;
const TAGGED_KEY: usize = 32 + 16;
const LEN: usize = HEAD + 1 + NONCE + TAGGED_KEY;
const CONTEXT: &[u8] = b"keystead passphrase";

/// What one try at a passphrase costs (argon2id, version 1.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PassphraseCost {
    /// Memory in KiB.
    pub memory: u32,
    /// Passes over it.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Default for PassphraseCost {
    /// 64 MiB, 3 passes, 1 lane: well under a second in a release build.
    fn default() -> Self {
        Self {
            memory: 64 * 1024,
            passes: 3,
            lanes: 1,
        }
    }
}

impl PassphraseCost {
    /// A file that asks for more is refused rather than obeyed: 1 GiB, 64 passes, 16 lanes.
    const MOST: Self = Self {
        memory: 1024 * 1024,
        passes: 64,
        lanes: 16,
    };

    fn params(self) -> Option<Params> {
        let bearable = self.memory <= Self::MOST.memory
            && self.passes <= Self::MOST.passes
            && self.lanes <= Self::MOST.lanes;
        let params = Params::new(self.memory, self.passes, self.lanes, Some(32));
        params.ok().filter(|_| bearable)
    }
}

impl DataKey {
    /// Makes a new data key and writes it, sealed by the passphrase, to a file that must not exist: private,
    /// all or nothing, and read back. Computes for as long as `cost` says: not for an async worker.
    ///
    /// # Errors
    /// [`KeyError::PassphraseTooShort`], [`KeyError::FileTaken`], [`VaultError::NoRandomness`];
    /// [`VaultError::KeyUnreadable`] when the file cannot be written or the cost is out of range.
    pub fn create_with_passphrase(
        path: &Path,
        passphrase: &Secret,
        cost: PassphraseCost,
    ) -> Result<Self, KeyError> {
        // EXPOSE: counted only.
        if passphrase.expose().chars().count() < PASSPHRASE_MIN {
            return Err(KeyError::PassphraseTooShort);
        }
        let mut salt = [0; SALT];
        getrandom::fill(&mut salt).map_err(|_| VaultError::NoRandomness)?;
        let head = Head { cost, salt };
        let key = Self::generate()?;
        let sealed = seal::seal(&head.wrapping(passphrase)?, &head.context(), key.bytes())?;

        let mut bytes = head.bytes();
        bytes.push(sealed.version);
        bytes.extend(&sealed.nonce);
        bytes.extend(&sealed.ciphertext);
        match file::create_whole(path, &bytes) {
            Ok(()) => Ok(key),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(KeyError::FileTaken),
            Err(_) => Err(VaultError::KeyUnreadable.into()),
        }
    }

    /// Opens the data key with its passphrase. Computes for as long as the file says, within bounds: not for
    /// an async worker.
    ///
    /// # Errors
    /// [`VaultError::KeyMissing`] without a file, [`VaultError::KeyUnreadable`] when it is none of ours,
    /// [`KeyError::WrongPassphrase`] when the passphrase does not open it.
    pub fn unlock_with_passphrase(path: &Path, passphrase: &Secret) -> Result<Self, KeyError> {
        let mut bytes = [0; LEN];
        file::read(path, &mut bytes)?;
        let (head, sealed) = parsed(&bytes).ok_or(VaultError::KeyUnreadable)?;
        let wrapping = head.wrapping(passphrase)?;
        let plain = seal::open(&wrapping, &head.context(), &sealed)
            .map_err(|_| KeyError::WrongPassphrase)?;
        Ok(Self::of_bytes(&plain).ok_or(VaultError::KeyUnreadable)?)
    }
}

/// What the file says before its seal.
struct Head {
    cost: PassphraseCost,
    salt: [u8; SALT],
}

impl Head {
    fn bytes(&self) -> Vec<u8> {
        let PassphraseCost {
            memory,
            passes,
            lanes,
        } = self.cost;
        let mut bytes = Vec::with_capacity(LEN);
        bytes.push(VERSION);
        for number in [memory, passes, lanes] {
            bytes.extend(number.to_le_bytes());
        }
        bytes.extend(self.salt);
        bytes
    }

    fn context(&self) -> Vec<u8> {
        [CONTEXT, &self.bytes()].concat()
    }

    /// The key that the data key is sealed with.
    fn wrapping(&self, passphrase: &Secret) -> Result<DataKey, VaultError> {
        let params = self.cost.params().ok_or(VaultError::KeyUnreadable)?;
        let mut blocks = Zeroizing::new(vec![Block::default(); params.block_count()]);
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        DataKey::filled(|own| {
            // EXPOSE: what argon2id is for; only the derived key stays.
            let typed = passphrase.expose().as_bytes();
            argon
                .hash_password_into_with_memory(typed, &self.salt, own, blocks.as_mut_slice())
                .map_err(|_| VaultError::KeyUnreadable)
        })
    }
}

fn parsed(bytes: &[u8; LEN]) -> Option<(Head, Sealed)> {
    let mut rest = bytes.as_slice();
    if take::<1>(&mut rest)? != [VERSION] {
        return None;
    }
    let mut number = || take::<4>(&mut rest).map(u32::from_le_bytes);
    let cost = PassphraseCost {
        memory: number()?,
        passes: number()?,
        lanes: number()?,
    };
    let salt = take::<SALT>(&mut rest)?;
    let [version] = take::<1>(&mut rest)?;
    let sealed = Sealed {
        version,
        nonce: take::<NONCE>(&mut rest)?.to_vec(),
        ciphertext: rest.to_vec(),
    };
    Some((Head { cost, salt }, sealed))
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, left) = rest.split_first_chunk::<N>()?;
    *rest = left;
    Some(*taken)
}

#[cfg(test)]
mod tests;
