### Legal notice, privacy, accessibility, help.

legal-title = Legal notice
legal-description = Who publishes and who hosts this training site.
legal-missing = Not given
legal-publisher-title = Who publishes this site
legal-name = Organisation
legal-address = Address
legal-siret = SIRET
legal-declaration = Activity declaration
legal-declaration-text = Registered under number { $number } with the prefect of the region: { $region }. This registration is not an approval by the State.
legal-director = Publication director
legal-email = E-mail address
legal-phone = Telephone
legal-host-title = Who hosts it
legal-host = Hosting provider
legal-rights-title = Texts, images and content
legal-rights-text = The content of the trainings belongs to its authors. You may use it to train yourself. To reuse it in another way, ask the organisation.
legal-software-title = Software
legal-software-text = This site runs on Passerelle, free software under the European Union Public Licence (EUPL 1.2).
legal-more-title = See also

## Privacy

privacy-title = Personal data
privacy-description = Which data are kept, why, for how long, and what your rights are.
privacy-lead = We keep what is needed to train you and to prove that the training took place. Nothing is sold, nothing is used for advertising.
privacy-controller-title = Who is responsible
privacy-controller = Data controller
privacy-officer = Data protection officer
privacy-data-title = What we keep
privacy-data-text = These data come from you, from the organisation that enrols you, and from what you do here.
privacy-data-identity = Your name, your language and, if you give them, your e-mail address and your organisation.
privacy-data-training = Your enrolments, the activities opened and done, their results, the durations retained, the certificates issued.
privacy-data-exchanges = The e-mails that the service sends you about your training.
privacy-data-letters = If you receive our letters: your address, where it comes from and why we have it, your themes and lists, what became of each letter (sent, returned, complaint) and your answers. We do not record who opens a letter or follows a link; a space may only count how many.
privacy-data-technical = Your sign-ins: date, browser and system of the device. The address of your connection is used to slow down password guessing.
privacy-data-never = We ask for neither religion, nor opinion, nor state of health. Your password is never kept: only a fingerprint of it is, from which it cannot be recovered.
privacy-readers-title = Who reads them
privacy-readers-text = Your tutor sees your progress in your group. The people who manage trainings and administer the space see enrolments and results. Somebody in charge of an audit may read them without changing anything.
privacy-readers-outside = Funders and inspection services receive the proofs that the law provides for. Training content is displayed apart and sees neither your account nor your other data.
privacy-retention-title = For how long
privacy-retention-text = A funding agreement, a dispute or an inspection may require proofs to be kept longer; you may ask how this applies to you. The records of a public body are destroyed only with the agreement of the departmental archives.
privacy-retention-caption = Retention periods
privacy-what = Data
privacy-why = Why
privacy-how-long = Period
privacy-then = Afterwards
privacy-duration = { $long } { $from }
privacy-days = { $count ->
    [one] 1 day
   *[other] { $count } days
}
privacy-months = { $count ->
    [one] 1 month
   *[other] { $count } months
}
privacy-years = { $count ->
    [one] 1 year
   *[other] { $count } years
}
privacy-class-account = Account and identity
privacy-class-proofs = Proofs of completion, certificates, journal
privacy-class-tracking = Tracking of activities, results, durations
privacy-class-content = Answers and texts written in activities
privacy-class-session = Sign-in of a device
privacy-class-link = Sign-in links and invitations
privacy-class-attempt = Sign-in attempts
privacy-class-log = Technical security logs
privacy-class-letter-unconfirmed = Address given to receive a letter and never confirmed
privacy-class-letter-answer = Answers to a letter, returned messages, complaints
privacy-class-letter-post = Messages to a discussion list that wait or were refused
privacy-class-letter-import = Contacts as they were before an import
privacy-basis-public-task = Training mission
privacy-basis-legal-duty = Legal duty to prove
privacy-basis-security = Security of the service
privacy-basis-consent = Your agreement
privacy-from-last-sign-in = after the last sign-in
privacy-from-last-payment-year = after the end of the year of the last payment
privacy-from-training-end = after the end of the training
privacy-from-last-visit = after the last visit
privacy-from-sending = at most after sending
privacy-from-attempt = after the attempt
privacy-from-recording = at most after recording
privacy-from-asking = after the request
privacy-from-reception = at most after they arrived
privacy-from-import = after the import
privacy-then-erased = Erased
privacy-then-disposal = Proposed for disposal, then erased
privacy-version = Periods in force since { $date }.
privacy-cookies-title = Cookies
privacy-cookies-text = Three cookies, all necessary: your sign-in, your language, the message shown after an action. If you come from another platform or with an outside account, another one ties your departure to your return, for an hour at most. None follows you elsewhere; so no consent is asked.
privacy-rights-title = Your rights
privacy-rights-text = You may see your data, have them corrected, receive a copy, ask for their erasure or object to a use. Write to the organisation or to its data protection officer: the answer comes within a month.
privacy-rights-locked = What proves a funded training cannot be erased before the end of its period; the rest can.
privacy-rights-cnil = If the answer does not suit you, you may complain to the CNIL:

