### Groups: dates, places, tutors, enrolments, joining instructions.

cohort-nav = Groups
cohort-back = Back to the group
cohort-cancel-form = Go back without saving
cohort-person-unknown = Person unknown in this space
cohort-no-address = No e-mail address

## States

cohort-state-planned = Coming
cohort-state-running = Under way
cohort-state-ended = Ended
cohort-state-certified = Certified
cohort-state-cancelled = Cancelled
cohort-states-planned = Coming
cohort-states-running = Under way
cohort-states-ended = Ended
cohort-states-certified = Certified
cohort-states-cancelled = Cancelled
cohort-person-active = Enrolled
cohort-person-waiting = On the waiting list
cohort-person-left = Left
cohort-source-hand = Enrolled by hand
cohort-source-csv = Enrolled from a list
cohort-source-link = Enrolled by the link
cohort-source-move = Came from another group
cohort-source-platform = Came from another platform
cohort-source-system = Enrolled automatically
cohort-cause-work = Job or another training
cohort-cause-time = Not enough time
cohort-cause-personal = Personal reason
cohort-cause-technical = Trouble with connection or equipment
cohort-cause-unsuited = The training does not suit
cohort-cause-never-came = Never came
cohort-cause-no-news = No news any more
cohort-cause-mistake = Enrolled by mistake
cohort-cause-other = Another reason, to be told in the note
cohort-cause-moved = Moved to another group

## Numbers

cohort-places = { $taken } of { $places }
cohort-free-count = { $count ->
    [0] no free place
    [one] 1 free place
   *[other] { $count } free places
  }
cohort-waiting-count = { $count ->
    [one] 1 person waits
   *[other] { $count } people wait
  }
cohort-done = { $count ->
    [0] Nothing yet
    [one] 1 activity, { $time }
   *[other] { $count } activities, { $time }
  }
cohort-extended-to = Until { $date }
cohort-answer-days = { $count ->
    [one] within 1 day
   *[other] within { $count } days
  }
cohort-answer-hours = { $count ->
    [one] within 1 hour
   *[other] within { $count } hours
  }
cohort-unit-hours = hours
cohort-course-weeks = { $count ->
    [one] { $title } (1 week)
   *[other] { $title } ({ $count } weeks)
  }

## List of groups

cohort-list-title = Groups
cohort-list-lead = A group follows a training together, on the same dates, with its tutors.
cohort-list-caption = Groups of the space
cohort-list-search = Look for a group
cohort-list-filter = State:
cohort-list-all = All
cohort-list-empty-title = No group yet
cohort-list-empty-text = Your groups will be here, with their dates and places. A published training is needed to open the first one.
cohort-list-none-title = No group matches
cohort-list-none-text = Change the words or choose another state.
cohort-create-button = Open a group
cohort-column-title = Group
cohort-column-dates = Dates
cohort-column-state = State
cohort-column-places = Places taken
cohort-column-tutors = Tutors
cohort-column-person = Person
cohort-column-action = Action
cohort-column-enrolled = Enrolment
cohort-column-told = Joining instructions
cohort-column-rank = Rank
cohort-column-cause = Reason for leaving
cohort-column-done = Work done

## Opening a group, settings

cohort-create-title = Open a group
cohort-create-lead = One start date is enough: the openings and deadlines of each week follow from it.
cohort-create-submit = Open the group
cohort-create-empty-title = No published training
cohort-create-empty-text = A group follows a published training that has at least one week. Publish one, then come back.
cohort-create-empty-button = See the trainings
cohort-field-course = Training followed
cohort-field-course-none = Choose a training
cohort-field-course-error = Choose a published training.
cohort-field-start = First day
cohort-field-start-help = The first week opens on that day. It need not be a Monday.
cohort-field-start-frozen = The group has started: its dates do not change any more.
cohort-field-start-error = Give a date, for example 23/11/2026.
cohort-field-capacity = Number of places
cohort-field-capacity-help = When all are taken, the next people go to the waiting list.
cohort-field-title = Name of the group
cohort-field-title-help = Leave it empty to use the title of the training.
cohort-field-title-error = Give a name of at most 150 characters.
cohort-field-answer = Announced answering delay
cohort-field-answer-help = Leave it empty to use that of the training.
cohort-field-answer-error = Give a number of hours from 1 to 672.
cohort-settings-title = Settings
cohort-settings-lead = Changing the first day moves every opening and every deadline.
cohort-settings-button = Change the settings
cohort-settings-submit = Save the settings

