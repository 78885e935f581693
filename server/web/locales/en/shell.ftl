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
error-retry = Try again
error-help = Ask for help
error-400-title = We did not understand this request
error-400-text = The address or the form is incomplete. Nothing has changed. Go back to the previous page and try again.
error-401-title = Sign in to continue
error-401-text = This page is private, or your session has expired. Nothing is lost: you will come back here straight after.
error-403-title = This page is not open to you
error-403-text = Your account does not give access to this page. If you think this is a mistake, write to the person in charge of your training.
error-404-title = This page does not exist
error-404-text = The address may be incomplete, or the page has been removed. Go back to the home page to find your way.
error-405-title = This cannot be done here
error-405-text = Nothing has changed. Go back to the previous page and use its buttons.
error-409-title = Somebody else changed this at the same time
error-409-text = Nothing was overwritten. Open the page again to see what changed, then start over.
error-410-title = This link is no longer valid
error-410-text = It has already been used or has expired. Ask for a new one: it takes a minute.
error-413-title = This file is too large
error-413-text = Nothing was sent or changed. Choose a smaller file, or ask for help.
error-429-title = Too many attempts in a short time
error-429-text = To protect accounts, we wait a little. Nothing is lost. Try again in a few minutes.
error-500-title = Something went wrong on our side
error-500-text = What you had already saved is safe. Try again. If it happens again, write to us with the reference below.
error-503-title = The service will be back in a moment
error-503-text = An update is under way, or many people are here. What you had saved is safe. Try again in a minute.
