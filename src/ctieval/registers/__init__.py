"""TODO registers."""