## Page of a group

cohort-manage-title = Manage the group { $title }
cohort-manage-lead = { $course }, { $range }
cohort-tabs = Pages of the group
cohort-tab-manage = Management
cohort-tab-board = Board
cohort-tab-end = End of session
cohort-gaps-title = Still to do
cohort-gap-tutor = Give the group a tutor
cohort-gap-tutor-why = Nobody follows this group yet
cohort-gap-trainee = Enrol the first people
cohort-gap-trainee-why = The group is empty
cohort-gap-waiting = Give a place to whoever waits
cohort-gap-waiting-why = { $count ->
    [one] 1 person can have a place
   *[other] { $count } people can have a place
  }
cohort-gap-convene = Send the joining instructions
cohort-gap-convene-why = { $count ->
    [one] 1 person has not had them
   *[other] { $count } people have not had them
  }
cohort-gap-address = Tell them another way
cohort-gap-address-why = { $count ->
    [one] 1 person has no e-mail address
   *[other] { $count } people have no e-mail address
  }
cohort-fact-places = Places taken
cohort-fact-duration = Planned duration
cohort-fact-answer = Answer of the tutors
cohort-fact-zone = Time zone
cohort-fact-frozen = Plan frozen
cohort-fact-source = Origin
cohort-fact-extended = Has until
cohort-fact-left = Left
cohort-calendar-title = Calendar
cohort-calendar-download = Download the calendar
cohort-week-number = Week { $number }
cohort-week-ahead = Coming
cohort-week-now = Under way
cohort-week-past = Past
cohort-week-opens = Opens { $date }
cohort-week-due = To finish { $date } before 23:59 ({ $zone })
cohort-week-content = { $count ->
    [0] No activity
    [one] 1 activity, { $time }
   *[other] { $count } activities, { $time }
  }
cohort-cancel-title = Cancel this group
cohort-cancel-button = Cancel the group…
cohort-cancel-sentence = Cancel the group { $title }?
cohort-cancel-consequence-people = Nobody can enrol any more, and its link is closed. The people enrolled are not told: write to them.
cohort-cancel-consequence-undo = Nothing is erased. You can bring it back.
cohort-cancel-submit = Cancel the group
cohort-cancelled-title = This group is cancelled
cohort-cancelled-text = Nothing was erased. You can bring it back as it was; its joining link will have to be opened again.
cohort-restore-button = Bring the group back

## Tutors

cohort-tutors-title = Tutors of the group
cohort-tutors-caption = Tutors
cohort-tutors-lead = Their names and answering delay are in the joining instructions and on the page of each trainee.
cohort-tutors-button = Choose the tutors
cohort-tutors-add-title = Add a person
cohort-tutors-empty-title = Nobody yet
cohort-tutors-empty-text = No tutor yet.
cohort-tutor-add = Give them the group
cohort-tutor-remove = Remove
cohort-found-caption = People found
cohort-found-none-title = Nobody of that name
cohort-found-none-text = Check the spelling. The person must be known in this space first.

## People of the group

cohort-people-title = People
cohort-people-filter = List:
cohort-people-search = Look for a person
cohort-people-active = Enrolled
cohort-people-waiting = Waiting list
cohort-people-left = Left
cohort-people-address = Without address
cohort-people-active-empty-title = Nobody in this list
cohort-people-active-empty-text = The people enrolled will be here, with their joining instructions and the work done.
cohort-people-waiting-empty-title = Nobody waits
cohort-people-waiting-empty-text = When the group is full, the next people are here, in order.
cohort-people-left-empty-title = Nobody has left
cohort-people-left-empty-text = Those who leave will be here, with their reason.
cohort-told-yes = Sent
cohort-told-no = Not sent
cohort-seat-button = Give the free place to whoever has waited longest
cohort-convene-button = Send the missing joining instructions
cohort-export-button = Download the list (CSV)
cohort-export-family = Family name
cohort-export-given = Given name
cohort-export-email = E-mail address
cohort-export-organisation = Organisation
cohort-export-state = State
cohort-export-source = Origin
cohort-export-enrolled = Enrolment
cohort-export-convened = Joining instructions
cohort-export-extended = Extension
cohort-export-done = Activities done
cohort-export-minutes = Minutes realised
cohort-export-completed = Training completed
cohort-export-left = Left
cohort-export-cause = Reason for leaving

## Enrolling

