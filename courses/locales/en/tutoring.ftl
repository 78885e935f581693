### A group followed by its tutor.

tutoring-unknown = Erased person
tutoring-caption = Board of the group { $group }: a row a trainee, a column an activity
tutoring-trainee = Trainee
tutoring-progress = Progress
tutoring-last = Last activity
tutoring-none = None
tutoring-never = Never came
tutoring-due = by { $day }
tutoring-done = { $done } out of { $needed }
tutoring-expected = Pace expected today: { $share } of the training time.
tutoring-pace-finished = All is done
tutoring-pace-kept = On pace
tutoring-pace-below = Below the pace, nothing late
tutoring-pace-late = { $count ->
    [one] 1 activity late
   *[other] { $count } activities late
  }
tutoring-filter = Show
tutoring-filter-all = Everybody
tutoring-filter-never = Never came
tutoring-filter-late = Late
tutoring-filter-on-track = Up to date
tutoring-filter-finished = Finished
tutoring-empty-title = Nobody is enrolled yet
tutoring-empty-text = Trainees will appear here as soon as they are enrolled, with their progress by activity.
tutoring-empty-filter-title = Nobody in this case
tutoring-empty-filter-text = No trainee of the group matches this filter.
tutoring-see-all = See everybody
tutoring-csv = Download the board (CSV)
tutoring-manage = Manage the group
tutoring-write = Write a message
tutoring-late-list = Late

## Beside the board

tutoring-trainee-detail = See all their work
tutoring-cell-detail = See the detail
tutoring-time = Done
tutoring-first-seen = First came
tutoring-extended = Extended until
tutoring-completed = Course finished
tutoring-week = Week
tutoring-estimate = Estimated time
tutoring-score = Score
tutoring-spent = Time spent
tutoring-started = First opened
tutoring-last-opened = Last opened
tutoring-done-at = Done on

## One person

tutoring-trainee-title = Work of { $name }
tutoring-left = This person has left the course. Their work is kept.
tutoring-realised = Training time recognised
tutoring-realised-of = { $time } out of { $total }
tutoring-spent-all = Time spent in activities (for information)
tutoring-missing = What is missing
tutoring-nothing-missing = Nothing: the course is finished.
tutoring-work = Their work
tutoring-activities = All activities
tutoring-activity = Activity
tutoring-state = State
tutoring-attempts = Attempts
tutoring-no-activity-title = No activity
tutoring-no-activity-text = The activities of the course will appear here as soon as they are ready.
tutoring-corrections-title = Corrections of hours
tutoring-corrections = Hours corrected, the latest first
tutoring-no-correction = No correction.
tutoring-corrected-at = Date
tutoring-corrected-to = Hours kept
tutoring-reason = Reason
tutoring-corrected-by = By

## One activity of a person

tutoring-cell-title = { $title }: { $name }
tutoring-tool-open = Open the tool in a new tab
tutoring-never-opened = Never opened
tutoring-attempt = Attempt { $number }
tutoring-attempt-began = Attempt began
tutoring-attempt-last = Attempt last opened
tutoring-attempt-ended = Replaced by a new attempt
tutoring-launches = Times opened
tutoring-no-attempt = This activity has not been opened yet. Answers and scores will appear here.
tutoring-no-part = The activity was opened, but nothing has been saved yet.
tutoring-unsaid = Not said
tutoring-passed = Passed
tutoring-failed = Not passed
tutoring-advance = Progress
tutoring-updated = saved { $at }
tutoring-answers = Answers given
tutoring-question = Question
tutoring-kind = Type
tutoring-answer = Answer
tutoring-result = Result
tutoring-expected-answer = Expected answer
tutoring-latency = Time to answer
tutoring-answered-at = Answered
tutoring-or = { " or " }
tutoring-correct = Right
tutoring-incorrect = Wrong
tutoring-neutral = Not marked
tutoring-unanticipated = Unforeseen answer
tutoring-kind-true-false = True or false
tutoring-kind-choice = Choice
tutoring-kind-fill-in = Fill in
tutoring-kind-long-fill-in = Long text
tutoring-kind-matching = Matching
tutoring-kind-performance = Performance
tutoring-kind-sequencing = Putting in order
tutoring-kind-likert = Scale of opinion
tutoring-kind-numeric = Number
tutoring-kind-other = Other
tutoring-objectives = Objectives
tutoring-objective = Objective
tutoring-success = Success
tutoring-late-notice = Work was done on another device after the activity was opened here: it is kept and shown, but not taken over in the result.
tutoring-late-title = Work done on another device, not taken over
tutoring-late-work = What was not taken over
tutoring-late-received = Received
tutoring-late-part = Part
tutoring-late-values = Values
tutoring-after-end = Received after the end
tutoring-after-end-note = received after the end, not counted: { $at }
tutoring-after-end-title = Work received after the end, not counted
tutoring-after-end-text = It is kept and shown as it came. To take it into account, correct the hours at the end of the session, saying why.
tutoring-after-end-work = Records received after the end
tutoring-calls = Technical log of the attempt
tutoring-calls-open = See the technical log
tutoring-calls-none = No exchange was noted.
tutoring-calls-left-out = { $count ->
    [one] 1 older exchange is not shown.
   *[other] { $count } older exchanges are not shown.
  }
tutoring-call-received = Received
tutoring-call-ms = Instant (ms)
tutoring-call-name = Call
tutoring-call-element = Element
tutoring-call-value = Value
tutoring-call-result = Result
tutoring-call-error = Error
tutoring-back = Back to the work of this person

## File

tutoring-csv-family = Family name
tutoring-csv-given = Given name
tutoring-csv-email = Address
tutoring-csv-state = Situation
tutoring-csv-active = Enrolled
tutoring-csv-left = Has left the course
tutoring-csv-done = Activities done
tutoring-csv-needed = Activities asked
tutoring-csv-minutes = Estimated minutes done
tutoring-csv-share = Progress (%)
tutoring-csv-late = Activities late
tutoring-csv-first = First came
tutoring-csv-last = Last activity
tutoring-csv-completed = Course finished
tutoring-csv-activity = W{ $rank } { $title }
tutoring-csv-score = Score (%) { $title }
