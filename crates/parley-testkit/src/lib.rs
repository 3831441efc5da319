//! Parts for whole-system tests: a real node, peers, faults
