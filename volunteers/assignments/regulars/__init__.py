"""A station's regulars: who has come often or was marked, and may sign up before everybody else."""
