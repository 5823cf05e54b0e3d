menu = Menu
key-ctrl = Ctrl
key-shift = Shift
key-alt = Alt
key-space = Space
key-home = Home
key-end = End
key-enter = Enter
key-escape = Esc
key-arrowleft = Left
key-arrowright = Right
key-arrowup = Up
key-arrowdown = Down
named-keys = { $name } ({ $keys })

needs-case = needs an open case
needs-selection = needs a selected event
needs-search = needs a search
needs-done = nothing was opened, removed or read again
needs-undone = nothing was taken back
needs-events = no event is shown

no-case = No case open
built-in = built-in case
export = Export
export-visible = Visible · { events }
export-selected = Selected · { events }
export-all = The whole case · { events }
export-csv = CSV, a row per event…
export-csv-claims = CSV, a row per claim…
export-xlsx = Excel workbook…
export-geojson = GeoJSON…
export-kml = KML (Google Earth)…
export-parquet = GeoParquet…
export-gpkg = GeoPackage (QGIS)…
export-html = Report (HTML)…
export-title = Export
language = Language
language-interface = Interface
language-labels = Names and labels on the map

search-name = Search
search-placeholder = Search titles, claims, places, text
search-closed = Open a case to search it
search-clear = Clear the search
search-nothing = nothing found
search-hits = { $events ->
        [one] { $events } event
       *[other] { $events } events
    } · { $hits } in texts

search-preparing = preparing search… { $n } %
search-running = searching…

problems = { $n ->
    [one] { $n } problem
   *[other] { $n } problems
}
problems-hint = What was not read as it stands
originals-none = originals not attached
originals-some = { $n } of { $total } originals attached
originals-hint = Attach source texts: originals are found by their SHA-256
zoom = zoom { $level }
version = Waqai { $version }
version-offline = Waqai { $version } · works offline
cancel = Cancel
task-reading-case = Reading the Mali case
task-reading-file = Reading { $subject }
task-attaching = Matching { $subject }
task-exporting = Writing { $subject }
task-preparing-search = Preparing the search
progress-title = Importing { $subject }
progress-percent = { $n } %
progress-rows = { $done } of about { $total } rows
progress-rows-so-far = { $done } rows so far
progress-speed = { $n } rows/s
progress-left = { $n } s left
progress-problems = { $count ->
    [one] { $n } row kept with a problem
   *[other] { $n } rows kept with problems
}
progress-cancel = Stop importing
datasets = { $n ->
    [one] { $n } dataset
   *[other] { $n } datasets
}
task-of = { $done } of { $total }
task-so-far = { $done } so far

notice-show = Show
notice-reset = Reset
notice-attach = Attach
notice-dismiss = Dismiss
notice-problems = { $n ->
    [one] { $n } problem while reading
   *[other] { $n } problems while reading
}
notice-problems-detail = The rest was read
notice-attached = Originals attached
notice-attached-none = No original matched
notice-exported = Exported { $name }
notice-exported-detail = { $n ->
        [one] { $n } event
       *[other] { $n } events
    } · { $folder }
notice-losses = { $detail }. Not kept: { $losses }.
notice-losses-join = ; { "" }
notice-export-failed = Nothing was exported
notice-basemap-failed = The basemap cannot be shown; the offline one is
notice-rows-lost = A file became shorter; rows of it can no longer be looked at
notice-dialog-failed = The system offers no file dialog
notice-dialog-failed-detail = Drop files on the window, or name them when you start the program. On Linux a desktop portal or zenity is needed.
notice-bad-date = Not a date
notice-setting-ignored = A setting is not understood
notice-settings-broken = The settings start anew
notice-settings-not-saved = The settings were not saved

palette = All actions
palette-placeholder = Type what to do, or a place, an actor, an event
palette-actions = Actions
palette-recent = Recent
palette-places = Places
palette-actors = Actors
palette-events = Events
palette-open = Open { $name }
palette-count = { $n } of { $total }
palette-nothing = Nothing is called “{ $text }”
palette-choose = choose
palette-run = run
palette-note = Also finds places, actors and events in any script
palette-note-closed = Also finds places, actors and events when a case is open

welcome-start = Start
welcome-mali = Mali 2012–2025
welcome-mali-note = 5 documents, 55 events, 105 claims
welcome-open-note = Tables and maps of events, a case, texts, a basemap
welcome-drop = Drop files anywhere in this window
welcome-private = Everything stays on this computer
welcome-recent = Recent
welcome-clear = Clear list
welcome-no-recent = Files and cases that you open are listed here
welcome-forget = Forget
welcome-offline = The Mali case needs no network. Press
welcome-keys = for all keys.
drop-title = { $n ->
    [one] Drop to open the file
   *[other] Drop to open { $n } files
}
drop-note = CSV, Excel, GeoJSON, KML, Parquet, GeoPackage, a case, texts, a basemap
drop-note-case = Files of events become layers; texts are matched with the documents by their SHA-256

close = Close
chooser-title = { $n ->
    [one] { $n } event is told here
   *[other] { $n } events are told here
}
new-documents-title = { $n ->
    [one] { $n } file matches no document
   *[other] { $n } files match no document
}
new-documents-note = Originals are known by their SHA-256. What matches none can be read as a document of its own, without events.
new-documents-add = { $n ->
    [one] Add { $n } document
   *[other] Add { $n } documents
}
new-documents-none = Don’t add
characters = { $n ->
    [one] { $n } character
   *[other] { $n } characters
}
cannot-open-title = { $n ->
    [one] A file cannot be opened
   *[other] { $n } files cannot be opened
}
cannot-open-other = Open another file…
cannot-open-forget = Forget this file

problems-none = Everything was read as it stands.
problems-all = All { $n }
problems-errors = Errors { $n }
problems-warnings = Warnings { $n }
problems-copy = Copy all
problems-note = Errors were left out, warnings were kept.

keys-title = Keys and mouse
keys-escape = Close, stop, or select nothing
mouse = Mouse
mouse-select = Select an event
    .with = click on map, list, lanes or text
mouse-add = Add to the selection, or take away
    .with = Ctrl and click
mouse-range = Select a range in the list
    .with = Shift and click
mouse-pan = Move the map or the time axis
    .with = drag
mouse-zoom = Zoom the map or the time axis
    .with = wheel or pinch
mouse-fan = Fan out events at one place
    .with = click on the number
mouse-window = Move the time window
    .with = drag its grip
mouse-handles = Change the time window
    .with = drag its handles
mouse-source = Show a claim’s words in the text
    .with = click on the claim
mouse-panels = Make panels wider or narrower
    .with = drag their edges

about-title = About Waqai
about-private = Everything stays on this computer. Only a basemap that you choose in the Map menu asks a network, and only for map tiles.
about-mali = Mali case
    .by = Five briefs written for Waqai on five Arabic press articles, which are not included
about-natural-earth = Natural Earth
    .by = Land, water, boundaries and towns; public domain
about-geonames = GeoNames
    .by = Smaller towns and names; CC BY 4.0, geonames.org
about-cldr = Unicode CLDR
    .by = Names of regions; Unicode licence
about-noto = Noto Sans, Arabic and Math
    .by = The Noto Project Authors; SIL Open Font License 1.1
about-phosphor = Phosphor Icons
    .by = MIT licence

edge-start = Edge of the filters
edge-end = Edge of the details
edge-timeline = Edge of the timeline
