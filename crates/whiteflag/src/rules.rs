//! The rules for what a message says, message by message: every finding, not only the first. What
//! may be sent, and what is held against a message that was received. Rules that need the message
//! referred to are named here and judged elsewhere.

mod effect;
mod header;
mod management;
mod rule;
mod signs;

use std::fmt;

pub use effect::Effect;
pub use rule::Rule;

use crate::{Body, Content, Message, MessageCode};

/// One rule that a message breaks, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Finding {
    /// The rule.
    pub rule: Rule,
    /// The field's name in the specification.
    pub field: &'static str,
}

impl Finding {
    /// What is wrong, after the field's name.
    #[must_use]
    pub const fn problem(&self) -> &'static str {
        self.rule.problem()
    }

    /// Where the specification says so; `None` where the rule is ours.
    #[must_use]
    pub const fn section(&self) -> Option<&'static str> {
        self.rule.section()
    }

    /// What to do, as a request.
    #[must_use]
    pub const fn fix(&self) -> &'static str {
        self.rule.fix()
    }

    /// What a receiver does about it.
    #[must_use]
    pub const fn effect(&self) -> Effect {
        self.rule.effect()
    }
}

/// Field, problem, fix and section, such as "ObjectLatitude is none on earth: give -90.00000 to
/// +90.00000 (Whiteflag 4.3.1.6)".
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.field, self.problem(), self.fix())?;
        match self.section() {
            Some(section) => write!(f, " (Whiteflag {section})"),
            None => Ok(()),
        }
    }
}

/// Whether codes for private use may be sent (specification 4.2.1.4, 4.3.1.2, 4.3.1.5, 4.3.2.2,
/// 4.3.4.2, 4.3.5.2): subjects and object types F0 to FF, methods A to F, cryptographic data A0 to FF.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PrivateUse {
    /// No: others show the bare code.
    #[default]
    Refused,
    /// Yes: all who matter know what the codes mean.
    Allowed,
}

/// Collects findings.
#[derive(Default)]
struct Findings(Vec<Finding>);

impl Findings {
    /// `that` must hold.
    fn require(&mut self, that: bool, rule: Rule, field: &'static str) {
        if !that {
            self.0.push(Finding { rule, field });
        }
    }

    /// Judges a code: defined, for private use, or reserved.
    fn code(&mut self, code: Code, reserved: Rule, field: &'static str) {
        match code {
            Code::Defined => {}
            Code::Private => self.require(false, Rule::PrivateUse, field),
            Code::Reserved => self.require(false, reserved, field),
        }
    }
}

/// What the specification says about a code.
#[derive(Clone, Copy)]
enum Code {
    Defined,
    Private,
    Reserved,
}

impl Code {
    const fn of(defined: bool, private: bool) -> Self {
        match (defined, private) {
            (true, _) => Self::Defined,
            (false, true) => Self::Private,
            (false, false) => Self::Reserved,
        }
    }
}

impl Message {
    /// What a receiver holds against this message: every rule of the specification that it breaks,
    /// each with its effect. Codes for private use are no finding.
    #[must_use]
    pub fn check(&self) -> Vec<Finding> {
        let mut found = all(self);
        found.retain(|finding| finding.section().is_some());
        found
    }

    /// Everything that keeps this message from being sent: what a receiver would hold against it,
    /// and our own rules, which are stricter where the specification is silent. None when it may be
    /// sent as far as its own values go.
    #[must_use]
    pub fn check_to_send(&self, private: PrivateUse) -> Vec<Finding> {
        let mut found = all(self);
        if private == PrivateUse::Allowed {
            found.retain(|finding| finding.rule != Rule::PrivateUse);
        }
        found
    }
}

fn all(message: &Message) -> Vec<Finding> {
    let mut found = Findings::default();
    header::check(message, &mut found);
    let indicator = message.reference.indicator;
    let (Body::Plain(content) | Body::Test(content)) = &message.body;
    match content {
        Content::Authentication { method, data } => {
            management::authentication(*method, data, indicator, &mut found);
        }
        Content::Cryptographic { data_type, data } => {
            management::cryptographic(*data_type, data, &mut found);
        }
        Content::Resource { method, data } => {
            management::resource(*method, data, indicator, &mut found);
        }
        Content::FreeText(text) => found.require(!text.is_empty(), Rule::Empty, "Text"),
        Content::Sign { kind, sign } => signs::check(kind.code(), sign, &mut found),
        Content::Request { sign, objects } => {
            signs::check(MessageCode::Request, sign, &mut found);
            signs::request(sign, objects, &mut found);
        }
    }
    found.0
}
