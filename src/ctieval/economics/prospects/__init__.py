"""What the account hands to outlook and decision, and nothing that either of them reckons."""
