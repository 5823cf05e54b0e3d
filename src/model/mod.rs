//! What a thing is: plain values of the field.
//!
//! Knows nothing of files, serialisation, clocks, threads or windows. Uses the standard library
//! and the date type (`jiff`) alone.

pub mod actor;
pub mod category;
pub mod document;
pub mod event;
pub mod export;
pub mod fatalities;
pub mod gazetteer;
pub mod geo;
pub mod id;
pub mod import;
pub mod names;
pub mod place;
pub mod report;
pub mod time;

pub use actor::Actor;
pub use category::{Certainty, EventType, Prominence, SegmentKind, SpanRole};
pub use document::{Document, Mention, Outlet, Segment, Span};
pub use event::{ActorRole, Claim, ClaimedRange, Count, CountKind, EventRecord, PlaceRole};
pub use export::ExportFormat;
pub use fatalities::{Fatalities, Toll};
pub use geo::{BBox, GeoPrecision, LatLon};
pub use id::{ActorId, ClaimId, DocumentId, EventId, PlaceId};
pub use names::{Lang, Names};
pub use place::Place;
pub use report::{Problem, Severity};
pub use time::{DatePrecision, Interval, When};
