### Contacts, their lists, their segments

contact-nav = Contacts
contact-title = Contacts
contact-tabs = Contacts and lists
contact-tab-contacts = Contacts
contact-tab-lists = Lists
contact-tab-segments = Segments
contact-tab-import = Import
contact-name = Name
contact-organisation = Organisation
contact-department = Department
contact-tags = Networks and themes
contact-status = State
contact-add = Add a contact
contact-import = Import a file
contact-export = Export as CSV
contact-search = Look for a name, an address, an organisation
contact-filter = Show
contact-of-list = Contacts who receive “{ $name }”.
contact-count = { $count ->
    [0] No contact
    [one] 1 contact
   *[other] { $count } contacts
}
contact-none-title = No contact found
contact-none-text = Try another word, or take the filter away.
contact-empty-title = No contact
contact-empty-text = The people you write to will be here. Begin by importing your file, or add a contact by hand.
contact-status-all = All
contact-status-enabled = Active
contact-status-unconfirmed = To be confirmed
contact-status-blocked = Wants nothing
contact-status-bounced = Address fails
contact-why-unconfirmed = This person asked to subscribe, but has not clicked in the message that confirms it. Nothing is sent to them.
contact-why-blocked = This person wants to receive nothing more. No letter is sent to them.
contact-why-bounced = Messages sent to this address come back. No letter is sent to it any more.
contact-add-title = Add a contact
contact-add-lead = Say where the address comes from and what you keep it for: the law asks for it.
contact-add-do = Add the contact
contact-added = The contact is added. Choose what they receive.
contact-cancel = Go back and change nothing
contact-field-email = E-mail address
contact-field-given_name = First name
contact-field-family_name = Last name
contact-field-organisation = Organisation
contact-field-job = Function
contact-field-department = Department
contact-field-networks = Networks
contact-field-themes = Themes
contact-field-lang = Language
contact-field-basis = Legal basis
contact-field-source = Where the address comes from
contact-field-purpose = Purpose
contact-field-tags-help = Separated by commas.
contact-field-basis-help = A private person must have said yes. A professional address may be used as long as the person does not object.
contact-field-source-help = For example: registration at the March 2026 fair, directory of organisations.
contact-field-purpose-help = For example: sending the newsletter.
contact-purpose-default = Sending newsletters
contact-basis-consent = Consent
contact-basis-professional = Professional address
contact-tag-theme = Theme
contact-tag-network = Network
contact-save = Save the record
contact-saved = It is saved.
contact-since = Added on
contact-account = Account on the platform
contact-account-yes = Yes
contact-account-no = No
contact-lists-title = What this person receives
contact-lists-none = There is no list yet.
contact-lists = Lists
contact-lists-help = Unticking stops at once, even for a letter that is being sent.
contact-lists-save = Save the lists
contact-standing-subscribed = Since { $date } ({ $how })
contact-standing-unconfirmed = Asked for on { $date }, not confirmed yet ({ $how })
contact-standing-unsubscribed = Left the list on { $date } ({ $how })
contact-how-hand = by the team
contact-how-import = by a file
contact-how-form = by the public form
contact-how-page = on their own page
contact-how-one-click = by their mail program
contact-fields-title = Record
contact-stop-title = Stop writing to this person
contact-block = Send them nothing more
contact-block-sentence = Send nothing more to this person?
contact-blocked = Nothing more will be sent to them.
contact-unblock = Write to them again
contact-unblock-sentence = Did this person ask for it, or does the address work again?
contact-unblocked = This person may receive your letters again.
contact-forget = Delete this contact
contact-forget-sentence = Delete this contact and all that you know of them?
contact-forget-consequence = Their address also disappears from what was sent. This cannot be undone.
contact-forgotten = The contact is deleted.
mail-error-source = Say where this address comes from.
mail-error-purpose = Say what you keep this address for.
mail-error-taken = There is a contact with this address already.

## Lists

