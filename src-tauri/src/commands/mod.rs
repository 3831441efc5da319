//! The commands of the window, one file for each screen. A command translates and calls the
//! engine; it decides nothing.

mod compose;
mod network;
mod outbox;
mod signals;
mod status;
mod view;

use tauri::Wry;
use tauri::ipc::Invoke;

/// All commands. `build.rs` and `capabilities/main.json` name the same ones.
pub(crate) fn handler() -> impl Fn(Invoke<Wry>) -> bool + Send + Sync + 'static {
    tauri::generate_handler![
        status::status,
        status::acknowledge_mended,
        compose::plain_text,
        outbox::outbox,
        outbox::own_message,
        outbox::dependents,
        outbox::queue,
        outbox::edit,
        outbox::delete,
        outbox::send_now,
        outbox::send_anyway,
        outbox::offer_more,
        outbox::give_up,
        outbox::keep,
        outbox::attempts,
        signals::signals_since,
        view::view,
        view::save_view,
        network::network,
        network::choose,
        network::add_endpoint,
        network::remove_endpoint,
        network::order_endpoints,
        network::pardon_endpoint,
        network::try_endpoint,
        network::follow,
        network::unfollow,
        network::network_changed,
        network::networks,
        network::switch_network,
    ]
}
