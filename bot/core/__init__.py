"""The pure core: what the bot understands and says. No input, output, clock or randomness."""