cohort-enrol-title = Enrol a person
cohort-enrol-button = Enrol a person
cohort-enrol-lead = { $count ->
    [one] There is 1 place left in this group.
   *[other] There are { $count } places left in this group.
  }
cohort-enrol-lead-full = The group is full ({ $count } free places): the person will go to the waiting list.
cohort-enrol-known-title = Somebody known
cohort-enrol-search = Look for a name or an address
cohort-enrol-this = Enrol
cohort-enrol-none-text = Check the spelling, or enrol a new person below.
cohort-enrol-new-title = Somebody new
cohort-enrol-submit = Enrol this person
cohort-enrol-submit-waiting = Put on the waiting list
cohort-enrol-many-title = Several people
cohort-enrol-many-text = A list from a spreadsheet enrols everybody at once, after a check.
cohort-field-given = Given name
cohort-field-given-error = Give the given name.
cohort-field-family = Family name
cohort-field-family-error = Give the family name.
cohort-field-email = E-mail address
cohort-field-email-help = Joining instructions are sent there, and it is used to sign in. Several people may share one.
cohort-field-organisation = Organisation or employer

## Enrolling a list

cohort-csv-title = Enrol a list
cohort-csv-button = Enrol a list
cohort-csv-lead = You will first see what will happen to each line. Nothing is saved before you confirm.
cohort-csv-file = CSV or Excel file
cohort-csv-file-help = { $lines } lines and { $size } at most. CSV or .xlsx, as your spreadsheet saves it.
cohort-csv-paste = Or paste the list here
cohort-csv-paste-help = With its first line, that of the column titles. The file, when there is one, comes first.
cohort-csv-check = Check the list
cohort-csv-model-title = A model
cohort-csv-model-text = Given name and family name are needed. Address and organisation are optional. Columns may be separated by semicolons, commas or tabs.
cohort-csv-model-header = Given name;Family name;E-mail;Organisation
cohort-csv-error-changed = Something has changed since the check. Nothing was saved. Check the list again.
cohort-csv-line-given = The given name is missing.
cohort-csv-line-family = The family name is missing.
cohort-csv-line-long = A value is too long.
cohort-csv-line-unreadable = The line cannot be read: check its quotes.
cohort-csv-preview-title = Check the list
cohort-csv-preview-lead = Nothing is saved yet. Here is what will happen to each line.
cohort-csv-changed = Something has changed since the first check. Nothing was saved. Here is what would happen now.
cohort-csv-wrong = { $count ->
    [one] 1 line is to be corrected. Correct it in your file, then send it again. Nothing was saved.
   *[other] { $count } lines are to be corrected. Correct them in your file, then send it again. Nothing was saved.
  }
cohort-csv-nothing = Everybody in this list is in the group already. There is nothing to do.
cohort-csv-ignored = Columns left out: { $columns }.
cohort-csv-caption = What will happen to each line
cohort-csv-column-line = Line
cohort-csv-column-email = Address
cohort-csv-column-fate = What will happen
cohort-csv-sum-place = Will have a place
cohort-csv-sum-waiting = Will wait
cohort-csv-sum-new = New people
cohort-csv-sum-left-out = Lines without effect
cohort-csv-sum-shared = Shared addresses
cohort-csv-sum-wrong = Lines to correct
cohort-csv-more = { $count ->
    [one] 1 more line is not shown here.
   *[other] { $count } more lines are not shown here.
  }
cohort-csv-confirm = { $count ->
    [one] Enrol 1 person
   *[other] Enrol { $count } people
  }
cohort-csv-again = Send another list
cohort-csv-fate-wrong = To correct
cohort-csv-fate-left-out = No effect
cohort-csv-fate-duplicate = Same person as on line { $line }
cohort-csv-fate-enrolled = In the group already
cohort-csv-fate-waiting = On the waiting list already
cohort-csv-fate-left = Has left the group, as the file says
cohort-csv-fate-place = Will have a place
cohort-csv-fate-waiting-list = Waiting list
cohort-csv-fate-back = Comes back to the group
cohort-csv-fate-known = Person known already
cohort-csv-fate-new = New person
cohort-csv-shared-line = Same address as line { $line }, under another name: they are two people, and only one will sign in with this address.
cohort-csv-shared-person = This address is already that of { $name }: they are two people, and only one will sign in with this address.
cohort-csv-columns-title = Say what the columns are
cohort-csv-columns-lead = The first line does not say where the given name and the family name are. Nothing is saved.
cohort-csv-columns-missing = Say which column holds the given name, and which the family name.
cohort-csv-column = Column { $number }
cohort-csv-kind-phone = Telephone
cohort-csv-kind-birth = Date of birth

