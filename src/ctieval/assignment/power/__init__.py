"""What a draw of this size can find out, reckoned and simulated before anybody is drawn; draws live beside."""
