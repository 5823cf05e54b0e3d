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
