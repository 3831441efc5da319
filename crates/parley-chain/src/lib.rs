//! Ethereum: endpoints, sealing and verification
