"""What the intervention arm was given, described from the activity log; never a control variable, never an effect."""
