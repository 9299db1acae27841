"""Friends go together: one invites by a link, and with the last yes all of them are seated, or nobody."""
