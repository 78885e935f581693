progress-missing-more = { $count ->
    [one] Il reste 1 activité à faire, au choix.
   *[other] Il reste { $count } activités à faire, au choix.
  }
progress-missing-minutes = Il reste { $time } d’activités à faire, au choix.
progress-missing-viewed = « { $title } » : à ouvrir.
progress-missing-completed = « { $title } » : à terminer.
progress-missing-passed = « { $title } » : à réussir.
progress-missing-declared = « { $title } » : à faire, puis à marquer comme faite.
progress-missing-score = « { $title } » : il faut { $need }.
progress-missing-score-have = « { $title } » : vous avez { $have }, il faut { $need }.
