//! What kind of place an address is.

use crate::{BaseUrl, Fault};
use std::{
    collections::BTreeSet,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    time::Duration,
};
use url::Host;

/// How far away an IP address is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AddressClass {
    /// This machine.
    Loopback,
    /// The wire this machine hangs on; cloud machines find their own secrets there.
    LinkLocal,
    /// A network of somebody's own.
    Private,
    /// The internet.
    Public,
}

impl AddressClass {
    /// The class of one address.
    pub fn of(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(v4) => Self::of_v4(v4),
            IpAddr::V6(v6) => v6
                .to_ipv4_mapped()
                .map_or_else(|| Self::of_v6(v6), Self::of_v4),
        }
    }

    fn of_v4(v4: Ipv4Addr) -> Self {
        let shared = matches!(v4.octets(), [100, 64..=127, _, _]);
        if v4.is_loopback() || v4.is_unspecified() {
            Self::Loopback
        } else if v4.is_link_local() || v4.is_multicast() || v4.is_broadcast() {
            Self::LinkLocal
        } else if v4.is_private() || shared {
            Self::Private
        } else {
            Self::Public
        }
    }

    fn of_v6(v6: Ipv6Addr) -> Self {
        if v6.is_loopback() || v6.is_unspecified() {
            Self::Loopback
        } else if v6.is_unicast_link_local() || v6.is_multicast() {
            Self::LinkLocal
        } else if v6.is_unique_local() {
            Self::Private
        } else {
            Self::Public
        }
    }
}

/// The addresses of a host, in order: its own, or what the system's resolver says within `wait`.
///
/// # Errors
/// [`Fault::Unreachable`] for a name without addresses, [`Fault::TimedOut`].
pub async fn look_up(base: &BaseUrl, wait: Duration) -> Result<BTreeSet<IpAddr>, Fault> {
    let (host, port) = base.host_and_port().ok_or(Fault::Unreachable)?;
    let name = match host {
        Host::Ipv4(v4) => return Ok(BTreeSet::from([v4.into()])),
        Host::Ipv6(v6) => return Ok(BTreeSet::from([v6.into()])),
        Host::Domain(name) => name,
    };
    let found = tokio::time::timeout(wait, tokio::net::lookup_host((name, port)))
        .await
        .map_err(|_| Fault::TimedOut)?
        .map_err(|_| Fault::Unreachable)?;
    let addresses: BTreeSet<IpAddr> = found.map(|socket| socket.ip()).collect();
    if addresses.is_empty() {
        Err(Fault::Unreachable)
    } else {
        Ok(addresses)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_has_its_class() {
        let table = [
            ("127.0.0.1", AddressClass::Loopback),
            ("::1", AddressClass::Loopback),
            ("::ffff:127.0.0.1", AddressClass::Loopback),
            ("0.0.0.0", AddressClass::Loopback),
            ("169.254.169.254", AddressClass::LinkLocal),
            ("fe80::1", AddressClass::LinkLocal),
            ("10.1.2.3", AddressClass::Private),
            ("172.31.0.1", AddressClass::Private),
            ("192.168.0.1", AddressClass::Private),
            ("100.64.0.1", AddressClass::Private),
            ("fd00::1", AddressClass::Private),
            ("::ffff:10.0.0.1", AddressClass::Private),
            ("93.184.216.34", AddressClass::Public),
            ("2606:4700::1", AddressClass::Public),
        ];
        for (address, class) in table {
            assert_eq!(
                AddressClass::of(address.parse().unwrap()),
                class,
                "{address}"
            );
        }
    }

    #[tokio::test]
    async fn a_literal_address_is_not_looked_up() {
        let base = BaseUrl::parse("https://[fd00::1]:8443", false).unwrap();
        let found = look_up(&base, Duration::ZERO).await.unwrap();
        assert_eq!(found, BTreeSet::from(["fd00::1".parse().unwrap()]));
    }
}
