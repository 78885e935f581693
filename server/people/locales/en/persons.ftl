### Persons of a space.

person-nav = People
person-list-title = People
person-add = Add a person
person-search = Search for a name or an address
person-count = { $count ->
    [0] Nobody
    [one] 1 person
   *[other] { $count } people
}
person-filter-role = Role:
person-filter-account = Account:
person-everybody = All
person-name = Name
person-email = E-mail address
person-roles = Roles
person-account = Account
person-last-sign-in = Last sign-in
person-last-sign-in-at = Last sign-in: { $at }
person-none-title = Nobody here yet
person-none-text = People enrolled in a training will appear in this list. You can also add one.
person-none-found-title = Nobody matches
person-none-found-text = Try fewer letters, or remove a filter.
person-show-all = Show everybody

## States of an account

person-account-active = Active
person-account-waiting = Never signed in
person-account-none = No account
person-account-disabled = Closed

## Roles

person-role-administrator = Administration
person-role-administrator-help = Sets up the space, its people and their roles; can also do all that management does.
person-role-manager = Training management
person-role-manager-help = Creates courses and groups, enrols, issues certificates.
person-role-auditor = Audit
person-role-auditor-help = Reads everything, changes nothing.
person-roles-text = A role holds for this space only. Tutors and trainees need none: their group makes them so.
person-role-give = Give a role
person-role-give-do = Give this role
person-role-given = The role is given.
person-role-revoke = Take back the role “{ $role }”…
person-role-revoke-sentence = Take back the role “{ $role }” from { $name }?
person-role-revoke-consequence = This person will lose access to the pages of this role at once. You can give it back.
person-role-revoke-do = Take back this role
person-role-revoked = The role is taken back.
person-error-role = Choose a role. Nothing was changed.
person-error-last-administrator = This is the last person who administers this space: first give the role to somebody else. Nothing was changed.

## Details

person-given-name = First name
person-family-name = Last name
person-email-help = Optional. Several people may have the same one.
person-organisation = Organisation or employer
person-organisation-help = Optional. Written on the certificate of completion.
person-lang = Language
person-lang-help = That of pages and e-mails.
person-since = In this space since
person-not-given = Not given
person-edit = Edit the details
person-edit-title = Edit the details of { $name }
person-save = Save the details
person-saved = The details are saved.
person-cancel = Go back without saving
person-shared = This person also belongs to another space. Their name and account are theirs: they change them in “My account”.
person-shared-names = This person also belongs to another space: you can change here what yours knows of them. They change their name themselves in “My account”.
person-error-name = Type a name with at least one letter.
person-error-long = This text is too long. Type fewer than 120 characters.
person-error-here = Somebody of this name, with this address, is already in the space. Look for them in the list.

## Adding

person-new-title = Add a person
person-new-do = Add this person
person-created = The person is added.
person-created-invited = The person is added and the invitation has just left.
person-created-unreachable = The person is added. The invitation could not leave: an address is missing.
person-identifier-new-help = Optional. Without a username, the e-mail address is used to sign in, if nobody else uses it.
person-invite-now = Send an invitation at once
person-invite-help = An e-mail with a link to choose a password, if the person has an account.

## Account

person-account-title = Account
person-identifier-help = Unique on this server: an address, or for example firstname.lastname.
person-account-create = Open an account
person-account-created = The account is open. You can send the invitation.
person-invite = Send the invitation
person-invite-again = Send a link to choose a password
person-invite-to = The e-mail will go to { $address }.
person-invited = The e-mail has just left.
person-unreachable = We cannot write to this person: add an address to their details.
person-error-unreachable = No safe address for this person. Nothing was sent.
person-account-close = Close the account…
person-account-close-sentence = Close the account of { $name }?
person-account-close-sessions = This person will be signed out at once and will not be able to enter.
person-account-close-kept = Their results and proofs are kept. You can open the account again.
person-account-close-do = Close the account
person-account-closed = The account is closed.
person-account-reopen = Open the account again
person-account-reopened = The account is open again.
person-error-own-account = You cannot close your own account. Ask somebody else. Nothing was changed.
