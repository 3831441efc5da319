//! What a person works with. Each screen takes what the session holds, draws it and tells the
//! session what was done.

mod about;
mod actions;
mod banner;
mod compose;
mod detail;
mod list;
mod network;
mod notice;
mod outbox;
mod review;
mod status;
mod warnings;

pub(crate) use about::About;
pub(crate) use actions::Actions;
pub(crate) use banner::Banner;
pub(crate) use compose::Compose;
pub(crate) use detail::Detail;
pub(crate) use list::List;
pub(crate) use network::Network;
pub(crate) use notice::NoticeLine;
pub(crate) use outbox::Outbox;
pub(crate) use review::Review;
pub(crate) use status::StatusLine;
pub(crate) use warnings::Warnings;
