### Accounts: signing in, links, invitations, my account.

account-nav = My account
account-identifier = Username
account-identifier-help = It is often your e-mail address.
account-identifier-yours = Make a note of it: this is what you will type to sign in.
account-password = Password

## Signing in

account-sign-in-title = Sign in
account-sign-in = Sign in
account-no-password-title = No password, or forgotten it?
account-no-password-text = We can send you a link by e-mail. It signs you in once, without a password.
account-no-password-link = Get a sign-in link
account-error-missing = Type your username and your password. If you have no password, ask for a sign-in link.
account-error-refused = This username and this password do not go together, or the account is closed. Check the capital letters, or ask for a sign-in link.
account-error-wait = { $minutes ->
    [one] There were too many attempts. To protect this account, wait 1 minute, or ask for a sign-in link.
   *[other] There were too many attempts. To protect this account, wait { $minutes } minutes, or ask for a sign-in link.
}
account-signed-out = You are signed out.
account-signed-out-everywhere = You are signed out on all your devices.
account-demo-title = Accounts of the demonstration
account-demo-text = Everything is made up and everything will be erased. Enter with one of these accounts.
account-demo-role = Role
account-demo-enter = Enter

## Sign-in link

account-link-title = Get a sign-in link
account-link-lead = Type your username. We will send you a link that is valid for { $minutes } minutes.
account-link-send = Send the link
account-link-back = Back to the sign-in page
account-error-identifier-missing = Type your username.
account-link-sent = If an account matches this username, an e-mail has just left. Look in your spam folder too.
account-link-enter-title = Confirm signing in
account-link-enter-text = You are about to sign in as { $name }.
account-link-enter = Sign me in
account-link-enter-once = This link works once. If this is not you, close this page: nothing will happen.
account-link-gone-title = This link is no longer valid
account-link-gone-text = It was already used, or it has expired. Nothing is lost: ask for a new one, it takes a minute.
account-link-gone-invitation = If it was an invitation, ask for a sign-in link: you can choose your password afterwards, in “My account”.
account-link-again = Ask for a new link

## Invitation

account-invitation-title = Choose your password
account-invitation-lead = Hello { $name }. Choose a password to open your account.
account-password-choose = Choose this password and enter
account-password-chosen = Your password is saved and you are signed in.

## Passwords

account-password-title = Password
account-password-current = Current password
account-password-new = New password
account-password-again = The same once more
account-password-rule = At least { $least } characters. A short sentence is easy to remember: spaces and accents are allowed.
account-password-change = Change the password
account-password-consequence = Your other devices will be signed out.
account-password-saved = Your password is changed. Your other devices are signed out.
account-password-forgotten = You no longer know your current password? Get a link to choose another one.
account-password-none = You have no password: you enter by a link received by e-mail. You can choose one.
account-password-link = Get a link to choose a password
account-password-link-sent = An e-mail has just left with a link to choose your password.
account-error-current = This is not your current password. Nothing was changed.
account-error-password-short = This password is too short. Type at least 12 characters.
account-error-password-long = This password is too long. Type fewer than 1,000 characters.
account-error-password-repeated = This password is too easy to guess: it repeats or follows the same characters. Choose another one.
account-error-password-name = This password is too close to your name or username. Choose another one.
account-error-password-differ = The two passwords are different. Type the same one twice.

## My account

account-mine-title = My account
account-mine-lead = You sign in with the username { $identifier }.
account-profile-title = Name and language
account-name-help = This name is written on your certificates.
account-profile-save = Save
account-profile-saved = Your details are saved.
account-sessions-title = Signed-in devices
account-sessions-text = A device stays signed in for 30 days after your last visit. If you do not recognise one, sign out everywhere and change your password.
account-sessions-caption = Devices signed in to your account
account-session-device = Device
account-session-seen = Last visit
account-session-since = Signed in since
account-session-here = This device
account-device-unknown = Unknown device
account-everywhere = Sign out everywhere…
account-everywhere-sentence = Sign out on all devices, this one included?
account-everywhere-consequence = You will have to sign in again on each of them. What you have saved is kept.
account-everywhere-do = Sign out everywhere
account-error-no-address = We have no safe address to write to you. Ask the person in charge of your training.

## Management

account-error-identifier = This username will not do: at least 3 characters, without spaces.
account-error-identifier-taken = Somebody already signs in with this username. Choose another one, such as firstname.lastname.
account-error-state = This account has changed meanwhile. Nothing was overwritten. Open the page again and start over.
account-error-shared = This person also belongs to another space: their account cannot be changed from this one. Nothing was changed.

## E-mails

account-mail-hello = Hello { $name },
account-mail-copy = If the button does not work, copy this address into your browser:
account-mail-sign-in-subject = Your sign-in link – { $space }
account-mail-sign-in-text = Here is your link to sign in to “{ $space }”. It is valid for { $minutes } minutes.
account-mail-sign-in-button = Sign me in
account-mail-sign-in-once = It works once.
account-mail-not-asked = You did not ask for it? Ignore this message: nobody can enter without this link.
account-mail-invitation-subject = Your account is ready – { $space }
account-mail-invitation-text = An account has been opened for you on “{ $space }”.
account-mail-invitation-identifier = Your username: { $identifier }
account-mail-invitation-do = All that is left is to choose a password. This link is valid for { $days } days and works once:
account-mail-invitation-button = Choose my password
account-mail-invitation-late = Too late? Ask for a new link at { $address }/connexion/lien.
account-mail-password-subject = Choose a new password – { $space }
account-mail-password-text = Here is the link you asked for, to choose a new password on “{ $space }”.
account-mail-password-button = Choose a new password
account-mail-password-kept = Your current password stays valid until you choose another one. You did not ask for it? Ignore this message.

account-elsewhere-title = With another account
account-elsewhere-text = If you have linked that account to yours already, or to link it.
account-elsewhere-with = Sign in with { $name }
account-elsewhere-mine = You can sign in here with an account that you have elsewhere, without one more password.
account-elsewhere-manage = See my linked accounts
