//! Whose word is taken for a server's identity.

use crate::{Class, Fault, ProviderError};
use domain::{TlsMinimum, Trust};
use reqwest::{Certificate, ClientBuilder, tls::Version};
use std::error::Error;

/// Sets trust and version. An own authority *replaces* the system's.
pub(crate) fn configure(
    builder: ClientBuilder,
    trust: &Trust,
    minimum: TlsMinimum,
) -> Result<ClientBuilder, ProviderError> {
    let builder = builder.tls_version_min(match minimum {
        TlsMinimum::Tls12 => Version::TLS_1_2,
        TlsMinimum::Tls13 => Version::TLS_1_3,
    });
    match trust {
        Trust::System => Ok(builder),
        Trust::OwnCa { pem } => {
            let unreadable = || ProviderError::new(Class::Invalid, Fault::Certificate, "");
            let certificates =
                Certificate::from_pem_bundle(pem.as_bytes()).map_err(|_| unreadable())?;
            if certificates.is_empty() {
                return Err(unreadable());
            }
            Ok(builder.tls_certs_only(certificates))
        }
    }
}

/// Whether TLS itself is among an error's causes: a certificate refused, or no version in common.
pub(crate) fn is_to_blame(error: &reqwest::Error) -> bool {
    let mut cause: Option<&(dyn Error + 'static)> = error.source();
    while let Some(current) = cause {
        if current.is::<rustls::Error>() {
            return true;
        }
        // An io::Error's source() skips the error that it wraps.
        let wrapped = current
            .downcast_ref::<std::io::Error>()
            .and_then(std::io::Error::get_ref);
        if wrapped.is_some_and(<dyn Error + Send + Sync>::is::<rustls::Error>) {
            return true;
        }
        cause = wrapped
            .map(|inner| inner as &(dyn Error + 'static))
            .or_else(|| current.source());
    }
    false
}
