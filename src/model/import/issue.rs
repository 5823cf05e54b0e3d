//! What can be odd about a row.

use super::Remedy;
use crate::model::Severity;
use crate::model::category::codes;

codes! {
    /// One kind of oddity. Whatever is found is told by kind, row, column and value.
    Issue {
        // Rows that are no events.
        EmptyRow = "empty_row",
        /// Nothing but delimiters.
        BlankFields = "blank_fields",
        Comment = "comment",
        /// A sum below the data (`Total`).
        TotalRow = "total_row",
        /// The header once more.
        RepeatedHeader = "repeated_header",
        /// Neither a date nor a place nor words.
        NoEvent = "no_event",
        /// Left out because the user keeps only rows with a date, or with a place.
        NotKept = "not_kept",
        /// A copy of another row, left out on request.
        DroppedCopy = "dropped_copy",
        /// The source says itself that it holds no event: an error of a service, a part that is broken.
        BrokenPart = "broken_part",
        /// A link to another file or service, a picture, a list of something else.
        OtherPart = "other_part",
        // The form of a row.
        TooFewFields = "too_few_fields",
        TooManyFields = "too_many_fields",
        UnclosedQuote = "unclosed_quote",
        /// Text behind a closing quotation mark, or backslashes before quotation marks.
        OddQuotes = "odd_quotes",
        ControlCharacters = "control_characters",
        BadText = "bad_text",
        DoubleEncoded = "double_encoded",
        HugeField = "huge_field",
        // Dates.
        NoDate = "no_date",
        NoSuchDate = "no_such_date",
        /// A date in a form that is not read.
        DateForm = "date_form",
        /// Day and month could be exchanged in it, and the column does not tell.
        AmbiguousDate = "ambiguous_date",
        TwoDigitYear = "two_digit_year",
        EndBeforeBegin = "end_before_begin",
        /// Outside of 1800 to 2100.
        FarDate = "far_date",
        /// Only a month, a season or a year, or somebody's “about”.
        CoarseDate = "coarse_date",
        // Places.
        NoPlace = "no_place",
        NoSuchCoordinate = "no_such_coordinate",
        /// One of the two is missing.
        HalfCoordinate = "half_coordinate",
        SwappedCoordinates = "swapped_coordinates",
        NullIsland = "null_island",
        BeyondDateLine = "beyond_date_line",
        /// A number given as text, degrees with minutes, digits of another script.
        CoercedCoordinate = "coerced_coordinate",
        NoGeometry = "no_geometry",
        BadGeometry = "bad_geometry",
        /// Parts of it do not follow the rules: open rings, broken vertices, numbers too many.
        OddGeometry = "odd_geometry",
        // Tolls.
        NotANumber = "not_a_number",
        UnknownCode = "unknown_code",
        FractionalToll = "fractional_toll",
        HugeToll = "huge_toll",
        AmbiguousNumber = "ambiguous_number",
        /// A range, or words like “at least” and “about”.
        WordedToll = "worded_toll",
        LowAboveBest = "low_above_best",
        // Names and keys.
        PlaceholderActor = "placeholder_actor",
        NoId = "no_id",
        RepeatedId = "repeated_id",
        RepeatedRow = "repeated_row",
        SimilarId = "similar_id",
        UnknownType = "unknown_type",
        TooManyTypes = "too_many_types",
        // Annotated documents.
        BadSpan = "bad_span",
        BadReference = "bad_reference",
    }
}

/// What became of the row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// It is an event with all that it says.
    Kept,
    /// It is an event, without what could not be understood.
    KeptWithGap,
    /// It is no event.
    LeftOut,
}

impl Issue {
    pub fn outcome(self) -> Outcome {
        use Issue::*;
        match self {
            EmptyRow | BlankFields | Comment | TotalRow | RepeatedHeader | NoEvent | NotKept
            | DroppedCopy | BrokenPart | OtherPart => Outcome::LeftOut,
            TooFewFields | UnclosedQuote | NoDate | NoSuchDate | DateForm | EndBeforeBegin | NoPlace
            | NoSuchCoordinate | HalfCoordinate | SwappedCoordinates | BeyondDateLine | NoGeometry
            | BadGeometry | NotANumber | UnknownCode | BadSpan | BadReference => Outcome::KeptWithGap,
            _ => Outcome::Kept,
        }
    }

    /// What is lost is an error, except what nobody would miss.
    pub fn severity(self) -> Severity {
        match self {
            Issue::NoEvent | Issue::BrokenPart => Severity::Error,
            _ => Severity::Warning,
        }
    }

