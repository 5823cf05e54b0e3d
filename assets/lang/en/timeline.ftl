# timeline
timeline-play = Play
timeline-pause = Pause
timeline-to-first = To the beginning
timeline-to-last = To the end
timeline-repeat = Repeat
timeline-step = Step
    .hint = By how much the window moves
timeline-step-day = 1 day
timeline-step-week = 1 week
timeline-step-month = 1 month
timeline-step-year = 1 year
timeline-step-event = event
timeline-speed = Speed
    .hint = Speed of playing
timeline-mode = Playing moves
timeline-moving = Moving
    .hint = Both ends of the window move
timeline-cumulative = Cumulative
    .hint = The start stays, the end moves
timeline-window = Time window
    .hint = First and last day: 2024, 2024-07, 2024-07-27 or 2024-05-01/2024-05-09
timeline-calendar = Pick months
    .hint = With Shift the window grows to what you pick.
timeline-earlier-year = Earlier year
timeline-later-year = Later year
timeline-presets = Window
timeline-all = All
    .hint = All of time, undated events too
timeline-year = Year
    .hint = The year of the selection or the window
timeline-month = Month
    .hint = The month of the selection or the window
timeline-selection = Selection
    .hint = From the first to the last day of the selection
timeline-needs-selection = Needs a selected event
timeline-certainty = Events
timeline-possibly = Possibly in window
timeline-certainly = Certainly
timeline-lanes-label = Lanes
    .hint = By what the lanes group events
timeline-lanes-type = Type
timeline-lanes-actor = Actor
timeline-lanes-place = Place
timeline-lanes-document = Document
timeline-gaps = Collapse empty gaps
timeline-zoom-in = Zoom timeline in
timeline-zoom-out = Zoom timeline out
timeline-fit = Fit timeline
timeline-more = More controls

timeline-date-empty = No date. Write 2024, 2024-07 or 2024-05-01/2024-05-09.
timeline-date-form = “{ $text }” is not a date. Write 2024, 2024-07, 2024-07-27 or 2024-05-01/2024-05-09.
timeline-date-missing = There is no such date: “{ $text }”.
timeline-date-backwards = “{ $text }” ends before it begins.

timeline-lanes = Lanes
timeline-lane-without = None named
timeline-lane-others = { $n ->
    [one] { $n } other
   *[other] { $n } others
}
timeline-lane-tip = { $name }: { $shown } shown of { $n }
timeline-lane-tip-counting = { $name }: counting…
timeline-counting = counting…
timeline-scroll = Scroll lanes
timeline-empty = No dated event passes these filters.
timeline-heat = { $date }: { $n ->
    [0] no events
    [one] { $n } event
   *[other] { $n } events
}. Click to make this the window.
timeline-no-toll = no toll
timeline-tip-date = { $date } · { $precision }
timeline-tip-line = { $type } · { $toll } · { $claims ->
    [one] { $claims } claim
   *[other] { $claims } claims
}
timeline-past = { $years }: { $n ->
    [one] { $n } event
   *[other] { $n } events
}. Click to unfold.
timeline-gap = { $from } – { $to }: no event begins or ends. Click to unfold.

timeline-histogram = Events over time
timeline-per-hour = Events per hour
timeline-per-day = Events per day
timeline-per-week = Events per week
timeline-per-month = Events per month
timeline-per-quarter = Events per quarter
timeline-per-year = Events per year
timeline-per-decade = Events per decade
timeline-per-century = Events per century
timeline-bin = { $date }: { $all ->
    [0] no events
    [one] { $n } of { $all } event passes the other filters
   *[other] { $n } of { $all } events pass the other filters
}
timeline-window-start = Window starts { $day }
timeline-window-end = Window ends { $day }
timeline-window-bar = Window { $window }

