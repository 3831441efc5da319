//! The Whiteflag protocol, version 1: messages to and from bytes and JSON
