//! The commands about the network: endpoints, what is received, which network is open.

use parley_wire::{Failure, NetworkChoice, NetworkView, Settings, Tried};
use serde_json::json;

use super::call;

/// Everything about the open network.
pub(crate) async fn network() -> Result<NetworkView, Failure> {
    call("network", &json!({})).await
}

/// Says that the device has a connection again: nothing needs to wait any longer.
pub(crate) async fn network_changed() -> Result<(), Failure> {
    call("network_changed", &json!({})).await
}

/// Keeps what the person chose.
pub(crate) async fn choose(settings: &Settings) -> Result<(), Failure> {
    call("choose", &json!({ "settings": settings })).await
}

/// Adds an endpoint at the end.
pub(crate) async fn add_endpoint(url: &str) -> Result<(), Failure> {
    call("add_endpoint", &json!({ "url": url })).await
}

/// Removes an endpoint.
pub(crate) async fn remove_endpoint(url: &str) -> Result<(), Failure> {
    call("remove_endpoint", &json!({ "url": url })).await
}

/// Puts the endpoints into this order.
pub(crate) async fn order_endpoints(urls: &[String]) -> Result<(), Failure> {
    call("order_endpoints", &json!({ "urls": urls })).await
}

/// Uses an endpoint again that was found to lie.
pub(crate) async fn pardon_endpoint(url: &str) -> Result<(), Failure> {
    call("pardon_endpoint", &json!({ "url": url })).await
}

/// Asks an endpoint, in the list or not, whether it is for this network.
pub(crate) async fn try_endpoint(url: &str) -> Result<Tried, Failure> {
    call("try_endpoint", &json!({ "url": url })).await
}

/// Follows an account.
pub(crate) async fn follow(account: &str) -> Result<(), Failure> {
    call("follow", &json!({ "account": account })).await
}

/// Follows an account no longer.
pub(crate) async fn unfollow(account: &str) -> Result<(), Failure> {
    call("unfollow", &json!({ "account": account })).await
}

/// The networks that this device can open.
pub(crate) async fn networks() -> Result<Vec<NetworkChoice>, Failure> {
    call("networks", &json!({})).await
}

/// Opens another network, and at the next start too.
pub(crate) async fn switch_network(name: &str) -> Result<(), Failure> {
    call("switch_network", &json!({ "name": name })).await
}
