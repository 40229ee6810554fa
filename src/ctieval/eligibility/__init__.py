"""Who may be drawn: each criterion checked on each person, and the counts. The draw itself is not here."""
