# Datasets as layers, and events that two of them have in common.

and-more = and { $n } more
layers-add = Open another file as a layer
layers-drawing = All layers
layers-reading = reading
layers-reading-so-far = reading, { $n ->
    [one] { $n } event
   *[other] { $n } events
} so far
layers-events-of = { $n } of { $total } events · { $drawn }
layers-move = Move { $name }: drag, or press an arrow key
layers-color = Colour
layers-color-type = By type
layers-color-own = One colour
layers-swatch = Colour { $n }
layers-dataset-opacity = Opacity
layers-fit = Show all of it
layers-reread = Read again
layers-remove = Remove
layers-twins = Find events in both datasets…

dim-dataset = Dataset
    .inline = dataset
dim-layer = Hidden layers
    .inline = hidden layers
dim-twin = Counted once
    .inline = counted once
chip-many-dataset = { $n } datasets
chip-layer = { $n ->
    [one] 1 hidden layer
   *[other] { $n } hidden layers
}
chip-twin = Same events counted once

task-putting-together = Putting datasets together
task-finding-twins = Looking for the same events

action-open-instead = Open instead…
    .hint = Opens a file in the place of everything that is open
action-find-twins = Same events in two datasets…
    .hint = Looks for events that two datasets have in common

twins-title = Same events in two datasets
twins-one-dataset = One dataset is open. Open a second one to look for events that both have.
twins-hint = Events are compared by day, distance, type, actors and toll. Nothing is joined unless you mark it.
twins-looking = Looking…
twins-none = Nothing found. Allow more days or a greater distance.
twins-first = First dataset
twins-second = Second dataset
twins-and = and
twins-days-name = Days apart
twins-days = { $n ->
    [0] same day
    [one] ± 1 day
   *[other] ± { $n } days
}
twins-km-name = Distance
twins-km = within { $n } km
twins-find = Find
twins-same = The same event, { $score } speaks for it
twins-found = { $n ->
    [one] 1 pair found
   *[other] { $n } pairs found
}, { $marked } marked
twins-marked = { $n ->
    [one] 1 pair marked
   *[other] { $n } pairs marked
}
twins-mark-likely = Mark { $n } from { $score }%
twins-count-once = Count once
twins-count-each = Count each
twins-of-event = In { $n } datasets
twins-mark = Mark as the same event
twins-unmark = Not the same event
