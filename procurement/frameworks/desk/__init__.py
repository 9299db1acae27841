"""The officer's side of frameworks: drawing up, publishing, deciding applications, removing."""