## Accessibility

accessibility-title = Accessibility
accessibility-description = Accessibility statement: partially compliant, from a self-assessment.
accessibility-body = The organisation that publishes this site
accessibility-lead = { $name } undertakes to make this service accessible, in accordance with article 47 of French law no. 2005-102 of 11 February 2005.
accessibility-scope = This statement applies to { $address }: public pages, learning space and management pages.
accessibility-state-title = Compliance status
accessibility-state = Partially compliant with { $referential }, from a self-assessment.
accessibility-state-how = No audit by an outside person has been made yet, so there is no compliance rate to publish. This page will give its results.
accessibility-done-title = What was checked
accessibility-done-keyboard = The main journey of each role (trainee, tutor, management, administration, audit) is done from end to end by keyboard alone, in one browser (Chromium), with a visible focus at each stop; sending files and the other pages are still to be checked.
accessibility-done-contrast = Texts have a contrast of at least 7 to 1, in light and in dark; nothing is said by colour alone.
accessibility-done-zoom = Pages can be read at a width of 360 pixels and with text at 200%.
accessibility-done-script = Forms work without scripts (interactive modules need them); errors are said beside the field and gathered at the top.
accessibility-done-tests = Automatic checks run on our pages at each change. They find only part of the defects.
accessibility-not-title = What is not accessible, or not yet
accessibility-not-packages = Imported training content comes from many tools: its accessibility depends on its authors and is not guaranteed.
accessibility-not-files = Files added by the teams (texts, images, videos) may lack subtitles or descriptions.
accessibility-not-tested = Trials with people who use a screen reader, a magnifier or voice control are still to be made.
accessibility-made-title = Preparation of this statement
accessibility-made = It was prepared on { $date }.
accessibility-technologies = Technologies used: HTML, CSS, SVG, JavaScript, PDF.
accessibility-contact-title = Report an obstacle
accessibility-contact-text = If you cannot read or use a page, write or telephone. We will give you the information or the activity in another form.
accessibility-disability = Disability officer: { $who }
accessibility-remedy-title = Ways of appeal
accessibility-remedy-text = If you have reported a defect that keeps you from a content or a service and did not get a satisfactory answer, you may:
accessibility-remedy-form = write to the Défenseur des droits (French ombudsman);
accessibility-remedy-delegate = contact the delegate of the Défenseur des droits in your region;
accessibility-remedy-post = send a letter, free of charge and without a stamp: Défenseur des droits, Libre réponse 71120, 75342 Paris CEDEX 07.

## Help

help-title = Need help?
help-description = Whom to turn to, and what to do when something does not work.
help-lead = Nobody stays stuck alone. Here is whom to write to, and what you can try.
help-contact-title = The training organisation
help-disability = Disability officer
help-tutor-title = Your tutor
help-tutor-text = For a question on the content, the pace or an exercise, write to your tutor. Their name and the answering time are on the page of your training.
help-sign-in-title = You cannot sign in
help-sign-in-text = The password is not essential: ask for a link by e-mail, it signs you in at once. If it does not arrive, look in your spam folder, then check the username.
help-link-link = Get a sign-in link
help-account-link = Open “My account”
help-content-title = An activity does not open
help-content-reload = Reload the page. You will come back to where you were.
help-content-browser = Try a recent browser: Firefox, Chrome, Edge or Safari.
help-content-window = If the activity opens in another window, allow windows for this site.
help-content-write = If that is not enough, write to your tutor with the name of the activity.
help-saved-title = Is what you do kept?
help-saved-text = Yes, as you go. The page of the activity says “Saved” with the time. If your connection drops, leave the page open: sending resumes by itself.
help-needs-title = What you need
help-needs-text = A computer, tablet or telephone less than eight years old, an up-to-date browser and a connection. Sound for some activities.
help-access-title = You need an adjustment
help-access-text = More time, another medium, another way to answer: ask, it is provided for.
privacy-readers-connected = This space is connected to other servers:
