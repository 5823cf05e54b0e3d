# Filters, event list and trays.

## Dimensions of the filter. `.inline` is used within a sentence or a list.

dim-window = Time window
    .inline = time window
dim-type = Type
    .inline = type
dim-sub-type = Sub-type
    .inline = sub-type
dim-actor = Actor
    .inline = actor
dim-place = Place
    .inline = place
dim-document = Document
    .inline = document
dim-claimant = Claimant
    .inline = claimant
dim-source = Source
    .inline = source
dim-fatalities = Fatalities
    .inline = fatalities
dim-date-precision = Date precision
    .inline = date precision
dim-geo-precision = Location precision
    .inline = location precision
dim-prominence = Prominence
    .inline = prominence
dim-text = Text
    .inline = text
dim-area = Map area
    .inline = map area

join-comma = {", "}
join-or = {" or "}

## Count and chips

filters-of = of { $n ->
    [one] { $n } event
   *[other] { $n } events
}
filters-count = { $shown } of { $total ->
    [one] { $total } event
   *[other] { $total } events
}
filters-none-active = No filter active. { $dates }
filters-reset = Reset
    .hint = Takes back all filters and shows every event

chip-remove = Remove filter: { $name }
chip-main = Main events
chip-background = Background events
chip-claimant = Claimed by { $names }
chip-source = Reported by { $names }
chip-certainly = { $window }, certainly
chip-text = “{ $text }”
chip-area = Map area
chip-killed-min = ≥ { $n } killed
chip-killed-max = ≤ { $n } killed
chip-killed-one = { $n } killed
chip-killed-range = { $min }–{ $max } killed
chip-many-type = { $n } types
chip-many-sub-type = { $n } sub-types
chip-many-actor = { $n } actors
chip-many-place = { $n } places
chip-many-document = { $n } documents
chip-many-claimant = { $n } claimants
chip-many-source = { $n } sources
chip-many-date-precision = { $n } date precisions
chip-many-geo-precision = { $n } location precisions
chip-many-prominence = { $n } prominences
chip-tip-many = { $dim }: { $names }
chip-tip-remove = Click takes this filter back.

## Facets

facet-head = Filter by { $dim }: { $value }
facet-any = any
facet-of = { $chosen } of { $all }
facet-row = { $dim }: { $name }, { $n ->
    [one] { $n } event
   *[other] { $n } events
}
facet-tip-count = { $n ->
    [0] No event under the other filters
    [one] { $n } event under the other filters
   *[other] { $n } events under the other filters
}
facet-tip-only = Alt+click or double click: only this one
facet-find = Find { $dim }
facet-more-values = { $n } more
facet-fewer-values = Show fewer
facet-none-found = Nothing is named “{ $text }”.
facet-more = { $n ->
    [one] { $n } more filter
   *[other] { $n } more filters
}
facet-date-precision-time = to the minute
facet-date-precision-day = to the day
facet-date-precision-days = to a few days
facet-date-precision-week = to the week
facet-date-precision-month = to the month
facet-date-precision-season = to the season
facet-date-precision-year = to the year
facet-date-precision-unknown = no date
facet-geo-precision-exact = exact
facet-geo-precision-near = near
facet-geo-precision-region = region
facet-geo-precision-country = country
facet-geo-precision-unknown = no place
facet-geo-precision-exact-tip = At the named place itself
facet-geo-precision-near-tip = Close to the named place
facet-geo-precision-region-tip = Only the region is known
facet-geo-precision-country-tip = Only the country is known
facet-geo-precision-unknown-tip = No place is given
facet-prominence-main = main
facet-prominence-background = background
facet-prominence-main-tip = A document is about the event
facet-prominence-background-tip = Documents only recall the event
facet-killed-from = From
facet-killed-to = to
facet-killed-from-name = Least number killed
facet-killed-to-name = Greatest number killed
facet-killed-bad = Whole numbers only, the first no greater than the second.
facet-killed-bin = { $range } killed: { $n ->
    [one] { $n } event
   *[other] { $n } events
}
facet-killed-none = { $n ->
    [0] Every event has a toll
    [one] { $n } event without a toll
   *[other] { $n } events without a toll
}
facet-text-found = { $n ->
    [0] In no event
    [one] In { $n } event
   *[other] In { $n } events
}
facet-text-next = Next hit in the texts
facet-text-clear = Clear

