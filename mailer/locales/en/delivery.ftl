### Outgoing mail: what waits, what left, what failed.

delivery-nav = Mail
delivery-outbox-title = Outgoing mail
delivery-outbox-lead = The messages that the service sends, for all spaces. A message that does not leave is tried again by itself for nearly three hours. After that it stays here until you send it again.

delivery-count-failed = Failed
delivery-count-waiting = Waiting
delivery-count-running = Being sent
delivery-count-done = Sent

delivery-failures-caption = Failed messages
delivery-failures-empty-title = No failed message
delivery-failures-empty-text = Everything that had to leave has left, or will be tried again. You have nothing to do.
delivery-failures-more = Only the latest are shown. The others will appear once you have sent these again.
delivery-deferred-caption = Messages that will be tried again
delivery-deferred-text = A first attempt did not work. Nothing is lost: the service tries again at the time shown.

delivery-column-recipient = Recipient
delivery-column-why = Reason
delivery-column-attempts = Attempts
delivery-column-failed-at = Failed on
delivery-column-next = Next attempt
delivery-column-action = Action
delivery-unknown-recipient = Unknown

delivery-why-settings = The mail settings cannot be used. Check them with the person who runs the server.
delivery-why-address = The address is not valid. Correct it on the person’s page; a new message will go to the right address.
delivery-why-message = The message could not be put together. Report it to the person who runs the server.
delivery-why-refused = The mail server refused this message. The address may no longer exist.
delivery-why-deferred = The mail server asks us to wait.
delivery-why-credentials = The mail server did not accept our credentials. Check the settings with the person who runs the server.
delivery-why-unreachable = The mail server did not answer.
delivery-why-folder = The file could not be written. Check the space left on the disk.
delivery-why-other = Something went wrong on our side.

delivery-secret = This message held a personal link: it was not kept. Make the request again, or send the joining instructions again from the group.
delivery-retry = Send again
delivery-retry-all-open = Send all again…
delivery-retry-all-sentence = { $count ->
    [one] Send the message shown again?
   *[other] Send the { $count } messages shown again?
}
delivery-retry-all = { $count ->
    [one] Send this message again
   *[other] Send these { $count } messages again
}
delivery-retried = Back in the queue. Come back in a minute to see the result.
delivery-nothing-to-retry = Nothing was sent again: there was no failure left here. Somebody may have dealt with it already.

## The test message

delivery-test-subject = Mail test
delivery-test-text = If you are reading this, mail leaves as it should. You have nothing to do.

## The folder of mails, on a developer’s machine

delivery-mails-title = Demonstration mail
delivery-mails-lead = None of these messages has left: the service writes them in a folder.
delivery-mails-empty-title = No message
delivery-mails-empty-text = Messages will appear here as soon as the service writes one.
delivery-mail-from = From
delivery-mail-to = To
delivery-mail-reply-to = Reply to
delivery-mail-subject = Subject
delivery-mail-date = Date
delivery-mail-html = Formatted message
delivery-mail-text = Plain-text message
delivery-mail-attachments = Attachments
delivery-mail-headers = Headers

## The signature

delivery-signature-title = DKIM signature
delivery-signature-text = This server signs what it sends. For others to check it, publish this record in the DNS of your domain.
delivery-signature-name = Name
delivery-signature-kind = Type
delivery-signature-record = Value
