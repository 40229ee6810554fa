"""What the programme and usual services cost by ingredients; what they are worth is reckoned elsewhere."""
