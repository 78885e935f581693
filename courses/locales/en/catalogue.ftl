### The catalogue: sheets, weeks, activities, publication.

catalogue-nav = Courses
catalogue-title = Courses
catalogue-lead = The courses of this space, being prepared and published.
catalogue-caption = Courses of this space
catalogue-search = Search courses
catalogue-filter = Show
catalogue-filter-current = Current
catalogue-filter-draft = Drafts
catalogue-filter-published = Published
catalogue-filter-archived = Archived
catalogue-state-draft = Draft
catalogue-state-published = Published
catalogue-state-archived = Archived
catalogue-column-title = Title
catalogue-column-state = State
catalogue-column-duration = Duration
catalogue-column-changed = Changed
catalogue-not-told = to be told
catalogue-empty-title = No course yet
catalogue-empty-text = The courses you write will be here. Start with a title: the rest can wait.
catalogue-none-title = Nothing matches
catalogue-none-text = Try fewer words, or another filter.
catalogue-new = Write a course
catalogue-new-title = Write a course
catalogue-new-lead = A title is enough to begin. Nothing is public until you publish.
catalogue-new-submit = Create the course
catalogue-created = The course is created. Complete its sheet and its weeks, in any order.
catalogue-cancel = Cancel

## Public catalogue

catalogue-public-title = Our courses
catalogue-public-lead = { $space }: choose a course, see for whom it is, how long it takes and when it starts.
catalogue-public-description = The courses of { $space }: for whom, how long, next dates.
catalogue-public-search = Search courses
catalogue-public-empty-title = No course published yet
catalogue-public-empty-text = The next courses will be announced here.
catalogue-public-none-title = No course matches
catalogue-public-none-text = Try fewer words.
catalogue-fresh-title = Welcome to Passerelle
catalogue-fresh-text = This platform has just been installed: no space is open yet. The administrator can sign in to begin.
catalogue-fresh-sign-in = Sign in
catalogue-weeks = { $count ->
    [one] 1 week
   *[other] { $count } weeks
  }
catalogue-next-date = Next session: { $date }
catalogue-no-date = Next date to come
catalogue-places = { $count } places left
catalogue-places-few = { $count ->
    [one] Only one place left
   *[other] Only { $count } places left
  }
catalogue-places-none = Full: waiting list
catalogue-fact-duration = Duration
catalogue-fact-next = Next date
catalogue-fact-answer = The team answers
catalogue-fact-nature = Nature of the action
catalogue-answer = { $hours ->
    [one] within 1 hour
   *[other] within { $hours } hours
  }
catalogue-section-dates = Next sessions
catalogue-section-objectives = Objectives
catalogue-section-objectives-lead = At the end of the course, you will be able to:
catalogue-section-weeks = Week by week
catalogue-section-audience = For whom
catalogue-section-prerequisites = Prerequisites
catalogue-section-programme = Programme
catalogue-section-modalities = How it runs
catalogue-section-methods = Methods
catalogue-section-assessment = Assessment
catalogue-section-access = Enrolling: how, and how fast
catalogue-section-price = Price
catalogue-section-contact = Contact
catalogue-section-accessibility = Accessibility for disabled people
catalogue-section-results = Results
catalogue-published-on = Sheet published on

## The sheet