## One enrolment

cohort-enrolment-title = Enrolment of { $name }
cohort-enrolment-follow = See their work
cohort-convene-one = Send the joining instructions
cohort-convene-again = Send the joining instructions again
cohort-extend-title = Give more time
cohort-extend-text = The group ends { $date }. This person can have longer, for all their activities.
cohort-extend-submit = Save this extension
cohort-field-to = Has until
cohort-field-to-help = Leave it empty to go back to the dates of the group.
cohort-move-title = Change group
cohort-move-text = The work already done comes along. The dates become those of the new group.
cohort-move-submit = Change group
cohort-field-cohort = New group
cohort-field-cohort-error = Choose the new group.
cohort-leave-title = Record that they leave
cohort-leave-text = The person will have no access to the training any more. Their work is kept, and you can undo this.
cohort-leave-submit = Record that they leave
cohort-field-cause = Reason
cohort-field-cause-error = Choose a reason.
cohort-field-note = Note
cohort-field-note-help = For your team only. No detail on health or private life.
cohort-field-note-error = Tell the reason, in at most 1,000 characters.
cohort-undo-title = Undo this departure
cohort-undo-text = The person gets their place back, with all they had done.
cohort-undo-button = Give the place back

## Joining link

cohort-link-title = Joining link
cohort-link-closed-text = It is closed: nobody can enrol without you.
cohort-link-open-text = Whoever receives this link can enrol. When the group is full, the next people wait.
cohort-link-field = Address to give
cohort-link-open = Open a link
cohort-link-close = Close the link
cohort-link-renew = Change the link…
cohort-link-renew-sentence = Replace this link by a new one?
cohort-link-renew-consequence = The address already given will stop working.
cohort-link-renew-submit = Change the link
cohort-join-eyebrow = You are invited to join a group
cohort-join-title = Join { $title }
cohort-join-lead = Give your name and address. We write to you at once to confirm.
cohort-join-email-help = We send a link there to enter, without a password.
cohort-join-submit = Receive the link
cohort-join-known = Do you have an account already?
cohort-join-sign-in = Sign in
cohort-join-button = Join this group
cohort-join-button-waiting = Put me on the waiting list
cohort-join-full = All places are taken. You can go on the waiting list: we will tell you if a place becomes free.
cohort-join-sent = We have written to { $email }. Open this message and follow its link: it works for 24 hours. It may be among unwanted mail.
cohort-join-mine-active = You are in this group.
cohort-join-mine-button = Go to my training
cohort-join-mine-waiting = You are on the waiting list. We will write to you if a place becomes free.
cohort-join-mine-left = You had left this group. You can come back.
cohort-join-closed-title = This link is not open any more
cohort-join-closed-text = Enrolment by this link is closed. Ask whoever gave it to you for a new one.
cohort-join-closed-home = Back to the home page

## Messages

cohort-notice-created = The group is open. Choose its tutors, then enrol people.
cohort-notice-saved = The settings are saved.
cohort-notice-cancelled = The group is cancelled. Nothing was erased.
cohort-notice-restored = The group is back.
cohort-notice-tutor-added = This person has the group.
cohort-notice-tutor-removed = This person does not follow the group any more.
cohort-notice-enrolled = The person is enrolled. Remember to send their joining instructions.
cohort-notice-waiting = The group is full: the person is on the waiting list.
cohort-notice-already = This person is in the group already. Nothing changed.
cohort-notice-imported = The whole list is enrolled. Remember to send the joining instructions.
cohort-notice-imported-waiting = The list is enrolled. The last people are on the waiting list.
cohort-notice-seated = Whoever had waited longest has a place. Remember to send their joining instructions.
cohort-notice-nobody-waits = Nobody waits any more.
cohort-notice-convened = The joining instructions are leaving. Each sending is recorded.
cohort-notice-convened-some = The joining instructions are leaving, except to people without an address: tell them another way.
cohort-notice-convened-none = Everybody enrolled has their joining instructions already.
cohort-notice-convened-no-address = Nothing was sent: there is no e-mail address. Tell them another way.
cohort-notice-convened-one = The joining instructions are leaving. The sending is recorded.
cohort-notice-extended = The extension is saved.
cohort-notice-extension-removed = The person follows the dates of the group again.
cohort-notice-moved = The person has changed group, with their work.
cohort-notice-left = The departure is recorded. Their work is kept.
cohort-notice-returned = The person has their place back.
cohort-notice-link-open = The link is open.
cohort-notice-link-closed = The link is closed.
cohort-notice-joined = You are in the group. Welcome!
cohort-notice-join-waiting = You are on the waiting list.
cohort-notice-join-already = You were in this group already. Nothing changed.
cohort-notice-join-moved = You were moved to another group: your course goes on here.

