//! Row numbers of the tables, one type each so that they cannot be mixed up.

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub u32);

        impl $name {
            /// The row as an index.
            pub fn index(self) -> usize {
                self.0 as usize
            }

            /// From an index. Tables hold fewer than 2³² rows.
            pub fn from_index(index: usize) -> Self {
                Self(index as u32)
            }
        }
    )*};
}

ids! {
    /// Row of an event in the store's columns.
    EventId
    /// Row of a claim.
    ClaimId
    /// Row of a document.
    DocumentId
    /// Row of a place.
    PlaceId
    /// Row of an actor.
    ActorId
}