catalogue-sheet-title = Course sheet
catalogue-sheet-save = Save the sheet
catalogue-sheet-saved = The sheet is saved.
catalogue-sheet-whole = The sheet tells everything it must to be published.
catalogue-sheet-published = This course is published: the public keeps reading the last published version, until you publish again.
catalogue-gaps-title = Compulsory information is missing
catalogue-gaps-text = The course can be published once the sheet gives it. You may save without waiting.
catalogue-missing-summary = Present the course in one or two sentences.
catalogue-missing-audience = Say for whom it is.
catalogue-missing-prerequisites = Give the prerequisites, or “none”.
catalogue-missing-objectives = Write at least one objective.
catalogue-missing-programme = Describe the programme.
catalogue-missing-modalities = Explain how it runs.
catalogue-missing-methods = Describe the methods.
catalogue-missing-assessment = Explain how learning is assessed.
catalogue-missing-access = Explain how to enrol and how soon one can start.
catalogue-missing-price = Give the price, or “free”.
catalogue-missing-contact = Say whom to contact.
catalogue-missing-accessibility = Say what is provided for disabled people, and whom to contact.
catalogue-missing-results = Give the results of past sessions.
catalogue-missing-duration = Give the duration agreed.
catalogue-missing-answer = Give the announced answering delay.
catalogue-group-presentation = Presentation
catalogue-group-objectives = Objectives
catalogue-group-length = Duration and answering delay
catalogue-group-teaching = Teaching
catalogue-group-practical = Practical information
catalogue-markdown-note = You can format: an empty line separates paragraphs, “-” begins a list, “**” goes around what matters.
catalogue-field-title = Title of the course
catalogue-help-title = The one that the public reads and that the certificate bears.
catalogue-field-weeks = Number of weeks
catalogue-help-weeks = You can add or remove some later.
catalogue-field-summary = In one or two sentences
catalogue-help-summary = What the course brings. Without formatting.
catalogue-field-audience = For whom
catalogue-help-audience = Trades, situations, experience of the people you expect.
catalogue-field-prerequisites = Prerequisites
catalogue-help-prerequisites = What one must know or have before starting. If there is none, write “None”.
catalogue-field-objectives = Objectives
catalogue-help-objectives = What the person will be able to do, with an action verb that can be assessed. Each objective should be assessed by at least one activity.
catalogue-objective-number = Objective { $number }
catalogue-objective-add = Add an objective
catalogue-objective-up = Move up
catalogue-objective-down = Move down
catalogue-objective-remove = Remove
catalogue-field-programme = Programme
catalogue-help-programme = The contents, in their order. The weeks are added by themselves.
catalogue-field-modalities = How it runs
catalogue-help-modalities = At a distance or not, tutoring, rhythm, live sessions, equipment needed, technical and teaching help.
catalogue-field-methods = Methods
catalogue-help-methods = For example: case studies, exercises, exchanges among peers.
catalogue-field-assessment = Assessment
catalogue-help-assessment = How and when learning is assessed, and what is delivered at the end.
catalogue-field-access = Enrolling: how, and how fast
catalogue-help-access = What to do, and the time between the request and the start of the course.
catalogue-field-price = Price
catalogue-help-price = Price per person, possible funding, or “free”.
catalogue-field-contact = Contact
catalogue-help-contact = Name or department, e-mail address, telephone.
catalogue-field-accessibility = Accessibility
catalogue-help-accessibility = What is provided for disabled people, and the name of the disability officer.
catalogue-field-results = Results
catalogue-help-results = Satisfaction, response rate, drop-outs and their causes, with period and method. To fill in once a first session has ended.
catalogue-field-hours = Duration agreed, hours
catalogue-help-hours = The duration announced and certified. Realised time never goes beyond it.
catalogue-field-minutes = Duration agreed, minutes
catalogue-field-answer-hours = Announced answering delay
catalogue-help-answer-hours = Within how many hours the team answers. Sundays and holidays do not count.
catalogue-unit-hours = hours
catalogue-unit-minutes = minutes
catalogue-field-nature = Nature of the action
catalogue-help-nature = As article L.6313-1 of the French labour code defines it; it is printed on the certificate.
catalogue-nature-training = Training action
catalogue-nature-skills-assessment = Skills assessment
catalogue-nature-prior-learning = Validation of prior learning
catalogue-nature-apprenticeship = Apprenticeship training

## The page of a course