## Event list

list-title = Events
list-rows = { $n ->
    [one] Event list, { $n } event
   *[other] Event list, { $n } events
}
list-row = { $title }, { $date }
list-busy = The list is being brought up to date
list-sort = Sort events
list-sorted = by { $column }
sort-date = Date
    .inline = date
sort-title = Title
    .inline = title
sort-type = Type
    .inline = type
sort-killed = Killed
    .inline = killed
sort-place = Place
    .inline = place
sort-claims = Claims
    .inline = claims
list-sort-by = Sort by { $column }
list-ascending = ascending
list-descending = descending
list-undated = undated
list-unplaced = unplaced
list-places = { $place }, { $n } places
list-empty-case = The case holds no events.
list-empty = No event passes these filters
list-empty-window = No event lies in this time window
list-empty-filtered = { $total } are in the case, { $filtered } filtered out
list-empty-both = { $total } are in the case, { $filtered } filtered out, { $outside } outside the window
list-empty-outside = { $total } are in the case, { $outside } outside the window
list-empty-undated = { $n } without a date
list-reset = Reset
list-all-time = All of time
list-menu-select = Select
list-menu-add = Add to selection
list-menu-remove = Remove from selection
list-menu-type = Only { $name }
list-menu-place = Only { $name }
list-menu-copy = Copy title
list-menu-fit = Show on the map

## Trays

trays-not-shown = Not shown
trays-item = { $n } { $word }
tray-undated = undated
    .title = Undated
    .tip = { $events ->
        [0] No event is left out for want of a date.
        [one] { $events } event has no date.
       *[other] { $events } events have no date.
    } { $mentions ->
        [0] {""}
        [one] The texts mention { $mentions } more thing without a date: it is no event, so the sum leaves it out.
       *[other] The texts mention { $mentions } more things without a date: they are no events, so the sum leaves them out.
    }
tray-unplaced = unplaced
    .title = Unplaced
    .tip = Events in the list and the timeline that have no place on the map.
tray-outside = outside window
    .title = Outside the window
    .tip = Events that pass all other filters but lie outside the time window.
tray-filtered = filtered out
    .title = Filtered out
    .tip = Events that fail a filter other than the time window.
trays-part-shown = { $n } shown
trays-part-outside = { $n } outside the window
trays-part-undated = { $n } undated
trays-part-filtered = { $n } filtered out
trays-sum-tip = { $parts } make { $n ->
    [one] { $n } event
   *[other] { $n } events
} in the case.
trays-sum-mentions = { $n ->
    [one] { $n } mention without a date is no event and not counted.
   *[other] { $n } mentions without a date are no events and not counted.
}

tray-empty-undated = Everything has a date.
tray-empty-unplaced = Every shown event has a place.
tray-empty-outside = No event lies outside the window.
tray-empty-filtered = No event is filtered out.
tray-close = Close
tray-show-undated = Show all of time
tray-show-unplaced = Show all of time
tray-show-outside = Show all of time
tray-show-filtered = Show these
tray-fails = fails: { $dims }
tray-before = { $date }, before the window
tray-after = { $date }, after the window
tray-partly = { $date }, not wholly in the window
tray-no-date = no date, so in no window
tray-no-place = no place is given
tray-hides = { $dim } hides { $n }
    .tip = Takes back the filter by { $dim }
tray-mention = Document { $document }
tray-mention-perhaps = Document { $document } · perhaps “{ $event }”
tray-mention-show = Show in text
tray-mention-event = Show event
tray-mention-show-name = Show in text: { $what }
tray-hint = Enter or double click shows the event and closes this list.

## What lies in the frame of the map

in-view = In view
in-view-close = Close this panel
in-view-inside = in this frame
in-view-outside = { $n } outside the frame
in-view-unplaced = { $n } without a place
in-view-name = Country or region
in-view-events = Events
in-view-sort = Sorts by this column; a second click turns the order
in-view-row = { $name }, { $n ->
    [one] { $n } event
   *[other] { $n } events
} in view
in-view-tip = { $n ->
    [one] { $n } event
   *[other] { $n } events
} in view, { $share } % of all events of the dataset
in-view-nowhere = elsewhere
in-view-more = { $n } more
in-view-fewer = Show fewer
in-view-click = Click a name
    .does = zoom to its events
in-view-alt = Alt+click
    .does = show only its events
