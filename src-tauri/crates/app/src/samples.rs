//! The sample servers' own list of themselves, taken in through the ordinary path.

use crate::{
    App, Code, Failure,
    deployments::{self, NewLink},
};
use domain::{Environment, LinkSpec, Secret, Trust};
use providers::registry;
use serde::Deserialize;
use std::path::Path;
use zeroize::Zeroizing;

/// `servers.json` as the sample servers write it.
#[derive(Debug, Deserialize)]
pub struct SampleServers {
    servers: Vec<SampleServer>,
}

#[derive(Debug, Deserialize)]
struct SampleServer {
    provider: String,
    name: String,
    environment: Environment,
    url: String,
    ca: String,
    credential: Secret,
}

impl SampleServers {
    /// Reads the list.
    ///
    /// # Errors
    /// [`Code::SamplesFailed`] when it is not there or not readable.
    pub fn read(path: &Path) -> Result<Self, Failure> {
        let failed = || Failure::new(Code::SamplesFailed);
        let bytes = Zeroizing::new(std::fs::read(path).map_err(|_| failed())?);
        serde_json::from_slice(&bytes).map_err(|_| failed())
    }

    /// Adds the servers that the profile does not have yet, and corrects the address of those that came
    /// back on another port. A sample server is known by its name.
    ///
    /// # Errors
    /// [`Code::SamplesFailed`] outside the sample profile; else as for [`deployments::add`].
    pub async fn add_to(self, app: &App) -> Result<(), Failure> {
        if !app.profile.is_sample() {
            return Err(Failure::new(Code::SamplesFailed));
        }
        let present = store::deployments::all(&app.store)
            .await
            .map_err(|error| app.in_words(error))?;
        for server in self.servers {
            let provider = registry::find(&server.provider)
                .ok_or_else(|| Failure::new(Code::SamplesFailed))?;
            let link = LinkSpec {
                url: server.url,
                trust: Trust::OwnCa { pem: server.ca },
                tls_minimum: provider.about().tls_minimum,
                allow_plain_loopback: false,
            };
            let by_name = present.iter().find(|known| known.name == server.name);
            // One that was renamed is still the same server while it keeps its port.
            let known = by_name.or_else(|| present.iter().find(|known| known.link == link));
            match known {
                Some(known) if known.link == link => {}
                Some(known) => deployments::set_link(app, known.id, &link).await?,
                None => {
                    let new = NewLink {
                        name: server.name,
                        environment: server.environment,
                        provider: server.provider,
                        link,
                        credential: server.credential,
                    };
                    deployments::add(app, new).await?;
                }
            }
        }
        Ok(())
    }
}
