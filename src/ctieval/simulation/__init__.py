"""Registers of persons who do not exist, under both arms, with their true effects. Nothing here estimates."""
