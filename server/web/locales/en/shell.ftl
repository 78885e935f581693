### The frame of every page, and the error pages.

shell-skip = Skip to content
shell-home = Home
shell-menu = Menu
shell-main-nav = Main navigation
shell-account-menu = Your account
shell-account = My account
shell-sign-in = Sign in
shell-sign-out = Sign out
shell-help = Need help?
shell-language = Language
shell-verify = Verify a document
shell-legal = Legal notice
shell-privacy = Personal data
shell-accessibility = Accessibility
shell-footer-nav = About this service

## Kept by the browser

shell-unsaved = You have not saved what you wrote yet.
shell-draft-found = We kept what you had written here without saving it.
shell-draft-restore = Take up what I had written
shell-draft-discard = Erase it

## Errors: what happened, what is not lost, what can be done

error-reference = Reference to give if you write to us: { $reference }
error-home = Back to the home page
error-help = Ask for help
error-bad-request-title = We did not understand this request
error-bad-request-text = The address or the form is incomplete. Nothing has changed. Go back to the previous page and try again.
error-sign-in-title = Sign in to continue
error-sign-in-text = This page is private, or your session has expired. Nothing is lost: you will come back here straight after.
error-sign-in-do = Sign in
error-back = Back
error-forbidden-title = This page is not open to you
error-forbidden-text = Your account does not give access to this page. If you think this is a mistake, write to the person in charge of your training.
error-not-found-title = This page does not exist
error-not-found-text = The address may be incomplete, or the page has been removed. Go back to the home page to find your way.
error-conflict-title = This has changed in the meantime
error-conflict-text = Somebody else changed the same thing. Nothing was overwritten. Open the page again to see what changed, then start over.
error-too-large-title = This is too large
error-too-large-text = Nothing was saved. Choose a smaller file, or ask for help.
error-too-many-title = Too many attempts in a short time
error-too-many-text = To protect accounts, we wait a little. Nothing is lost. Try again in a few minutes.
error-internal-title = Something went wrong on our side
error-internal-text = What you had already saved is safe. Try again. If it happens again, write to us with the reference below.
error-damaged-title = This file is damaged
error-damaged-text = It is missing on the server, or no longer the one that was stored there: we would rather not give it to you. Everything else that was saved is safe. Write to us with the reference below, so that it is put back from a backup.
error-text = What was sent holds a character that cannot be written (NUL). Nothing was saved. Go back to the previous page, take that character out, then send it again.
error-form = The form arrived incomplete. Nothing was saved. Go back to the previous page: what you wrote is probably still there. Then try again.
error-origin = This request comes from another site: to be safe, we did not follow it. Nothing has changed. Open the page again here and try once more.

## The page of all components

look-title = Components
