"""What is known of a public claim of a saving; a trial's own saving is estimated elsewhere."""
