"""Chapter 5, the economy; the account's own tables and sentences, which other papers share, live beside it."""
