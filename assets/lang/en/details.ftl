# Details of the selected event, its claims, and the source text.

details-position = { $at } of { $of }
details-position-none = not in the list
    .hint = The filters leave this event out.
details-previous = Previous event
details-next = Next event
details-close = Close: select nothing
details-when = When
details-where = Where
details-who = Who
details-known = Known
details-undated = no date
    .hint = No document dates it; it is in the tray of undated events.
details-unplaced = no place
    .hint = No document places it; it is in the tray of unplaced events.
details-nobody = nobody is named
details-about = about
details-perhaps = perhaps
details-ongoing = still going on
details-dated-differently = { $n ->
    [one] 1 claimant dates it differently
   *[other] { $n } claimants date it differently
}
details-date-basis = Why this date
details-date-as-worded = As the text words it: { $date }
details-ranges-head = When the claimants date it
details-general-knowledge = general knowledge
    .hint = Not from the documents. It is shown here only; the map, the timeline and the filters use what the documents say.
details-place-hint = Click: go there on the map. Alt+click: show only events here.
details-actor-hint = Click: show only events with this actor, or all again.
details-near = near { $radius }
details-region = region { $radius }
details-attack = attack
details-attackers = attackers
details-targets = targets
details-role = { $role }:

details-low = Low
details-best = Best
details-high = High
details-claimants = { $n ->
    [one] 1 claimant
   *[other] { $n } claimants
}
details-no-toll = No toll reported
details-no-toll-claims = { $n ->
    [one] The one claim counts no dead
   *[other] None of { $n } claims counts the dead
}
details-no-toll-losses = only { $words }
details-rule = How low, best and high are made
details-rule-1 = Only counts of people killed make a toll. Counts that mix killed and wounded, and losses without a figure, are shown but make none.
details-rule-2 = If the attacked side or civilians are among the victims, only they count, so that the two sides’ losses are not added up.
details-rule-3 = A claimant’s toll is the sum over its victims. Where it reports on the same victims several times, its largest figure stands.
details-rule-4 = A figure told together with losses without a figure is partial: it makes a toll only if nobody gives a whole one.
details-rule-5 = Low is the smallest lower limit, High the largest upper limit, Best the middle toll by lower limit (of two middle ones the lower).
details-rule-here = { $n ->
    [one] Here: the toll of 1 claimant.
   *[other] Here: the tolls of { $n } claimants.
}

details-more = More
details-summary = Summary
details-note = Coder’s note
details-basis = Basis of the date
details-places = Places
details-certainty = certainty { $level }
details-certainty-high = high
details-certainty-medium = medium
details-certainty-low = low
details-optional = optional
    .hint = A coder may leave this event out without being wrong.
details-prominence-main-hint = A document is about this event.
details-prominence-background-hint = The documents only recall this event.
details-id = Id

details-empty = Select an event on the map, the timeline or in the list.
details-empty-action = Select the first event
details-empty-none = No event passes the filters. { $total } are in the case.
details-case = This case
details-case-span = { $events }, { $claims }, { $documents }
details-documents = Documents
details-document-hint = Opens the document in the source panel.

details-several = { $n ->
    [one] 1 event selected
   *[other] { $n } events selected
}
details-several-toll = Killed, lowest to highest
details-several-toll-note = { $n ->
    [one] Sum over 1 event with a toll. Claims may overlap: the same dead may be counted in more than one event.
   *[other] Sum over { $n } events with a toll. Claims may overlap: the same dead may be counted in more than one event.
}
details-several-events = Events

claims-head = Claimant
claims-more = or more
claims-mixed = with wounded
claims-up-to = up to
claims-or-more = { $n } or more
claims-upto = up to { $n }
claims-about = about { $n }
claims-range = { $low }–{ $high }
claims-range-open = { $low }–{ $high } or more
claims-quote = “{ $words }”
claims-figure-and = { $figure } and “{ $words }”
claims-figure-also = { $figure }, also “{ $words }”
claims-losses = losses
claims-times = ×{ $n }
claims-expand = Show the { $n } claims of { $who } one by one
claims-fold = Fold the { $n } claims of { $who }
claims-row = { $who }: { $statement }
claims-open-source = Show in document { $document }
claims-nobody = nobody
claims-attribution = As told: { $text }
claims-chain = Way of the claim: { $text }
claims-stance = Stance: { $text }
claims-role = What it is: { $text }
claims-region = Where in the page: { $text }
claims-dated = Dates the event to { $date }
claims-stated = Said on { $date }
claims-trap = Date trap: { $text }
claims-note = Coder’s note: { $text }
claims-none = No claim is recorded for this event.
claims-count-killed = { $figure } killed: { $who }
claims-count-wounded = { $figure } wounded: { $who }
claims-count-mixed = { $figure } killed or wounded: { $who }
claims-count-losses = losses: { $who }
claims-aside = + { $figure } { $who }
claims-aside-wounded = + { $figure } wounded
region-body = running text
region-caption = caption
region-related_block = teaser of another article
stance-denial = denial
claim-role-responsibility = claim of responsibility

actor-role-attacker = attacker
actor-role-target = target
actor-role-subject = subject
actor-role-party = party
actor-role-claimant = claimant
actor-role-victim = victim

source-title = Source
source-brief = Brief
    .hint = The case’s own summary of the document
source-original = Original
    .hint = The attached original text
source-no-brief = This document has no brief.
source-no-original = The case names no original of this document.
source-not-attached = Original, not attached
    .hint = The original text is not part of the case. Click to attach it from a folder or file; it is found by its SHA-256.
source-more-documents = { $n ->
    [one] 1 more document
   *[other] { $n } more documents
}
source-document = Document { $key }
source-spans = { $n ->
    [one] 1 span
   *[other] { $n } spans
}
source-spans-claim = of the selected claim in this text
source-spans-event = of the selected events in this text
source-spans-all = of all events in this text
source-hits = { $at ->
    [0] { $n ->
        [one] 1 hit
       *[other] { $n } hits
    }
   *[other] { $at } of { $n ->
        [one] 1 hit
       *[other] { $n } hits
    }
}
source-hits-all = { $n } in all documents
source-no-hits = no hit here
source-next-hit = Next hit
source-previous-hit = Previous hit
source-role-hint = Click to hide or show spans of this role.
source-no-documents = This case has no documents.
source-no-text = This document has no text yet.
source-attach = Attach source texts…
source-text = Text of { $document }
source-splitter = Size of the source panel
source-language = Language: { $code }
source-published = Published { $date }
source-several = { $n } events share this text
source-tab-hits = { $key } ({ $n })

## Rows of flat datasets

actor-role-actor1 = actor 1
actor-role-assocactor1 = with actor 1
actor-role-actor2 = actor 2
actor-role-assocactor2 = with actor 2
details-what = What
details-killed = Killed
details-source = Source
details-no-source = none is named
details-source-hint = Click: show only what this source reports, or all again.
details-row-note = Note
details-record = Raw record
details-record-fields = { $n ->
    [one] 1 field
   *[other] { $n } fields
}
details-record-copy = Copy all fields
details-record-hint = Click: copy the value
source-row-none = This row has no note.
source-row-record = record { $key }
source-row-copy = Copy the note
source-row-hits = { $n ->
    [0] no hit here
    [one] 1 hit
   *[other] { $n } hits
}
