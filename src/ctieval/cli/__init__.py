"""The command line: arguments in, a library call, rows or files out. No rule of the field lives here."""
