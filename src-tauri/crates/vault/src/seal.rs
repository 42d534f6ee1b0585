//! XChaCha20-Poly1305 with a version byte; random nonces are safe at 24 bytes.

use crate::{DataKey, VaultError};
use chacha20poly1305::{
    Key, KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use domain::Sealed;
use zeroize::Zeroizing;

const VERSION: u8 = 1;
const NONCE: usize = 24;

/// What a seal is bound to: kind ‖ owner's local uuid ‖ row id (`data.md`, Tables).
pub(crate) fn context(kind: &str, owner: &[u8; 16], row: &[u8; 16]) -> Vec<u8> {
    [kind.as_bytes(), owner, row].concat()
}

pub(crate) fn seal(key: &DataKey, context: &[u8], plain: &[u8]) -> Result<Sealed, VaultError> {
    let mut nonce = [0; NONCE];
    getrandom::fill(&mut nonce).map_err(|_| VaultError::NoRandomness)?;
    let payload = Payload {
        msg: plain,
        aad: &bound(context),
    };
    let ciphertext = cipher(key)
        .encrypt(&XNonce::from(nonce), payload)
        .map_err(|_| VaultError::NoRandomness)?;
    Ok(Sealed {
        version: VERSION,
        nonce: nonce.to_vec(),
        ciphertext,
    })
}

pub(crate) fn open(
    key: &DataKey,
    context: &[u8],
    sealed: &Sealed,
) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    if sealed.version != VERSION {
        return Err(VaultError::WrongKey);
    }
    let nonce: [u8; NONCE] = sealed
        .nonce
        .as_slice()
        .try_into()
        .map_err(|_| VaultError::WrongKey)?;
    let payload = Payload {
        msg: &sealed.ciphertext,
        aad: &bound(context),
    };
    let plain = cipher(key)
        .decrypt(&XNonce::from(nonce), payload)
        .map_err(|_| VaultError::WrongKey)?;
    Ok(Zeroizing::new(plain))
}

fn cipher(key: &DataKey) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(<&Key>::from(key.bytes()))
}

/// The version is bound too, so that it cannot be changed on a row.
fn bound(context: &[u8]) -> Vec<u8> {
    [&[VERSION], context].concat()
}