catalogue-links = See
catalogue-edit-sheet = Complete the sheet
catalogue-see-preview = Preview of the public page
catalogue-see-public = Public page
catalogue-see-versions = Published versions
catalogue-fact-agreed = Duration agreed
catalogue-fact-planned = Total of activities
catalogue-fact-published = Last published
catalogue-publish = Publish the course
catalogue-publish-again = Publish the changes
catalogue-published = The course is published: its public page is up to date.
catalogue-unpublished = Some changes are not public yet. Publish them when they are ready.
catalogue-incomplete = The course was not published: its sheet does not tell everything yet. Nothing is lost; see below what is missing.
catalogue-duplicate = Duplicate the course
catalogue-duplicated = Here is the copy: a draft you can change without touching the original.
catalogue-copy-title = Copy of { $title }
catalogue-archive = Archive the course…
catalogue-archive-sentence = Archive “{ $title }”?
catalogue-archive-public = It will leave the public catalogue.
catalogue-archive-cohorts = Groups already open go on, and proofs stay.
catalogue-archive-submit = Archive the course
catalogue-archived = The course is archived. You will find it in the list, with the filter “Archived”.
catalogue-unarchive = Take the course up again
catalogue-unarchived = The course is a draft again.
catalogue-advice-title = Before publishing, also look at
catalogue-advice-no-activity = There is no activity yet.
catalogue-advice-minutes = Compulsory activities take { $planned } in all, and the duration agreed is { $agreed }.
catalogue-advice-objective = No activity assesses the objective “{ $objective }”.
catalogue-stale = The course has changed meanwhile: nothing was done. Here is how it stands; start again if needed.
catalogue-conflict-title = Somebody else changed this course while you were writing.
catalogue-conflict-text = Nothing was overwritten, and what you wrote is below. Look at what has changed, then save again.
catalogue-conflict-fields = Nothing was overwritten, and what you wrote is below. These differ from what is stored: { $fields }. If you save again, your version replaces the other.
catalogue-conflict-same = What you wrote is the same as what is stored. You need do nothing.
catalogue-preview-title = Preview.
catalogue-preview-text = Here is the page as the public would read it if you published now.
catalogue-preview-back = Back to the course
catalogue-version-text = Here is the page as it was published on { $date }.
catalogue-versions = Published versions

## Weeks

catalogue-week-number = Week { $number }
catalogue-week-heading = { $number }: { $title }
catalogue-week-sum = { $time } of activities
catalogue-week-optional-sum = { $time } more, optional
catalogue-week-empty = No activity yet.
catalogue-week-edit = Change the title
catalogue-week-save = Save the week
catalogue-week-saved = The week is saved.
catalogue-week-new = Add a week
catalogue-week-add = Add this week
catalogue-week-added = The week is added.
catalogue-week-remove = Remove the week
catalogue-week-removed = The week is removed.
catalogue-week-kept = The week was not removed: it still holds activities, or it is the only one. Move its activities first.
catalogue-field-week-title = Title of the week
catalogue-field-week-summary = What is done there
catalogue-help-week-summary = One or two sentences, read by the public and by the trainees.
catalogue-moved = The new order is saved.

## Activities

catalogue-add = Add:
catalogue-add-to = Add an activity: { $week }
catalogue-kind-scorm = Module
catalogue-kind-page = Page
catalogue-kind-file = File
catalogue-kind-link = Link
catalogue-kind-tool = External tool
catalogue-rule-viewed = done once opened
catalogue-rule-completed = done once completed
catalogue-rule-passed = done once passed
catalogue-rule-declared = done when the person says so
catalogue-rule-score = done from { $score }
catalogue-activity-edit = Change
catalogue-activity-remove = Remove
catalogue-activity-add = Add the activity
catalogue-activity-added = The activity is added.
catalogue-activity-save = Save the activity
catalogue-activity-saved = The activity is saved.
catalogue-removed = The activity is removed. What was already done of it is kept.
catalogue-restore = Put the activity back
catalogue-restored = The activity is back, at the end of its week.
catalogue-field-activity-title = Title of the activity
catalogue-field-package = Module of the library
catalogue-no-package = No module imported yet: import one first.
catalogue-import = Import a new module
catalogue-field-hosts = Sites this module may reach
catalogue-help-hosts = Leave everything unticked if the module works without. Each ticked site will know that somebody uses it.
catalogue-field-markdown = Text of the page
catalogue-help-markdown = An empty line separates paragraphs. “#” begins a heading, “-” a list, “**” goes around what matters.
catalogue-see-page = See the preview
catalogue-page-preview = Preview of the page
catalogue-attach-title = Add a picture or a file to this page
catalogue-field-attach = Picture or file
catalogue-attach = Attach to the page
catalogue-picture-words = Describe the picture
catalogue-files-text = Files already attached to this course. To show one of them here, copy its line into the text.
catalogue-field-file = File
catalogue-field-other-file = Replace with another file
catalogue-help-file = At most { $limit }. A PDF, a picture, a sound or a video opens in the browser; anything else is downloaded.
catalogue-field-url = Address
catalogue-help-url = For example: https://example.org/article
catalogue-field-note = What to do at this address
catalogue-help-note = What to read, watch or do, and what to remember of it.
catalogue-field-tool = Tool
catalogue-help-tool = The service that opens. The administrators of the space connect them on the page “External tools”.
catalogue-no-tool = No tool is connected yet: the administrators of the space connect one on the page “External tools”.
catalogue-tool-pick = Pick in { $tool }
catalogue-tool-pick-text = The simplest: pick in the tool what has to be done. You then say how long it takes. Otherwise, describe the activity below.
catalogue-field-tool-url = Address in the tool
catalogue-help-tool-url = What it opens. Leave empty for its usual entrance.
catalogue-field-custom = Parameters
catalogue-help-custom = What the tool sometimes asks for, one a line: name=value. Leave empty otherwise.
catalogue-field-framed = Show the tool within the page
catalogue-help-framed = Otherwise it opens in a new tab, which works with all of them.
catalogue-field-lowers = The tool may lower a mark
catalogue-help-lowers = A lower mark then replaces the one before. What is done stays done.
catalogue-field-estimate = Estimated duration
catalogue-help-estimate = The time the activity takes most people. It is what counts as realised time.
catalogue-field-optional = Optional activity
catalogue-help-optional = It does not count towards completing the course; once done, its time counts once.
catalogue-field-rule = When is the activity done?
catalogue-choice-viewed = When it has been opened
catalogue-choice-completed = When the module says it is completed
catalogue-choice-completed-tool = When the tool says that it is completed
catalogue-choice-passed = When the module says it is passed
catalogue-choice-score = When the score reaches a minimum
catalogue-choice-declared = When the person says they have done it
catalogue-field-score = Lowest score
catalogue-help-score = Only if you chose the score.
catalogue-field-assessed = Objectives assessed
catalogue-help-assessed = Tick the objectives that this activity checks.

