progress-missing-more = { $count ->
    [one] One more activity to do, whichever you like.
   *[other] { $count } more activities to do, whichever you like.
  }
progress-missing-minutes = { $time } more of activities to do, whichever you like.
progress-missing-viewed = “{ $title }”: to open.
progress-missing-completed = “{ $title }”: to finish.
progress-missing-passed = “{ $title }”: to pass.
progress-missing-declared = “{ $title }”: to do, then to mark as done.
progress-missing-score = “{ $title }”: { $need } is needed.
progress-missing-score-have = “{ $title }”: you have { $have }, { $need } is needed.