    /// What a user can do about it at once.
    pub fn remedy(self) -> Option<Remedy> {
        Some(match self {
            Issue::SwappedCoordinates => Remedy::SwapWhereNeeded,
            Issue::NullIsland => Remedy::UnplaceNullIsland,
            Issue::BeyondDateLine => Remedy::WrapLongitude,
            Issue::UnknownCode => Remedy::NegativeIsUnknown,
            Issue::LowAboveBest => Remedy::OrderTolls,
            Issue::RepeatedRow => Remedy::DropRepeatedRows,
            Issue::RepeatedId => Remedy::KeepLastOfId,
            Issue::PlaceholderActor => Remedy::DropPlaceholderActors,
            Issue::DoubleEncoded => Remedy::UndoDoubleEncoding,
            Issue::EndBeforeBegin => Remedy::SwapInterval,
            _ => return None,
        })
    }

    /// What happened and what became of it, in English.
    pub fn sentence(self) -> &'static str {
        use Issue::*;
        match self {
            EmptyRow => "an empty line",
            BlankFields => "a row without a single value; it is left out",
            Comment => "a comment line; it is left out",
            TotalRow => "a sum below the data, not an event; it is left out",
            RepeatedHeader => "the header once more; it is left out",
            NoEvent => "the row is left out: it has neither a date nor anything else of an event",
            NotKept => "the row is left out, as the import settings say",
            DroppedCopy => "a copy of another row; it is left out, as the import settings say",
            BrokenPart => "this part is broken and left out",
            OtherPart => "this part holds no event and is left out; links are not followed",
            TooFewFields => "the row has fewer fields than the header; the last ones are empty",
            TooManyFields => "the row has more fields than the header; the surplus is kept in the long text",
            UnclosedQuote => "a quotation mark is opened and not closed; the fields behind it are lost",
            OddQuotes => {
                "quotation marks within the field do not follow the rules; the text is kept as it is"
            }
            ControlCharacters => "the text holds control characters; they are shown as symbols",
            BadText => "bytes that are no text in this encoding; they are shown as �",
            DoubleEncoded => "the text seems to have been encoded twice",
            HugeField => "the field is longer than 100,000 characters; lists show its beginning",
            NoDate => "there is no date; the event is undated",
            NoSuchDate => "there is no such date; the event is undated",
            DateForm => "a date in a form that is not read; the event is undated",
            AmbiguousDate => "day and month could be exchanged, and the column does not tell which is first",
            TwoDigitYear => {
                "a year of two digits: 31 to 99 are taken for 1931 to 1999, 00 to 30 for 2000 to 2030"
            }
            EndBeforeBegin => "the end is before the begin; only the begin is used",
            FarDate => "a date before 1800 or after 2100",
            CoarseDate => "the date gives less than a day; the precision says so",
            NoPlace => "there is no place; the event is unplaced",
            NoSuchCoordinate => "there is no such coordinate; the event is not placed on the map",
            HalfCoordinate => "latitude or longitude is missing; the event is not placed on the map",
            SwappedCoordinates => {
                "latitude and longitude seem to have changed places; the event is not placed on the map"
            }
            NullIsland => "the point 0,0 in the Gulf of Guinea, which often stands for no place",
            BeyondDateLine => "a longitude beyond ±180; the event is not placed on the map",
            CoercedCoordinate => "a coordinate in another form than a decimal number; it was converted",
            NoGeometry => "there is no geometry; the event is unplaced",
            BadGeometry => "the geometry cannot be read; the event is unplaced",
            OddGeometry => "parts of the geometry do not follow the rules; the rest of it is used",
            NotANumber => "this is not a number of people; the event has no figure",
            UnknownCode => "a negative number stands for unknown; the event has no figure",
            FractionalToll => "a fraction of a person; it is rounded",
            HugeToll => "more than a million people; sums say so",
            AmbiguousNumber => "a point or comma that could be a decimal mark or set thousands apart",
            WordedToll => "a toll with words or as a range; what is at least so is the best figure",
            LowAboveBest => "low, best and high are not in order; they are kept as given",
            PlaceholderActor => "a placeholder instead of a name",
            NoId => "there is no id",
            RepeatedId => "the id stands in several rows that differ; all are kept",
            RepeatedRow => "the row is alike to another one in every field; both are kept",
            SimilarId => "the id differs from another one only in case or blanks",
            UnknownType => {
                "an event type that is not in the table of types; it is shown as Other under its own name"
            }
            TooManyTypes => "there are too many sub types; the others become one",
            BadSpan => "a range that is not in the text, or whose words differ; it is left out",
            BadReference => "it refers to something that is not there; it is left out",
        }
    }
}
