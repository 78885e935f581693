### Your course: home, weeks, activities.

learning-nav-home = Home
learning-home-title = Your home page

## To do now

learning-continue = Continue
learning-begin = Start
learning-review = Read again
learning-place = { $course }, { $week }
learning-due = To do by the end of { $day }
learning-was-due = It was due by the end of { $day }: you can still do it
learning-optional-now = Optional: there is no deadline
learning-stopped = You were there { $when }. You start again where you stopped.
learning-ends = Your course ends on { $day }.
learning-now-first-week = Your course starts on { $day }
learning-now-next-week = All is done. What follows opens on { $day }
learning-now-all-done = You have done everything, well done!
learning-now-completed = Your course is finished, well done!
learning-now-over = Your course is finished

## Weeks

learning-this-week = Your week
learning-weeks = Week by week
learning-no-weeks = The programme is not ready yet. It will appear here week by week.
learning-week = Week { $rank }
learning-week-titled = Week { $rank }: { $title }
learning-week-opens = Opens on { $day }
learning-week-progress = Progress in the week
learning-course-progress = Progress in the course
learning-remains = { $count ->
    [0] All that is asked this week is done.
    [one] { $count } activity left this week, about { $time }.
   *[other] { $count } activities left this week, about { $time }.
  }
learning-sum = { $needed ->
    [0] Nothing is asked
    [one] { $done } activity out of { $needed }, { $time } out of { $total }
   *[other] { $done ->
        [one] { $done } activity out of { $needed }, { $time } out of { $total }
       *[other] { $done } activities out of { $needed }, { $time } out of { $total }
    }
  }
learning-late-still = to catch up, it is still possible
learning-late-work = Work done on another device came in after you went on here: it is kept, and your tutor can see it, but it does not count in your result.
learning-late-kept = work received after the end, kept apart
learning-late-after = Work arrived after the last day (the latest on { $at }). It is kept apart and your tutor can see it, but it counts neither in your result nor in your hours.
learning-score = Score: { $score }

## The course

learning-where = Where you are
learning-realised = Training time recognised: { $time } out of { $total } planned. It counts the estimated time of each activity done.
learning-documents = Your documents
learning-missing = What is left to do
learning-complete = You have finished your course, well done!
learning-over = The last day is past. You can read everything again, but nothing counts any more.
learning-calendar = Dates
learning-next-date = Next date
learning-next-due = End of this week: { $day }
learning-next-opens = What follows opens: { $day }
learning-next-ends = End of the course: { $day }
learning-dates = Your course
learning-ics = Put the dates in your calendar
learning-ics-help = Your calendar then follows changes of date. This address is personal: do not share it.
learning-tutor = To help you
learning-tutor-delay = { $hours ->
    [one] Answers within 1 hour
   *[other] Answers within { $hours } hours
  }
learning-tutor-write = Write a message
learning-whole-course = See the whole course
learning-help = Need help?

## Activity

learning-kind-scorm = Module
learning-kind-page = Page
learning-kind-file = File
learning-kind-link = Link
learning-kind-tool = External tool
learning-closed = This activity opens on { $day }. You have nothing to do before.
learning-late-notice = It was due by the end of { $day }. You can still do it.
learning-own-window = Open in a window
learning-package-help = You can stop whenever you like: your work is saved and you will start again at the same place.
learning-review-help = You can read this activity again: nothing that is saved changes.
learning-never-opened = You had not opened this activity: there is nothing to read again.
learning-package-missing = This activity is not ready yet. Nothing is asked of you for now.
learning-attempts = { $count ->
    [one] { $count } attempt so far.
   *[other] { $count } attempts so far.
  }
learning-last-opened = Last opened: { $when }.
learning-file-download = Download the file
learning-file-missing = The file is not available. Tell your tutor.
learning-link-open = Open the link in a new tab
learning-link-where = Address: { $url }
learning-link-missing = The address is not available. Tell your tutor.
learning-tool-help = This activity is done in “{ $name }”, which recognises you without a password and sends your results back here.
learning-tool-open = Open { $name } in a new tab
learning-tool-window = Open the tool in a new tab
learning-tool-missing = The tool is not available. Tell your tutor.
learning-declare = Mark as done
learning-declared = The activity is marked as done.
learning-around = Nearby activities
learning-previous = Previous
learning-next = Next:
learning-back = Back to your course
learning-error-not-open = This activity is not open yet. Nothing was changed. Come back on the date shown in your course.
learning-error-over = The last day of the course is past: nothing counts any more. What you had done is kept.
learning-error-not-declared = This activity ends by itself when you do it: there is nothing to mark. Nothing was changed.

## Other parts of home

learning-enrolments = Your courses
learning-others = Your other courses
learning-phase-waiting = On the waiting list
learning-phase-running = Under way
learning-phase-upcoming = To come
learning-phase-completed = Finished
learning-phase-over = Last day past
learning-groups = The groups you follow
learning-groups-none = No group
learning-groups-none-text = The groups that you tutor will appear here.
learning-group-why = { $trainees ->
    [0] Nobody is enrolled
    [one] 1 trainee, late: { $late }, never came: { $never }
   *[other] { $trainees } trainees, late: { $late }, never came: { $never }
  }
learning-group-needs = { $count ->
    [one] 1 person needs you
   *[other] { $count } people need you
  }
learning-group-nobody = All is well
learning-spaces = Your spaces
learning-space-groups = Groups
learning-space-courses = Courses
learning-space-contents = Contents
learning-space-people = People
learning-space-catalogue = Public catalogue
learning-empty-title = No course for now
learning-empty-text = Your courses will appear here as soon as you are enrolled. You can already see those on offer.
learning-empty-catalogue = See the courses
