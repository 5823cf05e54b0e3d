//! Names of the columns that this program writes. The same in every format; a reader knows its own
//! files by them.

use crate::model::import::Field;

/// What the cells of a column are, for formats that tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CellType {
    Text,
    /// A day of the calendar.
    Day,
    Integer,
    /// Degrees or metres.
    Real,
    Flag,
}

macro_rules! columns {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $cells:ident, $field:expr;)+) => {
        /// A column of events. Files have those that something is known for, in this order.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Column { $($(#[$doc])* $variant),+ }

        impl Column {
            pub const ALL: &'static [Column] = &[$(Column::$variant),+];

            /// The name in files.
            pub fn name(self) -> &'static str {
                match self { $(Column::$variant => $name),+ }
            }

            pub fn cells(self) -> CellType {
                match self { $(Column::$variant => CellType::$cells),+ }
            }

            /// What the column is to a reader; `None` for what repeats another column, or has no field.
            pub fn field(self) -> Option<Field> {
                match self { $(Column::$variant => $field),+ }
            }
        }
    };
}

columns! {
    Id = "id", Text, Some(Field::Id);
    /// The file or the case that the event is from.
    Dataset = "dataset", Text, None;
    EventType = "event_type", Text, Some(Field::EventType);
    SubType = "sub_type", Text, Some(Field::SubType);
    Title = "title", Text, Some(Field::Title);
    TitleAr = "title_ar", Text, None;
    /// In EDTF: `2024-07-27`, `2024-05-01/2024-05-09`, `2024-07-25/..`, `2024-07-27T14:30`. It says all
    /// that the next two say, and is what is read back.
    Date = "date", Text, Some(Field::Date);
    /// The first day; empty if nobody gives it.
    DateBegin = "date_begin", Day, None;
    /// The last day, inclusive; empty if nobody gives it.
    DateEnd = "date_end", Day, None;
    /// A code of [`crate::model::DatePrecision`].
    DatePrecision = "date_precision", Text, Some(Field::DatePrecision);
    Ongoing = "ongoing", Flag, None;
    /// Several between semicolons, as all lists.
    Place = "place", Text, Some(Field::Place);
    PlaceAr = "place_ar", Text, None;
    Admin1 = "admin1", Text, Some(Field::Admin1);
    Admin2 = "admin2", Text, Some(Field::Admin2);
    Admin3 = "admin3", Text, Some(Field::Admin3);
    Country = "country", Text, Some(Field::Country);
    Latitude = "latitude", Real, Some(Field::Latitude);
    Longitude = "longitude", Real, Some(Field::Longitude);
    /// Radius of the area that the coordinate stands for.
    RadiusM = "radius_m", Real, None;
    /// A code of [`crate::model::GeoPrecision`].
    GeoPrecision = "geo_precision", Text, Some(Field::GeoPrecision);
    Actor1 = "actor1", Text, Some(Field::Actor1);
    AssocActor1 = "assoc_actor1", Text, Some(Field::AssocActor1);
    Actor2 = "actor2", Text, Some(Field::Actor2);
    AssocActor2 = "assoc_actor2", Text, Some(Field::AssocActor2);
    /// Names alone, where the parts of actors have other names than first and second.
    Actors = "actors", Text, Some(Field::Actors);
    /// `JNIM (attacker); Malian army (target)`.
    ActorRoles = "actor_roles", Text, None;
    FatalitiesLow = "fatalities_low", Integer, Some(Field::FatalitiesLow);
    FatalitiesBest = "fatalities_best", Integer, Some(Field::Fatalities);
    /// Whether it is a least number.
    FatalitiesBestOpen = "fatalities_best_open", Flag, None;
    FatalitiesHigh = "fatalities_high", Integer, Some(Field::FatalitiesHigh);
    FatalitiesHighOpen = "fatalities_high_open", Flag, None;
    Wounded = "wounded", Text, Some(Field::Wounded);
    Prominence = "prominence", Text, None;
    Certainty = "certainty", Text, None;
    Optional = "optional", Flag, None;
    NumClaims = "num_claims", Integer, None;
    /// Who is reported to say something about the event.
    Claimants = "claimants", Text, None;
    /// Keys of the documents that make claims about it.
    Documents = "documents", Text, None;
    Source = "source", Text, Some(Field::Source);
    SourceUrl = "source_url", Text, Some(Field::SourceUrl);
    /// The row's text, or what the event is in the words of its coder.
    Notes = "notes", Text, Some(Field::Notes);
}

impl Column {
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|column| column.name() == name)
    }
}

/// Every file of events has these; where they all are, it is one of ours.
pub const SIGNATURE: [Column; 7] = [
    Column::Id,
    Column::Dataset,
    Column::EventType,
    Column::Date,
    Column::DateBegin,
    Column::DateEnd,
    Column::DatePrecision,
];

/// Columns of claims, behind those of the event that they are about. None of them is a field of an event.
pub const CLAIM_COLUMNS: [&str; 16] = [
    "claim_id",
    "claimant",
    "attribution",
    "statement_en",
    "statement_ar",
    "reported_counts",
    "claimed_date",
    "document",
    "document_title",
    "outlet",
    "published",
    "text_form",
    "quote",
    "char_start",
    "char_end",
    "evidence",
];

/// Begins the name of a column of the source whose own name is one of ours but whose cells are not: the
/// codes of a dialect, or values that could not be read.
pub const ORIGINAL: &str = "original_";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_apart_and_fields_stand_once() {
        for (at, column) in Column::ALL.iter().enumerate() {
            assert_eq!(Column::of_name(column.name()), Some(*column));
            let before = &Column::ALL[..at];
            assert!(column.field().is_none() || before.iter().all(|other| other.field() != column.field()));
            assert!(!CLAIM_COLUMNS.contains(&column.name()) && !column.name().starts_with(ORIGINAL));
        }
    }

    #[test]
    fn readers_know_the_columns() {
        use crate::io::import::recognise;
        use crate::model::import::Dialect;
        let names: Vec<String> = Column::ALL.iter().map(|column| column.name().to_owned()).collect();
        assert_eq!(recognise::dialect(&names).map(|found| found.0), Some(Dialect::Waqai));
        let fields: Vec<Option<Field>> = Column::ALL.iter().map(|column| column.field()).collect();
        assert_eq!(recognise::mapping(&names, Some(Dialect::Waqai), &[]), fields);
        let least: Vec<String> = SIGNATURE.iter().map(|column| column.name().to_owned()).collect();
        assert_eq!(recognise::dialect(&least).map(|found| found.0), Some(Dialect::Waqai));
    }
}
