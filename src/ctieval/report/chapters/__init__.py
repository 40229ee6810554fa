"""One module a chapter: from a protected evaluation to a section; nothing is estimated, drawn or styled here."""
