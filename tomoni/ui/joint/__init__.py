"""The joint view of one app: what only its page draws, and the review shows again."""