## Errors

cohort-error-not-published = This training is not published. Publish it, then open the group.
cohort-error-no-week = This training has no week. Add one, then open the group.
cohort-error-capacity = Give a number of places from 1 to 20,000.
cohort-error-too-few-places = More people than that are enrolled. Nothing was changed: give a larger number.
cohort-error-started = The group has started: its dates do not change any more. Nothing was changed.
cohort-error-closed = This group has ended or is cancelled: it takes nobody any more. Nothing was changed.
cohort-error-full = There is no place left. Nothing was changed: raise the number of places, or choose another group.
cohort-error-other-course = That group does not follow the same training. Nothing was changed.
cohort-error-changed = This enrolment has changed meanwhile. Nothing was overwritten: open the page again.
cohort-error-date = Give a date from today on, and not more than two years ahead.
cohort-error-weeks = A training has from 1 to 208 weeks.

## Calendar

cohort-ics-week = Week { $number }: { $title }
cohort-ics-due = To finish before 23:59 ({ $zone }), week { $number }: { $title }
cohort-zone-europe-paris = Paris time
cohort-zone-america-guadeloupe = Guadeloupe time
cohort-zone-america-martinique = Martinique time
cohort-zone-america-cayenne = Cayenne time
cohort-zone-america-miquelon = Saint Pierre and Miquelon time
cohort-zone-indian-reunion = Réunion time
cohort-zone-indian-mayotte = Mayotte time
cohort-zone-pacific-noumea = Nouméa time
cohort-zone-pacific-tahiti = Tahiti time
cohort-zone-pacific-wallis = Wallis time
cohort-zone-europe-brussels = Brussels time
cohort-zone-europe-luxembourg = Luxembourg time
cohort-zone-europe-zurich = Zurich time
cohort-zone-utc = universal time
cohort-zone-other = { $zone } time zone
cohort-ics-extended = Your deadline
cohort-ics-file = training.ics

## Joining instructions and link

cohort-mail-subject = Joining instructions: { $course }
cohort-mail-hello = Hello { $name },
cohort-mail-hello-plain = Hello,
cohort-mail-intro = You are enrolled in the training “{ $course }”, { $range }. You follow it at a distance, at your own pace within the week.
cohort-mail-when = Start:
cohort-mail-length = { $count ->
    [one] Length: 1 week, { $duration } of work in all.
   *[other] Length: { $count } weeks, { $duration } of work in all.
  }
cohort-mail-access-link = To enter for the first time, follow this link. It works once, for { $days } days:
cohort-mail-access = To enter your training, sign in here:
cohort-mail-button = Enter my training
cohort-mail-later = Afterwards, sign in here: { $href }
cohort-mail-tutors = With you: { $names }.
cohort-mail-answer = Your questions are answered { $delay }.
cohort-mail-needs = You need a computer, a tablet or a telephone, and a connection to the internet. There is nothing to install.
cohort-mail-calendar = The dates of each week are in the file joined, to open with your calendar.
cohort-mail-calendar-link = Or let your calendar follow this address, which is yours alone:
cohort-mail-help = Do you need help to sign in?
cohort-mail-contact-email = In writing:
cohort-mail-contact-phone = By telephone:
cohort-mail-disability = If you have a disability, to adapt the training: { $contact }.
cohort-mail-join-subject = Your link to join { $course }
cohort-mail-join-text = You asked to join “{ $course }”. This link lets you in; it works once, for { $hours } hours.
cohort-mail-join-button = Join the group
cohort-mail-join-known-subject = Join { $course }: sign in
cohort-mail-join-known-text = You asked to join “{ $course }”. An account exists at this address under another name: sign in with it, then join the group. If you share this address, write to whoever gave you the link.
cohort-mail-join-known-button = Sign in and join
cohort-mail-not-asked = If you asked for nothing, do nothing: nobody is enrolled without following this link.
cohort-within = Training group
cohort-messages-button = Automatic messages