## When the course is completed

catalogue-rule-title = When is the course completed?
catalogue-rule-change = Change this rule
catalogue-rule-save = Save the rule
catalogue-rule-saved = The rule is saved.
catalogue-course-rule-all = When all the compulsory activities are done.
catalogue-course-rule-count = { $count ->
    [one] When at least 1 compulsory activity is done.
   *[other] When at least { $count } compulsory activities are done.
  }
catalogue-course-rule-share = When the activities done make up at least { $share } of the estimated time.
catalogue-field-course-rule = The course is completed
catalogue-choice-course-all = when all the compulsory activities are done
catalogue-choice-course-count = when a number of activities is done
catalogue-choice-course-share = when a share of the time is done
catalogue-field-count = Number of activities, at least
catalogue-field-share = Share of the estimated time, at least

## Errors

catalogue-error-title = Give a title.
catalogue-error-title-long = This title is too long: at most 200 characters.
catalogue-error-text-long = This text is too long. Nothing is lost: shorten it, then save.
catalogue-error-hours = Write a whole number of hours, at most 2,000.
catalogue-error-rest = Write a whole number of minutes, from 0 to 59.
catalogue-error-answer = Write a whole number of hours, at most 720.
catalogue-error-week-count = Choose from 1 to { $most } weeks.
catalogue-error-weeks = A group already planned cannot hold so many weeks. Nothing was changed.
catalogue-error-activity-title = Give the activity a title.
catalogue-error-minutes = Give the estimated duration, from 1 to 6,000 minutes.
catalogue-error-rule = Choose when the activity is done.
catalogue-error-score = Give the lowest score, from 1 to 100%.
catalogue-error-package = Choose a module of the library, or import one.
catalogue-error-hosts = One of these sites is not a valid address.
catalogue-error-markdown = Write the text of the page.
catalogue-error-file = Choose a file.
catalogue-error-file-large = This file is over { $limit }: it was not kept. The rest is here. Choose a lighter one.
catalogue-error-url = Write a whole address, beginning with https:// or http://.
catalogue-error-tool = Choose a tool that is connected to this space.
catalogue-error-custom = Write one parameter a line, as name=value, fifty at most.
catalogue-error-course-rule = Choose a rule and give its number: at least 1 activity, or from 1 to 100% of the time.
course-offers = Course
course-session-offers = Session
