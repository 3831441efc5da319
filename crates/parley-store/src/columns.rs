//! How hashes, addresses and fees are read from and written to columns. It knows no table.

use alloy_primitives::{Address, B256};
use rusqlite::{Row, types::FromSqlError};

/// A 32-byte hash.
pub(crate) fn hash(row: &Row<'_>, column: &str) -> rusqlite::Result<B256> {
    Ok(B256::from(row.get::<_, [u8; 32]>(column)?))
}

/// A 32-byte hash that may be absent.
pub(crate) fn hash_or_none(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<B256>> {
    Ok(row.get::<_, Option<[u8; 32]>>(column)?.map(B256::from))
}

/// A 20-byte address.
pub(crate) fn address(row: &Row<'_>, column: &str) -> rusqlite::Result<Address> {
    Ok(Address::from(row.get::<_, [u8; 20]>(column)?))
}

/// A fee in wei per gas. More than nine ether per gas does not fit and is refused.
pub(crate) fn fee(wei: u128) -> rusqlite::Result<i64> {
    i64::try_from(wei).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
}

/// A word from a closed set, or the error that the column holds another.
pub(crate) fn known<T>(found: Option<T>) -> rusqlite::Result<T> {
    found.ok_or_else(|| {
        rusqlite::Error::FromSqlConversionFailure(
            0,
            rusqlite::types::Type::Text,
            FromSqlError::InvalidType.into(),
        )
    })
}
