### The state of the server: who no longer follows the journal, which files are damaged.

state-nav = Server state
state-title = Server state
state-lead = What needs your attention on the server, for all spaces.
state-followers = What follows from facts of the journal
state-followers-none = Each fact written in the journal has had its consequences.
state-followers-text = A consequence could not be drawn. Nothing is lost: it is tried again, less and less often, and what comes after waits for it.
state-follower-entry = Fact (and its position)
state-follower-error = What was answered
state-follower-since = Since
state-follower-attempts = Tries
state-follower-next = Next try
state-follower-mended = It no longer fails there. Nothing was changed.
state-again = Try again now
state-again-asked = It will be tried again. Open this page again in a moment.
state-aside-open = Set this fact aside…
state-aside-text = The fact stays in the journal, but this consequence will not be drawn from it: a grade will not leave, a forgetting will not be planned. What comes after goes on. Your reason is written in the journal.
state-aside-reason = Reason
state-aside-no-reason = Say why in a few words: the reason is written in the journal. Nothing was changed.
state-aside = Set this fact aside
state-aside-done = The fact is set aside, and the reason is written in the journal. What comes after goes on.
state-files = Stored files
state-files-none = No missing or altered file was found.
state-files-text = These files are missing, or are no longer those that were stored. Put them back from a backup, in the same place, then check again.
state-files-never = Files are read again every night. They have not been yet.
state-files-checked = { $count ->
    [one] 1 file read again ({ $size }), finished on { $at }.
   *[other] { $count } files read again ({ $size }), finished on { $at }.
  }
state-files-checking = { $count ->
    [one] Check going on since { $at }: 1 file read again ({ $size }).
   *[other] Check going on since { $at }: { $count } files read again ({ $size }).
  }
state-files-check = Check now
state-files-asked = The check will begin. It is done in small parts: open this page again later.
state-files-goes-on = A check is already going on.
state-file-name = File
state-file-kind = What it is
state-file-what = What is wrong
state-file-found = Found on
state-file-missing = It is missing
state-file-altered = It was altered
stored-mail-subject = { $count ->
    [one] 1 damaged file on the server
   *[other] { $count } damaged files on the server
  }
stored-mail-text = { $count ->
    [one] Tonight’s check found one file that is missing, or no longer the one that was stored.
   *[other] Tonight’s check found { $count } files that are missing, or no longer those that were stored.
  }
stored-mail-do = Put back what is missing from a backup. The list is on this page:
stored-mail-open = See the files
