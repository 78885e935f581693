### What people bring: tables and addresses.

## Reading a table

table-error-empty = This table is empty, or has only its line of titles. Choose a file, or paste lines.
table-error-large = This file is too large. Cut it into several.
table-error-rows = This table has too many lines. Cut it into several.
table-error-old = This workbook has the old format of Excel (.xls), or a password. Save it as .xlsx without a password, or as CSV, then send it again.
table-error-ods = This workbook has the format of LibreOffice (.ods). Save it as .xlsx or CSV, then send it again.
table-error-pdf = This file is a PDF. Send the table that it comes from, as .xlsx or CSV.
table-error-hidden = Every sheet of this workbook is hidden. Show the one to be read, save, then send it again.
table-error-unreadable = We cannot read this file. Save it as CSV or .xlsx, then send it again.
table-read-sheet = Sheet that was read: “{ $name }”. The others are not read.
table-read-encoding = This file does not say how its letters are written. They were read as { $name }: check the accents.
table-read-not-kept = Columns that are known, and that the platform does not keep: { $columns }.
table-titles = The first line of the file
table-titles-yes = Holds the titles of the columns
table-titles-no = Is a person already

## Addresses

address-problem-empty = The e-mail address is missing.
address-problem-at = The e-mail address must have a name, an at sign (@) and a domain.
address-problem-ats = The e-mail address has several at signs (@).
address-problem-several = There are several e-mail addresses. Keep one.
address-problem-space = There is a space within the e-mail address.
address-problem-accent = Before the at sign, an e-mail address has no accent and no special letter.
address-problem-sign = The e-mail address has a sign that cannot be there, such as a comma.
address-problem-dots = The e-mail address has a dot too many.
address-problem-long = The e-mail address is too long: 64 characters at most before the at sign.
address-problem-domain = What follows the at sign is no domain, such as example.org.
