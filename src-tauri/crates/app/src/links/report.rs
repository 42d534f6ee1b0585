//! What the connection doctor says, in the shape that the screen draws.

use crate::Failure;
use domain::Fact;
use providers::AddressClass;
use serde::Serialize;
use std::net::IpAddr;
use ts_rs::TS;

/// What a test of a link found.
#[derive(Debug, Serialize, TS)]
pub(crate) struct LinkReport {
    /// Nothing failed.
    pub(crate) ok: bool,
    /// All steps, in their order.
    pub(crate) steps: Vec<LinkStep>,
}

impl LinkReport {
    /// Why it failed: the first step that did.
    pub(crate) fn failure(self) -> Option<Failure> {
        let failed = |step: &LinkStep| step.state == StepState::Failed;
        let step = self.steps.into_iter().find(failed)?;
        step.failure
    }
}

/// One step of a test.
#[derive(Debug, Serialize, TS)]
pub(crate) struct LinkStep {
    pub(crate) name: StepName,
    pub(crate) state: StepState,
    /// What it found.
    pub(crate) detail: Option<StepDetail>,
    /// Why it failed, or what it warns of.
    pub(crate) failure: Option<Failure>,
}

/// What a step looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub(crate) enum StepName {
    /// The address is one, and leads somewhere.
    Address,
    /// The server answers and proves who it is. No credential is sent before this went well.
    Connection,
    /// The server takes the credential.
    LogIn,
    /// The credential may list keys.
    ListKeys,
    /// What the server is.
    Server,
    /// No other deployment has this address.
    Known,
}

impl StepName {
    /// All of them, in order.
    pub(crate) const ALL: [Self; 6] = [
        Self::Address,
        Self::Connection,
        Self::LogIn,
        Self::ListKeys,
        Self::Server,
        Self::Known,
    ];
}

/// How a step went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub(crate) enum StepState {
    /// Well.
    Ok,
    /// Well, with something to know.
    Warning,
    /// Not.
    Failed,
    /// A step before it failed.
    Skipped,
}

/// What a step found.
#[derive(Debug, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum StepDetail {
    /// Of the address.
    Address {
        /// Host and port as they are asked for; a name with letters beyond a–z in its `xn--` form.
        host: String,
        /// It is such a name.
        international: bool,
        /// Where the name leads.
        places: Vec<Place>,
    },
    /// Of the connection.
    Connection {
        /// By TLS.
        encrypted: bool,
    },
    /// Of the key list.
    Keys {
        /// How many it has.
        #[ts(type = "number")]
        count: usize,
    },
    /// Of the server.
    Server {
        /// In the adapter's words.
        facts: Vec<Fact>,
    },
}

/// One address that a name leads to.
#[derive(Debug, Serialize, TS)]
pub(crate) struct Place {
    ip: String,
    class: PlaceClass,
}

/// How far away an address is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PlaceClass {
    /// This machine.
    Loopback,
    /// The wire this machine hangs on.
    LinkLocal,
    /// A network of somebody's own.
    Private,
    /// The internet.
    Public,
}

impl Place {
    /// The address with its class.
    pub(crate) fn of(ip: IpAddr) -> Self {
        Self {
            ip: ip.to_string(),
            class: class_of(ip),
        }
    }
}

pub(crate) fn step(
    name: StepName,
    state: StepState,
    detail: Option<StepDetail>,
    failure: Option<Failure>,
) -> LinkStep {
    LinkStep {
        name,
        state,
        detail,
        failure,
    }
}

fn class_of(ip: IpAddr) -> PlaceClass {
    match AddressClass::of(ip) {
        AddressClass::Loopback => PlaceClass::Loopback,
        AddressClass::LinkLocal => PlaceClass::LinkLocal,
        AddressClass::Private => PlaceClass::Private,
        AddressClass::Public => PlaceClass::Public,
    }
}
