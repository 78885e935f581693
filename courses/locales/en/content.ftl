### Content: imported packages, attached files.

content-nav = Content
content-title = Content
content-lead = The ready-made modules you have imported. One module may serve several courses.
content-caption = Content of this space
content-search = Search content
content-import = Import content
content-empty-title = No content yet
content-empty-text = The modules you import will be here. Start with the .zip file that your authoring tool gives.
content-none-title = Nothing matches
content-none-text = Try fewer words, or part of the title.
content-column-title = Title
content-column-standard = Standard
content-column-size = Size
content-column-imported = Imported
content-column-uses = Uses
content-column-problems = Check
content-edition-12 = SCORM 1.2
content-edition-2004 = SCORM 2004, edition { $number }
content-fine = Nothing to report
content-to-check = { $count ->
    [one] 1 thing to check
   *[other] { $count } things to check
  }

## Importing

content-upload-title = Import content
content-upload-lead = Choose the file as your authoring tool exports it: SCORM 1.2 or SCORM 2004, one .zip file, not unpacked.
content-upload-field = Content file
content-upload-help = One .zip file of at most { $size }, with at most { $files } files. Large files take a few minutes.
content-upload-submit = Import this content
content-upload-back = Back to the course
content-upload-none = Choose a .zip file first, then try again.
content-upload-too-large = This file is over { $limit }. Nothing was stored. Make its videos and pictures lighter, or ask the administrator to raise the limit.
content-upload-broken = The sending stopped before its end. Nothing was stored. Try again when the network is steady.
content-refused-page = The content was not imported
content-refused-title = “{ $file }”: nothing was stored.
content-refused-again = Send another file
content-import-state-title = Import of “{ $file }”
content-steps = Progress of the import
content-step-receiving = Receiving
content-step-checking = Checking
content-step-storing = Storing
content-stage-receiving = Receiving the file…
content-stage-checking = Checking: { $percent }%
content-stage-storing = Storing…
content-import-leave = You may leave this page: the import goes on, and the content will be in the list as soon as it is ready.
content-import-refresh = See how far the import is
content-import-unknown = This import is no longer followed. If it succeeded, the content is in the list; otherwise nothing was stored and you can start again.
content-imported = The content is imported.

## One content

content-files = Files
content-file-name = File received
content-learning-time = Duration given by the author
content-preview = Try this content
content-problems-title = What the check found
content-problems-text = The content was imported. Here is what deserves your attention.
content-problems-none = Nothing to report: everything the content announces is there and can be read.
content-hosts-title = Other sites mentioned
content-hosts-text = This content mentions the sites below. For safety it cannot reach them, unless you allow it in the activity that uses it.
content-hosts-none = This content does not seem to call any other site.
content-toc-title = Table of contents
content-toc-more = { $count ->
    [one] And 1 more line.
   *[other] And { $count } more lines.
  }
content-line-sco = tracked module
content-line-asset = untracked page
content-line-folder = heading
content-line-hidden = hidden from the table of contents
content-line-dead = not available
content-line-elsewhere = on another site, not tracked
content-dead-title = What cannot be opened
content-dead-text = These items lead to content that is missing or forbidden. They are shown as not available, and are not needed to finish, unless you decide so.
content-dead-left = Not needed
content-dead-wanted = Needed: nobody can finish
content-dead-want = Ask for it all the same
content-dead-leave = No longer ask for it
content-dead-now-wanted = The item is needed: as long as it is not available, nobody can finish this content.
content-dead-now-left = The item is no longer needed to finish. This counts as soon as each person comes back to it.
content-rules-title = What the content decides by itself
content-rules-text = Its author set the rules below. They come on top of the one that you choose in the activity.
content-rules-help = This content decides by itself: { $rules }
content-rule-mastery = “{ $item }”: in the end, passed from { $points } points, otherwise not passed.
content-rule-passing = “{ $item }”: passed from { $share } of the score, otherwise not passed.
content-rule-progress = “{ $item }”: completed from { $share } of progress.
content-rule-before = “{ $item }” should come after: { $script }. This is not enforced: everyone chooses the order.
content-uses-title = Where it is used
content-uses-line = { $course }: { $activity }
content-uses-none = No course uses it.
content-uses-removed = (activity removed)
content-delete = Delete this content…
content-delete-sentence = Delete “{ $title }” from this space?
content-delete-consequence = The file and its table of contents will be erased from the server. This cannot be undone.
content-delete-submit = Delete this content
content-delete-used = This content is used by an activity, even a removed one, or by somebody's work: it was not deleted.
content-deleted = The content is deleted.
stored-kind-documents = Certificate or statement
stored-kind-packages = Imported module
stored-kind-package-indexes = Table of contents of a module
stored-kind-attachments = File of a course
