legend-type = Type
legend-size = Size: best estimate of killed
legend-precision = Place precision
legend-exact = exact or near
legend-region = region, radius drawn
map-box = Select by box (Shift and drag)
map-layers = Basemap
map-playing-cumulative = { $weekday } · cumulative from { $from }
map-playing-moving = { $weekday } · window from { $from }
map-no-toll = no toll
map-here = { $at } of { $n } here
map-next = next
map-more-places = { $n ->
    [one] { $n } place
   *[other] { $n } places
}
map-cluster = { $n } events here
map-event = Event
map-cluster-hint = Click to zoom in
map-copy-position = Copy position
map-zoom-here = Zoom in here
map-area-filter = Only events in this view
map-area-clear = Events everywhere
map-fallback = The online basemap does not answer. The offline one is shown.
map-basemap-offline = Natural Earth, offline
map-basemap-osm = OpenStreetMap, online
map-basemap-openfreemap = OpenFreeMap, online
map-basemap-none = no basemap
map-in-cell = { $n ->
    [one] { $n } event in this cell
   *[other] { $n } events in this cell
}
map-select-hint = Click to select them
map-box-select = { $n ->
    [one] { $n } event in the box
   *[other] { $n } events in the box
}
map-box-filter = { $n } events in the box · shows only these
layers-drawn-hidden = hidden
layers-drawn-symbols = points
layers-drawn-dots = points
layers-drawn-density = density
layers-drawn-clusters = clusters
layers-events = { $n ->
    [one] { $n } event · { $drawn }
   *[other] { $n } events · { $drawn }
}
layers-names = Place names
layers-names-en = English
layers-names-fr = French
layers-names-ar = Arabic
layers-borders = Country borders
layers-borders-drawn = drawn by the online map
layers-basemap = Choose a basemap
layers-hide = Hide { $name }
layers-show = Show { $name }
layers-mode-auto = Auto
    .hint = Symbols while they are few, density with counts beyond
layers-mode-density = Density
    .hint = Cells by number of events, with exact counts
layers-mode-points = Points
    .hint = A symbol per place, or a dot where there are very many
layers-mode-clusters = Clusters
    .hint = Exact counts only
layers-cell = Cell size
layers-px = { $n } px
layers-opacity = Opacity
layers-scale = Scale
layers-scale-log = Logarithmic
layers-scale-sqrt = Square root
layers-scale-linear = Linear
layers-per-cell = events per cell
layers-legend = Colours: 1 to { $n } events per cell
layers-exact-auto = Counts on the map are exact. Below { $n } events in view the layer switches to points.
layers-exact = Counts on the map are exact.
tab-filters = Filters
tab-events = Events
tab-layers = Layers
trays-in-clusters = { $n } in clusters
trays-on-map = { $n } on the map
trays-map-hidden = events hidden on the map
