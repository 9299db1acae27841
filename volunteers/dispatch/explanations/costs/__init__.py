"""To who answers for the rules: what each limit costs a plan, by solving its week again without it."""
