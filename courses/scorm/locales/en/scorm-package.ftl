# Import of SCORM packages: what is said about a package. One message a code of
# `passerelle_scorm::problem::Code`; variables: `line` and `column` (numbers, 0 where
# unknown) and those that the code lists.

scorm-refused = This package was not imported. Nothing was changed. Here is why:
scorm-unreadable = The server could not read back the file it received. Nothing was changed. Try again; if it happens again, tell the administrator of the platform.
scorm-stopped = The import was stopped as you asked. Nothing was changed.
scorm-severity-refused = Refused
scorm-severity-warning = To check
scorm-severity-note = For information
scorm-where = { $line ->
    [0] imsmanifest.xml
   *[other] imsmanifest.xml, line { $line }
  }

## The archive

scorm-not-a-zip = This file is not a ZIP archive. Choose the package as the authoring tool exports it (“SCORM 1.2” or “SCORM 2004”, a .zip file), without unpacking it.
scorm-zip-truncated = The archive is incomplete: the end of the file is missing. Sending or saving it was probably interrupted. Export or download it again, then start over.
scorm-zip-damaged = The directory of the archive cannot be read. Export the package from the authoring tool again.
scorm-zip-encrypted = The archive is protected by a password (file “{ $path }”). Export it without a password.
scorm-zip-multi-disk = The archive is split into several volumes. Join them into one ZIP file.
scorm-zip-slip = The path “{ $path }” leaves the package (“..”). A sound package has none: ask its author for a new export.
scorm-zip-absolute-path = The path “{ $path }” is absolute (it starts with “/” or with a drive letter). Make the archive again with relative paths.
scorm-zip-backslash = Folders of the archive are separated by backslashes (“{ $path }”). They were read as separators; there is nothing to do.
scorm-zip-control-character = The name “{ $path }” contains a control character or one that reverses the writing direction. Rename this file, then make the archive again.
scorm-zip-empty-name = The archive contains an entry without a name. Export the package from the authoring tool again.
scorm-zip-name-encoding = The name “{ $path }” is announced as UTF-8 and is not. Rename this file without accents, or make the archive again with a recent tool.
scorm-zip-path-too-long = The path “{ $path }” is too long (at most { $limit } bytes). Shorten the names of folders and files.
scorm-zip-path-too-deep = The path “{ $path }” has too many folders (at most { $limit } levels). Bring the file closer to the root.
scorm-zip-special-file = “{ $path }” is not an ordinary file (a symbolic link, a device, or a folder that holds data). Make the archive again with the files themselves.
scorm-zip-duplicate-name = The file “{ $path }” is in the archive twice. Keep only one of them.
scorm-zip-name-collision = “{ $path }” and “{ $other }” differ only by capitals or accents, or one is a file and the other a folder. Some systems confuse them: rename one of the two.
scorm-zip-overlap = In the archive, “{ $path }” and “{ $other }” take up the same place. No authoring tool does that: ask for a new export.
scorm-zip-too-many-files = The archive contains too many files ({ $count }, at most { $limit }). Split the course into several packages, or ask the administrator to raise the limit.
scorm-zip-too-large = Once unpacked, the package exceeds { $limit } MiB. Make videos and images lighter, or ask the administrator to raise the limit.
scorm-zip-ratio = “{ $path }” would grow { $ratio } times when unpacked (at most { $limit } times). Real content does not compress that much: check this file.
scorm-zip-total-ratio = The package would grow { $ratio } times when unpacked (at most { $limit } times). Real content does not compress that much: check where the package comes from.
scorm-zip-method = “{ $path }” is compressed by the method { $method }, which browsers and platforms do not read. Make the archive again with ordinary ZIP compression (“deflate”).
scorm-zip-header-mismatch = The archive contradicts itself about “{ $path }”: its directory and the header of the file differ. Export the package from the authoring tool again.
scorm-zip-content-damaged = The content of “{ $path }” is damaged. Export or download the package again, then start over.
scorm-zip-size-mismatch = “{ $path }” is not of the size that the archive announces. Export the package from the authoring tool again.

## The package

scorm-manifest-missing = The file imsmanifest.xml is missing: this is not a SCORM package. In the authoring tool, choose the “SCORM” export, not “Web” or “HTML”.
scorm-manifest-misplaced = The file imsmanifest.xml is not at the root of the archive but here: “{ $path }”. Compress the content of that folder, and only that.
scorm-inner-package = This archive contains another archive, “{ $path }”, and no manifest. Unpack it once, then import “{ $path }”.
scorm-other-format = This is a { $format } package, not a SCORM package. In the authoring tool, choose the “SCORM 1.2” or “SCORM 2004” export.
scorm-manifest-too-large = The file imsmanifest.xml exceeds { $limit } MiB. Split the course into several packages, or ask the administrator to raise the limit.
scorm-manifest-name-case = The manifest is called “{ $path }”, not imsmanifest.xml. It was read, but other platforms may refuse it: rename it in lower case.
scorm-top-folder = The whole package lies in the folder “{ $folder }”. That folder was taken as the root; there is nothing to do.
scorm-nested-archive = “{ $path }” is an archive inside the package. It is offered as it is and never opened.
scorm-name-guessed = The encoding of the name “{ $path }” is not declared and was guessed. If this name cannot be read, make the archive again with a recent tool.

## The manifest: XML

