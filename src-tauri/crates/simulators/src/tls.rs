//! The server's certificate: a good one, or one of those a client must refuse. TLS 1.3 (`ekodb.md` C18).

use std::io;
use std::path::Path;
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair, KeyUsagePurpose,
};
use rustls::{ServerConfig, SupportedProtocolVersion};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};
use tokio_rustls::TlsAcceptor;

use crate::disk;

/// Which certificate the server shows. Dates are the system clock's, not the simulator's: clients check against it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TlsMode {
    /// For 127.0.0.1 and localhost, signed by a CA of its own. The good one.
    #[default]
    Ca,
    /// No TLS at all.
    Plain,
    /// As `Ca`, but it ended yesterday.
    Expired,
    /// As `Ca`, but it begins tomorrow.
    NotYetValid,
    /// As `Ca`, but for another host.
    OtherHost,
    /// Signed by itself; the PEM handed out is a CA that did not sign it.
    SelfSigned,
    /// Signed by a CA other than the one whose PEM is handed out.
    UnknownCa,
    /// As `Ca`, but the host stands in the common name only.
    CommonNameOnly,
    /// As `Ca`, but meant for clients (extended key usage).
    ClientUsage,
    /// As `Ca`, but the certificate is itself a CA's.
    CaAsServer,
    /// The good certificate over TLS 1.2 only; every other mode speaks TLS 1.3 only.
    Tls12,
}

#[derive(Clone)]
pub(crate) struct Identity {
    /// `None` = plain HTTP.
    pub(crate) acceptor: Option<TlsAcceptor>,
    pub(crate) ca_pem: String,
}

impl Identity {
    /// The identity for a mode. With a folder, the CA and the server's key are kept there and found again,
    /// so that a trusted CA and a pinned key hold across restarts.
    pub(crate) fn new(mode: TlsMode, folder: Option<&Path>) -> io::Result<Self> {
        if mode == TlsMode::Plain {
            return Ok(Self {
                acceptor: None,
                ca_pem: String::new(),
            });
        }
        let (ca_pem, issuer) = authority(folder)?;
        let key = kept_key(folder, "tls.key")?;
        let leaf = mode.leaf();
        let params = leaf.params()?;
        let certificate = match leaf.signer {
            Signer::Known => params.signed_by(&key, &issuer),
            Signer::Itself => params.self_signed(&key),
            Signer::Stranger => params.signed_by(&key, &authority(None)?.1),
        }
        .map_err(io::Error::other)?;
        let version = if mode == TlsMode::Tls12 {
            &rustls::version::TLS12
        } else {
            &rustls::version::TLS13
        };
        let acceptor = acceptor(certificate.der().clone(), &key, version)?;
        Ok(Self {
            acceptor: Some(acceptor),
            ca_pem,
        })
    }
}

/// What is in the server's certificate.
struct Leaf {
    hosts: &'static [&'static str],
    from_days: i64,
    until_days: i64,
    usage: ExtendedKeyUsagePurpose,
    is_ca: bool,
    signer: Signer,
}

enum Signer {
    Known,
    Itself,
    Stranger,
}

impl TlsMode {
    fn leaf(self) -> Leaf {
        let good = Leaf {
            hosts: &["localhost", "127.0.0.1"],
            from_days: -1,
            until_days: 365,
            usage: ExtendedKeyUsagePurpose::ServerAuth,
            is_ca: false,
            signer: Signer::Known,
        };
        match self {
            Self::Ca | Self::Plain | Self::Tls12 => good,
            Self::Expired => Leaf {
                from_days: -90,
                until_days: -1,
                ..good
            },
            Self::NotYetValid => Leaf {
                from_days: 1,
                until_days: 90,
                ..good
            },
            Self::OtherHost => Leaf {
                hosts: &["elsewhere.example"],
                ..good
            },
            Self::SelfSigned => Leaf {
                signer: Signer::Itself,
                ..good
            },
            Self::UnknownCa => Leaf {
                signer: Signer::Stranger,
                ..good
            },
            Self::CommonNameOnly => Leaf { hosts: &[], ..good },
            Self::ClientUsage => Leaf {
                usage: ExtendedKeyUsagePurpose::ClientAuth,
                ..good
            },
            Self::CaAsServer => Leaf {
                is_ca: true,
                ..good
            },
        }
    }
}

impl Leaf {
    fn params(&self) -> io::Result<CertificateParams> {
        let hosts: Vec<String> = self.hosts.iter().map(|&host| host.to_owned()).collect();
        let mut params = CertificateParams::new(hosts).map_err(io::Error::other)?;
        params.distinguished_name = named("127.0.0.1");
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![self.usage.clone()];
        params.use_authority_key_identifier_extension = true;
        if self.is_ca {
            params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        }
        let now = OffsetDateTime::now_utc();
        params.not_before = now + Duration::days(self.from_days);
        params.not_after = now + Duration::days(self.until_days);
        Ok(params)
    }
}

fn acceptor(
    certificate: CertificateDer<'static>,
    key: &KeyPair,
    version: &'static SupportedProtocolVersion,
) -> io::Result<TlsAcceptor> {
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let cryptography = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ServerConfig::builder_with_provider(cryptography)
        .with_protocol_versions(&[version])
        .map_err(io::Error::other)?
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .map_err(io::Error::other)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// A CA as PEM and as issuer. Its name carries its key's fingerprint: two CAs of one name would confuse a chain builder.
fn authority(folder: Option<&Path>) -> io::Result<(String, Issuer<'static, KeyPair>)> {
    let key = kept_key(folder, "ca.key")?;
    let mut params = CertificateParams::new(Vec::new()).map_err(io::Error::other)?;
    let mark = params
        .key_identifier(&key)
        .iter()
        .take(4)
        .fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
    params.distinguished_name = named(&format!("Keystead simulator CA {mark}"));
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let now = OffsetDateTime::now_utc();
    (params.not_before, params.not_after) = (now - Duration::days(1), now + Duration::days(3650));
    let file = folder.map(|folder| folder.join("ca.pem"));
    let kept = match &file {
        Some(file) => disk::read_if_there(file)?,
        None => None,
    };
    if let Some(pem) = kept {
        return Ok((pem, Issuer::new(params, key)));
    }
    let pem = params.self_signed(&key).map_err(io::Error::other)?.pem();
    if let Some(file) = &file {
        disk::write_private(file, pem.as_bytes())?;
    }
    Ok((pem, Issuer::new(params, key)))
}

fn named(common_name: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, common_name);
    name
}

fn kept_key(folder: Option<&Path>, name: &str) -> io::Result<KeyPair> {
    let Some(folder) = folder else {
        return KeyPair::generate().map_err(io::Error::other);
    };
    let file = folder.join(name);
    if let Some(pem) = disk::read_if_there(&file)? {
        return KeyPair::from_pem(&pem).map_err(io::Error::other);
    }
    let key = KeyPair::generate().map_err(io::Error::other)?;
    disk::write_private(&file, key.serialize_pem().as_bytes())?;
    Ok(key)
}
