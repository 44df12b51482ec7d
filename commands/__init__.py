"""Commands of the terminal front door, one file a group; ``cli.py`` puts them together."""
