//! The screen about the network: endpoints, followed accounts, what is received, and which network
//! is open.

use crate::convert;
use crate::setup::App;
use parley_wire::{Failure, NetworkChoice, NetworkView, Settings, Tried};
use tauri::State;

/// Everything about the open network.
#[tauri::command]
pub(crate) async fn network(app: State<'_, App>) -> Result<NetworkView, Failure> {
    app.parley()?.network().await
}

/// Keeps what the person chose.
#[tauri::command]
pub(crate) async fn choose(app: State<'_, App>, settings: Settings) -> Result<(), Failure> {
    app.parley()?.choose(convert::settings(settings)?).await
}

/// Adds an endpoint at the end.
#[tauri::command]
pub(crate) async fn add_endpoint(app: State<'_, App>, url: String) -> Result<(), Failure> {
    let parley = app.parley()?;
    convert::room_for_one(parley.network().await?.endpoints.len())?;
    parley.add_endpoint(&convert::url(url)?).await
}

/// Removes an endpoint.
#[tauri::command]
pub(crate) async fn remove_endpoint(app: State<'_, App>, url: String) -> Result<(), Failure> {
    app.parley()?.remove_endpoint(&convert::url(url)?).await
}

/// Puts the endpoints into this order.
#[tauri::command]
pub(crate) async fn order_endpoints(app: State<'_, App>, urls: Vec<String>) -> Result<(), Failure> {
    app.parley()?.order_endpoints(convert::urls(urls)?).await
}

/// Uses an endpoint again that was found to lie.
#[tauri::command]
pub(crate) async fn pardon_endpoint(app: State<'_, App>, url: String) -> Result<(), Failure> {
    app.parley()?.pardon_endpoint(&convert::url(url)?).await
}

/// Asks an endpoint, in the list or not, whether it is for this network.
#[tauri::command]
pub(crate) async fn try_endpoint(app: State<'_, App>, url: String) -> Result<Tried, Failure> {
    app.parley()?.try_endpoint(&convert::url(url)?).await
}

/// Follows an account from now on.
#[tauri::command]
pub(crate) async fn follow(app: State<'_, App>, account: String) -> Result<(), Failure> {
    app.parley()?.follow(&convert::account(account)?).await
}

/// Follows an account no longer.
#[tauri::command]
pub(crate) async fn unfollow(app: State<'_, App>, account: String) -> Result<(), Failure> {
    app.parley()?.unfollow(&convert::account(account)?).await
}

/// The system says that the device has a connection again.
#[tauri::command]
pub(crate) async fn network_changed(app: State<'_, App>) -> Result<(), Failure> {
    app.parley()?.network_changed();
    Ok(())
}

/// The networks that this device can open.
#[tauri::command]
pub(crate) async fn networks(app: State<'_, App>) -> Result<Vec<NetworkChoice>, Failure> {
    app.networks().await
}

/// Opens another network, and at the next start too.
#[tauri::command]
pub(crate) async fn switch_network(app: State<'_, App>, name: String) -> Result<(), Failure> {
    app.switch_network(&convert::network(name)?).await
}
