# Les mots des documents. L’espace fine insécable (U+202F) précède les points doubles et entoure les guillemets ;
# l’espace insécable (U+00A0) précède le deux-points.

## Les trois documents

certificate-title = Certificat de réalisation
end-of-training-title = Attestation de fin de formation
attendance-title = Attestation d’assiduité
metadata-title = { $title } – { $trainee }
metadata-description = { $title } de l’action « { $action } », document n° { $serial }

## Qui atteste

attests = Je soussigné·e { $name }, { $quality }, représentant·e légal·e du dispensateur de l’action concourant au développement des compétences { $body }, atteste que :
employer = Employeur : { $employer }
followed = a suivi l’action

## L’action

nature = Nature de l’action concourant au développement des compétences
nature-training = action de formation
nature-skills-assessment = bilan de compétences
nature-prior-learning-validation = action de validation des acquis de l’expérience (VAE)
nature-apprenticeship = action de formation par apprentissage
nature-short = Nature de l’action
selected = Retenu :
not-selected = Non retenu :
ran = qui s’est déroulée
ran-label = Déroulement
from-to = du { $from } au { $to }
on-one-day = le { $date }
for-a-duration = pour une durée de
duration-label = Durée réalisée
distance-note = Dans le cadre des formations à distance, la durée prend en compte la réalisation des activités pédagogiques et le temps estimé pour les réaliser.

## L’engagement de conservation

retention = Sans préjudice des délais imposés par les règles fiscales, comptables ou commerciales, je m’engage à conserver l’ensemble des pièces justificatives qui ont permis d’établir le présent certificat pendant une durée de trois ans à compter de la fin de l’année du dernier paiement. En cas de cofinancement par des fonds européens, la durée de conservation est étendue conformément aux obligations conventionnelles spécifiques.

## Attestation de fin de formation

objectives = Objectifs de l’action
results = Résultats de l’évaluation des acquis
results-none = Aucune évaluation des acquis n’a été enregistrée.
result-assessed = Évaluation
result-outcome = Résultat
result-score = Score
outcome-achieved = Acquis
outcome-in-progress = En cours d’acquisition
outcome-not-achieved = Non acquis
outcome-not-assessed = Non évalué
no-score = –

## Attestation d’assiduité

planned = Durée prévue
realised = Durée réalisée
attendance-rate = Taux d’assiduité
rate-unknown = –
activities = Activités réalisées
activities-none = Aucune activité n’a été réalisée.
activity = Activité
activity-date = Date
activity-time = Durée
time-estimated = { $duration } (estimée)
time-attended = { $duration } (suivie)
date-unknown = –
activities-total = Total retenu
capped-note = Le total retenu est plafonné à la durée prévue de l’action.
corrected-note = Le total retenu a été corrigé par l’organisme : il diffère de la somme des activités.

## La signature

done-at = Fait à { $place }, le { $date }
stamp-and-signature = Cachet et signature
for-the-body = Pour { $body }

## L’en-tête et la vérification

siret = SIRET : { $number }
activity-declaration = Déclaration d’activité n° { $number }
declaration-note = Cet enregistrement ne vaut pas agrément de l’État.
verification = Vérifier ce document
verification-how = Document n° { $serial }. Pour vérifier qu’il a bien été délivré, scannez le code ou ouvrez l’adresse :
verification-code = Code QR qui ouvre l’adresse de vérification { $url }
journal-head = Scellé par le journal des preuves : { $size } entrées, le { $instant }. Empreinte :
page-of = page { $page } sur { $pages }

## Durées, dates

duration-minutes = { $minutes } min
duration-hours = { $hours } h
duration-hours-minutes = { $hours } h { $minutes }
date = { $day ->
    [1] 1er
   *[other] { $day }
  } { $month } { $year }
weekday-date = { $weekday } { $date }
instant = { $date } à { $hour } h { $minute } (UTC{ $offset })
weekday-1 = lundi
weekday-2 = mardi
weekday-3 = mercredi
weekday-4 = jeudi
weekday-5 = vendredi
weekday-6 = samedi
weekday-7 = dimanche
month-1 = janvier
month-2 = février
month-3 = mars
month-4 = avril
month-5 = mai
month-6 = juin
month-7 = juillet
month-8 = août
month-9 = septembre
month-10 = octobre
month-11 = novembre
month-12 = décembre
