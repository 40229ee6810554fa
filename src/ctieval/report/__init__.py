"""Makes the report: protected results become a document model, then a file; nothing is estimated here."""
