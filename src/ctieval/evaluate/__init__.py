"""The story: from a plan and its data to an ``Evaluation``. Every step is a stage's; nothing is reckoned here."""
