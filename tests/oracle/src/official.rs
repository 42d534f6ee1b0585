//! The official client.

use crate::{ADMIN, Outcome};
use ekodb_client::{Client, admin::AdminClient};
use serde::Serialize;

/// Its two halves, both logged in with the same key and neither having sent anything yet.
pub struct Official {
    /// Keys and permissions.
    pub admin: AdminClient,
    /// Health, collections, schemas. Its waiting before a repetition is switched off: that is not compared here.
    pub data: Client,
    url: String,
}

impl Official {
    /// For the server at this address.
    pub fn at(url: &str) -> Self {
        let data = Client::builder().base_url(url).api_key(ADMIN);
        Self {
            admin: AdminClient::new(url, ADMIN).unwrap(),
            data: data.should_retry(false).build().unwrap(),
            url: url.to_owned(),
        }
    }

    /// The first half again, logged in with another key.
    pub fn with(&self, key: &str) -> AdminClient {
        AdminClient::new(&self.url, key).unwrap()
    }
}

/// What the client made of a reply, all of it, or its words for why not.
///
/// # Errors
/// Those words.
pub fn shown<T: Serialize>(outcome: ekodb_client::Result<T>) -> Outcome {
    match outcome {
        Ok(value) => serde_json::to_value(value).map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    }
}
