import-title = Import events
import-title-again = Read again
import-waiting = { $n ->
    [one] { $n } more file waits
   *[other] { $n } more files wait
}
import-read-as = Read as
import-known = Known format
import-as-detected = As detected
import-saved-fits = same columns
    .why = The file has the columns of this saved mapping.
import-saved-manage = Saved mappings…
import-sheet = Sheet
import-sheet-rows = { $name } · { $n ->
        [one] { $n } row
       *[other] { $n } rows
    }
import-layer = Layer
import-encoding = Text encoding
import-encoding-utf-8 = UTF-8
import-encoding-utf-16le = UTF-16 LE
import-encoding-utf-16be = UTF-16 BE
import-encoding-windows-1256 = Windows-1256, Arabic
import-encoding-windows-1252 = Windows-1252, Western
import-encoding-windows-1251 = Windows-1251, Cyrillic
import-encoding-iso-8859-6 = ISO 8859-6, Arabic
import-separator = Separator
import-comma = Comma ,
import-semicolon = Semicolon ;
import-tab = Tab
import-bar = Bar |
import-blank = Blank
import-header = Names of columns
import-header-line = Line { $n }
import-header-none = None
import-dates = Dates
import-dates-day_first = day month year
import-dates-month_first = month day year
import-numbers-digits = numbers like 20240727
import-numbers-excel_1900 = spreadsheet days from 1900
import-numbers-excel_1904 = spreadsheet days from 1904
import-numbers-seconds = seconds since 1970
import-numbers-milliseconds = milliseconds since 1970
import-decimal = Decimal mark
import-decimal-point = Point 12.64
import-decimal-comma = Comma 12,64
import-coordinates = Coordinates
import-degrees = WGS 84, degrees
import-degrees-swapped = exchanged: longitude, latitude
import-in-range = in range
import-out-of-range = { $n } out of range
import-certain = certain
import-recognised = recognised
import-percent = { $n } %
import-guess = please check
import-chosen = chosen by you
import-keep = Keep
import-keep-undated = Rows without a date, in the tray
import-keep-unplaced = Rows without a place, in the tray
import-quotes = Quotation marks enclose fields
import-remedies = Changes to all rows
import-note = Columns that are no field stay with their rows as attributes. The file itself is never changed.

import-dialect-acled = ACLED export
import-dialect-acled_old = ACLED export, up to 2017
import-dialect-ucdp = UCDP GED
import-dialect-gdelt1 = GDELT 1.0 events
import-dialect-gdelt2 = GDELT 2.0 events
import-dialect-gdelt_mentions = GDELT 2.0 mentions
import-dialect-gtd = Global Terrorism Database
import-dialect-timemap = TimeMap
import-dialect-waqai = Waqai export
import-dialect-none = No known format

import-format-delimited = delimited text
import-format-xlsx = Excel workbook
import-format-xls = Excel 97 workbook
import-format-ods = OpenDocument sheet
import-format-json = JSON
import-format-geojson = GeoJSON
import-format-kml = KML
import-format-kmz = KMZ
import-format-gpx = GPX
import-format-parquet = Parquet
import-format-geopackage = GeoPackage
import-format-timemap = TimeMap
import-format-doccano = doccano
import-format-brat = brat
import-format-webanno = WebAnno

import-rows = rows read
import-ready = ready
import-ready-note = all fields understood
import-gaps = kept with a gap
import-gaps-none = nothing is missing
import-gaps-others = fields are missing
import-gaps-dates = { $n ->
    [one] { $n } date
   *[other] { $n } dates
}
import-gaps-places = { $n ->
    [one] { $n } place
   *[other] { $n } places
}
import-gaps-tolls = { $n ->
    [one] { $n } toll
   *[other] { $n } tolls
}
import-left-out = left out
import-left-out-none = every row is an event
import-left-out-note = listed below, never silent
import-range = date range
import-no-dates = no row has a date
import-years = { $from } – { $to }
import-days = { $from } to { $to }
import-counting = counting…
import-counted-so-far = { $n } counted so far
import-whole-file = whole file, { $seconds } s
import-cut-short = not to its end

import-preview = Preview
import-map = Map
import-map-title = Where the events would be
import-map-note = { $n ->
        [one] { $n } event has a place
       *[other] { $n } events have a place
    }, { $without } would be in the tray of unplaced ones.
import-timeline = Timeline
import-timeline-title = When the events would begin
import-timeline-note = { $n ->
        [one] { $n } event has a date
       *[other] { $n } events have a date
    }, { $without } would be in the tray of undated ones.
import-codes = Codes
import-codes-title = How codes are read
import-codes-note = Codes keep their own text and become the program’s types and precisions.
import-codes-none = { $format } has no codes: types are known by their names.
import-codes-types = Event types
import-codes-dates = Precision of dates
import-codes-places = Precision of places
import-first-rows = First rows and problem rows
import-first-rows-note = Click a heading to map it, a row to see all of it. Changes recount the whole file.
import-back = Back to the rows
import-undone-with = Can be undone with
import-rows-of = { $what }
import-listed = The first { $n } of { $all } are listed.
import-place-in-file = in the file

