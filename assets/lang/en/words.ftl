app-name = Waqai
app-tagline = Events, claims and sources on one map and one timeline

type-Battles = Battles
type-Explosions = Explosions / remote
type-ViolenceAgainstCivilians = Violence vs. civilians
type-Protests = Protests
type-Riots = Riots
type-StrategicDevelopments = Strategic developments
type-Other = Other

date-precision-time = time
date-precision-day = day
date-precision-days = days
date-precision-week = week
date-precision-month = month
date-precision-season = season
date-precision-year = year
date-precision-unknown = undated

geo-precision-exact = exact
geo-precision-near = near
geo-precision-region = region
geo-precision-country = country
geo-precision-unknown = unplaced

prominence-main = main
prominence-background = background

role-trigger = trigger
role-place = place
role-date = date
role-actor = actor
role-count = count
role-sentence = sentence

events = { $n ->
    [one] { $n } event
   *[other] { $n } events
}
claims = { $n ->
    [one] { $n } claim
   *[other] { $n } claims
}
documents = { $n ->
    [one] { $n } document
   *[other] { $n } documents
}
places = { $n ->
    [one] { $n } place
   *[other] { $n } places
}
