"""One module a section of the appendix: flow, balance, follow-up, methods, disclosure, provenance and lists."""