import-attribute = Attribute
import-attribute-long = Attribute: kept with the row, no field of the event
import-column-is = { $column } is { $field }
import-fields-when = When
import-fields-what = What
import-fields-where = Where
import-fields-who = Who
import-fields-toll = Toll
import-fields-source = Source
import-field-id = Row ID
import-field-date = Date
import-field-date_end = Last day
import-field-time = Time of day
import-field-year = Year
import-field-month = Month
import-field-day = Day
import-field-date_precision = Date precision
import-field-event_type = Type
import-field-sub_type = Sub-type
import-field-title = Title
import-field-notes = Notes
import-field-latitude = Latitude
import-field-longitude = Longitude
import-field-coordinates = Coordinates
import-field-geo_precision = Place precision
import-field-place = Place
import-field-admin1 = Region
import-field-admin2 = District
import-field-admin3 = Locality
import-field-country = Country
import-field-actor1 = Actor, first
import-field-assoc_actor1 = Ally of first
import-field-actor2 = Actor, second
import-field-assoc_actor2 = Ally of second
import-field-actors = Actors, list
import-field-fatalities = Killed
import-field-fatalities_low = Killed, low
import-field-fatalities_high = Killed, high
import-field-wounded = Wounded
import-field-source = Source
import-field-source_url = Source, address

import-problems = Problems
import-problems-none = Every row was understood.
import-problems-of = { $n ->
    [one] { $n } finding in { $rows } rows
   *[other] { $n } findings in { $rows } rows
}
import-copy-list = Copy list
import-show-rows = Show rows
import-hide-rows = Hide rows
import-as-in = { $what }, as in “{ $value }”
import-in-column = { $column }: { $what }
import-as-in-column = { $column }: { $what }, as in “{ $value }”
import-rows-n = { $n ->
    [one] { $n } row
   *[other] { $n } rows
}
import-fate-left-out = left out
import-fate-gap = kept with a gap
import-fate-kept = kept as it is
import-remedy-undo = Undo
import-remedy-swap_coordinates = Latitude and longitude are exchanged
    .do = Exchange them
import-remedy-swap_where_needed = Latitude and longitude change places where only that makes a position
    .do = Exchange them there
import-remedy-unplace_null_island = Points at 0,0 are no place
    .do = Unplace them
import-remedy-wrap_longitude = Longitudes go around the world
    .do = Wrap them
import-remedy-negative_is_unknown = Negative tolls are unknown
    .do = Take as unknown
import-remedy-order_tolls = Low, best and high are put in order
    .do = Put in order
import-remedy-drop_repeated_rows = Of rows that are alike one is kept
    .do = Keep one of each
import-remedy-keep_last_of_id = Of rows with one ID the last is kept
    .do = Keep the last
import-remedy-drop_placeholder_actors = Placeholders are no actors
    .do = Drop them
import-remedy-undo_double_encoding = Text that was encoded twice is repaired
    .do = Repair the text
import-remedy-swap_interval = Begin and end change places where the end is first
    .do = Exchange them

import-failure-hint = Choose other settings at the side, or another sheet.
import-do = Import
import-do-n = { $n ->
    [one] Import { $n } row
   *[other] Import { $n } rows
}
import-again = Read again
import-again-n = { $n ->
    [one] Read { $n } row again
   *[other] Read { $n } rows again
}
import-report-csv = Save the list…
import-remember = Remember for files like this
import-remember-name = Name of the mapping
import-remember-placeholder = Name
import-saved-title = Saved mappings
import-saved-none = Nothing is saved yet. Choose “Remember for files like this” when you import a file.
import-saved-note = They are offered for files that have the same columns.
import-saved-rename = Rename { $name }
import-saved-forget = Forget { $name }
import-saved-fields = { $n ->
    [one] { $n } field
   *[other] { $n } fields
}

large-title = A large file
large-question = Open it all the same? It may take much memory.
large-open = Open it
large-leave = Leave it

report-title = Report on { $file }
report-rows = rows
report-events = events
report-left-out = left out
report-undated = { $n ->
    [one] { $n } undated
   *[other] { $n } undated
}
report-unplaced = { $n ->
    [one] { $n } unplaced
   *[other] { $n } unplaced
}
report-gaps = { $n ->
    [one] { $n } kept with a gap
   *[other] { $n } kept with a gap
}
report-rows-of = Rows
report-rows-hint = A click shows the event, or the record of a row that is left out.
report-back = Back to the list
report-copy-record = Copy the record
report-settings = Settings…
report-json = Save as JSON…
report-csv = Save as CSV…
report-codes = How codes were read
report-problems = Back to the problems
report-open = Report
report-save-title = Save the report
notice-dataset-report = Report
notice-dataset-settings = Settings…
notice-read-as = Read as { $format }
notice-read-as-detail = { $file }: { $events ->
        [one] { $events } event
       *[other] { $events } events
    }{ $gaps ->
        [0] {""}
        [one] {" · "}{ $gaps } row has a gap
       *[other] {" · "}{ $gaps } rows have gaps
    }{ $left_out ->
        [0] {""}
        [one] {" · "}{ $left_out } row left out
       *[other] {" · "}{ $left_out } rows left out
    }
notice-report-saved = The report is saved