list-title = Lists
list-lead = A list is what people receive or not: the monthly letter, the press review, the news of a network. Each is left with one click.
list-name = List
list-kind = Who subscribes
list-count = Subscribers
list-state = State
list-since = Made on
list-empty-title = No list
list-empty-text = Make a first list below, for example “Flash”.
list-open = Open
list-closed = Closed
list-public-page = See the subscription page
list-add-title = Make a list
list-add = Make the list
list-added = The list is made.
list-field-name = Name
list-field-name-help = Readers see it.
list-field-description = What people receive
list-field-description-help = One sentence, with how often. For example: once a month, the news of the network.
list-field-kind = Who subscribes
list-kind-public = Anybody
list-kind-public-help = On a public page, with a message to confirm.
list-kind-private = The team
list-kind-private-help = You add people; they may leave at any time.
list-kind-discussion = Members write to each other
list-kind-discussion-help = Members write to each other by mail at the address of the list. You add people; they may leave at any time.
list-error-name = Give this list a name.
list-error-taken = A list has that name already.
list-save = Save the list
list-saved = The list is saved.
list-close-title = Close the list
list-close-text = A closed list receives no letter and is no longer offered. It keeps its subscribers.
list-close = Close this list
list-close-sentence = Close this list?
list-closed-told = The list is closed.
list-reopen = Open this list again
list-reopened = The list is open again.

## Segments

segment-title = Segments
segment-lead = A segment gathers the contacts that meet conditions. It stays up to date by itself.
segment-name = Segment
segment-count = Contacts
segment-enabled = Who may be written to
segment-add = Make a segment
segment-add-title = New segment
segment-empty-title = No segment
segment-empty-text = Make one to write to part of a list only, for example a department.
segment-field-name = Name of the segment
segment-error-name = Give this segment a name.
segment-any = People must meet
segment-any-all = all the conditions
segment-any-any = at least one condition
segment-condition = Condition { $number }: { $name }
segment-how = Comparison
segment-how-contains = contains
segment-how-is = is
segment-how-is_not = is not
segment-how-empty = is not filled in
segment-days = Within the last days
segment-remove = Remove
segment-add-condition = Add a condition
segment-field-organisation = Organisation
segment-field-job = Function
segment-field-department = Department
segment-field-source = Where the address comes from
segment-field-email = E-mail address
segment-field-lang = Language
segment-field-tag = Network or theme
segment-field-list = List
segment-field-added = Added lately
segment-field-sent = Was sent a letter lately
segment-field-account = Has an account here
segment-tag = { $kind }: { $name }
segment-sentence = { $all ->
    [0] No contact meets these conditions.
    [one] One contact meets these conditions; { $enabled } may be written to.
   *[other] { $all } contacts meet these conditions; { $enabled } may be written to.
}
segment-recount = Count again
segment-save = Save the segment
segment-saved = The segment is saved.
segment-delete = Delete this segment
segment-delete-sentence = Delete this segment? Contacts stay.
segment-deleted = The segment is deleted.

## Importing

import-title = Import contacts
import-lead = A CSV or Excel file, with the names of columns on its first line. You will see what is going to happen before anything changes, and may undo it afterwards.
import-file = File
import-file-help = CSV or XLSX, { $size } at most, 20,000 lines at most.
import-read = Read the file
import-error-large = The file is too large. Cut it into several.
import-error-none = Choose a file.
import-gone = This file is no longer here: another was sent since. Start again.
import-preview-title = Check the import
import-preview-lead = Nothing has changed yet. Check the columns, then import.
import-mapping = Columns of the file
import-no-email = Say which column holds the e-mail address, then work it out again.
import-column = Column { $number }
import-sample = For example: { $value }
import-common = For every line
import-merge = When the contact exists already
import-merge-fill = Only fill in what is missing
import-merge-replace = Replace by what the file says
import-list = Subscribe to the list
import-list-help = People who have left that list do not come back to it.
import-fates = What is going to happen
import-count-added = Contacts added
import-count-changed = Contacts changed
import-count-same = Contacts already up to date
import-count-refused = Lines refused
import-lines = First lines, the refused ones first
import-line = Line
import-content = Content
import-fate = What happens
import-fate-add = Added
import-fate-change = Changed
import-fate-same = Up to date
import-line-email = Refused: { $reason }
import-line-twice = Refused: address already in the file, on line { $line }
import-line-shared = Refused: same address as line { $line }, under another name. An address is one contact.
import-known-as = This address is known under the name of { $name }.
import-again = Work it out again
import-do = { $count ->
    [0] Import
    [one] Import one contact
   *[other] Import { $count } contacts
}
import-done = The import is done.
import-past = Last imports
import-past-empty = No import
import-past-empty-text = Your imports will be here, and you may undo them.
import-file-name = File
import-result = Result
import-counts = { $added } added, { $changed } changed, { $refused ->
    [one] { $refused } line refused
   *[other] { $refused } lines refused
}
import-undo = Undo the import of “{ $file }”
import-undo-sentence = Undo this import?
import-undo-consequence = Contacts that were added are deleted, others get their record back, but for those that have changed or were sent a letter since.
import-undone = Undone on { $date }
import-undone-told = The import is undone.
import-undone-part = The import is undone, but for contacts that have changed or were sent a letter since.
import-undone-already = This import is undone already.
import-still-running = This import is not finished. Wait for its end to undo it.
import-begun = The import has begun. You may leave this page, it goes on.
import-undo-begun = The import is being undone. You may leave this page, it goes on.
import-running = Import of “{ $file }”
import-running-words = { $gone ->
    [one] { $gone } line of { $lines }
   *[other] { $gone } lines of { $lines }
}
import-undoing = Undoing the import of “{ $file }”
import-undoing-words = { $gone ->
    [one] { $gone } contact of { $lines }
   *[other] { $gone } contacts of { $lines }
}
import-refresh = Refresh
import-under-way = under way
import-undone-but = { $kept ->
    [one] Undone on { $date }, but for { $kept } contact that has changed or was sent a letter since
   *[other] Undone on { $date }, but for { $kept } contacts that have changed or were sent a letter since
}
import-cut = { $left ->
    [one] { $left } line was not imported. Import the file again: what is there already will not be doubled.
   *[other] { $left } lines were not imported. Import the file again: what is there already will not be doubled.
}
import-undo-late = This import is more than thirty days old: what the contacts were before it is no longer kept, so it cannot be undone. Correct the contacts one by one, or import a corrected file.
import-undo-term = An import can be undone for thirty days.

