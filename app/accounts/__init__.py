"""Who somebody is and what they may do: accounts, sign-in, second factor, memberships, tokens."""
