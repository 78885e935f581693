# The words of the documents. No-break spaces are U+00A0.

## The three documents

certificate-title = Certificate of completion
end-of-training-title = End-of-training statement
attendance-title = Statement of attendance
metadata-title = { $title } – { $trainee }
metadata-description = { $title } for the action “{ $action }”, document no. { $serial }

## Who attests

attests = I, the undersigned { $name }, { $quality }, legal representative of { $body }, provider of the action for the development of competences, certify that:
employer = Employer: { $employer }
followed = has followed the action

## The action

nature = Nature of the action for the development of competences
nature-training = training action
nature-skills-assessment = skills assessment (bilan de compétences)
nature-prior-learning-validation = validation of prior experience (VAE)
nature-apprenticeship = apprenticeship training
nature-short = Nature of the action
selected = Selected:
not-selected = Not selected:
ran = which took place
ran-label = Dates
from-to = from { $from } to { $to }
on-one-day = on { $date }
for-a-duration = for a duration of
duration-label = Duration realised
distance-note = For distance training, the duration takes into account the learning activities carried out and the time estimated to carry them out.

## The undertaking to keep the documents

retention = Without prejudice to the periods set by tax, accounting or commercial rules, I undertake to keep all the supporting documents on which this certificate is based for three years from the end of the year of the last payment. Where the action is co-funded by European funds, that period is extended in accordance with the specific obligations of the agreement.

## End-of-training statement

objectives = Objectives of the action
results = Results of the assessment of what was learnt
results-none = No assessment of what was learnt has been recorded.
result-assessed = Assessment
result-outcome = Result
result-score = Score
outcome-achieved = Achieved
outcome-in-progress = In progress
outcome-not-achieved = Not achieved
outcome-not-assessed = Not assessed
no-score = –

## Statement of attendance

planned = Planned duration
realised = Duration realised
attendance-rate = Attendance rate
rate-unknown = –
activities = Activities carried out
activities-none = No activity has been carried out.
activity = Activity
activity-date = Date
activity-time = Duration
time-estimated = { $duration } (estimated)
time-attended = { $duration } (attended)
date-unknown = –
activities-total = Total counted
capped-note = The total counted is capped at the planned duration of the action.
corrected-note = The total counted was corrected by the training body: it differs from the sum of the activities.

## The signature

done-at = Issued at { $place } on { $date }
stamp-and-signature = Stamp and signature
for-the-body = For { $body }

## Letterhead and verification

siret = SIRET: { $number }
activity-declaration = Activity declaration no. { $number }
declaration-note = Registration is not a State accreditation.
verification = Check this document
verification-how = Document no. { $serial }. To check that it was indeed issued, scan the code or open this address:
verification-code = QR code that opens the verification address { $url }
journal-head = Sealed by the journal of evidence: { $size } entries, on { $instant }. Fingerprint:
page-of = page { $page } of { $pages }

## Durations, dates

duration-minutes = { $minutes } min
duration-hours = { $hours } h
duration-hours-minutes = { $hours } h { $minutes } min
date = { $day } { $month } { $year }
weekday-date = { $weekday } { $date }
instant = { $date } at { $hour }:{ $minute } (UTC{ $offset })
weekday-1 = Monday
weekday-2 = Tuesday
weekday-3 = Wednesday
weekday-4 = Thursday
weekday-5 = Friday
weekday-6 = Saturday
weekday-7 = Sunday
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