## What readers do

reader-title = Choose what I receive
reader-lead = These choices hold for { $address }, at { $space }.
reader-lists = I want to receive
reader-save = Save my choices
reader-saved = Your choices are saved.
reader-blocked = You receive nothing from us any more. Tick a list to receive it again.
reader-stop-all = Receive nothing more
reader-stop-all-sentence = Receive no message of our lists any more?
reader-stopped-all = It is done: you will receive nothing more of our lists.
reader-contact = For any question about your data: { $address }
reader-nobody-title = Test copy
reader-nobody-text = This link comes from a test copy: there is nothing to change here. In the letter that is sent, everybody has their own.
reader-stop-title = Stop receiving
reader-stop-sentence = { $address } will not receive “{ $list }” any more. Confirm by pressing the button.
reader-stop-done = { $address } does not receive “{ $list }” any more. There is nothing else to do.
reader-stop = Stop receiving
reader-choices = See all that I receive
subscribe-title = Subscribe
subscribe-lead = Choose what you want to receive from { $space }. It is free, and you stop when you like.
subscribe-none = There is no open list at the moment.
subscribe-lists = I want to receive
subscribe-given-name = First name (optional)
subscribe-family-name = Last name (optional)
subscribe-rights = Your address is only used to send you what you tick. { $space } gives it to nobody.
subscribe-do = Subscribe me
subscribe-error-list = Tick at least one list.
subscribe-source = Public subscription form
subscribe-asked-title = Look at your mail
subscribe-asked = We have sent a message to { $address }. Press the button in it to confirm.
subscribe-asked-help = Nothing comes? Look in the unwanted mail. When you are subscribed already, no message leaves.
subscribe-confirm-title = Confirm the subscription
subscribe-confirm-sentence = { $address } is going to receive “{ $list }”.
subscribe-confirm = Confirm my subscription
subscribe-confirmed = It is done: { $address } receives “{ $list }”.
confirm-mail-subject = Confirm your subscription to “{ $list }”
confirm-mail-hello = Hello,
confirm-mail-text = You have asked to receive “{ $list }” from { $space }.
confirm-mail-do = Confirm my subscription
confirm-mail-term = This link works for thirty days.
confirm-mail-not = If you asked for nothing, do nothing: you will receive no other message.
subscribe-gone = This link no longer works: the request was erased. You can subscribe again here.
archive-title = Published letters
archive-lead = The last letters, as they were sent.
archive-subject = Letter
archive-date = Date
archive-empty = No published letter
archive-empty-text = The next letters will appear here.
archive-feed = Follow by an Atom feed
