//! What a request asks for: at most eight kinds of objects and how many of each (specification
//! 4.3.1.9), kept in place. Never allocates.

use std::fmt;
use std::ops::Deref;

use crate::Decimals;

/// How many objects a request holds at most (specification 4.3.1.9); further ones are not read.
pub const MAX_REQUEST_OBJECTS: usize = 8;

/// A kind of object and how many of it, in a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RequestObject {
    /// ObjectType.
    pub object_type: u8,
    /// ObjectTypeQuant; 0 is not known.
    pub quantity: Decimals<2>,
}

/// The objects of a request, in their order; a slice of at most [`MAX_REQUEST_OBJECTS`].
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct RequestObjects {
    /// Those from `count` on are [`UNUSED`], so that equal lists are equal fields.
    objects: [RequestObject; MAX_REQUEST_OBJECTS],
    count: u8,
}

const UNUSED: RequestObject = RequestObject {
    object_type: 0,
    quantity: Decimals::ZERO,
};

/// There are more than [`MAX_REQUEST_OBJECTS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a request asks for at most {MAX_REQUEST_OBJECTS} kinds of objects; send a second request")]
pub struct TooManyObjects;

impl RequestObjects {
    /// None.
    pub const NONE: Self = Self {
        objects: [UNUSED; MAX_REQUEST_OBJECTS],
        count: 0,
    };

    /// Appends one.
    ///
    /// # Errors
    /// When there are eight already; then nothing is changed.
    pub fn push(&mut self, object: RequestObject) -> Result<(), TooManyObjects> {
        let free = self.objects.get_mut(usize::from(self.count));
        *free.ok_or(TooManyObjects)? = object;
        self.count = self.count.saturating_add(1);
        Ok(())
    }

    /// Takes all that an iterator gives.
    ///
    /// # Errors
    /// When there are more than eight.
    pub fn collect(
        objects: impl IntoIterator<Item = RequestObject>,
    ) -> Result<Self, TooManyObjects> {
        let mut list = Self::NONE;
        objects.into_iter().try_for_each(|next| list.push(next))?;
        Ok(list)
    }
}

impl Default for RequestObjects {
    fn default() -> Self {
        Self::NONE
    }
}

impl TryFrom<&[RequestObject]> for RequestObjects {
    type Error = TooManyObjects;

    fn try_from(objects: &[RequestObject]) -> Result<Self, TooManyObjects> {
        Self::collect(objects.iter().copied())
    }
}

impl Deref for RequestObjects {
    type Target = [RequestObject];

    fn deref(&self) -> &[RequestObject] {
        self.objects
            .get(..usize::from(self.count))
            .unwrap_or_default()
    }
}

impl<'a> IntoIterator for &'a RequestObjects {
    type Item = &'a RequestObject;
    type IntoIter = std::slice::Iter<'a, RequestObject>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Debug for RequestObjects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(object_type: u8) -> RequestObject {
        RequestObject {
            object_type,
            quantity: Decimals::ZERO,
        }
    }

    #[test]
    fn a_list_holds_eight_objects_in_their_order_and_refuses_a_ninth() {
        let eight: Vec<RequestObject> = (0x40..0x48).map(object).collect();
        let mut list = RequestObjects::collect(eight.clone()).unwrap();
        assert_eq!(&*list, eight.as_slice());
        assert_eq!(list.push(object(0x50)), Err(TooManyObjects));
        assert_eq!(&*list, eight.as_slice());
        let nine = (0x40..0x49).map(object);
        assert_eq!(RequestObjects::collect(nine), Err(TooManyObjects));
    }
}
