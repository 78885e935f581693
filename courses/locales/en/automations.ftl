automation-nav = Messages
automation-title = Automatic messages
automation-lead = Written once, these messages leave by themselves to the trainees of each group, at the dates of the group.
automation-tab-messages = Messages
automation-tab-calendar = Calendar
automation-column-message = Message
automation-column-when = Leaves
automation-column-state = State
automation-column-next = Next time
automation-column-action = Action
automation-empty-title = No automatic message
automation-empty-text = Begin with four ready-made messages: welcome, opening of a week, reminder, survey. Nothing leaves until you switch them on.
automation-empty-read = Nobody has written one yet.
automation-begin = Add the four messages
automation-add = Write a message
automation-new = New automatic message
automation-change = Change the message
automation-save = Save
automation-on = On
automation-off = Off
automation-switch-on = Switch on
automation-switch-off = Switch off
automation-no-next = None
automation-every-course = Every course
automation-course-gone = Course removed
automation-every-group = Every group
automation-remove-title = Remove a message
automation-remove = Remove “{ $subject }”
automation-remove-sentence = The message will not leave for any group any more. What has left stays in the journal.
automation-when-start-same = On the first day, at { $time }
automation-when-start-before =
    { $days ->
        [one] The day before the first day, at { $time }
       *[other] { $days } days before the first day, at { $time }
    }
automation-when-start-after =
    { $days ->
        [one] The day after the first day, at { $time }
       *[other] { $days } days after the first day, at { $time }
    }
automation-when-week-opens-same = At the opening of each week, at { $time }
automation-when-week-opens-before =
    { $days ->
        [one] The day before each week opens, at { $time }
       *[other] { $days } days before each week opens, at { $time }
    }
automation-when-week-opens-after =
    { $days ->
        [one] The day after each week opens, at { $time }
       *[other] { $days } days after each week opens, at { $time }
    }
automation-when-week-due-same = On the last day of each week, at { $time }
automation-when-week-due-before =
    { $days ->
        [one] The day before the last day of each week, at { $time }
       *[other] { $days } days before the last day of each week, at { $time }
    }
automation-when-week-due-after =
    { $days ->
        [one] The day after the last day of each week, at { $time }
       *[other] { $days } days after the last day of each week, at { $time }
    }
automation-when-end-same = On the last day of the group, at { $time }
automation-when-end-before =
    { $days ->
        [one] The day before the last day of the group, at { $time }
       *[other] { $days } days before the last day of the group, at { $time }
    }
automation-when-end-after =
    { $days ->
        [one] The day after the last day of the group, at { $time }
       *[other] { $days } days after the last day of the group, at { $time }
    }
automation-moment-start = The first day of the group
automation-moment-week-opens = The opening of each week
automation-moment-week-due = The last day of each week
automation-moment-end = The last day of the group
automation-audience-all = Everybody
automation-audience-absent = Whoever has never opened the course
automation-audience-behind = Whoever has not done everything
automation-audience-done = Whoever has done everything
automation-side-after = On that day, or after
automation-side-before = Before
automation-field-subject = Subject
automation-field-body = Text
automation-field-body-help = An empty line separates paragraphs. You can write **in bold**, and lists with dashes. Words between braces are replaced for each person.
automation-field-moment = Count the days from
automation-field-days = Number of days
automation-field-days-help = 0 for that very day.
automation-field-side = Before or after that day
automation-field-time = Time of day
automation-field-time-help = In the group’s time.
automation-field-audience = For whom
automation-field-audience-help = A message about a week looks at what is done in that week; the others, in the whole course.
automation-field-course = For which course
automation-field-button = Text of the button
automation-field-button-help = Without a text: “Open my course”.
automation-field-link = Address of the button
automation-field-link-help = That of your questionnaire, for instance. Without an address, the button opens the person’s course.
automation-field-group = Group
automation-filter = Show
automation-error-subject = Write the subject of the message.
automation-error-body = Write the text of the message.
automation-error-long = That is too long: { $most } characters at most.
automation-error-days = Write a number of days, from 0 to { $most }.
automation-error-time = Write a time, for instance 08:00.
automation-error-link = The address must begin with https:// or http://.
automation-error-needs-link = This message has a button of its own: say where it leads.
automation-error-variable = These words between braces do not exist: { $names }. The list is under the form.
automation-error-variable-week = These words between braces do not exist here: { $names }. Those about the week are only for a message counted from a week.
automation-error-many = There are { $most } messages already: remove one.
automation-ready-title = Begin with a ready-made message
automation-preset-welcome = Welcome
automation-preset-opening = Opening of a week
automation-preset-reminder = Reminder
automation-preset-survey = Survey
automation-variables = Words replaced for each person
automation-variable-prenom = their given name
automation-variable-nom = their family name
automation-variable-formation = the name of their group
automation-variable-debut = the first day of the group
automation-variable-fin = the last day of the group
automation-variable-tuteurs = those who tutor them
automation-variable-semaine = the number of the week
automation-variable-titre-semaine = the title of the week
automation-variable-echeance = the last day of the week
automation-notice-begun = Four messages are added. Read them, then switch them on.
automation-notice-on = The message will leave by itself from now on.
automation-notice-off = The message does not leave any more.
automation-notice-link = This message has a button of its own: say where it leads first.
automation-notice-saved = The message is saved. It will leave by itself.
automation-notice-saved-off = The message is saved. Switch it on so that it leaves.
automation-notice-removed = The message is removed.
automation-notice-skipped = The message will not leave that day.
automation-notice-back = The message will leave that day.
automation-notice-gone = Nothing has changed: the message has left already, or that was decided already.
automation-notice-tested = The test is sent to you.
automation-notice-no-address = Your account has no address in this space: the test cannot leave.
automation-calendar-title = Calendar of messages
automation-calendar-empty = Nothing leaves this month
automation-calendar-empty-text = Switch messages on, or look at another month.
automation-months = Change the month
automation-previous = Previous month
automation-next = Next month
automation-week = week { $week }
automation-fate-planned = Planned
automation-fate-skipped = Left out
automation-fate-sent = Sent
automation-fate-missed = Does not leave
automation-is-off = This message is off.
automation-fact-when = Leaves
automation-fact-group = Group
automation-fact-week = Week
automation-fact-audience = For whom
automation-fact-today = Today
automation-fact-sent = Sending
automation-fact-without = Without an address
automation-today = { $count } of { $places } would receive it.
automation-sent =
    { $count ->
        [one] 1 mail, on { $at }
       *[other] { $count } mails, from { $at } on
    }
automation-without =
    { $count ->
        [one] 1 person to be told otherwise
       *[other] { $count } people to be told otherwise
    }
automation-skip = Do not send this time
automation-unskip = Send after all
automation-test = Send me a test
automation-test-subject = [test] { $subject }
automation-preview = What the person receives
automation-preview-text = Shown with a person of the group; the links are theirs.
automation-example-given = Amina
automation-example-family = Example
automation-mail-open = Open my course
automation-mail-open-link = Open the page
automation-mail-why = You receive this message because you follow “{ $course }” with { $space }.
