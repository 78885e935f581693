### Words of the components. What a page says stays in the files of the page.

## Forms

component-required = (required)
component-no-choice = No choice
component-error-word = Error:
component-errors-title = Something still needs correcting
component-errors-kept = Nothing is lost: what you wrote is still here.
component-password-show = Show
component-password-hide = Hide
component-search = Search

## Messages

component-notice-info = Good to know:
component-notice-success = Done:
component-notice-warn = Please note:
component-notice-error = Error:

## States of an activity

component-status-done = Done
component-status-in-progress = In progress
component-status-late = Late
component-status-not-started = Not started
component-status-locked = Not open yet

## Training

component-now = To do now
component-now-nothing = Nothing to do for now
component-optional = optional
component-training-audience = For whom:
component-training-duration = Duration:
component-training-date = Next date:

## Tables and lists

component-sort = (sort)
component-sorted-up = (sorted from smallest to largest; reverse)
component-sorted-down = (sorted from largest to smallest; reverse)
component-board-keys = The arrow keys move from cell to cell. Enter opens the detail, Escape closes it.
component-pager = Pages of the list
component-pager-range = { $from } to { $to } of { $total }
component-pager-previous = Previous
component-pager-next = Next
component-pager-page = Page
component-chart-table = See the figures as a table
component-roles = Roles

## Actions

component-close = Close
component-cancel = Go back without doing anything
component-type-name = To confirm, type the name: { $name }
component-move-up = Move up: { $name }
component-move-down = Move down: { $name }

## Landmarks

component-breadcrumb = You are here
component-step = Step { $current } of { $total }
component-step-done = (done)

## Sending a file, and saving

component-upload-label = Progress of the upload
component-upload-sending = Sending: %percent%. You can wait here.
component-upload-checking = The file has arrived. Checking it…
component-upload-failed = The upload was interrupted. Nothing has changed. Check your connection, then send the file again.
component-upload-stopped = Upload stopped. Nothing has changed.
component-upload-stop = Stop the upload
component-saved = Saved
component-saved-at = Saved at { $at }
component-saving = Saving…
component-saved-waiting = Kept on your device, sent as soon as the connection is back
component-saved-failed = Not saved yet: what you wrote is still here
