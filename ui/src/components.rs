//! Parts that several screens draw. They are given what they show and say what was done; none of
//! them asks the engine.

mod chip;
mod emptiness;
mod fact;
mod frame;
mod message_facts;
mod problem;
mod question;
mod radio;
mod refusal;
mod symbol;
mod text_field;

pub(crate) use chip::Chip;
pub(crate) use emptiness::Emptiness;
pub(crate) use fact::Fact;
pub(crate) use frame::Frame;
pub(crate) use message_facts::MessageFacts;
pub(crate) use problem::ProblemLine;
pub(crate) use question::Question;
pub(crate) use radio::Radio;
pub(crate) use refusal::Refusal;
pub(crate) use symbol::Symbol;
pub(crate) use text_field::{Kind, TextField};
