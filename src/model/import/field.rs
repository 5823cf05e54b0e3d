//! What a column of a table can be to an event.

use crate::model::category::codes;

codes! {
    /// A field of an event that a column may hold. Columns that are none stay attributes of the row.
    Field {
        /// The file's own name for the event; not necessarily unique.
        Id = "id",
        /// The day, or the first day; any form of date, also an interval.
        Date = "date",
        /// The last day, inclusive.
        DateEnd = "date_end",
        /// Time of day on the day of `date`.
        Time = "time",
        Year = "year",
        /// A number or a name.
        Month = "month",
        /// Day of the month; 0 or less for unknown.
        Day = "day",
        /// By the codes of the file's dialect.
        DatePrecision = "date_precision",
        EventType = "event_type",
        SubType = "sub_type",
        Title = "title",
        /// The long text.
        Notes = "notes",
        Latitude = "latitude",
        Longitude = "longitude",
        /// Both in one: `18.44, 1.41`, or a point in WKT.
        Coordinates = "coordinates",
        GeoPrecision = "geo_precision",
        Place = "place",
        Admin1 = "admin1",
        Admin2 = "admin2",
        Admin3 = "admin3",
        Country = "country",
        Actor1 = "actor1",
        AssocActor1 = "assoc_actor1",
        Actor2 = "actor2",
        AssocActor2 = "assoc_actor2",
        /// Several, between semicolons, in no particular part.
        Actors = "actors",
        /// Number of people killed.
        Fatalities = "fatalities",
        FatalitiesLow = "fatalities_low",
        FatalitiesHigh = "fatalities_high",
        Wounded = "wounded",
        /// Who reports it; several between semicolons.
        Source = "source",
        /// Web address of a source.
        SourceUrl = "source_url",
    }
}