scorm-manifest-not-well-formed = { scorm-where }: the XML is not well-formed ({ $detail }). Export the package again; if you changed this file by hand, correct that line.
scorm-manifest-encoding = The file imsmanifest.xml cannot be read in the encoding “{ $encoding }”. Save it as UTF-8.
scorm-manifest-encoding-ignored = The file imsmanifest.xml says that it is “{ $encoding }”, but it is UTF-8. It was read as UTF-8; correct its first line for other platforms.
scorm-manifest-dtd = { scorm-where }: there is a document type declaration (DOCTYPE). It is refused for safety: remove it.
scorm-manifest-entity = { scorm-where }: the entity “&{ $name };” is unknown. Put the character itself in its place.
scorm-manifest-too-deep = { scorm-where }: elements are nested more than { $limit } levels deep. Simplify the table of contents.
scorm-manifest-too-many-elements = { scorm-where }: the manifest contains more than { $limit } elements. Split the course into several packages.
scorm-manifest-too-many-attributes = { scorm-where }: an element has more than { $limit } attributes. Export the package from the authoring tool again.
scorm-manifest-value-too-long = { scorm-where }: the value of “{ $name }” is too long (at most { $limit } bytes). Shorten it.
scorm-manifest-undeclared-prefix = { scorm-where }: the prefix “{ $name }” is not declared. It was understood from its name; check the table of contents.

## The manifest: SCORM

scorm-manifest-root = { scorm-where }: the outermost element is “{ $name }”, not “manifest”. This is not the manifest of a SCORM package: export the course as SCORM again.
scorm-unsupported-version = { scorm-where }: the version “{ $version }” is not supported. Export the course as SCORM 1.2 or SCORM 2004 (2nd, 3rd or 4th edition).
scorm-version-guessed = { scorm-where }: the version of SCORM is not given, or not in the right way. The package was read as { $version }; try the course before opening it.
scorm-version-conflict = { scorm-where }: the version given and the namespaces of the manifest contradict each other. The package was read as { $version }; try the course before opening it.
scorm-sub-manifest = { scorm-where }: there is a manifest inside the manifest. It was not read; check that the table of contents is complete.
scorm-no-organization = { scorm-where }: there is no table of contents. One was made from the resources; check order and titles.
scorm-nothing-to-launch = { scorm-where }: the table of contents leads to no content. Export the course from the authoring tool again.
scorm-default-organization = { scorm-where }: the default table of contents, “{ $id }”, does not exist. The first one was taken; check that it is the right one.
scorm-resource-missing = { scorm-where }: the item “{ $item }” points to the resource “{ $id }”, which does not exist. It is shown as not available and is not needed to finish.
scorm-resource-without-href = { scorm-where }: the item “{ $item }” points to the resource “{ $id }”, which has no file to launch. It is shown as not available and is not needed to finish.
scorm-launch-file-missing = { scorm-where }: the file to launch, “{ $path }” (resource “{ $id }”), is not in the package. The item that opens it is shown as not available and is not needed to finish.
scorm-href-outside = { scorm-where }: the address “{ $href }” leads out of the package. The item that opens it is shown as not available and is not needed to finish.
scorm-href-refused = { scorm-where }: the address “{ $href }” cannot open from a course (a script, data or a file of a computer). The item that opens it is shown as not available and is not needed to finish.
scorm-href-external = { scorm-where }: the content “{ $href }” is on another site. It opens in a new tab and is not tracked: it counts as done once it is opened. Prefer content inside the package.
scorm-href-repaired = { scorm-where }: “{ $href }” does not exist under this exact name. The file “{ $path }” was taken; check that it is the right one.
scorm-file-missing = { scorm-where }: the file “{ $path }” is announced but missing from the package. Try the course: an image or a page may be missing.
scorm-dependency-missing = { scorm-where }: a resource depends on “{ $id }”, which does not exist. Try the course: files may be missing.
scorm-dependency-loop = { scorm-where }: the dependencies of the resource “{ $id }” go round in a circle. Export the course from the authoring tool again.
scorm-dependency-too-deep = { scorm-where }: the resource “{ $id }” depends on a chain of more than { $limit } resources. Simplify the dependencies.
scorm-duplicate-item = { scorm-where }: the identifier “{ $id }” names two items of the table of contents. Tracking would confuse them: give each its own.
scorm-duplicate-resource = { scorm-where }: the identifier “{ $id }” names two resources. The first one was taken; check that it is the right one.
scorm-missing-identifier = { scorm-where }: an element “{ $name }” has no identifier. It was given one; do not change the order in a later version of the package, or give it an identifier.
scorm-missing-title = { scorm-where }: the item “{ $id }” has no title. Its identifier is shown instead.
scorm-type-missing = { scorm-where }: it is not said whether the resource “{ $id }” talks to the platform. It was taken for a plain page, without tracking; if it is to be tracked, write “sco”.
scorm-bad-value = { scorm-where }: the value “{ $value }” of “{ $name }” is not valid. It was ignored; correct it if the course depends on it.
scorm-sequencing-missing = { scorm-where }: the sequencing rules “{ $id }” do not exist. The item kept its own.
scorm-sequencing-too-large = { scorm-where }: the shared sequencing rules “{ $id }” are referred to too often. Simplify them, or split the course into several packages.
scorm-sequencing-not-played = This package contains sequencing rules. They are kept but not applied yet: the trainee chooses the order.
scorm-more-problems = { $count ->
    [one] One more problem is not shown.
   *[other] { $count } more problems are not shown.
  }
