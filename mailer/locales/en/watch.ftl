watch-nav = Watch
watch-title = Watch
watch-lead = Sort what comes in: what you keep can be taken up in a letter, and is sent as an alert to those who follow its themes.
watch-tab-items = Items
watch-tab-feeds = Sources
watch-filter = Filter the items
watch-items-new = To sort
watch-items-kept = Kept
watch-items-dropped = Dropped
watch-empty-new = Nothing to sort
watch-empty-new-text = News from your sources comes here every hour. You can also add an item yourself.
watch-empty-kept = Nothing kept
watch-empty-kept-text = Keep an item to find it here and make it known.
watch-empty-dropped = Nothing dropped
watch-empty-dropped-text = What you drop stays here, just in case.
watch-more = Show more
watch-item-add = Add an item
watch-item-title = Item of the watch
watch-item-keep = Keep
watch-item-drop = Drop
watch-item-back = Back to sort
watch-item-change = Change
watch-item-save = Save
watch-item-themes = Themes: { $themes }
watch-item-kept = The item is kept.
watch-item-dropped = The item is dropped.
watch-item-put-back = The item is back among those to sort.
watch-item-told = This item is kept already: correcting it does not send it a second time.
watch-item-will-be-told = Once kept, it leaves in the next alert of those who follow one of its themes.
watch-offers = Watch
watch-feeds-title = Sources followed
watch-feeds-lead = A source is an RSS or Atom feed: it is read every hour, and its items wait for you to sort them.
watch-feeds-empty = No source
watch-feeds-empty-text = Paste the address of a site or of its feed below.
watch-feeds-stop-title = Stop following a source
watch-feed = Source
watch-feed-add = Follow a source
watch-feed-added = The source is followed.
watch-feed-read = Read now
watch-feed-was-read = The source was read.
watch-feed-was-not-read = The source could not be read. The reason is shown beside it.
watch-feed-stop = Stop following “{ $feed }”
watch-feed-stop-sentence = Items that were kept stay. Those that waited to be sorted go.
watch-feed-stopped = The source is no longer followed.
watch-feed-good = Read
watch-feed-new = Not read yet
watch-themes = Themes
watch-state = State
watch-action = Action
watch-field-address = Address of the site or feed
watch-field-address-help = For instance https://www.exemple.fr/news.xml. With the address of the site, we look for its feed.
watch-field-found = Feeds found on that page
watch-field-found-help = Choose the one that you want to follow, then submit again.
watch-field-themes = Themes
watch-field-themes-help = Separated by commas. Those who follow one of these themes will be told.
watch-field-title = Title
watch-field-link = Address of the page
watch-field-summary = Summary
watch-field-summary-help = Two or three plain sentences, without formatting.
watch-field-source = Who says it
watch-field-departments = Departments
watch-field-departments-help = Separated by commas, for instance 31, 81. Leave empty when it is for everybody.
watch-error-title = Write a title.
watch-error-link = The address must begin with https:// or http://.
watch-error-themes = Give at least one theme: it says who will be told.
watch-trouble-address = This is not an address. It begins with https://.
watch-trouble-unreachable = The site does not answer. Check the address, or try again later.
watch-trouble-insecure = The address is not secure: it must begin with https://.
watch-trouble-private = This address belongs to a private network: it cannot be followed.
watch-trouble-large = This feed is too large to be read (4 MB at most).
watch-trouble-forbidden = This feed holds dangerous declarations: it is not read.
watch-trouble-unreadable = This is not a readable RSS or Atom feed.
watch-trouble-gone = There is nothing at this address any more.
watch-trouble-status = The site answered with an error. Try again later.
watch-trouble-hops = The site sends from one address to another without end.
watch-trouble-page = This page names no feed. Look for “RSS” on the site, and paste the address of the feed.
watch-trouble-choose = This page names a feed: check the choice below, then submit again.
watch-trouble-known = You follow this source already.
watch-trouble-many = You already follow 200 sources, which is the most.
alert-title = Alerts
alert-lead = Receive what is new in the themes that you choose, and nothing when nothing is new.
alert-name = alerts
alert-field-rhythm = How often?
alert-field-rhythm-help = Grouped alerts leave on Mondays, or on the first of the month, at 8.
alert-field-themes = On which themes?
alert-field-departments = For which departments?
alert-field-departments-help = Separated by commas, for instance 31, 81. Leave empty for all.
alert-rhythm-never = No alert
alert-rhythm-once = As soon as it is published
alert-rhythm-weekly = Every week
alert-rhythm-fortnightly = Every two weeks
alert-rhythm-monthly = Every month
alert-mail-themes = Themes: { $themes }
alert-mail-why = You receive this message because you follow themes of { $space }.
alert-mail-choices = Change my themes or how often
alert-mail-stop = Stop receiving alerts
letter-offers = Take up courses, sessions, the watch…
letter-offers-title = Take up content
letter-offers-lead = Tick what the letter is to announce. Each choice becomes a block that is filled in already, at the end of the letter; you can then change it and move it.
letter-offers-choose = Tick at least one item.
letter-offers-none = Nothing to take up
letter-offers-none-text = Open courses, sessions to come and items kept in the watch for the last 90 days are shown here.
letter-offers-back = Back to the letter
letter-offers-taken = The content is at the end of the letter.
letter-offers-some = Some could not be taken up: the letter is full, or an item is no longer offered.
letter-take = Add to the letter
alert-mail-subject = { $count ->
    [one] One item for you
   *[other] { $count } items for you
} – { $space }
alert-mail-lead = { $count ->
    [one] Here is what is new in your themes: one item.
   *[other] Here is what is new in your themes: { $count } items.
}
watch-feed-unread = { $count ->
    [one] one article left aside (without a title, repeated or beyond 200)
   *[other] { $count } articles left aside (without a title, repeated or beyond 200)
}
watch-feed-old = { $count ->
    [one] one article older than 60 days
   *[other] { $count } articles older than 60 days
}
