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
needs-events = no event is shown

no-case = No case open
built-in = built-in case
export = Export
export-visible = Visible · { events }
export-selected = Selected · { events }
export-all = The whole case · { events }
export-csv = CSV…
export-geojson = GeoJSON…
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
        [one] { $n } row
       *[other] { $n } rows
    } · { $folder }
notice-export-failed = Nothing was exported
notice-bad-date = Not a date
notice-settings-broken = The settings start anew
notice-settings-not-saved = The settings were not saved
