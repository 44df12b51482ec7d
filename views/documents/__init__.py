"""The page on which a policy document is reviewed."""
