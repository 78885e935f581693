// Scripts of the courses pages that help without being needed.
